"""MNIST for the peers: a folder of IDX files, plain or .gz, as NumPy arrays."""
import gzip
import os

import numpy


def read(folder, name, header):
    path = os.path.join(folder, name)
    opener = open if os.path.exists(path) else gzip.open
    with opener(path if opener is open else path + ".gz", "rb") as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


def training_images(folder):
    return read(folder, "train-images-idx3-ubyte", 16).reshape(-1, 784)


def training_labels(folder):
    return read(folder, "train-labels-idx1-ubyte", 8)
