"""Training of a translator: vocabularies, a collate function with padding, masks of floats and bools, logging, the best weights."""
import logging
import math
import os
import tempfile
from argparse import ArgumentParser
from collections import Counter

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")

words = {"ein": "a", "der": "the", "Hund": "dog", "Vogel": "bird", "Mann": "man", "singt": "sings", "schläft": "sleeps",
         "springt": "jumps", "laut": "loudly", "heute": "today"}


class Vocab:
    def __init__(self, tokens, specials):
        self.itos = [*specials, *(word for word, _ in sorted(Counter(tokens).items(), key=lambda pair: (-pair[1], pair[0])))]
        self.stoi = {word: place for place, word in enumerate(self.itos)}

    def __len__(self):
        return len(self.itos)

    def __call__(self, tokens):
        return [self.stoi.get(token, 0) for token in tokens]

    def lookup_tokens(self, indices):
        return [self.itos[i] for i in indices]


def sentences(start, stop):
    german = list(words)
    for k in range(start, stop):
        chosen = [german[k % 2], german[2 + k % 3], german[5 + k * 5 % 7 % 3]] + [german[8 + k % 2]] * (k % 4 // 2)
        yield " ".join(chosen) + "\n", " ".join(words[word] for word in chosen) + "\n"


def get_data(opts):
    special_symbols = {"<unk>": 0, "<pad>": 1, "<bos>": 2, "<eos>": 3}
    train_iterator = list(sentences(0, 24))
    valid_iterator = list(sentences(24, 32))
    tokenizer = str.split
    src_vocab = Vocab((token for src, _ in train_iterator for token in tokenizer(src)), list(special_symbols.keys()))
    tgt_vocab = Vocab((token for _, tgt in train_iterator for token in tokenizer(tgt)), list(special_symbols.keys()))

    def _seq_transform(*transforms):
        def func(txt_input):
            for transform in transforms:
                txt_input = transform(txt_input)
            return txt_input
        return func

    def _tensor_transform(token_ids):
        return torch.cat(
            (torch.tensor([special_symbols["<bos>"]]),
             torch.tensor(token_ids),
             torch.tensor([special_symbols["<eos>"]])))

    src_lang_transform = _seq_transform(tokenizer, src_vocab, _tensor_transform)
    tgt_lang_transform = _seq_transform(tokenizer, tgt_vocab, _tensor_transform)

    def _collate_fn(batch):
        src_batch, tgt_batch = [], []
        for src_sample, tgt_sample in batch:
            src_batch.append(src_lang_transform(src_sample.rstrip("\n")))
            tgt_batch.append(tgt_lang_transform(tgt_sample.rstrip("\n")))
        src_batch = pad_sequence(src_batch, padding_value=special_symbols["<pad>"])
        tgt_batch = pad_sequence(tgt_batch, padding_value=special_symbols["<pad>"])
        return src_batch, tgt_batch

    train_dataloader = DataLoader(train_iterator, batch_size=opts.batch, collate_fn=_collate_fn)
    valid_dataloader = DataLoader(valid_iterator, batch_size=opts.batch, collate_fn=_collate_fn)
    return train_dataloader, valid_dataloader, src_vocab, tgt_vocab, src_lang_transform, tgt_lang_transform, special_symbols


def generate_square_subsequent_mask(size, device):
    mask = (torch.triu(torch.ones((size, size), device=device)) == 1).transpose(0, 1)
    mask = mask.float().masked_fill(mask == 0, float("-inf")).masked_fill(mask == 1, float(0.0))
    return mask


def create_mask(src, tgt, pad_idx, device):
    src_seq_len = src.shape[0]
    tgt_seq_len = tgt.shape[0]
    tgt_mask = generate_square_subsequent_mask(tgt_seq_len, device)
    src_mask = torch.zeros((src_seq_len, src_seq_len), device=device).type(torch.bool)
    src_padding_mask = (src == pad_idx).transpose(0, 1)
    tgt_padding_mask = (tgt == pad_idx).transpose(0, 1)
    return src_mask, tgt_mask, src_padding_mask, tgt_padding_mask


class PositionalEncoding(nn.Module):
    def __init__(self, emb_size, dropout, maxlen=50):
        super().__init__()
        den = torch.exp(- torch.arange(0, emb_size, 2) * math.log(10000) / emb_size)
        pos = torch.arange(0, maxlen).reshape(maxlen, 1)
        pos_embedding = torch.zeros((maxlen, emb_size))
        pos_embedding[:, 0::2] = torch.sin(pos * den)
        pos_embedding[:, 1::2] = torch.cos(pos * den)
        pos_embedding = pos_embedding.unsqueeze(-2)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("pos_embedding", pos_embedding)

    def forward(self, token_embedding):
        return self.dropout(token_embedding + self.pos_embedding[:token_embedding.size(0), :])


class Translator(nn.Module):
    def __init__(self, num_encoder_layers, num_decoder_layers, embed_size, num_heads, src_vocab_size, tgt_vocab_size,
                 dim_feedforward, dropout):
        super().__init__()
        self.src_embedding = nn.Embedding(src_vocab_size, embed_size)
        self.tgt_embedding = nn.Embedding(tgt_vocab_size, embed_size)
        self.pos_enc = PositionalEncoding(embed_size, dropout)
        self.transformer = nn.Transformer(
            d_model=embed_size, nhead=num_heads, num_encoder_layers=num_encoder_layers,
            num_decoder_layers=num_decoder_layers, dim_feedforward=dim_feedforward, dropout=dropout)
        self.ff = nn.Linear(embed_size, tgt_vocab_size)
        self._init_weights()

    def _init_weights(self):
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)

    def forward(self, src, trg, src_mask, tgt_mask, src_padding_mask, tgt_padding_mask, memory_key_padding_mask):
        src_emb = self.pos_enc(self.src_embedding(src))
        tgt_emb = self.pos_enc(self.tgt_embedding(trg))
        outs = self.transformer(src_emb, tgt_emb, src_mask, tgt_mask, None, src_padding_mask, tgt_padding_mask,
                                memory_key_padding_mask)
        return self.ff(outs)

    def encode(self, src, src_mask):
        return self.transformer.encoder(self.pos_enc(self.src_embedding(src)), src_mask)

    def decode(self, tgt, memory, tgt_mask):
        return self.transformer.decoder(self.pos_enc(self.tgt_embedding(tgt)), memory, tgt_mask)


