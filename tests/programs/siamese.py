"""Two images through one network, which says whether they show the same; an own Dataset and optimizer groups."""
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        other = (index * 7 + 3) % len(self)
        same = float(self.labels[index] == self.labels[other])
        return self.images[index], self.images[other], torch.tensor(same, dtype=torch.float)


class SiameseNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
            nn.Conv2d(8, 16, 3), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)),
        )
        self.fc = nn.Sequential(nn.Linear(32, 256), nn.ReLU(inplace=True), nn.Linear(256, 1))
        self.sigmoid = nn.Sigmoid()
        self.features.apply(self.init_weights)
        self.fc.apply(self.init_weights)

    def init_weights(self, m):
        if isinstance(m, nn.Linear):
            torch.nn.init.xavier_uniform_(m.weight)
            m.bias.data.fill_(0.01)

    def forward_once(self, x):
        output = self.features(x)
        return output.view(output.size()[0], -1)

    def forward(self, a, b):
        output = torch.cat((self.forward_once(a), self.forward_once(b)), 1)
        return self.sigmoid(self.fc(output))


torch.manual_seed(1)
torch.set_num_threads(1)
loader = DataLoader(Pairs(torch.rand(20, 1, 28, 28), torch.randint(0, 3, (20,))), batch_size=5, shuffle=True)
model = SiameseNetwork()
optimizer = optim.Adadelta([
    {"params": model.features.parameters(), "lr": 0.5},
    {"params": model.fc.parameters()},
], lr=1.0)
criterion = nn.BCELoss()
for epoch in range(2):
    model.train()
    for a, b, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(a, b).squeeze(), targets)
        loss.backward()
        optimizer.step()
        print(f"epoch {epoch} loss {loss.item():.6f}")
model.eval()
correct = 0
with torch.no_grad():
    for a, b, targets in loader:
        pred = torch.where(model(a, b).squeeze() > 0.5, 1, 0)
        correct += pred.eq(targets.view_as(pred)).sum().item()
print("correct", correct)
print({k: tuple(v.shape) for k, v in model.state_dict().items()})
