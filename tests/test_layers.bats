# The house: includes point down only, and each foreign library has one door.

setup() {
	load common
	cd "$abs_top_srcdir" || return
}

# Files (below src/) that include something matching $1, outside of $2.
outside() {
	grep -rlE "#include [<\"]$1" src | grep -vE "^src/($2)" || true
}

@test "rooms include their own room and those below" {
	local rooms=(base nn data lab draw view app io) i j found
	for ((i = 0; i < ${#rooms[@]}; i++)); do
		for ((j = i + 1; j < ${#rooms[@]}; j++)); do
			found=$(grep -rlE "#include \"${rooms[j]}/" "src/${rooms[i]}" || true)
			[ -z "$found" ] || { echo "${rooms[i]} reaches up to ${rooms[j]}: $found"; false; }
		done
	done
}

@test "curses, cblas, libpcg, threads and gzip libraries are each behind one door" {
	[ -z "$(outside '(n?curses|ncursesw/)' 'io/tui')" ]
	[ -z "$(outside 'cblas' 'nn/mat')" ]
	[ -z "$(outside 'pcg_' 'nn/rng')" ]
	[ -z "$(outside 'pthread' 'lab/worker|nn/pool')" ]
	[ -z "$(outside '(zlib|isa-l)' 'data/inflate_')" ]
}

@test "views see snapshots, never a session or a net" {
	! grep -rlE '#include "(lab/session|lab/run\.h|nn/mat|nn/pool)' src/view
}

@test "drawing sees cells and numbers, never a net" {
	! grep -rlE '#include "(nn|data|lab)/' src/draw
}

@test "memory has one door" {
	! grep -rnE '\b(malloc|calloc|realloc|strdup)\(' src --include=*.c | grep -v '^src/base/alloc.c'
}
