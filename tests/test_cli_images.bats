# What the net says of the images, recomputed by NumPy from the weights and the probe that are saved.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR"
	python=$(python_with numpy) || skip "python3-numpy is not installed"
}

@test "predictions, probabilities and confusions are NumPy's" {
	needs_zip
	for step in 0 30; do
		"$INITVIZ" --headless --data digits --probe 120 -n $step --predictions --format json --save-weights w.npz --save-probe p.npz | tail -1 > last.json
		"$python" - $step <<-'P'
		import json, sys
		import numpy as np
		row = json.loads(open('last.json').read())
		assert row['step'] == int(sys.argv[1])
		w, p = np.load('w.npz'), np.load('p.npz')
		a = p['x'].astype(np.float64)
		layers = sorted({int(k.split('.')[0]) for k in w.files})
		for n, l in enumerate(layers):
		    z = a @ w[f'{l}.weight'].astype(np.float64).T + w[f'{l}.bias']
		    a = 1 / (1 + np.exp(-z))
		z -= z.max(axis=1, keepdims=True)
		q = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
		images = row['images']
		assert len(images['answers']) == 120 and images['classes'] == 10
		for i, answer in enumerate(images['answers']):
		    assert answer['label'] == p['label'][i]
		    assert answer['predicted'] == q[i].argmax()
		    # z is a sum of floats of size 10: 1e-6 of it, and p has a slope of 1/4 at most
		    assert abs(answer['probability'] - q[i].max()) < 2e-5, (answer, q[i])
		    assert abs(answer['truth'] - q[i, p['label'][i]]) < 2e-5, (answer, q[i])
		right = sum(a['predicted'] == a['label'] for a in images['answers'])
		assert abs(row['train_accuracy'] - right / 120) < 1e-12
		counts = images['confusion']
		test = row['test_images'] # none in a first pass
		assert images['confusion_of'] == ('test' if test else 'probe')
		assert sum(c['count'] for c in counts) == images['confusion_images'] == (test or 120)
		right = sum(c['count'] for c in counts if c['label'] == c['predicted'])
		assert abs((row['test_accuracy'] if test else row['train_accuracy']) - right / (test or 120)) < 1e-12
		P
	done
}

@test "a net of NaN has no prediction, and says so" {
	"$INITVIZ" --headless --data digits --probe 20 -n 3 --init 'normal(0,1e6)' --activation relu --depth 8 --predictions --format json | tail -1 > last.json
	"$python" - <<-'P'
	import json
	row = json.loads(open('last.json').read())
	assert row['diverged']
	assert all(a['predicted'] is None and a['probability'] is None for a in row['images']['answers'])
	assert row['images']['confusion'] == [] and row['images']['confusion_images'] == row['test_images']
	P
	"$INITVIZ" --headless --data digits --probe 20 -n 3 --init 'normal(0,1e6)' --activation relu --depth 8 -c 'run' -c 'view images' --snapshot - > screen
	grep -q '→NaN' screen
}

@test "without --predictions the bytes are as before, and no other format has images" {
	"$INITVIZ" --headless --data digits --probe 20 -n 2 --format json > plain
	"$INITVIZ" --headless --data digits --probe 20 -n 2 --predictions --format json | sed -E 's/, ?"images": ?\{.*\}\}$/}/' > images
	cmp plain images
	run_apart --headless --data digits -n 2 --predictions --format csv
	((status == 2))
	[[ $errors == *'add --format json'* ]]
}

@test "inputs that are no square picture are rows of shades" {
	"$python" - <<-'P'
	import random
	random.seed(1)
	with open('f.csv', 'w') as f:
	    f.write('a,b,c,d,label\n')
	    for i in range(300):
	        f.write(','.join('%.3f' % random.gauss(i % 3, 1) for _ in range(4)) + ',%d\n' % (i % 3))
	P
	"$INITVIZ" --headless --data f.csv -n 0 -c 'view images' -c 'image 2' --snapshot - > screen
	grep -q 'no picture: the inputs are no square' screen
	grep -Eq '^ +2 [012].* % +[ ░▒▓█]{1,4} ' screen
}

@test "a saved run keeps no images" {
	"$INITVIZ" --headless --data digits -n 2 --record run.jsonl > /dev/null
	run -0 "$INITVIZ" --headless --replay run.jsonl -c 'view images' --snapshot -
	[[ $output == *'A saved run has no images'* ]]
	run_apart --headless --replay run.jsonl -c 'image 3' --snapshot -
	((status == 2))
	[[ $errors == *'a saved run has no images'* ]]
}
