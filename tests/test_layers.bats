# The rooms: includes point down only, and each foreign library is used in one place.

setup() {
	load common
	cd "$abs_top_srcdir" || return
}

# Files (below src/) that include something matching $1, outside of $2.
outside() {
	grep -rlE "#include [<\"]$1" src | grep -vE "^src/($2)" || true
}

# What the compiler reads of src/ for the .c files of a room, its own includes'
# includes too: "src/view/verdict.c src/lab/snapshot.h" a line.
reads() {
	${CC:-cc} -MM -MG -I src -I "$(dirname "$INITVIZ")" $(find "src/$1" -name "*.c") |
		awk '{ sub(/\\\\$/, "") } /^[^ ]+\.o:/ { file = $2 } { for (i = 1; i <= NF; i++) if ($i ~ /^src\/.*\.h$/) print file, $i }'
}

# The lines of `reads ROOM` whose header matches $2.
reach() {
	local read
	read=$(reads "$1")
	[ -n "$read" ] # else the compiler said nothing, and the test would pass for no reason
	! grep -E " src/($2)" <<<"$read"
}

@test "rooms include their own room and those below" {
	local rooms=(base nn data lab draw view app io) i above
	for ((i = 0; i < ${#rooms[@]} - 1; i++)); do
		above=$(printf '|%s/' "${rooms[@]:i+1}")
		reach "${rooms[i]}" "${above:1}"
	done
}

@test "curses, cblas, libpcg, threads, gzip, zip, curl, nettle and protobuf libraries are each behind one door" {
	[ -z "$(outside '(n?curses|ncursesw/)' 'io/tui')" ]
	[ "$(grep -rl 'CBLAS_HEADER' src | sort | tr '\n' ' ')" = "src/nn/kernel/dense.c src/nn/lapack.c src/nn/mat_core.c src/nn/mat_library.c " ]
	[ -z "$(outside 'pcg_' 'nn/rng')" ]
	[ -z "$(outside 'pthread' 'lab/worker|nn/pool|io/writer')" ]
	[ -z "$(outside '(zlib|isa-l)' 'data/inflate_')" ]
	[ -z "$(outside 'zip\.h' 'data/archive_libzip')" ]
	[ -z "$(outside 'curl/' 'io/fetch_transfer')" ]
	[ -z "$(outside 'nettle/' 'io/fetch_digest')" ]
	[ -z "$(outside 'protobuf' 'io/tensorboard')" ]
}

# Fails when files of a room include each other in a circle; x.c and x.h are one.
order() {
	local pairs
	pairs=$(grep -rE "^#include \"$1/" "src/$1" |
		sed -E "s#^src/$1/([a-z_0-9]+)\.[ch]:.include \"$1/([a-z_0-9]+)\.h\"#\1 \2#" | awk '$1 != $2')
	[ -n "$pairs" ]
	tsort <<<"$pairs" >/dev/null
}

@test "files of the app, of views and of drawing have an order: no include runs back up" {
	order app
	order view
	order draw
}

@test "drawing sees cells and numbers, never a net" {
	reach draw 'nn/|data/|lab/'
}

@test "views and the app see snapshots, never a session or a net" {
	reach view 'lab/session|lab/run\.h|lab/report_run|nn/mlp\.h|nn/mat|nn/pool'
	reach app 'lab/session|lab/run\.h|lab/report_run|nn/mlp\.h|nn/mat|nn/pool'
}

@test "everything above the lab trains through the runner" {
	reach io 'lab/session|lab/run\.h|lab/report_run'
}

@test "kernels are loops over arrays: no layers, no pool, and only the mathematics calls them" {
	[ -z "$(grep -rhE '#include "' src/nn/kernel | grep -vE '"(base|nn/kernel)/')" ]
	[ -z "$(outside 'nn/kernel/' 'nn/')" ]
}

@test "N10 time is that of the monotonic clock: a clock that is set back changes nothing" {
	[ -n "$(grep -rl 'CLOCK_MONOTONIC' src)" ]
	# where waiting has no monotonic clock, its deadline is a time of day
	[ -z "$(grep -rnE '\b(gettimeofday|time)\((NULL|&|0)|CLOCK_REALTIME' src | grep -vE '^src/(lab/worker_wait|io/tensorboard).c:')" ] # events of TensorBoard have a date
}

@test "threads get their signal mask in one place" {
	[ "$(grep -rl 'SIG_SETMASK' src)" = "src/base/signal_mask.c" ]
}

@test "drawing decides by flags, never by the words that it shows" {
	! grep -rnE 'str(case)?cmp\([^,]*(word|label|title|heading|columns|name)[^,]*, "' src/view src/draw
}

@test "memory has one door" {
	! grep -rnE '\b(malloc|calloc|realloc|strdup|free)\(' src --include=*.c | grep -v '^src/base/alloc.c'
}

# Compiles the files with casts in a folder so that every cast of a real number
# to a whole one is noted, while base/whole.h is declared only, and prints the
# objects that have one.  (Where there is no cast the compiler refuses:
# -Werror=float-conversion.)  inflate_*, archive_libzip.c, rng_pcg_c.c, fetch_*.c and tensorboard_events.c need the headers of
# libraries that may be missing; they make no whole number of a real one.
objects_that_cast() {
	local objects=$BATS_TEST_TMPDIR/objects config=${INITVIZ%/*}/config.h
	mkdir -p "$objects"
	cat > whole.h <<-'H'
	#define INITVIZ_BASE_WHOLE_H
	#include <stdint.h>
	int whole_int(double x, int low, int high);
	int whole_of_small(double x);
	uint64_t whole_count(double x);
	H
	grep -rlZE '\((enum [a-z_]+|(unsigned |signed |long |short )*(int|char|long|short|unsigned)|[a-z0-9_]+_t)\)[^;,) ]' \
		--include='*.c' --exclude='inflate_*' --exclude=archive_libzip.c --exclude=rng_pcg_c.c --exclude=tensorboard_events.c \
		--exclude=fetch_transfer.c --exclude=fetch_digest.c "$1" |
		CONFIG=$config OBJECTS=$objects xargs -0 -n 8 -P 2 sh -c '
			for file; do
				name=$(echo "$file" | tr / _)
				$CC $LIBRARY_CFLAGS -O0 -w -fsanitize=float-cast-overflow -include "$CONFIG" -include whole.h \
					-I"$abs_top_srcdir/src" -c "$file" -o "$OBJECTS/$name.o" || exit 255
			done' sh
	nm -A -u "$objects"/*.o | grep ubsan_handle_float_cast_overflow || true
}

@test "N15 a real number becomes a whole one in base/whole.h and nowhere else" {
	cd "$BATS_TEST_TMPDIR"
	export CC=${CC:-cc}
	command -v nm > /dev/null || skip "nm is not installed"
	echo 'int main(void) { return 0; }' > probe.c
	$CC -fsanitize=float-cast-overflow -c probe.c 2> errors || skip "$CC cannot note such casts"
	mkdir control
	echo 'int f(double x); int f(double x) { return (int)x; }' > control/cast.c
	run objects_that_cast control
	[[ $output == *cast.c* ]]
	rm -r objects
	run --separate-stderr objects_that_cast "$abs_top_srcdir/src"
	[ "$status" -eq 0 ]
	[ "$(find objects -name '*.o' | wc -l)" -gt 50 ]
	[ -z "$output" ] || { echo "use whole_int() or whole_count() in: $output"; false; }
}

@test "no line of a bats file looks like a check and cannot fail" {
	printf '@test "one" {\n\t! grep -q x file\n\t[ 1 ] && [ 2 ]\n\trun ! grep -q y file\n\t! grep z file\n}\n' > "$BATS_TEST_TMPDIR/bad"
	[ "$(awk -f tests/cannot-fail.awk "$BATS_TEST_TMPDIR/bad" | wc -l)" -eq 2 ]
	run awk -f tests/cannot-fail.awk tests/*.bats
	[ "$status" -eq 0 ]
	[ -z "$output" ] || { echo "$output"; false; }
}

# The linker takes whichever it meets first, and says nothing.
@test "no two rooms define functions or tables of the same name" {
	command -v nm > /dev/null || skip "nm is not installed"
	local defined
	defined=$(nm --defined-only "${INITVIZ%/*}"/lib*.a 2> /dev/null | awk '$2 ~ /^[TDRB]$/ { print $3 }' | sort)
	grep -qx dataset_open <<< "$defined"
	[ -z "$(uniq -d <<< "$defined")" ] || { uniq -d <<< "$defined"; false; }
}

# The log of x and that of x.bats are one file, and make runs only one of them.
@test "every test has a name of its own and is run" {
	local test names
	[ -z "$(basename -a tests/test_*.c tests/test_*.bats | sed 's/\.[a-z]*$//' | sort | uniq -d)" ]
	names=$(cat Makefile.am tests/faults.am)
	for test in tests/test_*.c tests/test_*.bats; do
		grep -qF "${test%.c}" <<< "$names" || { echo "not in Makefile.am: $test"; false; }
	done
}

# tests_that_are_missing: what a table of faults (standard input) names and is not there, and rows without a test.
tests_that_are_missing() {
	local row name file test
	while IFS= read -r row; do
		[[ $row =~ ^\|\ [A-Z][0-9]+\  ]] || continue
		[[ ${row##* | } == '`'* ]] || echo "no test: $row"
		while IFS= read -r name; do
			file=tests/${name%%: *} test=${name#*: }
			case $name in
			make\ *) grep -q "^${name#make }:" Makefile.am tests/faults.am || echo "$name" ;;
			*.bats:*) grep -qF "@test \"$test\" {" "$file" 2> /dev/null || echo "$name" ;;
			*) grep -q "^static void $test(void \*\*" "$file.c" 2> /dev/null || echo "$name" ;; # unused, it would not compile
			esac
		done < <(grep -o '`[^`]*`' <<< "${row##* | }" | tr -d '`')
	done
}

@test "every fault of doc/faults.md has a test, and every test that it names exists" {
	local bad='| X1 | fault | expected | `test_layers.bats: no such test` |
| X2 | fault | expected | `test_idx: no_such_function`<br>`make no-such-target` |
| X3 | fault | expected |  |'
	[ "$(tests_that_are_missing <<< "$bad" | wc -l)" -eq 4 ]
	[ "$(grep -c '^| [A-Z][0-9]* ' doc/faults.md)" -gt 100 ]
	run tests_that_are_missing < doc/faults.md
	[ -z "$output" ] || { echo "$output"; false; }
}
