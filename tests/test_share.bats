# Runs that are saved and shown again, the configuration, the line mode and the
# time limit.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

small() {
	run_apart -d digits --layers '*-16-12-*' -n 40 --every 10 -b 10 --probe 60 "$@"
}

# ---- saved runs ----

# In every row but that of the hints: every view at the end, at the start and half way, in two sizes of screens.
# A saved run has no images and no net: what these views compute from them is not there.
looks() {
	local view
	for view in $("$INITVIZ" --list views | awk '/^[a-z]/ { print $1 }' | grep -vxE 'images|isometry'); do
		printf 'view %s\nlive\nsnapshot %s\n' "$view" "$1-$view-live.txt"
		printf 'go first\nlayer 2\nsnapshot %s\n' "$1-$view-first.txt"
		printf 'go 20\nlayer 1\nsnapshot %s\n' "$1-$view-20.txt"
	done
}

same_screens() {
	local size file
	for size in 80x24 120x40; do
		{ echo run; echo 'save run.jsonl'; looks live; } > live.script
		looks again > again.script
		small --size "$size" --script live.script "$@"
		[ "$status" -eq 0 ]
		run_apart --size "$size" --replay run.jsonl --script again.script
		[ "$status" -eq 0 ]
		[ "$(find . -name 'again-*.txt' | wc -l)" -ge 6 ]
		for file in live-*.txt; do
			diff <(head -n -1 "$file") <(head -n -1 "again${file#live}")
		done
	done
}

@test "a saved run shows the same screens: every view, several steps and sizes" { same_screens; }
@test "so does one that diverged" {
	same_screens -a linear --init normal --optimizer 'sgd(lr=1e6)'
}
@test "so does a deep net of rectifiers" { same_screens --depth 12 -a relu --init he_normal; }

@test "a saved run gives the same bytes in every format" {
	local format
	for format in text json csv; do
		small --record run.jsonl --format "$format" -o live
		[ "$status" -eq 0 ]
		run_apart --replay run.jsonl --format "$format" -o again
		[ "$status" -eq 0 ]
		cmp live again
	done
	run_apart --replay run.jsonl --record copy.jsonl --headless
	cmp run.jsonl copy.jsonl
}

@test "a saved run is what --record, the command save and every thread count write" {
	small --record run.jsonl --threads 1 --headless
	printf 'run\nsave other.jsonl\nsave run.csv\n' > script
	small --threads 1 --script script
	cmp run.jsonl other.jsonl
	[[ $(head -n 1 run.csv) == scenario,* ]]
	printf 'step 7\nsave between.jsonl\n' > script
	small --script script
	run_apart --replay between.jsonl --format json
	json '[o["step"] for o in objects] == [0, 7] and not objects[1]["scheduled"]'
}

@test "a byte order mark before a saved run or a lesson is no part of it" {
	small --record run.jsonl --headless
	{ printf '\xEF\xBB\xBF'; cat run.jsonl; } > marked.jsonl
	"$INITVIZ" --replay run.jsonl --format csv -o run.csv
	"$INITVIZ" --replay marked.jsonl --format csv -o marked.csv
	cmp run.csv marked.csv
	printf '\xEF\xBB\xBFtitle Marked\npage One\n> words\n' > marked.lesson
	"$INITVIZ" --lesson marked.lesson --headless --snapshot screen.txt
	grep -q Marked screen.txt
	{ printf '\xEF\xBB\xBF\xEF\xBB\xBF'; cat run.jsonl; } > twice.jsonl
	run -3 "$INITVIZ" --replay twice.jsonl --format csv
}

@test "changes during the run are in a saved run" {
	printf 'step 20\nlr 0.5\nrun\nsave run.jsonl\nsnapshot live.txt\n' > script
	small --script script
	printf 'snapshot again.txt\n' | "$INITVIZ" --replay run.jsonl --script -
	diff <(head -n -1 live.txt) <(head -n -1 again.txt)
	grep -q 0.5 again.txt
	run ! grep -q run/pause again.txt # no hint at what is refused
	run_apart --linear --replay run.jsonl < <(echo recreate)
	[[ $output == *" -c 'step 20' -c 'lr 0.5' -c 'step 20'"* ]]
}

