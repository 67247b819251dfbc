"""A transformer that reads patches of images: a class token, learned positions, an encoder of blocks, label smoothing, warmup."""
import argparse
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset, random_split


class PatchExtractor(nn.Module):
    def __init__(self, patch_size=8):
        super().__init__()
        self.patch_size = patch_size

    def forward(self, input_data):
        batch_size, channels, height, width = input_data.size()
        assert height % self.patch_size == 0 and width % self.patch_size == 0, \
            f"Input height ({height}) and width ({width}) must be divisible by patch size ({self.patch_size})"
        rows, columns = height // self.patch_size, width // self.patch_size
        patches = input_data.unfold(2, self.patch_size, self.patch_size).unfold(3, self.patch_size, self.patch_size)
        patches = patches.permute(0, 2, 3, 1, 4, 5).contiguous()
        return patches.view(batch_size, rows * columns, -1)


class InputEmbedding(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.patch_size = args.patch_size
        self.extractor = PatchExtractor(args.patch_size)
        pixels = args.patch_size * args.patch_size * args.n_channels
        patches = (args.image_size // args.patch_size) ** 2
        self.linear_projection = nn.Linear(pixels, args.latent_size)
        self.class_token = nn.Parameter(torch.randn(1, 1, args.latent_size))
        self.pos_embedding = nn.Parameter(torch.randn(1, patches + 1, args.latent_size))

    def forward(self, input_data):
        patches = self.extractor(input_data)
        projected = self.linear_projection(patches)
        b, n, _ = projected.shape
        tokens = self.class_token.expand(b, -1, -1)
        projected = torch.cat((tokens, projected), dim=1)
        return projected + self.pos_embedding[:, :n + 1, :]


class EncoderBlock(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.norm = nn.LayerNorm(args.latent_size)
        self.attention = nn.MultiheadAttention(args.latent_size, args.num_heads, dropout=args.dropout, batch_first=True)
        self.enc_mlp = nn.Sequential(
            nn.Linear(args.latent_size, args.latent_size * 4),
            nn.GELU(),
            nn.Dropout(args.dropout),
            nn.Linear(args.latent_size * 4, args.latent_size),
            nn.Dropout(args.dropout),
        )

    def forward(self, emb_patches):
        first_norm = self.norm(emb_patches)
        attention_out = self.attention(first_norm, first_norm, first_norm, need_weights=False)[0]
        first_added = attention_out + emb_patches
        second_norm = self.norm(first_added)
        return self.enc_mlp(second_norm) + first_added


class ViT(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.embedding = InputEmbedding(args)
        self.encoders = nn.ModuleList([EncoderBlock(args) for _ in range(args.num_encoders)])
        self.mlp_head = nn.Sequential(nn.LayerNorm(args.latent_size), nn.Linear(args.latent_size, args.num_classes))
        self.apply(self._init)

    @staticmethod
    def _init(m):
        if isinstance(m, nn.Linear):
            nn.init.trunc_normal_(m.weight, std=0.02)
            if m.bias is not None:
                nn.init.constant_(m.bias, 0)

    def forward(self, test_input):
        enc_output = self.embedding(test_input)
        for encoder in self.encoders:
            enc_output = encoder(enc_output)
        class_token_embed = enc_output[:, 0]
        return self.mlp_head(class_token_embed)


class TrainEval:
    def __init__(self, args, model, train_dataloader, val_dataloader, optimizer, criterion, scheduler, device):
        self.model = model
        self.train_dataloader = train_dataloader
        self.val_dataloader = val_dataloader
        self.optimizer = optimizer
        self.criterion = criterion
        self.scheduler = scheduler
        self.epoch = args.epochs
        self.device = device

    def train_fn(self, current_epoch):
        self.model.train()
        total_loss = 0.0
        for data, target in self.train_dataloader:
            images, labels = data.to(self.device), target.to(self.device)
            self.optimizer.zero_grad()
            logits = self.model(images)
            loss = self.criterion(logits, labels)
            loss.backward()
            nn.utils.clip_grad_value_(self.model.parameters(), 0.1)
            self.optimizer.step()
            self.scheduler.step()
            total_loss += loss.item()
        return total_loss / len(self.train_dataloader)

    def eval_fn(self, current_epoch):
        self.model.eval()
        total_loss = 0.0
        right = []
        with torch.inference_mode():
            for data, target in self.val_dataloader:
                images, labels = data.to(self.device), target.to(self.device)
                logits = self.model(images)
                total_loss += self.criterion(logits, labels).item()
                right.extend((F.softmax(logits, dim=-1).argmax(-1) == labels).tolist())
        return total_loss / len(self.val_dataloader), sum(right) / len(right)

    def train(self):
        best_valid_loss = math.inf
        for i in range(self.epoch):
            train_loss = self.train_fn(i)
            val_loss, acc = self.eval_fn(i)
            if val_loss < best_valid_loss:
                best_valid_loss = val_loss
                print("Saved best weights.")
            print(f"Training loss: {train_loss:.5f} Valid loss: {val_loss:.5f} accuracy {acc:.3f} "
                  f"lr {self.scheduler.get_last_lr()[0]:.3e}")


def main():
    parser = argparse.ArgumentParser(description="Vision Transformer in PyTorch")
    parser.add_argument("--no-accel", action="store_true")
    parser.add_argument("--patch-size", type=int, default=8)
    parser.add_argument("--latent-size", type=int, default=32)
    parser.add_argument("--n-channels", type=int, default=3)
    parser.add_argument("--image-size", type=int, default=32)
    parser.add_argument("--num-heads", type=int, default=4)
    parser.add_argument("--num-encoders", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--num-classes", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=1e-2)
    parser.add_argument("--weight-decay", type=float, default=3e-2)
    parser.add_argument("--batch-size", type=int, default=8)
    args = parser.parse_args(["--num-heads", "8"])
    torch.manual_seed(11)
    torch.set_num_threads(1)
    device = torch.device("cpu")
    labels = torch.arange(48) % args.num_classes
    images = torch.randn(48, 3, 32, 32) + labels.view(-1, 1, 1, 1)
    train_data, valid_data = random_split(TensorDataset(images, labels), [0.75, 0.25], generator=torch.Generator().manual_seed(4))
    train_loader = DataLoader(train_data, batch_size=args.batch_size, shuffle=True, drop_last=True)
    valid_loader = DataLoader(valid_data, batch_size=args.batch_size, shuffle=True)
    model = ViT(args).to(device)
    print(sum(p.numel() for p in model.parameters()), model.encoders[0].attention)
    optimizer = optim.AdamW(model.parameters(), lr=args.lr, weight_decay=args.weight_decay)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    steps = args.epochs * len(train_loader)
    scheduler = optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / 3, (steps - step) / steps))
    TrainEval(args, model, train_loader, valid_loader, optimizer, criterion, scheduler, device).train()
    try:
        model(torch.zeros(1, 3, 30, 32))
    except AssertionError as e:
        print(e)


if __name__ == "__main__":
    main()
