#!/usr/bin/env python3
"""Writes rate_free.txt: rules that find their own rate, in numpy, after the authors' published programs.

prodigy                  prodigyopt 1.1.2, prodigyopt/prodigy.py (decouple=True, slice_p=1)
dadapt_adam              dadaptation 3.2, dadapt_adam.py (decouple=True)
dog                      dog 1.0.3, src/dog/dog.py: DoG, and LDoG for per_block
dowg                     Khaled, Mishchenko and Jin 2023, algorithm 1
adgd                     optimizers.py of ymalitsky/adaptive_GD: Adgd, with algorithm 1 of the paper for its first rate
polyak                   Polyak 1987, section 5.3; Loizou et al. 2021, eq. 3 for the limit
"""
import math
import os

import numpy as np

from problems import write


def rule(make_state, update):
    """A rule of problems.trajectory(): update(state, x, g, f, k) -> the next x."""
    def make_rule(problem):
        state = make_state(problem)

        def step(x, g, value, k):
            return [float(v) for v in update(state, np.array(x), np.array(g), value, k)]
        return step
    return make_rule


def prodigy(lr=1.0, beta1=0.9, beta2=0.999, beta3=None, eps=1e-8, decay=0.0, d0=1e-6, d_coef=1.0,
            growth=math.inf, bias=False, safeguard=False):
    rate = lr if callable(lr) else lambda k: lr

    def update(p, x, g, value, k):
        if not p:
            p.update(p0=x.copy(), s=0 * x, m=0 * x, v=0 * x, d=d0, d_max=d0, numerator=0.0)
        b3 = math.sqrt(beta2) if beta3 is None else beta3
        correction = math.sqrt(1 - beta2 ** (k + 1)) / (1 - beta1 ** (k + 1)) if bias else 1.0
        d = p["d"]
        dlr = d * rate(k) * correction
        numerator = p["numerator"] * b3 + d / d0 * dlr * float(np.dot(g, p["p0"] - x))
        p["m"] = beta1 * p["m"] + d * (1 - beta1) * g
        p["v"] = beta2 * p["v"] + d * d * (1 - beta2) * g * g
        p["s"] = b3 * p["s"] + d / d0 * (d if safeguard else dlr) * g
        denominator = float(np.abs(p["s"]).sum())
        d_hat = d_coef * numerator / denominator
        if d == d0:
            d = max(d, d_hat)
        p["d_max"] = max(p["d_max"], d_hat)
        p["d"] = min(p["d_max"], d * growth)
        p["numerator"] = numerator
        return x - decay * dlr * x - dlr * p["m"] / (np.sqrt(p["v"]) + p["d"] * eps)
    return rule(lambda problem: {}, update)


def dadapt_adam(lr=1.0, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0, d0=1e-6, growth=math.inf, bias=False):
    def update(p, x, g, value, k):
        if not p:
            p.update(s=0 * x, m=0 * x, v=0 * x, d=d0, numerator=0.0)
        correction = math.sqrt(1 - beta2 ** (k + 1)) / (1 - beta1 ** (k + 1)) if bias else 1.0
        dlr = p["d"] * lr * correction
        root = beta2 ** 0.5
        added = dlr * float(np.dot(g, p["s"] / (np.sqrt(p["v"]) + eps)))
        p["m"] = p["m"] * beta1 + dlr * (1 - beta1) * g
        p["v"] = p["v"] * beta2 + (1 - beta2) * g * g
        p["s"] = p["s"] * root + dlr * (1 - root) * g
        p["numerator"] = root * p["numerator"] + (1 - root) * added
        d_hat = p["numerator"] / ((1 - root) * float(np.abs(p["s"]).sum()))
        p["d"] = max(p["d"], min(d_hat, p["d"] * growth))
        return x - decay * dlr * x - p["m"] / (np.sqrt(p["v"]) + eps)
    return rule(lambda problem: {}, update)


def dog(lr=1.0, move=1e-6, eps=1e-8, per_block=False):
    def parts(problem):
        sizes = [rows * columns for _, rows, columns in problem.blocks] if per_block else [len(problem.start())]
        ends = np.cumsum(sizes)
        return {"parts": [slice(int(end - size), int(end)) for end, size in zip(ends, sizes)]}

    def update(p, x, g, value, k):
        if k == 0:
            p["x0"] = x.copy()
            p["r"] = [move * (1 + np.linalg.norm(x[part])) for part in p["parts"]]
            p["G"] = [float((g[part] ** 2).sum()) + eps for part in p["parts"]]
        result = x.copy()
        for i, part in enumerate(p["parts"]):
            if k > 0:
                p["r"][i] = max(p["r"][i], np.linalg.norm(x[part] - p["x0"][part]))
                p["G"][i] += float((g[part] ** 2).sum())
            result[part] = x[part] - lr * p["r"][i] / math.sqrt(p["G"][i]) * g[part]
        return result
    return rule(parts, update)


