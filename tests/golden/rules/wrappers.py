#!/usr/bin/env python3
"""Writes wrappers.txt: what stands around rules, around rules of its own.

Averages keep every point and take the mean at the end, not a running one. Lookahead: Zhang et al. 2019, algorithm 1.
Gradient noise: Neelakantan et al. 2015; its normal numbers from Philox4x32-10 (Salmon et al. 2011, section 3.3) with the
layout of descent/core/random.hpp, written anew here. Adaptive clipping: Brock et al. 2021, eq. 3. Centralisation: Yong
et al. 2020, eq. 1. Block clipping: optax 0.2.8, clip_by_block_rms. Accumulation: optax 0.2.8, MultiSteps.
"""
import math
import os

import numpy as np

from problems import write


def sgd(r):
    return lambda problem: lambda x, g, k: r * g


def momentum(r, b):
    def make(problem):
        v = np.zeros(len(problem.start()))

        def move(x, g, k):
            nonlocal v
            v = b * v + g
            return r * v
        return move
    return make


def adam(r, b1=0.9, b2=0.999, eps=1e-8):
    def make(problem):
        m = np.zeros(len(problem.start()))
        v = m.copy()

        def move(x, g, k):
            nonlocal m, v
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g * g
            return r * (m / (1 - b1 ** (k + 1))) / (np.sqrt(v / (1 - b2 ** (k + 1))) + eps)
        return move
    return make


def plain(inner, change=lambda problem, x, g, k: g):
    """x - inner(change(g))"""
    def make(problem):
        move = inner(problem)
        return lambda x, g, value, k: np.array(x) - move(np.array(x), change(problem, np.array(x), np.array(g), k), k)
    return make


def averaged(inner, weights):
    """weights(t) for t = the number of points: what each of x_1 .. x_t counts; their weighted mean is the solution."""
    def make(problem):
        move, points = inner(problem), []

        def step(x, g, value, k):
            x = np.array(x)
            points.append(x - move(x, np.array(g), k))
            return points[-1]

        def solution(x):
            w = weights(len(points))
            return sum(wi * p for wi, p in zip(w, points)) / sum(w) if sum(w) else points[-1]
        step.solution = solution
        return step
    return make


def mean_from(start, every=1):
    return lambda t: [1.0 if i > start and (i - start) % every == 0 else 0.0 for i in range(1, t + 1)]


def decaying(d):
    """x_1 counts d^(t-1), x_i (1 - d) d^(t-i)."""
    return lambda t: [d ** (t - 1) if i == 1 else (1 - d) * d ** (t - i) for i in range(1, t + 1)]


def lookahead(inner, period, a):
    def make(problem):
        move = inner(problem)
        slow = np.array(problem.start())

        def step(x, g, value, k):
            nonlocal slow
            x = np.array(x)
            fast = x - move(x, np.array(g), k)
            if (k + 1) % period:
                return fast
            slow = slow + a * (fast - slow)
            return slow
        step.solution = lambda x: slow
        return step
    return make


def accumulate(inner, count):
    def make(problem):
        move, seen, steps = inner(problem), [], 0

        def step(x, g, value, k):
            nonlocal steps
            seen.append(np.array(g))
            if len(seen) < count:
                return x
            mean = sum(seen) / count
            seen.clear()
            steps += 1
            return np.array(x) - move(np.array(x), mean, steps - 1)
        return step
    return make


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def normal(seed, stream, substream, index):
    w = philox([index & 0xFFFFFFFF, index >> 32, substream, stream], [seed & 0xFFFFFFFF, seed >> 32])
    u = (((w[1] << 32 | w[0]) >> 11) + 1) * 2.0 ** -53
    v = ((w[3] << 32 | w[2]) >> 11) * 2.0 ** -53
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


def noise(eta, gamma=0.55, seed=0):
    def change(problem, x, g, k):
        deviation = math.sqrt(eta / (1 + k) ** gamma)
        return np.array([gi + deviation * normal(seed, 4, k, i) for i, gi in enumerate(g)])
    return change


def blocks(problem):
    """(slice, shape) of every block."""
    at = 0
    for _, rows, columns in problem.blocks:
        yield slice(at, at + rows * columns), (rows, columns)
        at += rows * columns


def block_norm(limit):
    def change(problem, x, g, k):
        g = g.copy()
        for s, _ in blocks(problem):
            g[s] *= min(1.0, limit / max(np.linalg.norm(g[s]), 1e-300))
        return g
    return change


def block_rms(limit):
    def change(problem, x, g, k):
        g = g.copy()
        for s, _ in blocks(problem):
            g[s] /= max(1.0, math.sqrt(np.mean(g[s] ** 2)) / limit)
        return g
    return change


def adaptive(ratio, eps=1e-3):
    def change(problem, x, g, k):
        g = g.copy()
        for s, (rows, columns) in blocks(problem):
            shape = (rows, columns) if columns > 1 else (1, rows)
            gs, xs = g[s].reshape(shape), x[s].reshape(shape)
            norm = np.linalg.norm(gs, axis=1, keepdims=True)
            limit = ratio * np.maximum(np.linalg.norm(xs, axis=1, keepdims=True), eps)
            g[s] = np.where(norm > limit, limit * gs / np.maximum(norm, 1e-300), gs).reshape(-1)
        return g
    return change


