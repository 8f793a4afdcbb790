# The completions at work, in the shells they are for.

setup() {
	load common
	data=$abs_top_srcdir/data
	cd "$BATS_TEST_TMPDIR" || return
	touch run.jsonl
}

# Each prints what a shell offers for a line, one a line.
bash_offers() {
	bash --norc --noprofile -c '
		source "$1"
		COMP_LINE=$2 COMP_POINT=${#2}
		_initviz
		printf "%s\n" "${COMPREPLY[@]}"' bash "$data/bash/initviz" "$1"
}
zsh_offers() {
	timeout 300 zsh -f "$BATS_TEST_DIRNAME/complete.zsh" "$data/zsh" "$1"
}
fish_offers() {
	fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$data/fish/initviz.fish" "$1" | cut -f 1
}

# offers LINE WORD...: the words, and (after --) not those.  What comes before the
# last : or = is not for a shell to repeat, or is: both are right.
offers() {
	local line=$1 word wanted=1 list
	shift
	list=$("${shell}_offers" "$line")
	for word; do
		case $word in
		--) wanted=0; continue ;;
		esac
		if grep -qxE -- "(.*[=:])?$word" <<< "$list"; then
			[ "$wanted" -eq 1 ] || { echo "$shell: '$line' offers $word"; return 1; }
		else
			[ "$wanted" -eq 0 ] || { echo "$shell: '$line' does not offer $word, but: $list"; return 1; }
		fi
	done
}

works_in() {
	shell=$1
	command -v "$shell" > /dev/null || skip "$shell is not installed"
	offers 'initviz --resid' --residual
	offers 'initviz --residual ' yes no
	offers 'initviz --residual=' yes no
	offers 'initviz --probe ' batch
	offers 'initviz --weight-seed ' seed
	offers 'initviz --data ' digits mnist fashion run.jsonl
	offers 'initviz -d m' mnist -- digits
	offers 'initviz --replay ' run.jsonl -- mnist
	offers 'initviz --init he_' he_normal he_uniform -- zeros
	offers 'initviz -a keras:' leaky_relu
	offers 'initviz -c ' view compare lr -- digits
	offers 'initviz --command vi' view -- compare
	offers 'initviz --set ' 'init=?' 'scale=?' -- zeros
	offers 'initviz --set init=he_' he_normal -- zeros
	offers 'initviz --set scale=' unit symmetric -- he_normal
	offers 'initviz --format ' json csv
}

@test "the completions work in bash" {
	works_in bash
}

@test "the completions work in zsh" {
	works_in zsh
}

@test "the completions work in fish" {
	works_in fish
}
