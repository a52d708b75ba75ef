#!/usr/bin/env python3
"""Writes variance_reduced.txt: three epochs of svrg, saga and sarah over rows in order, from the papers' loops.

    python3 tests/golden/variance_reduced.py > tests/golden/variance_reduced.txt

The papers minimise (1/K) sum_j F_j(x) with all F_j alike. Here F_j = (K / n) (sum of the losses of group j) + |B_j| K / n
times the penalty, so that their mean is f = (1/n) sum_i l_i + lambda/2 ||x||^2 although the last group is smaller. x after
each epoch; rows are "t1 .. tp y".
"""
import sys
import numpy as np

rng = np.random.default_rng(11)
n, p = 23, 3
T = np.round(rng.normal(size=(n, p)) * [1, 2, 0.5], 3)
signs = np.where(rng.uniform(size=n) < 1 / (1 + np.exp(-(T @ [1.0, -0.7, 2.0]))), 1.0, -1.0)
reals = np.round(T @ [1.0, -0.7, 2.0] + 0.3 * rng.normal(size=n), 3)
penalty, start = 0.03, np.array([0.2, -0.1, 0.4])


def slopes(kind, score, y):
    return score - y if kind == "squares" else -y / (1 + np.exp(y * score))


def problem(kind, batch):
    y = reals if kind == "squares" else signs
    groups = [np.arange(first, min(first + batch, n)) for first in range(0, n, batch)]

    def gradient(j, x):  # of F_j
        rows = groups[j]
        data = T[rows].T @ slopes(kind, T[rows] @ x, y[rows])
        return len(groups) / n * (data + len(rows) * penalty * x)

    return gradient, len(groups)


def mean_gradient(gradient, K, x):
    return sum(gradient(j, x) for j in range(K)) / K


def svrg(gradient, K, rate, inner, epochs):
    x, path = start.copy(), []
    for epoch in range(epochs):
        if epoch % inner == 0:
            snapshot, mu = x.copy(), mean_gradient(gradient, K, x)
        for j in range(K):
            x = x - rate * (gradient(j, x) - gradient(j, snapshot) + mu)
        path.append(x)
    return path


def saga(gradient, K, rate, inner, epochs):
    x, path = start.copy(), []
    table = np.array([gradient(j, x) for j in range(K)])
    for _ in range(epochs):
        for j in range(K):
            new = gradient(j, x)
            x = x - rate * (new - table[j] + table.mean(axis=0))
            table[j] = new
        path.append(x)
    return path


def sarah(gradient, K, rate, inner, epochs):
    x, path = start.copy(), []
    for epoch in range(epochs):
        for j in range(K):
            if epoch % inner == 0 and j == 0:  # t = 0
                v = mean_gradient(gradient, K, x)
            else:
                v = gradient(j, x) - gradient(j, before) + v
            before, x = x, x - rate * v
        path.append(x)
    return path


numbers = lambda values: " ".join(repr(float(v)) for v in values)
print(f"# tests/golden/variance_reduced.py with python {sys.version.split()[0]}, numpy {np.__version__}")
for kind, y in (("squares", reals), ("logistic", signs)):
    for row, target in zip(T, y):
        print(f"row {kind} {numbers([*row, target])}")
print(f"penalty {penalty}")
print(f"start {numbers(start)}")
for kind in ("squares", "logistic"):
    for batch in (1, 5, 12):
        gradient, K = problem(kind, batch)
        for name, method, inner in (("svrg", svrg, 1), ("svrg", svrg, 2), ("saga", saga, 1), ("sarah", sarah, 1),
                                    ("sarah", sarah, 3)):
            for rate in (0.02, 0.11):
                for epoch, x in enumerate(method(gradient, K, rate, inner, 3)):
                    text = f"{name}({rate}" + (f",inner_epochs={inner})" if inner > 1 else ")")
                    print(f"x {kind} {batch} {text} {epoch + 1} {numbers(x)}")
