"""Writes autodiff.txt: values, gradients and products with the Hessian by torch's autograd, at points of a fixed list.

Lines: NAME n, then x, then f, then df/dx, then v, then H v. Run with Debian's python3-torch: python3 autodiff.py > autodiff.txt
"""
import torch

torch.set_default_dtype(torch.float64)
print("# torch", torch.__version__)


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def logistic(x):
    rows = torch.sin(torch.arange(1, 7).reshape(-1, 1) * torch.arange(1, len(x) + 1)[None, :] * 1.0)
    sign = torch.tensor([1.0, -1, 1, 1, -1, -1])
    return torch.nn.functional.softplus(-sign * (rows @ x)).sum() + 0.05 * (x * x).sum()


def mixed(x):
    s = x[0] * 0
    for i in range(len(x)):
        s = s + torch.sin(x[i]) * torch.exp(-x[i] * x[i]) + torch.atan2(x[i], 1 + x[i] * x[i]) / (i + 1)
        s = s + torch.tanh(x[i]) * torch.log1p(x[i] * x[i]) + torch.sqrt(1 + x[i] * x[i]) * torch.abs(x[i])
        s = s + torch.maximum(x[i], x[i] * x[i]) + torch.pow(1 + torch.abs(x[i]), 1.5)
    return s + torch.logsumexp(x, 0)


for name, f in [("rosenbrock", rosenbrock), ("logistic", logistic), ("mixed", mixed)]:
    for n in (2, 5, 20):
        x = (torch.cos(torch.arange(n) * 1.7 + 0.3) * 1.5).requires_grad_()
        value = f(x)
        (gradient,) = torch.autograd.grad(value, x, create_graph=True)
        v = torch.sin(torch.arange(n) * 2.3 + 1.0)
        (product,) = torch.autograd.grad(gradient @ v, x)
        print(name, n, *(repr(float(number)) for number in [*x, value, *gradient, *v, *product]))
