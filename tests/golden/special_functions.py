#!/usr/bin/env python3
"""Writes special_functions.txt: values by SciPy.

    python3 tests/golden/special_functions.py > tests/golden/special_functions.txt
"""
import sys
import numpy as np, scipy
from scipy import special as sp

print(f"# tests/golden/special_functions.py with python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}")
rng = np.random.default_rng(3)
right = np.concatenate([[1e-8, 0.1, 0.5, 1, 1.5, 2, 3.7, 9.99, 10, 25, 100, 170.5], rng.uniform(0.05, 30, 25)])
left = np.concatenate([[-0.5, -1.5, -2.25, -9.75, -20.5], rng.uniform(-15, -0.05, 15)])
everywhere = np.concatenate([right, left])
for name, f, points in [("erfc", sp.erfc, np.concatenate([np.linspace(-5, 26, 40)])), ("gamma", sp.gamma, everywhere),
                        ("lgamma", sp.gammaln, everywhere), ("digamma", sp.digamma, everywhere),
                        ("j0", sp.j0, np.linspace(-20, 20, 41)), ("j1", sp.j1, np.linspace(-20, 20, 41)),
                        ("y0", sp.y0, right), ("y1", sp.y1, right)]:
    for x in points:
        print(name, repr(float(x)), repr(float(f(x))))
for n in [1, 2, 3, 5, 10]:
    for x in right:
        print("polygamma", n, repr(float(x)), repr(float(sp.polygamma(n, x))))
