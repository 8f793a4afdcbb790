# Data sets as users really have them: what is read, and the messages about the rest.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
	mkdir set
}

# numbers N...: each as four bytes, the high one first.
numbers() {
	local n
	for n; do
		printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((n >> 24)) $((n >> 16 & 255)) $((n >> 8 & 255)) $((n & 255)))"
	done
}

# images COUNT: that many of 2 x 2 pixels, with a header.
images() {
	numbers 0x803 "$1" 2 2
	head -c $((4 * $1)) < <(yes abcd | tr -d '\n')
}

# labels LABEL...: a file of them.
labels() {
	numbers 0x801 $#
	local label
	for label; do printf "$(printf '\\x%02x' "$label")"; done
}

# A good set of 24 and 12 images in a directory.
make_set() {
	mkdir -p "$1"
	images 24 > "$1/train-images-idx3-ubyte"
	labels 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 > "$1/train-labels-idx1-ubyte"
	images 12 > "$1/t10k-images-idx3-ubyte"
	labels 0 1 2 3 0 1 2 3 0 1 2 3 > "$1/t10k-labels-idx1-ubyte"
}

# A run of no steps on the set.
look() {
	run_apart -d "${1:-set}" --layers '*-4-*' -b 4 --probe 4 -n 0 --format json
}

works() {
	look "$@"
	[ "$status" -eq 0 ] || { echo "$errors"; return 1; }
}

# refused TEXT...: the set is refused as input, in one line with all of these.
refused() {
	local text
	look
	[ "$status" -eq 3 ] && [ "$(wc -l <<< "$errors")" -eq 1 ] || { echo "$status: $errors"; return 1; }
	for text; do
		[[ $errors == *"$text"* ]] || { echo "'$text' is not in: $errors"; return 1; }
	done
}

# warned N TEXT...: N warnings on standard error, the same in the JSON, and the texts in them.
warned() {
	local count=$1 text
	shift
	[ "$(grep -c '^initviz: warning: ' <<< "$errors")" -eq "$count" ] || { echo "not $count: $errors"; return 1; }
	for text; do
		[[ $errors == *"$text"* ]] || { echo "'$text' is not in: $errors"; return 1; }
	done
	sed -n 's/^initviz: warning: //p' <<< "$errors" > printed
	json '"".join(w + "\n" for w in objects[-1]["warnings"]) == open("printed").read()'
	json 'objects[-1]["warning"] == (objects[-1]["warnings"] or [""])[0]'
}

# ---- warnings ----

@test "a good set is read without a warning" {
	make_set set
	works
	[ -z "$errors" ]
	json 'objects[0]["warnings"] == [] and objects[0]["warning"] == ""'
}

@test "all warnings are printed, whole, in the order in which they were found" {
	local long=$(printf 'directory%.0s' {1..20})
	make_set "$long"
	printf abc >> "$long/train-images-idx3-ubyte"
	printf d >> "$long/t10k-labels-idx1-ubyte"
	gzip "$long/t10k-images-idx3-ubyte"
	printf garbage >> "$long/t10k-images-idx3-ubyte.gz" # met when the end of the file is
	run_apart -d "$long" --layers '*-4-*' -b 100 --probe 4 -n 1 --format json
	[ "$status" -eq 0 ]
	warned 4 "$long/train-images-idx3-ubyte: 3 bytes behind the last item were ignored" \
		"$long/t10k-labels-idx1-ubyte: 1 byte behind the last item was ignored" "$long/t10k-images-idx3-ubyte.gz: 7 bytes or more" \
		"batch cut to the 22 training images there are"
}

@test "a saved run keeps its warnings, those of older versions too" {
	make_set set
	printf abc >> set/train-images-idx3-ubyte
	printf d >> set/t10k-labels-idx1-ubyte
	run_apart -d set --layers '*-4-*' -b 4 --probe 4 -n 4 --every 2 --format json --record run.jsonl
	warned 2
	run_apart --replay run.jsonl --format json
	warned 2 "train-images-idx3-ubyte: 3 bytes" "t10k-labels-idx1-ubyte: 1 byte"
	sed 's/"warnings":\[[^]]*\],//' run.jsonl > old.jsonl
	run_apart --replay old.jsonl --format json
	[ "$status" -eq 0 ]
	warned 1 "train-images-idx3-ubyte: 3 bytes"
	sed 's/"warnings":\[[^]]*\]/"warnings":["a\\u001bb"]/' run.jsonl > hostile.jsonl
	run_apart --replay hostile.jsonl --format json
	[ "$status" -eq 3 ]
	[[ $errors == *"'warnings' has an entry that is not a line of printable ASCII"* ]]
}

