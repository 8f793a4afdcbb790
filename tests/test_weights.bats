# Weights in and out: files of weights are read by programs that are not ours.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

# save ARGUMENT...: trains and saves net.safetensors and probe.safetensors.
save() {
	"$INITVIZ" --no-config --headless -d digits --probe 100 "$@" --save-weights net.safetensors --save-probe probe.safetensors > observations
}

# recompute ACTIVATION [normalization] [branch layers] [branch scale]
recompute() {
	"$PYTHON" -B "$abs_top_srcdir/tests/recompute.py" net.safetensors probe.safetensors "$@"
}

@test "NumPy computes the same z, a, loss, delta and gradients from the saved weights" {
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	save -n 10
	recompute sigmoid
	save -n 0 -a tanh --depth 30 --init lecun
	recompute tanh
	save -n 20 -a relu --depth 5 --init he --bias-init 'normal(0,0.1)'
	recompute relu
	for activation in linear leaky_relu elu selu gelu silu softplus; do
		save -n 5 -a "$activation" --depth 3 --init lecun
		recompute "$activation"
	done
}

@test "NumPy agrees with normalizations and residual branches" {
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	save -n 20 -a elu --depth 3 --init lecun --normalization batch
	recompute elu batch
	save -n 20 -a silu --depth 3 --init lecun --normalization layer
	recompute silu layer
	save -n 20 -a relu --depth 3 --init lecun --normalization weight
	recompute relu
	save -n 20 -a relu --depth 6 --init he --residual yes
	recompute relu none 1
	save -n 20 -a relu --depth 6 --init he --residual yes --branch-layers 2 --branch-scale 'fixed(0.5)' --normalization layer
	recompute relu layer 2 0.5
	save -n 20 -a relu --depth 6 --init he --residual yes --branch-layers 2 --branch-scale learned --normalization batch
	recompute relu batch 2
	save -n 20 -a gelu --depth 6 --init lecun --residual yes --branch-layers 2 --branch-scale 'fixed(0.7)' --skip-scale 'fixed(1.5)' --normalization post
	recompute gelu post 2 0.7 1.5
	save -n 20 -a gelu --depth 5 --init lecun --residual yes --skip-scale 'fixed(1.5)' --normalization post
	recompute gelu post 1 1 1.5
}

@test "the recomputation notices a wrong weight" {
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	save -n 3 -a relu --init he
	recompute relu
	printf '\x00\x00\x80\x40' | dd of=net.safetensors bs=1 seek=$(($(wc -c < net.safetensors) - 4)) conv=notrunc status=none
	run ! recompute relu
}

@test "PyTorch loads the saved weights without renaming, and computes the same loss and gradients" {
	PYTHON=$(python_with torch) || skip "no Python has PyTorch"
	for options in "-a leaky_relu(0.3) --normalization batch --depth 3" "-a gelu --normalization layer" "-a tanh --bias-init uniform(-1,1)"; do
		save -n 5 --init lecun $options
		(cd "$abs_top_srcdir/tests" && "$PYTHON" -B check_torch.py "$OLDPWD/net.safetensors" "$OLDPWD/probe.safetensors")
	done
}

@test "what torch's modules do not compute is said in the file" {
	save -n 0 -a lecun_tanh --residual yes
	grep -aq '"lacking":"Identity is in the place of lecun_tanh; the sums of residual branches are left out"' net.safetensors
	save -n 0 -a tanh
	run ! grep -aq '"lacking"' net.safetensors
}

@test "weights are saved by a command, at any step, and do not change the run" {
	"$INITVIZ" --no-config --headless --format json -d digits -n 20 > plain
	"$INITVIZ" --no-config --headless --format json -d digits -n 20 -c 'step 10' -c 'save-weights a.safetensors' \
		-c 'save-probe b.safetensors' -c run -c 'save-weights' > with
	cmp plain with
	[ -s b.safetensors ]
	grep -aq '"step":"10"' a.safetensors
	grep -aq '"step":"20"' initviz-full_train_normal-20.safetensors
}

@test "files of weights: wrong suffix, no folder, a full disk" {
	run -2 "$INITVIZ" --headless -n 0 --save-weights net.pt
	[[ $output == *"net.pt: no format of weights has this suffix: choose from .safetensors"* ]]
	run -4 "$INITVIZ" --headless -n 0 --save-weights /nonexistent/net.safetensors
	run -4 "$INITVIZ" --headless -d digits -n 0 -c 'save-weights /nonexistent/net.safetensors'
	(ulimit -f 10; run -4 "$INITVIZ" --headless -d digits -n 0 --save-weights full.safetensors)
	[ ! -e full.safetensors ]
}

@test "a saved run has no weights" {
	"$INITVIZ" --no-config --headless -d digits -n 0 --record run.jsonl > /dev/null
	run -1 "$INITVIZ" --headless --replay run.jsonl --save-weights net.safetensors
	[[ $output == *"a saved run has no weights: start initviz without --replay"* ]]
	[ ! -e net.safetensors ]
}
