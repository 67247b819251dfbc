"""The models of models.js, in the same order."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def stepper(optimizer, loss_of, clip=None):
    def step():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        if clip is not None:
            clip()
        optimizer.step()
        return loss.item()

    return step


def mlp(small):
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    batch = 8 if small else 128
    x, y = torch.rand(batch, 784), torch.randint(0, 10, [batch])
    return stepper(optimizer, lambda: F.cross_entropy(model(x), y))


class Rnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(28, 64, 1, batch_first=True)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        output, _ = self.rnn(x, None)
        return self.out(output[:, -1, :])


def tutorial_lstm(small):
    model = Rnn()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    loss = nn.CrossEntropyLoss()
    batch = 4 if small else 64
    x, y = torch.rand(batch, 28, 28), torch.randint(0, 10, [batch])
    return stepper(optimizer, lambda: loss(model(x), y))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()

        def block(inputs, outputs):
            return nn.Sequential(nn.Conv2d(inputs, outputs, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2))

        self.conv1 = block(1, 16)
        self.conv2 = block(16, 32)
        self.out = nn.Linear(32 * 7 * 7, 10)

    def forward(self, x):
        x = self.conv2(self.conv1(x))
        return self.out(x.view(x.size(0), -1))


def cnn(small):
    model = Cnn()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    batch = 2 if small else 50
    x, y = torch.rand(batch, 1, 28, 28), torch.randint(0, 10, [batch])
    return stepper(optimizer, lambda: F.cross_entropy(model(x), y))


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, 20)
        self.fc22 = nn.Linear(400, 20)
        self.fc3 = nn.Linear(20, 400)
        self.fc4 = nn.Linear(400, 784)

    def forward(self, x):
        hidden = F.relu(self.fc1(x))
        mu, logvar = self.fc21(hidden), self.fc22(hidden)
        std = torch.exp(logvar.mul(0.5))
        z = mu + torch.randn_like(std) * std
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, logvar


def vae(small):
    model = Vae()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    x = torch.rand(4 if small else 128, 784)

    def loss_of():
        again, mu, logvar = model(x)
        bce = F.binary_cross_entropy(again, x, reduction="sum")
        kld = torch.sum(logvar + 1 - mu.pow(2) - logvar.exp()) * -0.5
        return bce + kld

    return stepper(optimizer, loss_of)


def gan(small):
    batch = 4 if small else 64
    generator = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 784), nn.Tanh())
    critic = nn.Sequential(nn.Linear(784, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1), nn.Sigmoid())
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=0.0002)
    optimizer_d = torch.optim.Adam(critic.parameters(), lr=0.0002)
    criterion = nn.BCELoss()
    real = torch.rand(batch, 784)
    ones, zeros = torch.ones(batch, 1), torch.zeros(batch, 1)

    def step():
        fake = generator(torch.randn(batch, 64))
        loss_d = criterion(critic(real), ones) + criterion(critic(fake.detach()), zeros)
        optimizer_d.zero_grad()
        loss_d.backward()
        optimizer_d.step()
        loss_g = criterion(critic(fake), ones)
        optimizer_g.zero_grad()
        loss_g.backward()
        optimizer_g.step()
        return loss_d.item()

    return step


class Waves(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTMCell(1, 51)
        self.lstm2 = nn.LSTMCell(51, 51)
        self.linear = nn.Linear(51, 1)

    def forward(self, input):
        outputs = []
        h1, c1, h2, c2 = (torch.zeros(input.size(0), 51) for _ in range(4))
        for part in input.split(1, 1):
            h1, c1 = self.lstm1(part, (h1, c1))
            h2, c2 = self.lstm2(h1, (h2, c2))
            outputs.append(self.linear(h2))
        return torch.cat(outputs, 1)


def waves(small):
    model = Waves()
    shape = (2, 20) if small else (97, 40)
    x, y = torch.rand(shape), torch.rand(shape)
    return model, lambda: F.mse_loss(model(x), y)


def lstm_cells(small):
    model, loss_of = waves(small)
    return stepper(torch.optim.Adam(model.parameters(), lr=0.001), loss_of)


def lstm_cells_lbfgs(small):
    model, loss_of = waves(small)
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1, max_iter=5)

    def closure():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    return lambda: optimizer.step(closure).item()


class WordLstm(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.encoder = nn.Embedding(words, 200)
        self.rnn = nn.LSTM(200, 200, 2, dropout=0.2)
        self.decoder = nn.Linear(200, words)

    def forward(self, input, hidden):
        output, state = self.rnn(self.drop(self.encoder(input)), hidden)
        decoded = self.decoder(self.drop(output))
        return F.log_softmax(decoded.view(-1, decoded.size(2)), dim=1), state


def word_lstm(small):
    words, batch, length = (200, 2, 10) if small else (2000, 20, 35)
    model = WordLstm(words)
    input = torch.randint(0, words, [length, batch])
    target = torch.randint(0, words, [length * batch])
    hidden = (torch.zeros(2, batch, 200), torch.zeros(2, batch, 200))

    def step():
        nonlocal hidden
        model.zero_grad()
        hidden = tuple(state.detach() for state in hidden)
        output, hidden = model(input, hidden)
        loss = F.nll_loss(output, target)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-1)
        return loss.item()

    return step


class WordTransformer(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.input_emb = nn.Embedding(words, 200)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(200, 2, 200, 0.2), 2)
        self.decoder = nn.Linear(200, words)

    def forward(self, input):
        length = input.size(0)
        mask = torch.log(torch.tril(torch.ones(length, length)))
        hidden = self.encoder(self.input_emb(input) * math.sqrt(200), mask=mask)
        return F.log_softmax(self.decoder(hidden), dim=-1)


def word_transformer(small):
    words, batch, length = (200, 2, 10) if small else (2000, 20, 35)
    model = WordTransformer(words)
    input = torch.randint(0, words, [length, batch])
    target = torch.randint(0, words, [length * batch])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def clip():
        nn.utils.clip_grad_norm_(model.parameters(), 0.25)

    return stepper(optimizer, lambda: F.nll_loss(model(input).view(-1, words), target), clip)


class SelfAttention(nn.Module):
    def __init__(self, channels, heads, block):
        super().__init__()
        self.c_attn = nn.Linear(channels, 3 * channels)
        self.c_proj = nn.Linear(channels, channels)
        self.attn_dropout = nn.Dropout(0.1)
        self.resid_dropout = nn.Dropout(0.1)
        self.register_buffer("bias", torch.tril(torch.ones(block, block)).view(1, 1, block, block))
        self.heads = heads
        self.channels = channels

    def forward(self, x):
        batch, time, channels = x.size()

        def split(part):
            return part.view(batch, time, self.heads, channels // self.heads).transpose(1, 2)

        q, k, v = (split(part) for part in self.c_attn(x).split(self.channels, dim=2))
        att = (q @ k.transpose(-2, -1)) * (1 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.bias[:, :, :time, :time] == 0, float("-inf"))
        att = self.attn_dropout(F.softmax(att, dim=-1))
        y = (att @ v).transpose(1, 2).contiguous().view(batch, time, channels)
        return self.resid_dropout(self.c_proj(y))


class GptBlock(nn.Module):
    def __init__(self, channels, heads, block):
        super().__init__()
        self.ln_1 = nn.LayerNorm(channels)
        self.attn = SelfAttention(channels, heads, block)
        self.ln_2 = nn.LayerNorm(channels)
        self.mlp = nn.Sequential(
            nn.Linear(channels, 4 * channels), nn.GELU(), nn.Linear(4 * channels, channels), nn.Dropout(0.1)
        )

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    def __init__(self, words, block):
        super().__init__()
        self.wte = nn.Embedding(words, 48)
        self.wpe = nn.Embedding(block, 48)
        self.drop = nn.Dropout(0.1)
        self.h = nn.ModuleList([GptBlock(48, 3, block) for _ in range(3)])
        self.ln_f = nn.LayerNorm(48)
        self.lm_head = nn.Linear(48, words, bias=False)

    def forward(self, index):
        position = torch.arange(0, index.size(1), dtype=torch.long).unsqueeze(0)
        x = self.drop(self.wte(index) + self.wpe(position))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


def gpt_nano(small):
    batch, block = (2, 32) if small else (16, 128)
    model = Gpt(65, block)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.0005, betas=(0.9, 0.95))
    x = torch.randint(0, 65, [batch, block])
    y = torch.randint(0, 65, [batch, block])

    def clip():
        nn.utils.clip_grad_norm_(model.parameters(), 1)

    return stepper(optimizer, lambda: F.cross_entropy(model(x).view(-1, 65), y.view(-1)), clip)


class GraphConvolution(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter((torch.rand(inputs, outputs) - 0.5) * 0.1)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, input, adjacency):
        return torch.spmm(adjacency, torch.mm(input, self.weight)) + self.bias


class Gcn(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.gc1 = GraphConvolution(features, 16)
        self.gc2 = GraphConvolution(16, 7)

    def forward(self, x, adjacency):
        x = F.dropout(F.relu(self.gc1(x, adjacency)), 0.5, training=self.training)
        return F.log_softmax(self.gc2(x, adjacency), dim=1)


def gcn(small):
    nodes, features, edges = (30, 16, 90) if small else (2708, 1433, 10556)
    model = Gcn(features)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.0005)
    x = torch.rand(nodes, features)
    adjacency = torch.sparse_coo_tensor(torch.randint(0, nodes, [2, edges]), torch.rand(edges), [nodes, nodes])
    matrix = adjacency.coalesce()
    y = torch.randint(0, 7, [nodes])
    return stepper(optimizer, lambda: F.nll_loss(model(x, matrix), y))


class Vit(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 64, kernel_size=4, stride=4)
        self.cls = nn.Parameter(torch.randn(1, 1, 64))
        self.positions = nn.Parameter(torch.randn(1, 65, 64))
        layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)
        self.head = nn.Linear(64, 10)

    def forward(self, image):
        patches = self.patches(image).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(image.size(0), -1, -1), patches], 1) + self.positions
        return self.head(self.encoder(x)[:, 0])


def vit(small):
    model = Vit()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    batch = 1 if small else 16
    x, y = torch.rand(batch, 3, 32, 32), torch.randint(0, 10, [batch])
    return stepper(optimizer, lambda: F.cross_entropy(model(x), y))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Identity()
            if stride == 1
            else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))
        )

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + self.shortcut(x))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        widths = [64, 64, 128, 256, 512]
        blocks = []
        for i in [1, 2, 3, 4]:
            blocks.append(BasicBlock(widths[i - 1], widths[i], 1 if i == 1 else 2))
            blocks.append(BasicBlock(widths[i], widths[i], 1))
        self.layers = nn.Sequential(*blocks)
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.layers(F.relu(self.bn1(self.conv1(x))))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


def resnet18(small):
    model = ResNet18()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.0005)
    batch = 2 if small else 16
    x, y = torch.rand(batch, 3, 32, 32), torch.randint(0, 10, [batch])
    return stepper(optimizer, lambda: F.cross_entropy(model(x), y))


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 128)
        self.action_head = nn.Linear(128, 2)
        self.value_head = nn.Linear(128, 1)

    def forward(self, x):
        x = F.relu(self.affine1(x))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)


def actor_critic(small):
    model = Policy()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    states = torch.rand(10 if small else 100, 4)

    def step():
        policy, values = [], []
        for state in states:
            probabilities, value = model(state)
            chosen = torch.distributions.Categorical(probabilities)
            action = chosen.sample()
            policy.append(chosen.log_prob(action))
            values.append(value)
            action.item()
        reached, returns = 0, []
        for _ in values:
            reached = 1 + 0.99 * reached
            returns.insert(0, reached)
        target = torch.tensor(returns)
        scaled = (target - target.mean()) / (target.std() + 1e-7)
        losses = [-log_prob * (scaled[i] - values[i].item()) for i, log_prob in enumerate(policy)]
        of_values = [F.smooth_l1_loss(value, scaled[i].view(1)) for i, value in enumerate(values)]
        optimizer.zero_grad()
        loss = torch.stack(losses).sum() + torch.stack(of_values).sum()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


models = {
    made.__name__: made
    for made in [
        mlp,
        tutorial_lstm,
        cnn,
        vae,
        gan,
        lstm_cells,
        lstm_cells_lbfgs,
        word_lstm,
        word_transformer,
        gpt_nano,
        gcn,
        vit,
        resnet18,
        actor_critic,
    ]
}
