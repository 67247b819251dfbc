import torch
print(torch.tensor([1, 2]), torch.tensor([1., 2.]), torch.tensor(3.), torch.tensor([[1, 2.], [3, 4]]), torch.full((2,), 1.0))
i = torch.arange(4)
print(i.dtype, i * 2, i * 2.0, i / 2, i + 1.0, torch.arange(0., 3.), i.float() * 2.0)
