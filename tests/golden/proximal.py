#!/usr/bin/env python3
"""Writes proximal.txt: minima with kinks and walls, by scikit-learn, SciPy and, for the simplex, by enumeration of faces.

    python3 tests/golden/proximal.py > tests/golden/proximal.txt

f(x) = ||A x - b||^2 / 2. lasso and elastic_net: sklearn.linear_model by coordinate descent with tol 1e-16 (its objective is
divided by n), then its signs' linear system, since it ends with 8 digits. nonnegative: scipy.optimize.nnls. simplex and l1_ball: the least f among the stationary points of all faces, which
are solutions of linear systems.
"""
import itertools, sys
import numpy as np, scipy, sklearn
from scipy.optimize import nnls
from sklearn.linear_model import ElasticNet, Lasso

rng = np.random.default_rng(7)
n, p = 20, 5
A = np.round(rng.normal(size=(n, p)) * [1, 2, 0.5, 1, 3], 3)
b = np.round(A @ [1.5, 0, -2, 0.3, 0] + 0.5 * rng.normal(size=n), 3)
f = lambda x: 0.5 * np.sum((A @ x - b) ** 2)
tight = dict(fit_intercept=False, tol=1e-16, max_iter=10**6)


def on_simplex(total):
    best = None
    for size in range(1, p + 1):
        for face in itertools.combinations(range(p), size):
            columns = A[:, face]
            system = np.block([[columns.T @ columns, np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
            solution = np.linalg.solve(system, np.append(columns.T @ b, total))[:size]
            x = np.zeros(p)
            x[list(face)] = solution
            if solution.min() >= 0 and (best is None or f(x) < f(best)):
                best = x
    return best


def in_l1_ball(radius):
    free = np.linalg.lstsq(A, b, rcond=None)[0]
    best = free if np.abs(free).sum() <= radius else None
    for size in range(1, p + 1):
        for face in itertools.combinations(range(p), size):
            for signs in itertools.product([-1.0, 1.0], repeat=size):
                columns, s = A[:, face], np.array(signs).reshape(-1, 1)
                system = np.block([[columns.T @ columns, s], [s.T, np.zeros((1, 1))]])
                solution = np.linalg.solve(system, np.append(columns.T @ b, radius))[:size]
                x = np.zeros(p)
                x[list(face)] = solution
                if (solution * np.array(signs)).min() >= 0 and (best is None or f(x) < f(best)):
                    best = x
    return best


def exact(x, l1, l2):
    """The stationary point with x's signs."""
    face = np.flatnonzero(x)
    columns = A[:, face]
    solution = np.zeros(p)
    solution[face] = np.linalg.solve(columns.T @ columns + l2 * np.eye(len(face)), columns.T @ b - l1 * np.sign(x[face]))
    assert np.all(np.sign(solution) == np.sign(x)) and np.abs(solution - x).max() < 1e-6
    gradient = A.T @ (A @ solution - b) + l2 * solution
    assert np.all(np.abs(gradient) <= l1 * (1 + 1e-12))
    return solution


cases = {
    "l1(6)": exact(Lasso(alpha=6 / n, **tight).fit(A, b).coef_, 6, 0),
    "l1(0.5)": exact(Lasso(alpha=0.5 / n, **tight).fit(A, b).coef_, 0.5, 0),
    "elastic_net(4, ratio=0.25)": exact(ElasticNet(alpha=4 / n, l1_ratio=0.25, **tight).fit(A, b).coef_, 1, 3),
    "nonnegative": nnls(A, b)[0],
    "simplex(total=2)": on_simplex(2.0),
    "l1_ball(radius=1.5)": in_l1_ball(1.5),
}
print(f"# tests/golden/proximal.py with python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, "
      f"scikit-learn {sklearn.__version__}")
for row, value in zip(A, b):
    print("row", *map(repr, map(float, row)), repr(float(value)))
for term, x in cases.items():
    print("case", term.replace(" ", ""), *map(repr, map(float, x)))
