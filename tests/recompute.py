"""Recomputes with NumPy, in double, what initviz computed in float of the probe.

    recompute.py WEIGHTS PROBE ACTIVATION [normalization] [branch layers] [branch scale] [skip scale]

WEIGHTS and PROBE are files of --save-weights and --save-probe.  Prints the largest difference of each
kind of tensor, in units of the tensor's root mean square; exits with 1 if one is more than the rounding
of float explains.  Uses the article's formulas only, nothing of initviz.
"""
import json
import math
import sys

import numpy as np

TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}


def read_safetensors(path):
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__")
    body, arrays, end = data[8 + length:], {}, 0
    for name, entry in header.items():
        low, high = entry["data_offsets"]
        assert low == end, "arrays follow each other"
        end = high
        arrays[name] = np.frombuffer(body[low:high], TYPES[entry["dtype"]]).reshape(entry["shape"])
    assert end == len(body) and (8 + length) % 8 == 0
    return arrays


def read(path):
    return dict(np.load(path)) if path.endswith(".npz") else read_safetensors(path)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def normal_cdf(z):
    return (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
ACTIVATIONS = {  # name: (f, f')
    "linear": (lambda z: z, np.ones_like),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01)),
    "elu": (lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
            lambda z: np.where(z > 0, 1, np.exp(np.minimum(z, 0)))),
    "selu": (lambda z: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0))),
             lambda z: SELU_SCALE * np.where(z > 0, 1, SELU_ALPHA * np.exp(np.minimum(z, 0)))),
    "gelu": (lambda z: z * normal_cdf(z),
             lambda z: normal_cdf(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
    "softplus": (lambda z: np.logaddexp(0, z), sigmoid),
}
AXIS = {"batch": 0, "layer": 1, "post": 1}  # over which a normalization takes mean and variance
EPS = 1e-5


def standardized(u, axis):
    sd = np.sqrt(u.var(axis, keepdims=True) + EPS)
    return (u - u.mean(axis, keepdims=True)) / sd, sd


def through(du, u, sd, axis):
    """The gradient before a standardization, from that after it."""
    return (du - du.mean(axis, keepdims=True) - u * (du * u).mean(axis, keepdims=True)) / sd


def main(weights, probe, activation, normalization="none", branch="0", scale="1", skip_scale="1"):
    axis, post, branch = AXIS.get(normalization), normalization == "post", int(branch)
    scale, skip_scale = float(scale), float(skip_scale)
    parameters = {name: array.astype(float) for name, array in read(weights).items()}
    seen = read(probe)
    x, label, rows = seen["x"].astype(float), seen["label"], len(seen["x"])
    keys = sorted(int(name.split(".")[0]) for name, array in parameters.items() if array.ndim == 2)
    layers = len(keys)
    widths = [parameters[f"{key}.weight"].shape for key in keys]

    # which layers end a residual branch: runs of `branch` hidden layers whose input and output are equally wide
    ends, first = set(), 0
    while branch and first + branch <= layers - 1:
        if widths[first][1] == widths[first + branch - 1][0]:
            ends.add(first + branch - 1)
            first += branch
        else:
            first += 1

    # the last layer of a branch of two has no activation before the sum
    functions = [ACTIVATIONS["linear" if branch == 2 and l in ends else activation] for l in range(layers)]

    # forward
    mine, a, state = {}, x, []
    for l, key in enumerate(keys):
        norm, last = key + 1, l == layers - 1
        W, b = parameters[f"{key}.weight"], parameters[f"{key}.bias"]
        u, sd, f = a @ W.T + b, None, functions[l][0]
        z = u
        if axis is not None and not post and not last:
            u, sd = standardized(u, axis)
            z = u * parameters[f"{norm}.weight"] + parameters[f"{norm}.bias"]
        state.append([a, u, sd, z])
        if last:
            p = np.exp(z - z.max(1, keepdims=True))
            a = p / p.sum(1, keepdims=True)
        elif l in ends:
            alpha = parameters.get(f"{key}.alpha", scale)
            a = alpha * f(z) + skip_scale * state[l - branch + 1][0]
            if post:
                u, sd = standardized(a, axis)
                state[l][1:3] = u, sd
                a = u * parameters[f"{key + 2}.weight"] + parameters[f"{key + 2}.bias"]
        else:
            a = f(z)
        mine[f"{key}.z"], mine[f"{key}.a"] = z, a
    mine["loss"] = -np.mean(np.log(a[np.arange(rows), label]))

    # backward: delta = dL/dz of each image's own loss
    delta, skip = a.copy(), None
    delta[np.arange(rows), label] -= 1
    for l in reversed(range(layers)):
        key, norm = keys[l], keys[l] + 1
        a, u, sd, z = state[l]
        mine[f"{key}.delta"] = du = delta
        if sd is not None and not post:
            mine[f"{norm}.weight.grad"] = (delta * u).mean(0)
            mine[f"{norm}.bias.grad"] = delta.mean(0)
            du = delta * parameters[f"{norm}.weight"]
            du = through(du, u, sd, axis)
        mine[f"{key}.weight.grad"] = du.T @ a / rows
        mine[f"{key}.bias.grad"] = du.mean(0)
        back = du @ parameters[f"{key}.weight"]
        if branch and l + branch - 1 in ends:
            back = back + skip
        if l == 0:
            break
        f, df = functions[l - 1]
        if l - 1 in ends:
            before = keys[l - 1]
            if post:
                u, sd = state[l - 1][1:3]
                mine[f"{before + 2}.weight.grad"] = (back * u).mean(0)
                mine[f"{before + 2}.bias.grad"] = back.mean(0)
                back = through(back * parameters[f"{before + 2}.weight"], u, sd, axis)
            skip = skip_scale * back
            alpha = parameters.get(f"{before}.alpha", scale)
            if f"{before}.alpha" in parameters:
                mine[f"{before}.alpha.grad"] = np.array([(back * f(state[l - 1][3])).sum() / rows])
            back = alpha * back
        delta = back * df(state[l - 1][3])

    worst, expected = {}, set(seen) - {"x", "label"}
    assert set(mine) == expected, set(mine) ^ expected
    for name, array in mine.items():
        theirs = seen[name].astype(float)
        assert theirs.shape == np.shape(array), name
        size = math.sqrt(np.mean(np.square(array)))
        if name.endswith(".bias.grad"):  # batch normalization subtracts a bias: its gradient is 0 but for the rounding
            layer = max(key for key in keys if key <= int(name.split(".")[0]))
            size = max(size, 0.01 * math.sqrt(np.mean(np.square(mine[f"{layer}.delta"]))))
        if size == 0:
            continue
        kind = name.split(".", 1)[1] if "." in name else name
        worst[kind] = max(worst.get(kind, 0), np.abs(theirs - array).max() / size)
    print(activation, normalization, branch, {kind: f"{value:.1e}" for kind, value in worst.items()})
    # a sum of n products of floats is off by about sqrt(n) 6e-8 of its terms; the largest of some ten thousand values by
    # some times that, and each layer adds its share
    limit = 2e-6 * math.sqrt(max(max(width) for width in widths)) * layers
    return 0 if all(value < limit for value in worst.values()) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
