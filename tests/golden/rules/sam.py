#!/usr/bin/env python3
"""Writes sam.txt: Foret et al., ICLR 2021, eq. 2, and Kwon et al., ICML 2021, eq. 6, around sgd with momentum and Adam.

The gradient at hand gives the point x + e; what moves x is the gradient there, of the same rows.
"""
import os

import numpy as np

from problems import write
from wrappers import adam, momentum


def sam(inner, rho, adaptive=False, eta=0.0):
    def make(problem):
        move = inner(problem)

        def step(x, g, value, k):
            x, g = np.array(x), np.array(g)
            t = np.abs(x) + eta if adaptive else np.ones(len(x))
            e = rho * t ** 2 * g / np.linalg.norm(t * g)
            return x - move(x, np.array(problem.gradient(list(x + e), k)), k)
        return step
    return make


RULES = {
    "sam | momentum(0.0005)": sam(momentum(0.0005, 0.9), 0.05),
    "sam(0.01) | momentum(0.001)": sam(momentum(0.001, 0.9), 0.01),
    "sam(0.1) | momentum(0.0002)": sam(momentum(0.0002, 0.9), 0.1),
    "sam(adaptive=true) | momentum(0.0005)": sam(momentum(0.0005, 0.9), 0.05, True),
    "sam(0.1, adaptive=true) | momentum(0.0005)": sam(momentum(0.0005, 0.9), 0.1, True),
    "sam(0.1, adaptive=true, eta=0.01) | momentum(0.0005)": sam(momentum(0.0005, 0.9), 0.1, True, 0.01),
    "sam | adam(0.02)": sam(adam(0.02), 0.05),
    "sam(0.3) | adam(0.01)": sam(adam(0.01), 0.3),
    "sam(0.02) | adam(0.05)": sam(adam(0.05), 0.02),
    "sam(0.1, adaptive=true) | adam(0.01)": sam(adam(0.01), 0.1, True),
    "sam(0.3, adaptive=true, eta=0.5) | adam(0.01)": sam(adam(0.01), 0.3, True, 0.5),
    "sam(0.5, adaptive=true, eta=0.01) | adam(0.02)": sam(adam(0.02), 0.5, True, 0.01),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "sam.txt"), f"the papers' formulas; numpy {np.__version__}", RULES)
