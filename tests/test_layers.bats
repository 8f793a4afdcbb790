# The house: includes point down only, and each foreign library has one door.

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
	${CC:-cc} -MM -MG -I src -I "$(dirname "$INITVIZ")" src/"$1"/*.c |
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

@test "curses, cblas, libpcg, threads and gzip libraries are each behind one door" {
	[ -z "$(outside '(n?curses|ncursesw/)' 'io/tui')" ]
	[ -z "$(outside 'cblas' 'nn/mat')" ]
	[ -z "$(outside 'pcg_' 'nn/rng')" ]
	[ -z "$(outside 'pthread' 'lab/worker|nn/pool')" ]
	[ -z "$(outside '(zlib|isa-l)' 'data/inflate_')" ]
}

@test "drawing sees cells and numbers, never a net" {
	reach draw 'nn/|data/|lab/'
}

@test "views and the app see snapshots, never a session or a net" {
	reach view 'lab/session|lab/run\.h|nn/mlp\.h|nn/mat|nn/pool'
	reach app 'lab/session|lab/run\.h|nn/mlp\.h|nn/mat|nn/pool'
}

@test "memory has one door" {
	! grep -rnE '\b(malloc|calloc|realloc|strdup)\(' src --include=*.c | grep -v '^src/base/alloc.c'
}
