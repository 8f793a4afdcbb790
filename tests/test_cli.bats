# The command line: every kind of option, what is refused and how, exit codes.

setup() {
	load common
}

# fails STATUS WORDS ARGUMENT...: exits with STATUS and one line that begins
# "initviz: " and holds WORDS, and prints nothing.
fails() {
	local status_wanted=$1 words=$2
	shift 2
	run_apart "$@"
	[ "$status" -eq "$status_wanted" ]
	[ -z "$output" ]
	[[ ${errors%%$'\n'*} == "initviz: "*"$words"* ]]
}

# fails_usage WORDS ARGUMENT...: the same for a usage error.
fails_usage() {
	fails 2 "$@"
	[ "$(wc -l <<< "$errors")" -eq 2 ]
	[[ $errors == *"Try 'initviz --help'"* ]]
}

@test "--help is on standard output, usage first, 80 columns, and the same for -h" {
	run_apart --help
	[ "$status" -eq 0 ]
	[ -z "$errors" ]
	[[ $output == "Usage: initviz"* ]]
	[ "$(wc -L <<< "$output")" -le 80 ]
	# examples come before the options
	[[ ${output%%  -s, --scenario*} == *Examples:* ]]
	local long=$output
	run_apart -h
	[ "$output" = "$long" ]
}

@test "every line of --help's options begins an option or continues one" {
	"$INITVIZ" --help | sed -n '/^The experiment/,/^Names/p' | grep '^ ' > "$BATS_TEST_TMPDIR/lines"
	! grep -vE '^  (-[a-zA-Z], |    )--[a-z-]+|^ {30}[^ ]' "$BATS_TEST_TMPDIR/lines"
}

@test "--version names the program and the libraries that numbers depend on" {
	run_apart --version
	[ "$status" -eq 0 ]
	[[ ${output%%$'\n'*} =~ ^initviz\ [0-9.]+$ ]]
	[[ $output == *OpenBLAS*core* && $output == *PCG* && $output == *ncurses* && $output =~ (zlib|ISA-L) ]]
}

@test "--help and --version take precedence over later arguments, not over earlier ones" {
	run_apart --help --nonsense
	[ "$status" -eq 0 ]
	fails_usage "unknown option" --nonsense --help
}

@test "an unknown option: a near miss is suggested" {
	fails_usage "unknown option '--actvation': did you mean '--activation'?" --actvation relu
	fails_usage "unknown option '--formt': did you mean '--format'?" --formt=json
	fails_usage "unknown option '--xyzzyplugh'" --xyzzyplugh
	fails_usage "unknown option '-Z'" -Z
}

@test "abbreviations work while unique" {
	run_apart -s 1 --dat digits --activ=tanh --form json
	[ "$status" -eq 0 ]
	json 'objects[0]["layers"][0]["activation"] == "tanh"'
	fails_usage "ambiguous" --batc 3
	[[ $errors == *"--batch, --batch-seed"* ]]
}

@test "missing, superfluous and stray words" {
	fails_usage "option '--steps' needs a value" --steps
	fails_usage "option '--steps' needs a value" -n
	fails_usage "option '--mouse' takes no value" --mouse=yes
	fails_usage "'nonsense' is not an option" nonsense
	fails_usage "did you mean '--scenario full_train_he_relu'?" full_train_he_relu
	fails_usage "'-x' is not an option" -- -x
}

@test "stray words: what was probably meant is suggested" {
	local word
	cd "$BATS_TEST_TMPDIR"
	for word in help version mouse; do
		fails_usage "did you mean '--$word'?" "$word"
	done
	fails_usage "did you mean '--replay run.jsonl'?" run.jsonl
	mkdir images
	echo 'step 1' > demo
	fails_usage "did you mean '--data images'?" images
	fails_usage "did you mean '--script demo'?" demo
	fails_usage "did you mean '--command toggle'?" toggle
	fails_usage "did you mean '-V' (--version)?" -v
	fails_usage "did you mean '-h' (--help)?" -H
	fails_usage "did you mean '-h' (--help)?" '-?'
}

