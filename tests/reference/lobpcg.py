"""torch.lobpcg from given starts: a JSON object of eigenvalues and eigenvectors (hex), iterations, gradients and errors."""
import json

import torch


def matrix(m, dtype=torch.float64, batch=()):
    """Symmetric, positive definite, the same in JavaScript: cosines."""
    numel = m * m
    for size in batch:
        numel *= size
    a = torch.cos(torch.arange(numel, dtype=torch.float64)).reshape(*batch, m, m)
    return ((a + a.mT) / 2 + 2 * m * torch.eye(m, dtype=torch.float64) + torch.diag(torch.arange(m, dtype=torch.float64))).to(dtype)


def start(m, n, dtype=torch.float64, batch=()):
    numel = m * n
    for size in batch:
        numel *= size
    return torch.sin(torch.arange(numel, dtype=torch.float64) ** 2).reshape(*batch, m, n).to(dtype)


def hexes(tensor):
    return tensor.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes().hex()


def run(a, **options):
    steps = []
    tracker = lambda worker: steps.append([worker.ivars["istep"], worker.ivars["converged_count"], worker.ivars["converged_end"]])
    values, vectors = torch.lobpcg(a, tracker=tracker, **options)
    return {"E": values.tolist(), "X": vectors.tolist(), "hex": hexes(values) + hexes(vectors), "steps": steps}


def error_of(call):
    try:
        call()
    except Exception as error:
        return str(error).split("\n")[0]
    return None


def gradient(m, n, **options):
    a = matrix(m).requires_grad_()
    values, vectors = torch.lobpcg(a, X=start(m, n), tol=1e-12, **options)
    (values.sum() + (vectors ** 2 * torch.arange(m, dtype=torch.float64).unsqueeze(-1)).sum()).backward()
    return a.grad.tolist()


b = (start(12, 12) + start(12, 12).mT) / 2 + 24 * torch.eye(12, dtype=torch.float64)
results = {
    "ortho": run(matrix(12), X=start(12, 3)),
    "smallest": run(matrix(12), X=start(12, 2), largest=False),
    "fewer": run(matrix(12), k=2, X=start(12, 4)),
    "float32": run(matrix(10, torch.float32), X=start(10, 2, torch.float32)),
    "general": run(matrix(12), B=b, X=start(12, 2)),
    "preconditioned": run(matrix(12), X=start(12, 2), iK=torch.linalg.inv(matrix(12)), largest=False),
    "basic": run(matrix(12), X=start(12, 2), method="basic", niter=20, tol=1e-6),
    "basic general": run(matrix(12), B=b, X=start(12, 2), method="basic", niter=4),
    "sparse": run(matrix(12).to_sparse(), X=start(12, 2)),
    "batch": run(matrix(9, batch=(2,)), X=start(9, 2, batch=(2,))),
    "dropping": run(matrix(12), X=start(12, 3), ortho_bparams={"ortho_use_drop": True}),
    "tight": run(matrix(12), X=start(12, 2), tol=1e-10, ortho_iparams={"ortho_i_max": 2}, ortho_fparams={"ortho_tol": 1e-9}),
    "limited": run(matrix(12), X=start(12, 2), niter=3),
}
print(json.dumps({
    "results": results,
    "gradients": {"largest": gradient(12, 2), "smallest": gradient(12, 3, largest=False), "one": gradient(9, 1)},
    "errors": {
        "small": error_of(lambda: torch.lobpcg(matrix(5), k=2)),
        "square": error_of(lambda: torch.lobpcg(torch.ones(3, 4), k=1)),
        "shapes": error_of(lambda: torch.lobpcg(matrix(9), B=matrix(8), k=1)),
        "sparse": error_of(lambda: torch.lobpcg(matrix(9).to_sparse().requires_grad_(), X=start(9, 1))[0].sum().backward()),
        "general": error_of(lambda: torch.lobpcg(matrix(9).requires_grad_(), B=matrix(9), X=start(9, 1))[0].sum().backward()),
    },
}))
