# What headless runs write: formats, files whole or not at all, determinism.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

# A run of six steps on a small net, observed at 0, 2, 4, 6.
small() {
	run_apart -d digits --layers '*-16-*' -n 6 --every 2 -b 10 --probe 50 "$@"
}

no_temporaries() {
	[ -z "$(find . -name '.initviz-*')" ]
}

@test "observations at initialization, every N steps and the last step" {
	small --every 4 --format json
	[ "$status" -eq 0 ]
	json '[o["step"] for o in objects] == [0, 4, 6]'
	small --steps 0 --format json
	json '[o["step"] for o in objects] == [0]'
}

@test "JSON: every histogram counts every value" {
	small --format json
	[ "$status" -eq 0 ]
	json 'all(sum(h["counts"]) + h["below"] + h["above"] + t["nan"] + t["inf"] + sum(s["count"] for s in h["spikes"]) == t["n"]
		for o in objects for l in o["layers"] for t in (l[k] for k in ("z", "a", "w", "delta", "dw")) for h in [t["histogram"]])'
	json 'all(o["schema"] == "initviz/1" and "digits" in o["data"] for o in objects)'
	json 'objects[0]["layers"][0]["update_ratio"] is None and objects[1]["layers"][0]["update_ratio"] > 0'
}

@test "JSON: a seed above 2^53 is a string with all its digits, and a saved run keeps it" {
	small --seed 9007199254740992 --format json
	json 'objects[0]["seed"] == 2 ** 53'
	small --seed 18446744073709551614 --format json --record run.jsonl
	json 'all(o["seed"] == "18446744073709551614" for o in objects)'
	local first=$output
	run_apart --replay run.jsonl --format json
	[ "$output" = "$first" ]
}

