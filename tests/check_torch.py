"""Loads weights that initviz saved into the torch.nn.Sequential that the file names, and compares loss, z and
gradients on the probe.

    check_torch.py WEIGHTS.safetensors PROBE.safetensors
"""
import json
import sys

import torch

from recompute import read_safetensors


def main(weights, probe):
    data = open(weights, "rb").read()
    notes = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    net = eval(notes["module"], {"torch": torch})
    state = {name: torch.from_numpy(array.copy()) for name, array in read_safetensors(weights).items()}
    net.load_state_dict(state)  # strict: every name and every shape
    seen = {name: torch.from_numpy(array.copy()) for name, array in read_safetensors(probe).items()}
    z = net(seen["x"])
    loss = torch.nn.functional.cross_entropy(z, seen["label"])
    loss.backward()
    last = str(len(net) - 1)
    mine = {"loss": loss, last + ".z": z, last + ".a": z.softmax(1)}
    mine.update({name + ".grad": parameter.grad for name, parameter in net.named_parameters()})
    worst = 0
    for name, value in mine.items():
        theirs = seen[name].double()
        size = theirs.square().mean().sqrt()
        if size > 0:  # the gradient of a bias before batch normalization is 0
            worst = max(worst, ((value.detach().double() - theirs).abs().max() / size).item())
    print(notes["module"], f"{worst:.1e}")
    return worst > 1e-4


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
