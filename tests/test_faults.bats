# Faults at any moment: memory refused, the process killed, calls that fail.
# torture.py tries some moments here, and every one in `make check-torture`.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
	export FAIL_ALLOC=${INITVIZ%/*}/tests/fail_alloc.so
}

# holds CASE [RUNS]
holds() {
	command -v python3 > /dev/null || skip "python3 is not installed"
	run timeout --kill-after=5 1800 python3 -B "$BATS_TEST_DIRNAME/torture.py" "$@"
	[ "$status" -ne 77 ] || skip "$output"
	[ "$status" -eq 0 ] || { echo "$output"; false; }
}

# A preloaded allocator does not go with a sanitizer's own.
not_sanitized() {
	! grep -qE '__(a|t)san_init' "$INITVIZ" || skip "built with a sanitizer"
}

@test "R1 memory refused without a screen: 5 and a message, no temporary" {
	not_sanitized
	holds headless 1
}

@test "R1 memory refused while the screen is ours: the terminal is sane" {
	not_sanitized
	holds screen 4
}

@test "R1 memory refused to curses: the terminal is sane" {
	not_sanitized
	holds curses 2
}

@test "W4 killed while it writes: the file is the old one or the new one" { holds killed 6; }
@test "W6 several write one file at once: it is one of theirs" { holds together 6; }
@test "W2 W8 calls on the way of a file fail: 4, the old file, no temporary" { holds output_calls; }
@test "R9 no other process, and no file that one would inherit" { holds no_exec; }

@test "the corpora of the fuzz targets" {
	local folder=${INITVIZ%/*}/tests/fuzz name targets=0
	for name in "$BATS_TEST_DIRNAME"/fuzz/corpus/*; do
		name=${name##*/}
		[ -x "$folder/fuzz_$name" ] || continue
		"$folder/fuzz_$name" "$BATS_TEST_DIRNAME/fuzz/corpus/$name"
		targets=$((targets + 1))
	done
	[ "$targets" -gt 0 ] || skip "the targets are not built: make check builds them"
}

@test "R11 continued after it was stopped: no burst of steps" { holds stopped 1; }
