# Which kernels OpenBLAS uses: the program starts again with better ones if
# OpenBLAS is older than the CPU, which tests/old_openblas.c pretends.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
	unset OPENBLAS_CORETYPE INITVIZ_CORE OLD_OPENBLAS INITVIZ_MATRIX
	old=${INITVIZ%/*}/tests/old_openblas.so
	[ -f "$old" ] || skip "tests/old_openblas.so cannot be built here"
	! grep -qE '__(a|t)san_init' "$INITVIZ" || skip "built with a sanitizer"
	if grep -qw avx512vl /proc/cpuinfo; then
		best=SkylakeX
	elif grep -qw avx2 /proc/cpuinfo; then
		best=Haswell
	else
		skip "no kernels are too old for this CPU"
	fi
	tiny=(--headless -d digits --layers '*-4-*' -n 2 --every 1 --probe 10 -b 2 --format json)
}

# old ARGUMENT...: runs with the old OpenBLAS.  Sets status, output, errors, and
# starts: the cores of the processes, in order.
old() {
	rm -f log
	status=0
	output=$(LD_PRELOAD=$old OLD_OPENBLAS_LOG=log "$INITVIZ" "$@" 2> errors) || status=$?
	errors=$(cat errors)
	starts=$(tr '\n' ' ' < log)
}

@test "an OpenBLAS older than the CPU: the program starts again with the best kernels, once" {
	old "${tiny[@]}"
	[ "$status" -eq 0 ]
	[ -z "$errors" ]
	[ "$starts" = "Prescott $best " ]
	best_output=$output
	OPENBLAS_CORETYPE=$best run_apart "${tiny[@]}"
	[ "$output" = "$best_output" ]
}

@test "the user's choice is kept: OPENBLAS_CORETYPE, INITVIZ_CORE, --core" {
	OPENBLAS_CORETYPE=Prescott old "${tiny[@]}"
	[ "$starts" = "Prescott " ]
	INITVIZ_CORE=library old "${tiny[@]}"
	[ "$starts" = "Prescott " ]
	old --core library "${tiny[@]}"
	[ "$starts" = "Prescott " ]
	INITVIZ_CORE=library old --core auto "${tiny[@]}"
	[ "$starts" = "Prescott $best " ]
	old --core Nehalem "${tiny[@]}"
	[ "$starts" = "Prescott Nehalem " ]
	OPENBLAS_CORETYPE=$best old --core Nehalem "${tiny[@]}"
	[ "$starts" = "$best Nehalem " ]
}

@test "kernels that OpenBLAS does not have: the run goes on with its own" {
	OLD_OPENBLAS=absent old "${tiny[@]}"
	[ "$status" -eq 0 ]
	[[ "$starts" =~ ^(Prescott ){2,3}$ ]]
	OLD_OPENBLAS=absent old --core Nehalem "${tiny[@]}"
	[ "$status" -eq 2 ]
	[[ "$errors" == *"has no kernels called 'Nehalem': give auto"* ]]
	[ "$starts" = "Prescott Prescott " ]
}

@test "kernels that compute wrongly are noticed and not used" {
	OLD_OPENBLAS=wrong old "${tiny[@]}"
	[ "$status" -eq 0 ]
	[ "$starts" = "Prescott $best Prescott " ]
	[ "$errors" = "initviz: warning: OpenBLAS computes wrongly with $best kernels on this CPU: using its own choice" ]
}

@test "--version and --help do not start again; --version says what a run will do" {
	old --version
	[ "$starts" = "Prescott " ]
	[[ "$(tr -s '\n ' ' ' <<< "$output")" == *"core Prescott OpenBLAS uses Prescott kernels although the CPU has AVX"*"; a run starts again with $best kernels"* ]]
	old --help
	[ "$starts" = "Prescott " ]
	old --list views
	[ "$starts" = "Prescott " ]
	old --core
	[ "$status" -eq 2 ]
	[ "$starts" = "Prescott " ]
}

@test "under a limit of address space one new start does both" {
	ulimit -v 8000000
	old "${tiny[@]}"
	[ "$status" -eq 0 ]
	[ "$starts" = "Prescott $best " ]
	old --core library "${tiny[@]}"
	[ "$status" -eq 0 ]
	[ "$starts" = "Prescott $best Prescott " ]
}

@test "products in plain C need no kernels" {
	INITVIZ_MATRIX=naive old "${tiny[@]}"
	[ "$starts" = "Prescott " ]
}

@test "INITVIZ_MATRIX=openblas leaves all products to OpenBLAS; --version names our own loops" {
	grep -qw avx2 /proc/cpuinfo || skip "there are no loops of our own for this CPU"
	many=(--headless -d digits --layers '*-100-4-*' -n 2 --every 1 --probe 10 -b 30 --format json)
	OPENBLAS_CORETYPE=Haswell run_apart "${many[@]}"
	own=$output
	OPENBLAS_CORETYPE=Prescott run_apart "${many[@]}"
	[ "$output" = "$own" ] # OpenBLAS's kernels compute none of these products
	INITVIZ_MATRIX=openblas OPENBLAS_CORETYPE=Prescott run_apart "${many[@]}"
	[ "$status" -eq 0 ]
	[ "$output" != "$own" ]
	run_apart --version
	[[ "$output" =~ 'small products   initviz'"'"'s own loops for AVX' ]]
}

@test "--version says who chose the kernels" {
	run -0 "$INITVIZ" --version
	[[ $output == *"chosen by OpenBLAS, and fit for this CPU, which has AVX"* || $output == *"although the CPU has"* ]]
	OPENBLAS_CORETYPE=$best run -0 "$INITVIZ" --version
	[[ $output == *"core $best"*"chosen by OPENBLAS_CORETYPE"* ]]
}
