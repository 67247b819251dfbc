import torch
from torch import nn


class Named:
    def title(self):
        return f"<{self.name}>"

    def shout(self):
        return self.title().upper()


class Counted:
    def count(self):
        return len(self.items)


class Box(Named, Counted):
    def __init__(self, name, items):
        self.name = name
        self.items = items


class Loud(Named, nn.Module):
    def __init__(self, name):
        super().__init__()
        self.name = name
        self.fc = nn.Linear(2, 1)

    def forward(self, x):
        return self.fc(x)


box = Box("box", [1, 2, 3])
print(box.title(), box.shout(), box.count(), isinstance(box, Named), isinstance(box, Counted))
model = Loud("net")
print(model.shout(), model(torch.ones(1, 2)).shape, isinstance(model, nn.Module), isinstance(model, Named))
