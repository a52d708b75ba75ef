#!/usr/bin/env python3
"""Writes optimizers.txt: 50 steps of PyTorch's rules on given gradients.

The gradients are those of sum_i c_i (x_i - t_i)^2 / 2 + sum_i cos(3 x_i) at 7 coordinates: they depend on the path, so
an error in one step shows in all that follow. Format, one record a line: name, then the parameters after steps 1, 2, 50.
"""
import sys

import numpy
import torch

# torch keeps step counts in tensors of the default type: in float32 they would spoil the last digits.
torch.set_default_dtype(torch.float64)

N = 7
C = [2.0 ** (i - 3) for i in range(N)]
T = [0.5 * i - 1.0 for i in range(N)]


def run(make):
    x = torch.tensor([0.1 * (i + 1) for i in range(N)], requires_grad=True)
    optimizer = make([x])
    rows = []
    for step in range(1, 51):
        with torch.no_grad():
            x.grad = torch.tensor([C[i] * (x[i].item() - T[i]) - 3.0 * numpy.sin(3.0 * x[i].item()) for i in range(N)])
        optimizer.step()
        if step in (1, 2, 50):
            rows.append(x.detach().tolist())
    return rows


o = torch.optim
RULES = {
    "sgd(0.02)": lambda p: o.SGD(p, lr=0.02),
    "momentum(0.02, momentum=0.9)": lambda p: o.SGD(p, lr=0.02, momentum=0.9),
    "momentum(0.02, momentum=0.8, dampening=0.3)": lambda p: o.SGD(p, lr=0.02, momentum=0.8, dampening=0.3),
    "nesterov(0.02, momentum=0.9)": lambda p: o.SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    "add_decayed_weights(0.1) | momentum(0.02)": lambda p: o.SGD(p, lr=0.02, momentum=0.9, weight_decay=0.1),
    "rmsprop(0.01, rho=0.99)": lambda p: o.RMSprop(p, lr=0.01),
    "rmsprop(0.01, rho=0.9, momentum=0.5)": lambda p: o.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.5),
    "adam(0.05)": lambda p: o.Adam(p, lr=0.05),
    "adam(0.05, beta1=0.8, beta2=0.9, epsilon=0.01)": lambda p: o.Adam(p, lr=0.05, betas=(0.8, 0.9), eps=0.01),
    "add_decayed_weights(0.1) | adam(0.05)": lambda p: o.Adam(p, lr=0.05, weight_decay=0.1),
    "adamw(0.05)": lambda p: o.AdamW(p, lr=0.05),
    "adamw(0.05, weight_decay=0.2)": lambda p: o.AdamW(p, lr=0.05, weight_decay=0.2),
}

with open(sys.argv[1] if len(sys.argv) > 1 else "optimizers.txt", "w") as out:
    out.write(f"# torch {torch.__version__}; written by optimizers.py\n")
    for name, make in RULES.items():
        for step, row in zip((1, 2, 50), run(make)):
            out.write(f"{name}\t{step}\t" + " ".join(repr(v) for v in row) + "\n")