def central(problem, x, g, k):
    g = g.copy()
    for s, (rows, columns) in blocks(problem):
        if columns > 1:
            m = g[s].reshape(rows, columns)
            g[s] = (m - m.mean(axis=1, keepdims=True)).reshape(-1)
    return g


def unit(problem, x, g, k):
    return g / np.linalg.norm(g)


def frozen(name):
    def change(problem, x, g, k):
        g = g.copy()
        for (s, _), (block, _, _) in zip(blocks(problem), problem.blocks):
            if block == name:
                g[s] = 0.0
        return g
    return change


def frozen_at_end(inner, name):
    def make(problem):
        move = inner(problem)

        def step(x, g, value, k):
            return np.array(x) - frozen(name)(problem, None, move(np.array(x), np.array(g), k), k)
        return step
    return make


RULES = {
    "sgd(0.002) | polyak_average": averaged(sgd(0.002), mean_from(0)),
    "momentum(0.001) | polyak_average(20)": averaged(momentum(0.001, 0.9), mean_from(20)),
    "adam(0.02) | polyak_average(3)": averaged(adam(0.02), mean_from(3)),
    "sgd(0.002) | ema_average(0.9)": averaged(sgd(0.002), decaying(0.9)),
    "momentum(0.001) | ema_average(0.5)": averaged(momentum(0.001, 0.9), decaying(0.5)),
    "adam(0.02) | ema_average": averaged(adam(0.02), decaying(0.999)),
    "sgd(0.002) | swa(0, every=10)": averaged(sgd(0.002), mean_from(0, 10)),
    "momentum(0.001) | swa(20, every=7)": averaged(momentum(0.001, 0.9), mean_from(20, 7)),
    "adam(0.02) | swa(5)": averaged(adam(0.02), mean_from(5)),
    "sgd(0.002) | lookahead": lookahead(sgd(0.002), 5, 0.5),
    "momentum(0.001) | lookahead(3, slow_step=0.8)": lookahead(momentum(0.001, 0.9), 3, 0.8),
    "adam(0.02) | lookahead(10, slow_step=0.3)": lookahead(adam(0.02), 10, 0.3),
    "accumulate(2) | sgd(0.002)": accumulate(sgd(0.002), 2),
    "accumulate(5) | momentum(0.001)": accumulate(momentum(0.001, 0.9), 5),
    "accumulate(3) | adam(0.02)": accumulate(adam(0.02), 3),
    "add_noise | sgd(0.002)": plain(sgd(0.002), noise(0.01)),
    "add_noise(eta=0.3, gamma=1, seed=7) | momentum(0.001)": plain(momentum(0.001, 0.9), noise(0.3, 1.0, 7)),
    "add_noise(eta=1, gamma=0, seed=4294967299) | adam(0.02)": plain(adam(0.02), noise(1.0, 0.0, 4294967299)),
    "clip_by_block_norm(1) | sgd(0.01)": plain(sgd(0.01), block_norm(1.0)),
    "clip_by_block_norm(0.3) | momentum(0.01)": plain(momentum(0.01, 0.9), block_norm(0.3)),
    "clip_by_block_norm(5) | adam(0.02)": plain(adam(0.02), block_norm(5.0)),
    "clip_by_block_rms(1) | sgd(0.01)": plain(sgd(0.01), block_rms(1.0)),
    "clip_by_block_rms(0.2) | momentum(0.01)": plain(momentum(0.01, 0.9), block_rms(0.2)),
    "clip_by_block_rms(3) | adam(0.02)": plain(adam(0.02), block_rms(3.0)),
    "adaptive_clip | sgd(0.1)": plain(sgd(0.1), adaptive(0.01)),
    "adaptive_clip(0.2) | momentum(0.01)": plain(momentum(0.01, 0.9), adaptive(0.2)),
    "adaptive_clip(1, epsilon=0.5) | adam(0.02)": plain(adam(0.02), adaptive(1.0, 0.5)),
    "centralize | sgd(0.01)": plain(sgd(0.01), central),
    "centralize | momentum(0.002)": plain(momentum(0.002, 0.9), central),
    "centralize | adam(0.02)": plain(adam(0.02), central),
    "normalize | sgd(0.01)": plain(sgd(0.01), unit),
    "normalize | momentum(0.003)": plain(momentum(0.003, 0.9), unit),
    "normalize | adam(0.005)": plain(adam(0.005), unit),
    "freeze(b) | momentum(0.002)": plain(momentum(0.002, 0.9), frozen("b")),
    "freeze(W) | adam(0.02)": plain(adam(0.02), frozen("W")),
    "adam(0.02) | freeze(W)": frozen_at_end(adam(0.02), "W"),
    # Where every gradient is finite, these change nothing; what they do elsewhere is in tests/optim/averaging_test.cpp.
    "zero_nans | sgd(0.002)": plain(sgd(0.002)),
    "zero_nans | momentum(0.001)": plain(momentum(0.001, 0.9)),
    "zero_nans | adam(0.02)": plain(adam(0.02)),
    "skip_if_not_finite | sgd(0.002)": plain(sgd(0.002)),
    "skip_if_not_finite(3) | momentum(0.001)": plain(momentum(0.001, 0.9)),
    "skip_if_not_finite(1) | adam(0.02)": plain(adam(0.02)),
}
MATRIX = {text: ["matrix"] for text in RULES if text.startswith("centralize") or "freeze" in text}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "wrappers.txt"), f"the papers' formulas; numpy {np.__version__}", RULES, MATRIX)
