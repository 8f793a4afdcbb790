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

# shuffled ACTIVATION ARGUMENT...: trains, and compares theory_now with nets of the shuffled weights and biases.
shuffled() {
	"$INITVIZ" --no-config --headless -d digits --probe 300 --every 1000 -a "$@" --save-weights net.npz --save-probe probe.npz \
		--format json > run.json
	"$PYTHON" -B "$abs_top_srcdir/tests/shuffled.py" run.json net.npz probe.npz "$1"
}

@test "theory in training carries the means of learned biases" {
	needs_zip
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	shuffled sigmoid --init xavier -n 200
	shuffled relu --init he --optimizer 'sgd(lr=0.1)' -n 200
	shuffled tanh --init xavier --bias-init 'constant(0.5)' --optimizer 'sgd(lr=0.1)' -n 100 --depth 4
	shuffled sigmoid --init xavier --bias-init 'constant(-2)' -n 200 --depth 3
	# a mean that is taken for something else is noticed
	sed -i 's/"z_mean":-[0-9.]*/"z_mean":0/g' run.json
	run ! "$PYTHON" -B "$abs_top_srcdir/tests/shuffled.py" run.json net.npz probe.npz sigmoid
}

# ranks LAST PROBE: compares effective_rank of the hidden layers with NumPy's, from the eigenvalues of
# the second moments of the first 100 images; prints the largest relative difference.
ranks() {
	"$PYTHON" -B - "$@" <<-'END'
		import json, sys
		import numpy as np
		layers, seen = json.load(open(sys.argv[1]))["layers"], np.load(sys.argv[2])
		names = sorted((name for name in seen if name.endswith(".a")), key=lambda name: int(name.split(".")[0]))
		assert len(names) == len(layers) > 1
		worst = 0
		for name, layer in list(zip(names, layers))[:-1]:
		    a = seen[name].astype(float)[:100]
		    eigenvalues = np.linalg.eigvalsh(a.T @ a)
		    expected = eigenvalues.sum() ** 2 / np.square(eigenvalues).sum()
		    worst = max(worst, abs(layer["effective_rank"] / expected - 1))
		print(worst)
		sys.exit(not worst < 1e-5)
	END
}

