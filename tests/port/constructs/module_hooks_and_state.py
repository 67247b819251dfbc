import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
state = model.state_dict()
print(list(state.keys()), state["0.weight"].shape)
seen = []
handle = model[1].register_forward_hook(lambda m, inputs, output: seen.append(output.shape))
model(torch.ones(4, 2))
handle.remove()
model(torch.ones(5, 2))
print(seen)
for name, p in model.named_parameters():
    print(name, tuple(p.shape), p.requires_grad)
print(sum(p.numel() for p in model.parameters()))
for p in model[0].parameters():
    p.requires_grad = False
print([p.requires_grad for p in model.parameters()])
other = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
other.load_state_dict(state)
print(torch.equal(other(torch.ones(1, 2)), model(torch.ones(1, 2))))
