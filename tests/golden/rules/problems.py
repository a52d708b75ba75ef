"""The problems on which golden trajectories are made: tests/optim/golden_problems.hpp has the same, term by term.

Every number is a short fraction, no minimum is at the origin, nothing is drawn by chance. A trajectory's record is

    chain's text <TAB> problem <TAB> updates made <TAB> parameters, in shortest round-trip form

and is written for the updates in RECORDED. Families of rules have a script each, which imports this file and writes
<family>.txt; tests/optim/golden_test.cpp reads all of them and holds them to 1e-12. Rates are chosen so small that no
rule dances around a minimum: there, a difference in the last digit grows until it is the path.
"""
import math
import sys

RECORDED = (1, 2, 3, 10, 30, 100)
STEPS = max(RECORDED)


class Quadratic:
    """f = sum_i c_i (x_i - t_i)^2 / 2, curvatures from 1/8 to 8."""
    name = "quadratic"
    blocks = [("x", 7, 1)]
    c = [2.0 ** (i - 3) for i in range(7)]
    t = [0.5 * i - 1.25 for i in range(7)]

    def start(self):
        return [0.25 * (i + 1) for i in range(7)]

    def value(self, x, step):
        return sum(0.5 * c * (v - t) * (v - t) for c, v, t in zip(self.c, x, self.t))

    def gradient(self, x, step):
        return [c * (v - t) for c, v, t in zip(self.c, x, self.t)]


class Rosenbrock:
    """f = (1 - a)^2 + 100 (b - a^2)^2."""
    name = "rosenbrock"
    blocks = [("x", 2, 1)]

    def start(self):
        return [-1.2, 1.0]

    def value(self, x, step):
        a, b = x
        return (1.0 - a) * (1.0 - a) + 100.0 * (b - a * a) * (b - a * a)

    def gradient(self, x, step):
        a, b = x
        d = b - a * a
        return [-2.0 * (1.0 - a) - 400.0 * a * d, 200.0 * d]


class LeastSquares:
    """f = mean of (a_i . x - y_i)^2 / 2 over 4 of 20 rows, in order, the next 4 at every step: a noisy gradient."""
    name = "least_squares"
    blocks = [("x", 5, 1)]
    rows, batch = 20, 4

    def row(self, i):
        return [((i * 7 + j * 3) % 11 - 5) / 4.0 for j in range(5)]

    def target(self, i):
        return ((i * 5) % 13 - 4) / 2.0

    def start(self):
        return [0.5, -0.25, 0.125, 0.75, -0.5]

    def residuals(self, x, step):
        for k in range(self.batch):
            i = (step * self.batch + k) % self.rows
            a = self.row(i)
            r = 0.0
            for j in range(5):
                r += a[j] * x[j]
            yield a, r - self.target(i)

    def value(self, x, step):
        return sum(r * r for _, r in self.residuals(x, step)) / (2.0 * self.batch)

    def gradient(self, x, step):
        g = [0.0] * 5
        for a, r in self.residuals(x, step):
            for j in range(5):
                g[j] += a[j] * r
        return [v / self.batch for v in g]


class Matrix:
    """f = sum over 6 samples of |W a_k + b - y_k|^2 / 2, W 4 x 3 (row by row), then b of 4."""
    name = "matrix"
    blocks = [("W", 4, 3), ("b", 4, 1)]

    def start(self):
        return [((i * 5) % 7 - 3) / 8.0 for i in range(12)] + [0.125, -0.25, 0.375, -0.5]

    def residuals(self, x):
        for k in range(6):
            a = [((k * 4 + j * 3) % 7 - 3) / 2.0 for j in range(3)]
            out = []
            for i in range(4):
                s = 0.0
                for j in range(3):
                    s += x[3 * i + j] * a[j]
                out.append(s + x[12 + i] - ((k * 3 + i * 5) % 9 - 3) / 2.0)
            yield a, out

    def value(self, x, step):
        return sum(0.5 * r * r for _, out in self.residuals(x) for r in out)

    def gradient(self, x, step):
        g = [0.0] * 16
        for a, out in self.residuals(x):
            for i in range(4):
                for j in range(3):
                    g[3 * i + j] += out[i] * a[j]
                g[12 + i] += out[i]
        return g


