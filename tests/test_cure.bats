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

@test "single steps bring no judgement each" {
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
