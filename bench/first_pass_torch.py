#!/usr/bin/python3
"""The first pass with PyTorch, timed from outside: weights from N(0,1), one
batch of 100 images, mean, variance and a histogram of every layer's
pre-activations and outputs.

usage: first_pass_torch.py FOLDER"""
import sys

import torch

import mnist

x = torch.from_numpy(mnist.training_images(sys.argv[1])[5000:5100].astype("float32") / 255)
widths = [784, 100, 100, 10]
with torch.inference_mode():
    for layer, (i, o) in enumerate(zip(widths, widths[1:]), 1):
        z = x @ torch.randn(i, o)
        x = torch.sigmoid(z) if layer < 3 else torch.softmax(z, 1)
        for name, t in (("z", z), ("a", x)):
            variance, mean = torch.var_mean(t, unbiased=False)
            fullest = int(torch.histc(t, 64).max())
            print("layer %d %s: mean %.4f, variance %.4f, fullest bin %d" % (layer, name, mean, variance, fullest))
