# Small limits: address space, open files, stack, time, threads; odd
# environments; and how the program was built.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
}

# within LIMIT... -- ARGUMENT...: runs under these limits of ulimit; a hang is
# a failure: of a busy process by its CPU time, of one that waits by the clock.
# Sets status and errors.
within() {
	local limits=()
	while [ "$1" != -- ]; do
		limits+=("$1")
		shift
	done
	shift
	status=0
	errors=$({ ulimit -t 20 && ulimit "${limits[@]}" && exec timeout --kill-after=1 300 "$INITVIZ" "$@"; } 2>&1 > /dev/null) || status=$?
}

not_sanitized() {
	! grep -qE '__(a|t)san_init' "$INITVIZ" || skip "built with a sanitizer"
}

tiny=(-d digits --layers '*-4-*' -n 2 --every 1 --probe 10 -b 2 --format json)

@test "R2 little address space: it works or ends at once with a message, and never hangs" {
	not_sanitized
	local megabytes refused=0 worked=0
	for megabytes in 40 100 200 300 500; do
		within -v $((megabytes * 1024)) -- "${tiny[@]}" --threads 2
		case $status in
		0) worked=$((worked + 1)) ;;
		5) [[ $errors == "initviz: "*": "* ]]; refused=$((refused + 1)) ;;
		127) ;; # the loader found no room
		*) echo "$megabytes MB: $status: $errors"; false ;;
		esac
	done
	[ "$worked" -gt 0 ] && [ "$refused" -gt 0 ]
}

@test "R2 what needs no net needs little address space" {
	not_sanitized
	within -v 400000 -- --help
	[ "$status" -eq 0 ]
}

@test "R5 hardly any files may be open" {
	local files
	for files in 4 5 6; do
		within -n "$files" -- "${tiny[@]}" -o file.json
		[ "$status" -eq 0 ] || [ "$status" -eq 127 ] || [ "$status" -eq 4 ]
		[ "$status" -ne 4 ] || [[ $errors == "initviz: file.json: "* ]]
	done
	within -n 12 -- "${tiny[@]}" -o file.json
	[ "$status" -eq 0 ]
}

@test "R5 no file may grow" {
	within -f 0 -- "${tiny[@]}" -o file.json
	[ "$status" -eq 4 ]
	[[ $errors == "initviz: file.json: "* ]]
	[ ! -e file.json ]
	[ -z "$(find . -name '.initviz-*')" ]
}

@test "R5 a small stack is enough" {
	not_sanitized
	within -s 256 -- "${tiny[@]}" --snapshot screen.svg --size 300x100
	[ "$status" -eq 0 ]
}

@test "R5 CPU time runs out: ended by its signal, no torn file" {
	within -t 1 -- -d digits -n 100000000 --every 1000 -o file.json
	[ "$status" -eq $((128 + $(kill -l XCPU))) ] || [ "$status" -eq 137 ]
	[ ! -e file.json ]
	[ "$status" -eq 137 ] || [ -z "$(find . -name '.initviz-*')" ]
}

@test "R3 refused threads: fewer do the same work" {
	not_sanitized
	[ "$(id -u)" -eq 0 ] || skip "only root can limit another user's processes"
	command -v setpriv > /dev/null && command -v prlimit > /dev/null || skip "setpriv and prlimit are not installed"
	local expected
	cp "$INITVIZ" initviz && chmod a+rx initviz . && setpriv --reuid=65534 --clear-groups ./initviz --version > /dev/null ||
		skip "another user cannot run a program from here"
	expected=$("$INITVIZ" "${tiny[@]}" --threads 1)
	status=0
	output=$(OPENBLAS_NUM_THREADS=1 prlimit --nproc=1 setpriv --reuid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		./initviz "${tiny[@]}" --threads 4 2> errors) || status=$?
	[ "$status" -eq 0 ]
	[ "$output" = "$expected" ]
}

