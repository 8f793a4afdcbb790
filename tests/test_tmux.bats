# The screen as a terminal really shows it, and job control, under tmux.

setup() {
	load common
	command -v tmux > /dev/null || skip "tmux is not installed"
	export LC_ALL=C.UTF-8
	cd "$BATS_TEST_TMPDIR"
	on_server new-session -d -x 80 -y 24 "env PS1='prompt> ' bash --norc --noprofile -i" 2> /dev/null ||
		skip "tmux does not start"
	until_screen 'prompt>'
}

teardown() {
	on_server kill-server 2> /dev/null || true
}

on_server() {
	tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@"
}

# What is seen, without blanks at the ends of lines.
screen() {
	on_server capture-pane -p | sed 's/ *$//'
}

# until_screen REGEX: waits until a line of the screen matches.
until_screen() {
	local end=$((SECONDS + 300)) # patience for a busy machine
	while [ $SECONDS -lt $end ]; do
		if screen | grep -qE -- "$1"; then
			return 0
		fi
		sleep 0.05
	done
	echo "never seen: $1"
	screen
	return 1
}

not_seen() {
	if screen | grep -E -- "$1"; then
		return 1
	fi
}

keys() {
	on_server send-keys "$@"
}

start() {
	keys "'$INITVIZ' $*" Enter
	until_screen '\? help'
	until_screen 'step +0'
}

# What is seen once it has not changed for half a second.
settled() {
	local now last= same=0 # for half a second: a busy program answers late
	for _ in $(seq 100); do
		now=$(screen)
		[ "$now" = "$last" ] && same=$((same + 1)) || same=0
		[ "$same" -eq 5 ] && break
		last=$now
		sleep 0.1
	done
	echo "$now"
}

# shows LINE...: the screen is that of a script of these lines.  A message is
# taken away before.
shows() {
	keys Escape
	printf '%s\n' "$@" "snapshot expected.txt" > script
	"$INITVIZ" --unicode --script script
	sed -i 's/ *$//' expected.txt
	local end=$((SECONDS + 300))
	until diff <(settled) expected.txt > difference; do
		[ $SECONDS -lt $end ] || { cat difference; return 1; }
	done
}

@test "the screen equals the headless text of the same script" {
	start
	shows "# step 0"
	keys Down . .
	until_screen 'step +2'
	shows "key Down" "key ." "key ."
	keys 7
	until_screen 'he.*relu.*step +0'
	shows "key Down" "key ." "key ." "key 7"
}

@test "Ctrl-Z and fg, again and again" {
	start
	keys Space
	local i
	for i in 1 2 3 4 5; do
		keys C-z
		until_screen 'Stopped'
		screen | grep -q 'prompt>'
		not_seen '\? help'
		keys fg Enter
		until_screen '\? help'
	done
	keys q
	until_screen 'prompt>'
	not_seen '\? help'
}

@test "bg stops it again; it comes back in another size" {
	start
	keys C-z
	until_screen 'Stopped'
	# the line of the first stop is still on the screen
	keys 'bg; until jobs | grep -q Stopped; do sleep 0.05; done; echo asleep' Enter
	until_screen '^asleep'
	on_server resize-window -x 100 -y 30
	keys fg Enter
	until_screen '\? help'
	[ "$(settled | wc -l)" -eq 30 ]
	settled | tail -1 | grep -q '? help'
	keys q
	until_screen 'prompt>'
}

@test "killed while stopped, the shell keeps its terminal" {
	start
	keys C-z
	until_screen 'Stopped'
	keys 'kill %1' Enter
	local i
	for ((i = 0; i < 50; i++)); do # the shell reports it before its next prompt only
		keys Enter
		sleep 0.1
		! settled | grep -q 'Terminated' || break
	done
	until_screen 'Terminated'
	keys 'echo al''ive' Enter
	until_screen '^alive'
}

@test "stopped from outside, continued and repainted" {
	start
	local before
	before=$(settled)
	signal_program STOP
	until_screen 'Stopped'
	keys 'fg' Enter
	until_screen '\? help'
	diff <(settled) <(echo "$before")
	keys q
	until_screen 'prompt>'
}

# signal_program SIGNAL: to the program that the shell of the pane has started.
signal_program() {
	local shell child
	shell=$(on_server display-message -p '#{pane_pid}')
	child=$(ps -o pid= --ppid "$shell")
	kill -s "$1" $child
}

@test "after a change of size nothing old is left" {
	start
	keys C-l # the hint of the lessons is shown until the first key
	settled > /dev/null
	on_server resize-window -x 132 -y 50
	until_screen '\? help'
	settled > /dev/null
	on_server resize-window -x 60 -y 20
	local seen
	seen=$(settled)
	keys C-l
	diff <(echo "$seen") <(settled)
	on_server resize-window -x 30 -y 8
	settled > /dev/null
	on_server resize-window -x 80 -y 24
	shows ""
}

@test "LINES and COLUMNS of another size change nothing" {
	local size
	for size in 'LINES=12 COLUMNS=60' 'LINES=60 COLUMNS=200'; do
		keys "env $size '$INITVIZ'" Enter
		until_screen 'step +0'
		keys Tab
		until_screen 'layer 1 of 3'
		shows "view layer"
		keys q
		until_screen 'prompt>'
	done
}

@test "the former content of the terminal is restored afterwards" {
	keys 'echo re''member' Enter
	until_screen '^remember'
	start
	keys q
	until_screen '^prompt>$'
	until_screen '^remember'
	not_seen '\? help'
	keys 'stty -a | grep -o "[-]*\\becho\\b"' Enter
	until_screen '^echo$'
}

@test "where no MNIST is found one whole line says how to get it, and nothing where data are named" {
	start
	until_screen '^ no MNIST found, these are built-in digits; to get it: initviz --fetch mnist$'
	keys q
	until_screen 'prompt>'
	start -d digits
	not_seen 'fetch mnist'
}
