#!/usr/bin/env python3
"""Writes schedules.txt: the values of schedules for updates 0 to 79, from independent sources.

torch: what torch.optim.lr_scheduler leaves in the optimizer before each update. formula: what torch does not have, or has
only since 2.0, written from its reference below (numpy). Format, one record a line: source, schedule, values; for
`plateau` a fourth field, the objective it was told after each update.
"""
import sys
import warnings

import numpy
import torch

torch.set_default_dtype(torch.float64)
warnings.simplefilter("ignore")  # the order of step() calls
L = torch.optim.lr_scheduler
STEPS = 80
THIRD = repr(1 / 3)
PI = numpy.pi


def torch_run(rate, make, metrics=None, momentum=False):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate, momentum=0.9)
    schedulers = make(optimizer)
    if not isinstance(schedulers, list):
        schedulers = [schedulers]
    values = []
    for k in range(STEPS):
        values.append(optimizer.param_groups[0]["momentum" if momentum else "lr"])
        optimizer.step()
        for scheduler in schedulers:
            if isinstance(scheduler, L.ReduceLROnPlateau):
                scheduler.step(metrics[k])
            elif not (isinstance(scheduler, L.OneCycleLR) and k + 1 >= scheduler.total_steps):
                scheduler.step()
    return [float(v) for v in values]


