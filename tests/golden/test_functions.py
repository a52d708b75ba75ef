"""Writes test_functions.txt beside itself: the problems of More, Garbow and Hillstrom, transcribed once more.

Straight from the paper (ACM TOMS 7(1), 1981), with mpmath's numbers of 60 digits. Lines:

    problem TEXT n m
    start x ...                   the paper's standard start
    residuals r ...               there; then `scaled r ...`, at ten times the start (ten in every place for a start of 0)
    minimum f x ...               the paper's minima, best first, polished by Newton's method; digits of a double
    minimum f                     one that is only approached, as x goes to infinity along a curve

Two misprints of the paper are put right, as its authors' program has it: gulf's exponent is |y_i - x2|^x3 / x1, "m i" being
a misread minus sign, and its y_i = 25 + (-50 log t_i)^(2/3).
"""
import pathlib

import mpmath
from mpmath import mp

mp.dps = 60

BARD = ".14 .18 .22 .25 .29 .32 .35 .39 .37 .58 .73 .96 1.34 2.10 4.39"
GAUSSIAN = ".0009 .0044 .0175 .0540 .1295 .2420 .3521 .3989 .3521 .2420 .1295 .0540 .0175 .0044 .0009"
MEYER = "34780 28610 23650 19630 16370 13720 11540 9744 8261 7030 6005 5147 4427 3820 3307 2872"
KOWALIK_Y = ".1957 .1947 .1735 .1600 .0844 .0627 .0456 .0342 .0323 .0235 .0246"
KOWALIK_U = "4 2 1 .5 .25 .167 .125 .1 .0833 .0714 .0625"
OSBORNE_1 = (".844 .908 .932 .936 .925 .908 .881 .850 .818 .784 .751 .718 .685 .658 .628 .603 .580 .558 .538 .522 .506 "
             ".490 .478 .467 .457 .448 .438 .431 .424 .420 .414 .411 .406")
OSBORNE_2 = ("1.366 1.191 1.112 1.013 .991 .885 .831 .847 .786 .725 .746 .679 .608 .655 .616 .606 .602 .626 .651 .724 "
             ".649 .649 .694 .644 .624 .661 .612 .558 .533 .495 .500 .423 .395 .375 .372 .391 .396 .405 .428 .429 .523 "
             ".562 .607 .653 .672 .708 .633 .668 .645 .632 .591 .559 .597 .625 .739 .710 .729 .720 .636 .581 .428 .292 "
             ".162 .098 .054")


def data(c, text):
    return [c.mpf(word) for word in text.split()]


def rosenbrock(c, x):
    return [10 * (x[1] - x[0]**2), 1 - x[0]]


def freudenstein_roth(c, x):
    return [-13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1], -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1]]


def powell_badly_scaled(c, x):
    return [10000 * x[0] * x[1] - 1, c.exp(-x[0]) + c.exp(-x[1]) - c.mpf("1.0001")]


def brown_badly_scaled(c, x):
    return [x[0] - 1000000, x[1] - 2 / c.mpf(1000000), x[0] * x[1] - 2]


def beale(c, x):
    return [c.mpf(y) - x[0] * (1 - x[1]**i) for i, y in enumerate(["1.5", "2.25", "2.625"], 1)]


def jennrich_sampson(c, x):
    return [2 + 2 * i - (c.exp(i * x[0]) + c.exp(i * x[1])) for i in range(1, 11)]


def helical_valley(c, x):
    theta = c.atan(x[1] / x[0]) / (2 * c.pi) + (c.mpf("0.5") if x[0] < 0 else 0)
    return [10 * (x[2] - 10 * theta), 10 * (c.sqrt(x[0]**2 + x[1]**2) - 1), x[2]]


def bard(c, x):
    return [y - (x[0] + u / ((16 - u) * x[1] + min(u, 16 - u) * x[2])) for u, y in enumerate(data(c, BARD), 1)]


def gaussian(c, x):
    return [x[0] * c.exp(-x[1] * (c.mpf(8 - i) / 2 - x[2])**2 / 2) - y for i, y in enumerate(data(c, GAUSSIAN), 1)]


def meyer(c, x):
    return [x[0] * c.exp(x[1] / (45 + 5 * i + x[2])) - y for i, y in enumerate(data(c, MEYER), 1)]


def gulf(c, x):
    result = []
    for i in range(1, 100):
        t = c.mpf(i) / 100
        y = 25 + (-50 * c.log(t))**(c.mpf(2) / 3)
        result.append(c.exp(-abs(y - x[1])**x[2] / x[0]) - t)
    return result


