#!/usr/bin/python3
"""Training steps with PyTorch, the same work as one step of initviz: a batch
drawn from MNIST, forward, softmax cross-entropy, backward, Adam.

usage: steps_torch.py FOLDER THREADS cpu|wall

Reads questions, one a line, and answers each with a number:
  WAY CONFIG none|full SECONDS   steps per second
  normal N                       seconds per value of a normal_() fill

The ways: "module" is what one would write, torch.nn with autograd and the
vectorized Adam; "flat" has its gradients written out, products into buffers
that are there already, and all parameters in one vector, so that Adam is six
calls; "script" is flat with its step compiled by torch.jit.

"full" takes, at every step and of every layer, mean, variance, minimum,
maximum and a histogram of 64 bins of pre-activations and outputs, and the
variance of the weights' gradient.
"""
import math
import os
import sys
import time

FOLDER, THREADS, WALL = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "wall"
# Debian's PyTorch multiplies with OpenBLAS, which has threads of its own; when
# both have two, waiting threads must not hold the CPUs.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(THREADS)
os.environ["OMP_WAIT_POLICY"] = "passive"

from typing import List  # noqa: E402

import torch  # noqa: E402
from torch import Tensor  # noqa: E402

import mnist  # noqa: E402

torch.set_num_threads(THREADS)
torch.manual_seed(1)

CONFIGS = {
    "s30": ([784, 100, 100, 10], 30),
    "s128": ([784, 100, 100, 10], 128),
    "m": ([784] + 5 * [512] + [10], 128),
    "d": ([784] + 50 * [100] + [10], 128),
    "l": ([784] + 3 * [2048] + [10], 256),
}
RATE, BETA1, BETA2, EPS = 1e-3, 0.9, 0.999, 1e-8


def statistics(t: Tensor) -> List[Tensor]:
    variance, mean = torch.var_mean(t, unbiased=False)
    low, high = torch.aminmax(t)
    return [mean, variance, low, high, torch.histc(t, 64)]


# ---- module ----

class Module:
    def __init__(self, widths, batch):
        layers = []
        for i, o in zip(widths, widths[1:]):
            layers += [torch.nn.Linear(i, o), torch.nn.Sigmoid()]
        self.net = torch.nn.Sequential(*layers[:-1])
        self.adam = torch.optim.Adam(self.net.parameters(), lr=RATE, foreach=True)
        self.weights = [p for p in self.net.parameters() if p.dim() == 2]

    def step(self, x, y, full):
        self.adam.zero_grad(set_to_none=True)
        seen = []
        for layer in self.net:
            x = layer(x)
            if full:
                seen.append(x.detach())
        loss = torch.nn.functional.cross_entropy(x, y)
        loss.backward()
        if full:
            with torch.no_grad():
                kept = [statistics(t) for t in seen] + [w.grad.var(unbiased=False) for w in self.weights]
        self.adam.step()
        return loss


# ---- flat ----

def flat_forward(x: Tensor, weight: List[Tensor], bias: List[Tensor], z: List[Tensor], full: bool,
                 kept: List[Tensor]) -> List[Tensor]:
    outputs = [x]
    for l in range(len(weight)):
        torch.addmm(bias[l], outputs[l], weight[l], out=z[l])
        if full:
            kept += statistics(z[l])
        outputs.append(torch.sigmoid_(z[l]) if l + 1 < len(weight) else torch.softmax(z[l], 1))
        if full:
            kept += statistics(outputs[l + 1])
    return outputs


def flat_backward(outputs: List[Tensor], y: Tensor, weight: List[Tensor], weight_slope: List[Tensor],
                  bias_slope: List[Tensor], full: bool, kept: List[Tensor]) -> Tensor:
    last = len(weight)
    chosen = outputs[last].gather(1, y.unsqueeze(1))
    loss = -chosen.log().mean()
    delta = outputs[last]
    delta.scatter_add_(1, y.unsqueeze(1), torch.full_like(chosen, -1.0))
    delta.mul_(1.0 / y.shape[0])
    for l in range(last - 1, -1, -1):
        torch.mm(outputs[l].t(), delta, out=weight_slope[l])
        torch.sum(delta, 0, out=bias_slope[l])
        if full:
            kept.append(torch.var(weight_slope[l], unbiased=False))
        if l > 0:
            delta = torch.mm(delta, weight[l].t())
            delta = torch.ops.aten.sigmoid_backward(delta, outputs[l])
    return loss


