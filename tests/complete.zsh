#!/usr/bin/env -S zsh -f
# What zsh offers for a line, one a line: complete.zsh DIRECTORY-OF-COMPLETIONS LINE.
# A second zsh with a terminal of its own presses Tab; its compadd prints what would
# be offered instead of offering it.
zmodload zsh/zpty || exit 77
zpty shell zsh -f -i
setup=$(mktemp)
trap 'rm -f $setup; zpty -d shell' EXIT
cat > $setup <<'SETUP'
PROMPT=
unsetopt zle_bracketed_paste 2> /dev/null
autoload -Uz compinit && compinit -u -D
compadd() {
	local -a offered
	builtin compadd -O offered "$@"
	local each
	for each in $offered; do print -r -- "offered $each"; done
}
finish() { print -r -- "that was all"; exit }
offer() { zle complete-word; }
offer_and_finish() { _main_complete; print -r -- "that was all"; exit }
zle -C offer complete-word offer_and_finish
bindkey '^I' offer
print -r -- "shell is ready"
SETUP
zpty -w shell "fpath=(${(q)1} \$fpath); source ${(q)setup}"
zpty -r -m shell line '*shell is ready*' || exit 77
zpty -w -n shell "$2"$'\t'
output=
while zpty -r shell line; do
	output+=$line
	[[ $line == *"that was all"* ]] && break
done
print -r -- $output | tr -d '\r' | sed -n 's/^.*offered //p'