def box_3d(c, x):
    t = [c.mpf(i) / 10 for i in range(1, 11)]
    return [c.exp(-s * x[0]) - c.exp(-s * x[1]) - x[2] * (c.exp(-s) - c.exp(-10 * s)) for s in t]


def powell_singular(c, x):
    return [x[0] + 10 * x[1], c.sqrt(5) * (x[2] - x[3]), (x[1] - 2 * x[2])**2, c.sqrt(10) * (x[0] - x[3])**2]


def wood(c, x):
    return [10 * (x[1] - x[0]**2), 1 - x[0], c.sqrt(90) * (x[3] - x[2]**2), 1 - x[2],
            c.sqrt(10) * (x[1] + x[3] - 2), (x[1] - x[3]) / c.sqrt(10)]


def kowalik_osborne(c, x):
    return [y - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])
            for y, u in zip(data(c, KOWALIK_Y), data(c, KOWALIK_U))]


def brown_dennis(c, x):
    t = [c.mpf(i) / 5 for i in range(1, 21)]
    return [(x[0] + s * x[1] - c.exp(s))**2 + (x[2] + x[3] * c.sin(s) - c.cos(s))**2 for s in t]


def osborne_1(c, x):
    return [y - (x[0] + x[1] * c.exp(-10 * i * x[3]) + x[2] * c.exp(-10 * i * x[4]))
            for i, y in enumerate(data(c, OSBORNE_1))]


def biggs_exp6(c, x):
    result = []
    for i in range(1, 14):
        t = c.mpf(i) / 10
        y = c.exp(-t) - 5 * c.exp(-10 * t) + 3 * c.exp(-4 * t)
        result.append(x[2] * c.exp(-t * x[0]) - x[3] * c.exp(-t * x[1]) + x[5] * c.exp(-t * x[4]) - y)
    return result


def osborne_2(c, x):
    result = []
    for i, y in enumerate(data(c, OSBORNE_2)):
        t = c.mpf(i) / 10
        result.append(y - (x[0] * c.exp(-t * x[4]) + x[1] * c.exp(-(t - x[8])**2 * x[5])
                           + x[2] * c.exp(-(t - x[9])**2 * x[6]) + x[3] * c.exp(-(t - x[10])**2 * x[7])))
    return result


def watson(c, x):
    result = []
    for i in range(1, 30):
        t = c.mpf(i) / 29
        slope = sum((j - 1) * x[j - 1] * t**(j - 2) for j in range(2, len(x) + 1))
        result.append(slope - sum(x[j - 1] * t**(j - 1) for j in range(1, len(x) + 1))**2 - 1)
    return result + [x[0], x[1] - x[0]**2 - 1]


def extended_rosenbrock(c, x):
    return [r for k in range(0, len(x), 2) for r in rosenbrock(c, x[k:k + 2])]


def extended_powell_singular(c, x):
    return [r for k in range(0, len(x), 4) for r in powell_singular(c, x[k:k + 4])]


def penalty_1(c, x):
    root = c.sqrt(c.mpf("1e-5"))
    return [root * (v - 1) for v in x] + [sum(v**2 for v in x) - c.mpf("0.25")]


def penalty_2(c, x):
    n, root = len(x), c.sqrt(c.mpf("1e-5"))
    y = lambda i: c.exp(c.mpf(i) / 10) + c.exp(c.mpf(i - 1) / 10)
    result = [x[0] - c.mpf("0.2")]
    result += [root * (c.exp(x[i - 1] / 10) + c.exp(x[i - 2] / 10) - y(i)) for i in range(2, n + 1)]
    result += [root * (c.exp(x[i - n] / 10) - c.exp(-c.mpf(1) / 10)) for i in range(n + 1, 2 * n)]
    return result + [sum((n - j + 1) * x[j - 1]**2 for j in range(1, n + 1)) - 1]


def variably_dimensioned(c, x):
    total = sum(j * (v - 1) for j, v in enumerate(x, 1))
    return [v - 1 for v in x] + [total, total**2]


def trigonometric(c, x):
    total = sum(c.cos(v) for v in x)
    return [len(x) - total + i * (1 - c.cos(v)) - c.sin(v) for i, v in enumerate(x, 1)]


def brown_almost_linear(c, x):
    product = c.mpf(1)
    for v in x:
        product *= v
    return [v + sum(x) - (len(x) + 1) for v in x[:-1]] + [product - 1]


