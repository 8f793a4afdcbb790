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

@test "W4 killed while it writes: the file is the old one or the new one" { holds killed; }
@test "T3 killed while it saves from the screen: the file is the old one or the new one" { holds killed_on_screen; }
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

# compile_with_tsan OUT FILE...: what threads share in the lab is compiled to note
# races, the rest is that of the build.
compile_with_tsan() {
	local out=$1 file objects=() folder=${INITVIZ%/*} cxx=
	shift
	[[ $("$INITVIZ" --version) != *pcg-cpp* ]] || cxx=-lstdc++
	for file; do
		objects+=("$BATS_TEST_TMPDIR/$(basename "$file" .c).o")
		# shellcheck disable=SC2086
		${CC:-cc} $LIBRARY_CFLAGS -w -O1 -g -fsanitize=thread -include "$folder/config.h" -I"$abs_top_srcdir/src" \
			-I"$abs_top_srcdir/tests" -c "$file" -o "${objects[-1]}" || return
	done
	# shellcheck disable=SC2086
	${CC:-cc} -fsanitize=thread "${objects[@]}" "$folder"/lib{lab,data,nn,base}.a $LIBRARY_LIBS $cxx -lm -o "$out"
}

@test "R7 trainer and screen share nothing without a lock" {
	not_sanitized
	[ "${LIBRARY_LIBS+set}" ] || skip "needs the libraries' flags: make check gives them"
	[ -f "${INITVIZ%/*}/liblab.a" ] && [[ $LIBRARY_LIBS == *cmocka* ]] || skip "the unit tests are not built"
	export TSAN_OPTIONS=halt_on_error=1:report_thread_leaks=0
	cat > racy.c <<-'C'
	#include <pthread.h>
	static int shared;
	static void *add(void *none) { for (int i = 0; i < 100000; i++) shared++; return none; }
	int main(void) { pthread_t other; pthread_create(&other, 0, add, 0); add(0); pthread_join(other, 0); return shared == 0; }
	C
	${CC:-cc} -w -fsanitize=thread racy.c -o racy -lpthread 2> errors || skip "${CC:-cc} has no -fsanitize=thread"
	run ./racy
	[[ $output == *"data race"* ]] || skip "races are not reported here"
	cd "$abs_top_srcdir"
	compile_with_tsan "$BATS_TEST_TMPDIR/races" tests/test_runner.c src/nn/pool.c src/lab/{worker*,run*,history,snapshot,marks,parked,session,session_observe}.c
	run timeout 300 "$BATS_TEST_TMPDIR/races"
	[ "$status" -eq 0 ] || { echo "$output" | grep -A12 -e 'WARNING' -e 'ERROR' -e FAILED; false; }
}
