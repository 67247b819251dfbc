import torch
from torch import nn, optim

torch.manual_seed(0)
model = nn.Linear(3, 1)
optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
x, y = torch.randn(8, 3), torch.randn(8, 1)
for epoch in range(4):
    optimizer.zero_grad()
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    print(f"{epoch} {loss.item():.4f} {scheduler.get_last_lr()[0]:.3f} {optimizer.param_groups[0]['lr']:.3f}")