@test "a replay does not train and keeps its settings" {
	small --record run.jsonl --headless
	local line
	for line in run step toggle reset 'lr 1' 'init he' 'scenario 1' 'seed 3' 'scale 1 2' reseed; do
		printf 'go 10\n%s\n' "$line" > script
		run_apart --replay run.jsonl --script script
		[ "$status" -eq 2 ]
		[ "$errors" = "initviz: script:2: a replay cannot train: start initviz without --replay" ]
	done
	for line in pause 'go first' 'go back' 'event next' 'event previous' live; do
		run_apart --replay run.jsonl -c "$line" --snapshot screen.txt
		[ "$status" -eq 0 ] || { echo "$line: $errors"; false; }
	done
	run_apart --replay run.jsonl --lr 1 --headless
	[ "$status" -eq 2 ]
	[[ $errors == *"'--lr' cannot be combined with --replay"* ]]
	run_apart --replay run.jsonl -o run.jsonl
	[ "$status" -eq 2 ]
}

@test "files that are not saved runs: 3, the line and the reason" {
	small --record run.jsonl --format json -o lines.json
	local file
	: > empty
	head -n 3 run.jsonl > short
	head -c 9999 run.jsonl > torn
	tr e E < run.jsonl > letters
	for file in missing . /dev/null /dev/zero empty lines.json short torn letters; do
		run_apart --replay "$file" --headless
		[ "$status" -eq 3 ]
		[[ $errors == "initviz: $file:"* ]]
		[ "$(wc -l <<< "$errors")" -eq 1 ]
	done
	[[ $(2>&1 "$INITVIZ" --replay short --headless) == "initviz: short:4: the file is cut off"* ]]
	mkfifo fifo
	run_apart --replay fifo --headless
	[ "$status" -eq 3 ]
	[[ $errors == "initviz: fifo: is a pipe: give a file that"*"--sweep"* ]]
}

@test "a run that cannot be recorded does not begin" {
	small -n 1000000000 --record missing/run.jsonl --headless
	[ "$status" -eq 4 ]
	small -n 1000000000 --record . --headless
	[ "$status" -eq 4 ]
	small --record /dev/full --headless
	[ "$status" -eq 4 ]
	printf 'run\n' > script
	small --script script --record script
	[ "$status" -eq 2 ]
	[ "$(cat script)" = run ]
	echo old > run.jsonl
	small --headless --record run.jsonl --set init.9=zeros
	[ "$status" -eq 2 ]
	[ "$(cat run.jsonl)" = old ]
	[ -z "$(find . -name '.initviz-*')" ]
}

# ---- the configuration ----

configure() {
	mkdir -p "$HOME/.config/initviz"
	cat > "$HOME/.config/initviz/config"
}

first_pass() {
	run_apart -s 1 --headless "$@"
}

@test "the configuration comes before the options and after the defaults" {
	printf '\xEF\xBB\xBF# mine\r\ndata digits\r\n\r\nseed 7\npalette = contrast\nbatch=44\nascii\nmouse no' | configure
	first_pass
	[ "$status" -eq 0 ]
	[ -z "$errors" ]
	[[ $output == *"--seed 7"*built-in* ]]
	first_pass --seed 3
	[[ $output == *"--seed 3"* ]]
	run_apart --headless -n 0
	[[ $output == *"--batch 44"* ]]
	run_apart --headless -n 0 -s full_train_normal # what is given itself wins over what a scenario brings
	[[ $output == *"--batch 44"* ]]
	first_pass --no-config -d digits
	[[ $output != *"--seed"* ]]
	run_apart -s 1 --snapshot -
	LC_ALL=C run ! grep -q '[^ -~]' <<< "$output"
	XDG_CONFIG_HOME=$PWD/elsewhere first_pass -d digits
	[[ $output != *"--seed"* ]]
	mkdir -p other/initviz
	echo 'seed 5' > other/initviz/config
	XDG_CONFIG_HOME=$PWD/other first_pass -d digits
	[[ $output == *"--seed 5"* ]]
	XDG_CONFIG_HOME=other first_pass # not absolute: as if it were not set
	[[ $output == *"--seed 7"* ]]
	HOME='' first_pass -d digits
	[ "$status" -eq 0 ]
	[ -z "$errors" ]
}

