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
