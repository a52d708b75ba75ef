#!/usr/bin/env python3
"""Writes matrix.txt: rules that see blocks, from the formulas of their papers and authors in numpy, in float64.

PyTorch 1.13 has none of them. adafactor and muon in torch's form follow torch.optim of PyTorch 2 (_adafactor.py,
_muon.py), with muon's iteration in float64 where torch rounds it to bfloat16.
"""
import os

import numpy as np

from problems import PROBLEMS, Layers, write


def rule(make_block):
    """A rule of problems.trajectory() from make_block(shape) -> step(x, g, t) -> new x, t = 1, 2, ...; blocks of one
    column are vectors."""
    def make_rule(problem):
        parts, at = [], 0
        for _, rows, columns in problem.blocks:
            shape = (rows, columns) if columns > 1 else (rows,)
            parts.append((slice(at, at + rows * columns), shape, make_block(shape)))
            at += rows * columns

        def step(x, g, value, k):
            x, g = np.array(x), np.array(g)
            out = x.copy()
            for where, shape, move in parts:
                out[where] = move(x[where].reshape(shape), g[where].reshape(shape), k + 1).reshape(-1)
            return out.tolist()
        return step
    return make_rule


def norm(a):
    return float(np.linalg.norm(a.reshape(-1)))


def lars(r, mu=0.9, wd=0.0, trust=0.001, eps=0.0, norm_of_sum=False, nesterov=False):
    def make(shape):
        v = np.zeros(shape)

        def step(x, g, t):
            decayed = g + wd * x
            below = norm(decayed) if norm_of_sum else norm(g) + wd * norm(x)
            local = trust * norm(x) / (below + eps)
            pulled = r * local * decayed
            v[...] = mu * v + pulled
            return x - (pulled + mu * v if nesterov else v)
        return step
    return rule(make)


class Adam:
    def __init__(self, shape, b1, b2, eps):
        self.m, self.v = np.zeros(shape), np.zeros(shape)
        self.b1, self.b2, self.eps = b1, b2, eps

    def direction(self, g, t):
        self.m += (1 - self.b1) * (g - self.m)
        self.v += (1 - self.b2) * (g * g - self.v)
        return self.m / (1 - self.b1 ** t) / (np.sqrt(self.v / (1 - self.b2 ** t)) + self.eps)


def lamb(r, wd=0.01, b1=0.9, b2=0.999, eps=1e-6):
    def make(shape):
        adam = Adam(shape, b1, b2, eps)

        def step(x, g, t):
            d = adam.direction(g, t) + wd * x
            return x - r * norm(x) / norm(d) * d
        return step
    return rule(make)


def trusted_sgd(r, trust, eps):
    """optax: scale_by_trust_ratio(trust_coefficient, eps)."""
    return rule(lambda shape: lambda x, g, t: x - r * (trust * norm(x) / (norm(g) + eps)) * g)


def torch_adafactor(lr=0.01, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, wd=0.0):
    eps1 = np.finfo(np.float64).eps if eps[0] is None else eps[0]

    def make(shape):
        if len(shape) == 2:
            row, col = np.zeros((shape[0], 1)), np.zeros((1, shape[1]))
        else:
            variance = np.zeros(shape)

        def step(p, g, t):
            one_minus_beta2 = float(t) ** beta2_decay
            rho = min(lr, 1 / t ** 0.5)
            alpha = max(eps[1], norm(p) / p.size ** 0.5) * rho
            p = p * (1 - lr * wd)
            if len(shape) == 2:
                row[...] += one_minus_beta2 * ((g * g).mean(axis=1, keepdims=True) - row)
                col[...] += one_minus_beta2 * ((g * g).mean(axis=0, keepdims=True) - col)
                estimate = row @ col / max(row.mean(), eps1)
            else:
                variance[...] += one_minus_beta2 * (g * g - variance)
                estimate = variance
            update = g / np.sqrt(np.maximum(estimate, eps1 * eps1))
            return p - alpha / max(1.0, norm(update) / (update.size ** 0.5 * d)) * update
        return step
    return rule(make)


