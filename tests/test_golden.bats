# Golden screens: what scripts leave on the screen, cell by cell.  Each
# tests/golden/NAME.script is run on the built-in digits with matrix products
# that are the same on every machine; its `snapshot screen.txt` must equal
# tests/golden/NAME.txt.  Its first line is "# size 80x24", or "# size 80x24
# ascii".  A screen that was meant to change: make update-golden.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
	export INITVIZ_MATRIX=naive
}

# screen SCRIPT: leaves screen.txt.
screen() {
	local word size glyphs
	read -r word word size glyphs < "$1"
	run_apart --headless --data digits --size "$size" "--${glyphs:-unicode}" --script "$1"
	[ "$status" -eq 0 ] || { echo "$1: $errors"; return 1; }
}

@test "every view has its golden screens" {
	local view kind script=
	for view in $("$INITVIZ" --list views | awk '/^[a-z]/ { print $1 }'); do
		for kind in '' _wide _ascii _wide_ascii; do
			script=$abs_top_srcdir/tests/golden/$view$kind.script
			[ -e "$script" ] || { echo "view $view: write ${script#"$abs_top_srcdir"/}, as those of the other views, and make update-golden"; return 1; }
		done
	done
	[ -n "$script" ]
}

@test "golden screens" {
	local script wrong=0
	for script in "$abs_top_srcdir"/tests/golden/*.script; do
		rm -f screen.txt
		screen "$script"
		if [ -n "$UPDATE_GOLDEN" ]; then
			cp screen.txt "${script%.script}.txt"
		elif ! diff -u "${script%.script}.txt" screen.txt; then
			wrong=1
		fi
	done
	[ "$wrong" -eq 0 ] || { echo "If these screens are as they should be: make update-golden"; false; }
}
