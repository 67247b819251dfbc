/** A transformer that reads patches of images: a class token, learned positions, an encoder of blocks, label smoothing, warmup. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import * as optim from 'torch-node/optim';
import { argparse, f, print, range } from 'torch-node/python';
import { DataLoader, random_split, TensorDataset } from 'torch-node/utils/data';

interface Args {
  no_accel: boolean;
  patch_size: number;
  latent_size: number;
  n_channels: number;
  image_size: number;
  num_heads: number;
  num_encoders: number;
  dropout: number;
  num_classes: number;
  epochs: number;
  lr: number;
  weight_decay: number;
  batch_size: number;
}

class PatchExtractor extends nn.Module {
  readonly patch_size: number;

  constructor(patch_size = 8) {
    super();
    this.patch_size = patch_size;
  }

  forward(input_data: Tensor): Tensor {
    const [batch_size, , height, width] = input_data.size() as unknown as [number, number, number, number];
    if (height % this.patch_size !== 0 || width % this.patch_size !== 0) {
      throw new Error(
        f`Input height (${height}) and width (${width}) must be divisible by patch size (${this.patch_size})`,
      );
    }
    const [rows, columns] = [height / this.patch_size, width / this.patch_size];
    let patches = input_data.unfold(2, this.patch_size, this.patch_size).unfold(3, this.patch_size, this.patch_size);
    patches = patches.permute(0, 2, 3, 1, 4, 5).contiguous();
    return patches.view(batch_size, rows * columns, -1);
  }
}

class InputEmbedding extends nn.Module {
  readonly patch_size: number;
  readonly extractor: PatchExtractor;
  readonly linear_projection: nn.Linear;
  readonly class_token: nn.Parameter;
  readonly pos_embedding: nn.Parameter;

  constructor(args: Args) {
    super();
    this.patch_size = args.patch_size;
    this.extractor = new PatchExtractor(args.patch_size);
    const pixels = args.patch_size * args.patch_size * args.n_channels;
    const patches = Math.floor(args.image_size / args.patch_size) ** 2;
    this.linear_projection = new nn.Linear(pixels, args.latent_size);
    this.class_token = new nn.Parameter(torch.randn(1, 1, args.latent_size));
    this.pos_embedding = new nn.Parameter(torch.randn(1, patches + 1, args.latent_size));
  }

  forward(input_data: Tensor): Tensor {
    const patches = this.extractor(input_data);
    let projected = this.linear_projection(patches);
    const [b, n] = projected.shape as unknown as [number, number, number];
    const tokens = this.class_token.expand(b, -1, -1);
    projected = torch.cat([tokens, projected], { dim: 1 });
    return projected.add(this.pos_embedding.index(':', torch.slice(n + 1), ':'));
  }
}

class EncoderBlock extends nn.Module {
  readonly norm: nn.LayerNorm;
  readonly attention: nn.MultiheadAttention;
  readonly enc_mlp: nn.Sequential;

  constructor(args: Args) {
    super();
    this.norm = new nn.LayerNorm(args.latent_size);
    this.attention = new nn.MultiheadAttention(args.latent_size, args.num_heads, {
      dropout: args.dropout,
      batch_first: true,
    });
    this.enc_mlp = new nn.Sequential(
      new nn.Linear(args.latent_size, args.latent_size * 4),
      new nn.GELU(),
      new nn.Dropout(args.dropout),
      new nn.Linear(args.latent_size * 4, args.latent_size),
      new nn.Dropout(args.dropout),
    );
  }

  forward(emb_patches: Tensor): Tensor {
    const first_norm = this.norm(emb_patches);
    const attention_out = this.attention(first_norm, first_norm, first_norm, { need_weights: false })[0];
    const first_added = attention_out.add(emb_patches);
    const second_norm = this.norm(first_added);
    return this.enc_mlp(second_norm).add(first_added);
  }
}

class ViT extends nn.Module {
  readonly embedding: InputEmbedding;
  readonly encoders: nn.ModuleList<EncoderBlock>;
  readonly mlp_head: nn.Sequential;

  constructor(args: Args) {
    super();
    this.embedding = new InputEmbedding(args);
    this.encoders = new nn.ModuleList([...range(args.num_encoders)].map(() => new EncoderBlock(args)));
    this.mlp_head = new nn.Sequential(
      new nn.LayerNorm(args.latent_size),
      new nn.Linear(args.latent_size, args.num_classes),
    );
    this.apply(ViT._init);
  }

  static _init(m: nn.Module): void {
    if (!(m instanceof nn.Linear)) return;
    nn.init.trunc_normal_(m.weight, { std: 0.02 });
    if (m.bias !== null) nn.init.constant_(m.bias, 0);
  }

  forward(test_input: Tensor): Tensor {
    let enc_output: Tensor = this.embedding(test_input);
    for (const encoder of this.encoders) enc_output = encoder(enc_output);
    const class_token_embed = enc_output.index(':', 0);
    return this.mlp_head(class_token_embed);
  }
}

type Loader = DataLoader<[Tensor, Tensor]>;

class TrainEval {
  readonly epoch: number;

  constructor(
    args: Args,
    readonly model: ViT,
    readonly train_dataloader: Loader,
    readonly val_dataloader: Loader,
    readonly optimizer: optim.Optimizer,
    readonly criterion: nn.CrossEntropyLoss,
    readonly scheduler: optim.lr_scheduler.LRScheduler,
    readonly device: torch.Device,
  ) {
    this.epoch = args.epochs;
  }

  train_fn(_current_epoch: number): number {
    this.model.train();
    let total_loss = 0;
    for (const [data, target] of this.train_dataloader) {
      const [images, labels] = [data.to(this.device), target.to(this.device)];
      this.optimizer.zero_grad();
      const logits = this.model(images);
      const loss = this.criterion(logits, labels);
      loss.backward();
      nn.utils.clip_grad_value_(this.model.parameters(), 0.1);
      this.optimizer.step();
      this.scheduler.step();
      total_loss += loss.item();
    }
    return total_loss / this.train_dataloader.length;
  }

  eval_fn(_current_epoch: number): [loss: number, accuracy: number] {
    this.model.eval();
    let total_loss = 0;
    const right: boolean[] = [];
    torch.inference_mode(() => {
      for (const [data, target] of this.val_dataloader) {
        const [images, labels] = [data.to(this.device), target.to(this.device)];
        const logits = this.model(images);
        total_loss += this.criterion(logits, labels).item();
        right.push(...F.softmax(logits, { dim: -1 }).argmax(-1).eq(labels).tolist<boolean[]>());
      }
    });
    return [total_loss / this.val_dataloader.length, right.filter(Boolean).length / right.length];
  }

  train(): void {
    let best_valid_loss = Infinity;
    for (const i of range(this.epoch)) {
      const train_loss = this.train_fn(i);
      const [val_loss, acc] = this.eval_fn(i);
      if (val_loss < best_valid_loss) {
        best_valid_loss = val_loss;
        print('Saved best weights.');
      }
      print(
        f`Training loss: ${train_loss}:.5f Valid loss: ${val_loss}:.5f accuracy ${acc}:.3f ` +
          f`lr ${this.scheduler.get_last_lr()[0]}:.3e`,
      );
    }
  }
}

function main(): void {
  const parser = new argparse.ArgumentParser({ description: 'Vision Transformer in PyTorch' });
  parser.add_argument('--no-accel', { action: 'store_true' });
  parser.add_argument('--patch-size', { type: 'int', default: 8 });
  parser.add_argument('--latent-size', { type: 'int', default: 32 });
  parser.add_argument('--n-channels', { type: 'int', default: 3 });
  parser.add_argument('--image-size', { type: 'int', default: 32 });
  parser.add_argument('--num-heads', { type: 'int', default: 4 });
  parser.add_argument('--num-encoders', { type: 'int', default: 2 });
  parser.add_argument('--dropout', { type: 'float', default: 0.1 });
  parser.add_argument('--num-classes', { type: 'int', default: 5 });
  parser.add_argument('--epochs', { type: 'int', default: 3 });
  parser.add_argument('--lr', { type: 'float', default: 1e-2 });
  parser.add_argument('--weight-decay', { type: 'float', default: 3e-2 });
  parser.add_argument('--batch-size', { type: 'int', default: 8 });
  const args = parser.parse_args<Args>(['--num-heads', '8']);
  torch.manual_seed(11);
  torch.set_num_threads(1);
  const device = torch.device('cpu');
  const labels = torch.arange(48).remainder(args.num_classes);
  const images = torch.randn(48, 3, 32, 32).add(labels.view(-1, 1, 1, 1));
  const [train_data, valid_data] = random_split(new TensorDataset(images, labels), [0.75, 0.25], {
    generator: new torch.Generator().manual_seed(4),
  });
  const train_loader = new DataLoader(train_data!, { batch_size: args.batch_size, shuffle: true, drop_last: true });
  const valid_loader = new DataLoader(valid_data!, { batch_size: args.batch_size, shuffle: true });
  const model = new ViT(args).to(device);
  const count = [...model.parameters()].reduce((sum, p) => sum + p.numel(), 0);
  print(count, model.encoders[0]!.attention);
  const optimizer = new optim.AdamW(model.parameters(), { lr: args.lr, weight_decay: args.weight_decay });
  const criterion = new nn.CrossEntropyLoss({ label_smoothing: 0.1 });
  const steps = args.epochs * train_loader.length;
  const scheduler = new optim.lr_scheduler.LambdaLR(optimizer, (step) =>
    Math.min((step + 1) / 3, (steps - step) / steps),
  );
  new TrainEval(args, model, train_loader, valid_loader, optimizer, criterion, scheduler, device).train();
  try {
    model(torch.zeros(1, 3, 30, 32));
  } catch (e) {
    print((e as Error).message);
  }
}

main();
