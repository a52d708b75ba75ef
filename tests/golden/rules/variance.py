#!/usr/bin/env python3
"""Writes variance.txt: Adam's kin, written from the papers and read beside their authors' programs.

AdaBelief: Zhuang et al. 2020, algorithm 2; epsilon_root as in optax 0.2.8 (scale_by_belief).
Yogi: Zaheer et al. 2018, algorithm 2; corrected as in optax 0.2.8 (scale_by_yogi), plain as in ensmallen 3.11
(yogi_update.hpp).
Adan: sail-sg/Adan, adan.py (single tensor; no_prox is `decoupled`).
AdEMAMix: apple/ml-ademamix, pytorch/ademamix.py; its schedule of beta3 from the paper, without the program's 1e-8.
ADOPT: iShohei220/adopt, adopt.py since clip_lambda (decouple=True).
Bias corrections stand where the papers have them: m / (1 - beta1^t), v / (1 - beta2^t).
"""
import math
import os

import numpy as np

from problems import write


def rule(slots, update):
    """update(state, x, g, t) -> direction and new x; state holds `slots` vectors of zeros by name."""
    def make(problem):
        n = len(problem.start())
        state = {name: np.full(n, value) for name, value in slots.items()}

        def step(x, g, value, k):
            return update(state, np.array(x), np.array(g), k + 1)
        return step
    return make


def adabelief(r, b1=0.9, b2=0.999, eps=1e-16, eps_root=1e-16, decay=0.0):
    def update(s, x, g, t):
        s["m"] = b1 * s["m"] + (1 - b1) * g
        s["s"] = b2 * s["s"] + (1 - b2) * (g - s["m"]) ** 2 + eps_root
        d = (s["m"] / (1 - b1 ** t)) / (np.sqrt(s["s"] / (1 - b2 ** t)) + eps)
        return x - r * (d + decay * x)
    return rule({"m": 0.0, "s": 0.0}, update)


def yogi(r, b1=0.9, b2=0.999, eps=1e-3, start=1e-6, corrected=True, decay=0.0):
    def update(s, x, g, t):
        s["m"] = b1 * s["m"] + (1 - b1) * g
        s["v"] = s["v"] - (1 - b2) * np.sign(s["v"] - g ** 2) * g ** 2
        m, v = s["m"], s["v"]
        if corrected:
            m, v = m / (1 - b1 ** t), v / (1 - b2 ** t)
        return x - r * (m / (np.sqrt(v) + eps) + decay * x)
    return rule({"m": start if corrected else 0.0, "v": start if corrected else 0.0}, update)


def adan(r, b1=0.98, b2=0.92, b3=0.99, eps=1e-8, decay=0.0, proximal=True):
    def update(s, x, g, t):
        diff = g - (g if t == 1 else s["g"])
        s["g"] = g
        s["m"] = b1 * s["m"] + (1 - b1) * g
        s["v"] = b2 * s["v"] + (1 - b2) * diff
        s["n"] = b3 * s["n"] + (1 - b3) * (g + b2 * diff) ** 2
        denom = np.sqrt(s["n"]) / math.sqrt(1 - b3 ** t) + eps
        if not proximal:
            x = x * (1 - r * decay)
        x = x - r / (1 - b1 ** t) * s["m"] / denom - r * b2 / (1 - b2 ** t) * s["v"] / denom
        return x / (1 + r * decay) if proximal else x
    return rule({"m": 0.0, "v": 0.0, "n": 0.0, "g": 0.0}, update)


def ademamix(r, b1=0.9, b2=0.999, b3=0.9999, alpha=5.0, eps=1e-8, alpha_steps=0, b3_steps=0, decay=0.0):
    def update(s, x, g, t):
        a, b = alpha, b3
        if alpha_steps:
            a = min(t * alpha / alpha_steps, alpha)
        if b3_steps:
            part = t / b3_steps
            start, end = math.log(b1), math.log(b3)
            if part < 1:
                b = min(math.exp(start * end / ((1 - part) * end + part * start)), b3)
        s["fast"] = b1 * s["fast"] + (1 - b1) * g
        s["slow"] = b * s["slow"] + (1 - b) * g
        s["v"] = b2 * s["v"] + (1 - b2) * g * g
        d = (s["fast"] / (1 - b1 ** t) + a * s["slow"]) / (np.sqrt(s["v"] / (1 - b2 ** t)) + eps)
        return x - r * (d + decay * x)
    return rule({"fast": 0.0, "slow": 0.0, "v": 0.0}, update)


