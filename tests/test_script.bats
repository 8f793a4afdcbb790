# Scripts: the grammar, what is refused and where, files that include files.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

# script TEXT: runs TEXT (printf escapes) as the script `s` on one small net.
script() {
	printf "$1" > s
	run_apart -s 1 -d digits --layers '*-8-*' --script s
}

@test "comments, blank lines, tabs, CRLF, a byte order mark, no last newline" {
	script '\xef\xbb\xbf# comment\n\n \t\n\tstep 2\r\nexpect step 2 2\n   # more\nexpect step 2 2'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$errors" ]
}

@test "an empty script, and one of comments only" {
	script ''
	[ "$status" -eq 0 ]
	script '# nothing\n#\n'
	[ "$status" -eq 0 ]
}

@test "an unknown command stops the script with file and line" {
	script 'step 1\nstpe 1\nsnapshot after.txt\n'
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:2: "*stpe* ]]
	[ "$(wc -l <<< "$errors")" -eq 1 ]
	[ ! -e after.txt ]
}

@test "bad arguments are refused in their line" {
	local line
	for line in 'step x' 'step -1' 'init nonsense' 'lr nan' 'view nowhere' 'set' 'set a b' 'expect z1.variance 1' \
		'expect nothing 0 1' 'key NoSuchKey' 'scenario 99' 'layer 0'; do
		script "step 1\n$line\n"
		[ "$status" -eq 2 ] || { echo "$line: $status $errors"; false; }
		[[ $errors == "initviz: s:2: "* ]]
	done
}

@test "a setting without a value says what it is now, or that it is not set" {
	run_apart --headless -n 0 -c seed
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: -c 'seed': seed needs a value, it is '1' now: "* ]]
	run_apart --headless -n 0 -c data
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: -c 'data': data needs a value, it is not set now: data SPEC" ]]
}

@test "a failed expectation exits with 1 and prints both numbers" {
	script 'expect step 0 0\nexpect step 1 2\n'
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: s:2: "*step*0*1*2* ]]
}

@test "expect reads the verdict on the net and on a layer" {
	script 'expect verdict.word saturated\nexpect verdict.severity ill\nexpect verdict1.rule saturated\nexpect verdict2.word healthy\n'
	[ "$status" -eq 0 ]
	script 'expect verdict.word healthy\n'
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: s:1: "*"verdict.word"*"'saturated'"*"'healthy'"* ]]
	script 'expect verdict.colour red\n'
	[ "$status" -eq 2 ]
	[[ $errors == *"verdict.word, verdict.severity, verdict.rule"* ]]
	script 'expect verdict9.word healthy\n'
	[ "$status" -eq 2 ]
	[[ $errors == *"layers 1 to 2"* ]]
}

@test "expect reads the cure: whether there is one, and what it changes" {
	script 'expect cure found\nexpect cure init xavier\nexpect cure init glorot_normal\n'
	[ "$status" -eq 0 ]
	script 'scenario full_train_variance\nexpect cure not needed\n'
	[ "$status" -eq 0 ]
	script 'scenario deep_sigmoid_xavier\nexpect cure normalization batch\nexpect cure init xavier\n'
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: s:3: expect cure init: "*normalization=batch* ]]
	script 'expect cure init he\n'
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: s:1: expect cure init: it is 'xavier', not 'he'" ]]
	script 'expect cure none\n'
	[ "$status" -eq 1 ]
	[[ $errors == *"'found', not 'none'"* ]]
	script 'scenario full_train_variance\nexpect cure init xavier\n'
	[ "$status" -eq 1 ]
	[[ $errors == *"'not needed'"* ]]
	local line
	for line in 'cure' 'cure init' 'cure colour red' 'cure init nonsense'; do
		script "expect $line\n"
		[ "$status" -eq 2 ] || { echo "$line: $status $errors"; false; }
	done
}