def adafactor(r=0.01, c=0.8, eps1=1e-30, eps2=1e-3, d=1.0, wd=0.0, relative=True, scaled=True):
    """Algorithms 4 and 5 of the paper, with its sums; decay and the switches are ours."""
    def rms(a):
        return np.sqrt(np.mean(a * a))

    def make(shape):
        R, C = np.zeros(shape[0]), np.zeros(shape[-1])
        V = np.zeros(shape)

        def step(x, g, t):
            beta2 = 1 - t ** -c
            rho = min(r, 1 / np.sqrt(t)) if relative else r
            alpha = (max(eps2, rms(x)) if scaled else 1.0) * rho
            squares = g ** 2 + eps1
            if len(shape) == 2:
                R[...] = beta2 * R + (1 - beta2) * squares.sum(axis=1)
                C[...] = beta2 * C + (1 - beta2) * squares.sum(axis=0)
                v = np.outer(R, C) / R.sum()
            else:
                V[...] = beta2 * V + (1 - beta2) * squares
                v = V
            u = g / np.sqrt(v)
            u = u / max(1.0, rms(u) / d)
            return x - alpha * u - r * wd * x
        return step
    return rule(make)


def newton_schulz(G, steps, eps):
    """zeropower_via_newtonschulz5 of the author's code, in float64."""
    a, b, c = 3.4445, -4.7750, 2.0315
    X = G.T if G.shape[0] > G.shape[1] else G
    X = X / max(norm(X), eps)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X.T if G.shape[0] > G.shape[1] else X


def muon(lr, wd=0.1, mu=0.95, nesterov=True, steps=5, eps=1e-7, adjust="original", vectors=(0.9, 0.95, 1e-8)):
    def make(shape):
        adam = Adam(shape, *vectors)
        buf = np.zeros(shape)

        def step(p, g, t):
            if len(shape) == 1:
                return p * (1 - lr * wd) - lr * adam.direction(g, t)
            buf[...] += (1 - mu) * (g - buf)
            update = g + mu * (buf - g) if nesterov else buf
            A, B = shape
            ratio = np.sqrt(max(1, A / B)) if adjust == "original" else 0.2 * np.sqrt(max(A, B))
            return p * (1 - lr * wd) - lr * ratio * newton_schulz(update, steps, eps)
        return step
    return rule(make)


def soap(lr, wd=0.01, b1=0.95, b2=0.95, bf=0.95, eps=1e-8, frequency=10, largest=10000):
    """The authors' soap.py; the mean of gradients is kept in the original space and turned when needed, as in algorithm
    3. Decay before the move."""
    def make(shape):
        m, v = np.zeros(shape), np.zeros(shape)
        sides = [side for side, n in enumerate(shape) if len(shape) == 2 and n <= largest]
        GG, Q = {}, {}

        def gram(g, side):
            return g @ g.T if side == 0 else g.T @ g

        def turn(a, back=False):
            if 0 in sides:
                a = (Q[0] if back else Q[0].T) @ a
            if 1 in sides:
                a = a @ (Q[1].T if back else Q[1])
            return a

        def step(x, g, t):
            if t == 1:
                for side in sides:
                    GG[side] = (1 - bf) * gram(g, side)
                    Q[side] = np.flip(np.linalg.eigh(GG[side])[1], 1)
                return x
            n = t - 1
            seen = turn(g)
            m[...] += (1 - b1) * (g - m)
            v[...] += (1 - b2) * (seen * seen - v)
            u = turn(turn(m) / (np.sqrt(v) + eps), back=True)
            rate = lr * np.sqrt(1 - b2 ** n) / (1 - b1 ** n)
            x = x - rate * u - lr * wd * x
            for side in sides:
                GG[side] += (1 - bf) * (gram(g, side) - GG[side])
                if n % frequency == 0:
                    order = np.argsort(-np.einsum("ij,ij->j", Q[side], GG[side] @ Q[side]), kind="stable")
                    Q[side] = np.linalg.qr(GG[side] @ Q[side][:, order])[0]
                    v[...] = v[order, :] if side == 0 else v[:, order]
            return x
        return step
    return rule(make)


