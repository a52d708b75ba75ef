#!/usr/bin/env python3
"""Writes sparse.txt (torch.optim.SparseAdam with every row touched, on the usual problems) and ../sparse_rows.txt:
PyTorch's steps with gradients of some rows of a table of 8 x 3, of f = c_r |x_r - t_r|^2 / 2 over the rows at hand.
FTRL, which PyTorch has not: McMahan et al., KDD 2013, algorithm 1, which loops over the coordinates that a sample has.

A record of sparse_rows.txt: chain's text <TAB> updates made <TAB> parameters. tests/optim/sparse_test.cpp has the
same rows and gradients.
"""
import math
import os
import sys

import torch

from problems import RECORDED, STEPS, write

torch.set_default_dtype(torch.float64)


def sparse(rows, values, shape):
    return torch.sparse_coo_tensor(torch.tensor([rows]), values, shape)


def all_rows(make):
    def make_rule(problem):
        n = len(problem.start())
        part = torch.zeros(n, 1, requires_grad=True)
        optimizer = make([part])

        def step(x, g, value, k):
            with torch.no_grad():
                part.copy_(torch.tensor(x).reshape(n, 1))
            part.grad = sparse(list(range(n)), torch.tensor(g).reshape(n, 1), (n, 1))
            optimizer.step()
            return part.detach().reshape(-1).tolist()
        return step
    return make_rule


o = torch.optim
ADAMS = {
    "torch.sparse_adam(0.01)": lambda p: o.SparseAdam(p, lr=0.01),
    "torch.sparse_adam(0.01, beta1=0.8, beta2=0.95, epsilon=0.01)":
        lambda p: o.SparseAdam(p, lr=0.01, betas=(0.8, 0.95), eps=0.01),
    "torch.sparse_adam(0.02, epsilon=0.1)": lambda p: o.SparseAdam(p, lr=0.02, eps=0.1),
}
OTHERS = {
    "sgd(0.05)": lambda p: o.SGD(p, lr=0.05),
    "sgd(0.2)": lambda p: o.SGD(p, lr=0.2),
}
ADAGRADS = {
    "torch.adagrad(0.1)": lambda p: o.Adagrad(p, lr=0.1),
    "torch.adagrad(0.3, lr_decay=0.05, initial_accumulator=0.2)":
        lambda p: o.Adagrad(p, lr=0.3, lr_decay=0.05, initial_accumulator_value=0.2),
    "torch.adagrad(0.5, epsilon=0.01)": lambda p: o.Adagrad(p, lr=0.5, eps=0.01),
}
FTRLS = {
    "ftrl(0.1)": (0.1, 1.0, 0.0, 0.0),
    "ftrl(0.3, beta=0.5, l1=0.5)": (0.3, 0.5, 0.5, 0.0),
    "ftrl(0.5, beta=2, l1=1, l2=0.5)": (0.5, 2.0, 1.0, 0.5),
}


class Ftrl:
    """The paper's loop, centred at the start (see ftrl.py), over the coordinates of the rows at hand."""
    def __init__(self, x, alpha, beta, l1, l2):
        self.x, self.alpha, self.beta, self.l1, self.l2 = x, alpha, beta, l1, l2
        self.z = {(r, j): -beta / alpha * x[r, j].item() for r in range(8) for j in range(3)}
        self.n = dict.fromkeys(self.z, 0.0)

    def step(self):
        gradient = self.x.grad.coalesce()
        for row, values in zip(gradient.indices()[0].tolist(), gradient.values().tolist()):
            for j, g in enumerate(values):
                i = (row, j)
                sigma = (math.sqrt(self.n[i] + g * g) - math.sqrt(self.n[i])) / self.alpha
                self.z[i] += g - sigma * self.x.data[i].item()
                self.n[i] += g * g
                z = self.z[i]
                self.x.data[i] = 0.0 if abs(z) <= self.l1 else -(z - math.copysign(self.l1, z)) / (
                    (self.beta + math.sqrt(self.n[i])) / self.alpha + self.l2)


def touched(k):
    return sorted({k % 8, (3 * k + 1) % 8, (5 * k * k + 2) % 8})


def table():
    return torch.tensor([[((r * 3 + j) * 5 % 7 - 3) / 4.0 for j in range(3)] for r in range(8)])


def target():
    return torch.tensor([[((r * 3 + j) * 3 % 11 - 4) / 2.0 for j in range(3)] for r in range(8)])


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    origin = f"torch {torch.__version__}"
    write(os.path.join(here, "sparse.txt"), origin, {text: all_rows(make) for text, make in ADAMS.items()})
    with open(os.path.join(here, "..", "sparse_rows.txt"), "w") as out:
        out.write(f"# {origin}; Python {sys.version.split()[0]}; written by rules/sparse.py\n")
        for text, make in {**ADAMS, **OTHERS, **ADAGRADS, **FTRLS}.items():
            x = table().requires_grad_(True)
            optimizer = Ftrl(x, *make) if text in FTRLS else make([x])
            for k in range(STEPS):
                rows = touched(k)
                curvature = torch.tensor([[(r + 1) / 4.0] for r in rows])
                x.grad = sparse(rows, curvature * (x.detach()[rows] - target()[rows]), (8, 3))
                optimizer.step()
                if k + 1 in RECORDED:
                    numbers = " ".join(repr(v) for v in x.detach().reshape(-1).tolist())
                    out.write(f"{text}\t{k + 1}\t{numbers}\n")