@test "expect reads the numbers of the map, of the phase plane and of the coordinate check" {
	local grid='depth=1,2 init=xavier,he steps=5' seen
	# the sweep's table, the second row of the two depths: column 2, row 1
	"$INITVIZ" --no-config -s 1 -d digits --layers '*-8-*' --threads 1 --sweep "$grid" > rows.csv
	seen=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "test_accuracy") column = i } NR == 4 { print $column }' rows.csv)
	[ -n "$seen" ]
	script "map $grid\nmap cell 2 1\nexpect map.test_accuracy $seen $seen\nexpect map.test_accuracy 2 3\n"
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: s:4: expect map.test_accuracy: "*"not within 2..3" ]]
	# a linear net: chi is sigma_w^2
	script 'activation linear\nphase 0.5 0.3\nexpect phase.chi 0.2499 0.2501\nexpect phase.sigma_b 0.3 0.3\nexpect phase.depth_scale 0.72 0.722\n'
	[ "$status" -eq 0 ]
	# the slopes that --coordinates prints
	"$INITVIZ" --no-config -s 1 -d digits --layers '*-8-*' --threads 1 --format csv --coordinates 'width=16,32 seed=1' > slopes.csv
	seen=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "change_slope") column = i } $1 == "mup" && $2 == 5 && $3 == 2 { print $column; exit }' slopes.csv)
	[ -n "$seen" ]
	script "coordinates width=16,32 seed=1\nexpect coordinates.mup.change2 $seen $seen\nexpect coordinates.own.size9 0 1\n"
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:3: expect coordinates.own.size9: its nets have the layers 1 to "* ]]
	script 'expect map.loss 0 1\n'
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: s:1: expect map.loss: there is no map yet"* ]]
	script 'expect phase.colour 0 1\n'
	[ "$status" -eq 2 ]
	[[ $errors == *"choose from sigma_w, sigma_b, q, chi"* ]]
}

@test "bytes that are no text" {
	script 'step 1\nstep\0 1\n'
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:2: "*NUL* ]]
	script 'step 1\n# \xff\n'
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:2: "*UTF-8* ]]
	script '# \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 are\n'
	[ "$status" -eq 0 ]
}

@test "a line of 4096 bytes is read, a longer one refused" {
	local line
	line=$(printf '%4095s' '')
	printf '#%s\nexpect step 0 0\n' "$line" > s
	run_apart -s 1 -d digits --script s
	[ "$status" -eq 0 ]
	printf '\n# %s\n' "$line" > s
	run_apart -s 1 -d digits --script s
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:2: "*4096* ]]
	head -c 1000000 /dev/zero | tr '\0' x > s
	run_apart -s 1 -d digits --script s
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:1: "* ]]
}

@test "scripts that cannot be read" {
	run_apart --script missing
	[ "$status" -eq 2 ]
	[[ $errors == *missing* ]]
	run_apart --script .
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: script .: is a directory: "* ]]
	run_apart --script /dev/zero
	[ "$status" -eq 2 ]
	run_apart --script $'\e]0;x'
	[ "$status" -eq 2 ]
	[[ $errors == *'\x1b]0;x'* ]]
}

@test "a script may be a pipe; one that nothing writes to is given up after 2 seconds" {
	mkfifo pipe
	(sleep 0.3; printf 'expect step 0 0\n'; sleep 0.3; printf 'expect step 1 1\n') > pipe &
	run_apart -s 1 -d digits --script pipe
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: pipe:2: "* ]]
	run_apart -s 1 -d digits --script <(sleep 0.3; printf 'expect step 0 0\n'; sleep 0.3; printf 'expect step 1 1\n')
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: /dev/fd/"*":2: "* ]]
	run_apart -s 1 -d digits --script <(:)
	[ "$status" -eq 0 ]
	run_apart -s 1 -d digits --script /dev/stdin < <(sleep 0.3; printf 'expect step 1 1\n')
	[ "$status" -eq 1 ]
	printf 'source pipe\n' > outer
	for words in "--script pipe" "--script outer" "--lesson $PWD/pipe"; do
		# limited, because what is tested is that nothing waits without end
		run --separate-stderr timeout 300 "$INITVIZ" --headless -s 1 -d digits $words
		[ "$status" -eq 2 ]
		[[ $stderr == *"pipe: is a pipe, and nothing writes to it: give a file"* ]]
	done
}