@test "settings of the configuration win over a scenario's, in any order, and lose against options" {
	local order
	for order in 'scenario 9\nlr 5\noptimizer sgd\nseed 7' 'seed 7\noptimizer sgd\nlr 5\nscenario 9'; do
		printf "$order" | configure
		run_apart --headless -n 0 -d digits
		[[ $output == *"-s deep_relu_he "*"--optimizer 'sgd(lr=5)'"*"--seed 7"* ]]
		run_apart --headless -n 0 -d digits -s 4 # of two scenarios the option's
		[[ $output == *"-s full_train_variance "*"--optimizer 'sgd(lr=5)'"* ]]
		run_apart --headless -n 0 -d digits --lr 2 -s 4
		[[ $output == *"--optimizer 'sgd(lr=2)'"* ]]
		run_apart --headless -n 0 -d digits --optimizer momentum
		[[ $output == *"--optimizer 'momentum(lr=5)'"* ]]
	done
}

@test "a configuration with a fault is ignored as a whole, with a warning" {
	local line
	left_out() {
		first_pass -d digits
		[ "$status" -eq 0 ]
		[[ $output != *"--seed"* ]]
		[ "$(wc -l <<< "$errors")" -eq 1 ]
		[[ $errors == "initviz: warning: "*/.config/initviz/config*": the configuration is ignored" ]]
	}
	for line in 'sed 3' 'seed' 'seed -1' 'mouse maybe' 'script x' 'palette beige' 'record x' $'se\x80ed 3' 'size 0x0'; do
		printf 'seed 7\n%s\n' "$line" | configure
		left_out
		[[ $errors == *config:2:* ]]
	done
	head -c 100000000 /dev/zero | configure
	left_out
	head -c 3000 /dev/urandom | configure
	left_out
	rm "$HOME/.config/initviz/config"
	mkfifo "$HOME/.config/initviz/config"
	left_out
	[[ $errors == *"config: is a pipe: "* ]]
	rm "$HOME/.config/initviz/config"
	mkdir "$HOME/.config/initviz/config"
	left_out
	[[ $errors == *"config: is a directory: "* ]]
	rmdir "$HOME/.config/initviz/config"
	first_pass -d digits
	[ -z "$errors" ]
	[ -z "$(find "$HOME/.config" -type f)" ] # nothing is ever written there
}

# ---- palettes ----

@test "a palette chosen during a run is that of later pictures" {
	printf 'snapshot a.svg\npalette contrast\nsnapshot b.svg\npalette default\nsnapshot c.svg\n' > script
	small --script script
	[ "$status" -eq 0 ]
	run ! cmp -s a.svg b.svg
	cmp a.svg c.svg
	printf 'snapshot d.svg\n' > script
	small --script script --palette contrast
	cmp b.svg d.svg
	printf 'palette contrast\n' > script
	small --script script --color never
	[ "$status" -eq 2 ]
	[[ $errors == *"colours are off"* ]]
}

# ---- words ----

@test "the line mode reads commands and answers in lines, without a screen" {
	run_apart --linear -d digits -n 40 --every 10 < <(printf 'step 5\nlayer 2\nnonsense\nexpect step 5 5\nrun\nsnapshot s.txt\nquit\nrun\n')
	[ "$status" -eq 0 ]
	[ -z "$errors" ]
	[ "$(grep -c '^step ' <<< "$output")" -eq 6 ] # 0, 5, 10, 20, 30, 40
	[[ $output == "full_train_normal: "*$'\nstep 0: loss '*', accuracy '*'; layer 1 '*' saturated, mean square of z '* ]]
	[[ $output == *$'\nlayer 2 '*$'\nerror: no command or setting is called '*$'\nstep: 5 is within 5..5\n'*$'\nstep 40: '*$'\nsaved s.txt' ]]
	[ -s s.txt ]
	LC_ALL=C run ! grep -q '[^ -~]' <<< "$output"
	TERM=dumb run_apart --linear -d digits --unicode < /dev/null
	[ "$status" -eq 0 ]
	[ "$(grep -c '^step ' <<< "$output")" -eq 1 ]
}