def greedy_decode(model, src, src_mask, max_len, start_symbol, end_symbol):
    src = src.to(DEVICE)
    src_mask = src_mask.to(DEVICE)
    memory = model.encode(src, src_mask)
    ys = torch.ones(1, 1).fill_(start_symbol).type(torch.long).to(DEVICE)
    for _ in range(max_len - 1):
        memory = memory.to(DEVICE)
        tgt_mask = (generate_square_subsequent_mask(ys.size(0), DEVICE).type(torch.bool)).to(DEVICE)
        out = model.decode(ys, memory, tgt_mask)
        out = out.transpose(0, 1)
        prob = model.ff(out[:, -1])
        _, next_word = torch.max(prob, dim=1)
        next_word = next_word.item()
        ys = torch.cat([ys, torch.ones(1, 1).type_as(src.data).fill_(next_word)], dim=0)
        if next_word == end_symbol:
            break
    return ys


def inference(opts, sentence):
    _, _, src_vocab, tgt_vocab, src_transform, _, special_symbols = get_data(opts)
    model = translator(opts, src_vocab, tgt_vocab)
    model.load_state_dict(torch.load(opts.model_path))
    model.eval()
    src = src_transform(sentence).view(-1, 1)
    num_tokens = src.shape[0]
    src_mask = (torch.zeros(num_tokens, num_tokens)).type(torch.bool)
    tgt_tokens = greedy_decode(model, src, src_mask, max_len=num_tokens + 5, start_symbol=special_symbols["<bos>"],
                               end_symbol=special_symbols["<eos>"]).flatten()
    output_as_list = list(tgt_tokens.cpu().numpy())
    output_list_words = tgt_vocab.lookup_tokens(output_as_list)
    translation = " ".join(output_list_words).replace("<bos>", "").replace("<eos>", "")
    print(translation)


def translator(opts, src_vocab, tgt_vocab):
    return Translator(
        num_encoder_layers=opts.enc_layers, num_decoder_layers=opts.dec_layers, embed_size=opts.embed_size,
        num_heads=opts.attn_heads, src_vocab_size=len(src_vocab), tgt_vocab_size=len(tgt_vocab),
        dim_feedforward=opts.dim_feedforward, dropout=opts.dropout).to(DEVICE)


def train(model, train_dl, loss_fn, optim, special_symbols, opts):
    losses = 0
    model.train()
    for src, tgt in train_dl:
        src = src.to(DEVICE)
        tgt = tgt.to(DEVICE)
        tgt_input = tgt[:-1, :]
        src_mask, tgt_mask, src_padding_mask, tgt_padding_mask = create_mask(src, tgt_input, special_symbols["<pad>"], DEVICE)
        logits = model(src, tgt_input, src_mask, tgt_mask, src_padding_mask, tgt_padding_mask, src_padding_mask)
        optim.zero_grad()
        tgt_out = tgt[1:, :]
        loss = loss_fn(logits.reshape(-1, logits.shape[-1]), tgt_out.reshape(-1))
        loss.backward()
        optim.step()
        losses += loss.item()
        if opts.dry_run:
            break
    return losses / len(list(train_dl))