@test "R4 no other process is allowed: it works, or OpenBLAS ends it before anything is written" {
	not_sanitized
	[ "$(id -u)" -eq 0 ] || skip "only root can limit another user's processes"
	command -v setpriv > /dev/null && command -v prlimit > /dev/null || skip "setpriv and prlimit are not installed"
	cp "$INITVIZ" initviz && chmod a+rx initviz . && setpriv --reuid=65534 --clear-groups ./initviz --version > /dev/null ||
		skip "another user cannot run a program from here"
	local expected processes
	expected=$("$INITVIZ" "${tiny[@]}" --threads 1)
	for processes in 1 2; do
		status=0
		output=$(ulimit -t 20; unset OPENBLAS_NUM_THREADS; prlimit --nproc="$processes" setpriv --reuid=65534 --clear-groups \
			--inh-caps=-all --bounding-set=-all timeout --foreground --kill-after=1 300 ./initviz "${tiny[@]}" --threads 2 2> errors) || status=$?
		[ "$status" -eq 0 ] || [ "$status" -eq 130 ] || [ "$status" -eq 125 ]
		[ "$status" -ne 0 ] || [ "$output" = "$expected" ]
		[ "$status" -eq 0 ] || [ -z "$output" ]
		# when OpenBLAS starts no threads of its own it works with one
		output=$(ulimit -t 20; OPENBLAS_NUM_THREADS=1 prlimit --nproc="$processes" setpriv --reuid=65534 --clear-groups \
			--inh-caps=-all --bounding-set=-all ./initviz "${tiny[@]}" --threads 2 2> errors)
		[ "$output" = "$expected" ]
	done
}

@test "T17 without a controlling terminal, under nohup, in a pipe: the same result" {
	local expected
	expected=$("$INITVIZ" "${tiny[@]}")
	[ "$(nohup "$INITVIZ" "${tiny[@]}" 2> /dev/null < /dev/null)" = "$expected" ]
	[ "$(: | "$INITVIZ" "${tiny[@]}" 2> /dev/null | cat)" = "$expected" ]
	command -v setsid > /dev/null || skip "setsid is not installed"
	[ "$(setsid --wait "$INITVIZ" "${tiny[@]}" < /dev/null 2> /dev/null)" = "$expected" ]
	status=0
	errors=$(setsid --wait "$INITVIZ" < /dev/null 2>&1) || status=$?
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: standard "*" is not a terminal: use --headless"* ]]
}

@test "N12 other kernels of OpenBLAS: variances of the first pass within 1e-4" {
	command -v python3 > /dev/null || skip "python3 is not installed"
	"$INITVIZ" --version | grep -q 'x86\|Haswell\|SkylakeX\|Zen\|Sandybridge\|Prescott\|Nehalem\|Cooperlake' || skip "not x86"
	local core cores=0
	for core in Prescott Nehalem Sandybridge Haswell SkylakeX; do
		# a core that this CPU lacks dies of an illegal instruction
		OPENBLAS_CORETYPE=$core "$INITVIZ" -s 1 -d digits --format json > "$core.json" 2> /dev/null || rm -f "$core.json"
	done
	python3 - *.json <<-'P'
	import json, sys
	runs = [json.loads(open(path).readline()) for path in sys.argv[1:]]
	assert len(runs) >= 2, "one kernel only"
	for run in runs[1:]:
	    for mine, first in zip(run["layers"], runs[0]["layers"]):
	        for tensor in ("z", "a", "w", "delta", "dw"):
	            a, b = mine[tensor]["variance"], first[tensor]["variance"]
	            assert abs(a - b) <= 1e-4 * abs(b), (tensor, a, b)
	P
}

