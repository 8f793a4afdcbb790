# A finished sweep, read back as a map: --replay of the table that --sweep has written.
load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	small=(--data digits --width 5 -n 2 --batch 16)
	GRID='depth=1,2,4 init=normal(0,1),xavier,he seed=1..2'
}

# The screen of the file.
shown() {
	"$INITVIZ" --headless --replay "$1" --size 100x24 --ascii --snapshot - "${@:2}"
}

@test "a sweep in CSV and in JSON gives one map, whose cell has the numbers of its row" {
	"$INITVIZ" "${small[@]}" --sweep "$GRID" > rows.csv
	"$INITVIZ" "${small[@]}" --sweep "$GRID" --format json > rows.json
	shown rows.csv -c 'map cell 3 2' > csv
	shown rows.json -c 'map cell 3 2' > json
	cmp csv json
	grep -q '18 nets' csv
	# depth 4, xavier, seed 1: the 15th row
	accuracy=$(awk -F, 'NR == 16 { printf "test %.0f %%", 100 * $7 }' rows.csv)
	grep -q "depth 4, init xavier, seed 1, 2 steps" csv
	grep -qF "$accuracy" csv
}

@test "Enter starts the net of a cell of a finished sweep" {
	"$INITVIZ" "${small[@]}" --sweep "$GRID" > rows
	run -0 shown rows -c 'map cell 3 2' -c 'map open' -c 'run' -c 'recreate'
	wanted=$(awk -F'initviz ' 'NR == 16 { print $2 }' rows | tr -d '"')
	[[ $(tr -d '\\\n' <<< "$output" | tr -s ' ') == *"$wanted"* ]] # the screen breaks the line
}

@test "an interrupted sweep shows the nets that it has, and trains none" {
	"$INITVIZ" "${small[@]}" --sweep "$GRID" > rows
	head -c -10 rows > cut
	shown cut > screen
	grep -q '17 of 18 nets' screen
}

@test "a byte order mark before the table of a sweep is no part of it, also where the sweep goes on" {
	local format
	for format in csv json; do
		"$INITVIZ" "${small[@]}" --sweep 'depth=1,2,3 init=xavier,he' --format $format > rows
		{ printf '\xEF\xBB\xBF'; cat rows; } > marked
		shown rows > expected
		shown marked > screen
		cmp screen expected
		head -n 4 marked > part
		"$INITVIZ" "${small[@]}" --sweep 'depth=1,2,3 init=xavier,he' --format $format -o part
		cmp part marked
	done
}

@test "widths that differ between layers are those of the sweep" {
	"$INITVIZ" --data digits --batch 16 -n 1 --layers 784-7-5-10 --sweep 'depth=1,2,3 seed=1,2' > rows
	shown rows > screen
	grep -q '6 nets' screen
}

@test "what is wrong with a table is one clear line" {
	refused() {
		run_apart --headless --replay rows --snapshot - 3>&-
		((status == 3))
		[[ $(wc -l <<< "$errors") == 1 && $errors == "initviz: rows"*"$1"* ]]
	}
	"$INITVIZ" "${small[@]}" --sweep "$GRID" > whole
	head -1 whole > rows
	refused 'no row yet'
	sed 4s/xavier/he/ whole > rows
	refused ':4: command is'
	sed 1,5d whole > part; { head -1 whole; cat part; } > rows
	refused ':2:'
	sed '4s/,.*//' whole > rows
	refused ':4: has another number of columns'
	"$INITVIZ" "${small[@]}" --sweep 'depth=1,2' > rows
	refused 'two settings'
	printf 'net,depth\n1,2\n' > rows
	refused ':1: these are not the columns of a sweep'
	printf 'net,depth,seed,loss,command\n1,2,1,x,\377\n1,3,2,x,\377\n' > rows
	refused ':2:'
	"$INITVIZ" "${small[@]}" --sweep "$GRID" > rows
	run_apart --headless --replay rows
	((status == 2))
	[[ $errors == *'add --snapshot FILE'* ]]
}

