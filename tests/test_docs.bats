# Documents: manual, --help and completions agree with the tables; examples run.

setup() {
	load common
	page=$abs_top_srcdir/man/initviz.1 # the program
	pages=("$abs_top_srcdir"/man/*.[1-8]) # and the formats of files
	output=$abs_top_srcdir/man/initviz-output.5 script=$abs_top_srcdir/man/initviz-script.5
	cd "$BATS_TEST_TMPDIR" || return
}

@test "the manual's tables are those of the program (else: make update-docs)" {
	awk '/^\.\\" begin /{ inside = 1 } inside { print } /^\.\\" end /{ inside = 0 }' "${pages[@]}" | sort > page
	"$INITVIZ" --list manual | sort > program
	diff page program
}

@test "the completions and the schema are those of the program (else: make update-docs)" {
	diff "$abs_top_srcdir/data/initviz.schema.json" <("$INITVIZ" --list schema)
	diff "$abs_top_srcdir/data/bash/initviz" <("$INITVIZ" --list completion-bash)
	diff "$abs_top_srcdir/data/zsh/_initviz" <("$INITVIZ" --list completion-zsh)
	diff "$abs_top_srcdir/data/fish/initviz.fish" <("$INITVIZ" --list completion-fish)
}

@test "the manual pages are free of warnings" {
	command -v mandoc > /dev/null || skip "mandoc is not installed"
	mandoc -T lint -W warning "${pages[@]}"
}

@test "the manual's quotes are in pairs, as it is rendered" {
	command -v mandoc > /dev/null || skip "mandoc is not installed"
	export LC_ALL=C.UTF-8
	local file
	for file in "${pages[@]}"; do
		mandoc -T utf8 "$file" | sed 's/.\x08//g' > rendered # without overstrikes
		[ "$(grep -o '‘' rendered | wc -l)" -gt 1 ]
		[ "$(grep -o '‘' rendered | wc -l)" -eq "$(grep -o '’' rendered | wc -l)" ] || { echo "$file"; false; }
	done
}

# sections FILE SECTION...: fails, and names it, where the page lacks a section.
sections() {
	local file=$1 section
	shift
	for section; do
		grep -qx "\.Sh $section" "$file" || { echo "$file: $section"; return 1; }
	done
}

@test "the manual pages have every section" {
	sections "$page" NAME SYNOPSIS DESCRIPTION OPTIONS KEYS COMMANDS LESSONS VERDICTS 'DATA SETS' OUTPUT SWEEPS ENVIRONMENT \
		FILES 'EXIT STATUS' EXAMPLES DIAGNOSTICS 'SEE ALSO' BUGS
	sections "$output" NAME DESCRIPTION 'JSON LINES' 'SAVED RUNS' CSV QUANTITIES 'ROWS OF A SWEEP' 'WEIGHTS AND PROBE' \
		TENSORBOARD 'PICTURES OF THE SCREEN' 'SEE ALSO'
	sections "$script" NAME SYNOPSIS DESCRIPTION COMMANDS CHECKS 'EXIT STATUS' 'SEE ALSO'
	sections "$abs_top_srcdir/man/initviz-lesson.5" NAME DESCRIPTION TESTS 'SEE ALSO'
}

@test "the manual pages name each other, and are installed" {
	local file other name
	for file in "${pages[@]}"; do
		grep -qF "man/${file##*/}" "$abs_top_srcdir/Makefile.am" || { echo "Makefile.am: ${file##*/}"; false; }
		for other in $(sed -n 's/^\.Xr \(initviz[a-z-]*\) \([0-9]\).*/\1.\2/p' "$file" | sort -u); do
			[ -e "$abs_top_srcdir/man/$other" ] || { echo "$file: $other"; false; }
		done
		name=${file##*/}
		[ "$file" = "$page" ] || grep -q "^\.Xr ${name%.*} ${name##*.}" "$page" || { echo "initviz.1: ${file##*/}"; false; }
	done
}

@test "every option of --help is in the manual, and the reverse" {
	"$INITVIZ" --help | grep -oE '^  (-., |    )--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort > help
	grep -oE '^\.It.* Fl -[a-z-]+' "$page" | sed 's/.*Fl /-/' | sort > manual
	diff help manual
	[ "$(wc -l < help)" -gt 30 ]
}

@test "every name of every list is in the manual" {
	local what name
	for what in scenarios initializers activations optimizers views commands palettes formats data-sets quantities; do
		for name in $("$INITVIZ" --list "$what" | sed '/^Columns of csv/,$d' | awk '/^[a-z][^ ]*( |$)/ { print $1 }'); do
			grep -qE "^\.It (Cm|Ic) (.&)?$(sed 's/-/(.)?-/g' <<< "$name")( |\$)" "${pages[@]}" || { echo "$what: $name"; false; }
		done
	done
}

@test "every key of the JSON is in the manual" {
	command -v python3 > /dev/null || skip "python3 is not installed"
	"$INITVIZ" -s 1 -d digits --format json | python3 -c '
import json, sys
def keys(value):
    if isinstance(value, dict):
        for key in value:
            yield key
            if key != "settings":
                yield from keys(value[key])
    if isinstance(value, list):
        for item in value[:1]:
            yield from keys(item)
print("\n".join(sorted({key for key in keys(json.load(sys.stdin)) if not key.isdigit()})))' > keys
	[ "$(wc -l < keys)" -gt 40 ]
	local key
	while read -r key; do
		sed -n '/^\.Sh JSON/,/^\.Sh CSV/p' "$output" | sed 's/\\&//g; s/[.,]//g' | grep -qE "(^| )$key( |\$)" || { echo "$key"; false; }
	done < keys
}

@test "every column of the CSV is listed" {
	"$INITVIZ" --list formats > list
	local column
	for column in $("$INITVIZ" -s 1 -d digits --format csv | head -n 1 | tr ',' ' '); do
		grep -q "^  $column " list || { echo "$column"; false; }
	done
}

@test "the manual's examples run" {
	local line count=0
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAG/s/^\.Dl //p' "$page" > examples
	initviz() { "$INITVIZ" "$@"; } # on the digits, the only data set here
	while read -r line; do
		eval "$line" > out || { echo "$line"; false; }
		count=$((count + 1))
	done < examples
	[ "$count" -ge 5 ]
	[ -s screen.svg ]
	[ -s run.csv ]
}

@test "the manual's script runs" {
	sed -n '/^\.Sh DESC/,/^\.Ed/p' "$script" | sed -n '/^\.Bd/,/^\.Ed/p' | grep -v '^\.' > script
	[ -s script ]
	"$INITVIZ" -d digits --script script
	[ -s after.svg ]
}

@test "--help's examples run" {
	local line
	"$INITVIZ" --help | sed -n '/^Examples:/,/^$/s/^  initviz//p' | sed 's/^ //; s/  .*//' > examples
	while read -r line; do
		eval "\"\$INITVIZ\" $line -n 0 -d digits --headless" > /dev/null || { echo "$line"; false; }
	done < examples
	[ "$(wc -l < examples)" -ge 4 ]
}

@test "bash completes options, their values after a blank and after =" {
	completes() {
		COMP_LINE=$1 COMP_POINT=${#1}
		_initviz
		printf '%s\n' "${COMPREPLY[@]}" | grep -qx -- "$2"
	}
	source "$abs_top_srcdir/data/bash/initviz"
	completes 'initviz --act' --activation
	completes 'initviz -a ta' tanh
	completes 'initviz --activation=ta' tanh
	completes 'initviz -s full_train_he' full_train_he_relu
	completes 'initviz --format ' json
	completes 'initviz --color ne' never
	completes 'initviz -d di' digits
	# the text before a colon is not typed again
	completes 'initviz --init tf1:variance_sc' variance_scaling
	touch some_script
	completes 'initviz --script some' some_script
	if completes 'initviz --lr 0' 0; then false; fi
}

@test "the README's keys and commands are those of the program (else: make update-docs)" {
	local list
	for list in keys commands; do
		awk -v list="$list" '$0 == "<!-- begin " list " -->" { inside = 1; next } $0 == "<!-- end " list " -->" { inside = 0 }
			inside { print }' "$abs_top_srcdir/README.md" | grep -v '^```' > page
		diff page <("$INITVIZ" --list "$list")
		[ "$(wc -l < page)" -gt 50 ]
	done
}

@test "the README's own commands run" {
	local command
	while read -r command; do
		bash -c "${command/initviz/"$INITVIZ"} --headless --steps 0 --data digits --snapshot -" > /dev/null || { echo "$command"; false; }
	done < <(grep -oE '`initviz [^`]*`' "$abs_top_srcdir/README.md" | tr -d '`' | grep -v -- '--snapshot\|--version')
}

# said_by WHERE FORMAT TEXT: fails, and says what to edit, where the text does
# not name the format.
said_by() {
	grep -qE "(^|[^a-z])$2([^a-z]|$)" <<< "$3" || { echo "format $2: name it in $1"; return 1; }
}

@test "--format shows every format; other options and commands leave the list to --list formats" {
	local name help commands
	help=$("$INITVIZ" --help | grep -A1 -E -- '^ +--(format|snapshot) ')
	commands=$("$INITVIZ" --list commands | grep -A1 -E '^(snapshot|save) ')
	for name in $("$INITVIZ" --list formats | sed '/^$/,$d' | awk '/^[a-z]/ { print $1 }'); do
		said_by 'the argument of --format' "$name" "$(grep -e --format <<< "$help")"
	done
	[ -n "$name" ]
	said_by 'the summary of --snapshot in cli_option.c' '--list formats' "$(grep -A1 -e --snapshot <<< "$help")"
	said_by 'the summary of the command snapshot in command_table.c' '--list formats' "$(sed -n '/^snapshot/,/^save/p' <<< "$commands" | tr -s '\n ' ' ')"
	# a list written by hand would get out of date
	for name in $("$INITVIZ" --list formats | sed -n '/^Pictures/,/^$/p' | awk '/^[a-z]/ { print $1 }'); do
		[[ $help$commands != *".$name"* ]]
	done
	[ "$name" = svg ]
}