@test "O13 invalid variables are ignored" {
	run_apart "${tiny[@]}"
	local expected=$output
	COLUMNS=0 LINES=-1 TERM=$(printf 'x%.0s' $(seq 10000)) XDG_DATA_HOME=relative XDG_CONFIG_HOME=also/relative \
		XDG_DATA_DIRS=::: run_apart "${tiny[@]}"
	[ "$status" -eq 0 ]
	[ "$output" = "$expected" ]
	status=0
	output=$(env -i $(env | grep '^OPENBLAS_') "$INITVIZ" "${tiny[@]}") || status=$?
	[ "$status" -eq 0 ]
	[ "$output" = "$expected" ]
	output=$(env -u HOME "$INITVIZ" "${tiny[@]}")
	[ "$output" = "$expected" ]
}

@test "O14 no argv at all" {
	command -v cc > /dev/null || skip "no compiler is installed"
	not_sanitized
	cat > launch.c <<-'C'
	#include <unistd.h>
	extern char **environ;
	int main(int argc, char **argv)
	{
		char *none[] = { 0 };
		(void)argc;
		execve(argv[1], none, environ);
		return 126;
	}
	C
	cc launch.c -o launch
	status=0
	errors=$(./launch "$INITVIZ" 2>&1 < /dev/null) || status=$?
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: "*--headless* ]]
}

@test "hardening: position independent, relro, bind now, no executable stack, stack protector, fortify" {
	command -v readelf > /dev/null || skip "readelf is not installed"
	not_sanitized
	local dynamic segments symbols
	dynamic=$(readelf -hdW "$INITVIZ") segments=$(readelf -lW "$INITVIZ") symbols=$(readelf -sW "$INITVIZ")
	[[ $dynamic == *"DYN (Position-Independent"* ]] || skip "built without hardening"
	[[ $dynamic == *BIND_NOW* || $dynamic == *"Flags: NOW"* ]]
	[[ $segments == *GNU_RELRO* ]]
	[[ $segments == *GNU_STACK* && ! $segments =~ GNU_STACK[^$'\n']*RWE ]]
	[[ $symbols == *__stack_chk_fail* && $symbols == *_chk@* ]]
	[[ $dynamic != *TEXTREL* ]]
}

@test "flags that make NaN and infinity wrong are refused, by configure and by the compiler" {
	local flag
	for flag in -Ofast -ffast-math -ffinite-math-only; do
		status=0
		errors=$(cc "$flag" -I"$abs_top_srcdir/src" -fsyntax-only "$abs_top_srcdir/src/base/platform.c" 2>&1) || status=$?
		[ "$status" -ne 0 ]
		[[ $errors == *"compile it without -Ofast and -ffast-math"* ]]
	done
	[ -x "$abs_top_srcdir/configure" ] || skip "configure has not been made"
	[ ! -e "$abs_top_srcdir/config.status" ] || skip "the source folder itself is configured"
	status=0
	errors=$("$abs_top_srcdir/configure" --quiet CFLAGS=-Ofast 2>&1) || status=$?
	[ "$status" -ne 0 ]
	[[ $errors == *"configure: error: initviz shows NaN and infinity as they are"* ]]
}

@test "without libpcg and without a C++ compiler PCG32 is built in; the failing tool is named" {
	[ -x "$abs_top_srcdir/configure" ] || skip "configure has not been made"
	[ ! -e "$abs_top_srcdir/config.status" ] || skip "the source folder itself is configured"
	status=0
	errors=$("$abs_top_srcdir/configure" --quiet --with-pcg=cpp CXX=false 2>&1) || status=$?
	[ "$status" -ne 0 ]
	[[ $errors == *"the C++ compiler (false) is missing or does not work"* ]]
	status=0
	errors=$("$abs_top_srcdir/configure" --quiet PKG_CONFIG=false JANSSON_LIBS=-lnothing 2>&1) || status=$?
	[ "$status" -ne 0 ]
	[[ $errors == *"jansson: no program can be linked with ' -lnothing' from JANSSON_CFLAGS and JANSSON_LIBS"* ]]
	[[ $errors != *"is missing: install"* ]]
}
