"""Whether one sentence follows from another: embeddings, a bidirectional LSTM for both, packed sentences."""
import torch
import torch.nn as nn
import torch.optim as optim
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

torch.manual_seed(2)
torch.set_num_threads(1)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(input_size=30, hidden_size=20, num_layers=2, dropout=0.2, bidirectional=True)

    def forward(self, inputs, lengths):
        packed = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
        _, (ht, _) = self.rnn(packed)
        return ht[-2:].transpose(0, 1).contiguous().view(inputs.size(1), -1)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 30, padding_idx=0)
        self.projection = nn.Linear(30, 30)
        self.encoder = Encoder()
        self.relu = nn.ReLU()
        widths = [80, 80, 80]
        layers = [module for width in widths for module in (nn.Linear(80, width), self.relu, nn.Dropout(0.2))]
        self.out = nn.Sequential(*layers, nn.Linear(80, 3))

    def forward(self, premise, hypothesis):
        def encode(sentences):
            lengths = torch.tensor([len(s) for s in sentences])
            embedded = self.embed(pad_sequence(sentences))
            return self.encoder(self.relu(self.projection(embedded)), lengths)

        return self.out(torch.cat([encode(premise), encode(hypothesis)], 1))


def sentences(count):
    lengths = torch.randint(3, 9, (count,)).tolist()
    return [torch.randint(1, 50, (length,)) for length in lengths]


model = Classifier()
print(model)
criterion = nn.CrossEntropyLoss()
opt = optim.Adam(model.parameters(), lr=0.001)
for iteration in range(4):
    premise, hypothesis, label = sentences(8), sentences(8), torch.randint(0, 3, (8,))
    model.train()
    opt.zero_grad()
    answer = model(premise, hypothesis)
    n_correct = (torch.max(answer, 1)[1].view(label.size()) == label).sum().item()
    loss = criterion(answer, label)
    loss.backward()
    opt.step()
    print("{:>3} {:8.6f} {:8.4f}".format(iteration, loss.item(), 100.0 * n_correct / 8))
