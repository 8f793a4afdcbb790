# TensorBoard's event files, read by protobuf's own decoder with TensorFlow's field numbers.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR"
	"$INITVIZ" --version | grep -q '^TensorBoard  *protobuf-c' || skip "built without protobuf-c"
}

write_reader() {
	cat > events.py <<-'P'
	# events(file): the events of a file, after a check of lengths; field numbers from TensorFlow's
	# event.proto, summary.proto, histogram and tensor plugins.
	import struct
	from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
	kinds = {'double': 1, 'float': 2, 'int64': 3, 'int32': 5, 'string': 9, 'bytes': 12}
	messages = {
	    'Event': 'wall_time:1:double step:2:int64 file_version:3:string summary:5:Summary',
	    'Summary': 'value:1:*Value',
	    'Value': 'tag:1:string simple_value:2:float tensor:8:Tensor metadata:9:Metadata',
	    'Metadata': 'plugin_data:1:Plugin display_name:2:string summary_description:3:string data_class:4:int32',
	    'Plugin': 'plugin_name:1:string content:2:bytes',
	    'Tensor': 'dtype:1:int32 tensor_shape:2:Shape tensor_content:4:bytes float_val:5:*float double_val:6:*double',
	    'Shape': 'dim:2:*Dim', 'Dim': 'size:1:int64'}
	file = descriptor_pb2.FileDescriptorProto(name='t.proto', package='t', syntax='proto3')
	for name, fields in messages.items():
	    m = file.message_type.add(name=name)
	    for field in fields.split():
	        label, number, kind = field.split(':')
	        f = m.field.add(name=label, number=int(number), label=3 if kind[0] == '*' else 1)
	        kind = kind.lstrip('*')
	        if kind in kinds: f.type = kinds[kind]
	        else: f.type, f.type_name = 11, '.t.' + kind
	pool = descriptor_pool.DescriptorPool()
	pool.Add(file)
	Event = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName('t.Event'))
	def events(name):
	    data, at = open(name, 'rb').read(), 0
	    while at < len(data):
	        length = struct.unpack_from('<Q', data, at)[0]
	        yield Event.FromString(data[at + 12:at + 12 + length])
	        at += 16 + length
	    assert at == len(data)
	P
}

@test "scalars and histograms are those of JSON" {
	python=$(python_with google.protobuf) || skip "python3-protobuf is not installed"
	write_reader
	"$INITVIZ" -d digits -a relu --init he -n 20 --every 10 --tensorboard runs -o run.jsonl
	"$python" - runs/*/*tfevents* <<-'P'
	import json, sys
	from events import events
	seen = list(events(sys.argv[1]))
	assert seen[0].file_version == 'brain.Event:2' and seen[0].wall_time > 1.6e9
	rows = [json.loads(line) for line in open('run.jsonl')]
	assert [e.step for e in seen[1:]] == [r['step'] for r in rows] == [0, 10, 20]
	for event, row in zip(seen[1:], rows):
	    values = {v.tag: v for v in event.summary.value}
	    assert len(values) == len(event.summary.value)
	    def near(tag, number):
	        v = values[tag]
	        assert v.metadata.plugin_data.plugin_name == 'scalars' and v.metadata.data_class == 1
	        assert v.tensor.dtype == 1 and len(v.tensor.tensor_shape.dim) == 0
	        assert abs(v.tensor.float_val[0] - number) <= 1e-6 * abs(number), (tag, v.tensor.float_val, number)
	    near('loss', row['loss']); near('acc', row['train_accuracy']); near('test_acc', row['test_accuracy'])
	    near('input_var', row['input']['variance'])
	    for i, layer in enumerate(row['layers'], 1):
	        near('mat_mul_var_%d' % i, layer['z']['variance'])
	        near('fc_out_var_%d' % i, layer['a']['variance'])
	        near('theory/z_mean_square_%d' % i, layer['theory']['z_mean_square'])
	        if i < len(row['layers']): near('saturation_%d' % i, layer['saturated'])
	        if row['step']: near('update_ratio_%d' % i, layer['update_ratio'])
	        else: assert 'update_ratio_%d' % i not in values
	        near('delta_rms_%d' % i, layer['delta']['mean_square'] ** .5)
	        for tag, tensor in ('mat_mul_hist_', 'z'), ('fc_out_', 'a'), ('weights_', 'w'), ('deltas_', 'delta'), ('gradients_', 'dw'):
	            v, h = values[tag + str(i)], layer[tensor]
	            assert v.metadata.plugin_data.plugin_name == 'histograms' and v.tensor.dtype == 2
	            rows_, columns = [d.size for d in v.tensor.tensor_shape.dim]
	            assert columns == 3 and len(v.tensor.double_val) == 3 * rows_
	            left, right, count = v.tensor.double_val[0::3], v.tensor.double_val[1::3], v.tensor.double_val[2::3]
	            assert sum(count) == h['n'] - h['nan'] - h['inf'], (tag, i)
	            mean = sum((l + r) / 2 * c for l, r, c in zip(left, right, count)) / sum(count)
	            assert abs(mean - h['mean']) <= max(r - l for l, r, c in zip(left, right, count) if c), (tag, i)
	P
}

@test "each run has a folder of its own, named by its scenario" {
	printf 'run\nscenario full_train_variance\nrun\nreset\nrun\n' > s
	"$INITVIZ" -d digits -n 5 --tensorboard runs --script s
	[ "$(ls runs | tr '\n' ' ')" = "full_train_normal full_train_variance full_train_variance-2 " ]
	[ "$(find runs -name '*tfevents*' | wc -l)" -eq "$(ls runs | wc -l)" ]
}

@test "a folder that has something is refused, one that cannot be made, too; an empty one is taken" {
	mkdir full empty
	touch full/x
	run --separate-stderr "$INITVIZ" -d digits -n 0 --tensorboard full
	[ "$status" -eq 4 ]
	[[ "$stderr" == *"full: is not an empty folder"*"give a new one"* ]]
	[ "$(ls full)" = x ]
	run "$INITVIZ" -d digits -n 0 --tensorboard none/folder
	[ "$status" -eq 4 ]
	"$INITVIZ" -d digits -n 0 --tensorboard empty
	[ "$(ls empty)" = full_train_normal ]
	run --separate-stderr "$INITVIZ" --data nowhere --tensorboard fresh
	[ "$status" -eq 3 ]
	[ ! -e fresh ]
}

@test "a full disk leaves whole records" {
	python=$(python_with google.protobuf) || skip "python3-protobuf is not installed"
	write_reader
	run --separate-stderr bash -c "ulimit -f 200; exec '$INITVIZ' -d digits -n 20 --every 1 --tensorboard runs"
	[ "$status" -eq 4 ]
	[[ "$stderr" == *"cannot write"* ]]
	"$python" -c "from events import *; import sys; assert len(list(events(sys.argv[1]))) >= 2" runs/*/*tfevents*
}

@test "a net that diverged has NaN, not a gap" {
	python=$(python_with google.protobuf) || skip "python3-protobuf is not installed"
	write_reader
	"$INITVIZ" -d digits -a relu --init normal --depth 40 -n 3 --every 1 --tensorboard runs
	"$python" - runs/*/*tfevents* <<-'P'
	import math, sys
	from events import events
	last = list(events(sys.argv[1]))[-1]
	loss = [v for v in last.summary.value if v.tag == 'loss'][0]
	assert not math.isfinite(loss.tensor.float_val[0])
	P
}
