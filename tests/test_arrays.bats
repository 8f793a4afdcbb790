# Data sets from NumPy and as CSV: written by numpy and python3's csv, read as the same numbers.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

# numpy SCRIPT: run by a python3 that has numpy, as np.
numpy() {
	local python
	python=$(python_with numpy) || skip "python3 with numpy is not installed"
	"$python" -c "import numpy as np
$1"
}

# A run of no steps on the data, whose net is small.
look() {
	run_apart -d "$1" --layers '*-4-*' -b 4 --probe 12 -n 0 --format json "${@:2}"
}

works() {
	look "$@"
	[ "$status" -eq 0 ] || { echo "$status: $errors"; return 1; }
}

# refused DATA TEXT...: as input, in one line with the texts.
refused() {
	local text
	look "$1"
	[ "$status" -eq 3 ] || { echo "$status: $errors"; return 1; }
	[ "$(wc -l <<< "$errors")" -eq 1 ] || { echo "$errors"; return 1; }
	for text in "${@:2}"; do
		[[ $errors == *"$text"* ]] || { echo "'$text' is not in: $errors"; return 1; }
	done
}

# The numbers of the run, without the name of the data.
numbers() {
	sed -E 's/"data":"[^"]*"//' <<< "$output" | cksum
}

# 60 + 20 images of 5 x 4 bytes and their labels, 0 to 3: x, y, u, v.
images='
r = np.random.default_rng(7)
x = (r.integers(0, 256, (60, 5, 4)) * (r.random((60, 5, 4)) < 0.4)).astype("u1")
u = (r.integers(0, 256, (20, 5, 4)) * (r.random((20, 5, 4)) < 0.4)).astype("u1")
y, v = np.arange(60) % 4, np.arange(20) % 4
names = dict(x_train=x, y_train=y, x_test=u, y_test=v)
def idx(name, a):
    head = bytes([0, 0, 8, a.ndim]) + b"".join(n.to_bytes(4, "big") for n in a.shape)
    open(name, "wb").write(head + a.astype("u1").tobytes())
def table(name, a, b, head=True):
    with open(name, "w") as f:
        if head: f.write("label," + ",".join("pixel%d" % i for i in range(a[0].size)) + "\n")
        for s, t in zip(a, b): f.write(",".join(map(str, [t] + s.ravel().tolist())) + "\n")
import os
'

# The same as IDX files, in idx/; its numbers are in $wanted.
as_idx() {
	numpy "$images
os.mkdir('idx')
for n, a in zip(('train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'), (x, y, u, v)): idx('idx/%s-ubyte' % n, a)"
	works idx
	wanted=$(numbers)
}

same() {
	works "$@"
	[ -z "$errors" ] || { echo "$errors"; return 1; }
	[ "$(numbers)" = "$wanted" ] || { echo "other numbers: $*"; return 1; }
}

# ---- layouts ----

@test "an npz file gives the numbers of the IDX files, compressed or not, under Keras's and other names" {
	needs_zip
	as_idx
	numpy "$images
os.mkdir('folder'); os.mkdir('mnist')
np.savez('a.npz', **names)
np.savez_compressed('b.npz', **{k: np.asfortranarray(a) for k, a in names.items()})
np.savez('c.npz', train_images=x, train_labels=y.astype('>i2'), val_images=u, val_labels=v, test_images=u, test_labels=v[:, None].astype('u1'))
np.savez('d.npz', x_train=x.reshape(60, -1), y_train=y, x_test=u.reshape(20, -1), y_test=v)
np.savez('folder/other.npz', **names)
np.savez('mnist/mnist.npz', **names)
np.savez('mnist/more.npz', x=x, y=y)"
	gzip -k a.npz
	mv a.npz.gz e
	for name in [abcd].npz ./e folder ./mnist; do
		same "$name"
	done
	INITVIZ_DATA=$PWD/a.npz run_apart --layers '*-4-*' -b 4 --probe 12 -n 0 --format json
	[ "$(numbers)" = "$wanted" ]
	mkdir -p cache/initviz/mnist
	mv a.npz cache/initviz/mnist
	XDG_CACHE_HOME=$PWD/cache run_apart -d mnist --layers '*-4-*' -b 4 --probe 12 -n 0 --format json
	[ "$status" -eq 0 ]
	[[ $errors == *"not the published numbers of MNIST: the data are modified"* ]]
}

