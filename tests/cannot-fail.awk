# Prints the lines of bats files that look like checks and cannot fail: bash's
# errexit passes over `! command` and over all but the last of `a && b`, so
# both count as the last line of a test or function only.  Write
# `run ! command`, and one check a line.

function tell() { print FILENAME ":" number ": " line }

/^[ \t]*(#|$)/ { next }

{
	if (suspect && FNR > number && $0 !~ /^}/)
		tell()
	suspect = 0
	line = $0
	number = FNR
	code = $0
	sub(/^[ \t]+/, "", code)
	gsub(/\[\[ ([^]]|\][^]])* \]\]/, "TEST", code)
	gsub(/'[^']*('|$)/, "WORD", code)
	gsub(/"[^"]*"/, "WORD", code)
	gsub(/\([^()]*\)/, "WORD", code)
	if (code ~ /\|\|/ || code ~ /^(if|elif|while|until) / || code ~ /&& (break|continue|return|skip)/)
		next
	suspect = code ~ /^! / || code ~ / && / || code ~ / &&$/
}
