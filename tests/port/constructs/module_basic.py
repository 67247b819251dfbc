import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, n_in, n_hidden=4):
        super(Net, self).__init__()
        self.hidden = nn.Linear(n_in, n_hidden)
        self.out = nn.Linear(n_hidden, 1)
    def forward(self, x):
        x = F.relu(self.hidden(x))
        return self.out(x)
torch.manual_seed(0)
net = Net(2)
print(net)
print(net(torch.ones(1, 2)), sum(p.numel() for p in net.parameters()))