TORCH = {
    "step_decay(0.05, 3, factor=0.1)": (0.05, lambda o: L.StepLR(o, 3, gamma=0.1)),
    "step_decay(0.8, 7)": (0.8, lambda o: L.StepLR(o, 7, gamma=0.5)),
    "step_decay(2, 11, factor=0.9)": (2.0, lambda o: L.StepLR(o, 11, gamma=0.9)),
    "multi_step(0.05, [2, 5, 9])": (0.05, lambda o: L.MultiStepLR(o, [2, 5, 9], gamma=0.1)),
    "multi_step(1, [10, 10, 40], factor=0.5)": (1.0, lambda o: L.MultiStepLR(o, [10, 10, 40], gamma=0.5)),
    "multi_step(0.3, [1, 20, 21, 60], factor=0.7)": (0.3, lambda o: L.MultiStepLR(o, [1, 20, 21, 60], gamma=0.7)),
    "exponential(0.05, 0.9)": (0.05, lambda o: L.ExponentialLR(o, 0.9)),
    "exponential(1, 0.999)": (1.0, lambda o: L.ExponentialLR(o, 0.999)),
    "exponential(0.3, 0.5)": (0.3, lambda o: L.ExponentialLR(o, 0.5)),
    "polynomial(0.05, 60, power=0.9)": (0.05, lambda o: L.PolynomialLR(o, 60, power=0.9)),
    "polynomial(1, 100)": (1.0, lambda o: L.PolynomialLR(o, 100)),
    "polynomial(0.2, 70, power=2)": (0.2, lambda o: L.PolynomialLR(o, 70, power=2)),
    "polynomial(0.0125, 4, end=0.03)": (0.05, lambda o: L.LinearLR(o, 0.25, 0.6, 4)),
    "polynomial(1.8, 64, end=0.2)": (2.0, lambda o: L.LinearLR(o, 0.9, 0.1, 64)),
    "cosine(0.05, 10, then=climb)": (0.05, lambda o: L.CosineAnnealingLR(o, 10)),
    "cosine(0.05, 10, end=1e-10, then=climb)": (0.05, lambda o: L.CosineAnnealingLR(o, 10, 1e-10)),
    "cosine(1, 25, end=0.2, then=climb)": (1.0, lambda o: L.CosineAnnealingLR(o, 25, 0.2)),
    "cosine(1, 7, end=0.01, then=climb)": (1.0, lambda o: L.CosineAnnealingLR(o, 7, 0.01)),
    "cosine(0.3, 200)": (0.3, lambda o: L.CosineAnnealingLR(o, 200)),
    "cosine_restarts(0.05, 10, end=1e-10)": (0.05, lambda o: L.CosineAnnealingWarmRestarts(o, 10, 1, 1e-10)),
    "cosine_restarts(0.05, 10, growth=2, end=1e-10)": (0.05, lambda o: L.CosineAnnealingWarmRestarts(o, 10, 2, 1e-10)),
    "cosine_restarts(0.5, 3, growth=4)": (0.5, lambda o: L.CosineAnnealingWarmRestarts(o, 3, 4)),
    "cosine_restarts(1, 1, growth=3, end=0.1)": (1.0, lambda o: L.CosineAnnealingWarmRestarts(o, 1, 3, 0.1)),
    "one_cycle(25, 10, form=linear, end_divisor=2)": (
        1.0, lambda o: L.OneCycleLR(o, 25, 10, anneal_strategy="linear", final_div_factor=2, base_momentum=1,
                                    max_momentum=22)),
    "one_cycle(0.1, 80)": (1.0, lambda o: L.OneCycleLR(o, 0.1, 80)),
    "one_cycle(1, 73, rise=0.25, start_divisor=10, end_divisor=100)": (
        1.0, lambda o: L.OneCycleLR(o, 1, 73, pct_start=0.25, div_factor=10, final_div_factor=100)),
    "one_cycle(1, 80, rise=0.45, phases=3)": (1.0, lambda o: L.OneCycleLR(o, 1, 80, pct_start=0.45, three_phase=True)),
    "one_cycle(2, 77, rise=0.3, form=linear, phases=3, start_divisor=4, end_divisor=50)": (
        1.0, lambda o: L.OneCycleLR(o, 2, 77, pct_start=0.3, anneal_strategy="linear", three_phase=True, div_factor=4,
                                    final_div_factor=50)),
    "cyclic(1, 5, 4)": (1.0, lambda o: L.CyclicLR(o, 1, 5, 4)),
    "cyclic(0.001, 0.006, 10, down=3)": (1.0, lambda o: L.CyclicLR(o, 0.001, 0.006, 10, 3)),
    "cyclic(1, 5, 2, down=6, form=triangular2)": (1.0, lambda o: L.CyclicLR(o, 1, 5, 2, 6, mode="triangular2")),
    "cyclic(0.1, 0.5, 9, form=triangular2)": (1.0, lambda o: L.CyclicLR(o, 0.1, 0.5, 9, mode="triangular2")),
    "cyclic(1, 5, 4, form=exp_range, factor=0.9)": (1.0, lambda o: L.CyclicLR(o, 1, 5, 4, mode="exp_range", gamma=0.9)),
    "cyclic(0.1, 0.9, 5, down=8, form=exp_range)": (
        1.0, lambda o: L.CyclicLR(o, 0.1, 0.9, 5, 8, mode="exp_range", gamma=0.99994)),
    f"warm_up(0.05, 5, start={THIRD})": (0.05, lambda o: L.LinearLR(o)),
    "warm_up(0.05, 4, start=0.5)": (0.05, lambda o: L.LinearLR(o, 0.5, 1.0, 4)),
    "warm_up(2, 63, start=0.01)": (2.0, lambda o: L.LinearLR(o, 0.01, 1.0, 63)),
    f"warm_up(0.05, 5, form=constant, start={THIRD})": (0.05, lambda o: L.ConstantLR(o)),
    "warm_up(1, 40, form=constant, start=0.1)": (1.0, lambda o: L.ConstantLR(o, 0.1, 40)),
    "sequence([exponential(0.05, 0.8), step_decay(0.05, 4, factor=0.1)], [3])": (
        0.05, lambda o: L.SequentialLR(o, [L.ExponentialLR(o, 0.8), L.StepLR(o, 4, 0.1)], [3])),
    "sequence([warm_up(0.05, 3, form=constant, start=0.1), exponential(0.05, 0.8), step_decay(0.05, 2, factor=0.1)], "
    "[3, 6])": (
        0.05, lambda o: L.SequentialLR(o, [L.ConstantLR(o, 0.1, 3), L.ExponentialLR(o, 0.8), L.StepLR(o, 2, 0.1)],
                                       [3, 6])),
    "sequence([warm_up(0.4, 20, start=0.25), polynomial(0.4, 30)], [20])": (
        0.4, lambda o: L.SequentialLR(o, [L.LinearLR(o, 0.25, 1.0, 20), L.PolynomialLR(o, 30)], [20])),
    "chained([exponential(0.05, 0.9), warm_up(1, 4, form=constant, start=0.2), step_decay(1, 3, factor=0.1)])": (
        0.05, lambda o: [L.ChainedScheduler([L.ExponentialLR(o, 0.9), L.ConstantLR(o, 0.2, 4), L.StepLR(o, 3, 0.1)])]),
    "chained([multi_step(0.05, [4, 8, 10]), warm_up(1, 3, start=0.4)])": (
        0.05, lambda o: [L.ChainedScheduler([L.LinearLR(o, 0.4, 1.0, 3), L.MultiStepLR(o, [4, 8, 10], 0.1)])]),
    "chained([polynomial(0.5, 61, power=0.9), warm_up(1, 5, form=constant, start=0.1)])": (
        0.5, lambda o: [L.ChainedScheduler([L.PolynomialLR(o, 61, 0.9), L.ConstantLR(o, 0.1, 5)])]),
}