def discrete_boundary_value(c, x):
    n = len(x)
    h = c.mpf(1) / (n + 1)
    at = lambda i: x[i - 1] if 1 <= i <= n else 0
    return [2 * at(i) - at(i - 1) - at(i + 1) + h**2 * (at(i) + i * h + 1)**3 / 2 for i in range(1, n + 1)]


def discrete_integral_equation(c, x):
    n = len(x)
    h = c.mpf(1) / (n + 1)
    cube = lambda j: (x[j - 1] + j * h + 1)**3
    return [x[i - 1] + h * ((1 - i * h) * sum(j * h * cube(j) for j in range(1, i + 1))
                            + i * h * sum((1 - j * h) * cube(j) for j in range(i + 1, n + 1))) / 2
            for i in range(1, n + 1)]


def broyden_tridiagonal(c, x):
    n = len(x)
    at = lambda i: x[i - 1] if 1 <= i <= n else 0
    return [(3 - 2 * at(i)) * at(i) - at(i - 1) - 2 * at(i + 1) + 1 for i in range(1, n + 1)]


def broyden_banded(c, x):
    n = len(x)
    return [x[i - 1] * (2 + 5 * x[i - 1]**2) + 1
            - sum(x[j - 1] * (1 + x[j - 1]) for j in range(max(1, i - 5), min(n, i + 1) + 1) if j != i)
            for i in range(1, n + 1)]


def linear_full_rank(c, x):
    n, m = len(x), 2 * len(x)
    return [(x[i] if i < n else 0) - 2 * sum(x) / c.mpf(m) - 1 for i in range(m)]


def linear_rank_1(c, x):
    return [i * sum(j * v for j, v in enumerate(x, 1)) - 1 for i in range(1, 2 * len(x) + 1)]


def linear_rank_1_zeros(c, x):
    n, m = len(x), 2 * len(x)
    total = sum(j * x[j - 1] for j in range(2, n))
    return [-c.mpf(1)] + [(i - 1) * total - 1 for i in range(2, m)] + [-c.mpf(1)]


def chebyquad(c, x):
    result = []
    for i in range(1, len(x) + 1):
        total = 0
        for v in x:
            before, now = 1, 2 * v - 1
            for _ in range(i - 1):
                before, now = now, 2 * (2 * v - 1) * now - before
            total += now
        result.append(total / len(x) + (c.mpf(1) / (i * i - 1) if i % 2 == 0 else 0))
    return result


