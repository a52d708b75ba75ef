"""numpy's time for P1 and P2 (gradient_descent_bench.cpp): best of a few runs, in milliseconds."""
import time

import numpy as np


def best(run, repeats):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return 1e3 * min(times)


rng = np.random.default_rng(0)
x = np.c_[np.ones(100), rng.normal(size=100)]
y = x @ [4.0, 3.0] + rng.normal(size=100)


def steps():
    w = np.zeros(2)
    for _ in range(100000):
        w = w - 0.01 * (x.T @ (x @ w - y)) / 100


print(f"P1 numpy, 100,000 steps: {best(steps, 3):.1f} ms")

x = rng.standard_normal((1000000, 100))
y = x @ rng.standard_normal(100)
w = np.full(100, 0.01)
print(f"P2 numpy, least squares, one pass: {best(lambda: x.T @ (x @ w - y), 5):.1f} ms")
z = (y > 0).astype(float)
print(f"P2 numpy, logistic, one pass: {best(lambda: x.T @ (1 / (1 + np.exp(-(x @ w))) - z), 5):.1f} ms")
