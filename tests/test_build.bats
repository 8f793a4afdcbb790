# Building: what configure says about missing parts, and that a warning, a large stack
# frame and a variable array fail a build that asks for it.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

# A directory whose headers cannot be used, and a pkg-config that has only jansson.
missing_parts() {
	mkdir -p stub/openblas
	local header
	for header in curses.h cblas.h openblas/cblas.h zlib.h; do echo '#error this header is missing' > "stub/$header"; done
	printf '#!/bin/sh\ncase $* in *jansson*|--version) exec pkg-config "$@" ;; esac\nexit 1\n' > stub/pkg-config
	chmod +x stub/pkg-config
}

# The configure of the tree that is tested; a distribution has it, a checkout after autoreconf.
configure() {
	[ -x "$abs_top_srcdir/configure" ] || skip "there is no configure"
	# a tree that is configured in its source folder cannot be configured elsewhere
	[ ! -e "$abs_top_srcdir/config.status" ] || skip "the source folder is configured itself"
	status=0
	output=$("$abs_top_srcdir/configure" --quiet "$@" 2>&1) || status=$?
}

@test "S1 configure names every library that is missing, and its packages" {
	missing_parts
	configure CPPFLAGS="-I$PWD/stub" PKG_CONFIG="$PWD/stub/pkg-config"
	[ "$status" -ne 0 ]
	[[ $output == *"ncursesw is missing: install libncurses-dev (Debian), ncurses-devel (Fedora) or ncurses (Homebrew)"* ]]
	[[ $output == *"openblas is missing: install libopenblas-dev"* ]]
	[[ $output == *"z is missing: install zlib1g-dev"* ]]
	[[ $output != *"jansson is missing"* ]]
	[ ! -e Makefile ]
}

@test "S1 configure says which flags of a library do not work" {
	configure NCURSES_LIBS=-lno_such_library
	[ "$status" -ne 0 ]
	[[ $output == *"ncursesw: no program can be linked with ' -lno_such_library' from NCURSES_CFLAGS and NCURSES_LIBS"* ]]
}

@test "S1 configure refuses a library that lacks the function" {
	mkdir half
	echo '/* an empty library */' > half/libjansson.so
	configure JANSSON_LIBS="-L$PWD/half -ljansson"
	[ "$status" -ne 0 ]
	[[ $output == *"jansson: no program can be linked with ' -L$PWD/half -ljansson'"* ]]
}

@test "flags that make warnings errors do not make configure miss what is there" {
	configure
	[ "$status" -eq 0 ]
	cp config.h without.h
	configure CFLAGS="-O2 -Werror -Wall -Wextra -Wstrict-prototypes -Werror=unused-variable" CPPFLAGS=-pedantic-errors CXXFLAGS="-Werror -O1"
	echo "$output"
	[ "$status" -eq 0 ]
	diff without.h config.h
	grep -x 'CFLAGS = -O2 -Wall -Wextra -Wstrict-prototypes -Werror -Werror=unused-variable' Makefile
	grep -x 'CPPFLAGS = *-pedantic-errors' Makefile
	grep -x 'CXXFLAGS = -O1 -Werror' Makefile
}

@test "without cmocka make check fails and says why, unless single tests were asked for" {
	configure CMOCKA_LIBS=-lno_such_library
	[ "$status" -eq 0 ]
	unset MAKEFLAGS MAKELEVEL
	run make -s check-local
	[ "$status" -ne 0 ]
	[[ $output == "unit tests: left out (cmocka missing)"* ]]
	run make -s check-local 'TESTS=$(ALL_TESTS)'
	[ "$status" -ne 0 ]
	make -s check-local TESTS=
	make -s check-local TESTS=tests/test_cli.bats
}

@test "configure asks for SSE2 where doubles are computed with more digits than they have" {
	${CC:-gcc} -msse2 -mfpmath=sse -E - < /dev/null > /dev/null 2>&1 || skip "no compiler for x86"
	# a compiler as on 32-bit x86: more digits unless SSE computes
	cat > x87 <<-EOF
		#!/bin/sh
		case " \$* " in *' -mfpmath=sse '*) ;; *) set -- -U__FLT_EVAL_METHOD__ -D__FLT_EVAL_METHOD__=2 "\$@" ;; esac
		exec ${CC:-gcc} "\$@"
	EOF
	# one on which no flag helps
	sed 's/ -mfpmath=sse / no such flag /' x87 > m68k
	chmod +x x87 m68k
	configure CC="$PWD/x87"
	[ "$status" -eq 0 ]
	[[ $output != *WARNING* ]]
	grep -x 'FLOAT_FLAGS = -msse2 -mfpmath=sse' Makefile
	configure CC="$PWD/m68k"
	[ "$status" -eq 0 ]
	[[ $output == *"computes doubles with more digits than they have"* ]]
	grep -x 'FLOAT_FLAGS = ' Makefile
	configure
	[ "$status" -eq 0 ]
	grep -x 'FLOAT_FLAGS = ' Makefile
}