@test "wrong values: the option, the reason and the choices are named" {
	fails_usage "init: no initializer is called 'he_norml': did you mean 'he_normal'?" --init he_norml
	fails_usage "'normal(0,1 0)': two numbers or names with only a blank between them" --init 'normal(0,1 0)'
	fails_usage "'expr(z*1 2)': two numbers or names with only a blank between them" -a 'expr(z*1 2)'
	fails_usage "scenario" -s 99
	fails_usage "activation" -a 'relu(3)'
	fails_usage "layers" --layers 784--10
	fails_usage "layers" --layers 0-10
	fails_usage "depth" --depth 1000000000
	fails_usage "width" --width 0
	fails_usage "probe" --probe none
	fails_usage "scale" --scale huge
	fails_usage "format" --format xml
	fails_usage "size" --size 80
	fails_usage "size" --size 0x10
	fails_usage "size" --size 10x1001
	fails_usage "colour" --color maybe
	fails_usage "palette" --palette neon
	fails_usage "set" --set 3
	fails_usage "init.x" --set init.x=zeros
	fails_usage "no setting is called 'colour'" --set colour=red
	fails_usage ".svg" --snapshot screen.png
	fails_usage "no list is called 'nothing'" --list nothing
}

@test "a formula that gives no possible value is shown with its layer and that value" {
	fails 2 "layer 1: normal: sd is 0/0 = nan: give a number from 0 to 1e+06" --headless -d digits -n 0 --init 'normal(0,0/0)'
	fails 2 "layer 2: normal: sd is 1/(layer-2) = inf: give a number" --headless -d digits -n 0 --init 'normal(0,1/(layer-2))' --set 'init.1=he'
}

@test "an empty file name is refused, whichever option has it" {
	local option
	for option in weights record save-weights save-probe replay script output snapshot tensorboard cast; do
		fails_usage "$option: '' names no file" --headless --"$option" ''
	done
	fails_usage "init.1: 'file(,w)' is not valid: give file(PATH,NAME)" --headless --set 'init.1=file(,w)'
	fails_usage "init.1: 'file( , )' is not valid: give file(PATH,NAME)" --headless --set 'init.1=file( , )'
	fails_usage "init.1: 'file(net.npz,)' is not valid: give file(PATH,NAME)" --headless --set 'init.1=file(net.npz,)'
}

@test "numbers: only plain decimal ones within their range" {
	local word
	for word in nan inf -1 1e400 0,5 1e-3x '' 0x10; do
		fails_usage "lr" --lr "$word"
	done
	for word in 0 -3 99999999999999999999 1.5 ''; do
		fails_usage "batch" -b "$word"
	done
	fails_usage "seed" --seed 18446744073709551616
	fails_usage "seed" --seed -1
}

@test "foreign bytes are escaped in messages" {
	fails_usage "'\\x1b[31m\\n'" --init $'\e[31m\n'
	fails_usage "'--\\xff'" $'--\xff'
}

@test "a learning rate of 0 changes no weight" {
	run_apart --lr 0 -n 2 --every 1 --data digits --format json
	[ "$status" -eq 0 ]
	json 'len(set(o["loss"] for o in objects)) == 1 and len(objects) == 3'
}

@test "--scenario is applied first in any place; the last of two wins" {
	run_apart --activation tanh -s 1 -d digits --format json
	[ "$status" -eq 0 ]
	json 'objects[0]["scenario"] == "first_pass_normal" and objects[0]["layers"][0]["activation"] == "tanh"'
	run_apart -s 1 -d digits --seed 3 --seed 4 --format csv --format json
	json 'objects[0]["seed"] == 4'
}

# same OPTION... -- OPTION...: both give the same experiment; it is left in $output.
same() {
	local first=() recreated
	while [ "$1" != -- ]; do first+=("$1"); shift; done
	shift
	run_apart --headless -n 0 -d digits "${first[@]}" "$@"
	[ "$status" -eq 0 ] || { echo "$errors"; false; }
	recreated=$output
	run_apart --headless -n 0 -d digits "$@" "${first[@]}"
	[ "$status" -eq 0 ] || { echo "$errors"; false; }
	[ "$output" = "$recreated" ] || { diff <(echo "$recreated") <(echo "$output"); false; }
}

@test "an explicit option wins over what another option sets, in any order" {
	same --lr 5 -- --optimizer sgd
	[[ $output == *"sgd(lr=5)"* ]]
	same --lr 5 -- --set optimizer=sgd
	[[ $output == *"sgd(lr=5)"* ]]
	same --set lr=5 -- --optimizer 'adam(beta1=0.5)'
	[[ $output == *"adam(lr=5,beta1=0.5)"* ]]
	same --lr 5 -- --scenario deep_relu_he
	[[ $output == *"momentum(lr=5)"* ]]
	same --lr 5 --optimizer sgd -- --set scenario=deep_relu_he
	[[ $output == *"-s deep_relu_he "*"sgd(lr=5)"* ]]
	same --depth 3 -- --width 20
	[[ $output == *"784-20-20-20-10"* ]]
	same --depth 3 -- -s deep_relu_he
	[[ $output == *"784-100-100-100-10"* ]]
	same --width 20 -- -s deep_tanh_xavier
	same --layers '*-20-10-*' -- -s deep_tanh_xavier
	[[ $output == *"784-20-10-10"* ]]
	same --init he -- --set init.2=zeros
	same --set init.2=zeros -- --scenario 4
	[[ $output == *"init.2=zeros"* ]]
	same --output-init he -- --set init.3=zeros
	same --scale symmetric -- -s standardized_784
	[[ $output == *"--scale symmetric"* ]]
	same --batch 20 -- -s 1
	same --probe 50 -- -s 1
	same --seed 7 -- --weight-seed 3
	same --steps 0 -- -s 4
	local setting
	for setting in 'activation tanh' 'normalization layer' 'residual yes' 'every 7' 'bias-init normal' 'batch-seed 4'; do
		same --${setting/ /=} -- -s 9
	done
}