def dowg(lr=1.0, move=1e-6, eps=0.0):
    def update(p, x, g, value, k):
        if k == 0:
            p["x0"], p["r"], p["v"] = x.copy(), move * (1 + np.linalg.norm(x)), eps
        p["r"] = max(p["r"], np.linalg.norm(x - p["x0"]))
        p["v"] += p["r"] ** 2 * float((g ** 2).sum())
        return x - lr * p["r"] ** 2 / math.sqrt(p["v"]) * g
    return rule(lambda problem: {}, update)


def adgd(lr=1.0, first=None):
    def update(p, x, g, value, k):
        if k == 0:
            norm = np.linalg.norm(g)
            p["rate"] = first if first is not None else 1e-6 * (1 + np.linalg.norm(x)) / norm
            p["theta"] = math.inf
        else:
            dx, dg = np.linalg.norm(x - p["x"]), np.linalg.norm(g - p["g"])
            new = dx / (2 * dg) if dx > 0 and dg > 0 else math.inf  # a move of 0 says nothing about curvature
            if math.isfinite(p["theta"]):
                new = min(math.sqrt(1 + p["theta"]) * p["rate"], new)
            p["theta"] = new / p["rate"]
            p["rate"] = new
        p["x"], p["g"] = x, g
        return x - lr * p["rate"] * g
    return rule(lambda problem: {}, update)


def polyak(lr=1.0, minimum=0.0, limit=math.inf):
    return rule(lambda problem: {},
                lambda p, x, g, value, k: x - lr * min((value - minimum) / float((g * g).sum()), limit) * g)


RULES = {
    "prodigy": prodigy(),
    "prodigy(0.5, beta1=0.8, beta2=0.99, bias_correction=true, growth_rate=1.3)":
        prodigy(0.5, beta1=0.8, beta2=0.99, bias=True, growth=1.3),
    "prodigy(d0=0.001, d_coef=0.5, weight_decay=0.1, beta3=0.9, epsilon=0.001)":
        prodigy(d0=0.001, d_coef=0.5, decay=0.1, beta3=0.9, eps=0.001),
    "prodigy(polynomial(0.5, 200, power=1), safeguard_warmup=true)": prodigy(lambda k: 0.5 * (1 - k / 200), safeguard=True),
    "dadapt_adam": dadapt_adam(),
    "dadapt_adam(0.5, beta1=0.8, beta2=0.99, bias_correction=true, growth_rate=1.3)":
        dadapt_adam(0.5, beta1=0.8, beta2=0.99, bias=True, growth=1.3),
    "dadapt_adam(d0=0.001, weight_decay=0.1, epsilon=0.001)": dadapt_adam(d0=0.001, decay=0.1, eps=0.001),
    "dog": dog(),
    "dog(0.5, initial_move=0.001, epsilon=0.5)": dog(0.5, move=0.001, eps=0.5),
    "dog(initial_move=0.0001, per_block=true)": dog(move=0.0001, per_block=True),
    "dowg": dowg(),
    "dowg(0.5, initial_move=0.001, epsilon=0.01)": dowg(0.5, move=0.001, eps=0.01),
    "dowg(0.2, initial_move=0.1)": dowg(0.2, move=0.1),
    "adgd": adgd(),
    "adgd(0.1)": adgd(0.1),
    "adgd(0.2, first_rate=0.001)": adgd(0.2, first=0.001),
    "adgd(0.05, first_rate=0.0005)": adgd(0.05, first=0.0005),
    "polyak": polyak(),
    "polyak(0.02, max_rate=0.05)": polyak(0.02, limit=0.05),
    "polyak(0.02, minimum=-1, max_rate=0.1)": polyak(0.02, minimum=-1.0, limit=0.1),
    "polyak(0.2, max_rate=0.002)": polyak(0.2, limit=0.002),
}
# With their defaults these dance around some minima, where rounding grows until it is the path.
PROBLEMS = {
    "adgd": ["quadratic", "least_squares"],
    "polyak": ["rosenbrock", "least_squares"],
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "rate_free.txt"), f"numpy {np.__version__}", RULES, PROBLEMS)
