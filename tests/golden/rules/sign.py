#!/usr/bin/env python3
"""Writes sign.txt: sign_sgd, signum and lion, from the papers' algorithms.

signSGD and signum: Bernstein et al., ICML 2018, algorithms 1 and 2 (signum's decay as in its text: x += -r (sign m + l x)).
Lion: Chen et al., 2023, algorithm 2; read beside optax 0.2.8 (scale_by_sign, lion).
"""
import os

import numpy as np

from problems import write


def signsgd(r):
    def make(problem):
        return lambda x, g, value, k: np.array(x) - r * np.sign(np.array(g))
    return make


def signum(r, b, decay=0.0):
    def make(problem):
        m = np.zeros(len(problem.start()))

        def step(x, g, value, k):
            nonlocal m
            x, g = np.array(x), np.array(g)
            m = b * m + (1 - b) * g
            return x - r * (np.sign(m) + decay * x)
        return step
    return make


def lion(r, b1, b2, decay=0.0):
    def make(problem):
        m = np.zeros(len(problem.start()))

        def step(x, g, value, k):
            nonlocal m
            x, g = np.array(x), np.array(g)
            c = b1 * m + (1 - b1) * g
            m = b2 * m + (1 - b2) * g
            return x - r * (np.sign(c) + decay * x)
        return step
    return make


RULES = {
    "sign_sgd(0.003)": signsgd(0.003),
    "sign_sgd(0.0007)": signsgd(0.0007),
    "sign_sgd(0.011)": signsgd(0.011),
    "signum(0.003)": signum(0.003, 0.9),
    "signum(0.007, momentum=0.7)": signum(0.007, 0.7),
    "signum(0.003, momentum=0.95, weight_decay=0.1)": signum(0.003, 0.95, 0.1),
    "lion(0.003)": lion(0.003, 0.9, 0.99),
    "lion(0.007, beta1=0.8, beta2=0.9)": lion(0.007, 0.8, 0.9),
    "lion(0.003, beta1=0.95, beta2=0.98, weight_decay=0.2)": lion(0.003, 0.95, 0.98, 0.2),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "sign.txt"), f"the papers' formulas; numpy {np.__version__}", RULES)
