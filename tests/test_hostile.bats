# T14 Names with control characters, C1, bidi overrides and quotes, in files,
# folders, words and lines: no output has them raw.

setup() {
	load common
	command -v python3 > /dev/null || skip "python3 is not installed"
	cd "$BATS_TEST_TMPDIR" || return
	name=$'evil --seed 5 \e]0;title\a\x9b31m\xc2\x9b31m\u202e\r\t\n\x7f\\it'"'s"
	mkdir "$name"
	python3 - "$name" <<-'P'
	import os, struct, sys
	for file, count, rank in (("train-images-idx3", 24, 3), ("train-labels-idx1", 24, 1), ("t10k-images-idx3", 10, 3), ("t10k-labels-idx1", 10, 1)):
	    header = bytes([0, 0, 8, rank]) + struct.pack(">I", count) + (struct.pack(">II", 4, 4) if rank == 3 else b"")
	    values = bytes(i * 37 % 256 for i in range(16 * count)) if rank == 3 else bytes(i % 10 for i in range(count))
	    with open(os.path.join(sys.argv[1], file + "-ubyte"), "wb") as out:
	        out.write(header + values)
	P
	tiny=(-d "$name" --layers '*-4-*' -n 2 -b 4 --probe 8)
}

# clean FILE...: text in UTF-8 that controls nothing (SGR is allowed in .ans).
clean() {
	python3 - "$@" <<-'P'
	import re, sys, unicodedata
	for path in sys.argv[1:]:
	    raw = open(path, "rb").read()
	    assert raw, path + ": is empty"
	    if path.endswith(".ans"):
	        raw = re.sub(rb"\x1b\[[0-9;]*m", b"", raw)
	    for c in raw.decode():
	        if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp"):
	            sys.exit("%s: U+%04X is raw in %r" % (path, ord(c), raw[:400]))
	P
}

# all ARGUMENT...: standard output and error together, in the file `out`.
all() {
	"$INITVIZ" "$@" > out 2>&1 < /dev/null || true
}

@test "T14 the check itself finds a control character, C1 and a bidi override" {
	for bytes in '\x1b[31m' '\xc2\x9b' '\xe2\x80\xae' '\x9b'; do
		printf "a${bytes}b" > bad
		run ! clean bad
	done
	printf 'a\e[31mb' > good.ans
	clean good.ans
}

@test "T14 observations and runs in every format" {
	local format
	for format in text json csv; do
		"$INITVIZ" "${tiny[@]}" --headless --format "$format" > "out.$format" 2> errors
		[ ! -s errors ] || clean errors
		clean "out.$format"
		printf 'step 2\nsave %s\n' "saved.$format" > script
		all "${tiny[@]}" --script script
		clean "saved.$format"
	done
	cp -r "$name" $'utf\xc2\x9b8\u202e'
	"$INITVIZ" "${tiny[@]}" -d $'utf\xc2\x9b8\u202e' --format json > out.json
	clean out.json
	"$INITVIZ" "${tiny[@]}" -d $'utf\xc2\x9b8\u202e' --headless --record utf.jsonl > out.text
	clean utf.jsonl out.text
	"$INITVIZ" --headless --replay utf.jsonl --format text > again.text
	cmp out.text again.text
	"$INITVIZ" "${tiny[@]}" --headless --record run.jsonl > /dev/null
	clean run.jsonl
	all --replay run.jsonl --headless --format text
	clean out
}

@test "T14 the first line of text recreates the run in bash" {
	local before command
	before=$("$INITVIZ" "${tiny[@]}" --headless)
	command=$(sed -n '1s/^# initviz//p' <<< "$before")
	[ "$(eval "\"\$INITVIZ\" $command --headless")" = "$before" ]
}

@test "T14 pictures of every view, panel, help, prompt and report" {
	local view suffix
	for view in $("$INITVIZ" --list views | sed -n 's/^\([a-z]*\) .*/\1/p'); do
		printf 'view %s\nsnapshot %s.txt\nkey ?\nsnapshot %s-help.txt\nkey ?\n' "$view" "$view" "$view"
		printf 'recreate\nsnapshot %s-recreate.txt\n' "$view"
		printf 'settings data\nsnapshot %s-panel.txt\nsettings\n' "$view"
	done > script
	all "${tiny[@]}" --script script --size 100x30
	[ ! -s out ] || cat out
	[ "$(find . -name '*-panel.txt' | wc -l)" -ge 6 ]
	clean ./*.txt
	for suffix in txt ans svg; do
		LC_ALL=C.UTF-8 all "${tiny[@]}" -c 'compare init=he_normal' -c recreate --snapshot "screen.$suffix"
		clean "screen.$suffix"
	done
}

@test "T14 the line mode: words, recreate, errors" {
	printf 'step 1\nrecreate\ndata \e[31mx\x9b\n\e[31m\nsave \e[31m/x\nsnapshot \e.svg\ninit \e\n?\n' |
		"$INITVIZ" --linear "${tiny[@]}" -c $'note \e[31m' > out 2>&1 || true
	grep -q 'x1b' out
	clean out
}

@test "T14 messages about every kind of word and file" {
	local evil=$'\e]0;t\a\x9b\u202e' option
	touch "$evil"
	mkdir -p config/initviz
	for option in data init activation layers optimizer lr seed steps batch set scenario format list palette size color \
		timeout probe report normalization; do
		all "--$option=$evil" --headless
		clean out
	done
	for option in script replay output snapshot record data; do
		all "--$option=$evil/missing" --headless -n 1
		clean out
		all "--$option=$evil" --headless -n 1
		[ ! -s out ] || clean out
		all "--$option=." --headless -n 1
		clean out
	done
	all "--$evil"
	clean out
	all "$evil"
	clean out
	all "-$evil"
	clean out
	all --headless -d digits -c "$evil"
	clean out
	printf 'step 1\n%s\n' "$evil" > "$evil"
	all --headless -d digits --script "$evil"
	clean out
	printf 'source %s\n' "$evil" > script
	all --headless -d digits --script script
	clean out
	printf '%s\n' "$evil" > config/initviz/config
	XDG_CONFIG_HOME=$PWD/config all --linear "${tiny[@]}"
	clean out
	printf '{"schema":"initviz-run/1","\e":1}\n' > "$evil"
	all --replay "$evil" --headless
	clean out
	rm "$name"/train-labels*
	all "${tiny[@]}" --headless
	clean out
}

@test "T14 help, lists and the report" {
	local list
	all --help
	clean out
	all --version
	clean out
	for list in initializers activations optimizers settings scenarios views commands palettes formats; do
		all --list "$list"
		clean out
	done
	mkdir "$name/sub"
	all --report article -d "$name/sub"
	clean out
}
