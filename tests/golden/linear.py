"""Optima of linear models by other programs: scikit-learn, libsvm and scipy. Writes linear.txt beside itself.

Each line: case, objective, intercepts and coefficients in the data's own units. All columns are standardised (population
standard deviation) before fitting, and penalties act on the standardised coefficients, as descent's defaults do.
"""
import pathlib
import sys

import numpy as np
import scipy
import scipy.optimize
import sklearn
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, QuantileRegressor, Ridge
from sklearn.svm import SVC, SVR

ROOT = pathlib.Path(__file__).resolve().parents[2] / "data"
OUT = pathlib.Path(__file__).with_suffix(".txt")


def table(name):
    lines = (ROOT / name).read_text().split()
    rows = [line.split(",") for line in lines[1:]]
    target = [row[-1] for row in rows]
    return np.array([[float(v) for v in row[:-1]] for row in rows]), target


def standardised(x):
    mean, scale = x.mean(axis=0), x.std(axis=0)
    return (x - mean) / scale, mean, scale


def codes(labels):
    names = sorted(set(labels))
    return np.array([names.index(label) for label in labels])


def logistic(margin):
    return np.logaddexp(0.0, -margin)


LINES = []


def add(case, objective, w, b, mean, scale):
    w = np.atleast_2d(w)
    b = np.atleast_1d(b)
    raw = w / scale
    shift = raw @ mean
    numbers = [objective, *(b - shift), *raw.ravel()]
    LINES.append(case + " " + " ".join(repr(float(v)) for v in numbers))


def polish(function, start):
    """scipy's BFGS family from a start until it gets no better."""
    best = scipy.optimize.minimize(function, start, jac=True, method="L-BFGS-B",
                                   options={"maxiter": 100000, "maxfun": 1000000, "ftol": 0, "gtol": 1e-13, "maxcor": 50})
    return best.x, best.fun


x, target = table("diabetes.csv")
y = np.array([float(t) for t in target])
z, mean, scale = standardised(x)
n = len(y)

model = np.linalg.lstsq(np.c_[np.ones(n), z], y, rcond=None)[0]
add("least_squares", np.mean((z @ model[1:] + model[0] - y) ** 2), model[1:], model[0], mean, scale)

a = 0.1
model = Ridge(alpha=a * n / 2, tol=1e-14, solver="cholesky").fit(z, y)
add("ridge", np.mean((model.predict(z) - y) ** 2) + a / 2 * np.sum(model.coef_**2), model.coef_, model.intercept_, mean, scale)

a = 2.0
model = Lasso(alpha=a, tol=1e-14, max_iter=1000000).fit(z, y)
add("lasso", np.mean((model.predict(z) - y) ** 2) / 2 + a * np.sum(np.abs(model.coef_)), model.coef_, model.intercept_, mean, scale)

a, r = 1.0, 0.5
model = ElasticNet(alpha=a, l1_ratio=r, tol=1e-14, max_iter=1000000).fit(z, y)
add("elasticnet", np.mean((model.predict(z) - y) ** 2) / 2 + a * r * np.sum(np.abs(model.coef_)) + a * (1 - r) / 2 * np.sum(model.coef_**2),
    model.coef_, model.intercept_, mean, scale)


def huber(theta, epsilon=40.0, a=0.1):
    residual = z @ theta[1:] + theta[0] - y
    slope = np.clip(residual, -epsilon, epsilon)
    value = np.where(np.abs(residual) <= epsilon, residual**2 / 2, epsilon * np.abs(residual) - epsilon**2 / 2)
    gradient = np.r_[slope.mean(), z.T @ slope / n + a * theta[1:]]
    return value.mean() + a / 2 * theta[1:] @ theta[1:], gradient


theta, value = polish(huber, np.zeros(11))
add("huber", value, theta[1:], theta[0], mean, scale)

for q in (0.5, 0.9):
    model = QuantileRegressor(quantile=q, alpha=0.0, solver="highs").fit(z, y)
    residual = model.predict(z) - y
    add(f"quantile_{q}", np.mean(np.where(residual > 0, (1 - q) * residual, -q * residual)), model.coef_, model.intercept_, mean, scale)

a, epsilon = 0.01, 10.0
model = SVR(kernel="linear", C=1 / (a * n), epsilon=epsilon, tol=1e-10, max_iter=-1).fit(z, y)
residual = model.predict(z) - y
add("epsilon_insensitive", np.mean(np.maximum(0, np.abs(residual) - epsilon)) + a / 2 * np.sum(model.coef_**2), model.coef_,
    model.intercept_, mean, scale)

x, target = table("breast_cancer.csv")
label = codes(target)
sign = 2.0 * label - 1.0
z, mean, scale = standardised(x)
n = len(label)

a = 0.01


def smooth(point):
    def function(theta):
        value, slope = point(sign * (z @ theta[1:] + theta[0]))
        slope = slope * sign / n
        return value.mean() + a / 2 * theta[1:] @ theta[1:], np.r_[slope.sum(), z.T @ slope + a * theta[1:]]
    return function


theta, value = polish(smooth(lambda m: (logistic(m), -1 / (1 + np.exp(m)))), np.zeros(31))
other = LogisticRegression(C=1 / (a * n), tol=1e-12, max_iter=100000).fit(z, label)
margin = sign * other.decision_function(z)
assert abs(logistic(margin).mean() + a / 2 * np.sum(other.coef_**2) - value) < 1e-7 * value  # its lbfgs stops earlier
add("logistic_l2", value, theta[1:], theta[0], mean, scale)

theta, value = polish(smooth(lambda m: (np.maximum(0, 1 - m) ** 2, -2 * np.maximum(0, 1 - m))), np.zeros(31))
add("squared_hinge", value, theta[1:], theta[0], mean, scale)

model = SVC(kernel="linear", C=1 / (a * n), tol=1e-12).fit(z, label)
margin = sign * model.decision_function(z)
add("hinge", np.maximum(0, 1 - margin).mean() + a / 2 * np.sum(model.coef_**2), model.coef_, model.intercept_, mean, scale)

model = LogisticRegression(penalty="l1", solver="saga", C=1 / (a * n), tol=1e-13, max_iter=200000).fit(z, label)
margin = sign * model.decision_function(z)
add("logistic_l1", logistic(margin).mean() + a * np.sum(np.abs(model.coef_)), model.coef_, model.intercept_, mean, scale)

x, target = table("iris.csv")
label = codes(target)
z, mean, scale = standardised(x)
n = len(label)
a = 0.001
model = LogisticRegression(C=1 / (a * n), tol=1e-13, max_iter=100000).fit(z, label)
scores = z @ model.coef_.T + model.intercept_
value = np.mean(scipy.special.logsumexp(scores, axis=1) - scores[np.arange(n), label]) + a / 2 * np.sum(model.coef_**2)
add("softmax", value, model.coef_, model.intercept_, mean, scale)

versions = f"python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}"
OUT.write_text(f"# tests/golden/linear.py with {versions}\n" + "\n".join(LINES) + "\n")
