#!/usr/bin/env python3
"""Writes adaptive.txt: rules with their options as papers and other libraries have them, one line of a formula each,
nothing but Python's floats. What PyTorch has too is in presets.py and torch_presets.py.

A rule is a generator of directions: it is sent (g, x) for one coordinate and gives what is subtracted.
"""
import math
import os

from problems import write

RECORDED = (1, 2, 10, 100)


def each(rule, solution=None, **options):
    """rule(state, g, x, t, **options) -> what is subtracted; state: a dict for every coordinate."""
    def make(problem):
        states = [{} for _ in problem.start()]

        def step(x, g, value, k):
            return [xi - rule(state, gi, xi, k + 1, **options) for state, gi, xi in zip(states, g, x)]
        if solution:
            step.solution = lambda x: [state[solution] for state in states]
        return step
    return make


def mean(state, name, decay, value, start=0.0):
    state[name] = decay * state.get(name, start) + (1.0 - decay) * value
    return state[name]


def adam(s, g, x, t, r, beta1=0.9, beta2=0.999, epsilon=1e-8, l2=0.0):
    g += l2 * x
    m = mean(s, "m", beta1, g) / (1.0 - beta1 ** t)
    v = mean(s, "v", beta2, g * g) / (1.0 - beta2 ** t)
    return r * m / (math.sqrt(v) + epsilon)


def amsgrad(s, g, x, t, r, beta1=0.9, beta2=0.999, epsilon=1e-8, corrected=False, l2=0.0):
    g += l2 * x
    m = mean(s, "m", beta1, g) / (1.0 - beta1 ** t)
    v = mean(s, "v", beta2, g * g)
    c = 1.0 - beta2 ** t
    s["max"] = max(s.get("max", 0.0), v / c if corrected else v)
    return r * m / (math.sqrt(s["max"] if corrected else s["max"] / c) + epsilon)


def adamax(s, g, x, t, r, beta1=0.9, beta2=0.999, epsilon=1e-8, l2=0.0, decay=0.0):
    g += l2 * x
    m = mean(s, "m", beta1, g) / (1.0 - beta1 ** t)
    s["u"] = max(beta2 * s.get("u", 0.0), abs(g) + epsilon)
    return r * (m / s["u"] + decay * x)


def nadam(s, g, x, t, r, beta1=0.9, beta2=0.999, epsilon=1e-8, psi=0.004, constant=False, l2=0.0, decay=0.0):
    g += l2 * x
    m = mean(s, "m", beta1, g)
    v = mean(s, "v", beta2, g * g) / (1.0 - beta2 ** t)
    if constant:  # optax.nadam
        ahead = beta1 * m / (1.0 - beta1 ** (t + 1)) + (1.0 - beta1) * g / (1.0 - beta1 ** t)
    else:
        def mu(k):
            return beta1 * (1.0 - 0.5 * 0.96 ** (k * psi))
        product = math.prod(mu(k) for k in range(1, t + 1))
        ahead = mu(t + 1) * m / (1.0 - product * mu(t + 1)) + (1.0 - mu(t)) * g / (1.0 - product)
    return r * (ahead / (math.sqrt(v) + epsilon) + decay * x)


def radam(s, g, x, t, r, beta1=0.9, beta2=0.999, epsilon=1e-8, threshold=5.0, corrected=True, l2=0.0, decay=0.0):
    g += l2 * x
    m = mean(s, "m", beta1, g) / (1.0 - beta1 ** t)
    v = mean(s, "v", beta2, g * g)
    c = -math.expm1(t * math.log(beta2))  # n_t cancels: 1 - beta2^t with all its digits
    n = 2.0 / (1.0 - beta2) - 1.0
    nt = n - 2.0 * t * beta2 ** t / c
    d = m
    if nt > threshold:
        rect = math.sqrt((nt - 4.0) * (nt - 2.0) * n / ((n - 4.0) * (n - 2.0) * nt))
        d = rect * m / (math.sqrt(v / c) + epsilon) if corrected else rect * m * math.sqrt(c) / (math.sqrt(v) + epsilon)
    return r * (d + decay * x)


def adagrad(s, g, x, t, r, start=0.0, epsilon=1e-10, fall=0.0, inside=False, l2=0.0):
    g += l2 * x
    s["sum"] = s.get("sum", start) + g * g
    if inside:  # optax
        return r * g / math.sqrt(s["sum"] + epsilon) / (1.0 + (t - 1) * fall) if s["sum"] > 0.0 else 0.0
    return r * g / (math.sqrt(s["sum"]) + epsilon) / (1.0 + (t - 1) * fall)


def adadelta(s, g, x, t, r=1.0, rho=0.9, epsilon=1e-6, l2=0.0):
    g += l2 * x
    v = mean(s, "v", rho, g * g)
    d = math.sqrt(s.get("a", 0.0) + epsilon) / math.sqrt(v + epsilon) * g
    mean(s, "a", rho, d * d)
    return r * d


