"""Compares the singular values of Jacobians, as initviz measured them, with NumPy's.

    spectra.py WEIGHTS PROBE OBSERVATIONS ACTIVATION

WEIGHTS and PROBE are files of --save-weights and --save-probe, OBSERVATIONS are JSON lines of the
same run with --singular; widths of at most 128, so that all values are in them.  The Jacobian is that
at the image whose squared length is nearest to the mean.  Prints the largest difference, in units of
the largest singular value of the same matrix; exits with 1 where it is more than 1e-5.
"""
import json
import sys

import numpy as np

from recompute import ACTIVATIONS, read


def main(weights, probe, observations, activation):
    parameters = {name: array.astype(float) for name, array in read(weights).items()}
    x = read(probe)["x"].astype(float)
    seen = [json.loads(line) for line in open(observations)][-1]["layers"]
    f, slope = ACTIVATIONS[activation]
    length = (x * x).sum(1)
    a = x[np.argmin(abs(length - length.mean()))]
    keys = sorted(int(name.split(".")[0]) for name, array in parameters.items() if array.ndim == 2)
    from_input, worst = np.eye(len(a)), 0
    assert len(keys) == len(seen)
    for key, layer in zip(keys, seen):
        w = parameters[f"{key}.weight"]
        z = w @ a + parameters[f"{key}.bias"]
        last = key == keys[-1]  # its outputs are the logits
        own = w if last else slope(z)[:, None] * w
        from_input = own @ from_input
        a = z if last else f(z)
        for name, matrix in ("singular_values", own), ("input_singular_values", from_input):
            values = np.sort(np.linalg.svd(matrix, compute_uv=False))[-len(layer[name]):]
            assert len(layer[name]) == min(matrix.shape) or name[0] == "i", name
            worst = max(worst, abs(values - layer[name]).max() / values.max())
    print(f"{len(keys)} layers, {activation}: largest difference {worst:.1e}")
    return 0 if worst < 1e-5 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
