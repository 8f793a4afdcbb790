#!/bin/sh
# Rewrites what the program itself knows: the shell completions, the JSON Schema
# and the picture in data/, and the parts of the pages in man/ and of README.md between "begin" and "end".
# usage: update.sh INITVIZ SRCDIR
set -eu
program=$1 srcdir=$2
parts=$(mktemp)
trap 'rm -f "$parts"' EXIT

"$program" --list completion-bash > "$srcdir/data/bash/initviz"
"$program" --list completion-zsh > "$srcdir/data/zsh/_initviz"
"$program" --list completion-fish > "$srcdir/data/fish/initviz.fish"
"$program" --list schema > "$srcdir/data/initviz.schema.json"
"$program" --list manual > "$parts"

for page in "$srcdir"/man/*.[1-8]; do
	awk -v parts="$parts" '
		BEGIN {
			while ((getline line < parts) > 0) {
				if (line ~ /^\.\\" begin /)
					name = line
				if (name != "")
					part[name] = part[name] line "\n"
				if (line ~ /^\.\\" end /)
					name = ""
			}
		}
		/^\.\\" begin / && $0 in part { printf "%s", part[$0]; skipping = 1 }
		!skipping { print }
		/^\.\\" end / { skipping = 0 }
	' "$page" > "$page.new"
	mv "$page.new" "$page"
done

readme=$srcdir/README.md
for list in keys commands; do
	{
		echo "<!-- begin $list -->"
		echo '```'
		"$program" --list "$list"
		echo '```'
		echo "<!-- end $list -->"
	} > "$parts"
	awk -v parts="$parts" -v list="$list" '
		$0 == "<!-- begin " list " -->" { while ((getline line < parts) > 0) print line; skipping = 1 }
		!skipping { print }
		$0 == "<!-- end " list " -->" { skipping = 0 }
	' "$readme" > "$readme.new"
	mv "$readme.new" "$readme"
done

# with plain matrix products: the same on every machine
INITVIZ_MATRIX=naive "$program" -s full_train_normal --data digits --script "$srcdir/data/screen.script" --cast "$srcdir/data/screen.svg"
