# Sweeps: a row per net, the same bytes whatever the threads, the pieces and the interruptions.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR"
}

GRID='init=normal(0,0.1),he activation=tanh,relu depth=1,2 seed=1..5'
small=(-n 3 -b 5 --width 6 --probe 20 -d digits)

sweep() {
	"$INITVIZ" "${small[@]}" --sweep "$GRID" "$@"
}

@test "rows come in the grid's order, the same for any number of threads" {
	sweep --threads 1 > one
	sweep --threads 3 > three
	cmp one three
	[ "$(wc -l < one)" -eq 41 ]
	[ "$(cut -d, -f1 < one | tail -n +2)" = "$(seq 40)" ]
	[[ "$(sed -n 2p one)" == '1,"normal(0,0.1)",tanh,1,1,'* ]]
	[[ "$(sed -n 41p one)" == '40,he,relu,2,5,'* ]]
}

@test "a row has the numbers of the last observation of a run of that net alone" {
	command -v python3 > /dev/null || skip "python3 is not installed"
	"$INITVIZ" "${small[@]}" --sweep 'activation=relu,sigmoid depth=1,3' --format json > rows
	python3 - "$INITVIZ" <<-'P'
	import json, shlex, subprocess, sys
	for line in open('rows'):
	    row = json.loads(line)
	    run = subprocess.run([sys.argv[1]] + shlex.split(row['command'])[1:] + ['--format', 'json'], capture_output=True, text=True, check=True)
	    last = json.loads(run.stdout.splitlines()[-1])
	    hidden = last['layers'][:-1]
	    factor = lambda tensor, a, b: hidden[a][tensor]['mean_square'] / hidden[b][tensor]['mean_square'] if len(hidden) > 1 else None
	    wanted = {'loss': last['loss'], 'train_accuracy': last['train_accuracy'], 'test_accuracy': last['test_accuracy'],
	              'saturated1': hidden[0]['saturated'], 'verdict': last['verdict']['word'] if isinstance(last['verdict'], dict) else last['verdict'],
	              'gradient_factor': factor('delta', 0, -1), 'signal_factor': factor('z', -1, 0), 'diverged_step': None}
	    for key, value in wanted.items():
	        assert row[key] == value, (row['command'], key, row[key], value)
	P
}

@test "a sweep that is killed goes on where it was, to the same bytes" {
	sweep > whole
	for i in 1 2 3 4 5; do
		"$INITVIZ" "${small[@]}" --sweep "$GRID" -o parts & pid=$!
		before=$(cat parts 2> /dev/null | wc -l)
		for ((wait = 0; wait < 200; wait++)); do
			[ "$(cat parts 2> /dev/null | wc -l)" -gt $((before + 3)) ] && break
			sleep 0.02
		done
		kill -9 $pid || true
		wait $pid || true
	done
	sweep -o parts
	cmp whole parts
}

@test "a row cut off anywhere, in csv or json, is trained again; a whole file is left alone" {
	for format in csv json; do
		sweep --format $format > whole
		size=$(stat -c %s whole)
		for cut in 1 $((size / 2)) $((size - 1)) "$size"; do
			head -c "$cut" whole > parts
			sweep --format $format -o parts
			cmp whole parts
		done
	done
}

@test "a file of another sweep is refused and left as it was" {
	refused() {
		cp "$1" before
		run_apart "${small[@]}" "${@:2}" -o "$1"
		[ "$status" -eq 3 ]
		[[ $errors == "initviz: $1: line "*": the file is not of this sweep; choose another or remove it" ]]
		[ "$(wc -l <<< "$errors")" -eq 1 ]
		cmp "$1" before
	}
	sweep > rows
	refused rows --sweep "$GRID lr=0.1"
	refused rows --sweep "${GRID/1..5/1..4}"
	refused rows --sweep "${GRID/1..5/0..4}"
	refused rows --sweep "$GRID" -n 4
	refused rows --sweep "$GRID" --cure
	refused rows --sweep "$GRID" --format json
	echo 'my diary' > diary
	refused diary --sweep "$GRID"
	printf 'net' > word # as a cut header begins: that is no other file
	sweep -o word
	cmp word rows
	(cat rows; tail -n 1 rows) > more
	refused more --sweep "$GRID"
	sed '7s/tanh/relu/' rows > changed
	refused changed --sweep "$GRID"
}