@test "JSON: --no-histograms leaves out the counts and nothing else" {
	small --format json
	local whole=$output
	small --format json --no-histograms
	[ "$status" -eq 0 ]
	[ "${#output}" -lt $((${#whole} * 2 / 3)) ]
	[ "$(strip_histograms <<< "$whole")" = "$(strip_histograms <<< "$output")" ]
	run ! grep -q 'histogram\|magnitudes' <<< "$output"
	small --format csv --no-histograms
	[ "$status" -eq 2 ]
	[[ $errors == *"no-histograms: csv has none"* ]]
}

strip_histograms() {
	command -v python3 > /dev/null || skip "python3 is not installed"
	python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    for l in o["layers"]:
        for k in ("z", "a", "w", "delta", "dw"):
            l[k].pop("histogram", None), l[k].pop("magnitudes", None)
    print(json.dumps(o))'
}

@test "JSON: a comparison does not print the step of the run again that it begins with" {
	small --format json -c 'compare init=he_normal' -c run
	[ "$status" -eq 0 ]
	json '[o["step"] for o in objects] == [0, 2, 4, 6]'
	small --format json -c 'init he_normal' -c run
	json '[o["step"] for o in objects] == [0, 0, 2, 4, 6]' # the second 0 is of another net
	small --format json -c run -c reset -c run
	json '[o["step"] for o in objects] == [0, 2, 4, 6, 0, 2, 4, 6]'
}

@test "JSON: the depth scale is positive on both sides of the edge of chaos" {
	run_apart -d digits --layers '*-16-16-*' -a tanh --init 'normal(0,1)' -n 0 --format json
	json 'all(l["theory"]["chi"] > 1 and l["theory"]["depth_scale"] > 0 for l in objects[0]["layers"][:2])'
	run_apart -d digits --layers '*-16-16-*' -a tanh --init 'normal(0,0.01)' -n 0 --format json
	json 'all(l["theory"]["chi"] < 1 and l["theory"]["depth_scale"] > 0 for l in objects[0]["layers"][:2])'
}

@test "JSON: moments agree with each other and with the theory's input" {
	small --format json
	json 'all(abs(t["mean_square"] - t["variance"] - t["mean"] ** 2) <= 1e-9 * (1 + abs(t["mean_square"]))
		for o in objects for l in o["layers"] for t in (l["z"], l["w"]))'
	json 'abs(objects[0]["layers"][0]["theory"]["z_mean_square"] / (784 * objects[0]["input"]["mean_square"]) - 1) < 1e-6'
}

@test "CSV: a header and a row per observation, layer and tensor" {
	small --format csv
	[ "$status" -eq 0 ]
	[ "$(wc -l <<< "$output")" -eq 41 ]
	[ "$(awk -F, '{ print NF }' <<< "$output" | sort -u | wc -l)" -eq 1 ]
	[[ ${output%%$'\n'*} == scenario,data,seed,step,*,layer,*,verdict,layer_verdict,tensor,n,mean,variance,*,p99 ]]
}

@test "text: the data set, a table per observation, ASCII within 80 columns" {
	small --headless
	[ "$status" -eq 0 ]
	[ "$(grep -c '^step' <<< "$output")" -eq 4 ]
	[[ $output == *digits* ]]
	LC_ALL=C run ! grep -q '[^ -~]' <<< "$output"
	[ "$(tail -n +3 <<< "$output" | wc -L)" -le 80 ]
}

@test "the first line of text recreates the run" {
	small --headless --seed 9
	local before=$output command
	command=$(sed -n '1s/^# initviz//p' <<< "$output")
	output=$(eval "\"\$INITVIZ\" $command --headless")
	[ "$output" = "$before" ]
}

@test "--output: the same bytes as standard output, its suffix chooses the format" {
	small --format json
	printf '%s\n' "$output" > stdout.json
	small -o file.json
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	cmp stdout.json file.json
	small -o file.csv
	[[ $(head -n 1 file.csv) == scenario,* ]]
	small -o -
	[[ $output == "# initviz"* ]]
	no_temporaries
}

@test "a failed run does not change the old file" {
	echo old > file
	small -o file --set init.9=zeros
	[ "$status" -eq 2 ]
	printf 'step 2\nexpect step 0 0\n' > s
	small -o file --script s
	[ "$status" -eq 1 ]
	[ "$(cat file)" = old ]
	no_temporaries
}

@test "outputs that cannot be written are refused before the run" {
	small -n 1000000000 -o missing/file
	[ "$status" -eq 4 ]
	small -n 1000000000 -o .
	[ "$status" -eq 4 ]
	[[ $errors == *directory* ]]
	[ "$(id -u)" -eq 0 ] && skip "root may write everywhere"
	touch locked
	chmod 400 locked
	small -n 1000000000 -o locked
	[ "$status" -eq 4 ]
}

@test "a full device and a closed standard output exit with 4 and a message" {
	[ -e /dev/full ] || skip "no /dev/full"
	local arguments
	for arguments in '--headless -s 1 -d digits' --help --version '--list views'; do
		status=0
		errors=$("$INITVIZ" $arguments 2>&1 > /dev/full) || status=$?
		[ "$status" -eq 4 ]
		[[ $errors == "initviz: standard output: "* ]]
		status=0
		errors=$("$INITVIZ" $arguments 2>&1 >&-) || status=$?
		[ "$status" -eq 4 ]
		[[ $errors == "initviz: standard output: "* ]]
	done
	status=0
	"$INITVIZ" -s 1 -d digits -o /dev/full 2> errors || status=$?
	[ "$status" -eq 4 ]
}

@test "a reader that closes the pipe ends the run without a message" {
	set -o pipefail
	"$INITVIZ" -d digits --layers '*-8-*' -n 1000000000 --every 1 --format json 2> errors | head -n 1 > line
	[ "$(wc -l < line)" -eq 1 ]
	[ ! -s errors ]
}

@test "ended by a signal: its status, no torn file, no temporary" {
	local signal
	for signal in INT TERM HUP; do
		rm -f run.json
		status=0
		timeout --preserve-status -s "$signal" 0.5 \
			"$INITVIZ" -d digits -n 1000000000 --every 1000 -o run.json || status=$?
		[ "$status" -eq $((128 + $(kill -l "$signal"))) ]
		[ ! -e run.json ]
		no_temporaries
	done
}

@test "links are followed, permissions kept, hard limits reported" {
	echo old > target
	chmod 640 target
	ln -s target link
	small -o link
	[ "$status" -eq 0 ]
	[ -L link ]
	[ "$(stat -c %a target)" = 640 ]
	[[ $(cat target) == "# initviz"* ]]
	status=0
	errors=$( (ulimit -f 0; "$INITVIZ" -s 1 -d digits -o small.txt) 2>&1) || status=$?
	[ "$status" -eq 4 ]
	[ ! -e small.txt ]
	no_temporaries
}

@test "pictures of the screen in three formats and any size" {
	small --snapshot screen.txt --size 60x20
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(wc -l < screen.txt)" -le 20 ]
	[ "$(LC_ALL=C.UTF-8 wc -L < screen.txt)" -le 60 ]
	small --snapshot screen.ans
	grep -q $'\e\[' screen.ans
	small --snapshot screen.svg
	grep -q '</svg>' screen.svg
	small --snapshot screen.txt --ascii
	LC_ALL=C run ! grep -q '[^ -~]' screen.txt
	small --snapshot - --size 100x24
	[[ $output == *sigmoid*digits* ]]
	small --snapshot missing/screen.txt
	[ "$status" -eq 4 ]
	command -v python3 > /dev/null || skip "python3 is not installed"
	python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("screen.svg")'
}

@test "the same bytes for any number of threads and every time" {
	small --format json --threads 1
	local first=$output threads
	for threads in 1 2 3 8; do
		small --format json --threads "$threads"
		[ "$output" = "$first" ]
	done
	small --format json --seed 2
	[ "$output" != "$first" ]
}

@test "the same bytes in every locale" {
	command -v localedef > /dev/null || skip "localedef is not installed"
	small --format json
	local first=$output name lists
	lists=$("$INITVIZ" --list settings)
	mkdir locales
	for name in de_DE tr_TR; do
		localedef -i "$name" -f UTF-8 "locales/$name.UTF-8" 2> /dev/null || skip "no $name here"
		LOCPATH=$PWD/locales LC_ALL=$name.UTF-8 small --format json --init NORMAL
		[ "$status" -eq 0 ]
		[ "$output" = "$first" ]
		[ "$(LOCPATH=$PWD/locales LC_ALL=$name.UTF-8 "$INITVIZ" --list settings)" = "$lists" ]
	done
	LC_ALL=nonsense small --format json
	[ "$output" = "$first" ]
}

@test "divergence is a result, and with --fail-on-nan a failure" {
	# without a bound on activations and with such steps the weights overflow
	local diverging=(--layers '*-16-16-16-*' -a linear --init normal --optimizer 'sgd(lr=1e6)' -n 40 --format json)
	small "${diverging[@]}"
	[ "$status" -eq 0 ]
	json 'objects[-1]["diverged"]["step"] <= 40 and objects[-1]["diverged"]["layer"] in (1, 2, 3, 4)'
	json 'objects[0]["diverged"] is None'
	small "${diverging[@]}" --fail-on-nan
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: the net diverged:"*layer*step* ]]
	json 'objects[-1]["step"] == 40'
	small --format json --fail-on-nan
	[ "$status" -eq 0 ]
}

@test "report article: both sums, every statement, ASCII within 80 columns, whole or not at all" {
	run_apart --report article -d digits -o report.txt
	[ "$status" -eq 0 ]
	[ -z "$output$errors" ]
	grep -q 'n \. Var(X) \. Var(W) = 784 \. 0\.09.* 1 = 74\.' report.txt
	grep -q 'n \. E\[X^2\] \. Var(W) = 784 \. 0\.11.* 1 = 87\.' report.txt
	grep -q 'fc_out_3' report.txt
	grep -q 'little difference' report.txt
	LC_ALL=C run ! grep -q '[^ -~]' report.txt
	run ! grep -q '.\{81\}' report.txt
	no_temporaries
}

@test "report: refuses what it cannot be combined with, and unknown ones" {
	run_apart --report article --format json
	[ "$status" -eq 2 ]
	[[ "$errors" == *"leave out"* ]]
	run_apart --report artikel
	[ "$status" -eq 2 ]
	[[ "$errors" == *"article"* ]]
	run_apart --report article -d /nonexistent
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	run_apart --report article -o /nonexistent/x
	[ "$status" -eq 4 ]
	[ -z "$output" ]
}

# A folder `images` with four IDX files of 4 x 4 pixels.
make_images() {
	mkdir images
	head() { printf "\\0\\0\\10\\$1\\0\\0\\0\\$2"; }
	{ head 3 30; printf '\0\0\0\4\0\0\0\4'; yes 'abcdefg' | tr -d '\n' | dd bs=384 count=1 status=none iflag=fullblock; } > images/train-images-idx3-ubyte
	{ head 1 30; printf '\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7'; } > images/train-labels-idx1-ubyte
	{ head 3 12; printf '\0\0\0\4\0\0\0\4'; yes 'hgfedcb' | tr -d '\n' | dd bs=160 count=1 status=none iflag=fullblock; } > images/t10k-images-idx3-ubyte
	{ head 1 12; printf '\0\1\2\3\4\5\6\7\0\1'; } > images/t10k-labels-idx1-ubyte
}

@test "two outputs are two files: one would replace the other" {
	local pair
	mkdir folder
	ln -s folder link
	: > old.json; ln old.json hard.json
	for pair in '-o a.json --record a.json' '--snapshot a.svg --cast ./a.svg' '--save-weights folder/w.safetensors --save-probe link/w.safetensors' \
		'-o old.json --record hard.json' '--cast a.cast --record folder/../a.cast'; do
		# shellcheck disable=SC2086
		run_apart --no-config --headless -d digits -n 1 $pair
		[ "$status" -eq 2 ]
		[[ $errors == *": is the file of two outputs: choose another file for one"* ]]
	done
	[ "$(find . -name '*.json' -o -name '*.svg' -o -name '*.safetensors' -o -name '*.cast' | wc -l)" -eq 2 ] # the old file and its second name
	"$INITVIZ" --no-config --headless -d digits -n 0 -o /dev/null --record /dev/null # loses nothing
}

@test "no output replaces a file that the run reads: data, script, saved run, configuration" {
	make_images
	local tiny=(-d images --layers '*-4-*' -n 2 -b 4 --probe 8) file
	mkdir -p config/initviz
	echo 'lr 0.1' > config/initviz/config
	export XDG_CONFIG_HOME=$PWD/config
	printf 'step 2\n' > script
	"$INITVIZ" "${tiny[@]}" --headless --record run.jsonl > /dev/null
	ln images/t10k-labels-idx1-ubyte hard
	ln -s images/train-labels-idx1-ubyte soft
	sha256sum images/* script run.jsonl config/initviz/config > before
	for file in images/train-images-idx3-ubyte images/t10k-labels-idx1-ubyte hard soft config/initviz/config; do
		run_apart "${tiny[@]}" -n 1000000000 -o "$file"
		[ "$status" -eq 2 ]
		[[ $errors == "initviz: $file: is read by this run"* ]]
		run_apart "${tiny[@]}" -n 1000000000 --record "$file"
		[ "$status" -eq 2 ]
	done
	run_apart "${tiny[@]}" --script script -o script
	[ "$status" -eq 2 ]
	run_apart "${tiny[@]}" --script script --record script
	[ "$status" -eq 2 ]
	run_apart --replay run.jsonl --headless -o run.jsonl
	[ "$status" -eq 2 ]
	run_apart --replay run.jsonl --headless --record run.jsonl
	[ "$status" -eq 2 ]
	run_apart "${tiny[@]}" -c 'step 1' -c 'save images/train-images-idx3-ubyte'
	[ "$status" -eq 2 ]
	cp images/train-images-idx3-ubyte images/x.svg
	ln -f images/train-images-idx3-ubyte images/x.svg
	run_apart "${tiny[@]}" --snapshot images/x.svg
	[ "$status" -eq 2 ]
	run_apart --report article -d images -o images/train-images-idx3-ubyte
	[ "$status" -ne 0 ]
	printf 'step 1\nsource inner\n' > outer
	printf 'save inner\nsave outer\n' > inner
	cp inner kept
	run_apart "${tiny[@]}" --script outer
	[ "$status" -eq 2 ]
	cmp inner kept
	sha256sum --check --quiet before
	no_temporaries
	run_apart "${tiny[@]}" -o images/results.json
	[ "$status" -eq 0 ]
}

@test "W7 a pipe that nothing reads is an error within seconds, one that is read gets all" {
	mkfifo pipe.svg
	local begun=$SECONDS
	small --snapshot pipe.svg
	[ "$status" -eq 4 ]
	[[ $errors == "initviz: pipe.svg: nothing reads this pipe"* ]]
	small -o pipe.svg
	[ "$status" -eq 4 ]
	[ $((SECONDS - begun)) -lt 60 ]
	cat pipe.svg > got &
	small -o pipe.svg
	[ "$status" -eq 0 ]
	wait
	small -o file
	cmp got file
}

@test "set-user-ID does not survive, owner and permissions do" {
	echo old > file
	[ "$(id -u)" -ne 0 ] || chown 65534:65534 file
	local owner
	owner=$(stat -c %u:%g file)
	chmod 6751 file
	small -o file
	[ "$status" -eq 0 ]
	[ "$(stat -c %a file)" = 751 ]
	[ "$(stat -c %u:%g file)" = "$owner" ]
	[[ $(cat file) == "# initviz"* ]]
}

@test "singular values are in every N-th observation and the last one, and change no other number" {
	json_of() { # options
		"$INITVIZ" --headless -d digits -a tanh --layers '*-8-8-*' --probe 20 -b 8 --format json "$@"
	}
	json_of -n 20 --every 3 --singular 2 > rows
	output=$(cat rows)
	json '[o["step"] for o in objects] == [0, 3, 6, 9, 12, 15, 18, 20]'
	json '[o["step"] for o in objects if o["layers"][0]["singular_count"]] == [0, 6, 12, 18, 20]'
	json 'all((l["singular_mean_square"] is None) == (l["singular_count"] == 0) == ("singular_values" not in l) for o in objects for l in o["layers"][:2])'
	output=$(json_of -n 60 --every log --singular 3)
	json '[o["step"] for o in objects if o["layers"][0]["singular_count"]] == [0, 5, 50, 60]'
	output=$(json_of -n 6 --every 3)
	json 'not any(l["singular_count"] for o in objects for l in o["layers"])'
	bare() {
		python3 -c 'import json, sys
for line in sys.stdin:
    o = json.loads(line)
    del o["settings"]
    for l in o["layers"]:
        for key in [k for k in l if "singular" in k]: del l[key]
    print(json.dumps(o))'
	}
	bare < rows > with
	json_of -n 20 --every 3 | bare | cmp - with
}

@test "text has the singular values that were measured, beside theory" {
	command -v python3 > /dev/null || skip "python3 is not installed"
	net=(--headless -d digits -a tanh --layers '*-8-12-*' --probe 20 -b 8 -n 3 --every 2 --singular 2)
	"$INITVIZ" "${net[@]}" --format json > rows
	"$INITVIZ" "${net[@]}" > text
	python3 - <<-'P'
	import json
	rows = [json.loads(line) for line in open('rows')]
	blocks = open('text').read().split('\n\nstep ')[1:]
	assert [row['step'] for row in rows] == [0, 2, 3] == [int(block.split()[0]) for block in blocks]
	def near(word, value):
	    return abs(float(word) - value) <= 5.1e-3 * abs(value) # three digits or more
	for row, block in zip(rows, blocks):
	    measured = row['step'] != 2
	    assert ('singular values s' in block) == measured, block
	    if not measured:
	        continue
	    parts = block.split('singular values s of da/dx, from the input to each layer\n')[1].split('of each layer alone\n')
	    for prefix, part in zip(('input_singular_', 'singular_'), parts):
	        lines = part.splitlines()[1:]
	        assert len(lines) == 3, part
	        for layer, line in zip(row['layers'], lines):
	            number, mean, mean_theory, variance, variance_theory, condition, lost = line.split()
	            assert int(number) == layer['layer'] and lost == '0%'
	            assert near(mean, layer[prefix + 'mean_square']) and near(variance, layer[prefix + 'variance'])
	            assert near(mean_theory, layer['theory'][prefix + 'mean_square']) and near(variance_theory, layer['theory'][prefix + 'variance'])
	            assert near(condition, layer[prefix + 'condition'])
	P
	"$INITVIZ" --headless -d digits -n 0 --singular 1 --layers '*-8-*' --normalization batch > text
	run ! grep -q 'singular values s' text
	"$INITVIZ" --headless -d digits -n 0 --singular 1 --depth 20 -a relu --init 'normal(0,1e3)' > text
	grep -Eq '^   20 +NaN +' text
}