def rmsprop(s, g, x, t, r, rho=0.9, epsilon=1e-8, centered=False, inside=False, momentum=0.0, velocity=False, l2=0.0):
    g += l2 * x
    v = mean(s, "v", rho, g * g)
    if centered:
        v -= mean(s, "a", rho, g) ** 2
    u = g / math.sqrt(v + epsilon) if inside else g / (math.sqrt(v) + epsilon)
    s["b"] = momentum * s.get("b", 0.0) + (r * u if velocity else u)
    return s["b"] if velocity else r * s["b"]


def rprop(s, g, x, t, first=0.01, minus=0.5, plus=1.2, low=1e-12, high=50.0):
    last = s.get("g", 0.0)
    step = s.get("step", first)
    if g * last > 0.0:
        step *= plus
    elif g * last < 0.0:
        step *= minus
        g = 0.0
    s["step"], s["g"] = min(max(step, low), high), g
    return s["step"] * ((g > 0.0) - (g < 0.0))


def asgd(s, g, x, t, r, fall=1e-4, alpha=0.75, t0=100, l2=0.0):
    u = r / (1.0 + fall * r * (t - 1)) ** alpha * (g + l2 * x)
    last = s.get("average", 0.0)
    s["average"] = last + (x - u - last) / max(1, t - 1 - t0)
    return u


def momentum(s, g, x, t, r, momentum=0.9, form="heavy_ball"):
    s["v"] = momentum * s.get("v", 0.0) + {"ema": (1.0 - momentum) * g, "velocity": r(t) * g}[form]
    return s["v"] if form == "velocity" else r(t) * s["v"]


def clipped(s, g, x, t, r, limit):
    return r * min(max(g, -limit), limit)


def clipped_norm(r, limit, excess):
    """excess: what PyTorch adds to the norm."""
    def make(problem):
        def step(x, g, value, k):
            factor = min(1.0, limit / (math.sqrt(math.fsum(v * v for v in g)) + excess))
            return [xi - r * factor * gi for xi, gi in zip(x, g)]
        return step
    return make