RULES = {
    "lars(2)": lars(2),
    "lars(2, momentum=0.8, weight_decay=0.01, trust_coefficient=0.002)": lars(2, 0.8, 0.01, 0.002),
    "lars(2, weight_decay=0.1, denominator=norm_of_sum)": lars(2, wd=0.1, norm_of_sum=True),
    "lars(2, momentum=0.5, epsilon=0.1, nesterov=true)": lars(2, 0.5, eps=0.1, nesterov=True),
    "lamb(0.005)": lamb(0.005),
    "lamb(0.01, weight_decay=0, epsilon=0.001)": lamb(0.01, wd=0.0, eps=1e-3),
    "lamb(0.003, weight_decay=0.2, beta1=0.8, beta2=0.95)": lamb(0.003, 0.2, 0.8, 0.95),
    "scale_by_trust_ratio(0.5, epsilon=0.01) | scale_by_learning_rate(0.01)": trusted_sgd(0.01, 0.5, 0.01),
    "torch.adafactor(0.004)": torch_adafactor(0.004),
    "torch.adafactor(0.005, weight_decay=0.1)": torch_adafactor(0.005, wd=0.1),
    "torch.adafactor(0.001, beta2_decay=0.5, epsilon2=0.01, clipping_threshold=2)":
        torch_adafactor(0.001, -0.5, (None, 0.01), 2.0),
    # A rate beyond 1 / sqrt(t), kept from dancing by an epsilon1 as large as the gradients.
    "torch.adafactor(0.5, beta2_decay=0.5, epsilon1=8, epsilon2=0.01, clipping_threshold=2)":
        torch_adafactor(0.5, -0.5, (8.0, 0.01), 2.0),
    "adafactor(0.3, beta2_decay=0.6, epsilon1=1000, epsilon2=0.1, clipping_threshold=1.5, weight_decay=0.1)":
        adafactor(0.3, 0.6, 1e3, 0.1, 1.5, 0.1),
    "torch.adafactor(0.02, epsilon1=0.5)": torch_adafactor(0.02, eps=(0.5, 1e-3)),
    "adafactor(0.004)": adafactor(0.004),
    "adafactor(0.004, beta2_decay=0.6, epsilon1=0.001, epsilon2=0.1, clipping_threshold=1.5, weight_decay=0.1)":
        adafactor(0.004, 0.6, 1e-3, 0.1, 1.5, 0.1),
    "adafactor(0.001, relative_step=false, scale_parameter=false)": adafactor(0.001, relative=False, scaled=False),
    "adafactor(0.02, epsilon1=0.25, epsilon_placement=clamp)": torch_adafactor(0.02, eps=(0.25, 1e-3)),
    "muon(0.01)": muon(0.01, adjust="match_rms_adamw"),
    "muon(0.005, weight_decay=0, momentum=0.9, nesterov=false, scaling=original)":
        muon(0.005, 0.0, 0.9, False),
    "muon(0.01, weight_decay=0.3, steps=3, epsilon=0.1, beta1=0.8, beta2=0.99, adam_epsilon=0.01)":
        muon(0.01, 0.3, steps=3, eps=0.1, adjust="match_rms_adamw", vectors=(0.8, 0.99, 0.01)),
    "scale_by_muon(momentum=0.8, scaling=original) | scale_by_learning_rate(0.004)": muon(0.004, 0.0, 0.8),
    "torch.muon(0.01)": muon(0.01),
    "torch.muon(0.005, weight_decay=0.3, momentum=0.9, nesterov=false)": muon(0.005, 0.3, 0.9, False),
    "torch.muon(0.02, steps=4, scaling=match_rms_adamw)": muon(0.02, steps=4, adjust="match_rms_adamw"),
    "soap(0.01, epsilon=0.1)": soap(0.01, eps=0.1),
    "soap(0.02, weight_decay=0.1, beta1=0.9, beta2=0.99, factor_beta=0.8, epsilon=0.5, precondition_frequency=1)":
        soap(0.02, 0.1, 0.9, 0.99, 0.8, 0.5, 1),
    "soap(0.01, weight_decay=0, epsilon=0.1, precondition_frequency=3, max_dimension=3)":
        soap(0.01, 0.0, eps=0.1, frequency=3, largest=3),
    "scale_by_soap(epsilon=0.2, precondition_frequency=7) | scale_by_learning_rate(0.02)":
        soap(0.02, 0.0, eps=0.2, frequency=7),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    only_matrices = {text: {"layers"} for text in RULES if text.startswith("torch.muon")}
    write(os.path.join(here, "matrix.txt"), f"numpy {np.__version__}", RULES, only_matrices,
          among=PROBLEMS + [Layers()])