@test "a value that is none, several, or other words is refused with its line" {
	refused() { # a sed command; what is said, or (none) that the table is shown
		sed "$1" whole > rows
		run_apart --headless --replay rows --snapshot screen.txt 3>&-
		[ "$status" -eq 3 ] || { echo "$1: exit $status"; return 1; }
		[[ $(wc -l <<< "$errors") == 1 && $errors == "initviz: rows"*"$2"* ]] || { echo "$1: $errors"; return 1; }
		[ ! -e screen.txt ]
	}
	"$INITVIZ" "${small[@]}" --sweep 'depth=1,2,3 init=normal(0,1),he' > whole
	local value
	for value in '' '"2,3"' 1..3 1..1000000 '"2 seed=4"' ' 2' '"2 "' '2(' '2)' '"2(,"' '"2),(2"'; do
		refused "4s/,2,/,$value,/" ":4: depth is '"
	done
	refused '3s/,he,/,"he,xavier",/' ":3: init is 'he,xavier', which is not one value"
	refused '3s/,he,/,he(,/' ":3: init is 'he('"
	refused '4s/,2,/,02,/' ":5: depth is '2' and not '02'" # one value, written in another way
	for value in x -2 nan 99999999999 2*3 '"2"""'; do
		refused "4s/,2,/,$value,/" ":4: depth: '"
	done
	refused '7s/,he,/,hey,/' ":7: init: "
	refused '1s/depth/deepth/' ":1: "
	refused '4s/^3/0/' ':4: the rows are not those of one whole sweep'
	refused '4s/^3/7/' ':4: the rows are not those of one whole sweep'
	refused '4s/^3/2/' ":4: depth is '2' and not '1'"
	refused '1s/depth/depth,depth/' ':2: has another number of columns'
	# JSON lines
	"$INITVIZ" "${small[@]}" --sweep 'depth=1,2,3 init=normal(0,1),he' --format json > whole
	for value in '""' '"2,3"' '"1..3"' '"2 seed=4"'; do
		refused "3s/\"depth\":\"*2\"*,/\"depth\":$value,/" ":3: depth is '"
	done
	for value in '"x"' -2; do
		refused "3s/\"depth\":\"*2\"*,/\"depth\":$value,/" ":3: depth: '"
	done
}

@test "a number that no net can have is refused with its line" {
	refused() { # row, column, value, what is said
		awk -F, -v OFS=, -v row="$1" -v column="$2" -v value="$3" 'NR == row { $column = value } 1' whole > rows
		run_apart --headless --replay rows --snapshot screen.txt 3>&-
		[ "$status" -eq 3 ] || { echo "$*: exit $status"; return 1; }
		[[ $(wc -l <<< "$errors") == 1 && $errors == "initviz: rows:$1: $4"* ]] || { echo "$*: $errors"; return 1; }
		[ ! -e screen.txt ]
	}
	"$INITVIZ" "${small[@]}" --sweep 'depth=1,2,3 init=xavier,he' > whole
	[[ $(head -1 whole) == net,depth,init,loss,train_accuracy,test_accuracy,saturated1,*diverged_step* ]]
	local value
	for value in -2 7 1.0001 nan NaN inf x; do
		refused 4 6 "$value" "test_accuracy is '$value', which no net has: it is a number from 0 to 1"
	done
	refused 3 4 -0.5 "loss is '-0.5', which no net has: it is a number from 0 on"
	refused 3 7 2 "saturated1 is '2'"
	refused 5 13 1.5 "diverged_step is '1.5', which no net has: it is a whole number"
	refused 7 5 '' "train_accuracy is empty, but the verdict is not 'failed'"
	awk -F, -v OFS=, 'NR == 4 { $4 = $6 = "" } 1' whole > rows # a loss that is not finite, a test that was not made
	shown rows > screen
	grep -q '6 nets' screen
	"$INITVIZ" "${small[@]}" --sweep 'depth=1,2,3 init=xavier,he' --format json | sed '4s/"test_accuracy":[0-9.]*/"test_accuracy":-2/' > rows
	run_apart --headless --replay rows --snapshot screen.txt 3>&-
	[[ $status == 3 && $errors == "initviz: rows:4: test_accuracy is '-2'"* ]]
}

@test "Phase shows a finished sweep beside its plane and in its place, and Enter starts a net of it" {
	GRID='init=normal(0,sqrt(1..3/4/fan_in)) depth=2,5,10'
	"$INITVIZ" "${small[@]}" -a tanh --bias-init 'normal(0,0.2)' --sweep "$GRID" > rows
	# depth 5, sigma_w^2 2.333: the 8th row
	accuracy=$(awk -F, 'NR == 9 { sub(/"[^"]*"/, ""); printf "test %.0f %%", 100 * $6 }' rows)
	wanted=$(awk -F'initviz ' 'NR == 9 { print $2 }' rows | tr -d '"')
	for size in 80x24 120x40; do
		shown rows --size $size -c phase > plane
		shown rows --size $size -c phase -c 'key E' -c 'map cell 3 2' > screen
		run ! grep -q '[0-9] nets' plane
		grep -q ' 12 nets' screen
		grep -q 'init 2\.333, depth 5, 2 steps' screen
		grep -qF "$accuracy" screen
		shown rows --size $size -c phase -c 'key E' -c 'map cell 2 3' -c 'key Right Down' > moved
		cmp screen moved
		shown rows --size $size -c phase -c 'key E E' > back
		[[ $size == 120x40 ]] || cmp plane back # there the nets stay beside the plane
		shown rows --size $size -c phase -c 'key E' -c 'map cell 3 2' -c 'key Enter' -c run -c recreate > started
		[[ $(tr -d '\\\n' < started | tr -s ' ') == *"$wanted"* ]]
	done
	grep -q '^sigma_b|.* 12 nets$' back
	head -c -10 rows > cut
	shown cut --size 120x40 -c phase -c 'key E' > screen
	grep -q '11 of 12 nets' screen
}
