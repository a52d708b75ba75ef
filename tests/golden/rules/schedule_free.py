#!/usr/bin/env python3
"""Writes schedule_free.txt: schedulefree 1.4.1 (sgd_schedulefree.py, adamw_schedulefree.py), in numpy.

The parameters are y; what is recorded is eval()'s x, as the authors form it from y and z.
"""
import os

import numpy as np

from problems import write


def schedule_free(lr, momentum, warmup=0, r=0.0, power=2.0, decay=0.0, adam=None):
    rate = lr if callable(lr) else lambda k: lr

    def make_rule(problem):
        p = {"z": None, "v": None, "sum": 0.0, "max": -1.0}

        def step(y, g, value, k):
            y, g = np.array(y), np.array(g)
            if k == 0:
                p["z"], p["v"] = y.copy(), 0 * y
            now = rate(k) * ((k + 1) / warmup if k < warmup else 1.0)
            p["max"] = max(now, p["max"])
            weight = (k + 1) ** r * p["max"] ** power
            p["sum"] += weight
            c = weight / p["sum"] if p["sum"] != 0 else 0.0
            if adam:
                beta2, eps = adam
                p["v"] = beta2 * p["v"] + (1 - beta2) * g * g
                g = g / (np.sqrt(p["v"] / (1 - beta2 ** (k + 1))) + eps)
            g = g + decay * y
            y = y + c * (p["z"] - y)
            y = y + now * (momentum * (1 - c) - 1) * g
            p["z"] = p["z"] - now * g
            step.y = y
            return [float(v) for v in y]

        def solution(_):
            return [float(v) for v in step.y + (1 - 1 / momentum) * (p["z"] - step.y)]
        step.solution = solution
        return step
    return make_rule


def sgd(lr=1.0, momentum=0.9, **rest):
    return schedule_free(lr, momentum, **rest)


def adamw(lr=0.0025, beta1=0.9, beta2=0.999, eps=1e-8, **rest):
    return schedule_free(lr, beta1, adam=(beta2, eps), **rest)


RULES = {
    "schedule_free_sgd(0.001)": sgd(0.001),
    "schedule_free_sgd(0.0005, momentum=0.5, warmup_steps=20, weight_decay=0.1)":
        sgd(0.0005, 0.5, warmup=20, decay=0.1),
    "schedule_free_sgd(0.001, r=1.5, weight_lr_power=0, warmup_steps=7)": sgd(0.001, r=1.5, power=0.0, warmup=7),
    "schedule_free_sgd(polynomial(0.001, 150, power=1), momentum=0.8, weight_lr_power=1)":
        sgd(lambda k: 0.001 * (1 - k / 150), 0.8, power=1.0),
    "schedule_free_adamw": adamw(),
    "schedule_free_adamw(0.01, beta1=0.5, beta2=0.9, epsilon=0.01, warmup_steps=20, weight_decay=0.1)":
        adamw(0.01, 0.5, 0.9, 0.01, warmup=20, decay=0.1),
    "schedule_free_adamw(0.02, beta1=0.95, r=2, weight_lr_power=1)": adamw(0.02, 0.95, r=2.0, power=1.0),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "schedule_free.txt"), f"numpy {np.__version__}", RULES)
