"""A sequence-to-sequence Transformer: masks, teacher forcing and a greedy translation."""
import math

import torch
import torch.nn as nn
from torch.nn import Transformer

PAD, BOS, EOS = 1, 2, 3


class PositionalEncoding(nn.Module):
    def __init__(self, emb_size, dropout, maxlen=100):
        super().__init__()
        den = torch.exp(-torch.arange(0, emb_size, 2) * math.log(10000) / emb_size)
        pos = torch.arange(0, maxlen).reshape(maxlen, 1)
        pos_embedding = torch.zeros((maxlen, emb_size))
        pos_embedding[:, 0::2] = torch.sin(pos * den)
        pos_embedding[:, 1::2] = torch.cos(pos * den)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("pos_embedding", pos_embedding.unsqueeze(-2))

    def forward(self, token_embedding):
        return self.dropout(token_embedding + self.pos_embedding[:token_embedding.size(0), :])


class Seq2SeqTransformer(nn.Module):
    def __init__(self, layers, emb_size, nhead, src_words, tgt_words, dim_feedforward, dropout=0.1):
        super().__init__()
        self.transformer = Transformer(d_model=emb_size, nhead=nhead, num_encoder_layers=layers,
                                       num_decoder_layers=layers, dim_feedforward=dim_feedforward, dropout=dropout)
        self.generator = nn.Linear(emb_size, tgt_words)
        self.src_tok_emb = nn.Embedding(src_words, emb_size)
        self.tgt_tok_emb = nn.Embedding(tgt_words, emb_size)
        self.positional_encoding = PositionalEncoding(emb_size, dropout=dropout)
        self.scale = math.sqrt(emb_size)

    def embed(self, table, tokens):
        return self.positional_encoding(table(tokens.long()) * self.scale)

    def forward(self, src, tgt, tgt_mask, src_padding, tgt_padding):
        outs = self.transformer(self.embed(self.src_tok_emb, src), self.embed(self.tgt_tok_emb, tgt), None, tgt_mask,
                                None, src_padding, tgt_padding, src_padding)
        return self.generator(outs)

    def encode(self, src):
        return self.transformer.encoder(self.embed(self.src_tok_emb, src))

    def decode(self, tgt, memory, tgt_mask):
        return self.transformer.decoder(self.embed(self.tgt_tok_emb, tgt), memory, tgt_mask)


def square_mask(size):
    return torch.triu(torch.ones(size, size), diagonal=1).bool()


def batch():
    src = torch.randint(4, 20, (9, 6))
    src[7:, :3] = PAD
    tgt = torch.cat([torch.full((1, 6), BOS), src.flip(0)[:8] % 12 + 4, torch.full((1, 6), EOS)])
    return src, tgt


torch.manual_seed(0)
torch.set_num_threads(1)
model = Seq2SeqTransformer(2, 32, 4, 20, 16, 64)
for p in model.parameters():
    if p.dim() > 1:
        nn.init.xavier_uniform_(p)
loss_fn = torch.nn.CrossEntropyLoss(ignore_index=PAD)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001, betas=(0.9, 0.98), eps=1e-9)
for epoch in range(4):
    model.train()
    src, tgt = batch()
    tgt_input = tgt[:-1, :]
    logits = model(src, tgt_input, square_mask(tgt_input.shape[0]), (src == PAD).T, (tgt_input == PAD).T)
    optimizer.zero_grad()
    loss = loss_fn(logits.reshape(-1, logits.shape[-1]), tgt[1:, :].reshape(-1))
    loss.backward()
    optimizer.step()
    print(f"Epoch: {epoch}, Train loss: {loss.item():.5f}")

model.eval()
with torch.no_grad():
    src = torch.randint(4, 20, (7, 1))
    memory = model.encode(src)
    ys = torch.ones(1, 1).fill_(BOS).type(torch.long)
    for _ in range(8):
        out = model.decode(ys, memory, square_mask(ys.size(0))).transpose(0, 1)
        prob = model.generator(out[:, -1])
        _, next_word = torch.max(prob, dim=1)
        ys = torch.cat([ys, torch.ones(1, 1).type_as(src).fill_(next_word.item())], dim=0)
        if next_word.item() == EOS:
            break
print(ys.flatten().tolist(), prob)