@test "standard input is a script too" {
	run_apart -s 1 -d digits --script - <<< 'expect step 0 0'
	[ "$status" -eq 0 ]
	run_apart -s 1 -d digits --script - <<< 'expect step 1 1'
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: standard input:1: "* ]]
}

@test "source: another file, relative to the script that names it" {
	mkdir sub
	printf 'step 1\nsource inner\n' > sub/outer
	printf 'step 1\n' > sub/inner
	script 'source sub/outer\nexpect step 2 2\n'
	[ "$status" -eq 0 ]
	printf 'step 1\nnonsense\n' > sub/inner
	script 'source sub/outer\n'
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: sub/inner:2: "* ]]
	script 'step 1\nsource missing\n'
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:2: "*missing* ]]
	script 'source\n'
	[ "$status" -eq 2 ]
}

@test "a script that sources itself ends at 16 deep" {
	script 'source s\n'
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s:1: "*16* ]]
	local i
	for i in $(seq 1 15); do
		echo "source d$((i + 1))" > "d$i"
	done
	echo 'expect step 0 0' > d16
	run_apart -s 1 -d digits --script d1
	[ "$status" -eq 0 ]
}

@test "nothing is written over the script" {
	local text='snapshot s.txt\nexpect step 1 1\n'
	printf "$text" > s.txt
	ln s.txt other.txt
	run_apart -s 1 -d digits --script s.txt
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: s.txt:1: s.txt: is read by this run"* ]]
	run_apart -s 1 -d digits --script other.txt --output s.txt
	[ "$status" -eq 2 ]
	run_apart -s 1 -d digits --script other.txt --snapshot s.txt
	[ "$status" -eq 2 ]
	[ "$(cat s.txt)" = "$(printf "$text")" ]
}

@test "quit ends a script as done" {
	script 'quit\nnonsense\n'
	[ "$status" -eq 0 ]
}

@test "snapshot - prints the screen; --format prints observations too" {
	script 'snapshot -\n'
	[ "$status" -eq 0 ]
	[[ $output == *sigmoid*'adam 0.001'* ]]
	[ "$(wc -l <<< "$output")" -le 24 ]
	printf 'step 2\n' > s
	run_apart -s 1 -d digits --every 1 --script s --format json
	[ "$status" -eq 0 ]
	json '[o["step"] for o in objects] == [0, 1, 2]'
}

@test "keys and commands do the same" {
	script 'step 10\nsnapshot commands.txt\n'
	[ "$status" -eq 0 ]
	script 'key >\nsnapshot keys.txt\n'
	[ "$status" -eq 0 ]
	diff commands.txt keys.txt
}

@test "going back and changing something gives the bits of a run changed there" {
	script 'every 10\nstep 20\nlr 0.01\nstep 10\nbatch 7\nact relu\nstep 10\nsave straight.jsonl\n'
	[ "$status" -eq 0 ]
	script 'every 10\nstep 20\nlr 0.01\nstep 25\nscale 1 3\nstep 5\ngo 30\nbatch 7\nact relu\nstep 10\nsave back.jsonl\n'
	[ "$status" -eq 0 ]
	cmp straight.jsonl back.jsonl
}