# compiles FILE: with the flags of the Makefile that built the program, warnings being fatal.
compiles() {
	local makefile=${INITVIZ%/*}/Makefile flags
	[ -e "$makefile" ] || skip "no Makefile beside $INITVIZ"
	flags=$(sed -n 's/^WARNING_FLAGS = //p' "$makefile")
	[ -n "$flags" ]
	# shellcheck disable=SC2086
	${CC:-gcc} $flags -Werror -O2 -c -o /dev/null "$1" 2> complaint
}

@test "R6 S2 a large frame, a variable array and a warning fail the build" {
	command -v ${CC:-gcc} > /dev/null || skip "no ${CC:-gcc}"
	printf 'int use(char *);\nint good(void);\nint good(void)\n{\n\tchar small[256];\n\treturn use(small);\n}\n' > good.c
	compiles good.c || { cat complaint; false; }
	sed 's/256/20000/' good.c > frame.c
	run ! compiles frame.c
	grep -q 'frame-larger-than' complaint
	sed 's/good(void)/good(int n)/; s/256/n/' good.c > array.c
	run ! compiles array.c
	grep -q 'vla' complaint
	sed 's/small\[256\]/small[256]; int n = 1.5f/' good.c > lossy.c
	run ! compiles lossy.c
	sed 's/good(void);/good(void);\nint old();/' good.c > prototype.c
	run ! compiles prototype.c
	sed 's/small\[256\];/small[256]; int unused;/' good.c > unused.c
	run ! compiles unused.c
}

# frames FILE: the sizes of its stack frames, in bytes; what protects from stack clashes
# takes a large frame in pages, but gives it back at once.
frames() {
	objdump -d --no-show-raw-insn "$1" |
		sed -nE 's/.*(sub|add) +\$0x([0-9a-f]{1,8}),%rsp.*/\2/p; s/.*lea +-0x([0-9a-f]+)\(%rsp\),%r11.*/\1/p' | sort -u |
		while read -r size; do echo $((0x$size)); done
}

# Whatever flags it was built with.
@test "R6 no function of the program has a stack frame above 16 KiB" {
	command -v objdump > /dev/null || skip "objdump is not installed"
	[ "$(uname -m)" = x86_64 ] || skip "reads x86-64 code"
	! grep -qE '__(a|t)san_init' "$INITVIZ" || skip "built with a sanitizer"
	printf 'int use(char *);\nint large(void)\n{\n\tchar array[20000];\n\treturn use(array);\n}\n' > large.c
	${CC:-gcc} -O2 -c large.c -o large.o
	frames large.o | awk '$1 > 16384 { found = 1 } END { exit !found }' # large ones are seen
	frames "$INITVIZ" > sizes
	[ "$(wc -l < sizes)" -gt 10 ]
	awk '$1 > 16384 { print "a frame of " $1 " bytes"; bad = 1 } END { exit bad }' sizes
}

@test "S3 what leaves a process or a file behind fails, and it is ended and removed" {
	local leaves=$BATS_TEST_DIRNAME/leaves-nothing
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	run "$leaves" sh -c 'exit 3'
	[ "$status" -eq 3 ]
	run "$leaves" sh -c 'touch "$TMPDIR/gone"; rm "$TMPDIR/gone"; true & wait'
	[ "$status" -eq 0 ]
	run "$leaves" sh -c 'touch "$TMPDIR/forgotten"'
	[ "$status" -eq 1 ]
	[ "$output" = "left behind: forgotten" ]
	[ -z "$(ls -A "$TMPDIR")" ]
	[ -d /proc/self ] || skip "no /proc"
	run "$leaves" sh -c 'sleep 1234 3>&- > /dev/null 2>&1 &'
	[ "$status" -eq 1 ]
	[[ $output == "left behind: process "*": sleep 1234 " ]]
	[ -z "$(ls -A "$TMPDIR")" ]
}