@test "NumPy computes the same effective rank from the eigenvalues of the saved activations" {
	needs_zip
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	observe() {
		"$INITVIZ" --no-config --headless -d digits --format json "$@" --save-probe p.npz | tail -1 > last
	}
	observe -n 0 -a tanh --depth 30 --init 'normal(0,0.5/sqrt(fan_in))' --bias-init 'normal(0,0.3)' # rank collapse
	ranks last p.npz
	observe -n 0 -a relu --depth 5 --init he --width 200 --probe 50 # fewer images than units
	ranks last p.npz
	observe -n 0 -a gelu --depth 4 --residual yes --normalization layer
	ranks last p.npz
	mv last before
	observe -n 5 -a gelu --depth 4 --residual yes --normalization layer
	ranks last p.npz
	run ! ranks before p.npz # five steps change it
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
	[[ $output == *"net.pt: no format of weights has this suffix: choose from .safetensors, .npz"* ]]
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

# pack HEADER [DATA]: a safetensors file bad.safetensors of these bytes.
pack() {
	local n=${#1}
	{ printf "\\x$(printf %02x $((n % 256)))\\x$(printf %02x $((n / 256)))\0\0\0\0\0\0"; printf %s "$1${2-}"; } > bad.safetensors
}

# refuses WORDS: one line with these words and exit status 3.
refuses() {
	run -3 "$INITVIZ" --no-config --headless -d digits -n 0 --weights bad.safetensors
	[ "${#lines[@]}" = 1 ]
	[[ $output == *"$1"* ]]
}

@test "weights that were saved are loaded with the same bits: forward pass and gradients" {
	local options
	for options in "--normalization none" "--normalization batch" "--normalization layer" "--normalization weight" \
		"--residual yes --normalization post"; do
		"$INITVIZ" --no-config --headless -d digits -n 5 -a relu --init he --depth 3 --bias-init 'normal(0,0.1)' $options \
			--save-weights a.safetensors --save-probe b.safetensors > observations
		"$INITVIZ" --no-config --headless -d digits -n 0 -a relu --weights a.safetensors $options \
			--save-weights c.safetensors --save-probe d.safetensors > observations 2> warnings
		[ ! -s warnings ]
		# most bytes of the arrays; the headers name other steps
		cmp <(tail -c 300000 a.safetensors) <(tail -c 300000 c.safetensors)
		cmp <(tail -c 1000000 b.safetensors) <(tail -c 1000000 d.safetensors)
	done
}

@test "nets of others: any float type, order and orientation, from npz and with a prefix" {
	needs_zip
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	"$PYTHON" - <<-'END'
		import json
		import numpy as np
		draw = np.random.default_rng(1).normal
		w = [draw(0, 0.05, (64, 784)), draw(0, 0.1, (32, 64)), draw(0, 0.2, (10, 32))]
		w = [np.float16(one).astype(float) for one in w]
		np.savez("torch.npz", **{"fc1.weight": w[0], "fc2.weight": np.asfortranarray(w[1], ">f4"), "fc10.weight": np.float32(w[2]),
		                         "fc1.bias": np.ones(64, "f4")})
		np.savez("keras.npz", **{"dense_1/kernel": w[0].T, "dense_2/kernel": w[1].T, "dense_10/kernel": w[2].T,
		                         "dense_1/bias": np.ones(64)})
		np.savez("numpy.npz", W1=w[0].T, W2=w[1].T, W3=w[2].T, b1=np.ones(64))
		names = ["a.net.0.weight", "a.net.2.weight", "a.net.4.weight", "a.net.0.bias", "b.weight"]
		arrays = [("F16", w[0].astype("<f2")), ("F64", w[1].astype("<f8")), ("F32", w[2].astype("<f4")),
		          ("BF16", np.full(64, 0x3f80, "<u2")), ("F32", np.zeros((7, 7), "<f4"))]
		header, data = {}, b""
		for name, (kind, array) in reversed(list(zip(names, arrays))):
		    header[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [len(data), len(data) + array.nbytes]}
		    data += array.tobytes()
		text = json.dumps(header).encode()
		open("mixed.safetensors", "wb").write(len(text).to_bytes(8, "little") + text + data)
	END
	local file
	for file in torch.npz keras.npz numpy.npz mixed.safetensors:a.; do
		"$INITVIZ" --no-config --headless -d digits -a tanh -n 3 --weights "$file" --save-weights out.safetensors > out
		grep -q -- "--layers 784-64-32-10" out
		tail -c 200000 out.safetensors > "${file%%.*}.bytes"
	done
	cmp torch.bytes numpy.bytes
	cmp keras.bytes numpy.bytes
	cmp mixed.bytes numpy.bytes
	run -3 "$INITVIZ" --headless -d digits -n 0 --weights mixed.safetensors
	[[ $output == *"are not layers that follow each other: narrow the names with FILE:PREFIX"* ]]
	run -3 "$INITVIZ" --headless -d digits -n 0 --weights mixed.safetensors:a.net.2
	[[ $output == *"this net has 64 inputs and 32 outputs, the data 784 numbers"* ]]
	run -3 "$INITVIZ" --headless -d digits -n 0 --weights mixed.safetensors:c
	[[ $output == *"no matrix of numbers has a name that begins with 'c'"* ]]
}

@test "theory uses the measured variance of each matrix" {
	needs_zip
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	"$PYTHON" -c 'import numpy as np
draw = np.random.default_rng(1).normal
np.savez("net.npz", W1=draw(0, 0.05, (784, 500)), W2=draw(0, 0.1, (500, 500)), W3=draw(0, 0.2, (500, 10)))'
	run_apart --no-config --headless --format json -d digits -a relu -n 0 --weights net.npz
	json 'all(abs(layer["weight_variance"] / variance - 1) < 0.1 for layer, variance in zip(objects[0]["layers"], (0.0025, 0.01, 0.04)))'
	json 'all(abs(layer["theory"]["z_mean_square"] / layer["z"]["mean_square"] - 1) < 0.3 for layer in objects[0]["layers"][:2])'
}

@test "undo and rewinding do not need the file of weights; a restart does" {
	save -n 0
	"$INITVIZ" --no-config --headless -d digits -n 10 --weights net.safetensors -c 'step 5' -c 'lr 0.1' -c 'step 5' -c undo \
		-c 'go 0' --snapshot - > screen
	grep -q 'W file' screen
	run -3 "$INITVIZ" --no-config --headless -d digits -n 10 --weights none.safetensors
	[[ $output == *"none.safetensors: cannot be read"* ]]
}

# net [FILE]: a small net.safetensors with 784-20-20-10 units.
net() {
	"$INITVIZ" --no-config --headless -d digits -n 0 --layers '*-20-20-*' -a relu --init he --save-weights "${1-net.safetensors}" > observations
}

@test "the initializer's keys and commands replace loaded weights, and undo brings them back" {
	net
	local options="--no-config --headless -d digits -n 0 -a relu --weights net.safetensors" line
	for line in "init lecun" "set init lecun"; do
		"$INITVIZ" $options -c "$line" -c recreate --snapshot screen.txt > out
		grep -q "init lecun" screen.txt
		grep -q -- "--layers '\*-20-20-\*'" screen.txt
		run ! grep -q "weights" screen.txt
	done
	"$INITVIZ" $options -c "output-init he" --snapshot screen.txt > out
	grep -q "output-init weights net.safetensors -> he" screen.txt
	"$INITVIZ" $options -c "init next" --snapshot screen.txt > out
	grep -q "init weights net.safetensors -> normal" screen.txt
	"$INITVIZ" $options -c "init he" -c undo -c recreate --snapshot screen.txt > out
	grep -q -- "--weights net.safetensors" screen.txt
	"$INITVIZ" $options -c "init normal" --save-weights c.safetensors > out
	run ! cmp -s <(tail -c 60000 net.safetensors) <(tail -c 60000 c.safetensors)
}

@test "the title names the file, and recreate has no open layers" {
	net
	"$INITVIZ" --no-config --headless -d digits -n 0 -a relu --weights net.safetensors -c recreate --snapshot screen.txt > out
	head -1 screen.txt | grep -q "weights net.safetensors × relu"
	run ! grep -qF "'*-*'" screen.txt
	run ! grep -q -- "--init" screen.txt
}

@test "options that contradict a file of weights are refused in any order" {
	net
	local options="--no-config --headless -d digits -n 0" first second
	for first in "--init he" "--output-init he" "--set init=he" "--branch-init he"; do
		for second in "$first --weights net.safetensors" "--weights net.safetensors $first" "$first --set weights=net.safetensors"; do
			run -2 "$INITVIZ" $options $second
			[[ ${lines[0]} == *"contradicts --weights"* ]]
		done
	done
	for second in "--layers 784-50-10 --weights net.safetensors" "--weights net.safetensors --layers 784-50-10"; do
		run -2 "$INITVIZ" $options $second
		[[ $output == *"its widths are not those of layers, 784-50-10"* ]]
	done
	"$INITVIZ" $options --layers 784-20-20-10 --weights net.safetensors > out
	"$INITVIZ" $options --set init.2=zeros --weights net.safetensors > out
	run -2 "$INITVIZ" $options --weights net.safetensors --sweep 'init=he,lecun'
	[[ $output == *"init contradicts weights"* ]]
	run -2 "$INITVIZ" $options --weights net.safetensors -c 'depth 5'
	[[ $output == *"the weights that are loaded fix the layers"* ]]
}

@test "the cure of a loaded net names what it does to the weights, and is no nonsense" {
	"$INITVIZ" --no-config --headless -d digits -n 0 --layers '*-50-50-*' --init 'normal(0,2)' --save-weights net.safetensors > out
	"$INITVIZ" --no-config --headless -d digits -n 0 --weights net.safetensors -c 'cure apply' -c recreate --snapshot screen.txt > out
	run ! grep -q "weights net.safetensors" screen.txt
	run -0 "$INITVIZ" --no-config -d digits -n 0 --weights net.safetensors --cure
	[[ $output == *"for the loaded weights"* ]]
	[[ $output != *nan* && $output != *NaN* ]]
}

@test "NumPy reads weights and the probe as npz, and --weights the same numbers" {
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	needs_zip
	net
	for suffix in npz safetensors; do
		"$INITVIZ" --no-config --headless -d digits -n 5 -a relu --weights net.safetensors --save-weights a.$suffix --save-probe b.$suffix > out
	done
	"$PYTHON" - <<-'END'
		import json
		import numpy as np
		for name in "ab":
		    data = open(name + ".safetensors", "rb").read()
		    size = int.from_bytes(data[:8], "little")
		    header = json.loads(data[8:8 + size])
		    header.pop("__metadata__")
		    arrays = np.load(name + ".npz")
		    assert set(arrays.files) == set(header)
		    for key, entry in header.items():
		        begin, end = entry["data_offsets"]
		        array = arrays[key]
		        assert list(array.shape) == entry["shape"] and array.tobytes() == data[8 + size + begin:8 + size + end]
		arrays = np.load("a.npz")
		np.savez("half.npz", **{key: arrays[key].astype("f2") for key in arrays.files})
	END
	for file in a.npz a.safetensors; do
		"$INITVIZ" --no-config --headless -d digits -n 0 -a relu --weights $file --save-weights c.npz > out
		mv c.npz "$file.again"
	done
	unzip -qqp a.npz.again > one
	unzip -qqp a.safetensors.again > other
	cmp one other
	"$INITVIZ" --no-config --headless -d digits -n 0 -a relu --weights half.npz > out
	(ulimit -f 10; run -4 "$INITVIZ" --headless -d digits -n 0 --save-weights full.npz)
	[ ! -e full.npz ]
}

@test "bad safetensors files: one clear line" {
	local entry='"dtype":"F32","shape":[1,2],"data_offsets"'
	printf 'no' > bad.safetensors
	refuses "bad.safetensors: is text, which is not read as weights"
	printf '\377\377\377\377\377\377\377\177{}' > bad.safetensors
	refuses "the file is truncated or damaged"
	pack '{"a":{'"$entry"':[0,8]}' 12345678
	refuses "the header is not JSON"
	pack "{\"a\":$(printf '[%.0s' {1..5000})" 12345678
	refuses "the header is not JSON"
	pack '{"a":{'"$entry"':[0,8]},"a":{'"$entry"':[0,8]}}' 12345678
	refuses "duplicate"
	pack '{"a":{'"$entry"':[0,8]},"b":{'"$entry"':[4,12]}}' 123456789012
	refuses "arrays overlap"
	pack '{"a":{'"$entry"':[4,12]}}' 123456789012
	refuses "bytes that belong to no array"
	pack '{"a":{'"$entry"':[0,8]}}' 1234
	refuses "outside the file"
	pack '{"a":{'"$entry"':[8,0]}}' 12345678
	refuses "outside the file"
	pack '{"a":{'"$entry"':[-8,0]}}' 12345678
	refuses "outside the file"
	pack '{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}'
	refuses "shape is not a list of sizes"
	pack '{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,8]}}' 12345678
	refuses "do not fit its dtype and shape"
	pack '{"a":{"dtype":"F31","shape":[1,2],"data_offsets":[0,8]}}' 12345678
	refuses "not one of the safetensors format"
	pack '{"a":{"dtype":"F32","shape":"x","data_offsets":[0,8]}}' 12345678
	refuses "must have dtype, shape and data_offsets"
	pack '{"__metadata__":[],"a":{'"$entry"':[0,8]}}' 12345678
	refuses "must be an object of strings"
	pack '{}'
	refuses "there is no matrix of numbers"
	pack '{"\u001b[31m\u202e":{"dtype":"F31","shape":[1,2],"data_offsets":[0,8]}}' 12345678
	refuses '\x1b[31m'
	pack "{\"$(printf 'n%.0s' {1..300})\":{$entry:[0,8]}}" 12345678
	refuses "the name is too long"
}

@test "a saved run of a file of weights is replayed" {
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	net
	"$INITVIZ" --no-config --headless -d digits -n 0 -a relu --weights net.safetensors --record run.jsonl --format json > before
	"$INITVIZ" --replay run.jsonl --headless --format json > after
	cmp before after
}

# ---- one layer's weights from an array ----

arrays() { # net.npz, one.npy and net.safetensors, of NumPy's numbers
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	"$PYTHON" - <<-'END'
		import json
		import numpy as np
		random = np.random.default_rng(0)
		w = (random.normal(size=(100, 100)) * 0.3).astype("f4")  # (outputs, inputs)
		wide = (random.normal(size=(60, 100)) * 0.1).astype("f4")
		np.savez("net.npz", **{"fc1.weight": w, "wide": wide, "bias": np.zeros(100, "f4"), "kernel": w.T.copy(),
		                       "whole": np.zeros((100, 100), "i4")})
		np.save("one.npy", w)
		np.save("a, (b).npy", w)
		np.save("fortran.npy", np.asfortranarray(w.astype(">f8")))
		np.save("turned.npy", wide.T.copy())
		header = json.dumps({"fc1.weight": {"dtype": "F32", "shape": [100, 100], "data_offsets": [0, 40000]}}).encode()
		open("net.safetensors", "wb").write(len(header).to_bytes(8, "little") + header + w.tobytes())
	END
}

# from ARRAY [OPTION...]: a net whose layer 2 begins at the array; its weights are in saved.safetensors.
from() {
	local array=$1
	shift
	run_apart --no-config --headless -d digits -n 0 --set "init.2=file($array)" --format json --save-weights saved.safetensors "$@"
}

# saved_is NUMPY: layer 2's saved matrix, (outputs, inputs), is this expression of the arrays.
saved_is() {
	"$PYTHON" - "$1" <<-'END'
		import json, sys
		import numpy as np
		data = open("saved.safetensors", "rb").read()
		size = int.from_bytes(data[:8], "little")
		entry = json.loads(data[8:8 + size])["2.weight"]
		begin, end = entry["data_offsets"]
		saved = np.frombuffer(data[8 + size + begin:8 + size + end], "f4").reshape(entry["shape"])
		assert np.array_equal(saved, eval(sys.argv[1])), saved
	END
}

@test "init.2=file(PATH,NAME) is the array's matrix, transposed as torch has it; theory uses its measured variance" {
	needs_zip
	arrays
	for array in net.npz,fc1.weight net.npz,kernel net.safetensors,fc1.weight net.safetensors one.npy 'a, (b).npy' fortran.npy; do
		from "$array"
		[ "$status" -eq 0 ] || { echo "$array: $errors"; false; }
		saved_is 'np.load("one.npy")'
		json 'objects[0]["layers"][1]["initializer"] == "file('"$array"')"'
	done
	variance=$("$PYTHON" -c 'import numpy as np; print(float(np.load("one.npy").astype("f8").var()))')
	json "abs(objects[0]['layers'][1]['w']['variance'] / $variance - 1) < 1e-6"
	# theory: E[z^2] = fan_in E[a^2] Var(W) of the layer before it
	json "abs(objects[0]['layers'][1]['theory']['z_mean_square'] / (100 * objects[0]['layers'][0]['theory']['a_mean_square'] * $variance) - 1) < 1e-3"
	from net.npz,wide --layers 784-100-60-10
	[ "$status" -eq 0 ]
	saved_is 'np.load("net.npz")["wide"]'
	from turned.npy --layers 784-100-60-10 # (inputs, outputs), and nothing else fits
	[ "$status" -eq 0 ]
	saved_is 'np.load("net.npz")["wide"]'
}

@test "init.2=file() comes back from recreate, from a saved run, and by undo" {
	arrays
	from net.safetensors,fc1.weight
	first=$output
	run_apart --no-config --headless -d digits -n 0 --set 'init.2=file(a, (b).npy)' -c recreate --snapshot - --size 160x24
	line=$(grep -o "initviz -s .*" <<< "$output" | sed 's/ *$//')
	[[ $line == *"--set 'init.2=file(a, (b).npy)'"* ]]
	eval "${line/initviz/\"$INITVIZ\"} --no-config --format json" > again
	diff <(json_layer2 <<< "$first") <(json_layer2 < again)
	"$INITVIZ" --no-config --headless -d digits -n 0 --set 'init.2=file(one.npy)' --record run.jsonl > /dev/null
	rm one.npy # a saved run reads no file
	run_apart --replay run.jsonl --headless --format json
	[ "$status" -eq 0 ]
	json 'objects[0]["layers"][1]["initializer"] == "file(one.npy)"'
	run_apart --no-config --headless -d digits -n 0 -c 'init.2 file(net.safetensors)' -c 'init.2 none' -c undo -c 'expect w2.variance 0.08 0.1'
	[ "$status" -eq 0 ] || { echo "$errors"; false; }
}

json_layer2() {
	"$PYTHON" -c 'import json, sys; print(json.loads(sys.stdin.readline())["layers"][1]["w"])'
}

@test "init.2=file() that is no matrix of the layer's shape is refused in one line" {
	needs_zip
	arrays
	no() { # no STATUS ARRAY WORDS
		from "$2"
		echo "$2: $status: $errors"
		[ "$status" -eq "$1" ]
		[[ $(head -n 1 <<< "$errors") == "initviz: init.2: "*"$3"* ]]
		[ "$(grep -vc "^Try 'initviz" <<< "$errors")" -eq 1 ]
	}
	rm -f saved.safetensors
	no 3 net.npz "there are 3 matrices in it: name one, as in file(PATH,NAME)"
	no 3 net.npz,wide "'wide' is 60 x 100, but the layer has 100 inputs and 100 outputs, as torch writes it 100 x 100"
	no 3 net.npz,bias "'bias' is no matrix of floating-point numbers"
	no 3 net.npz,whole "'whole' is no matrix of floating-point numbers"
	no 3 net.npz,nothing "no array is called 'nothing'"
	no 3 nowhere.npz,x "nowhere.npz: cannot be read: No such file"
	no 3 /etc,x "is a directory"
	head -c 20000 one.npy > cut.npy
	no 3 cut.npy "truncated"
	no 2 "" "is not valid: give file(PATH,NAME)"
	no 2 $'\e]0;title\a.npy' "is not valid: give a path and a name of printable ASCII characters"
	[ ! -e saved.safetensors ]
}

@test "file() for all layers, or for biases, is refused with the setting that takes it" {
	for setting in init output-init branch-init bias-init bias-init.2; do
		run_apart --no-config --headless -d digits -n 0 --set "$setting=file(net.npz,w)"
		echo "$setting: $status: $errors"
		[ "$status" -eq 2 ]
		[[ $errors == "initviz: $setting: file(PATH,NAME) is for the weights of one layer: give its number, as in init.2=file(net.npz,w)"* ]]
	done
}

@test "arrays of an npz that are no weights, of any type and shape, are passed over" {
	needs_zip
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	"$PYTHON" - <<-'END'
		import numpy as np
		draw = np.random.default_rng(1).normal
		w = [draw(0, 0.05, (32, 784)), draw(0, 0.2, (10, 32))]
		others = dict(steps=np.int64(5), loss=np.float64(2.3), names=np.array(["a", "b"]), options=np.array({"lr": 1}, dtype=object),
		              spectrum=np.ones(3, "c8"), video=np.ones((2, 1, 1, 1, 2)), rows=np.zeros(2, [("a", "f4"), ("b", "i4")]),
		              quad=np.ones(2, np.longdouble), time=np.array(["2026-01-01"], "M8[D]"))
		np.savez("plain.npz", W1=w[0], W2=w[1])
		np.savez("mixed.npz", **others, W1=w[0], W2=w[1])
		np.save("names.npy", others["names"])
	END
	for file in plain mixed; do
		"$INITVIZ" --no-config --headless -d digits -n 0 --weights $file.npz --save-weights out.npz > $file.text
		mv out.npz $file-out.npz
		"$INITVIZ" --no-config --headless -d digits -n 0 --width 32 --set "init.1=file($file.npz,W1)" > $file.one
	done
	"$PYTHON" -c "import numpy as np
a, b = np.load('plain-out.npz'), np.load('mixed-out.npz')
assert a.files == b.files and all((a[n] == b[n]).all() for n in a.files)"
	cmp <(tail -n +2 plain.one) <(tail -n +2 mixed.one)
	for name in steps names options spectrum video rows; do
		run -3 "$INITVIZ" --no-config --headless -d digits -n 0 --width 32 --set "init.1=file(mixed.npz,$name)"
		[[ $output == *"'$name' is no matrix of floating-point numbers" ]]
	done
	run -3 "$INITVIZ" --no-config --headless -d digits -n 0 --weights names.npy
	[[ $output == *"holds text: save numbers"* ]]
}

@test "an array that belongs to a layer by its name or rank is never left out without a word" {
	needs_zip
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	"$PYTHON" - <<-'END'
		import numpy as np
		draw = np.random.default_rng(1).normal
		w = [draw(0, 0.05, (32, 784)), draw(0, 0.2, (32, 32)), draw(0, 0.2, (10, 32))]
		net = {"0.weight": w[0], "0.bias": np.ones(32), "2.weight": w[1], "2.bias": np.ones(32), "4.weight": w[2]}
		biases = {"whole": np.ones(32, "i4"), "complex": np.ones(32, "c8"), "text": np.array(["a"] * 32), "cube": np.ones((1, 1, 32)), "good": np.ones(32)}
		for name in biases: np.savez(name + ".npz", **dict(net, **{"2.bias": biases[name]}))
		np.savez("quantized.npz", **dict(net, **{"2.weight": np.ones((32, 32), "i1")}))
		np.savez("two.npz", **net, **{"other.weight": np.ones((3, 3), "i1")})
	END
	for file in whole complex text cube; do
		run "$INITVIZ" --no-config --headless -d digits -n 0 --weights $file.npz --format csv -o out.csv
		echo "$file: $output"
		[ "$output" = "initviz: warning: $file.npz: '2.bias' is no vector of floating-point numbers: it is not used" ]
	done
	run "$INITVIZ" --no-config --headless -d digits -n 0 --weights good.npz --format csv -o out.csv
	[ -z "$output" ]
	run "$INITVIZ" --no-config --headless -d digits -n 0 --weights quantized.npz --format csv -o out.csv
	[[ $output == *"quantized.npz: '2.weight' is no matrix of floating-point numbers: it is not used"* ]]
	run "$INITVIZ" --no-config --headless -d digits -n 0 --weights two.npz:0 --format csv -o out.csv
	[[ $output != *other* ]]
}

@test "an npz whose arrays unpack to more than 2 GiB is refused before any of it is read" {
	needs_zip
	# three members of 1 GiB of zeros in 1 MB each: one piece of deflate, repeated
	python3 - <<-'END'
		import struct, zlib
		head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (16384, 16384), }"
		head = b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + head.ljust(117) + b"\n"
		packer = zlib.compressobj(9, zlib.DEFLATED, -15)
		data = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
		packer = zlib.compressobj(9, zlib.DEFLATED, -15)
		data += (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)) * 1024 + b"\x03\x00"
		size, out, directory = 128 + (1 << 30), b"", b""
		for name in (b"w1.npy", b"w2.npy", b"w3.npy"):
		    both = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, 0, len(data), size, len(name), 0)
		    directory += b"PK\1\2\x14\0" + both + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name
		    out += b"PK\3\4" + both + name + data
		end = struct.pack("<HHHHIIH", 0, 0, 3, 3, len(directory), len(out), 0)
		open("bomb.npz", "wb").write(out + directory + b"PK\5\6" + end)
	END
	(
		ulimit -v 1000000
		run_apart --no-config --headless -d digits -n 0 --weights bomb.npz
		[ "$status" -eq 3 ]
		[ "$errors" = "initviz: bomb.npz: its arrays unpack to more than the 2 GiB that are read: save only the weights" ]
	)
}