MOMENTUM = {
    "one_cycle_momentum(10, low=1, high=22, form=linear)": lambda o: L.OneCycleLR(
        o, 25, 10, anneal_strategy="linear", base_momentum=1, max_momentum=22),
    "one_cycle_momentum(80)": lambda o: L.OneCycleLR(o, 0.1, 80),
    "one_cycle_momentum(75, low=0.5, high=0.9, rise=0.4, phases=3)": lambda o: L.OneCycleLR(
        o, 0.1, 75, pct_start=0.4, base_momentum=0.5, max_momentum=0.9, three_phase=True),
    "cyclic(0.9, 0.8, 4, down=6)": lambda o: L.CyclicLR(o, 0.1, 0.2, 4, 6, base_momentum=0.8, max_momentum=0.9),
    "cyclic(5, 1, 2, down=6, form=triangular2)": lambda o: L.CyclicLR(
        o, 1, 5, 2, 6, mode="triangular2", base_momentum=1, max_momentum=5),
    "cyclic(5, 1, 4, form=exp_range, factor=0.9)": lambda o: L.CyclicLR(
        o, 1, 5, 4, mode="exp_range", gamma=0.9, base_momentum=1, max_momentum=5),
}

rng = numpy.random.RandomState(7)
NOISY = [float(2.0 / (1 + 0.1 * k) + 0.05 * rng.standard_normal()) for k in range(STEPS)]
FLAT = [1.0] * STEPS
FALLING = [10 - 0.0165 * k for k in range(STEPS)]
PLATEAU = {
    "plateau(1, patience=2)": (1.0, FLAT, lambda o: L.ReduceLROnPlateau(o, patience=2)),
    "plateau(0.5, patience=5, threshold=0.1, threshold_mode=absolute)": (
        0.5, FALLING, lambda o: L.ReduceLROnPlateau(o, patience=5, threshold=0.1, threshold_mode="abs")),
    "plateau(0.5, patience=5, threshold=0.01, threshold_mode=absolute, cooldown=5)": (
        0.5, FALLING, lambda o: L.ReduceLROnPlateau(o, patience=5, threshold=0.01, threshold_mode="abs", cooldown=5)),
    "plateau(0.3, factor=0.5, patience=3)": (0.3, NOISY, lambda o: L.ReduceLROnPlateau(o, factor=0.5, patience=3)),
    "plateau(0.3, factor=0.7, patience=1, cooldown=2, min=0.02)": (
        0.3, NOISY, lambda o: L.ReduceLROnPlateau(o, factor=0.7, patience=1, cooldown=2, min_lr=0.02)),
    "plateau(1, factor=0.1, patience=4, epsilon=0.001)": (
        1.0, NOISY, lambda o: L.ReduceLROnPlateau(o, factor=0.1, patience=4, eps=0.001)),
    "plateau(step_decay(0.5, 3, factor=0.1), patience=30, threshold=0.1)": (
        0.5, FALLING, lambda o: [L.ReduceLROnPlateau(o, patience=30, threshold=0.1), L.StepLR(o, 3, 0.1)]),
    "plateau(multi_step(0.5, [3, 8, 12]), patience=5, threshold=0.1, threshold_mode=absolute, epsilon=0)": (
        0.5, FALLING, lambda o: [L.ReduceLROnPlateau(o, patience=5, threshold=0.1, threshold_mode="abs", eps=0),
                                 L.MultiStepLR(o, [3, 8, 12], 0.1)]),
}


def noam(width, warm_up):  # Vaswani et al., eq. 3
    return lambda k: width ** -0.5 * min((k + 1) ** -0.5, (k + 1) * warm_up ** -1.5)


def wsd(w, s, d, shape, low=0.0):  # climb from 0, level, fall
    def value(k):
        if k < w:
            return k / w
        if k < w + s:
            return 1.0
        return low + (1 - low) * shape((k - w - s) / d) if k < w + s + d else low
    return value


def warm_cosine(start, peak, w, total, end):  # optax.warmup_cosine_decay_schedule
    def value(k):
        if k < w:
            return start + (peak - start) * k / w
        t = min(k - w, total - w)
        a = end / peak
        return peak * ((1 - a) * 0.5 * (1 + numpy.cos(PI * t / (total - w))) + a)
    return value


