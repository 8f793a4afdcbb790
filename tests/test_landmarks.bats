# Where the Phase view draws LeCun, Xavier and He: at sigma_w = sqrt(fan_in Var(W)) of their papers, with the factor
# that the article's contrib layers add to Xavier and He.
load common

@test "LeCun, Xavier and He are at the places of the plane that their formulas give, for each layer's fans" {
	command -v python3 > /dev/null || skip "python3 is not installed"
	python3 - "$INITVIZ" <<-'P'
	import math, re, subprocess, sys
	widths = [784, 100, 50, 400, 10]
	contrib = 1.0058637 # 1.3 times the variance of a normal distribution cut at two standard deviations
	for layer, (fan_in, fan_out) in enumerate(zip(widths[:3], widths[1:4]), 1):
	    lines = subprocess.run([sys.argv[1], '--headless', '-n', '0', '-d', 'digits', '-a', 'tanh', '--layers', '-'.join(map(str, widths)),
	                            '-c', 'view phase', '-c', f'layer {layer}', '--size', '200x40', '--ascii', '--snapshot', '-'],
	                           capture_output=True, text=True, check=True).stdout.splitlines()
	    row = max(i for i, line in enumerate(lines) if re.match(r' +0-{3,}', line))
	    ticks = {float(tick.group()): tick.start() for tick in re.finditer(r'\d+(\.\d+)?', lines[row])}
	    unit = (ticks[3] - ticks[0]) / 3
	    for name, variance in ('LeCun', 1 / fan_in), ('Xavier', contrib * 2 / (fan_in + fan_out)), ('He', contrib * 2 / fan_in):
	        place = ticks[0] + unit * math.sqrt(fan_in * variance)
	        marks = lines[row + 1]
	        drawn = marks.find('^' + name) if '^' + name in marks else marks.find(name[0])
	        assert drawn >= 0 and abs(drawn - place) <= 1, (layer, name, place, drawn, marks)
	P
}
