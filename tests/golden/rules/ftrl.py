#!/usr/bin/env python3
"""Writes ftrl.txt: McMahan et al., "Ad click prediction", KDD 2013, algorithm 1, as it is written there.

The paper forms the weights from z and n before every gradient and starts at 0. Here the start is x0, so the term
beta / alpha ||x||^2 / 2 is centred there: z starts at -beta / alpha x0, which is the paper's 0 for x0 = 0.
"""
import math
import os

from problems import write


def ftrl(alpha, beta=1.0, l1=0.0, l2=0.0):
    def make(problem):
        z = [-beta / alpha * v for v in problem.start()]
        n = [0.0] * len(z)

        def step(x, g, value, k):
            new = []
            for i, (w, gi) in enumerate(zip(x, g)):
                sigma = (math.sqrt(n[i] + gi * gi) - math.sqrt(n[i])) / alpha
                z[i] += gi - sigma * w
                n[i] += gi * gi
                if abs(z[i]) <= l1:
                    new.append(0.0)
                else:
                    new.append(-(z[i] - math.copysign(l1, z[i])) / ((beta + math.sqrt(n[i])) / alpha + l2))
            return new
        return step
    return make


RULES = {
    "ftrl(0.1)": ftrl(0.1),
    "ftrl(0.05, beta=0.5, l1=0.5)": ftrl(0.05, 0.5, 0.5),
    "ftrl(0.2, beta=2, l1=3, l2=0.5)": ftrl(0.2, 2.0, 3.0, 0.5),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "ftrl.txt"), "algorithm 1 of the paper", RULES)