def optax_exponential(init, steps, rate, staircase, end):
    return lambda k: max(init * rate ** (k // steps if staircase else k / steps), end)


def interpolate(values, bounds, kind):  # optax.piecewise_interpolate_schedule, on values
    edges = [0] + bounds
    def value(k):
        for i in range(len(bounds)):
            if edges[i] <= k < edges[i + 1]:
                p = (k - edges[i]) / (edges[i + 1] - edges[i])
                a, b = values[i], values[i + 1]
                return {"constant": a, "linear": a * (1 - p) + b * p,
                        "cosine": b + (a - b) / 2 * (numpy.cos(PI * p) + 1)}[kind]
        return values[-1]
    return value


def then(w, first, rest):
    return lambda k: first(k) if k < w else rest(k - w)


FORMULA = {
    "constant(0.25)": lambda k: 0.25,
    "inverse_sqrt(0.0013975424859373686, 1000)": noam(512, 1000),
    f"inverse_sqrt({(64 * 16) ** -0.5!r}, 16)": noam(64, 16),
    f"inverse_sqrt({(9 * 50) ** -0.5!r}, 50)": noam(9, 50),
    "inverse_scaling(0.1)": lambda k: 0.1 / (k + 1) ** 0.5,
    "inverse_scaling(0.1, power=0.25)": lambda k: 0.1 / (k + 1) ** 0.25,
    "inverse_scaling(2, power=1, steps=30)": lambda k: 2 / (1 + k / 30),
    "warm_up_stable_decay(1, 10, 30, 25, start=0)": wsd(10, 30, 25, lambda p: 1 - p ** 0.5),
    "warm_up_stable_decay(1, 20, 5, 60, form=cosine, end=0.1, start=0)": wsd(
        20, 5, 60, lambda p: 0.5 * (1 + numpy.cos(PI * p)), 0.1),
    "warm_up_stable_decay(1, 7, 13, 50, form=linear, end=0.25, start=0)": wsd(7, 13, 50, lambda p: 1 - p, 0.25),
    "warm_up(cosine(0.5, 50, end=0.05), 20, start=0.1)": warm_cosine(0.05, 0.5, 20, 70, 0.05),
    "warm_up(cosine(1, 60), 10, start=0)": warm_cosine(0.0, 1.0, 10, 70, 0.0),
    "warm_up(exponential(0.5, 0.9), 9)": then(9, lambda k: 0.5 * (k + 1) / 10, lambda k: 0.5 * 0.9 ** k),
    "warm_up(0.5, 30, form=cosine, start=0.2)": then(
        30, lambda k: 0.5 * (0.2 + 0.8 * (1 - numpy.cos(PI * k / 30)) / 2), lambda k: 0.5),
    "warm_up(0.5, 30, form=exponential, start=0.01)": then(
        30, lambda k: 0.5 * numpy.exp(numpy.log(0.01) * (30 - k) / 30), lambda k: 0.5),
    "exponential(0.5, 0.1, steps=20)": optax_exponential(0.5, 20, 0.1, False, 0.0),
    "exponential(0.5, 0.3, steps=15, staircase=true)": optax_exponential(0.5, 15, 0.3, True, 0.0),
    "exponential(0.5, 0.3, steps=15, staircase=true, end=0.02)": optax_exponential(0.5, 15, 0.3, True, 0.02),
    "exponential(0.5, 0.3, steps=15, end=0.02)": optax_exponential(0.5, 15, 0.3, False, 0.02),
    "polynomial(1, 64, power=3, end=0.1)": lambda k: 0.9 * (1 - min(k, 64) / 64) ** 3 + 0.1,
    "cosine(0.5, 40, end=0.1)": lambda k: 0.1 + 0.4 * (1 + numpy.cos(PI * min(k, 40) / 40)) / 2,
    "piecewise([1, 0.5, 0.05], [10, 60])": interpolate([1, 0.5, 0.05], [10, 60], "constant"),
    "piecewise([1, 0.5, 0.05], [10, 60], form=linear)": interpolate([1, 0.5, 0.05], [10, 60], "linear"),
    "piecewise([0.1, 1, 0.05, 0.3], [10, 33, 70], form=cosine)": interpolate(
        [0.1, 1, 0.05, 0.3], [10, 33, 70], "cosine"),
    "sequence([0.1, cosine(0.2, 30), 0.01], [20, 50])": then(
        20, lambda k: 0.1, then(30, lambda k: 0.1 * (1 + numpy.cos(PI * k / 30)), lambda k: 0.01)),
}

with open(sys.argv[1] if len(sys.argv) > 1 else "schedules.txt", "w") as out:
    out.write(f"# torch {torch.__version__}, numpy {numpy.__version__}; written by schedules.py\n")

    def write(source, name, values, told=()):
        fields = [source, name, " ".join(repr(float(v)) for v in values)]
        if told:
            fields.append(" ".join(repr(v) for v in told))
        out.write("\t".join(fields) + "\n")

    for name, (rate, make) in TORCH.items():
        write("torch", name, torch_run(rate, make))
    for name, make in MOMENTUM.items():
        write("torch", name, torch_run(1.0, make, momentum=True))
    for name, (rate, metrics, make) in PLATEAU.items():
        write("torch", name, torch_run(rate, make, metrics), metrics)
    for name, value in FORMULA.items():
        write("formula", name, [value(k) for k in range(STEPS)])
