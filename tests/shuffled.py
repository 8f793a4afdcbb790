"""Nets of shuffled weights beside theory's prediction from the present weights.

    shuffled.py RUN.json WEIGHTS PROBE ACTIVATION

RUN.json is the last observation of a run, as --format json prints it; WEIGHTS and PROBE are files
of --save-weights and --save-probe of the same run, which has neither normalization nor branches.
The weights of each layer, and its biases, are permuted: what they have learned of the images is
gone, their means and variances are the same.  24 such nets must have the means and mean squares of
z that `theory_now` predicts, within two and a half of its bands: theory takes a mean of the weights
that is not significant for 0, and all nets here have the same.  Exits with 1 if not.
"""
import json
import math
import sys

import numpy as np

from recompute import ACTIVATIONS, read

NETS = 24


def main(run, weights, probe, activation):
    layers = json.loads(open(run).read().splitlines()[-1])["layers"]
    parameters, images = read(weights), read(probe)["x"].astype(float)
    arrays = [array.astype(float) for array in parameters.values()]
    matrices, biases = [a.T for a in arrays if a.ndim == 2], [a for a in arrays if a.ndim == 1]
    random, f = np.random.default_rng(1), ACTIVATIONS[activation][0]
    seen = np.zeros((NETS, len(layers), 2))
    for net in range(NETS):
        x = images
        for layer, (w, b) in enumerate(zip(matrices, biases)):
            z = x @ random.permutation(w.ravel()).reshape(w.shape) + random.permutation(b)
            seen[net, layer] = z.mean(), (z * z).mean()
            x = f(z)
    worst = 0
    for layer, observed in enumerate(layers):
        theory, mean = observed["theory_now"], seen[:, layer].mean(0)
        away = (mean[0] - theory["z_mean"]) / theory["z_mean_band"], math.log(mean[1] / theory["z_mean_square"]) / theory["z_band"]
        worst = max(worst, *map(abs, away))
        print(f"layer {layer + 1}: mean of the biases {biases[layer].mean():.4f}; mean of z {mean[0]:.4f}, {away[0]:+.1f} bands; "
              f"mean square {mean[1]:.4f}, {away[1]:+.1f} bands")
    sys.exit(not worst <= 2.5)


main(*sys.argv[1:])
