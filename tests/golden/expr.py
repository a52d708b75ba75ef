"""Writes expr.txt beside itself: what another language's parser makes of formulas.

Lines: x, y, z, the value, the formula. The formulas are random text without superfluous brackets, so that precedence and
associativity decide; Python reads them with ^ as ** and writes brackets nowhere. A minus sign before a power, a^b^c,
2^-x, comparisons in brackets and functions mean the same in both languages; juxtaposition (2x) is written out for
Python by the script that makes the text, so it is compared too.
"""
import math
import pathlib
import random
import sys

CALLS = {
    "abs": math.fabs, "acos": math.acos, "asin": math.asin, "atan": math.atan, "atan2": math.atan2, "cos": math.cos,
    "cosh": math.cosh, "exp": math.exp, "expm1": math.expm1, "log": math.log, "log1p": math.log1p, "max": max,
    "min": min, "pow": math.pow, "sigmoid": lambda v: 1 / (1 + math.exp(-v)), "sin": math.sin, "sinh": math.sinh,
    "softplus": lambda v: math.log1p(math.exp(v)), "sqrt": math.sqrt, "tan": math.tan, "tanh": math.tanh,
    "where": lambda c, a, b: a if c else b, "sign": lambda v: (v > 0) - (v < 0), "pi": math.pi, "e": math.e,
}
TWO = {"atan2", "pow"}
r = random.Random(12)


def pair(text):
    return text, text


def join(first, middle, second):
    return first[0] + middle + second[0], first[1] + middle + second[1]


def number():
    text = r.choice(["0.5", "1", "2", "3", "4", "10", ".25", "1.5e1", "7"])
    return text, repr(float(text))  # whole numbers of Python have no end: 10**10**10


def atom(depth):
    """As descent and as Python write it."""
    kind = r.random()
    if depth == 0 or kind < 0.45:
        return pair(r.choice(["x", "y", "z", "x", "y", "z", "pi", "e"])) if r.random() < 0.6 else number()
    if kind < 0.7:
        inside = level(depth - 1)
        if r.random() < 0.15:
            inside = join(inside, r.choice([" < ", " <= ", " > ", ">=", " == ", " != "]), level(depth - 1))
        return "(" + inside[0] + ")", "(" + inside[1] + ")"
    name = r.choice([n for n in CALLS if n not in ("pi", "e")])
    count = 3 if name == "where" else 2 if name in TWO else r.randint(2, 4) if name in ("min", "max") else 1
    arguments = [level(depth - 1) for _ in range(count)]
    return tuple(name + "(" + ", ".join(a[side] for a in arguments) + ")" for side in (0, 1))


def power(depth):
    base = atom(depth)
    if r.random() < 0.6:
        return base
    sign = r.choice(["", "", "-", "+", "--"])
    exponent = power(depth - 1 if depth else 0)
    return base[0] + "^" + sign + exponent[0], base[1] + "**" + sign + exponent[1]


def signed(depth):
    sign = r.choice([""] * 5 + ["-", "-", "+", "- -"])
    value = power(depth)
    return sign + value[0], sign + value[1]


def product(depth):
    result = signed(depth)
    for _ in range(r.choice([0, 0, 0, 1, 1, 2, 3])):
        ending = result[0][-1]
        if r.random() < 0.3 and (ending.isdigit() or ending == ")") and not named_number(result[0]):
            factor = power(depth)
            # A number may be followed by a name, not by a number; 2e is no product.
            if not (factor[0][0].isdigit() or factor[0][0] == "." or (ending.isdigit() and factor[0][0] == "e")):
                result = result[0] + factor[0], result[1] + "*" + factor[1]
                continue
        result = join(result, r.choice(["*", "/", " * ", " / "]), signed(depth))
    return result


def named_number(text):
    """True if the digits at the end belong to a name: atan2, log1p."""
    stem = text.rstrip("0123456789.")
    return len(stem) < len(text) and stem != "" and (stem[-1].isalpha() or stem[-1] == "_")


def level(depth):
    result = product(depth)
    for _ in range(r.choice([0, 0, 1, 1, 2, 3])):
        result = join(result, r.choice(["+", "-", " + ", " - "]), product(depth))
    return result


def evaluate(text, point):
    try:
        value = eval(text, {"__builtins__": {}}, {**CALLS, **point})  # noqa: S307: our own text
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):  # TypeError: a complex number
        return None
    return float(value) if not isinstance(value, complex) and math.isfinite(value) else None


def stable(text, point, value):
    """False where the twelfth digit of the value hangs on the last of an input."""
    inputs = {**point, "pi": math.pi, "e": math.e}
    near = evaluate(text, {n: v * (1 + 1e-14) for n, v in inputs.items()})
    return near is not None and abs(near - value) <= 2e-13 * abs(value)


lines = [f"# Python {sys.version.split()[0]}, random seed 12"]
while len(lines) <= 3000:
    text, python = level(r.randint(0, 3))
    if len(text) > 100 or not any(n in text for n in "xyz"):
        continue
    point = {n: round(r.uniform(-2, 3), 3) for n in "xyz"}
    value = evaluate(python, point)
    if value is None or abs(value) > 1e100 or value == 0 or not stable(python, point, value):
        continue
    lines.append(" ".join([*(repr(point[n]) for n in "xyz"), repr(value), text]))
pathlib.Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")