@test "npy files give the numbers of the IDX files, in a directory, packed or not" {
	as_idx
	numpy "$images
os.mkdir('files')
for k, a in names.items(): np.save('files/%s.npy' % k, a)"
	same files
	gzip files/x_train.npy files/y_test.npy
	same files
	mkdir upper
	mv files/x_train.npy.gz upper/X_Train.npy.gz
	mv files/y_train.npy upper/Y-train.npy
	mv files/*test* upper
	same upper
}

@test "CSV gives the numbers of the IDX files, with or without header, packed or not" {
	as_idx
	numpy "$images
os.mkdir('kaggle'); os.mkdir('plain')
table('kaggle/mnist_train.csv', x, y); table('kaggle/mnist_test.csv', u, v)
table('plain/train.csv', x, y, False); table('plain/test.csv', u, v, False)"
	same kaggle
	same plain
	gzip plain/*
	same plain
	same kaggle/mnist_train.csv,kaggle/mnist_test.csv
	sed -i 's/$/\r/; s/,/;/g' kaggle/*
	same kaggle
}

@test "MNIST itself, converted, is recognized and gives the bytes of the IDX files' JSON" {
	[ -n "${INITVIZ_TEST_MNIST-}" ] || skip "INITVIZ_TEST_MNIST does not name MNIST"
	numpy "
import gzip, os
src = os.environ['INITVIZ_TEST_MNIST']
def read(name):
    path = os.path.join(src, name)
    d = gzip.open(path + '.gz').read() if os.path.exists(path + '.gz') else open(path, 'rb').read()
    shape = [int.from_bytes(d[4 + 4 * i:8 + 4 * i], 'big') for i in range(d[3])]
    return np.frombuffer(d, 'u1', offset=4 + 4 * d[3]).reshape(shape)
x, y, u, v = map(read, ('train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'))
os.mkdir('npy'); os.mkdir('csv')
names = dict(x_train=x, y_train=y, x_test=u, y_test=v)
np.savez_compressed('mnist.npz', **names)
for k, a in names.items(): np.save('npy/%s.npy' % k, a)
for n, a, b in (('train', x, y), ('test', u, v)):
    np.savetxt('csv/mnist_%s.csv' % n, np.hstack([b[:, None], a.reshape(len(a), -1)]), fmt='%d', delimiter=',',
               header='label,' + ','.join('%dx%d' % (i // 28 + 1, i % 28 + 1) for i in range(784)), comments='')"
	local wanted name
	run_apart -d "$INITVIZ_TEST_MNIST" -n 20 --format json
	json 'objects[-1]["data"] == "MNIST" and objects[-1]["step"] == 20'
	wanted=$output
	for name in npy csv mnist.npz; do
		[ "$name" != mnist.npz ] || has_zip || continue
		run_apart -d "$name" -n 20 --format json
		[ -z "$errors" ]
		[ "$output" = "$wanted" ] || { echo "other bytes: $name"; false; }
	done
}

# ---- vectors that are no pictures ----

# 150 samples of 4 features and 3 classes, as iris has them: data, target.
iris='
r = np.random.default_rng(1)
target = np.repeat(np.arange(3), 50)
data = (np.array([[5, 3.4, 1.5, .2], [5.9, 2.8, 4.3, 1.3], [6.6, 3, 5.6, 2]])[target] + r.normal(0, .3, (150, 4))).round(1)
'

@test "a table of four features and three classes by name is trained on, split by a seed" {
	numpy "$iris
kinds = ['setosa', 'versicolor', 'virginica']
with open('iris.csv', 'w') as f:
    f.write('a,b,c,d,species\n')
    for s, t in zip(data, target): f.write(','.join('%.1f' % e for e in s) + ',' + kinds[t] + '\n')
np.save('data.npy', data); np.save('target.npy', target); np.save('other.npy', target)"
	local rest=(--scale feature --layers '*-16-*' -a tanh --init xavier --optimizer 'adam(lr=0.02)' -b 20 --probe 50 -n 150 --format json) wanted
	run_apart -d iris.csv "${rest[@]}"
	[ "$status" -eq 0 ]
	[ -z "$errors" ]
	json 'objects[-1]["data"] == "iris.csv" and objects[-1]["test_images"] == 30 and objects[-1]["test_accuracy"] >= 0.9'
	json '[(l["fan_in"], l["fan_out"]) for l in objects[0]["layers"]] == [(4, 16), (16, 3)]'
	wanted=$(numbers)
	for data in data.npy data.npy,target.npy data.npy,other.npy; do # the labels by their name, or given
		run_apart -d "$data" "${rest[@]}"
		[ "$(numbers)" = "$wanted" ]
	done
	run_apart -d iris.csv "${rest[@]}" --split-seed 2
	[ "$(numbers)" != "$wanted" ]
	run_apart -d iris.csv "${rest[@]}" --test-percent 50
	json 'objects[-1]["test_images"] == 75'
	run_apart -d iris.csv --test-percent 100 -n 0 --headless
	[ "$status" -eq 2 ]
}

# The probe has all training samples, so that its moments are those of the split.
@test "scalings of floats are what numpy computes" {
	numpy "
r = np.random.default_rng(3)
x = r.normal([[10, -3, 0]], [[2, .5, 1e-3]], (30, 3)).astype('f4'); x[:, 2] += 1e6
np.save('x_train.npy', x); np.save('y_train.npy', np.arange(30) % 2)
np.save('x_test.npy', x[:5]); np.save('y_test.npy', np.arange(5) % 2)
t = x[2:].astype('f8') # the first twelfth validates
open('raw', 'w').write('%r %r\n' % (t.mean(), (t ** 2).mean()))"
	local raw
	read -ra raw < raw
	look . --probe 28
	json "abs(objects[0]['input']['mean'] / ${raw[0]} - 1) < 1e-6 and abs(objects[0]['input']['mean_square'] / ${raw[1]} - 1) < 1e-6"
	look . --probe 28 --scale raw
	json "abs(objects[0]['input']['mean'] / ${raw[0]} - 1) < 1e-6"
	look . --probe 28 --scale symmetric
	json "abs(objects[0]['input']['mean'] / (2 * ${raw[0]} - 1) - 1) < 1e-6"
	look . --probe 28 --scale standard
	json 'abs(objects[0]["input"]["mean"]) < 1e-4 and abs(objects[0]["input"]["variance"] - 1) < 1e-4'
}

@test "each feature has mean 0 and variance 1 under --scale feature, of bytes too; a constant one is 0" {
	numpy "
r = np.random.default_rng(3)
for name, type in (('f', 'f4'), ('b', 'u1')):
    x = np.stack([r.integers(0, 200, 24), 100 + r.integers(0, 9, 24), np.full(24, 7)], 1).astype(type)
    np.savez(name + '.npz', x_train=x, y_train=np.arange(24) % 2, x_test=x, y_test=np.arange(24) % 2)"
	needs_zip
	for name in f b; do
		works $name.npz --probe 22 --scale feature
		# two of three features vary: the mean square is 2/3, and no feature has a mean
		json 'abs(objects[0]["input"]["mean_square"] - 2 / 3) < 1e-5 and objects[0]["input"]["mean_vector_square"] < 1e-9'
		works $name.npz --probe 22 --scale raw
		json 'objects[0]["input"]["mean"] > 50'
	done
}

@test "NaN and infinite values are counted, said, and shown" {
	numpy "
x = np.ones((24, 2)); x[5, 1] = np.nan; x[7, 0] = np.inf; x[8, 0] = 1e300
np.save('x.npy', x); np.save('y.npy', np.arange(24) % 2)"
	works x.npy --probe 17
	[[ $errors == *"x.npy: 1 NaN and 2 infinite among 48 values (the first: sample 5, feature 1, counted from 0): the net gets them as they are"* ]]
	json 'objects[0]["warnings"][0].startswith("x.npy: 1 NaN and 2 infinite")'
}

@test "bytes that are no pixels of 0 to 255 are reported, because the default scaling makes them small" {
	printf '%s\n' a,b,label 0,16,0 3,9,1 16,2,0 7,7,1 > grades.csv
	works grades.csv
	[ "${errors%%$'\n'*}" = "initviz: warning: grades.csv: whole numbers from 0 to 16, which --scale unit divides by 255 as it does with pixels, so that inputs are small: give --scale standard" ]
	printf '%s\n' a,b,label 0,128,0 3,9,1 16,2,0 7,7,1 > pixels.csv
	works pixels.csv
	[[ $errors != *"divides by 255"* ]]
}

@test "pixels of another type than uint8 are reported, because the default scaling does not divide them" {
	needs_zip
	numpy "
r = np.random.default_rng(3)
x = r.integers(0, 256, (40, 5)); y = np.arange(40) % 3
for name, a in (('whole', x), ('wide', x.astype('f8')), ('bytes', x.astype('u1')), ('unit', x / 255), ('small', x % 100), ('large', x * 2), ('below', x - 1)):
    np.savez(name + '.npz', x=a, y=y)"
	for name in whole wide; do
		works $name.npz
		[ "$errors" = "initviz: warning: $name.npz: x.npy: whole numbers from 0 to 255, as pixels have, but not of type uint8, which --scale unit divides by 255: save them as uint8, or give --scale standard" ]
	done
	for name in bytes unit small large below; do
		works $name.npz
		[ -z "$errors" ] || { echo "$name: $errors"; false; }
	done
}

@test "labels with a gap are reported, and 256 classes are possible" {
	numpy "
np.save('x.npy', np.ones((256, 2))); np.save('y.npy', np.arange(256))
np.save('images.npy', np.ones((24, 2))); np.save('labels.npy', np.arange(24) % 3 * 2)"
	works x.npy
	json 'objects[0]["layers"][-1]["fan_out"] == 256'
	works images.npy
	[[ $errors == *"images.npy: 5 classes, because the largest label is 4 (8 samples, the first is number 2 of images.npy), but no sample has a label of 1, 3"* ]]
}

@test "every view draws a net on vectors that are no pictures" {
	numpy "$iris
np.save('x.npy', data); np.save('y.npy', target)"
	local view
	for view in $("$INITVIZ" --list views | sed -n 's/^\([a-z][a-z]*\) .*/\1/p'); do
		run_apart -d x.npy --scale feature --layers '*-8-8-*' -b 10 -n 20 --every 5 --headless -c "view $view" -c 'step 20' --snapshot "$view.txt" --size 80x24
		[ "$status" -eq 0 ]
		[ "$(wc -l < "$view.txt")" -eq 24 ]
	done
	[ -s layers.txt ]
}