@test "an explicit learning rate stays when a script changes the optimizer" {
	run_apart -s 1 -d digits --layers '*-8-*' -c 'lr 5' -c 'optimizer sgd' --format json
	[ "$status" -eq 0 ]
	json 'objects[-1]["settings"]["optimizer"] == "sgd(lr=5)"'
	run_apart -s 1 -d digits --layers '*-8-*' -c 'optimizer sgd' -c 'lr 5' --format json
	json 'objects[-1]["settings"]["optimizer"] == "sgd(lr=5)"'
}

@test "--set sets any setting, and layers' own initializers" {
	run_apart -s 1 -d digits --set seed=5 --set init.2=zeros --format json
	[ "$status" -eq 0 ]
	json 'objects[0]["seed"] == 5 and objects[0]["layers"][1]["initializer"] == "zeros"'
	json 'objects[0]["layers"][0]["initializer"] == "normal"'
}

@test "a data set that is missing is an input error" {
	fails 3 "" -s 1 -d "$BATS_TEST_TMPDIR/none" --headless
	[[ $errors == *none* ]]
}

@test "a net that does not fit into memory is refused with its size" {
	fails 5 "" -s 1 -d digits --layers 784-65536-65536-65536-65536-65536-65536-65536-65536-65536-10 --headless
}

@test "without a terminal the interactive program explains itself" {
	fails 2 "--headless" < /dev/null
}

@test "every list exists, and none is empty" {
	local what
	for what in $("$INITVIZ" --list lists | awk '/^[a-z]/ { print $1 }'); do
		run_apart --list "$what"
		[ "$status" -eq 0 ]
		[ -n "$output" ]
		[ -z "$errors" ]
	done
}

@test "lists for people fit 80 columns" {
	local what
	for what in scenarios initializers activations optimizers settings views commands palettes formats data-sets lists quantities; do
		run_apart --list "$what"
		[ "$(wc -L <<< "$output")" -le 80 ] || { echo "$what"; awk 'length > 80' <<< "$output"; false; }
	done
}

@test "an empty argv[0]" {
	run bash -c 'exec -a "" "$INITVIZ" --version'
	[ "$status" -eq 0 ]
}

# Reference values of doc/numerics.md 2.9.
@test "the list of activations gives gains, fixed points and critical weights" {
	run_apart --list activations
	[ "$status" -eq 0 ]
	local flat=$(tr -s ' \n' ' ' <<<"$output")
	[[ $flat == *"gain: 1.667; then E[z^2] settles at 1.178, with chi = 1.210 critical where E[z^2] = 1: Var(W) fan_in = 2.153, Var(b) = 0.1510"* ]]
	[[ $flat == *"gain: 0.7500; then E[z^2] settles at 0.02303"* ]]
	[[ $flat == *"settles at 0.2647, with chi = 0.05572"* ]]
}

@test "the text of a net that has underflowed shows what is known, and that of zero weights 0" {
	run_apart --headless -d digits --depth 8 --activation tanh --init 'normal(sd=1e-10)' -n 0
	[ "$status" -eq 0 ]
	[[ "$output" =~ 5\ +100-100\ +'<1e-75'\ .*'<1e-75' ]]
	run_apart --headless -d digits --depth 3 --init zeros -n 0
	[[ "$output" =~ 2\ +100-100\ +0\ +0\ +0 ]]
	[[ "$output" != *'<1e-'* ]]
}

@test "views show what is known of a tensor that has underflowed" {
	for view in depth compare layers layer; do
		run_apart --no-config --headless -d digits --depth 8 --activation tanh --init 'normal(sd=1e-10)' -n 0 \
			-c 'compare init=orthogonal' -c 'layer 6' -c "view $view" --snapshot - --size 120x24
		[ "$status" -eq 0 ]
		[[ "$output" =~ 'E[z²]'\ +'<1e-75' || $view == layers ]]
		[[ "$output" == *'<1e-75'* ]]
	done
}