@test "a file that another sweep is writing is refused" {
	command -v flock > /dev/null || skip "flock is not installed"
	: > rows
	run flock rows "$INITVIZ" "${small[@]}" --sweep "$GRID" -o rows
	[ "$status" -eq 4 ]
	[[ $output == *'another sweep is writing this file'* ]]
}

@test "the pieces of a sweep, one after the other, are the whole" {
	GRID='depth=1,2 seed=1..2'
	sweep > whole
	for pieces in 3 6; do # of six two are empty
		for ((piece = 1; piece <= pieces; piece++)); do sweep --shard $piece/$pieces; done > parts
		cmp whole parts
	done
}

@test "GNU parallel computes the pieces" {
	command -v parallel > /dev/null || skip "GNU parallel is not installed"
	sweep > whole
	parallel --will-cite --keep-order -j 2 "'$INITVIZ'" "${small[*]}" --threads 1 --sweep "\"$GRID\"" --shard {}/3 ::: 1 2 3 > parts
	cmp whole parts
}

@test "a net that diverges or cannot be trained is a row" {
	run_apart "${small[@]}" --optimizer 'sgd(lr=1e6)' --sweep 'init=normal(0,1e6) activation=relu depth=2,30' --format json
	[ "$status" -eq 0 ]
	[ "$(wc -l <<< "$output")" -eq 2 ]
	json 'all(row["verdict"] == "NaN" and row["loss"] is None and row["diverged_step"] <= 3 and isinstance(row["diverged_step"], int) for row in objects)'
	# layers that do not fit the images
	run_apart "${small[@]}" --sweep 'layers=784-5-10,100-5-10 seed=1,2' --format json
	[ "$status" -eq 0 ]
	[ "$(grep -c '"verdict":"failed"' <<< "$output")" -eq 2 ]
	[ "$(grep -c '"error":""' <<< "$output")" -eq 2 ]
}

@test "what is wrong with a sweep is one clear line and exit status 2" {
	wrong() {
		run_apart "$@"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "$(grep -c '^initviz: ' <<< "$errors")" -eq 1 ]
	}
	wrong --sweep 'depht=3'
	wrong --sweep 'depth=3,,4'
	wrong --sweep 'lr=0.1..0.35'
	wrong --sweep ''
	wrong --sweep 'depth=3' --format text
	wrong --sweep 'depth=3' --snapshot x.txt
	wrong --sweep 'depth=3' --shard 0/3
	wrong --sweep 'depth=3' --shard 4/3
	wrong --sweep 'depth=3' --shard 4
	wrong --shard 1/2
	says() {
		wrong --sweep "$1"
		[[ $errors == *"$2"* ]] || { echo "'$2' is not in: $errors"; return 1; }
	}
	says 'lr=1..2/3.5' "'1..2/3.5' needs a number of points from 2 to 1000000"
	says 'lr=1..2*2e3' "'1..2*2e3' needs a number of points from 2 to 1000000"
	# the quotient, or the difference, of the ends is beyond the largest double
	says 'lr=1e-300..1e300*3' "lr is '1e+300'"
	says 'init=normal(-1e308..1e308/3)' '1e+308'
}

@test "images that are missing end the sweep before it begins" {
	run_apart --sweep 'seed=1,2 data=digits,nowhere' -o rows
	[ "$status" -eq 3 ]
	[[ $errors == *nowhere* ]]
	[ ! -s rows ]
}

@test "Ctrl-C ends a sweep and keeps what is done" {
	env --default-signal=INT true 2> /dev/null || skip "env cannot restore signals" # the shell ignores INT in the background
	env --default-signal=INT "$INITVIZ" -n 100 -d digits --width 20 --sweep 'seed=1..100000' -o rows 2> errors & pid=$!
	for ((wait = 0; wait < 500; wait++)); do
		[ "$(cat rows 2> /dev/null | wc -l)" -gt 2 ] && break
		sleep 0.02
	done
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 130 ]
	grep -q 'interrupted: .* of 100000 nets are done: the same command trains the rest' errors
	[ "$(wc -l < rows)" -gt 2 ]
	[ "$(tail -c 1 rows | od -An -c | tr -d ' ')" = '\n' ]
}

