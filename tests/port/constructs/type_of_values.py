import torch
import torch.nn as nn

x = torch.tensor([1, 2])
print(type(x), type(x).__name__)
print(type(3.0), type([1]), type('a') == str, type(2) is float)
layer = nn.Linear(2, 3)
print(type(layer), type(layer.weight))
print(type(layer.weight) == nn.Parameter, type(layer.weight) is not nn.Parameter)
print(f'{type(x.numpy())} {type(x.shape)} {type(x.dtype)} {type(x.device)}')


class Net(nn.Module):
    pass


print(type(Net()), type((1, 2)) in (list, tuple), type(None))
print('%s and {}'.format(type(2)) % type({}))
print(id(x) == id(x), id(x) == id(layer))


def where(accelerated):
    if accelerated:
        return torch.accelerator.current_accelerator()
    return torch.device('cpu')


print(f'on {where(False)}', 'on {}'.format(where(False)), str(where(False)), repr(where(False)))
