import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
logits = torch.randn(4, 3, requires_grad=True)
target = torch.tensor([0, 2, 1, 1])
loss = F.cross_entropy(logits, target)
loss.backward()
print(loss, logits.grad.abs().sum())
print(nn.MSELoss()(logits.detach(), torch.zeros(4, 3)).item() > 0)
print(F.nll_loss(F.log_softmax(logits, dim=1), target, reduction="sum"))
pred = logits.argmax(dim=1, keepdim=True)
correct = pred.eq(target.view_as(pred)).sum().item()
print(correct, f"{100.0 * correct / len(target):.1f}%")