def starts(c, name, n):
    q = lambda text: data(c, text)
    fixed = {"rosenbrock": "-1.2 1", "freudenstein_roth": ".5 -2", "powell_badly_scaled": "0 1", "brown_badly_scaled": "1 1",
             "beale": "1 1", "jennrich_sampson": ".3 .4", "helical_valley": "-1 0 0", "bard": "1 1 1",
             "gaussian": ".4 1 0", "meyer": ".02 4000 250", "gulf": "5 2.5 .15", "box_3d": "0 10 20",
             "powell_singular": "3 -1 0 1", "wood": "-3 -1 -3 -1", "kowalik_osborne": ".25 .39 .415 .39",
             "brown_dennis": "25 5 -5 -1", "osborne_1": ".5 1.5 -1 .01 .02", "biggs_exp6": "1 2 1 1 1 1",
             "osborne_2": "1.3 .65 .65 .7 .6 3 5 7 2 4.5 5.5"}
    if name in fixed:
        return q(fixed[name])
    if name == "extended_rosenbrock":
        return q("-1.2 1") * (n // 2)
    if name == "extended_powell_singular":
        return q("3 -1 0 1") * (n // 4)
    number = {"watson": lambda j: 0, "penalty_1": lambda j: j, "penalty_2": lambda j: c.mpf(1) / 2,
              "variably_dimensioned": lambda j: 1 - c.mpf(j) / n, "trigonometric": lambda j: c.mpf(1) / n,
              "brown_almost_linear": lambda j: c.mpf(1) / 2,
              "discrete_boundary_value": lambda j: c.mpf(j) / (n + 1) * (c.mpf(j) / (n + 1) - 1),
              "broyden_tridiagonal": lambda j: -1, "broyden_banded": lambda j: -1, "linear_full_rank": lambda j: 1,
              "linear_rank_1": lambda j: 1, "linear_rank_1_zeros": lambda j: 1,
              "chebyquad": lambda j: c.mpf(j) / (n + 1)}
    number["discrete_integral_equation"] = number["discrete_boundary_value"]
    return [c.mpf(number[name](j)) for j in range(1, n + 1)]


# Minima: exact where they are, else where Newton's method is begun.
MINIMA = {
    "rosenbrock": ["1 1"],
    "freudenstein_roth": ["5 4", "11.41 -.8968"],
    "powell_badly_scaled": ["1.098159e-5 9.106146"],
    "brown_badly_scaled": ["1e6 2e-6"],
    "beale": ["3 .5"],
    "jennrich_sampson": [".257825 .257825"],
    "helical_valley": ["1 0 0"],
    "bard": [".08241 1.133 2.344"],
    "gaussian": [".398956 1.000019 0"],
    "meyer": ["5.609636e-3 6181.346 345.2236"],
    "gulf": ["50 25 1.5"],
    "box_3d": ["1 10 1"],
    "powell_singular": ["0 0 0 0"],
    "wood": ["1 1 1 1"],
    "kowalik_osborne": [".192807 .191282 .123056 .136062", ".22535644 -.41475381 -.0244527 -.17796966"],
    "brown_dennis": ["-11.5944 13.2036 -.403439 .236778"],
    "osborne_1": [".37541 1.93585 -1.46469 .0128675 .0221227"],
    "biggs_exp6": ["1 10 1 5 4 3"],
    "osborne_2": ["1.309977 .431554 .633662 .599431 .754183 .904289 1.365812 4.823699 2.398685 4.568875 5.675341"],
    "watson(dimension=6)": ["-.015725 1.012435 -.232992 1.26043 -1.513729 .992996"],
    "watson(dimension=9)": ["-1.53e-5 .999790 .0147637 .146343 1.00082 -2.61773 4.10440 -3.14361 1.05263"],
    "watson(dimension=12)": ["-6.638e-9 1.00000164 -5.639e-4 .347821 -.156745 1.05292 -3.24766 7.28931 -10.27299 9.07520 "
                             "-4.54177 1.01209"],
    "extended_rosenbrock(dimension=10)": ["1 " * 10],
    "extended_powell_singular(dimension=12)": ["0 " * 12],
    "penalty_1(dimension=4)": [".2500075 " * 4],
    "penalty_1(dimension=10)": [".1581223 " * 10],
    "penalty_2(dimension=4)": [".199999 .191317 .480101 .518845"],
    "penalty_2(dimension=10)": [".199984 .0103507 .019605 .0320891 .0499327 .076514 .1186241 .1921449 .3473205 .3691645"],
    "variably_dimensioned(dimension=10)": ["1 " * 10],
    "trigonometric(dimension=10)": ["0 " * 10, ".055151 .056841 .058764 .060991 .063626 .066843 .208162 .164363 .085007 "
                                    ".091431", ".0539129 .0554966 .0572859 .0593367 .0617301 .257886 .0681142 .0726229 "
                                    ".0784616 .0837539",
                                    ".0624918 .0644729 .0667059 .0692446 .275398 .0754456 .0790302 .0822733 .0836393 .0820888"],
    "brown_almost_linear(dimension=10)": ["1 " * 10],
    "discrete_boundary_value(dimension=10)": ["-.043165 -.081577 -.114486 -.140974 -.159909 -.169877 -.16909 -.15525 "
                                              "-.125356 -.075417"],
    "discrete_integral_equation(dimension=10)": ["-.043165 -.081577 -.114486 -.140974 -.159909 -.169877 -.16909 -.15525 "
                                                 "-.125356 -.075417"],
    "broyden_tridiagonal(dimension=10)": ["-.570722 -.681807 -.70221 -.705511 -.704906 -.701497 -.691889 -.665797 -.596035 "
                                          "-.416412"],
    "broyden_banded(dimension=10)": ["-.428303 -.476596 -.519652 -.558099 -.592506 -.624504 -.623239 -.621394 -.620454 "
                                     "-.586469"],
    "linear_full_rank(dimension=10)": ["-1 " * 10],
    "linear_rank_1(dimension=10)": [],
    "linear_rank_1_zeros(dimension=10)": [],
    "chebyquad(dimension=8)": [".0431528 .1930909 .2663287 .5 .5 .7336713 .8069092 .9568472"],
    "chebyquad(dimension=9)": [".0442053 .1994907 .2356191 .4160469 .5 .5839531 .7643809 .8005093 .9557947"],
    "chebyquad(dimension=10)": [".0747482 .1715181 .2864341 .3596465 .4707505 .6167383 .6167383 .7998108 .8448546 .9670066",
                                ".0596199 .1667083 .2391707 .3988843 .3988843 .6011157 .6011157 .7608294 .8332917 .9403801"],
}

# What is approached at infinity or is the same along a curve: residuals of fewer parameters, and where to begin.
LIMITS = {
    "bard": (lambda c, p: [y - p[0] for y in data(c, BARD)], ".84"),
    "kowalik_osborne": (lambda c, p: [y - (u**2 + u * p[0]) / (u * p[1] + p[2])
                                      for y, u in zip(data(c, KOWALIK_Y), data(c, KOWALIK_U))], "-14.0759 -45.2572 -28.2315"),
    "biggs_exp6": (lambda c, p: biggs_exp6(c, [p[0], p[1], p[2], p[3], 0, 0]), "1.71142 17.6832 2.32629 5.18656"),
    "brown_almost_linear(dimension=10)": (lambda c, p: brown_almost_linear(c, [0] * 9 + [p[0]]), "11"),
    "linear_rank_1(dimension=10)": (lambda c, p: linear_rank_1(c, [p[0]] + [0] * 9), "0"),
    "linear_rank_1_zeros(dimension=10)": (lambda c, p: linear_rank_1_zeros(c, [0, p[0]] + [0] * 8), "0"),
}


def gradient(residuals, x):
    """2 J^T r, the Jacobian by central differences of a step that leaves 40 digits of 60."""
    h, r = mp.mpf("1e-20"), residuals(mp, x)
    moved = lambda j, by: residuals(mp, x[:j] + [x[j] + by] + x[j + 1:])
    return [2 * mp.fsum(v * (a - b) for v, a, b in zip(r, moved(j, h), moved(j, -h))) / (2 * h) for j in range(len(x))]


def polished(name, residuals, x):
    """Newton's method, the Hessian by differences of gradients; a local minimum, or an error."""
    n = len(x)
    if max(abs(v) for v in gradient(residuals, x)) < mp.mpf("1e-36"):
        return x
    for _ in range(40):
        g = gradient(residuals, x)
        h = [mp.mpf("1e-12") * max(abs(v), mp.mpf("1e-3")) for v in x]
        hessian = mp.matrix(n, n)
        for j in range(n):
            above, below = (gradient(residuals, x[:j] + [x[j] + d] + x[j + 1:]) for d in (h[j], -h[j]))
            for i in range(n):
                hessian[i, j] = (above[i] - below[i]) / (2 * h[j])
        step = mp.lu_solve(hessian, mp.matrix(g))
        x = [v - step[j] for j, v in enumerate(x)]
        if max(abs(step[j]) / (abs(x[j]) + mp.mpf("1e-9")) for j in range(n)) < mp.mpf("1e-24"):
            break
    else:
        raise ArithmeticError(f"{name}: Newton's method does not end")
    scaled = mp.matrix(n, n)
    for i in range(n):
        for j in range(n):
            scaled[i, j] = (hessian[i, j] + hessian[j, i]) / 2 / mp.sqrt(abs(hessian[i, i] * hessian[j, j]))
    least = min(mp.eigsy(scaled, eigvals_only=True))
    print(f"{name}: least eigenvalue of the Hessian in units of one curvature {mpmath.nstr(least, 3)}")
    if least <= 0:
        raise ArithmeticError(f"{name}: no minimum")
    return x


def text(numbers):
    return " ".join(repr(float(v)) if abs(v) > 1e-60 else "0" for v in numbers)


def main():
    out = [f"# mpmath {mpmath.__version__}, {mp.dps} digits: tests/golden/test_functions.py"]
    for title, minima in MINIMA.items():
        name = title.split("(")[0]
        residuals = globals()[name]
        n = int(title.split("=")[1][:-1]) if "=" in title else len(starts(mp, name, 0))
        start = starts(mp, name, n)
        ten = [10 * v for v in start] if any(start) else [mp.mpf(10)] * n
        squares = lambda f, x: mp.fsum(v**2 for v in f(mp, x))
        out += [f"problem {title} {n} {len(residuals(mp, start))}", f"start {text(start)}",
                f"residuals {text(residuals(mp, start))}", f"scaled {text(residuals(mp, ten))}"]
        for near in minima:
            x = data(mp, near)
            if not mp.almosteq(squares(residuals, x), 0, abs_eps=mp.mpf("1e-50")) and name != "linear_full_rank":
                x = polished(title, residuals, x)
            out.append(f"minimum {text([squares(residuals, x)] + x)}")
        if title in LIMITS:
            reduced, near = LIMITS[title]
            out.append(f"minimum {text([squares(reduced, polished(title, reduced, data(mp, near)))])}")
    (pathlib.Path(__file__).parent / "test_functions.txt").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
