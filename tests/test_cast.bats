# --cast: recordings of the screen.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
	cat > script <<-'S'
	hold 0.5
	step 5
	view depth
	hold 0
	step 5
	hold 2.25
	view layer
	S
}

record() { # record FILE [OPTION...]
	local file=$1
	shift
	"$INITVIZ" -d digits --script script --cast "$file" "$@"
}

# The screen that a terminal shows after the first N events of a recording.
replayed() { # replayed FILE N
	command -v tmux > /dev/null || skip "tmux is not installed"
	command -v python3 > /dev/null || skip "python3 is not installed"
	cat > play.py <<-'P'
	import json, sys, tty
	tty.setcbreak(0)
	lines = open(sys.argv[1], encoding="utf-8").read().splitlines()[1:]
	for line in lines[: int(sys.argv[2])]:
	    sys.stdout.buffer.write(json.loads(line)[2].encode())
	sys.stdout.buffer.write(b"\x1b[5n")  # answered when all before it is on the screen
	sys.stdout.flush()
	while sys.stdin.read(1) != "n":
	    pass
	open("played", "w").close()
	sys.stdin.read(1)
	P
	rm -f played
	local tmux=(env -u TMUX LC_ALL=C.UTF-8 tmux -S "server$2" -f /dev/null) # a server of its own: the last one may still be ending
	"${tmux[@]}" new-session -d -x 80 -y 24 "python3 play.py '$1' $2" 3>&-
	comes [ -e played ]
	"${tmux[@]}" capture-pane -p
	"${tmux[@]}" kill-server
}

# comes COMMAND...: waits until the command is true.
comes() {
	local end=$((SECONDS + 300)) # patience for a busy machine
	until "$@"; do
		[ $SECONDS -lt $end ] || { echo "never: $*"; return 1; }
		sleep 0.05
	done
}

@test "an asciicast is lines of JSON whose times are those that the script states, the same on any number of threads" {
	record one.cast --threads 1
	record two.cast --threads 4
	cmp one.cast two.cast
	output=$(cat one.cast)
	json 'objects[0] == {"version": 2, "width": 80, "height": 24, "title": "initviz", "env": {"TERM": "xterm-256color"}}'
	# 0: the start, 1 s; 1: `hold`, nothing changes; 1.5: step 5; 2: depth; 2.5: hold 2.25, after step 5; 4.75: layer; 7: the end
	json "[e[0] for e in objects[1:]] == [0, 1.5, 2, 2.5, 4.75, 7]"
	json 'objects[-1] == [7.0, "o", ""]'
	json 'all(e[1] == "o" for e in objects[1:])'
}

@test "a terminal that is sent the recording shows each screen as --snapshot writes it" {
	local lines=(1 2 3 7) i
	record all.cast --unicode
	for i in 0 1 2; do # the screens after the start, step 5, depth
		head -n "${lines[i]}" script > part
		LC_ALL=C.UTF-8 "$INITVIZ" -d digits --unicode --script part --snapshot expected.txt
		replayed all.cast $((i + 1)) > shown.txt
		diff expected.txt shown.txt
	done
	LC_ALL=C.UTF-8 "$INITVIZ" -d digits --unicode --script script --snapshot expected.txt
	replayed all.cast 100 > shown.txt
	diff expected.txt shown.txt
}

@test "a run without a script is recorded at its observations" {
	"$INITVIZ" --headless -d digits -n 120 --cast run.cast
	output=$(cat run.cast)
	json '[e[0] for e in objects[1:]] == [0, 1, 2, 3, 4]' # steps 0, 50, 100, 120, and the end
}

@test "an animated picture is XML, shows its first frame where nothing moves, and the others in turn" {
	record film.svg --unicode
	"$INITVIZ" -d digits --unicode -n 0 --snapshot still.svg
	python3 - <<-'P' || { command -v python3 > /dev/null || skip "python3 is not installed"; false; }
	import re, xml.dom.minidom
	def shapes(name):
	    def walk(node):
	        for child in node.childNodes:
	            if child.nodeType != 1 or child.getAttribute("visibility") == "hidden" or child.tagName == "style":
	                continue
	            if child.tagName in ("rect", "text"):
	                yield child.toxml()
	            yield from walk(child)
	    return sorted(walk(xml.dom.minidom.parse(name).documentElement))
	assert shapes("film.svg") == shapes("still.svg")
	text = open("film.svg").read()
	rules = set(re.findall(r"@keyframes (\S+?)\{", text))
	assert len(rules) > 3 and rules == set(re.findall(r'<g class="(\S+?)"', text))
	assert set(re.findall(r" (\d+\.\d+)s steps\(1,end\) infinite", text)) == {"7.000"}
	P
	if command -v rsvg-convert > /dev/null; then rsvg-convert film.svg -o film.png; fi
}

@test "a recording is written whole or not at all, and bad names and numbers are refused" {
	run_apart -d digits --script script --cast film.gif
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: film.gif: no format of recordings has this suffix: choose from .cast, .svg"* ]]
	echo 'expect loss 0 0.001' >> script
	echo before > old.cast
	run_apart -d digits --script script --cast old.cast
	[ "$status" -eq 1 ]
	[ "$(cat old.cast)" = before ]
	run_apart -d digits --script script --cast none.svg
	[ "$status" -eq 1 ]
	[ ! -e none.svg ]
	run_apart -d digits -n 0 --headless --cast nowhere/film.cast
	[ "$status" -eq 4 ]
	for bad in -1 nan x 4000; do
		run_apart --headless -d digits -n 0 -c "hold $bad"
		[ "$status" -eq 2 ]
		[[ $errors == *"hold: '$bad' is not valid: give seconds from 0 to 3600" ]]
	done
	[ -z "$(ls -A | grep initviz-)" ]
}

@test "the screen of a session at a terminal is recorded as it was, with its sizes" {
	command -v tmux > /dev/null || skip "tmux is not installed"
	local tmux=(env -u TMUX LC_ALL=C.UTF-8 tmux -S server -f /dev/null)
	shows() { "${tmux[@]}" capture-pane -p | grep -q "$1"; }
	fills() { "${tmux[@]}" capture-pane -p | sed -n 30p | grep -q '? help'; }
	"${tmux[@]}" new-session -d -x 80 -y 24 "LC_ALL=C.UTF-8 '$INITVIZ' -d digits --cast live.cast -c 'step 3'; echo \$? > status" 3>&-
	comes shows 'step  *3'
	sleep 1
	"${tmux[@]}" resize-window -x 100 -y 30
	comes fills
	[ ! -e live.cast ] # not before the end
	"${tmux[@]}" send-keys q
	comes [ -s status ]
	"${tmux[@]}" kill-server 2> /dev/null || true
	[ "$(cat status)" -eq 0 ]
	output=$(cat live.cast)
	json 'objects[0]["width"] == 80 and objects[0]["height"] == 24'
	json '[e[2] for e in objects[1:] if e[1] == "r"] == ["100x30"]'
	json 'all(a[0] <= b[0] for a, b in zip(objects[1:], objects[2:])) and objects[-1][0] >= 1'
}