@test "saving a run says in which format, and a choice says which views show it" {
	run_apart --linear -d digits -n 5 < <(printf 'save a.txt\nsave a.csv\nsave a.json\ntensor w\naxis linear\nview time\ntensor a\n')
	[ "$status" -eq 0 ]
	[[ $output == *$'\nsaved a.txt as JSON lines, for --replay\nsaved a.csv as CSV\nsaved a.json as JSON lines, for --replay\n'* ]]
	[[ $output == *$'\nw: weights; the views time and multiples show it\nloss on a linear axis, all steps; the view training shows it\n'* ]]
	[[ $output == *$'\na: outputs of the activation' ]]
	[ "$("$INITVIZ" --replay a.txt --format json | head -n 1)" = "$(sed -n 2p a.txt)" ]
}

@test "the line mode of a saved run, of one that fails, of a line without end" {
	small --record run.jsonl --headless
	run_apart --linear -d digits -n 0 < <(printf 'undo\nundo\nlayer 2\nundo\n')
	[ "$(grep -c 'error: undo: nothing was changed yet' <<< "$output")" -eq 3 ] # the same refusal each time
	run_apart --linear --replay run.jsonl < <(printf 'go 10\nrun')
	[ "$status" -eq 0 ]
	[[ $output == "a saved run of "*$'\nstep 40: '*$'\nlooking back, step 10: '*$'\nerror: a replay cannot train: '* ]]
	run_apart --linear -d missing < /dev/null
	[ "$status" -eq 3 ]
	run_apart --linear -d digits < <(head -c 100000 /dev/zero | tr '\0' x; echo; echo 'expect step 0 0')
	[[ $output == *"error: the line is longer than"*"is within 0..0" ]]
	run_apart --linear --script x
	[ "$status" -eq 2 ]
	run_apart --linear -d digits --record run2.jsonl < <(echo 'step 3')
	run_apart --replay run2.jsonl --format json
	json '[o["step"] for o in objects] == [0, 3]'
}

# ---- the time limit ----

@test "--timeout ends a run and a script with 1, a message and no torn file" {
	small -n 1000000000 --timeout 0.2 -o run.txt
	[ "$status" -eq 1 ]
	[ "$errors" = "initviz: timeout: the seconds given by --timeout are over" ]
	echo 'step 1000000000' > script
	small --timeout 0.2 --script script
	[ "$status" -eq 1 ]
	status=0
	mkfifo silent
	"$INITVIZ" --linear -d digits --timeout 0.2 <> silent > /dev/null 2> errors || status=$? # its input does not end
	[ "$status" -eq 1 ]
	[ ! -e run.txt ]
	[ -z "$(find . -name '.initviz-*')" ]
	small --timeout 1000
	[ "$status" -eq 0 ]
	local seconds
	for seconds in 0 -1 nan 1e99 x ''; do
		small --timeout "$seconds"
		[ "$status" -eq 2 ]
	done
}

@test "pictures and runs without a name replace no file" {
	printf 'snapshot\nview layer\nsnapshot\nsave\nsave\n' > script
	"$INITVIZ" --script script -s 1 -d digits
	ls initviz-*
	[ -s initviz-first_pass_normal-0.svg ]
	[ -s initviz-first_pass_normal-0-2.svg ]
	[ -s initviz-first_pass_normal-0.jsonl ]
	[ -s initviz-first_pass_normal-0-2.jsonl ]
	run ! cmp -s initviz-first_pass_normal-0.svg initviz-first_pass_normal-0-2.svg
}
