"""Writes special_functions.txt beside itself: functions of descent::math that no other file holds, by mpmath.

Lines: the function, its order or "-", x, the value to 17 digits. Points stay away from the functions' zeros, where no double has
relative accuracy. With --coefficients prints the tables of src/core/bessel.cpp instead.
"""
import pathlib
import random
import sys

import mpmath as mp

mp.mp.dps = 60
SPLIT = mp.mpf(8)  # series in x^2 up to here, modulus and phase beyond

FUNCTIONS = {
    "erfc": (lambda n, x: mp.erfc(x), [(-6, 6), (6, 26)]),
    "gamma": (lambda n, x: mp.gamma(x), [(1e-3, 3), (3, 171), (-160, 0)]),
    "lgamma": (lambda n, x: mp.log(abs(mp.gamma(x))), [(1e-3, 3), (3, 1e4), (1e4, 1e300), (-100, 0)]),
    "digamma": (lambda n, x: mp.digamma(x), [(1e-3, 3), (3, 100), (1e3, 1e15), (-40, 0)]),
    "trigamma": (lambda n, x: mp.polygamma(1, x), [(1e-3, 3), (3, 100), (1e3, 1e15), (-40, 0)]),
    "polygamma": (lambda n, x: mp.polygamma(n, x), [(1e-3, 3), (3, 100), (1e3, 1e5), (-10, 0)]),
    "j0": (lambda n, x: mp.besselj(0, x), [(-8, 8), (8, 100), (1e3, 1e6)]),
    "j1": (lambda n, x: mp.besselj(1, x), [(-8, 8), (8, 100), (1e3, 1e6)]),
    "jn": (lambda n, x: mp.besselj(n, x), [(-8, 8), (0, 1e-3), (8, 100)]),
    "y0": (lambda n, x: mp.bessely(0, x), [(1e-3, 8), (8, 100), (1e3, 1e6)]),
    "y1": (lambda n, x: mp.bessely(1, x), [(1e-3, 8), (8, 100), (1e3, 1e6)]),
}
ORDERS = {"polygamma": [0, 1, 2, 3, 4, 7, 20, 64], "jn": [-3, 0, 1, 2, 3, 5, 10, 30, 100]}


def near_zero(f, n, x, value):
    """Where an error of one ulp of x, or of a part of the value, is no longer small beside the value."""
    slope = mp.diff(lambda t: f(n, t), x, h=mp.mpf(10) ** -20)
    return abs(value) < mp.mpf("0.01") * abs(x * slope) or abs(value) < mp.mpf("1e-300")


def values():
    r = random.Random(5)
    lines = [f"# Python {sys.version.split()[0]}, mpmath {mp.__version__}, random seed 5"]
    for name, (f, ranges) in FUNCTIONS.items():
        for n in ORDERS.get(name, ["-"]):
            for low, high in ranges:
                count = 0
                while count < (12 if name in ORDERS else 60):
                    x = r.uniform(low, high) if high < 1e15 else 10 ** r.uniform(mp.log10(low), mp.log10(high))
                    value = f(n if n != "-" else 0, mp.mpf(x))
                    if name in ("j0", "j1", "y0", "y1") and abs(x) > 1:
                        bad = abs(value) < mp.mpf("0.05") * mp.sqrt(2 / (mp.pi * abs(x)))
                    elif name == "jn" and abs(x) > abs(n):
                        bad = abs(value) < mp.mpf("0.05") * mp.sqrt(2 / (mp.pi * abs(x)))
                    elif name in ("gamma", "erfc") or (name == "jn"):
                        bad = abs(value) < mp.mpf("1e-300")
                    else:
                        bad = near_zero(f, n if n != "-" else 0, mp.mpf(x), value) if x < 3 else False
                    count += 1
                    if not bad and abs(value) < mp.mpf("1e300"):
                        lines.append(f"{name} {n} {float(x)!r} {mp.nstr(value, 17, strip_zeros=False)}")
    return lines


def chebyshev(f, terms=40):
    """Coefficients c_k of f(t) = sum c_k T_k(t), -1 <= t <= 1, without the tail below 1e-18."""
    m = 96
    nodes = [mp.cos(mp.pi * (2 * j + 1) / (2 * m)) for j in range(m)]
    at = [f(t) for t in nodes]
    c = [2 / mp.mpf(m) * sum(at[j] * mp.cos(mp.pi * k * (2 * j + 1) / (2 * m)) for j in range(m)) for k in range(terms)]
    c[0] /= 2
    while abs(c[-1]) < mp.mpf("1e-18"):
        c.pop()
    return c


def tables():
    def small(g):
        return lambda t: g(mp.sqrt(SPLIT * SPLIT * (t + 1) / 2))

    def large(order, want_q):
        def g(t):
            z = mp.sqrt((t + 1) / 2)
            x = SPLIT / z
            chi = x - mp.pi * (2 * order + 1) / 4
            s = mp.sqrt(mp.pi * x / 2)
            j, y = mp.besselj(order, x), mp.bessely(order, x)
            if want_q:
                return s * (y * mp.cos(chi) - j * mp.sin(chi)) / z
            return s * (j * mp.cos(chi) + y * mp.sin(chi))
        return g

    j, y = mp.besselj, mp.bessely
    two_over_pi = 2 / mp.pi
    yield "kJ0", small(lambda x: j(0, x))
    yield "kJ1", small(lambda x: j(1, x) / x)
    yield "kY0", small(lambda x: y(0, x) - two_over_pi * mp.log(x) * j(0, x))
    yield "kY1", small(lambda x: (y(1, x) - two_over_pi * (mp.log(x) * j(1, x) - 1 / x)) / x)
    for order in (0, 1):
        yield f"kP{order}", large(order, False)
        yield f"kQ{order}", large(order, True)


if __name__ == "__main__":
    if "--coefficients" in sys.argv:
        for table, f in tables():
            print(f"constexpr double {table}[] = {{" + ", ".join(repr(float(c)) for c in chebyshev(f)) + "};")
    else:
        pathlib.Path(__file__).with_name("special_functions.txt").write_text("\n".join(values()) + "\n")
