import torch
from torch import nn, optim
torch.manual_seed(0)
x = torch.linspace(-1, 1, 20).unsqueeze(1)
y = x.pow(2) + 0.1 * torch.rand(x.size())
net = nn.Sequential(nn.Linear(1, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = optim.SGD(net.parameters(), lr=0.2, momentum=0.9)
criterion = nn.MSELoss()
losses = []
for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if epoch % 2 == 0:
        print('epoch', epoch, 'loss %.4f' % loss.item())
print(losses[-1] < losses[0], len(losses))