RULES = {
    "adam(0.05, weight_decay=0.1)": each(adam, r=0.05, l2=0.1),
    "amsgrad(0.05)": each(amsgrad, r=0.05),
    "amsgrad(0.05, beta1=0.8, beta2=0.9, epsilon=0.01, weight_decay=0.1)":
        each(amsgrad, r=0.05, beta1=0.8, beta2=0.9, epsilon=0.01, l2=0.1),
    "amsgrad(0.05, maximum=corrected)": each(amsgrad, r=0.05, corrected=True),
    "scale_by_amsgrad(beta2=0.9, maximum=corrected) | scale(0.01)": each(amsgrad, r=0.01, beta2=0.9, corrected=True),
    "adamax(0.01)": each(adamax, r=0.01),
    "adamax(0.01, beta1=0.5, beta2=0.9, epsilon=0.1)": each(adamax, r=0.01, beta1=0.5, beta2=0.9, epsilon=0.1),
    "adamax(0.01, weight_decay=0.1)": each(adamax, r=0.01, l2=0.1),
    "adamaxw(0.01)": each(adamax, r=0.01, decay=0.01),
    "adamaxw(0.005, weight_decay=0.3, beta2=0.9)": each(adamax, r=0.005, decay=0.3, beta2=0.9),
    "adamaxw(0.01, weight_decay=0.1, epsilon=0.1)": each(adamax, r=0.01, decay=0.1, epsilon=0.1),
    "scale_by_adamax | scale(0.01)": each(adamax, r=0.01),
    "nadam(0.003)": each(nadam, r=0.003),
    "nadam(0.003, beta1=0.8, beta2=0.9, epsilon=0.01, momentum_decay=0.1, weight_decay=0.1)":
        each(nadam, r=0.003, beta1=0.8, beta2=0.9, epsilon=0.01, psi=0.1, l2=0.1),
    "nadam(0.003, nesterov_form=constant)": each(nadam, r=0.003, constant=True),
    "nadamw(0.003)": each(nadam, r=0.003, decay=0.01),
    "nadamw(0.003, weight_decay=0.3, momentum_decay=0.1)": each(nadam, r=0.003, decay=0.3, psi=0.1),
    "nadamw(0.003, weight_decay=0.1, nesterov_form=constant)": each(nadam, r=0.003, decay=0.1, constant=True),
    "scale_by_nadam(beta1=0.5) | scale(0.01)": each(nadam, r=0.01, beta1=0.5),
    "radam(0.001)": each(radam, r=0.001),
    "radam(0.001, beta1=0.8, beta2=0.9, epsilon=0.01, weight_decay=0.1)":
        each(radam, r=0.001, beta1=0.8, beta2=0.9, epsilon=0.01, l2=0.1),
    "radam(0.001, beta2=0.99, threshold=20, epsilon_placement=uncorrected)":
        each(radam, r=0.001, beta2=0.99, threshold=20.0, corrected=False),
    "radamw(0.001)": each(radam, r=0.001, decay=0.01),
    "radamw(0.001, weight_decay=0.3, beta2=0.9)": each(radam, r=0.001, decay=0.3, beta2=0.9),
    "radamw(0.001, weight_decay=0.1, epsilon=0.1)": each(radam, r=0.001, decay=0.1, epsilon=0.1),
    "scale_by_radam(beta2=0.95) | scale(0.001)": each(radam, r=0.001, beta2=0.95),
    "adagrad(0.1)": each(adagrad, r=0.1),
    "adagrad(0.1, initial_accumulator=0.1, epsilon=1e-7, epsilon_placement=inside)":
        each(adagrad, r=0.1, start=0.1, epsilon=1e-7, inside=True),
    "adagrad(0.5, epsilon=0.01, lr_decay=0.1, weight_decay=0.1)": each(adagrad, r=0.5, epsilon=0.01, fall=0.1, l2=0.1),
    "scale_by_adagrad(epsilon=0.1, epsilon_placement=inside) | scale(0.1)":
        each(adagrad, r=0.1, epsilon=0.1, inside=True),
    "adadelta(0.5)": each(adadelta, r=0.5),
    "adadelta(0.5, rho=0.95, epsilon=1e-4)": each(adadelta, r=0.5, rho=0.95, epsilon=1e-4),
    "adadelta(0.3, rho=0.5, weight_decay=0.2)": each(adadelta, r=0.3, rho=0.5, l2=0.2),
    "scale_by_adadelta(0.8) | scale(0.5)": each(adadelta, r=0.5, rho=0.8),
    "rmsprop(0.001, rho=0.99, epsilon=0.001, epsilon_placement=inside, weight_decay=0.1)":
        each(rmsprop, r=0.001, rho=0.99, epsilon=0.001, inside=True, l2=0.1),
    "rmsprop(0.0001, centered=true, momentum=0.5)": each(rmsprop, r=0.0001, centered=True, momentum=0.5),
    "rmsprop(0.001, rho=0.95, centered=true, epsilon=0.01, epsilon_placement=inside)":
        each(rmsprop, r=0.001, rho=0.95, centered=True, epsilon=0.01, inside=True),
    "rmsprop(0.001, momentum=0.9, form=velocity)": each(rmsprop, r=0.001, momentum=0.9, velocity=True),
    "scale_by_rms(centered=true) | scale(0.0001)": each(rmsprop, r=0.0001, centered=True),
    "rprop": each(rprop),
    "rprop(0.001, eta_minus=0.3, eta_plus=1.1)": each(rprop, first=0.001, minus=0.3, plus=1.1),
    "rprop(0.1, min_step=0.001, max_step=0.2)": each(rprop, first=0.1, low=0.001, high=0.2),
    "asgd(0.001, t0=5)": each(asgd, "average", r=0.001, t0=5),
    "asgd(0.001)": each(asgd, "average", r=0.001),
    "asgd(0.002, lr_decay=10, alpha=0.6, t0=0, weight_decay=0.1)":
        each(asgd, "average", r=0.002, fall=10.0, alpha=0.6, t0=0, l2=0.1),
    "momentum(0.01, form=ema)": each(momentum, r=lambda t: 0.01, form="ema"),
    "momentum(exponential(0.001, 0.5, 20), momentum=0.8, form=velocity)":
        each(momentum, r=lambda t: 0.001 * 0.5 ** ((t - 1) / 20), momentum=0.8, form="velocity"),
    "ema(0.5) | scale(0.002)": each(momentum, r=lambda t: 0.002, momentum=0.5, form="ema"),
    "ema(0.8) | scale_by_learning_rate(0.01)": each(momentum, r=lambda t: 0.01, momentum=0.8, form="ema"),
    "clip_by_value(2) | sgd(0.002)": each(clipped, r=0.002, limit=2.0),
    "clip_by_value(0.1) | scale(0.05)": each(clipped, r=0.05, limit=0.1),
    "clip_by_value(50) | scale_by_learning_rate(0.001)": each(clipped, r=0.001, limit=50.0),
    "clip_by_global_norm(2) | sgd(0.002)": clipped_norm(0.002, 2.0, 0.0),
    "clip_by_global_norm(1, form=torch) | sgd(0.01)": clipped_norm(0.01, 1.0, 1e-6),
    "clip_by_global_norm(20, form=torch) | sgd(0.002)": clipped_norm(0.002, 20.0, 1e-6),
}

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "adaptive.txt"), "formulas of papers, torch and optax", RULES, recorded=RECORDED)
