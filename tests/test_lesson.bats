# Lessons: the installed ones are true, on every page (`make check-lessons`: for five seeds);
# pages turn and come back as they were; malformed lessons are refused.

setup() {
	load common
	cd "$BATS_TEST_TMPDIR" || return
	lessons=$abs_top_srcdir/data/lessons
	export XDG_DATA_DIRS=$BATS_TEST_TMPDIR/data LC_ALL=C.UTF-8
	mkdir -p data/initviz
	ln -sfn "$lessons" data/initviz/lessons
}

# lesson LINE...: writes my.lesson
lesson() {
	printf '%s\n' "$@" > my.lesson
}

# refused MESSAGE: my.lesson is refused with exit status 2 and this message.
refused() {
	run_apart --headless --lesson my.lesson
	[ "$status" -eq 2 ] && [ "$errors" = "initviz: my.lesson:$1" ] || { echo "status $status: $errors"; return 1; }
}

# The first seed's are checked with the screens of all pages, below.
@test "every expectation of every lesson holds with further seeds" {
	[ -n "${INITVIZ_TEST_SEEDS-}" ] || skip "make check-lessons names the seeds"
	local file seed
	for file in "$lessons"/*.lesson; do
		for seed in $INITVIZ_TEST_SEEDS; do
			run_apart --headless --threads 1 --lesson "$file" --seed "$seed"
			[ "$status" -eq 0 ] || { echo "$file, seed $seed: $errors"; return 1; }
		done
	done
	[ -n "$file" ]
}

@test "every page has a caption, a question and an expectation; lessons have 6 to 12 pages" {
	local file
	for file in "$lessons"/*.lesson; do
		awk -v file="$file" '
			function check() {
				if (pages && !(caption && question && expect)) {
					print file ": page " pages ": caption, question or expect is missing"
					bad = 1
				}
				caption = question = expect = 0
			}
			$1 == "page" { check(); pages++ }
			/^>/ { caption = 1 }
			/^\?/ { question = 1 }
			$1 == "expect" { expect = 1 }
			END {
				check()
				if (pages < 6 || pages > 12) { print file ": " pages " pages"; bad = 1 }
				exit bad
			}' "$file"
	done
}

@test "every lesson is reached from the first, and names one that exists" {
	local name=article seen=0
	while [ -n "$name" ]; do
		[ -f "$lessons/$name.lesson" ] || { echo "$name"; return 1; }
		seen=$((seen + 1))
		name=$(sed -n 's/^next  *//p' "$lessons/$name.lesson")
	done
	[ "$seen" -eq "$(find "$lessons" -name '*.lesson' | wc -l)" ]
	"$INITVIZ" --list lessons | cut -d ' ' -f 1 > names
	[ "$(wc -l < names)" -eq "$seen" ]
	[ "$(head -n 1 names)" = article ]
}

# The pages as screens: p1.txt, p2.txt ...
screens() {
	local pages
	pages=$(grep -c '^page' "$1")
	{
		echo "lesson $1"
		for ((i = 1; i <= pages; i++)); do
			echo "snapshot p$i.txt"
			[ "$i" -eq "$pages" ] || echo "lesson next"
		done
	} > walk
	run_apart --headless --threads 1 --size "$2" ${3+"$3"} --script walk
	[ "$status" -eq 0 ] || { echo "$1: $errors"; return 1; }
}

