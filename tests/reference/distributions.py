"""What torch.distributions computes, as JSON: python distributions.py MODE FILE, where the file has the cases.

`replay`: each case constructs a distribution; what its attributes and methods give. `kl`: the divergence of each pair of
distributions. `texts`: what Python expressions print, or their errors."""
import json
import sys
import warnings

import torch
import torch.distributions as D
from torch.distributions import constraint_registry as K  # noqa: F401
from torch.distributions import constraints as C  # noqa: F401
from torch.distributions import transforms as X

T = torch.tensor


def I(base):  # noqa: E743
    return D.Independent(base, 1)


def encoded(value):
    if isinstance(value, torch.Tensor):
        shown = value.detach().contiguous()
        return {
            "dtype": str(value.dtype)[6:],
            "shape": list(value.shape),
            "hex": shown.reshape(-1).view(torch.uint8).numpy().tobytes().hex() if shown.numel() else "",
        }
    if isinstance(value, torch.Size):
        return {"size": list(value)}
    if isinstance(value, (list, tuple)):
        return [encoded(item) for item in value]
    if value is None or isinstance(value, (bool, str, int)):
        return value
    return {"text": repr(value)}


def attempt(make):
    try:
        return encoded(make())
    except Exception as error:
        return {"error": str(error)}


def decoded(value, dtype, leaves):
    """A tensor, number or object from what the case says of it."""
    if isinstance(value, dict) and "tensor" in value:
        kind = value.get("dtype")
        tensor = T(value["tensor"], dtype=getattr(torch, kind) if kind else dtype)
        if tensor.is_floating_point() and not value.get("constant"):
            leaves.append(tensor.requires_grad_())
        return tensor
    if isinstance(value, dict) and "of" in value:
        made = getattr(D, value["of"])
        return made(*[decoded(item, dtype, leaves) for item in value["args"]])
    if isinstance(value, list):
        return [decoded(item, dtype, leaves) for item in value]
    return value


def constructed(case):
    leaves = []
    dtype = getattr(torch, case["dtype"])
    named = {name: decoded(value, dtype, leaves) for name, value in case["args"].items()}
    return getattr(D, case["name"])(**named), leaves


def gradients(value, leaves):
    return torch.autograd.grad(value.sum(), leaves, allow_unused=True)


def replay(case):
    results = {}

    def note(name, make):
        torch.manual_seed(7)
        results[name] = attempt(make)

    def fresh():
        return constructed(case)

    made, _ = fresh()
    note("repr", lambda: repr(made))
    for name in ("batch_shape", "event_shape", "has_rsample", "has_enumerate_support"):
        note(name, lambda: getattr(made, name))
    note("support", lambda: repr(made.support))
    note("arg_constraints", lambda: repr(made.arg_constraints))
    for name in ("mean", "mode", "variance", "stddev"):
        note(name, lambda: getattr(fresh()[0], name))
    for name in case["attributes"]:
        note(name, lambda: getattr(fresh()[0], name))
    note("entropy", lambda: fresh()[0].entropy())
    note("perplexity", lambda: fresh()[0].perplexity())
    note("sample", lambda: fresh()[0].sample())
    note("sample([2, 3])", lambda: fresh()[0].sample((2, 3)))

    def with_gradients(compute):
        distribution, leaves = fresh()
        value = compute(distribution)
        return [value, *gradients(value, leaves)]

    # A sum is constant where values are on the simplex: weights make it depend on the parameters.
    note(
        "rsample([2])",
        lambda: with_gradients(lambda d: (lambda x: x * torch.arange(1, x.numel() + 1).view(x.shape))(d.rsample((2,)))),
    )
    torch.manual_seed(8)
    try:
        value = made.sample((3,)).detach()
    except Exception:
        value = torch.zeros(())
    note("log_prob", lambda: with_gradients(lambda d: d.log_prob(value)))
    note("cdf", lambda: with_gradients(lambda d: d.cdf(value)))
    note("icdf", lambda: with_gradients(lambda d: d.icdf(torch.full_like(value, 0.3))))
    note("enumerate_support", lambda: fresh()[0].enumerate_support())
    note("enumerate_support(False)", lambda: fresh()[0].enumerate_support(expand=False))
    note("gradient of entropy", lambda: with_gradients(lambda d: d.entropy()))

    def expanded():
        return fresh()[0].expand((2, *made.batch_shape))

    note("expand", lambda: repr(expanded()))
    note("shapes of expand", lambda: [expanded().batch_shape, expanded().event_shape])
    note("sample of expand", lambda: expanded().sample((2,)))
    note("log_prob of expand", lambda: expanded().log_prob(value[:, None] if value.dim() > 0 else value))
    note("mean of expand", lambda: expanded().mean)
    note("entropy of expand", lambda: expanded().entropy())
    return results


def texts(source):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        torch.manual_seed(0)
        try:
            result = {"text": repr(eval(source))}
        except Exception as error:
            result = {"error": str(error)}
        result["warnings"] = [str(warning.message) for warning in said]
        return result


def transforms(case):
    """Forward, inverse and Jacobian of a transform, with their gradients."""
    dtype = getattr(torch, case["dtype"])
    transform = eval(case["source"])
    x = T(case["x"], dtype=dtype)
    y = transform(x)
    return {
        "forward": attempt(lambda: transform(x)),
        "gradient": attempt(lambda: (lambda leaf: torch.autograd.grad(transform(leaf).pow(2).sum(), leaf)[0])(x.clone().requires_grad_())),
        "inverse": attempt(lambda: transform.inv(y)),
        "log_abs_det_jacobian": attempt(lambda: transform.log_abs_det_jacobian(x, y)),
        "of inverse": attempt(lambda: transform.inv.log_abs_det_jacobian(y, x)),
        "forward_shape": attempt(lambda: list(transform.forward_shape(x.shape))),
        "inverse_shape": attempt(lambda: list(transform.inverse_shape(y.shape))),
        "repr": repr(transform),
        "repr of inverse": repr(transform.inv),
        "bijective": transform.bijective,
        "sign": attempt(lambda: transform.sign),
        "event_dim": attempt(lambda: transform.event_dim),
        "domain": attempt(lambda: repr(transform.domain)),
        "codomain": attempt(lambda: repr(transform.codomain)),
        "in domain": attempt(lambda: transform.domain.check(x)),
        "in codomain": attempt(lambda: transform.codomain.check(y)),
        "equal": eval(case["source"]) == transform,
        "equal inverse": transform.inv.inv == transform,
        "cached": attempt(lambda: (lambda kept: kept.inv(kept(x)) is x)(transform.with_cache(1))),
    }


def divergence(pair):
    p, leaves = constructed(pair[0])
    q, more = constructed(pair[1])
    value = D.kl_divergence(p, q)
    tensors = leaves + more
    return [value, *(gradients(value, tensors) if value.requires_grad else [None for _ in tensors])]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with open(sys.argv[2]) as file:
        cases = json.load(file)
    run = {"replay": replay, "texts": texts, "transforms": transforms, "kl": lambda pair: attempt(lambda: divergence(pair))}
    mode = sys.argv[1]
    if mode == "kl":
        json.dump([run["kl"]([p, q]) for p in cases for q in cases if p["dtype"] == q["dtype"]], sys.stdout)
    else:
        json.dump([run[mode](case) for case in cases], sys.stdout)
