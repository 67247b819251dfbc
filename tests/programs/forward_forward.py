"""Layers that each learn by themselves to tell positive from negative data, without a backward pass through the net."""
import torch
import torch.nn as nn
from torch.optim import Adam


def overlay(x, y, classes=10):
    result = x.clone()
    result[:, :classes] *= 0.0
    result[range(x.shape[0]), y] = x.max()
    return result


class Layer(nn.Linear):
    def __init__(self, in_features, out_features):
        super().__init__(in_features, out_features)
        self.relu = torch.nn.ReLU()
        self.opt = Adam(self.parameters(), lr=0.03)
        self.threshold = 2.0

    def forward(self, x):
        direction = x / (x.norm(2, 1, keepdim=True) + 1e-4)
        return self.relu(torch.mm(direction, self.weight.T) + self.bias.unsqueeze(0))

    def learn(self, positive, negative, steps):
        for _ in range(steps):
            g_pos = self.forward(positive).pow(2).mean(1)
            g_neg = self.forward(negative).pow(2).mean(1)
            loss = torch.log(1 + torch.exp(torch.cat([self.threshold - g_pos, g_neg - self.threshold]))).mean()
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
        print(f"loss {loss.item():.6f}")
        return self.forward(positive).detach(), self.forward(negative).detach()


class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([Layer(a, b) for a, b in zip(sizes, sizes[1:])])

    def predict(self, x):
        per_label = []
        for label in range(10):
            h = overlay(x, torch.full((x.shape[0],), label))
            goodness = []
            for layer in self.layers:
                h = layer(h)
                goodness.append(h.pow(2).mean(1))
            per_label.append(sum(goodness).unsqueeze(1))
        return torch.cat(per_label, 1)


torch.manual_seed(1234)
torch.set_num_threads(1)
x, y = torch.rand(32, 784), torch.randint(0, 10, (32,))
positive, negative = overlay(x, y), overlay(x, y[torch.randperm(32)])
net = Net([784, 100, 100])
print(net)
h_pos, h_neg = positive, negative
for layer in net.layers:
    h_pos, h_neg = layer.learn(h_pos, h_neg, 10)
scores = net.predict(x)
print(scores[:2])
print("train error:", 1.0 - scores.argmax(1).eq(y).float().mean().item())