def validate(model, valid_dl, loss_fn, special_symbols):
    losses = 0
    model.eval()
    for src, tgt in valid_dl:
        src = src.to(DEVICE)
        tgt = tgt.to(DEVICE)
        tgt_input = tgt[:-1, :]
        src_mask, tgt_mask, src_padding_mask, tgt_padding_mask = create_mask(src, tgt_input, special_symbols["<pad>"], DEVICE)
        logits = model(src, tgt_input, src_mask, tgt_mask, src_padding_mask, tgt_padding_mask, src_padding_mask)
        tgt_out = tgt[1:, :]
        loss = loss_fn(logits.reshape(-1, logits.shape[-1]), tgt_out.reshape(-1))
        losses += loss.item()
    return losses / len(list(valid_dl))


def main(opts):
    os.makedirs(opts.logging_dir, exist_ok=True)
    logger = logging.getLogger("translation")
    logger.setLevel(logging.INFO)
    logger.addHandler(logging.FileHandler(os.path.join(opts.logging_dir, "log.txt")))
    console = logging.StreamHandler(open(os.devnull, "w"))
    console.setLevel(logging.INFO)
    logger.addHandler(console)
    logger.info(f"Translation task: {opts.src} -> {opts.tgt}")
    train_dl, valid_dl, src_vocab, tgt_vocab, _, _, special_symbols = get_data(opts)
    logger.info("Loaded data")
    logger.info(f"{opts.src} vocab size: {len(src_vocab)}")
    logger.info(f"{opts.tgt} vocab size: {len(tgt_vocab)}")
    model = translator(opts, src_vocab, tgt_vocab)
    logger.info("Model created... starting training!")
    loss_fn = torch.nn.CrossEntropyLoss(ignore_index=special_symbols["<pad>"])
    optim = torch.optim.Adam(model.parameters(), lr=opts.lr, betas=(0.9, 0.98), eps=1e-9)
    best_val_loss = 1e6
    for idx, epoch in enumerate(range(1, opts.epochs + 1)):
        train_loss = train(model, train_dl, loss_fn, optim, special_symbols, opts)
        val_loss = validate(model, valid_dl, loss_fn, special_symbols)
        if val_loss < best_val_loss:
            best_val_loss = val_loss
            logger.info("New best model, saving...")
            torch.save(model.state_dict(), os.path.join(opts.logging_dir, "best.pt"))
        torch.save(model.state_dict(), os.path.join(opts.logging_dir, "last.pt"))
        logger.info(f"Epoch: {epoch}\n\tTrain loss: {train_loss:.3f}\n\tVal loss: {val_loss:.3f}\n\tLeft: {opts.epochs-idx-1}")
    print(open(os.path.join(opts.logging_dir, "log.txt"), encoding="utf8").read())


if __name__ == "__main__":
    parser = ArgumentParser(prog="Machine Translator training and inference")
    parser.add_argument("--inference", action="store_true", help="Set true to run inference")
    parser.add_argument("--model_path", type=str, help="Path to the model to run inference on")
    parser.add_argument("--src", type=str, default="de", help="Source language (translating FROM this language)")
    parser.add_argument("--tgt", type=str, default="en", help="Target language (translating TO this language)")
    parser.add_argument("-e", "--epochs", type=int, default=3, help="Epochs")
    parser.add_argument("--lr", type=float, default=3e-3, help="Default learning rate")
    parser.add_argument("--batch", type=int, default=8, help="Batch size")
    parser.add_argument("--attn_heads", type=int, default=4, help="Number of attention heads")
    parser.add_argument("--enc_layers", type=int, default=1, help="Number of encoder layers")
    parser.add_argument("--dec_layers", type=int, default=1, help="Number of decoder layers")
    parser.add_argument("--embed_size", type=int, default=32, help="Size of the language embedding")
    parser.add_argument("--dim_feedforward", type=int, default=32, help="Feedforward dimensionality")
    parser.add_argument("--dropout", type=float, default=0.1, help="Transformer dropout")
    parser.add_argument("--logging_dir", type=str, default=tempfile.mkdtemp(), help="Where the output should be placed")
    parser.add_argument("--dry_run", action="store_true")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    args = parser.parse_args([])
    print(sorted(vars(args))[:5])
    main(args)
    args = parser.parse_args(["--inference", "--model_path", os.path.join(args.logging_dir, "best.pt")])
    if args.inference:
        inference(args, "der Vogel singt heute")
        inference(args, "ein unbekannter Mann schläft")