@test "Kaggle's test.csv without labels is left out with a warning" {
	numpy "$images
table('train.csv', x, y)
with open('test.csv', 'w') as f:
    f.write(','.join('pixel%d' % i for i in range(20)) + '\n' + ','.join('1' * 20) + '\n')"
	works . -n 1
	[[ $errors == *"./test.csv: has no labels and is left out: some of the training samples test"* ]]
	json 'objects[0]["test_images"] == 12'
}

# ---- what is refused ----

@test "hostile and damaged arrays are refused in one line" {
	needs_zip
	numpy "
import zipfile, io
x, y = np.ones((24, 2), 'u1'), np.arange(24) % 2
def npy(a):
    b = io.BytesIO(); np.lib.format.write_array(b, a); return b.getvalue()
np.savez('pickle.npz', x=np.array([[1, None]] * 24), y=y)
np.savez('names.npz', one=x, two=y)
np.savez('counts.npz', x=x, y=y[:5])
np.savez('hot.npz', x=x, y=np.eye(3)[y])
np.savez('sizes.npz', x_train=x, y_train=y, x_test=np.ones((4, 3), 'u1'), y_test=y[:4])
np.savez('one.npz', x=x[:1], y=y[:1])
np.savez('good.npz', x=x, y=y)
with zipfile.ZipFile('text.npz', 'w') as z: z.writestr('x.npy', 'text'); z.writestr('y.npy', npy(y))
# a bomb: the header declares 10 bytes, the member goes on for 500 MB
with zipfile.ZipFile('bomb.npz', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('y.npy', npy(y))
    with z.open('x.npy', 'w') as f:
        f.write(npy(x))
        for i in range(500): f.write(bytes(1000000))
# the header declares more than the member has
head = npy(np.zeros((1000, 1000), 'u1'))
with zipfile.ZipFile('short.npz', 'w') as z: z.writestr('x.npy', head[:400]); z.writestr('y.npy', npy(y))
good = open('good.npz', 'rb').read()
at = good.index(b'NUMPY') + 150
open('crc.npz', 'wb').write(good[:at] + b'X' + good[at + 1:])
np.savez('lone.npz', x=x, z=y)
import warnings; warnings.simplefilter('ignore')
with zipfile.ZipFile('twice.npz', 'w') as z:
    for a in (x, 0 * x): z.writestr('x.npy', npy(a))
    z.writestr('y.npy', npy(y))
with zipfile.ZipFile('lzma.npz', 'w', zipfile.ZIP_LZMA) as z: z.writestr('x.npy', npy(x)); z.writestr('y.npy', npy(y))
open('method.npz', 'wb').write(open('lzma.npz', 'rb').read().replace(b'\\x0e\\x00', b'\\x61\\x00'))"
	refused pickle.npz "pickle.npz: x.npy: holds Python objects (a pickle), which are never read"
	refused names.npz "names.npz: no arrays of the names that are known (x_train, y_train, x_test, y_test, or x, y); there are one.npy, two.npy: rename them"
	refused counts.npz "counts.npz: y.npy: 5 labels, but 24 samples in counts.npz: x.npy"
	refused hot.npz "labels of 2 dimensions: one number per sample is needed, as argmax(1) makes of one column per class"
	refused sizes.npz "training samples of 2 features, test samples of 3"
	refused one.npz "one sample: two at least are needed"
	refused text.npz "x.npy: truncated"
	refused bomb.npz "bomb.npz: x.npy: more bytes follow where the header says that the data end"
	refused short.npz "short.npz: x.npy: truncated: the header declares 1000000 bytes of data, there are 400 at most"
	refused crc.npz "crc.npz: x.npy: damaged: CRC error"
	refused lone.npz "lone.npz: x.npy is there, but no labels for it: save them in the same file as y.npy"
	refused twice.npz "twice.npz: x.npy is there twice: keep one of them"
	refused method.npz "method.npz: x.npy: packed by a method that is not read: save it with numpy.savez"
}

@test "labels may be floats that are whole numbers, as numpy.loadtxt makes them" {
	needs_zip
	numpy "
x = np.arange(48.).reshape(24, 2)
y = np.arange(24) % 3
np.savez('whole.npz', x=x, y=y)
for t in ('f2', '<f4', '>f4', 'f8', '>f8'): np.savez('%s.npz' % t.strip('<').replace('>', 'big'), x=x, y=y.astype(t))
for name, value in (('half', 1.5), ('below', -1), ('above', 256), ('nan', np.nan), ('inf', np.inf)):
    z = y.astype('f8'); z[5] = value; np.savez(name + '.npz', x=x, y=z)"
	works whole.npz
	wanted=$(numbers)
	for type in f2 f4 bigf4 f8 bigf8; do
		same $type.npz
	done
	refused half.npz "half.npz: y.npy: label 1.5 of sample 5: whole numbers from 0 to 255 are possible"
	refused below.npz "label -1 of sample 5: whole numbers from 0 to 255"
	refused above.npz "label 256 of sample 5: whole numbers from 0 to 255"
	refused nan.npz "label nan of sample 5: whole numbers from 0 to 255"
	refused inf.npz "label inf of sample 5: whole numbers from 0 to 255"
}

@test "every truncation of an npz file is refused" {
	needs_zip
	numpy "np.savez_compressed('a.npz', x=np.ones((4, 2), 'f4'), y=np.arange(4) % 2)"
	local size=$(wc -c < a.npz) length
	for ((length = 1; length < size; length += 7)); do
		head -c "$length" a.npz > cut.npz
		run_apart -d cut.npz -n 0 --headless
		[ "$status" -eq 3 ] || { echo "$length: $status $errors"; false; }
	done
}

@test "files that are no data set are named" {
	echo '<html>' > page
	refused ./page "./page: is an HTML page, which is not read as a data set"
	printf '\0\0\10\1\0\0\0\1\1' > labels
	refused ./labels "./labels: is an IDX file: give the directory that has all four"
	printf '\1\2\3\4' > other
	refused ./other "./other: not a data set: neither .npz, .npy nor CSV"
	printf '\223NUMPY\1\0' > x.npy
	refused x.npy "x.npy: the labels are missing: give both files, as --data SAMPLES.npy,LABELS.npy"
	refused x.npy,nowhere.npy "x.npy: truncated"
	refused nowhere.csv,there.csv "nowhere.csv: cannot be read: No such file"
	refused nowhere.csv "no such file or directory"
	printf 'label,a\n1,2\n1,x\n' > bad.csv
	refused bad.csv "bad.csv: line 3, column 2: 'x' is not a number"
	printf 'label;a;b\n1;0,5;2\n0;1,5;3\n' > german.csv
	refused german.csv "is not a number: write the decimal point as a dot"
	printf 'label,a\n1,"0,5"\n0,"1,5"\n' > quoted.csv
	refused quoted.csv "'0,5' is not a number: write the decimal point as a dot"
	{ printf 'label,a\n1,2\n'; printf '%.0s1,2\n' {1..200}; printf '1,2\0003\n'; } > nul.csv
	refused nul.csv "nul.csv: line 203, column 2: '2' has a NUL byte: the file is no text, or damaged"
	printf '\377\376l\0a\0,\0b\0' > wide.csv
	refused wide.csv "wide.csv: is text in UTF-16, which is not read as a data set"
	refused , "the name of a file is missing"
	refused ,x.npy "the name of a file is missing"
	refused x.npy, "the name of a file is missing"
	mkfifo pipe
	refused ./pipe "./pipe: is a pipe: give the path of a data file"
}

@test "without libzip an npz file is refused with the way out" {
	! has_zip || skip "built with libzip"
	printf 'PK\3\4' > a.npz
	refused a.npz "built without libzip: unpack data with \`unzip\` and give the directory, save weights as .safetensors"
}
