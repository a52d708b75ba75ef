#!/usr/bin/python3
"""Writes draws.txt: what numpy's RandomState, Python's random and scikit-learn's generators draw, one value a line as C99 hex."""
import pathlib
import platform
import random

import numpy as np
import sklearn
from sklearn import datasets

lines = [f"# numpy {np.__version__}, Python {platform.python_version()}, scikit-learn {sklearn.__version__}"]


def put(name, values):
    values = [float(v) for v in values]
    lines.append(f"{name} {len(values)}")
    lines.extend(v.hex() for v in values)


for seed in (0, 42, 4294967295):
    put(f"numpy_uniform_{seed}", np.random.RandomState(seed).random_sample(700))
    put(f"numpy_normal_{seed}", np.random.RandomState(seed).standard_normal(2001))
    r = np.random.RandomState(seed)
    put(f"numpy_permutation_{seed}", np.concatenate([r.permutation(n) for n in (1, 2, 10, 257)]))
for seed in (0, 42, 2**40 + 7):
    r = random.Random(seed)
    put(f"python_uniform_{seed}", [r.random() for _ in range(700)])
    r = random.Random(seed)
    put(f"python_normal_{seed}", [r.gauss(0, 1) for _ in range(2001)])
    r = random.Random(seed)
    orders = []
    for n in (1, 2, 10, 257):
        order = list(range(n))
        r.shuffle(order)
        orders += order
    put(f"python_permutation_{seed}", orders)

np.random.seed(42)
x = 2 * np.random.rand(100, 1)
y = 4 + 3 * x + np.random.randn(100, 1)
put("line", np.concatenate([x, y]).ravel())
x, y = datasets.make_blobs(100, 2, centers=3, cluster_std=0.6, random_state=7)
put("blobs", np.column_stack([x, y]).T.ravel())
x, y = datasets.make_regression(50, 4, n_informative=2, noise=5.0, bias=1.5, random_state=3)
put("regression", np.column_stack([x, y]).T.ravel())
(pathlib.Path(__file__).parent / "draws.txt").write_text("\n".join(lines) + "\n")