@test "a reader that needs no more rows ends the sweep quietly" {
	sweep 2> errors | head -n 2 > rows
	[ "$(wc -l < rows)" -eq 2 ]
	[ ! -s errors ]
}

@test "rows that a limit of file sizes cut off are whole again after the next run" {
	GRID='seed=1..20'
	sweep > whole
	status=0
	(ulimit -f 2; sweep -o parts 2> errors) || status=$?
	[ "$status" -eq 4 ]
	grep -q '^initviz: parts: cannot write: ' errors
	sweep -o parts
	cmp whole parts
}

@test "a full disk is an error" {
	[ -w /dev/full ] || skip "there is no /dev/full"
	run_apart "${small[@]}" --sweep "$GRID" -o /dev/full
	[ "$status" -eq 4 ]
}

@test "the coordinate check as text, CSV and JSON has the same numbers, and its slopes are numpy's" {
	local python
	python=$(python_with numpy) || skip "no numpy"
	small=(-d digits --init he --output-init lecun -a relu --optimizer 'adam(lr=0.01)' --batch 50 --coordinates 'width=32,64,128 seed=1,2 steps=2 probe=20')
	"$INITVIZ" "${small[@]}" > text
	"$INITVIZ" "${small[@]}" --format csv --threads 1 > check.csv
	"$INITVIZ" "${small[@]}" -o check.json
	grep -q '^mup: mup, output mup_readout$' text
	"$python" - <<-'END'
	import csv, json, numpy
	rows = list(csv.DictReader(open('check.csv')))
	check = json.load(open('check.json'))
	assert len(rows) == 2 * 3 * 3 * 3 and check['widths'] == [32, 64, 128] and check['seeds'] == 2
	for kind in 'own', 'mup':
	    for step in range(3):
	        for layer in range(3):
	            some = [r for r in rows if (r['parametrization'], r['step'], r['layer']) == (kind, str(step), str(layer + 1))]
	            for quantity in 'size', 'change':
	                mean = [float(r[quantity]) for r in some]
	                listed = check[kind]['steps'][step]['layers'][layer][quantity]
	                assert mean == listed['mean']
	                if min(mean) > 0:
	                    slope = numpy.polyfit(numpy.log([32, 64, 128]), numpy.log(mean), 1)[0]
	                    assert abs(slope - listed['slope']) < 1e-9 and abs(slope - float(some[0][quantity + '_slope'])) < 1e-9
	                else:
	                    assert listed['slope'] is None and some[0][quantity + '_slope'] == ''
	assert check['own']['verdict'] == 'grows' and check['own']['layer'] == 3
	END
}

@test "a wrong coordinate check is refused in one line" {
	refused() {
		local status=0
		"$INITVIZ" --coordinates "$2" "${@:3}" > out 2> err || status=$?
		[ "$status" -eq 2 ]
		[ ! -s out ]
		[ "$(wc -l < err)" -le 2 ]
		grep -q "$1" err
	}
	refused "two or more" 'width=64'
	refused "leave out" 'width=64,128' --sweep 'depth=1,2'
	refused "too many" 'width=64,128 seed=1..200'
}

@test "a coordinate check of one step names that step once" {
	check=(-d digits -a relu --probe 10)
	"$INITVIZ" --headless -n 0 "${check[@]}" -c 'coordinates width=16,32 steps=1 probe=10' --size 80x24 --ascii --snapshot screen.txt
	grep -Eq '^ slopes +start  step 1 +start  step 1$' screen.txt
	"$INITVIZ" --headless -n 0 "${check[@]}" -c 'coordinates width=16,32 steps=2 probe=10' --size 80x24 --ascii --snapshot screen.txt
	grep -Eq '^ slopes +start  step 1  step 2 +start  step 1  step 2$' screen.txt
}
