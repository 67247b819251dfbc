"""The graph of gradients behind a loss, as nested lists of names and numbers of inputs."""
import json

import torch


def tree(node):
    return node and [type(node).__name__, *([tree(following), number] for following, number in node.next_functions)]


a = torch.ones(2, 2, requires_grad=True)
b = torch.ones(2)
loss = (a * b + a.sum()).split(1)[1].mean()
print(json.dumps(tree(loss.grad_fn)))