@test "every expectation holds; at 80x24 every page shows its text whole, and what it points at" {
	local file i text
	for file in "$lessons"/*.lesson; do
		screens "$file" 80x24
		i=0
		while read -r word text; do
			if [ "$word" = page ]; then
				i=$((i + 1))
				# a mark at the end of the rule says that there is more text below
				grep "^─ $i/" "p$i.txt" | grep -vq '▾' || { echo "$file: page $i is cut"; cat "p$i.txt"; return 1; }
			elif [ "$word" = point ]; then
				sed "/^─ $i\//,\$d" "p$i.txt" | grep -qF -- "$text" || { echo "$file: page $i: '$text' is not in the view"; cat "p$i.txt"; return 1; }
			fi
		done < "$file"
		[ "$i" -gt 0 ]
	done
}

@test "keys turn the pages, and 0 shows a page as it was" {
	run_apart --headless -c 'lesson article' -c 'snapshot first.txt' -c 'key Enter' -c 'snapshot second.txt' \
		-c 'key Left' -c 'snapshot again.txt' -c 'key Right i D t v >' -c 'snapshot played.txt' -c 'key 0' \
		-c 'snapshot back.txt' -c 'key Esc' -c 'snapshot left.txt' -c 'key 0' -c 'snapshot opened.txt'
	[ "$status" -eq 0 ]
	grep -q '^─ 1/' first.txt
	grep -q '^─ 2/' second.txt
	diff first.txt again.txt
	run ! cmp -s second.txt played.txt
	grep -q '^─ 2/' played.txt
	diff second.txt back.txt
	run ! grep -q '^─ 2/' left.txt
	diff second.txt opened.txt
}

# Only the palette and the projector's mode belong to the room, and stay.
@test "a page is shown as it was, whatever was played on it" {
	local line small='width=10 steps=2'
	lesson 'title A' 'width 20' 'page' '> one' '? what' 'view layers' 'page' '> two' 'view phase' 'page' '> three' 'view images' \
		'page' '> four' "map depth=1,2 init=he,lecun $small" 'page' '> five' 'coordinates width=8,16 seed=1 steps=2 probe=20 batch=20'
	for line in 'counts log' 'zoom in' 'tensor a' 'layer 2' 'axis linear' 'image mark' 'image 5' 'unit 3' 'phase 0.5 0.5' 'map-value next' \
		'map cell 1 1' 'coordinates step 0' 'step 3' 'init he' 'compare full_train_variance' 'view depth'; do
		for page in 1 2 3 4 5; do
			echo "lesson my.lesson $page"
			echo "snapshot before.$page.txt"
			# what a page has not, it refuses
			echo "$line" | sed "/^map\|^coordinates/{/^map-value/!{/^map/{$([ $page -eq 4 ] || echo d)};/^coord/{$([ $page -eq 5 ] || echo d)}}}"
			echo 'key 0'
			echo "snapshot after.$page.txt"
		done > walk
		run_apart --headless --threads 1 --script walk
		[ "$status" -eq 0 ] || { echo "$line: $errors"; return 1; }
		for page in 1 2 3 4 5; do
			diff before.$page.txt after.$page.txt || { echo "page $page after: $line"; return 1; }
		done
	done
}

@test "after a lesson a map shows the number that it shows at first" {
	local nets='map depth=1,2 init=he,lecun width=8 steps=2' first
	run_apart --headless -d digits -c "$nets" -c 'snapshot first.txt'
	[ "$status" -eq 0 ]
	run_apart --headless -d digits -c 'lesson symmetry' -c 'lesson off' -c "$nets" -c 'snapshot after.txt'
	[ "$status" -eq 0 ]
	first=$(sed -n 4p first.txt)
	[[ $first == *test_accuracy* ]]
	[ "$(sed -n 4p after.txt)" = "$first" ]
}

@test "the last page leads to the next lesson, and the first one of that back; the last lesson's stays" {
	lesson 'title A' 'next ./other.lesson' 'page' '> one' '? what' 'page' '> one more'
	printf '%s\n' 'title Other' 'page' '> two' > other.lesson
	run_apart --headless -c 'lesson my.lesson' -c 'key Enter' -c 'snapshot last.txt' -c 'key Enter' -c 'snapshot other.txt' \
		-c 'key Enter' -c 'snapshot end.txt' -c 'key Left' -c 'snapshot back.txt' -c 'key Left' -c 'snapshot first.txt' \
		-c 'key Left' -c 'snapshot still.txt' -c 'key Right Right' -c 'snapshot again.txt' -c 'key Esc' -c 'snapshot left.txt'
	[ "$status" -eq 0 ]
	grep -q '^─ 2/2 ─ A' last.txt
	grep -q '^─ 1/1 ─ Other' other.txt
	grep -q '^─ 1/1 ─ Other' end.txt
	diff last.txt back.txt
	grep -q '^─ 1/2 ─ A' first.txt
	grep -q '^─ 1/2 ─ A' still.txt
	diff other.txt again.txt
	run ! grep -q '^─ 1/1' left.txt
}

@test "a lesson opened by name has no page before its first; one that cannot be read leaves the last page" {
	lesson 'title A' 'next ./other.lesson' 'page' '> one'
	printf '%s\n' 'title Other' 'next ./none.lesson' 'page' '> two' > other.lesson
	run_apart --headless -c 'lesson my.lesson' -c 'key Enter' -c 'lesson ./other.lesson' -c 'key Left' -c 'snapshot other.txt' \
		-c 'key Enter' -c 'snapshot bad.txt'
	grep -q '^─ 1/1 ─ Other' other.txt
	grep -q '^─ 1/1 ─ Other' bad.txt
}

@test "the hint bar says what Enter does: the next page, more of the text, the next lesson, the end" {
	lesson 'title A' 'next ./other.lesson' 'page' '> one' '? what' 'page' '> two'
	printf '%s\n' 'title Other' 'page' '> three' > other.lesson
	run_apart --headless -c 'lesson my.lesson' -c 'snapshot 1.txt' -c 'key Enter' -c 'snapshot 2.txt' -c 'key Enter' -c 'snapshot 3.txt'
	[ "$status" -eq 0 ]
	tail -n 1 1.txt | grep -q '^ Enter next page '
	tail -n 1 2.txt | grep -q '^ Enter next lesson: ./other.lesson '
	tail -n 1 3.txt | grep -q '^ the last page  ← back '
	run_apart --headless --size 80x10 -c 'lesson article' -c 'snapshot 4.txt'
	tail -n 1 4.txt | grep -q '^ Enter more of the text '
}

@test "a page hides what would give its answer away, and shows it again" {
	lesson 'title A' 'hide cure cause' 'page' '> one' 'page' 'show cure' '> two' 'page' 'hide verdict' '> three'
	run_apart --headless -c 'lesson my.lesson' -c 'snapshot 1.txt' -c 'key Enter' -c 'snapshot 2.txt' -c 'key Enter' -c 'snapshot 3.txt' \
		-c 'key Esc' -c 'snapshot 4.txt'
	[ "$status" -eq 0 ]
	grep -q SATURATED 1.txt
	run ! grep -qE '^ (try|why) ' 1.txt
	grep -q '^ try ' 2.txt
	run ! grep -qE '^ why |SATURATED' 3.txt
	grep -q '^ why ' 4.txt
	lesson 'title A' 'page' '> text' 'hide' 
	refused '4: hide: choose from verdict, cause, cure'
	lesson 'title A' 'page' '> text' 'show nothing'
	refused "4: show: no part is called 'nothing': choose from verdict, cause, cure"
}

@test "every character of the lessons has an ASCII form" {
	local characters
	characters=$(cat "$lessons"/*.lesson | grep -o '[^ -~]' | tr -d '\t' | sort -u | tr -d '\n')
	[ -n "$characters" ]
	lesson 'title A' 'page' "> x$characters"
	run_apart --headless --ascii -c 'lesson my.lesson' -c 'snapshot 1.txt'
	[ "$status" -eq 0 ]
	grep -A5 '^- 1/1 ' 1.txt | sed -n 2p > text
	grep -q '^ x' text
	run ! grep -F '?' text
}

@test "on a small screen the text of a page is shown in parts" {
	run_apart --headless --size 40x10 -c 'lesson article' -c 'snapshot a.txt' -c 'key Enter' -c 'snapshot b.txt' \
		-c 'key Left' -c 'snapshot c.txt'
	[ "$status" -eq 0 ]
	grep -q '^─ 1/8.*▾' a.txt
	grep -q '^─ 1/8' b.txt
	run ! cmp -s a.txt b.txt
	diff a.txt c.txt
}

@test "an expectation that fails ends the test with file and line" {
	lesson 'title A' 'page' '> one' 'expect z1.variance 0 1'
	run_apart --headless --lesson my.lesson
	[ "$status" -eq 1 ]
	[[ $errors == "initviz: my.lesson:4: expect z1.variance: "*" is not within 0..1" ]]
}

@test "malformed lessons" {
	lesson 'page'
	refused "1: page: the lesson's title comes before its first page: title WORDS"
	lesson '# nothing' 'title A'
	refused "2: the lesson has no page: begin one with \`page\`"
	lesson 'title A' 'page' 'view depth'
	refused '3: page 1 of the lesson has no caption: write it after >'
	lesson 'title A' '> text'
	refused "2: a caption, question or point belongs to a page: begin one with \`page\`"
	lesson 'title A' 'page' '> text' 'snapshot a.txt'
	refused '4: snapshot: lessons write no files'
	lesson 'title A' 'page' '> text' 'save a.txt'
	refused '4: save: lessons write no files'
	lesson 'title A' 'page' '> text' 'key s'
	refused '4: key: lessons use commands that change or show the experiment, not this one'
	lesson 'title A' 'page' '> text' 'quit'
	refused '4: quit: lessons use commands that change or show the experiment, not this one'
	lesson 'title A' 'page' '> text' 'vew depth'
	refused "4: no command or setting is called 'vew': did you mean 'view'?"
	lesson 'title A' 'title B'
	refused '2: title: it is given already'
	lesson 'title A' 'page' '> text' 'next other'
	refused '4: next: this comes before the first page'
	lesson 'title A' 'page' '> text' 'point'
	refused '4: point needs a text of the screen: point E[z^2]'
	lesson 'title A' 'page' '> text' 'init nonsense'
	run_apart --headless --lesson my.lesson
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: my.lesson:4: "*nonsense* ]]
}

@test "a lesson that is not there" {
	run_apart --headless --lesson artcle
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: lesson: there is no lesson 'artcle': choose from article"* ]]
	run_apart --headless --lesson ./none.lesson
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: lesson ./none.lesson: cannot be read: No such file or directory" ]]
	run_apart --lock
	[ "$status" -eq 2 ]
	[[ $errors == "initviz: option '--lock' needs a lesson: --lesson NAME --lock"* ]]
}

@test "a user's lesson wins over the package's" {
	mkdir -p "$HOME/.local/share/initviz/lessons"
	printf '%s\n' 'title Mine' 'page' '> one' > "$HOME/.local/share/initviz/lessons/article.lesson"
	[ "$("$INITVIZ" --list lessons | grep -c '^article ')" -eq 1 ]
	"$INITVIZ" --list lessons | grep -q '^article  *Mine$'
}

@test "a pipe, a directory or a loop of links among the lessons does not stop the list" {
	mkdir -p "$HOME/.local/share/initviz/lessons/folder.lesson"
	mkfifo "$HOME/.local/share/initviz/lessons/pipe.lesson"
	ln -s loop.lesson "$HOME/.local/share/initviz/lessons/loop.lesson"
	timeout 300 "$INITVIZ" --list lessons > list
	grep -q '^article ' list
	! grep -qE 'pipe|folder|loop' list
}

@test "in line mode the text of each page is announced" {
	run_apart --linear --lesson article <<< 'lesson next'
	[ "$status" -eq 0 ]
	[[ $output == *'page 1 of 8'*'Each unit of layer 1'*'page 2 of 8'* ]]
}

@test "no lesson writes a file" {
	mkdir empty
	cd empty
	run_apart --headless --threads 1 --lesson article
	[ "$status" -eq 0 ]
	[ -z "$(ls -A)" ]
}
