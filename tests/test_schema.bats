# The JSON Schema, by an independent validator, and the examples of the manual for pandas and R.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR"
}

write_validator() {
	"$INITVIZ" --list schema > schema.json
	cat > validate.py <<-'P'
	import json, sys, jsonschema
	schema = json.load(open('schema.json'))
	jsonschema.Draft202012Validator.check_schema(schema)
	whole = jsonschema.Draft202012Validator(schema)
	def check(row, whole_too=True):
	    # the part for this kind of line, which names the member that is wrong
	    kind = {'initviz/1': 'observation', 'initviz-run/1': 'run', 'initviz-coordinates/1': 'coordinates'}[row['schema']]
	    part = {'$ref': '#/$defs/' + kind, '$defs': schema['$defs']}
	    errors = [str(list(e.absolute_path)) + ': ' + e.message[:200] for e in jsonschema.Draft202012Validator(part).iter_errors(row)]
	    assert not whole_too or whole.is_valid(row) == (not errors)
	    return errors
	P
}

@test "every kind of JSON is as the schema says" {
	python=$(python_with jsonschema) || skip "python3-jsonschema is not installed"
	write_validator
	small=(-d digits -n 4 --every 2 --probe 30)
	"$INITVIZ" "${small[@]}" --format json > a.jsonl
	"$INITVIZ" "${small[@]}" --no-histograms --format json --seed 9007199254740991 > b.jsonl
	"$INITVIZ" "${small[@]}" -a relu --init normal --depth 40 --no-histograms --format json > diverged.jsonl
	"$INITVIZ" "${small[@]}" -a tanh --normalization batch --residual yes --depth 4 --format json > norm.jsonl
	"$INITVIZ" "${small[@]}" -s rezero --no-histograms --format json > branches.jsonl
	"$INITVIZ" "${small[@]}" --init zeros --layers 784-10 --format json > none.jsonl
	"$INITVIZ" "${small[@]}" --predictions --singular 2 --no-histograms --format json > more.jsonl
	"$INITVIZ" -d digits --coordinates 'width=16,32 seed=1,2 steps=2 probe=20' --format json > check.jsonl
	"$INITVIZ" -d digits --init zeros --coordinates 'width=16,32 steps=1 probe=20' --format json > zeros.jsonl
	"$INITVIZ" -d digits --lr 1e6 -a relu --optimizer sgd --coordinates 'width=16,32 steps=4 probe=20' --format json > far.jsonl
	printf 'step 1\nlr *2\nscale 1 2\nrun\n' > s
	"$INITVIZ" "${small[@]}" --script s --record run.jsonl
	"$python" - *.jsonl <<-'P'
	import sys
	from validate import *
	lines = [(name, number, json.loads(line)) for name in sys.argv[1:] for number, line in enumerate(open(name))]
	assert len(lines) >= 20
	for name, number, row in lines:
	    errors = check(row, number == 0)
	    assert not errors, (name, errors[:3])
	P
}

@test "the schema notices a missing, an unknown and an impossible member" {
	python=$(python_with jsonschema) || skip "python3-jsonschema is not installed"
	write_validator
	"$INITVIZ" -d digits -n 0 --format json > a.jsonl
	"$python" - <<-'P'
	import copy
	from validate import *
	good = json.loads(open('a.jsonl').readline())
	def wrong(change):
	    row = copy.deepcopy(good)
	    change(row)
	    assert check(row), change
	assert not check(good)
	wrong(lambda r: r['layers'][0].pop('theory'))
	wrong(lambda r: r['layers'][1]['z'].update(variance=-1))
	wrong(lambda r: r['layers'][0].update(saturated=1.5))
	wrong(lambda r: r['layers'][0]['z'].update(odd=1))
	wrong(lambda r: r.update(step=1.5))
	wrong(lambda r: r['verdict'].update(word=None))
	P
}

# example LANGUAGE: the lines of the manual's example.
example() {
	sed -n "/^\.\\\\\" $1 example/,/^\.Ed/p" "$abs_top_srcdir/man/initviz-output.5" | sed '/^\./d; s/\\e/\\/g; s/\\-/-/g'
}

@test "the manual's example for pandas runs, and reads the same numbers as JSON has" {
	python=$(python_with pandas) || skip "python3-pandas is not installed"
	"$INITVIZ" -d digits -n 20 --every 10 -o run.csv
	"$INITVIZ" -d digits -n 20 --every 10 --no-histograms -o run.json
	example pandas > example.py
	[ "$(wc -l < example.py)" -gt 4 ]
	cat >> example.py <<-'P'
	import json
	rows = [json.loads(line) for line in open('run.json')]
	assert list(table.columns) == [1, 2, 3] and list(table.index) == [0, 10, 20]
	for row in rows:
	    for layer in row['layers']:
	        assert table.loc[row['step'], layer['layer']] == layer['z']['variance']
	# tidy: one row for each step, layer and tensor, whose names find it
	tensors = ["z", "a", "w", "delta", "dw"]
	assert len(run) == 3 * 3 * 5 and list(run.tensor[:5]) == tensors
	whole = run.set_index(["step", "layer", "tensor"], verify_integrity=True)
	for row in rows:
	    for layer in row['layers']:
	        for tensor in tensors:
	            for key in ("n", "mean", "variance", "mean_square", "min", "max"):
	                assert whole.loc[(row['step'], layer['layer'], tensor), key] == layer[tensor][key], (tensor, key)
	P
	"$python" example.py
}

@test "the manual's example for R runs" {
	command -v Rscript > /dev/null || skip "R is not installed"
	"$INITVIZ" -d digits -n 20 --every 10 -o run.csv
	example R > example.r
	[ "$(wc -l < example.r)" -gt 3 ]
	run Rscript --vanilla example.r
	[ "$status" -eq 0 ]
	[[ "$output" == *"20"* ]]
}
