# What the bats files share.

bats_require_minimum_version 1.5.0

: "${INITVIZ:=$PWD/initviz}"
: "${abs_top_srcdir:=$(cd "$BATS_TEST_DIRNAME/.." && pwd)}"
export INITVIZ abs_top_srcdir
[ -x "$INITVIZ" ] || { echo "$INITVIZ is not there: make it, or name it in INITVIZ"; return 1; }

# Independent of the caller's environment: no data set but the built-in,
# no colours, no locale.
unset INITVIZ_DATA XDG_CONFIG_HOME XDG_DATA_HOME XDG_DATA_DIRS XDG_CACHE_HOME NO_COLOR LANG LC_CTYPE LC_NUMERIC
export HOME=$BATS_TEST_TMPDIR XDG_DATA_DIRS=/nonexistent LC_ALL=C

# run_apart ARGUMENT...: runs initviz; $status, $output and $errors (standard
# error) afterwards.
run_apart() {
	status=0
	output=$("$INITVIZ" "$@" 2> "$BATS_TEST_TMPDIR/errors") || status=$?
	errors=$(cat "$BATS_TEST_TMPDIR/errors")
}

# json EXPRESSION: true of `objects`, the JSON lines in $output.
json() {
	command -v python3 > /dev/null || skip "python3 is not installed"
	python3 -c '
import json, sys
objects = [json.loads(line) for line in sys.stdin]
sys.exit(not eval(sys.argv[1]))' "$1" <<< "$output"
}

# python_with MODULE: a python3 that can import the module, on standard output; false without one.
python_with() {
	local python
	for python in python3 /usr/bin/python3; do
		if "$python" -c "import $1" 2> /dev/null; then
			echo "$python"
			return
		fi
	done
	return 1
}

# without_privileges COMMAND...: whom permissions bind; root keeps its name and loses its capabilities.
without_privileges() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	else
		setpriv --inh-caps=-all --bounding-set=-all "$@"
	fi
}

# Skips the test where permissions do not bind without_privileges.
needs_permissions() {
	mkdir -p unwritable && chmod 555 unwritable
	! without_privileges mkdir unwritable/below 2> /dev/null || skip "permissions do not bind this user"
	without_privileges true 2> /dev/null || skip "setpriv is not installed"
}

has_zip() {
	"$INITVIZ" --version | grep -q '^zip  *libzip'
}

needs_zip() {
	has_zip || skip "built without libzip"
}