def adopt(r, b1=0.9, b2=0.9999, eps=1e-6, clips=True, decay=0.0):
    def update(s, x, g, t):
        if t == 1:
            s["v"] = g * g
            return x
        x = x * (1 - r * decay)
        n = g / np.maximum(np.sqrt(s["v"]), eps)
        if clips:
            n = np.clip(n, -(t - 1) ** 0.25, (t - 1) ** 0.25)
        s["m"] = b1 * s["m"] + (1 - b1) * n
        s["v"] = b2 * s["v"] + (1 - b2) * g * g
        return x - r * s["m"]
    return rule({"m": 0.0, "v": 0.0}, update)


RULES = {
    "adabelief(0.01)": adabelief(0.01),
    "adabelief(0.01, beta1=0.8, beta2=0.99, epsilon=1e-8, epsilon_root=1e-8)":
        adabelief(0.01, 0.8, 0.99, 1e-8, 1e-8),
    "adabelief(0.02, epsilon=0.001, epsilon_root=0, weight_decay=0.1)": adabelief(0.02, eps=1e-3, eps_root=0.0, decay=0.1),
    "yogi(0.01)": yogi(0.01),
    "yogi(0.02, beta1=0.8, beta2=0.95, epsilon=0.01, initial_accumulator=0.5)": yogi(0.02, 0.8, 0.95, 0.01, 0.5),
    "yogi(0.001, epsilon=1e-8, form=plain)": yogi(0.001, eps=1e-8, corrected=False),
    "yogi(0.002, beta2=0.9, form=plain, weight_decay=0.1)": yogi(0.002, b2=0.9, corrected=False, decay=0.1),
    "adan(0.01)": adan(0.01),
    "adan(0.005, beta1=0.9, beta2=0.8, beta3=0.95, epsilon=0.1, weight_decay=0.1)":
        adan(0.005, 0.9, 0.8, 0.95, 0.1, 0.1),
    "adan(0.003, beta1=0.9, beta2=0.8, beta3=0.95, epsilon=0.1, weight_decay=0.5)":
        adan(0.003, 0.9, 0.8, 0.95, 0.1, 0.5),
    "adan(0.002, epsilon=0.1, weight_decay=0.02)": adan(0.002, eps=0.1, decay=0.02),
    "adan(0.02, weight_decay=0.2, decay=decoupled)": adan(0.02, decay=0.2, proximal=False),
    "ademamix(0.002)": ademamix(0.002),
    "ademamix(0.005, beta1=0.8, beta2=0.99, beta3=0.99, alpha=2, epsilon=1e-6, weight_decay=0.1)":
        ademamix(0.005, 0.8, 0.99, 0.99, 2.0, 1e-6, decay=0.1),
    "ademamix(0.003, beta3=0.999, alpha_warm_up=60, beta3_warm_up=40)":
        ademamix(0.003, b3=0.999, alpha_steps=60, b3_steps=40),
    "adopt(0.01)": adopt(0.01),
    "adopt(0.01, beta1=0.8, beta2=0.95, epsilon=0.001, clipping=none)": adopt(0.01, 0.8, 0.95, 1e-3, False),
    "adopt(0.02, beta2=0.99, weight_decay=0.1)": adopt(0.02, b2=0.99, decay=0.1),
    "add_decayed_weights(0.1) | adopt(0.005)": None,
}


def coupled(make, decay):
    """L2 in the gradient, in front of any rule."""
    def made(problem):
        inner = make(problem)
        return lambda x, g, value, k: inner(x, np.array(g) + decay * np.array(x), value, k)
    return made


RULES["add_decayed_weights(0.1) | adopt(0.005)"] = coupled(adopt(0.005), 0.1)

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "variance.txt"), f"the papers and their authors' programs; numpy {np.__version__}", RULES)
