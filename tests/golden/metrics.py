"""Writes metrics.txt: values of scikit-learn's metrics on small random predictions.

Each block is `case NAME`, then lines `KEY v v v ...`. Run with Debian's python3-sklearn: python3 metrics.py > metrics.txt
"""
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")
print(f"# scikit-learn {sklearn.__version__}, numpy {np.__version__}")
rng = np.random.default_rng(20240511)


def show(key, values):
    print(key, *(repr(float(v)) for v in np.ravel(values)))


def regression(name, n, weighted):
    print("case", name)
    t = rng.normal(3, 10, n)
    p = t + rng.normal(0, 4, n)
    w = rng.uniform(0, 2, n) if weighted else None
    show("truth", t)
    show("values", p)
    if weighted:
        show("weights", w)
    mse = m.mean_squared_error(t, p, sample_weight=w)
    show("mse", mse)
    show("rmse", np.sqrt(mse))
    show("mae", m.mean_absolute_error(t, p, sample_weight=w))
    show("r2", m.r2_score(t, p, sample_weight=w))


def classification(name, n, k, weighted):
    print("case", name)
    labels = np.arange(k)
    t = rng.integers(0, k, n)
    z = rng.normal(0, 1, (n, k)) + 1.2 * (t[:, None] == labels)
    z = np.round(z, 1)  # ties, for the area under the curve
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    p[0] = np.eye(k)[(t[0] + 1) % k]  # certain and wrong: clipped
    y = p.argmax(1)
    w = rng.integers(0, 4, n) / 2 if weighted else None
    show("classes", [k])
    show("truth", t)
    show("labels", y)
    show("probabilities", p)
    if weighted:
        show("weights", w)
    show("accuracy", m.accuracy_score(t, y, sample_weight=w))
    show("log_loss", m.log_loss(t, p, labels=labels, sample_weight=w))
    show("confusion", m.confusion_matrix(t, y, labels=labels, sample_weight=w))
    for key, average in [("by_class", None), ("macro", "macro"), ("micro", "micro"), ("weighted", "weighted")]:
        got = m.precision_recall_fscore_support(t, y, labels=labels, average=average, sample_weight=w, zero_division=0)
        show(key, np.stack([np.asarray(g, dtype=float) for g in got[:3]]))
    s = np.round(p, 2)
    if k == 2:
        show("roc_auc", m.roc_auc_score(t, s[:, 1], sample_weight=w))
    else:
        show("roc_auc", np.mean([m.roc_auc_score(t == c, s[:, c], sample_weight=w) for c in labels]))


regression("regression", 53, False)
regression("regression weighted", 40, True)
classification("binary", 61, 2, False)
classification("binary weighted", 50, 2, True)
classification("three classes", 70, 3, False)
classification("four classes weighted", 64, 4, True)