def flat_adam(p: Tensor, g: Tensor, m: Tensor, v: Tensor, root: Tensor, rate: float, eps: float):
    m.lerp_(g, 0.1)
    v.mul_(0.999).addcmul_(g, g, value=0.001)
    torch.sqrt(v, out=root).add_(eps)
    p.addcdiv_(m, root, value=-rate)


def flat_step(x: Tensor, y: Tensor, p: Tensor, g: Tensor, m: Tensor, v: Tensor, root: Tensor, weight: List[Tensor],
              bias: List[Tensor], weight_slope: List[Tensor], bias_slope: List[Tensor], z: List[Tensor], full: bool,
              rate: float, eps: float) -> Tensor:
    kept: List[Tensor] = []
    outputs = flat_forward(x, weight, bias, z, full, kept)
    loss = flat_backward(outputs, y, weight, weight_slope, bias_slope, full, kept)
    flat_adam(p, g, m, v, root, rate, eps)
    return loss


class Flat:
    compiled = staticmethod(flat_step)

    def __init__(self, widths, batch):
        shapes = list(zip(widths, widths[1:]))
        size = sum(i * o + o for i, o in shapes)
        self.vectors = [torch.zeros(size) for _ in range(5)]  # parameters, gradient, Adam's two, scratch
        parameters, gradient = self.vectors[:2]
        self.weight, self.bias, self.weight_slope, self.bias_slope = [], [], [], []
        at = 0
        for i, o in shapes:
            for block, matrices, rows in ((parameters, self.weight, self.bias),
                                          (gradient, self.weight_slope, self.bias_slope)):
                matrices.append(block[at:at + i * o].view(i, o))
                rows.append(block[at + i * o:at + i * o + o])
            torch.nn.init.xavier_uniform_(self.weight[-1])
            at += i * o + o
        self.z = [torch.empty(batch, o) for _, o in shapes]
        self.t = 0

    def step(self, x, y, full):
        self.t += 1
        unbias1, unbias2 = 1 - BETA1 ** self.t, (1 - BETA2 ** self.t) ** 0.5
        with torch.inference_mode():
            return self.compiled(x, y, *self.vectors, self.weight, self.bias, self.weight_slope, self.bias_slope,
                                 self.z, full, RATE * unbias2 / unbias1, EPS * unbias2)


class Script(Flat):
    @staticmethod
    def compiled(*arguments):
        if Script.program is None:
            Script.program = torch.jit.script(flat_step)
        return Script.program(*arguments)

    program = None


WAYS = {"module": Module, "flat": Flat, "script": Script}


# ---- questions ----

class Batches:
    def __init__(self, folder):
        self.x = torch.from_numpy(mnist.training_images(folder).astype("float32") / 255)
        self.y = torch.from_numpy(mnist.training_labels(folder).astype("int64"))
        self.order, self.at = torch.randperm(len(self.y)), 0

    def draw(self, batch):
        if self.at + batch > len(self.order):
            self.order, self.at = torch.randperm(len(self.order)), 0
        chosen = self.order[self.at:self.at + batch]
        self.at += batch
        return self.x.index_select(0, chosen), self.y.index_select(0, chosen)


def now():
    """CPU time over the number of threads: a thread that sleeps does not count, which favours PyTorch."""
    return time.perf_counter() if WALL else time.process_time() / THREADS


def steps_per_second(trainer, batches, batch, full, seconds):
    for _ in range(2):
        trainer.step(*batches.draw(batch), full)
    steps, more, start = 0, 1, now()
    while now() - start < seconds:
        for _ in range(more):
            loss = trainer.step(*batches.draw(batch), full)
        steps += more
        more += more // 4 + 1
    span = now() - start
    if not math.isfinite(float(loss.detach())):
        sys.exit("PyTorch's loss is not finite")
    return steps / span


def fill_time(n):
    x, times = torch.empty(n), 4000000 // n + 1
    start = time.perf_counter()
    for _ in range(times):
        x.normal_()
    return (time.perf_counter() - start) / (n * times)


def main():
    batches, trainers = Batches(FOLDER), {}
    for line in sys.stdin:
        words = line.split()
        if words[0] == "normal":
            answer = fill_time(int(words[1]))
        else:
            way, config, stats, seconds = words
            widths, batch = CONFIGS[config]
            if (way, config) not in trainers:
                trainers.clear()
                trainers[way, config] = WAYS[way](widths, batch)
            answer = steps_per_second(trainers[way, config], batches, batch, stats == "full", float(seconds))
        print("%.9g" % answer, flush=True)


main()