@test "biases that only follow their matrices by number, as Keras's get_weights gives them, are found" {
	needs_zip
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	"$PYTHON" -c 'import numpy as np
draw = np.random.default_rng(1).normal
w = [draw(0, 0.05, (784, 30)), draw(0, 1, 30), draw(0, 0.1, (30, 10)), draw(0, 1, 10)]
np.savez("keras.npz", *w)
np.savez("named.npz", W1=w[0], b1=w[1], W2=w[2], b2=w[3])
np.savez("odd.npz", arr_0=w[0], arr_2=w[1], arr_3=w[2])'
	for name in keras named; do
		"$INITVIZ" --no-config --headless -d digits -n 0 --weights $name.npz --save-weights $name-out.npz > out 2> warnings
		[ ! -s warnings ]
	done
	"$PYTHON" -c "import numpy as np
a, b = np.load('keras-out.npz'), np.load('named-out.npz')
assert a.files == b.files and len(a.files) >= 4 and all((a[n] == b[n]).all() for n in a.files)"
	"$INITVIZ" --no-config --headless -d digits -n 0 --weights odd.npz > out 2> warnings
	grep -q "odd.npz: 'arr_2' belongs to no layer: it is not used" warnings
}

@test "files of other formats are named, with the way to save the weights" {
	save="save the weights with safetensors.torch.save_file or numpy.savez"
	other() { # other BYTES NAME
		printf "$1" > bad.safetensors
		refuses "bad.safetensors: is $2, which is not read as weights: $save"
	}
	other '\x89HDF\r\n\x1a\n00000000' "an HDF5 file"
	other '\x80\x02}q\x00.' "a Python pickle"
	other '{"weights": [1, 2, 3]}' "JSON text"
	other 'one 1\ntwo 2\n' "text"
	printf '\x08\x07\x12\x07pytorch\x1a\x05' > bad.safetensors
	refuses "bad.safetensors: is neither a safetensors file nor one of NumPy (.npz, .npy): $save"
	has_zip || return 0
	python3 -c 'import zipfile
with zipfile.ZipFile("bad.safetensors", "w") as z:
    for name in ("net/data.pkl", "net/data/0", "net/version"): z.writestr(name, "123")'
	refuses "bad.safetensors: is a file of torch.save, a Python pickle, which is never read, because reading it can run any program: save the weights"
	python3 -c 'import zipfile
with zipfile.ZipFile("bad.safetensors", "w") as z:
    for name in ("metadata.json", "config.json", "model.weights.h5"): z.writestr(name, "123")'
	refuses "bad.safetensors: is a Keras model, an HDF5 file in an archive, which is not read: save the weights with numpy.savez(PATH, *model.get_weights())"
}

@test "NumPy finds the same singular values of the Jacobians" {
	PYTHON=$(python_with numpy) || skip "no Python has NumPy"
	local net
	for net in "tanh --depth 3 --init orthogonal" "relu --depth 4 --init he" "linear --depth 8 --init normal(0,0.1)" \
		"gelu --layers 784-40-70-10-90-10 --init lecun --bias-init normal(0,0.3)"; do
		# shellcheck disable=SC2086 # a list of options
		save -n 3 --every 1 --singular 1 --format json -a $net
		"$PYTHON" -B "$abs_top_srcdir/tests/spectra.py" net.safetensors probe.safetensors observations "${net%% *}"
	done
	# of other values it would say so
	run "$PYTHON" -B "$abs_top_srcdir/tests/spectra.py" net.safetensors probe.safetensors observations tanh
	[ "$status" -eq 1 ]
}
