"""Twenty steps of training on the CPU, and what this PyTorch says of CUDA; prints one JSON document."""
import json

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)
model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_func = nn.CrossEntropyLoss()
losses = []
for _ in range(20):
    x, y = torch.randn(8, 16), torch.randint(0, 4, (8,))
    loss = loss_func(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
try:
    torch.ones(1, device="cuda")
    message = None
except RuntimeError as error:
    message = str(error)
print(json.dumps({
    "losses": losses, "version": torch.__version__, "cuda": torch.version.cuda, "available": torch.cuda.is_available(),
    "devices": torch.cuda.device_count(), "message": message,
}))
