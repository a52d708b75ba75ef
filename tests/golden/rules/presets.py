#!/usr/bin/env python3
"""Writes presets.txt: PyTorch's steps for the presets that everyone uses."""
import os

import torch

from problems import write

# torch keeps step counts in tensors of the default type: in float32 they would spoil the last digits.
torch.set_default_dtype(torch.float64)


def of(make):
    """A rule of problems.trajectory() from a torch optimizer; each block of the problem is a tensor of its shape."""
    def make_rule(problem):
        parts = [torch.zeros((rows, columns) if columns > 1 else rows, requires_grad=True)
                 for _, rows, columns in problem.blocks]
        optimizer = make(parts)

        def step(x, g, value, k):
            at = 0
            for part in parts:
                n = part.numel()
                with torch.no_grad():
                    part.copy_(torch.tensor(x[at:at + n]).reshape(part.shape))
                part.grad = torch.tensor(g[at:at + n]).reshape(part.shape)
                at += n
            optimizer.step()
            return [v for part in parts for v in part.detach().reshape(-1).tolist()]
        return step
    return make_rule


o = torch.optim
RULES = {
    "sgd(0.002)": of(lambda p: o.SGD(p, lr=0.002)),
    "momentum(0.001, momentum=0.9)": of(lambda p: o.SGD(p, lr=0.001, momentum=0.9)),
    "momentum(0.001, momentum=0.8, dampening=0.3)": of(lambda p: o.SGD(p, lr=0.001, momentum=0.8, dampening=0.3)),
    "nesterov(0.0005, momentum=0.9)": of(lambda p: o.SGD(p, lr=0.0005, momentum=0.9, nesterov=True)),
    "add_decayed_weights(0.1) | momentum(0.001)": of(lambda p: o.SGD(p, lr=0.001, momentum=0.9, weight_decay=0.1)),
    "rmsprop(0.01, rho=0.99)": of(lambda p: o.RMSprop(p, lr=0.01)),
    "rmsprop(0.0003, rho=0.9, momentum=0.5)": of(lambda p: o.RMSprop(p, lr=0.0003, alpha=0.9, momentum=0.5)),
    "adam(0.05)": of(lambda p: o.Adam(p, lr=0.05)),
    "adam(0.05, beta1=0.8, beta2=0.9, epsilon=0.01)": of(lambda p: o.Adam(p, lr=0.05, betas=(0.8, 0.9), eps=0.01)),
    "add_decayed_weights(0.1) | adam(0.05)": of(lambda p: o.Adam(p, lr=0.05, weight_decay=0.1)),
    "adamw(0.05)": of(lambda p: o.AdamW(p, lr=0.05)),
    "adamw(0.05, weight_decay=0.2)": of(lambda p: o.AdamW(p, lr=0.05, weight_decay=0.2)),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "presets.txt"), f"torch {torch.__version__}", RULES)
