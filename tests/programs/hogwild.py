"""Several workers that train one model in shared memory, each with a seed and an optimizer of its own."""
import argparse

import torch
import torch.multiprocessing as mp
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser(description="Hogwild")
parser.add_argument("--batch-size", type=int, default=8, metavar="N", help="input batch size for training (default: 8)")
parser.add_argument("--epochs", type=int, default=2, metavar="N", help="number of epochs to train (default: 2)")
parser.add_argument("--lr", type=float, default=0.01, metavar="LR", help="learning rate (default: 0.01)")
parser.add_argument("--momentum", type=float, default=0.5, metavar="M", help="SGD momentum (default: 0.5)")
parser.add_argument("--seed", type=int, default=1, metavar="S", help="random seed (default: 1)")
parser.add_argument("--num-processes", type=int, default=2, metavar="N", help="how many training processes to use (default: 2)")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.conv2_drop = nn.Dropout2d()
        self.fc1 = nn.Linear(320, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2_drop(self.conv2(x)), 2))
        x = x.view(-1, 320)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, training=self.training)
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)


def train(rank, args, model, device, dataset, dataloader_kwargs, losses):
    torch.manual_seed(args.seed + rank)
    train_loader = DataLoader(dataset, **dataloader_kwargs)
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum)
    for epoch in range(1, args.epochs + 1):
        train_epoch(epoch, model, device, train_loader, optimizer, losses[rank])


def train_epoch(epoch, model, device, data_loader, optimizer, losses):
    model.train()
    for batch_idx, (data, target) in enumerate(data_loader):
        optimizer.zero_grad()
        output = model(data.to(device))
        loss = F.nll_loss(output, target.to(device))
        loss.backward()
        optimizer.step()
        losses[epoch - 1, batch_idx] = loss.item()


def test(args, model, device, dataset, dataloader_kwargs):
    torch.manual_seed(args.seed)
    test_loader = DataLoader(dataset, **dataloader_kwargs)
    test_epoch(model, device, test_loader)


def test_epoch(model, device, data_loader):
    model.eval()
    test_loss = 0
    correct = 0
    with torch.no_grad():
        for data, target in data_loader:
            output = model(data.to(device))
            test_loss += F.nll_loss(output, target.to(device), reduction="sum").item()
            pred = output.max(1)[1]
            correct += pred.eq(target.to(device)).sum().item()
    test_loss /= len(data_loader.dataset)
    print("\nTest set: Average loss: {:.4f}, Accuracy: {}/{} ({:.0f}%)\n".format(
        test_loss, correct, len(data_loader.dataset), 100. * correct / len(data_loader.dataset)))


if __name__ == "__main__":
    args = parser.parse_args([])
    device = torch.device("cpu")
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    images, targets = torch.rand(40, 1, 28, 28), torch.randint(0, 10, (40,))
    dataset1 = TensorDataset(images[:24], targets[:24])
    dataset2 = TensorDataset(images[24:], targets[24:])
    kwargs = {"batch_size": args.batch_size, "shuffle": True}
    mp.set_start_method("fork", force=True)

    model = Net().to(device)
    model.share_memory()
    losses = torch.zeros(args.num_processes, args.epochs, 3).share_memory_()

    for rank in range(args.num_processes):
        p = mp.Process(target=train, args=(rank, args, model, device, dataset1, kwargs, losses))
        p.start()
        # One after the other here, so that the numbers do not depend on the scheduler.
        p.join()
        print(rank, p.exitcode)
    print(losses)
    test(args, model, device, dataset2, kwargs)
