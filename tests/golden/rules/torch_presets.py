#!/usr/bin/env python3
"""Writes torch_presets.txt: the torch.* presets over PyTorch's own grid of options (torch/testing/_internal/
common_optimizers.py), without the flags that only choose an implementation.

The steps are those of the installed PyTorch 1.13 wherever 2.x makes the same ones. Formulas of their own below: NAdam
(1.13 multiplies its momentum in twice, pytorch#92699) and what 1.13 cannot be asked for (decoupled decay of Adam, NAdam
and RAdam: x = (1 - lr weight_decay) x before a step without decay). `maximize` changes the gradient's sign, for all.

Rates are the grid's where rounding stays small, smaller ones for sgd and asgd on these problems.
"""
import math
import os

import torch

from presets import of
from problems import write

torch.set_default_dtype(torch.float64)
RECORDED = (1, 2, 10, 100)


def changed(make_rule, sign=1.0, shrink=1.0):
    """Negates gradients; multiplies x by a factor before the step."""
    def make(problem):
        inner = make_rule(problem)

        def step(x, g, value, k):
            return inner([shrink * v for v in x], [sign * v for v in g], value, k)
        if hasattr(inner, "solution"):
            step.solution = inner.solution
        return step
    return make


def nadam(lr=0.002, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, momentum_decay=0.004):
    """torch 2's NAdam, as its documentation writes it."""
    def make(problem):
        n = len(problem.start())
        m, v, product = [0.0] * n, [0.0] * n, [1.0]

        def step(x, g, value, k):
            t = k + 1
            mu = betas[0] * (1.0 - 0.5 * 0.96 ** (t * momentum_decay))
            mu_next = betas[0] * (1.0 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
            product[0] *= mu
            out = []
            for i in range(n):
                gi = g[i] + weight_decay * x[i]
                m[i] = betas[0] * m[i] + (1.0 - betas[0]) * gi
                v[i] = betas[1] * v[i] + (1.0 - betas[1]) * gi * gi
                root = math.sqrt(v[i] / (1.0 - betas[1] ** t)) + eps
                out.append(x[i] - lr * (1.0 - mu) / (1.0 - product[0]) * gi / root
                           - lr * mu_next / (1.0 - product[0] * mu_next) * m[i] / root)
            return out
        return step
    return make


def averaged(**options):
    """torch.optim.ASGD, whose solution is the average in its state."""
    def make(problem):
        kept = []

        def remember(parts):
            kept.append(torch.optim.ASGD(parts, **options))
            return kept[0]
        inner = of(remember)(problem)

        def step(x, g, value, k):
            return inner(x, g, value, k)
        step.solution = lambda x: [v for group in kept[0].param_groups for p in group["params"]
                                   for v in kept[0].state[p]["ax"].reshape(-1).tolist()]
        return step
    return make


o = torch.optim
RULES = {
    "torch.sgd": of(lambda p: o.SGD(p, lr=1e-3)),
    "torch.sgd(0.002)": of(lambda p: o.SGD(p, lr=2e-3)),
    "torch.sgd(momentum=0.9)": of(lambda p: o.SGD(p, lr=1e-3, momentum=0.9)),
    "torch.sgd(momentum=0.9, dampening=0.5)": of(lambda p: o.SGD(p, lr=1e-3, momentum=0.9, dampening=0.5)),
    "torch.sgd(momentum=0.9, weight_decay=0.1)": of(lambda p: o.SGD(p, lr=1e-3, momentum=0.9, weight_decay=0.1)),
    "torch.sgd(0.0005, momentum=0.9, weight_decay=0.1, nesterov=true)":
        of(lambda p: o.SGD(p, lr=5e-4, momentum=0.9, weight_decay=0.1, nesterov=True)),
    "torch.sgd(1e-5, weight_decay=0.1, maximize=true)": of(lambda p: o.SGD(p, lr=1e-5, weight_decay=0.1, maximize=True)),

    "torch.adam": of(lambda p: o.Adam(p)),
    "torch.adam(0.01)": of(lambda p: o.Adam(p, lr=0.01)),
    "torch.adam(weight_decay=0.1)": of(lambda p: o.Adam(p, weight_decay=0.1)),
    "torch.adam(weight_decay=0.1, maximize=true)": of(lambda p: o.Adam(p, weight_decay=0.1, maximize=True)),
    "torch.adam(weight_decay=0.1, amsgrad=true)": of(lambda p: o.Adam(p, weight_decay=0.1, amsgrad=True)),
    "torch.adam(0.05, beta1=0.6, beta2=0.8, epsilon=0.001, amsgrad=true)":
        of(lambda p: o.Adam(p, lr=0.05, betas=(0.6, 0.8), eps=1e-3, amsgrad=True)),
    "torch.adam(0.01, weight_decay=0.1, decoupled_weight_decay=true)":
        changed(of(lambda p: o.Adam(p, lr=0.01)), shrink=1.0 - 0.01 * 0.1),

    "torch.adamw": of(lambda p: o.AdamW(p)),
    "torch.adamw(0.01)": of(lambda p: o.AdamW(p, lr=0.01)),
    "torch.adamw(weight_decay=0.1)": of(lambda p: o.AdamW(p, weight_decay=0.1)),
    "torch.adamw(weight_decay=0.1, maximize=true)": of(lambda p: o.AdamW(p, weight_decay=0.1, maximize=True)),
    "torch.adamw(weight_decay=0.1, amsgrad=true)": of(lambda p: o.AdamW(p, weight_decay=0.1, amsgrad=True)),

    "torch.adagrad": of(lambda p: o.Adagrad(p)),
    "torch.adagrad(weight_decay=0.1)": of(lambda p: o.Adagrad(p, weight_decay=0.1)),
    "torch.adagrad(weight_decay=0.1, maximize=true)": of(lambda p: o.Adagrad(p, weight_decay=0.1, maximize=True)),
    "torch.adagrad(0.1)": of(lambda p: o.Adagrad(p, lr=0.1)),
    "torch.adagrad(initial_accumulator=0.1, weight_decay=0.1)":
        of(lambda p: o.Adagrad(p, initial_accumulator_value=0.1, weight_decay=0.1)),
    "torch.adagrad(0.1, lr_decay=0.5, weight_decay=0.1)":
        of(lambda p: o.Adagrad(p, lr=0.1, lr_decay=0.5, weight_decay=0.1)),

    "torch.adadelta": of(lambda p: o.Adadelta(p)),
    "torch.adadelta(0.01)": of(lambda p: o.Adadelta(p, lr=0.01)),
    "torch.adadelta(weight_decay=0.1)": of(lambda p: o.Adadelta(p, weight_decay=0.1)),
    "torch.adadelta(0.5, weight_decay=0.1)": of(lambda p: o.Adadelta(p, lr=0.5, weight_decay=0.1)),
    "torch.adadelta(weight_decay=0.1, maximize=true)": of(lambda p: o.Adadelta(p, weight_decay=0.1, maximize=True)),
    "torch.adadelta(rho=0.95, weight_decay=0.9)": of(lambda p: o.Adadelta(p, rho=0.95, weight_decay=0.9)),

    "torch.rmsprop": of(lambda p: o.RMSprop(p)),
    "torch.rmsprop(0.001)": of(lambda p: o.RMSprop(p, lr=1e-3)),
    "torch.rmsprop(0.001, weight_decay=0.1)": of(lambda p: o.RMSprop(p, lr=1e-3, weight_decay=0.1)),
    "torch.rmsprop(0.001, weight_decay=0.1, centered=true)":
        of(lambda p: o.RMSprop(p, lr=1e-3, weight_decay=0.1, centered=True)),
    "torch.rmsprop(0.001, weight_decay=0.1, centered=true, momentum=0.1)":
        of(lambda p: o.RMSprop(p, lr=1e-3, weight_decay=0.1, centered=True, momentum=0.1)),
    "torch.rmsprop(0.001, weight_decay=0.1, centered=true, momentum=0.1, maximize=true)":
        of(lambda p: o.RMSprop(p, lr=1e-3, weight_decay=0.1, centered=True, momentum=0.1, maximize=True)),

    "torch.adamax": of(lambda p: o.Adamax(p)),
    "torch.adamax(0.1)": of(lambda p: o.Adamax(p, lr=0.1)),
    "torch.adamax(weight_decay=0.1)": of(lambda p: o.Adamax(p, weight_decay=0.1)),
    "torch.adamax(weight_decay=0.9)": of(lambda p: o.Adamax(p, weight_decay=0.9)),
    "torch.adamax(weight_decay=0.1, maximize=true)": of(lambda p: o.Adamax(p, weight_decay=0.1, maximize=True)),

    "torch.nadam": nadam(),
    "torch.nadam(0.001)": nadam(lr=1e-3),
    "torch.nadam(momentum_decay=0.006)": nadam(momentum_decay=6e-3),
    "torch.nadam(weight_decay=0.1, momentum_decay=0.006)": nadam(weight_decay=0.1, momentum_decay=6e-3),
    "torch.nadam(weight_decay=0.1, momentum_decay=0.006, decoupled_weight_decay=true)":
        changed(nadam(momentum_decay=6e-3), shrink=1.0 - 0.002 * 0.1),
    "torch.nadam(weight_decay=0.1, maximize=true)": changed(nadam(weight_decay=0.1), sign=-1.0),

    "torch.radam": of(lambda p: o.RAdam(p)),
    "torch.radam(0.002)": of(lambda p: o.RAdam(p, lr=2e-3)),
    "torch.radam(epsilon=1e-6)": of(lambda p: o.RAdam(p, eps=1e-6)),
    "torch.radam(weight_decay=0.1)": of(lambda p: o.RAdam(p, weight_decay=0.1)),
    "torch.radam(weight_decay=0.1, decoupled_weight_decay=true)":
        changed(of(lambda p: o.RAdam(p)), shrink=1.0 - 0.001 * 0.1),
    "torch.radam(maximize=true)": changed(of(lambda p: o.RAdam(p)), sign=-1.0),
    "torch.radam(beta1=0.8, beta2=0.9, epsilon=0.01)": of(lambda p: o.RAdam(p, betas=(0.8, 0.9), eps=0.01)),

    "torch.rprop": of(lambda p: o.Rprop(p)),
    "torch.rprop(0.0002)": of(lambda p: o.Rprop(p, lr=2e-4)),
    "torch.rprop(eta_minus=0.5, eta_plus=1.5)": of(lambda p: o.Rprop(p, etas=(0.5, 1.5))),
    "torch.rprop(min_step=2e-6, max_step=100)": of(lambda p: o.Rprop(p, step_sizes=(2e-6, 100))),
    "torch.rprop(1e-8, eta_plus=1.1, min_step=1e-8, max_step=0.01, maximize=true)":
        changed(of(lambda p: o.Rprop(p, lr=1e-8, etas=(0.5, 1.1), step_sizes=(1e-8, 0.01))), sign=-1.0),

    "torch.asgd(0.001)": averaged(lr=1e-3),
    "torch.asgd(0.002)": averaged(lr=2e-3),
    "torch.asgd(0.001, t0=30)": averaged(lr=1e-3, t0=30),
    "torch.asgd(0.001, lambda=0.1, alpha=0.5, t0=3)": averaged(lr=1e-3, lambd=0.1, alpha=0.5, t0=3),
    "torch.asgd(1e-5, maximize=true)": averaged(lr=1e-5, maximize=True),
    "torch.asgd(0.001, weight_decay=0.1)": averaged(lr=1e-3, weight_decay=0.1),
    "torch.asgd(1e-5, weight_decay=0.1, maximize=true)": averaged(lr=1e-5, weight_decay=0.1, maximize=True),
}

# Where rounding grows (problems.growth says so): other rates of the same options are held on every problem.
PROBLEMS = {"torch.adadelta(weight_decay=0.1)": ("rosenbrock", "least_squares"),
            "torch.rmsprop": ("quadratic", "rosenbrock", "least_squares")}


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "torch_presets.txt"), f"torch {torch.__version__}", RULES, PROBLEMS, RECORDED)
