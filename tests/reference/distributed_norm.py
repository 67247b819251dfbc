"""What tests/distributed/scenarios/norm.mjs does, in Python."""

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.modules._functions import SyncBatchNorm
from __main__ import note, rank, size

# PyTorch has these operators for GPUs alone: here they are put together from others.
kernels = {}


def kernel(run):
    kernels[run.__name__] = run
    return run


def others(x):
    return [i for i in range(x.ndim) if i != 1]


def wide(x, like):
    return x.reshape([1, -1] + [1] * (like.ndim - 2))


@kernel
def batch_norm_stats(x, eps):
    return x.mean(others(x)), x.var(others(x), correction=0).add(eps).rsqrt()


@kernel
def batch_norm_gather_stats_with_counts(x, means, invstds, running_mean, running_var, momentum, eps, counts):
    total = counts.sum()
    weights = counts.reshape(-1, 1)
    mean = means.mul(weights).sum(0).div(total)
    var = invstds.pow(-2).sub(eps).add(means.sub(mean).pow(2)).mul(weights).sum(0).div(total)
    if running_mean is not None:
        running_mean.mul_(1 - momentum).add_(mean.mul(momentum))
        running_var.mul_(1 - momentum).add_(var.mul(total).div(total.sub(1)).mul(momentum))
    return mean, var.add(eps).rsqrt()


@kernel
def batch_norm_elemt(x, weight, bias, mean, invstd, eps):
    y = x.sub(wide(mean, x)).mul(wide(invstd, x))
    return y if weight is None else y.mul(wide(weight, x)).add(wide(bias, x))


@kernel
def batch_norm_backward_reduce(dy, x, mean, invstd, weight, input_g, weight_g, bias_g):
    sum_dy = dy.sum(others(x))
    sum_dy_xmu = dy.mul(x.sub(wide(mean, x))).sum(others(x))
    return sum_dy, sum_dy_xmu, sum_dy_xmu.mul(invstd), sum_dy.clone()


@kernel
def batch_norm_backward_elemt(dy, x, mean, invstd, weight, sum_dy, sum_dy_xmu, count):
    total = count.sum()
    centered = x.sub(wide(mean, x)).mul(wide(invstd.pow(2).mul(sum_dy_xmu).div(total), x))
    dx = dy.sub(wide(sum_dy.div(total), x)).sub(centered).mul(wide(invstd, x))
    return dx if weight is None else dx.mul(wide(weight, x))


def sync_batch_norm():
    library = torch.library.Library("aten", "IMPL", "CPU")
    for name, run in kernels.items():
        library.impl(name, run)
    everyone = dist.group.WORLD
    pair = dist.new_group([0, size - 1])

    def run(rows, shape, affine, group):
        torch.manual_seed(4)
        norm = nn.BatchNorm2d(3, affine=affine)
        whole = nn.BatchNorm2d(3, affine=affine)
        if affine:
            norm.weight.data.normal_()
            whole.weight.data.copy_(norm.weight)
        members = list(range(size)) if group is everyone else [0, size - 1]
        if rank not in members:
            return None
        counts = [rows[member] for member in members]
        x = torch.randn(sum(counts), 3, *shape)
        gradient = torch.randn(sum(counts), 3, *shape)
        mine = members.index(rank)
        part = x.split(counts)[mine].clone().requires_grad_()
        y = SyncBatchNorm.apply(
            part, norm.weight, norm.bias, norm.running_mean, norm.running_var, 1e-5, 0.2, group, len(members)
        )
        y.backward(gradient.split(counts)[mine])
        whole.momentum = 0.2
        z = x.clone().requires_grad_()
        expected = (whole if shape else whole_rows(whole))(z)
        expected.backward(gradient)
        same = [
            torch.allclose(a, b, atol=1e-5)
            for a, b in [
                (y, expected.split(counts)[mine]),
                (part if part.grad is None else part.grad, z.grad.split(counts)[mine]),
                (norm.running_mean, whole.running_mean),
                (norm.running_var, whole.running_var),
            ]
        ]
        of_parameters = [norm.weight.grad, norm.bias.grad] if affine else []
        return [same, y.detach(), part.grad, norm.running_mean, norm.running_var, of_parameters]

    def whole_rows(norm):
        return lambda x: norm(x.reshape(*x.shape, 1, 1)).reshape(x.shape)

    note("sync batches", lambda: run([2, 2, 2], [4, 4], True, everyone))
    note("sync uneven", lambda: run([1, 4, 2], [], True, everyone))
    note("sync without a scale", lambda: run([3, 1, 2], [2, 3], False, everyone))
    note("sync one without a row", lambda: run([3, 0, 2], [2, 2], True, everyone))
    note("sync two of three", lambda: run([2, 0, 3], [2, 2], True, pair))

    def on_cpu(training):
        norm = nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.BatchNorm1d(3)), everyone)
        norm.train(training)
        try:
            return norm(torch.arange(6.0).reshape(2, 3))
        except ValueError as error:
            return [str(error), norm[0].num_batches_tracked]

    note("sync training on the CPU", lambda: on_cpu(True))
    note("sync evaluation on the CPU", lambda: on_cpu(False))
    library._destroy()


scenarios = {"sync_batch_norm": sync_batch_norm}