@test "the fallback to the digits is reported in full" {
	local long=/$(printf 'directory%.0s' {1..20})
	INITVIZ_DATA=$long run_apart --layers '*-4-*' -b 4 --probe 4 -n 0 --format json
	[ "$status" -eq 0 ]
	warned 1 "\$INITVIZ_DATA: $long: cannot be read" ": the built-in digits are used instead"
	[[ $errors == *": the built-in digits are used instead" ]]
}

@test "a header that declares less than the file holds is reported when the file is opened" {
	make_set set
	{ numbers 0x803 24 2 2; head -c 192 /dev/zero; } > set/train-images-idx3-ubyte
	works
	warned 1 "train-images-idx3-ubyte: 96 bytes behind the last item were ignored, as many as 24 images more than the 24 of the header"
}

# ---- the search ----

@test "a directory named like a data file does not hide the file" {
	make_set set
	gzip set/train-images-idx3-ubyte
	mkdir set/train-images-idx3-ubyte
	works
	warned 1 "set: skipped unreadable files: train-images-idx3-ubyte (is a directory)"
	: > set/t10k-labels.idx1-ubyte
	mv set/t10k-labels-idx1-ubyte set/t10k-labels.idx1-ubyte.gz # the name says what it likes
	ln -s nowhere set/t10k-labels-idx1-ubyte
	works
	warned 1 "train-images-idx3-ubyte (is a directory), t10k-labels-idx1-ubyte (cannot be read), t10k-labels.idx1-ubyte (is empty)"
	rm set/train-images-idx3-ubyte.gz
	echo '<html>' > set/train-images.idx3-ubyte
	refused "set/train-images-idx3-ubyte: is a directory" "also skipped: train-images.idx3-ubyte (is an HTML page, not an IDX file)"
}

@test "a data set that cannot be read does not hide the next one" {
	make_set data/initviz/mnist
	make_set cache/initviz/mnist
	echo '<html>' > data/initviz/mnist/train-labels-idx1-ubyte
	export XDG_DATA_HOME=$PWD/data XDG_CACHE_HOME=$PWD/cache
	works mnist
	[[ $errors == *"skipped unreadable files: $PWD/data/initviz/mnist/train-labels-idx1-ubyte: is an HTML page"* ]]
	rm cache/initviz/mnist/t10k-images-idx3-ubyte
	run_apart -d mnist -n 0 --headless
	[ "$status" -eq 3 ]
	[[ $errors == *"data/initviz/mnist/train-labels-idx1-ubyte: is an HTML page"* ]]
	[[ $errors == *"cache/initviz/mnist: missing t10k-images-idx3-ubyte"* ]]
}

# ---- other files under the right name ----

# named TEXT: what standard input is said to be, as a file, with .gz in its name, and inside gzip.
named() {
	make_set set
	cat > set/train-images-idx3-ubyte
	refused "set/train-images-idx3-ubyte: is $1"
	mv set/train-images-idx3-ubyte set/train-images-idx3-ubyte.gz
	refused "set/train-images-idx3-ubyte.gz: is $1"
	gzip -c set/train-images-idx3-ubyte.gz > set/train-images-idx3-ubyte
	rm set/train-images-idx3-ubyte.gz
	refused "${1%%, not*} within gzip, not an IDX file"
}

@test "a file that is not an IDX file is named as what it is" {
	printf '\n<!DOCTYPE HTML PUBLIC "x">\n<html>' | named "an HTML page, not an IDX file: the download failed"
	printf '<Html lang=de>' | named "an HTML page, not an IDX file"
	printf '<?xml version="1.0"?><Error>' | named "an XML document"
	printf 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n' |
		named "a Git LFS pointer, not an IDX file: run \`git lfs pull\`"
	printf 'PK\3\4\24\0\0\0' | named "a zip archive, not an IDX file: unpack it"
	printf '\3757zXZ\0\0\4' | named "an xz file, not an IDX file: decompress it with \`xz -d\`"
	printf 'label,pixel0,pixel1\n5,0,0\n' | named "text, not an IDX file"
}

