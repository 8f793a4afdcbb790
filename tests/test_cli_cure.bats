# The command `cure`: the cured net beside the ill one, or instead of it.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

# shows OPTIONS...: the screen at the end, spaces squeezed, in $output.
shows() {
	run_apart -d digits --snapshot - --size 160x24 "$@"
	[ "$status" -eq 0 ]
	output=$(tr -s ' \n' ' ' <<< "$output")
}

@test "cure trains the cured net beside this one and says whether the prediction held" {
	shows -s 3 -n 100 -c cure -c run
	[[ $output == *"A full_train_normal B full_train_normal --init glorot_normal"* ]]
	[[ $output == *"the prediction for init=xavier held: E[z²] 0."*"(measured 0."*"Test accuracy at step 100:"*"cured"* ]]
}

@test "cure apply makes the cured net the run, and undo brings the ill one back" {
	shows -s 3 -n 20 -c run -c 'cure apply'
	[[ $output == *"glorot_normal × sigmoid"*"step 0"* ]]
	shows -s 3 -n 20 -c run -c 'cure apply' -c undo
	[[ $output == *"normal(0,1) × sigmoid"*"step 20"* ]]
}

@test "cure apply after cure takes the net beside" {
	shows -s 3 -n 20 -c cure -c run -c 'cure apply'
	[[ $output == *"initviz full_train_normal* glorot_normal × sigmoid"*"step 0"* ]]
	[[ $output != *"B full_train"* ]]
}

@test "single steps show no judgement each" {
	shows -s 3 -n 20 -c cure -c step
	[[ $output != *prediction* ]]
	shows -s 3 -n 20 -c cure -c 'step 12'
	[[ $output == *prediction* ]]
}

@test "a healthy net has no cure, and an unknown word is refused" {
	run_apart --headless -d digits -s 7 -n 1 -c cure
	[ "$status" -eq 1 ]
	[[ $errors == *"cure: nothing to cure: the net is healthy"* ]]
	run_apart --headless -d digits -s 3 -n 1 -c 'cure now'
	[ "$status" -eq 2 ]
	[[ $errors == *"choose from beside, apply"* ]]
}

@test "--cure prints verdict, cause and cure, whose options make a net without it" {
	run_apart --cure -s 3 -d digits
	[ "$status" -eq 0 ]
	[[ $output == "verdict  saturated (ill): "* ]]
	[[ $output == *$'\ncure     xavier: z would have mean square 0.23, nothing saturated'* ]]
	[[ $output == *$'\noptions  --init xavier\nkey      4, the scenario full_train_variance, is the same net' ]]
	run_apart --cure -s 3 -d digits --init xavier
	[[ $output != *ill* ]]
	[[ $output != *options* ]]
}

@test "--cure describes the net that commands leave" {
	run_apart --cure -s 7 -d digits --lr 1 -n 50 -c run
	[ "$status" -eq 0 ]
	[[ $output == *$'\ncure     learning rate 0.001: theory expects stable first steps below 0.00'*", it is 1 now"* ]]
	[[ $output == *$'\noptions  --lr 0.001' ]]
}

@test "--cure goes to a file, whole or not at all, and is refused beside other outputs" {
	run_apart --cure -s 3 -d digits -o cure.txt
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	grep -q '^options  --init xavier$' cure.txt
	run_apart --cure -s 3 -d digits -o /nonexistent/x
	[ "$status" -eq 4 ]
	run_apart --cure -s 3 -d digits --format json
	[ "$status" -eq 2 ]
	[[ $errors == *"leave out --snapshot, --cast, --format"* ]]
}

@test "the verdict in JSON has the cure as settings, words and predicted factors" {
	run_apart --headless -s 3 -d digits -n 20 --every 10 --format json --no-histograms
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" > run.json
	python3 - run.json << 'PY'
import json, sys
first, middle, last = [json.loads(line)["verdict"]["cure"] for line in open(sys.argv[1])]
assert first["outcome"] == "found" and first["settings"] == "--init xavier", first
assert first["words"].startswith("xavier: z would have mean square 0.23, nothing saturated"), first
assert 0.2 < first["predicted"]["z_mean_square"] < 0.26 and 0.05 < first["predicted"]["gradient_factor"] < 0.065, first
assert middle is None and last["settings"] == "--init xavier", (middle, last)
PY
}

@test "the smallest screen offers the key of the cure, and names no share by another word" {
	run_apart -d digits -n 0 --snapshot - --size 40x10
	[ "$status" -eq 0 ]
	[[ $output == *"f cure"* ]]
	[[ $output == *saturated* ]]
	[[ $output != *flat* ]]
}

@test "no factor leads from a prediction of 0 to a measured number" {
	run_apart -d digits -n 0 --unicode --snapshot - --size 200x60
	[ "$status" -eq 0 ]
	[[ $output == *"mean z"* ]]
	[[ $output != *"×Inf"* ]]
}

@test "the two nets of Compare have names of the same kind" {
	run_apart -d digits -n 0 -c 'compare init=xavier' --snapshot - --size 60x20
	[ "$status" -eq 0 ]
	[[ $output == *"A normal(0,1)"*"B glorot_normal"* ]]
}

@test "every row of an exploding net shows how wide z is" {
	run_apart -d digits -n 0 -a relu --depth 10 --unicode --snapshot - --size 80x24
	[ "$status" -eq 0 ]
	for layer in 1 5 10; do
		grep -q " $layer!.*█" <<< "$output"
	done
}

@test "a message names as many choices as fit, and says how many more there are" {
	run_apart --init nonsense
	[ "$status" -eq 2 ]
	[[ $errors =~ "choose from zeros, ones, ".*" and "[0-9]+" more" ]]
}

@test "an initializer is the cure where it suffices, else the cure says what it would leave" {
	run_apart -d digits --depth 20 -a tanh --init 'normal(0,0.03)' --cure
	[ "$status" -eq 0 ]
	[[ $output == *"options  --init 'variance_scaling("* ]]
	[[ $output != *" alone "* ]]
	run_apart -d digits --depth 50 -a tanh --init 'normal(0,0.03)' --cure
	[[ $output == *"options  --residual yes"* ]]
	[[ $output == *"with lecun alone few directions would get most of the gradient"* ]]
	run_apart -d digits --depth 20 -a sigmoid --init xavier --cure
	[[ $output == *"no initializer alone would do"* ]]
}

@test "weights that are too large from the start are not blamed on training after a change of the activation" {
	"$INITVIZ" --headless -d digits -c 'step 3' -c 'activation relu' -c 'step 2' --size 120x30 --snapshot screen.txt
	grep -q 'EXPLODING' screen.txt
	grep -q 'because Var(W) = 1 where relu' screen.txt
}
