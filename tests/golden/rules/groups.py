#!/usr/bin/env python3
"""Writes groups.txt: PyTorch's param_groups, each with a rate, momentum and decay of its own, or two optimizers."""
import os

import torch

from problems import write

torch.set_default_dtype(torch.float64)


def grouped(make, clip=None):
    """make({block's name: tensor}) -> optimizer; clip: (name, max_norm)."""
    def make_rule(problem):
        parts = {name: torch.zeros(rows * columns, requires_grad=True) for name, rows, columns in problem.blocks}
        optimizer = make(parts)

        def step(x, g, value, k):
            at = 0
            for part in parts.values():
                size = part.numel()
                with torch.no_grad():
                    part.copy_(torch.tensor(x[at:at + size]))
                part.grad = torch.tensor(g[at:at + size])
                at += size
            if clip:
                part = parts[clip[0]]
                part.grad.mul_(min(1.0, clip[1] / part.grad.norm().item()))
            optimizer.step()
            return [v for part in parts.values() for v in part.detach().tolist()]
        return step
    return make_rule


def groups(kind, **options):
    """One optimizer, its options by block."""
    def make(parts):
        return kind([{"params": [part], **options[name]} for name, part in parts.items()], lr=1.0)
    return make


def decay_of(name, decay):
    def make(parts):
        rest = [part for other, part in parts.items() if other != name]
        return torch.optim.AdamW([{"params": [parts[name]], "weight_decay": decay}, {"params": rest}], lr=0.02,
                                 weight_decay=0.0)
    return make


class Both:
    def __init__(self, *optimizers):
        self.optimizers = optimizers

    def step(self):
        for optimizer in self.optimizers:
            optimizer.step()


def two(first, second):
    """Two kinds of optimizer, for W and for b."""
    return lambda parts: Both(first(parts["W"]), second(parts["b"]))


o = torch.optim
RULES = {
    "only(W, torch.sgd(0.002, momentum=0.9, weight_decay=0.1)) | except(W, torch.sgd(0.01, momentum=0.5))":
        grouped(groups(o.SGD, W=dict(lr=0.002, momentum=0.9, weight_decay=0.1), b=dict(lr=0.01, momentum=0.5))),
    "only(W, torch.adam(0.02, beta2=0.95)) | only(b, torch.adam(0.005, beta1=0.5, weight_decay=0.2))":
        grouped(groups(o.Adam, W=dict(lr=0.02, betas=(0.9, 0.95)), b=dict(lr=0.005, betas=(0.5, 0.999),
                                                                          weight_decay=0.2))),
    "scale_by_adam | only(W, add_decayed_weights(0.3)) | scale_by_learning_rate(0.02)": grouped(decay_of("W", 0.3)),
    "only(W, [clip_by_global_norm(1), torch.adam(0.01)]) | except(W, torch.sgd(0.002, momentum=0.5))":
        grouped(two(lambda p: o.Adam([p], lr=0.01), lambda p: o.SGD([p], lr=0.002, momentum=0.5)), ("W", 1.0)),
    "only(W, torch.adam(0.01)) | only(b, torch.adamax(0.02))":
        grouped(two(lambda p: o.Adam([p], lr=0.01), lambda p: o.Adamax([p], lr=0.02))),
}
LAYERS = {
    "only(V, torch.adagrad(0.1, lr_decay=0.1)) | except(V, torch.adagrad(0.05))":
        grouped(groups(o.Adagrad, W=dict(lr=0.05), V=dict(lr=0.1, lr_decay=0.1))),
    "only(V, torch.sgd(0.002, momentum=0.9, nesterov=true)) | only(W, torch.sgd(0.004))":
        grouped(groups(o.SGD, V=dict(lr=0.002, momentum=0.9, nesterov=True), W=dict(lr=0.004))),
    "torch.adamw(0.02, weight_decay=0.1) | freeze(V)": grouped(lambda parts: o.AdamW([parts["W"]], lr=0.02, weight_decay=0.1)),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    on = {text: ["matrix"] for text in RULES} | {text: ["layers"] for text in LAYERS}
    import problems
    write(os.path.join(here, "groups.txt"), f"torch {torch.__version__}", RULES | LAYERS, on,
          among=[*problems.PROBLEMS, problems.Layers()])