@test "an archive of tar within gzip is named" {
	make_set set
	tar -czf archive.gz set
	mv archive.gz set/train-images-idx3-ubyte
	refused "is a tar archive within gzip, not an IDX file: unpack it"
}

# ---- the right files in other places ----

@test "a slash at the end of a directory is not doubled in messages" {
	mkdir -p above/below
	for name in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
		echo 'version https://git-lfs.github.com/spec/v1' > above/below/$name
	done
	run -3 "$INITVIZ" --headless --no-config -n 0 --data above/below//
	[[ $output == "initviz: above/below/train-images-idx3-ubyte: is a Git LFS pointer"* ]]
	run -3 "$INITVIZ" --headless --no-config -n 0 --data above/
	[[ $output == *": all four are in above/below: give that directory" ]]
	run -3 "$INITVIZ" --headless --no-config -n 0 --data above/below/train-images-idx3-ubyte/
	[[ $output == *"train-images-idx3-ubyte/: cannot be read: Not a directory"* ]]
}

@test "the parent directories that torchvision and tensorflow-datasets make are given as well" {
	local below
	make_set plain
	look plain
	local wanted=$output
	local name
	for below in MNIST/raw FashionMNIST/raw raw downloads/manual manual downloads/extracted; do
		rm -rf set
		mkdir -p "set/$below"
		cp plain/* "set/$below"
		look set
		[ "$status" -eq 0 ]
		[ -z "$errors" ]
		name=set
		[[ $below != *MNIST* ]] || name=${below%/raw}
		[ "${output//\"data\":\"$name\"/}" = "${wanted//\"data\":\"plain\"/}" ]
		look "set/$below/"
		[[ $output == *"\"data\":\"$name\""* ]]
	done
	(cd set/downloads && look ./extracted && [[ $output == *'"data":"extracted"'* ]])
	rm set/downloads/extracted/t10k-labels-idx1-ubyte
	refused "set/downloads/extracted: missing t10k-labels-idx1-ubyte" "give a directory with all four files with --data DIR"
}

@test "a lesson that there is not, or that is malformed, is refused before a warning about the data" {
	make_set set
	printf x >> set/t10k-images-idx3-ubyte
	run_apart -d set --layers '*-4-*' -b 4 --probe 4 --headless -n 0
	[[ $status == 0 && $errors == "initviz: warning: "* ]]
	printf 'title Two\npage One\n> words\nrnu\n' > two.lesson
	local name
	for name in nonsuch ./nowhere.lesson two.lesson; do
		run_apart -d set --layers '*-4-*' -b 4 --probe 4 --headless --lesson $name
		[ "$status" -eq 2 ]
		[[ $(wc -l <<< "$errors") == 1 && $errors == "initviz: "*"${name#./}"* ]] || { echo "$errors"; return 1; }
	done
	printf 'title Two\npage One\n> words\n' | "$INITVIZ" -d set --layers '*-4-*' -b 4 --probe 4 --headless --lesson /dev/stdin
}

# download DIRECTORY PREFIX [SET]: the set's files under names as tensorflow-datasets gives them.
download() {
	local name path
	mkdir -p "$1"
	for path in "${3-plain}"/*; do
		name=$(basename "$path" .gz)
		cp "$path" "$1/$2_$name$(sha256sum "$path" | cut -c 1-42)_.gz"
		echo '{}' > "$1/$2_$name$(sha256sum "$path" | cut -c 1-42)_.gz.INFO"
	done
}

@test "what tensorflow-datasets downloaded is read under its names, packed or extracted" {
	make_set plain
	look plain
	local wanted=$output
	for below in downloads downloads/extracted .; do
		for packed in '' yes; do
			rm -rf set
			download "set/$below" cvdf-datasets_mnist
			mkdir -p set/mnist/3.0.1
			: > set/mnist/3.0.1/mnist-train.tfrecord-00000-of-00001
			[ -z "$packed" ] || for file in "set/$below"/*.gz; do gzip -c "$file" > packed; mv packed "$file"; done
			works set
			[ -z "$errors" ]
			[ "$(sed 's/"data":"[^"]*"//' <<< "$output")" = "$(sed 's/"data":"[^"]*"//' <<< "$wanted")" ]
		done
	done
	rm set/*t10k-labels*.gz
	refused "set: missing t10k-labels-idx1-ubyte (plain or .gz)"
	download set cvdf-datasets_mnist
	download set fashion-mnist
	refused "cvdf-datasets_mnist_train-images-idx3-ubyte" "_.gz and files of other data sets are there: move the four of one set into a directory of their own"
	rm -rf set
	download set/downloads cvdf-datasets_mnist
	download set/downloads fashion-mnist
	refused "and files of other data sets are there: move the four of one set into a directory of their own"
	rm -rf set
	mkdir set
	cp plain/train-images-idx3-ubyte set/my_train-images-idx3-ubyte # no checksum
	refused "my_train-images-idx3-ubyte is there: rename it to train-images-idx3-ubyte"
}

@test "files of tensorflow-datasets are named as not read" {
	mkdir -p set/mnist/3.0.1
	: > set/mnist/3.0.1/mnist-train.tfrecord-00000-of-00001
	refused "set: no data set is in this directory: neither the four IDX files" "there are TFRecord files, which are not read"
	rm -r set/mnist
	: > set/mnist-train.array_record-00000-of-00001
	refused "there are ArrayRecord files, which are not read"
	rm set/*
	refused "mnist.npz or one other .npz file, nor x_train.npy, y_train.npy and so on, nor mnist_train.csv, train.csv or one other .csv file (each also .gz): use the built-in digits with --data digits"
}

@test "the directories of Kaggle's archive are searched too" {
	make_set flat
	local file
	for file in flat/*; do
		mkdir "set/${file#flat/}"
		mv "$file" "set/${file#flat/}"
	done
	refused "train-images-idx3-ubyte is a directory with the file in it: move each file out of the directory of its name"
}

@test "files under other names are named in the message" {
	make_set set
	mv set/train-labels-idx1-ubyte set/Train-Labels-IDX1-UBYTE
	refused "missing train-labels-idx1-ubyte (plain or .gz): Train-Labels-IDX1-UBYTE is there: rename it to train-labels-idx1-ubyte"
	mv set/Train-Labels-IDX1-UBYTE set/train-labels-idx1-ubyte.gz.1
	refused "train-labels-idx1-ubyte.gz.1 is there: rename it to train-labels-idx1-ubyte"
	mv set/train-labels-idx1-ubyte.gz.1 $'set/x\x1b train-labels'
	refused 'x\x1b train-labels is there: rename it'
}

# ---- labels ----

@test "labels with a gap are reported" {
	make_set set
	labels {1..24} > set/train-labels-idx1-ubyte
	labels {15..26} > set/t10k-labels-idx1-ubyte
	works
	warned 1 "set: 27 classes, because the largest label is 26 (1 image, the first is number 11 of set/t10k-labels-idx1-ubyte), but no image has a label of 0"
	json 'objects[0]["layers"][-1]["fan_out"] == 27'
}

@test "many classes from one stray label are reported" {
	make_set set
	labels 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 255 0 1 5 3 > set/train-labels-idx1-ubyte
	works
	warned 1 "256 classes, because the largest label is 255 (1 image, the first is number 19 of set/train-labels-idx1-ubyte), but no image has a label of 4, 6-254"
}

# ---- small and strange sets ----

@test "D16 one image, one class, fewer images than a batch" {
	make_set set
	images 2 > set/train-images-idx3-ubyte # one to validate at most, one to train
	labels 1 1 > set/train-labels-idx1-ubyte
	images 1 > set/t10k-images-idx3-ubyte
	labels 1 > set/t10k-labels-idx1-ubyte
	run_apart -d set --layers '*-4-*' -b 100 -n 2 --format json
	[ "$status" -eq 0 ]
	[[ $errors == *"batch cut to the 2 training images there are"* ]]
	json 'objects[-1]["step"] == 2 and objects[-1]["test_images"] == 1'
	json 'all(l["z"]["nan"] == 0 for o in objects for l in o["layers"])'
	make_set set
	labels 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 > set/train-labels-idx1-ubyte
	labels 0 0 0 0 0 0 0 0 0 0 0 0 > set/t10k-labels-idx1-ubyte
	works
	json 'objects[0]["layers"][-1]["fan_out"] == 2'
}

@test "D17 images of one grey have a variance of 0, and their run is saved and replayed" {
	local grey
	make_set set
	{ numbers 0x803 12 28 28; head -c $((12 * 784)) /dev/zero; } > set/t10k-images-idx3-ubyte
	for grey in 000 200 377; do
		{ numbers 0x803 24 28 28; head -c $((24 * 784)) /dev/zero | tr '\0' "\\$grey"; } > set/train-images-idx3-ubyte
		run_apart -d set --layers '*-20-20-*' -b 4 --probe 20 -n 2 --every 1 --format json
		[ "$status" -eq 0 ]
		json 'len(objects) == 3'
		json 'all(o["input"]["variance"] == 0 and o["input"]["mean"] == objects[0]["input"]["mean"] for o in objects)'
		json 'all(0 <= x < 1e-9 for o in objects for l in o["layers"] for x in (l["z_within"], l["theory"]["z_within"] or 0))'
		json 'all(l["z"]["nan"] == 0 and sum(l["z"]["histogram"]["counts"]) == l["z"]["n"] for o in objects for l in o["layers"])'
		run_apart --headless -d set --layers '*-20-20-*' -b 4 --probe 20 -n 2 --every 1 --record run.jsonl
		[ "$status" -eq 0 ]
		run_apart --replay run.jsonl --snapshot -
		[ "$status" -eq 0 ] || { echo "$errors"; false; }
	done
	{ numbers 0x803 24 28 28; head -c $((24 * 784)) /dev/zero; } > set/train-images-idx3-ubyte
	run_apart -d set --layers '*-20-20-*' -b 4 --probe 20 -n 0 --format text
	[[ $output == *$'\n    1    784-20        0        0        0 '* ]] || { echo "$output"; false; }
}

@test "D19 a gzip bomb is left at the promised end, nested gzip is refused" {
	make_set set
	{ images 24; head -c 300000000 /dev/zero; } | gzip -1 > set/train-images-idx3-ubyte.gz
	rm set/train-images-idx3-ubyte
	status=0
	errors=$({ ulimit -t 5 && exec "$INITVIZ" -d set --layers '*-4-*' -b 4 --probe 4 -n 0 --format json; } 2>&1 > out) || status=$?
	[ "$status" -eq 0 ] || { echo "$status $errors"; false; }
	[[ $errors == *"train-images-idx3-ubyte.gz: 1 byte or more behind the last item was ignored"* ]]
	make_set set
	gzip -c set/train-images-idx3-ubyte | gzip > set/train-images-idx3-ubyte.gz
	rm set/train-images-idx3-ubyte
	refused "gzip within gzip: decompress it once"
}

# ---- the machine ----

@test "O7 a net that is too large is refused with its size before anything is begun" {
	run_apart -d digits --layers '*-60000-60000-60000-60000-60000-60000-60000-*' -n 0 --headless
	[ "$status" -eq 5 ]
	[[ $errors =~ ^"initviz: the net needs "[0-9.]+" GB ("[0-9]{12,}" bytes) of memory" ]]
	[ -z "$output" ]
}

@test "O11 a run without end stops at its timeout and at a signal" {
	run_apart -d digits --layers '*-4-*' -n 1000000000000 --every 1000000000 --timeout 0.5 --headless
	[ "$status" -eq 1 ]
	status=0
	timeout --signal=INT --kill-after=300 1 "$INITVIZ" -d digits --layers '*-4-*' -n 1000000000000 --every 1000000000 --headless > out || status=$?
	[ "$status" -eq 124 ] # timeout's own: it was INT that ended it, and not KILL
	run_apart -d digits -n 1000000000000000000 --headless
	[ "$status" -eq 2 ]
	printf 'source loop\n' > loop
	run_apart -d digits --script loop
	[ "$status" -eq 2 ]
	[[ $errors == *16* ]]
}

@test "O12 a script is not overwritten by what it saves" {
	printf 'save script\n' > script
	cp script before
	run_apart -d digits --layers '*-4-*' -n 2 --script script -o script
	[ "$status" -eq 2 ]
	cmp script before
}

@test "O15 numbers and names are the same in every locale, broken ones too" {
	local all=(-d digits --layers '*-4-*' -a SIGMOID --init GLOROT_UNIFORM -n 2 --every 1 -b 2 --probe 4 --format csv) first locale
	run_apart "${all[@]}"
	[ "$status" -eq 0 ]
	first=$output
	mkdir locales
	for locale in de_DE tr_TR ar_EG; do
		localedef -i "$locale" -f UTF-8 "locales/$locale.UTF-8" 2> /dev/null || true # else its name is a broken one
	done
	for locale in de_DE.UTF-8 tr_TR.UTF-8 ar_EG.UTF-8 C.UTF-8 POSIX xx_XX.nonsense "$(printf 'a%.0s' {1..5000})" ''; do
		LOCPATH=$PWD/locales LC_ALL=$locale run_apart "${all[@]}"
		[ "$status" -eq 0 ] || { echo "$locale: $errors"; false; }
		[ "$output" = "$first" ] || { echo "other bytes in $locale"; false; }
	done
}

# Needs the real MNIST; $plain is a folder of its decompressed files.
plain_mnist() {
	[ -n "${INITVIZ_TEST_MNIST-}" ] || skip "INITVIZ_TEST_MNIST does not name MNIST"
	plain=$BATS_TEST_TMPDIR/plain
	mkdir -p "$plain"
	local file
	for file in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
		gunzip -c "$INITVIZ_TEST_MNIST/$file-ubyte.gz" > "$plain/$file-ubyte"
	done
}

# Without steps only the images of probe and batch are read; the numbers are those of a run that reads all.
@test "a first pass that reads few images computes the same as a run that reads all" {
	plain_mnist
	local first all
	for folder in "$plain" "$INITVIZ_TEST_MNIST"; do
		for net in "-s first_pass_normal" "-s full_train_he_relu --seed 7" "--scale standard --probe 20 -b 40"; do
			run_apart -d "$folder" $net -n 0 --format json
			[ "$status" -eq 0 ]
			first=$output
			run_apart -d "$folder" $net -n 1 --format json
			[ "$status" -eq 0 ]
			output="$first"$'\n'"$output"
			json '(objects[0]["data"] == "MNIST" and objects[0]["layers"] == objects[1]["layers"] and
				objects[0]["loss"] == objects[1]["loss"] and objects[0]["input"] == objects[1]["input"])'
		done
	done
}

@test "a first pass leaves the test images out, but not for a screen that shows their accuracy, nor for weights of a file" {
	run_apart -s first_pass_normal -d digits --format json
	json 'objects[0]["test_accuracy"] is None and objects[0]["test_images"] == 0 and objects[0]["last"]'
	run_apart -s first_pass_normal -d digits --headless -c 'expect test_accuracy 0.05 0.2'
	[ "$status" -eq 0 ]
	run_apart --headless -d digits -n 0 --snapshot - --size 80x24
	[[ $output == *"test 1"*" %"* || $output == *"test "?" %"* ]]
	run_apart -d digits -n 2 --save-weights w.safetensors --format json
	json 'objects[-1]["test_images"] == 10000'
	run_apart -d digits --weights w.safetensors -n 0 --format json
	json 'objects[0]["test_images"] == 10000'
}

@test "a changed pixel makes a plain MNIST modified, at the latest when all of it is read" {
	plain_mnist
	printf '\x7f' | dd of="$plain/train-images-idx3-ubyte" bs=1 seek=$((16 + 784 * 12345)) conv=notrunc status=none
	run_apart -d "$plain" -n 1 --format json
	[[ $errors == *"train-images-idx3-ubyte: not the published file of MNIST: the data are modified"* ]]
	json 'all(o["data"] == "MNIST (modified)" for o in objects)'
	# an image of the sample
	printf '\x7f' | dd of="$plain/train-images-idx3-ubyte" bs=1 seek=$((16 + 784 * 12500)) conv=notrunc status=none
	run_apart -d "$plain" -n 0 --format json
	json 'objects[0]["data"] == "MNIST (modified)"'
}