@test "-c lines do what a script's do, and come before it" {
	script 'every 10\nstep 20\nlr 0.01\nscale 2 2\nstep 20\ngo 20\nlayer 2\nsnapshot script.txt\n'
	[ "$status" -eq 0 ]
	run_apart -s 1 -d digits --layers '*-8-*' --snapshot lines.txt -c 'every 10' -c 'step 20' -c 'lr 0.01' -c 'scale 2 2' \
		-c 'step 20' -c 'go 20' -c 'layer 2'
	[ "$status" -eq 0 ]
	cmp script.txt lines.txt
	echo 'expect step 3 3' > s
	run_apart -s 1 -d digits --layers '*-8-*' -c 'step 3' --script s
	[ "$status" -eq 0 ]
	run_apart -s 1 -d digits --layers '*-8-*' --headless -c 'step 3' -c 'stpe 3'
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: -c 'stpe 3': "*step* ]]
}

@test "the phase view's cursor moves by keys, and Enter starts the net there, which one undo takes back" {
	script 'activation tanh\nstep 3\nkey E\nphase 1.4 0.25\nkey Right Right Up Enter\nrecreate\nsave new.jsonl\nundo\nsave old.jsonl\n'
	[ "$status" -eq 0 ]
	grep -q 'normal(sd=1.5/sqrt(fan_in))' new.jsonl
	grep -q 'normal(sd=0.3)' new.jsonl
	run grep -c 'sqrt(fan_in)' old.jsonl
	[ "$output" = 0 ]
	[ "$(grep -c '"step":3' old.jsonl)" -ge 1 ]
	script 'activation tanh\nview phase\nphase 5 0\n'
	[ "$status" -eq 2 ]
	[[ $errors == *'outside of the plane'*'0 to 4'* ]]
	script 'view phase\nphase here\n'
	[ "$status" -eq 2 ]
}

@test "zoom: the axis shows that part of its range, with the share beyond" {
	local whole part
	net() { run_apart -s 1 -d digits --layers '*-100-100-*' --init 'normal(0,1)' -n 0 -c 'view layer' -c 'layer 2' "$@" --snapshot - --size 80x24; }
	net
	[ "$status" -eq 0 ]
	whole=$(grep -o -e '-[0-9.]* ━.*━ [0-9.]*' <<< "$output")
	[[ $whole == '-50 '*' 50' ]]
	[[ $output != *beyond* ]]
	net -c 'zoom 4'
	[[ $output == *'zoom ×4'* ]]
	[[ $output == *'% beyond'* ]]
	part=$(grep -o -e '-[0-9.]* ━.*━ [0-9.]*' <<< "$output")
	[[ $part == '-12.5 '*' 12.5' ]]
	net -c 'key z' -c 'key z' -c 'key b' -c 'zoom whole'
	[ "$(grep -o -e '-[0-9.]* ━.*━ [0-9.]*' <<< "$output")" = "$whole" ]
}

@test "J shows singular values; again, the other kind of weights beside them; once more, nothing else" {
	isometry() {
		"$INITVIZ" --headless -n 0 -d digits -a tanh --width 20 --depth 2 --init "$1" --probe 50 --size 120x30 --ascii --snapshot - "${@:2}"
	}
	isometry lecun_normal -c 'key J' > one
	isometry lecun_normal -c 'view isometry' | cmp - one
	isometry lecun_normal -c 'key J J' > two
	isometry lecun_normal -c 'isometry' -c 'isometry' | cmp - two
	isometry lecun_normal -c 'view isometry' -c 'isometry beside' | cmp - two
	isometry lecun_normal -c 'key J Tab' > other
	run ! cmp -s one other
	grep -q '^A lecun_normal  *B orthogonal$' two
	run ! grep -q orthogonal one
	condition() { sed -n 's/^ *to layer 2: condition \([0-9.]*\) .* condition \([0-9.]*\)$/\1 \2/p' two; }
	condition | awk '{ exit !($1 > 4 * $2 && $2 > 1) }'
	isometry lecun_normal -c 'key J J J' | sed 's/^ B is .*//' > three
	sed 's/^ B is .*//' two | cmp - three
	# beside orthogonal weights, normal ones
	isometry orthogonal -c 'key J J' > two
	grep -q '^A orthogonal  *B normal(' two
	condition | awk '{ exit !($2 > 4 * $1 && $1 > 1) }'
}
