# --fetch: from a server on the loopback interface, with a certificate of an authority of the tests' own.

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	command -v openssl > /dev/null && command -v python3 > /dev/null || return 0
	{
		authority ca
		authority other
		certificate server ca IP:127.0.0.1 30
		certificate stranger ca DNS:example.org 30
		certificate expired ca IP:127.0.0.1 -1
	} > openssl.log 2>&1
	# four files of 100 kB
	mkdir files
	for name in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
		head -c 75000 < <(openssl enc -aes-128-ctr -pass "pass:$name" -nosalt -in /dev/zero 2> /dev/null) | base64 > "files/$name-ubyte.gz"
	done
	for name in server stranger expired; do
		start "$name" "$PWD/files"
	done
	[ -z "${INITVIZ_TEST_MNIST-}" ] || start server "$INITVIZ_TEST_MNIST" mnist
}

teardown_file() {
	local pid
	for pid in $(cat "$BATS_FILE_TMPDIR"/*.pid 2> /dev/null); do
		kill "$pid"
	done
}

authority() { # authority NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem"
}

certificate() { # certificate NAME AUTHORITY HOST DAYS
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
	echo "subjectAltName=$3" > "$1.ext"
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$4" -extfile "$1.ext" -out "$1.pem"
}

start() { # start CERTIFICATE FILES [NAME]: a server; its port is in NAME.port
	local name=${3-$1}
	python3 "$BATS_TEST_DIRNAME/fetch_server.py" "$1.pem" "$1.key" "$2" "$name.port" "$name.log" > /dev/null 2>&1 3>&- 4>&- &
	echo $! > "$name.pid"
	for _ in $(seq 100); do
		[ ! -f "$name.port" ] || return 0
		sleep 0.1
	done
	return 1
}

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
	here=$BATS_FILE_TMPDIR
	unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR https_proxy HTTPS_PROXY all_proxy ALL_PROXY INITVIZ_MIRRORS
	export CURL_CA_BUNDLE=$here/ca.pem no_proxy='*'
	folder=$HOME/.cache/initviz/set
}

needs_server() {
	[ -x "${INITVIZ%/*}/initviz-fetch" ] || skip "built without libcurl"
	[ -x "${INITVIZ%/*}/tests/fetch_set" ] || skip "tests/fetch_set is not built"
	[ -f "$here/server.port" ] || skip "openssl or python3 is not installed"
}

mirror() { # mirror HOW [SERVER]: a URL
	echo "https://127.0.0.1:$(cat "$here/${2-server}.port")/$1/"
}

# fetch MIRROR...: downloads the set of four files; $status, $output, $errors.
fetch() {
	status=0
	export INITVIZ_MIRRORS=$*
	output=$("${INITVIZ%/*}/tests/fetch_set" set $(sums) 2> errors) || status=$?
	errors=$(cat errors)
}

sums() { # bytes and SHA-256 of the four files
	for name in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
		wc -c < "$here/files/$name-ubyte.gz"
		sha256sum "$here/files/$name-ubyte.gz" | cut -d ' ' -f 1
	done
}

# Nothing was stored: no set, no part of one.
nothing_stored() {
	[ ! -e "$folder" ]
	[ ! -d "${folder%/*}" ] || [ -z "$(ls -A "${folder%/*}")" ]
}

stored() {
	diff -r "$here/files" "$folder"
	[ "$(ls -A "${folder%/*}")" = set ]
}

# refused_by HOW PATTERN: a mirror that gives no good file; 1, the message on one line, nothing stored.
refused_by() {
	fetch "$(mirror "$1")"
	echo "$1: $status: $errors"
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: https://127.0.0.1:"*"/$1/train-images-idx3-ubyte.gz: "*$2* ]]
	[ "$(wc -l < errors)" -eq 1 ]
	[ -z "$output" ]
	nothing_stored
}

@test "a set is fetched, verified and stored; the second time nothing is fetched" {
	needs_server
	fetch "$(mirror good)"
	[ "$status" -eq 0 ]
	[ -z "$errors" ] # no progress: this is no terminal
	[ "$output" = "A set: $(cat "$here"/files/* | wc -c) bytes fetched and verified: the files are in $folder" ]
	stored
	[ "$(stat -c %a "$folder" "${folder%/*}" "$HOME/.cache")" = $'700\n700\n700' ]
	: > "$here/server.log"
	fetch "$(mirror good)"
	[ "$status" -eq 0 ]
	[[ $output == "A set: nothing to fetch: "* ]]
	[ ! -s "$here/server.log" ]
}

@test "only what is missing or damaged is fetched again" {
	needs_server
	fetch "$(mirror good)"
	echo damaged >> "$folder/t10k-labels-idx1-ubyte.gz"
	rm "$folder/train-labels-idx1-ubyte.gz"
	: > "$here/server.log"
	fetch "$(mirror moved)" # one redirect is followed
	[ "$status" -eq 0 ]
	stored
	[ "$(grep -c /moved/ "$here/server.log")" -eq 2 ]
}

@test "H1 403, 404, 500, a loop of redirects, redirects to http and file end with 1" {
	needs_server
	refused_by 403 "HTTP status 403"
	refused_by 404 "HTTP status 404"
	refused_by 500 "HTTP status 500"
	refused_by loop "redirects"
	refused_by http '"http" not supported'
	refused_by file '"file" not supported'
}

@test "H1 a refused connection and an unknown host end with 1" {
	needs_server
	for url in https://127.0.0.1:1/x/ https://nowhere.invalid/x/; do
		fetch "$url"
		[ "$status" -eq 1 ]
		[[ $errors == "initviz: ${url}train-images-idx3-ubyte.gz: "* ]]
		nothing_stored
	done
}

@test "H1 a server that sends nothing more is given up after 30 seconds" {
	needs_server
	refused_by stall "no byte came for 30 seconds"
}

@test "H1 after a mirror fails the next one is used, with a warning, for all further files" {
	needs_server
	: > "$here/server.log"
	fetch "$(mirror 404)" "$(mirror wrong)" "$(mirror good)"
	[ "$status" -eq 0 ]
	stored
	[ "$(grep -c '^initviz: warning: https://.*: trying the next mirror$' errors)" -eq 2 ]
	[ "$(grep -c -e /404/ -e /wrong/ "$here/server.log")" -eq 2 ]
	[ "$(grep -c /good/ "$here/server.log")" -eq 4 ]
}

@test "H2 a certificate of an unknown authority, of another host, or expired is refused" {
	needs_server
	fetch "$(mirror good stranger)"
	[ "$status" -eq 1 ]
	[[ $errors == *"certificate"* ]] || [[ $errors == *"no alternative"* ]]
	nothing_stored
	fetch "$(mirror good expired)"
	[ "$status" -eq 1 ]
	[[ $errors == *"expired"* ]]
	nothing_stored
	CURL_CA_BUNDLE=$here/other.pem fetch "$(mirror good)"
	[ "$status" -eq 1 ]
	[[ $errors == *"certificate"* ]]
	nothing_stored
	unset CURL_CA_BUNDLE
	fetch "$(mirror good)" # the system's authorities do not know ours
	[ "$status" -eq 1 ]
	[[ $errors == *"certificate"* ]]
	nothing_stored
}

@test "H2 a mirror that is not https is refused before anything is done" {
	needs_server
	for url in http://127.0.0.1/x/ file:///tmp/ ftp://127.0.0.1/ 127.0.0.1; do
		fetch "$(mirror good)" "$url"
		[ "$status" -eq 2 ]
		[[ $errors == "initviz: \$INITVIZ_MIRRORS: '$url' does not begin with https://"* ]]
		[ ! -e "$HOME/.cache" ]
	done
	: > "$here/server.log"
	fetch "$(mirror good | sed 's/https/http/')"
	[ "$status" -eq 2 ]
	[ ! -s "$here/server.log" ]
}

@test "H3 a body that is short, long, endless, wrong, or a page of HTML is refused" {
	needs_server
	local right
	right=$(sums | sed -n 2p)
	refused_by short "transfer closed with"
	refused_by cut "its SHA-256 is"
	refused_by cut "instead of $right"
	refused_by long "is longer than the"
	refused_by endless "is longer than the"
	refused_by wrong "instead of $right"
	refused_by html "instead of $right"
}

@test "H4 a signal ends the download at once and leaves nothing" {
	needs_server
	for signal in INT TERM HUP; do
		export INITVIZ_MIRRORS=$(mirror slow)
		python3 - "$signal" "${INITVIZ%/*}/tests/fetch_set" set $(sums) <<-'P'
		import os, signal, subprocess, sys, time
		number = getattr(signal, "SIG" + sys.argv[1])
		signal.signal(signal.SIGINT, signal.default_int_handler)
		process = subprocess.Popen(sys.argv[2:], stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
		folder = os.path.join(os.environ["HOME"], ".cache/initviz")
		while not (os.path.isdir(folder) and any(os.listdir(os.path.join(folder, part)) for part in os.listdir(folder))):
		    time.sleep(0.01)
		time.sleep(0.1)
		process.send_signal(number)
		errors = process.communicate()[1]
		assert process.returncode == -number, process.returncode
		assert errors == b"initviz: interrupted: nothing was stored\n", errors
		P
		nothing_stored
	done
}

@test "H4 a process that was killed leaves a part that is no data set; the next fetch removes it" {
	needs_server
	export INITVIZ_MIRRORS=$(mirror slow)
	"${INITVIZ%/*}/tests/fetch_set" set $(sums) 3>&- &
	local pid=$!
	until ls "$HOME"/.cache/initviz/set.part-*/train* > /dev/null 2>&1; do sleep 0.02; done
	kill -9 $pid
	wait $pid || true
	[ ! -e "$folder" ]
	fetch "$(mirror good)"
	[ "$status" -eq 0 ]
	stored
}

@test "H4 a full disk ends with 4 and leaves nothing; no other mirror is tried" {
	needs_server
	: > "$here/server.log"
	(ulimit -f 16; fetch "$(mirror good)" "$(mirror good)"; echo "$status" > status)
	[ "$(cat status)" -eq 4 ]
	[[ $(cat errors) == "initviz: $folder: cannot write: File too large" ]]
	[ "$(wc -l < "$here/server.log")" -eq 1 ]
	nothing_stored
}

@test "H4 two at once both end well" {
	needs_server
	export INITVIZ_MIRRORS=$(mirror slow)
	"${INITVIZ%/*}/tests/fetch_set" set $(sums) > one 2>&1 3>&- &
	local pid=$!
	"${INITVIZ%/*}/tests/fetch_set" set $(sums) > two 2>&1
	wait $pid
	stored
}

@test "H5 a cache folder that is a file, a symbolic link below it, or writable by everybody is refused with 4" {
	needs_server
	: > "$here/server.log"
	echo precious > "$HOME/.cache"
	fetch "$(mirror good)"
	[ "$status" -eq 4 ]
	[ "$(cat "$HOME/.cache")" = precious ]
	rm "$HOME/.cache"
	mkdir -p elsewhere "$HOME/.cache"
	ln -s "$PWD/elsewhere" "$HOME/.cache/initviz"
	fetch "$(mirror good)"
	[ "$status" -eq 4 ]
	[[ $errors == *"'initviz' is a symbolic link"* ]]
	rm "$HOME/.cache/initviz"
	mkdir -m 700 "$HOME/.cache/initviz"
	ln -s "$PWD/elsewhere" "$folder"
	fetch "$(mirror good)"
	[ "$status" -eq 4 ]
	[[ $errors == *"'set' is a symbolic link"* ]]
	[ -z "$(ls -A elsewhere)" ]
	rm "$folder"
	chmod 777 "$HOME/.cache/initviz"
	fetch "$(mirror good)"
	[ "$status" -eq 4 ]
	[[ $errors == *"everybody can write to this folder"* ]]
	[ ! -s "$here/server.log" ]
	nothing_stored
}

@test "H5 a read-only cache folder, and an environment without a home, end with 4" {
	needs_server
	(unset HOME; fetch "$(mirror good)"; echo "$status: $errors" > result)
	[[ $(cat result) == "4: initviz: set: no folder to store it in: set HOME or XDG_CACHE_HOME"* ]]
	XDG_CACHE_HOME=relative fetch "$(mirror good)" # to be ignored
	[ "$status" -eq 0 ]
	stored
	XDG_CACHE_HOME=/proc/nothing fetch "$(mirror good)"
	[ "$status" -eq 4 ]
	[[ $errors == *"cannot make the cache folder: No such file or directory: set XDG_CACHE_HOME to another folder" ]]
}

# fetch without privileges to the cache folder $1: 4, one line that ends in $2, and the files as they were.
refused_below() {
	local before status=0
	before=$(find "$1" | sort)
	INITVIZ_MIRRORS=$(mirror good) XDG_CACHE_HOME=$1 without_privileges "${INITVIZ%/*}/tests/fetch_set" set $(sums) > output 2> errors || status=$?
	echo "$status: $(cat errors)"
	[ "$status" -eq 4 ]
	[ "$(wc -l < errors)" -eq 1 ]
	[[ $(cat errors) == "initviz: $1/initviz/set: "*"$2" ]]
	[ ! -s output ]
	[ "$(find "$1" | sort)" = "$before" ]
	[ ! -s "$here/server.log" ] # nothing was downloaded in vain
}

@test "H5 a user who may not write to the cache folder is told so, and how to go on, before anything is downloaded" {
	needs_server
	needs_permissions
	mkdir -p closed half/initviz
	chmod 555 closed half/initviz
	: > "$here/server.log"
	refused_below "$PWD/closed" ": Permission denied: make it writable, or set XDG_CACHE_HOME to another folder"
	refused_below "$PWD/half" ": Permission denied: make it writable, or set XDG_CACHE_HOME to another folder"
}

@test "H6 the variables of proxies and authorities count as for curl" {
	needs_server
	unset no_proxy
	https_proxy=http://127.0.0.1:1 fetch "$(mirror good)"
	[ "$status" -eq 1 ]
	[[ $errors == *"127.0.0.1 port 1"* ]]
	unset CURL_CA_BUNDLE
	SSL_CERT_FILE=$here/ca.pem fetch "$(mirror good)"
	[ "$status" -eq 0 ]
	stored
}

@test "H7 without the program that downloads, URLs, sizes, hashes and the folder are printed" {
	cp "$INITVIZ" initviz # alone
	[ ! -e "$(strings initviz | grep -m 1 'libexec/initviz$')/initviz-fetch" ] || skip "initviz-fetch is installed"
	INITVIZ=./initviz run_apart --fetch mnist
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: fetch: initviz-fetch, which needs libcurl and nettle, is not installed: "* ]]
	[[ $output == *"$HOME/.cache/initviz/mnist"* ]]
	[ "$(grep -c 'https://.*ubyte.gz$' <<< "$output")" -eq 8 ]
	[ "$(grep -Ec '^[0-9a-f]{64}  [a-z0-9-]+.gz$' <<< "$output")" -eq 4 ]
	[[ $output == *"9912422 bytes  train-images-idx3-ubyte.gz"* ]]
	if [ -n "${INITVIZ_TEST_MNIST-}" ]; then
		grep -E '^[0-9a-f]{64}  ' <<< "$output" > sums
		(cd "$INITVIZ_TEST_MNIST" && sha256sum -c) < sums
	fi
}

@test "--fetch takes the names of published sets only" {
	run_apart --fetch digits
	[ "$status" -eq 2 ]
	[[ $errors == *"no data set to download is called 'digits'"* ]]
	[[ $("$INITVIZ" --help) == *"--fetch mnist|fashion"* ]]
}

@test "MNIST itself is fetched and then used without being named" {
	[ -n "${INITVIZ_TEST_MNIST-}" ] || skip "INITVIZ_TEST_MNIST does not name MNIST"
	needs_server
	INITVIZ_MIRRORS=$(mirror good mnist) run_apart --fetch mnist
	[ "$status" -eq 0 ]
	[ -z "$errors" ]
	[[ $output == "MNIST: 11594722 bytes fetched and verified: the files are in $HOME/.cache/initviz/mnist" ]]
	run_apart --headless -n 0 --format json
	json 'objects[0]["data"] == "MNIST"'
}