class Layers:
    """f = sum over 6 samples of |W a_k - y_k|^2 / 2 + |V c_k - z_k|^2 / 2, W 3 x 4, V 3 x 2: matrices alone."""
    name = "layers"
    blocks = [("W", 3, 4), ("V", 3, 2)]
    parts = [(0, 3, 4, 5, 2), (12, 3, 2, 3, 4)]  # first element, rows, columns, two odd numbers

    def start(self):
        return [((i * 3) % 11 - 5) / 8.0 for i in range(18)]

    def residuals(self, x):
        for k in range(6):
            for at, rows, columns, p, q in self.parts:
                a = [((k * p + j * q) % 7 - 3) / 2.0 for j in range(columns)]
                out = []
                for i in range(rows):
                    s = 0.0
                    for j in range(columns):
                        s += x[at + columns * i + j] * a[j]
                    out.append(s - ((k * q + i * p) % 9 - 3) / 2.0)
                yield at, columns, a, out

    def value(self, x, step):
        return sum(0.5 * r * r for _, _, _, out in self.residuals(x) for r in out)

    def gradient(self, x, step):
        g = [0.0] * 18
        for at, columns, a, out in self.residuals(x):
            for i, r in enumerate(out):
                for j in range(columns):
                    g[at + columns * i + j] += r * a[j]
        return g


PROBLEMS = [Quadratic(), Rosenbrock(), LeastSquares(), Matrix()]


def trajectory(problem, make_rule, recorded=RECORDED):
    """make_rule(problem) gives step(x, g, value, k) -> new x, all lists of floats; k = 0 at the first update.

    A rule whose solution is not its iterate (averages) may give a function `solution(x)` as an attribute of `step`.
    """
    step = make_rule(problem)
    x = problem.start()
    for k in range(STEPS):
        x = step(x, problem.gradient(x, k), problem.value(x, k), k)
        if k + 1 in recorded:
            yield k + 1, (step.solution(x) if hasattr(step, "solution") else x)


class Shaken:
    """The problem with the last digit of every gradient changed."""
    def __init__(self, problem):
        self.problem, self.name, self.blocks = problem, problem.name, problem.blocks
        self.start, self.value = problem.start, problem.value

    def gradient(self, x, step):
        g = self.problem.gradient(x, step)
        return [v * (1.0 + ((i * 7 + step * 3) % 3 - 1) * 2.0 ** -52) for i, v in enumerate(g)]


def growth(problem, make_rule):
    """How far rounding of gradients carries the end of the trajectory, relative to max(1, |x|)."""
    (_, x), (_, y) = (list(trajectory(p, make_rule, (STEPS,)))[0] for p in (problem, Shaken(problem)))
    return max(abs(a - b) / max(1.0, abs(a)) for a, b in zip(x, y))


def write(path, origin, rules, problems=None, recorded=RECORDED, among=None):
    """rules: {chain's text: make_rule}; problems: {chain's text: names of problems it is for}, all when absent.
    recorded: fewer updates for a large family, the last always STEPS; among: PROBLEMS when absent."""
    with open(path, "w") as out:
        out.write(f"# {origin}; Python {sys.version.split()[0]}; written by {sys.argv[0].split('/')[-1]}\n")
        for text, make_rule in rules.items():
            for problem in among or PROBLEMS:
                if problems and text in problems and problem.name not in problems[text]:
                    continue
                grown = growth(problem, make_rule)
                if grown > 1e-13:
                    print(f"{text} on {problem.name}: rounding grows to {grown:.1e}; take a smaller rate")
                for step, x in trajectory(problem, make_rule, recorded):
                    assert all(math.isfinite(v) for v in x), (text, problem.name, step)
                    out.write(f"{text}\t{problem.name}\t{step}\t" + " ".join(repr(float(v)) for v in x) + "\n")
