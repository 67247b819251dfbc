import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
print(loss, loss.item(), w.grad)
with torch.no_grad():
    w -= 0.1 * w.grad
    w.grad.zero_()
print(w, w.requires_grad, w.grad)
@torch.no_grad()
def evaluate(x):
    return (x * w).requires_grad
print(evaluate(torch.ones(2)))
