import torch

torch.manual_seed(3)
print(torch.rand(2, 2), torch.randn(3), torch.randint(0, 10, (4,)), torch.randperm(5))
gen = torch.Generator().manual_seed(1)
print(torch.rand(2, generator=gen), torch.bernoulli(torch.full((3,), 0.5), generator=gen))
x = torch.empty(3)
x.normal_(0, 1)
print(x, torch.multinomial(torch.tensor([0.1, 0.9]), 3, replacement=True))
