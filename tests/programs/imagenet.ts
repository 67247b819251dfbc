/** A residual network for pictures: choices of architectures, meters, top-k accuracy, checkpoints of everything, resuming. */
import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { StepLR } from 'torch-node/optim/lr_scheduler';
import { argparse, enumerate, f, format, print, random, range } from 'torch-node/python';
import { Subset } from 'torch-node/utils/data';

function conv3x3(in_planes: number, out_planes: number, stride = 1): nn.Conv2d {
  return new nn.Conv2d(in_planes, out_planes, { kernel_size: 3, stride, padding: 1, bias: false });
}

class BasicBlock extends nn.Module {
  static expansion = 1;

  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  relu: nn.ReLU;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  downsample: nn.Module | null;

  constructor(inplanes: number, planes: number, stride = 1, downsample: nn.Module | null = null) {
    super();
    this.conv1 = conv3x3(inplanes, planes, stride);
    this.bn1 = new nn.BatchNorm2d(planes);
    this.relu = new nn.ReLU({ inplace: true });
    this.conv2 = conv3x3(planes, planes);
    this.bn2 = new nn.BatchNorm2d(planes);
    this.downsample = downsample;
  }

  forward(x: Tensor): Tensor {
    let identity = x;
    const out: Tensor = this.bn2(this.conv2(this.relu(this.bn1(this.conv1(x)))));
    if (this.downsample !== null) identity = this.downsample(x) as Tensor;
    out.add_(identity);
    return this.relu(out);
  }
}

class Bottleneck extends nn.Module {
  static expansion = 4;

  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  conv3: nn.Conv2d;
  bn3: nn.BatchNorm2d;
  relu: nn.ReLU;
  downsample: nn.Module | null;

  constructor(inplanes: number, planes: number, stride = 1, downsample: nn.Module | null = null) {
    super();
    this.conv1 = new nn.Conv2d(inplanes, planes, { kernel_size: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(planes);
    this.conv2 = conv3x3(planes, planes, stride);
    this.bn2 = new nn.BatchNorm2d(planes);
    this.conv3 = new nn.Conv2d(planes, planes * Bottleneck.expansion, { kernel_size: 1, bias: false });
    this.bn3 = new nn.BatchNorm2d(planes * Bottleneck.expansion);
    this.relu = new nn.ReLU({ inplace: true });
    this.downsample = downsample;
  }

  forward(x: Tensor): Tensor {
    let identity = x;
    let out: Tensor = this.relu(this.bn1(this.conv1(x)));
    out = this.relu(this.bn2(this.conv2(out)));
    out = this.bn3(this.conv3(out));
    if (this.downsample !== null) identity = this.downsample(x) as Tensor;
    out.add_(identity);
    return this.relu(out);
  }
}

type BlockClass = typeof BasicBlock | typeof Bottleneck;

class ResNet extends nn.Module {
  inplanes: number;
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  relu: nn.ReLU;
  maxpool: nn.MaxPool2d;
  layer1: nn.Sequential;
  layer2: nn.Sequential;
  layer3: nn.Sequential;
  avgpool: nn.AdaptiveAvgPool2d;
  fc: nn.Linear;

  constructor(block: BlockClass, layers: [number, number, number], { width = 8, num_classes = 10 } = {}) {
    super();
    this.inplanes = width;
    this.conv1 = new nn.Conv2d(3, width, { kernel_size: 7, stride: 2, padding: 3, bias: false });
    this.bn1 = new nn.BatchNorm2d(width);
    this.relu = new nn.ReLU({ inplace: true });
    this.maxpool = new nn.MaxPool2d({ kernel_size: 3, stride: 2, padding: 1 });
    this.layer1 = this._make_layer(block, width, layers[0]);
    this.layer2 = this._make_layer(block, 2 * width, layers[1], { stride: 2 });
    this.layer3 = this._make_layer(block, 4 * width, layers[2], { stride: 2 });
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.fc = new nn.Linear(4 * width * block.expansion, num_classes);
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(m.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      } else if (m instanceof nn.BatchNorm2d || m instanceof nn.GroupNorm) {
        nn.init.constant_(m.weight, 1);
        nn.init.constant_(m.bias, 0);
      }
    }
  }

  _make_layer(block: BlockClass, planes: number, blocks: number, { stride = 1 } = {}): nn.Sequential {
    let downsample: nn.Module | null = null;
    if (stride !== 1 || this.inplanes !== planes * block.expansion) {
      downsample = new nn.Sequential(
        new nn.Conv2d(this.inplanes, planes * block.expansion, { kernel_size: 1, stride, bias: false }),
        new nn.BatchNorm2d(planes * block.expansion),
      );
    }
    const layers: nn.Module[] = [new block(this.inplanes, planes, stride, downsample)];
    this.inplanes = planes * block.expansion;
    for (const _ of range(1, blocks)) layers.push(new block(this.inplanes, planes));
    return new nn.Sequential(...layers);
  }

  forward(x: Tensor): Tensor {
    x = this.maxpool(this.relu(this.bn1(this.conv1(x))));
    x = this.layer3(this.layer2(this.layer1(x)));
    x = torch.flatten(this.avgpool(x), 1);
    return this.fc(x);
  }
}

const models: Record<string, () => ResNet> = {
  resnet8: () => new ResNet(BasicBlock, [1, 1, 1]),
  resnet14: () => new ResNet(BasicBlock, [2, 2, 2]),
  resnet11: () => new ResNet(Bottleneck, [1, 1, 1]),
};
const model_names = Object.keys(models).sort();

interface Args {
  data: string;
  arch: string;
  workers: number;
  epochs: number;
  start_epoch: number;
  batch_size: number;
  lr: number;
  momentum: number;
  weight_decay: number;
  print_freq: number;
  resume: string;
  evaluate: boolean;
  seed: number | null;
}

const parser = new argparse.ArgumentParser({ prog: 'imagenet', description: 'Training of residual networks' });
parser.add_argument('data', {
  metavar: 'DIR',
  nargs: '?',
  default: 'imagenet',
  help: 'path to dataset (default: imagenet)',
});
parser.add_argument('-a', '--arch', {
  metavar: 'ARCH',
  default: 'resnet8',
  choices: model_names,
  help: `model architecture: ${model_names.join(' | ')} (default: resnet8)`,
});
parser.add_argument('-j', '--workers', {
  default: 0,
  type: 'int',
  metavar: 'N',
  help: 'number of data loading workers (default: 0)',
});
parser.add_argument('--epochs', { default: 2, type: 'int', metavar: 'N', help: 'number of total epochs to run' });
parser.add_argument('--start-epoch', {
  default: 0,
  type: 'int',
  metavar: 'N',
  help: 'manual epoch number (useful on restarts)',
});
parser.add_argument('-b', '--batch-size', {
  default: 8,
  type: 'int',
  metavar: 'N',
  help: 'mini-batch size (default: 8)',
});
parser.add_argument('--lr', '--learning-rate', {
  default: 0.1,
  type: 'float',
  metavar: 'LR',
  help: 'initial learning rate',
  dest: 'lr',
});
parser.add_argument('--momentum', { default: 0.9, type: 'float', metavar: 'M', help: 'momentum' });
parser.add_argument('--wd', '--weight-decay', {
  default: 1e-4,
  type: 'float',
  metavar: 'W',
  help: 'weight decay (default: 1e-4)',
  dest: 'weight_decay',
});
parser.add_argument('-p', '--print-freq', {
  default: 1,
  type: 'int',
  metavar: 'N',
  help: 'print frequency (default: 1)',
});
parser.add_argument('--resume', {
  default: '',
  type: 'str',
  metavar: 'PATH',
  help: 'path to latest checkpoint (default: none)',
});
parser.add_argument('-e', '--evaluate', {
  dest: 'evaluate',
  action: 'store_true',
  help: 'evaluate model on validation set',
});
parser.add_argument('--seed', { default: null, type: 'int', help: 'seed for initializing training. ' });

let best_acc1 = 0;
const folder = mkdtempSync(join(tmpdir(), 'imagenet-'));

class FakeData extends torch.utils.data.Dataset<[image: Tensor, target: Tensor]> {
  images: Tensor;
  targets: Tensor;

  constructor(size: number, image_size: [number, number, number], num_classes: number) {
    super();
    this.images = torch.randn(size, ...image_size);
    this.targets = torch.randint(0, num_classes, [size]);
  }

  override get length(): number {
    return this.images.length;
  }

  override get(index: number): [image: Tensor, target: Tensor] {
    return [this.images.index(index), this.targets.index(index)];
  }
}

interface Checkpoint {
  epoch: number;
  arch: string;
  state_dict: nn.StateDict;
  best_acc1: number;
  optimizer: torch.optim.OptimizerStateDict;
  scheduler: torch.optim.lr_scheduler.SchedulerState;
}

type Loader = torch.utils.data.DataLoader<[Tensor, Tensor]>;

function main(argv: string[]): void {
  const args = parser.parse_args<Args>(argv);
  if (args.seed !== null) {
    random.seed(args.seed);
    torch.manual_seed(args.seed);
    torch.backends.cudnn.deterministic = true;
    torch.backends.cudnn.benchmark = false;
    process.emitWarning('You have chosen to seed training.');
  }
  const device = torch.device('cpu');
  print(f`Using device: ${device}`);
  print(format("=> creating model '{}'", args.arch));
  const model = models[args.arch]!();
  const criterion = new nn.CrossEntropyLoss().to(device);
  const optimizer = new torch.optim.SGD(model.parameters(), args.lr, {
    momentum: args.momentum,
    weight_decay: args.weight_decay,
  });
  const scheduler = new StepLR(optimizer, { step_size: 1, gamma: 0.1 });

  if (args.resume) {
    if (existsSync(args.resume)) {
      print(format("=> loading checkpoint '{}'", basename(args.resume)));
      const checkpoint = torch.load<Checkpoint>(args.resume);
      args.start_epoch = checkpoint.epoch;
      best_acc1 = checkpoint.best_acc1;
      model.load_state_dict(checkpoint.state_dict);
      optimizer.load_state_dict(checkpoint.optimizer);
      scheduler.load_state_dict(checkpoint.scheduler);
      print(format("=> loaded checkpoint '{}' (epoch {})", basename(args.resume), checkpoint.epoch));
      print(scheduler.get_last_lr(), optimizer.param_groups[0]!.momentum);
    } else {
      print(format("=> no checkpoint found at '{}'", args.resume));
    }
  }

  const train_dataset = new FakeData(24, [3, 32, 32], 10);
  const val_dataset = new Subset(new FakeData(20, [3, 32, 32], 10), [...range(2, 18)]);
  const train_sampler = null;
  const train_loader = new torch.utils.data.DataLoader(train_dataset, {
    batch_size: args.batch_size,
    shuffle: train_sampler === null,
    num_workers: args.workers,
    pin_memory: false,
    sampler: train_sampler,
  });
  const val_loader = new torch.utils.data.DataLoader(val_dataset, {
    batch_size: args.batch_size,
    shuffle: false,
    num_workers: args.workers,
    pin_memory: false,
  });

  if (args.evaluate) {
    validate(val_loader, model, criterion, args);
    return;
  }
  for (const epoch of range(args.start_epoch, args.epochs)) {
    train(train_loader, model, criterion, optimizer, epoch, device, args);
    const acc1 = validate(val_loader, model, criterion, args);
    scheduler.step();
    const is_best = acc1 > best_acc1;
    best_acc1 = Math.max(acc1, best_acc1);
    save_checkpoint(
      {
        epoch: epoch + 1,
        arch: args.arch,
        state_dict: model.state_dict(),
        best_acc1,
        optimizer: optimizer.state_dict(),
        scheduler: scheduler.state_dict(),
      },
      is_best,
      join(folder, 'checkpoint.pth.tar'),
    );
  }
}

function train(
  train_loader: Loader,
  model: ResNet,
  criterion: nn.CrossEntropyLoss,
  optimizer: torch.optim.Optimizer,
  epoch: number,
  device: torch.Device,
  args: Args,
): void {
  const losses = new AverageMeter('Loss', ':.4e', Summary.NONE);
  const top1 = new AverageMeter('Acc@1', ':6.2f', Summary.NONE);
  const top5 = new AverageMeter('Acc@5', ':6.2f', Summary.NONE);
  const progress = new ProgressMeter(train_loader.length, [losses, top1, top5], {
    prefix: format('Epoch: [{}]', epoch),
  });
  model.train();
  for (let [i, [images, target]] of enumerate(train_loader)) {
    images = images.to(device, { non_blocking: true });
    target = target.to(device, { non_blocking: true });
    const output = model(images);
    const loss = criterion(output, target);
    const [acc1, acc5] = accuracy(output, target, { topk: [1, 5] }) as [Tensor, Tensor];
    losses.update(loss.item(), images.size(0));
    top1.update(acc1.index(0).item(), images.size(0));
    top5.update(acc5.index(0).item(), images.size(0));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (i % args.print_freq === 0) progress.display(i + 1);
  }
}

function validate(val_loader: Loader, model: ResNet, criterion: nn.CrossEntropyLoss, args: Args): number {
  const run_validate = (loader: Loader, base_progress = 0): void => {
    using _ = torch.no_grad();
    for (let [i, [images, target]] of enumerate(loader)) {
      i = base_progress + i;
      const output = model(images);
      const loss = criterion(output, target);
      const [acc1, acc5] = accuracy(output, target, { topk: [1, 5] }) as [Tensor, Tensor];
      losses.update(loss.item(), images.size(0));
      top1.update(acc1.index(0).item(), images.size(0));
      top5.update(acc5.index(0).item(), images.size(0));
      if (i % args.print_freq === 0) progress.display(i + 1);
    }
  };

  const losses = new AverageMeter('Loss', ':.4e', Summary.NONE);
  const top1 = new AverageMeter('Acc@1', ':6.2f', Summary.AVERAGE);
  const top5 = new AverageMeter('Acc@5', ':6.2f', Summary.AVERAGE);
  const progress = new ProgressMeter(val_loader.length, [losses, top1, top5], { prefix: 'Test: ' });
  model.eval();
  run_validate(val_loader);
  progress.display_summary();
  return top1.avg;
}

function save_checkpoint(state: Checkpoint, is_best: boolean, filename = 'checkpoint.pth.tar'): void {
  torch.save(state, filename);
  if (is_best) copyFileSync(filename, join(dirname(filename), 'model_best.pth.tar'));
}

enum Summary {
  NONE = 0,
  AVERAGE = 1,
  SUM = 2,
  COUNT = 3,
}

class AverageMeter {
  val = 0;
  avg = 0;
  sum = 0;
  count = 0;

  constructor(
    readonly name: string,
    readonly fmt = ':f',
    readonly summary_type = Summary.AVERAGE,
  ) {
    this.reset();
  }

  reset(): void {
    this.val = 0;
    this.avg = 0;
    this.sum = 0;
    this.count = 0;
  }

  update(val: number, n = 1): void {
    this.val = val;
    this.sum += val * n;
    this.count += n;
    this.avg = this.sum / this.count;
  }

  toString(): string {
    const fmtstr = `{name} {val${this.fmt}} ({avg${this.fmt}})`;
    return format(fmtstr, { ...this });
  }

  summary(): string {
    let fmtstr = '';
    if (this.summary_type === Summary.NONE) fmtstr = '';
    else if (this.summary_type === Summary.AVERAGE) fmtstr = '{name} {avg:.3f}';
    else if (this.summary_type === Summary.SUM) fmtstr = '{name} {sum:.3f}';
    else if (this.summary_type === Summary.COUNT) fmtstr = '{name} {count:.3f}';
    else throw new Error(format('invalid summary type %r', this.summary_type));
    return format(fmtstr, { ...this });
  }
}

class ProgressMeter {
  private readonly batch_fmtstr: string;
  private readonly prefix: string;

  constructor(
    num_batches: number,
    readonly meters: AverageMeter[],
    { prefix = '' } = {},
  ) {
    this.batch_fmtstr = this._get_batch_fmtstr(num_batches);
    this.prefix = prefix;
  }

  display(batch: number): void {
    const entries = [this.prefix + format(this.batch_fmtstr, batch)];
    entries.push(...this.meters.map(String));
    print(entries.join('\t'));
  }

  display_summary(): void {
    const entries = [' *'];
    entries.push(...this.meters.map((meter) => meter.summary()));
    print(entries.join(' '));
  }

  _get_batch_fmtstr(num_batches: number): string {
    const num_digits = String(num_batches).length;
    const fmt = `{:${num_digits}d}`;
    return `[${fmt}/${format(fmt, num_batches)}]`;
  }
}

function accuracy(output: Tensor, target: Tensor, { topk = [1] }: { topk?: number[] } = {}): Tensor[] {
  using _ = torch.no_grad();
  const maxk = Math.max(...topk);
  const batch_size = target.size(0);
  let [, pred] = output.topk(maxk, 1, true, true);
  pred = pred.t();
  const correct = pred.eq(target.view(1, -1).expand_as(pred));
  const res: Tensor[] = [];
  for (const k of topk) {
    const correct_k = correct.index(torch.slice(k)).reshape(-1).float().sum(0, { keepdim: true });
    res.push(correct_k.mul_(100 / batch_size));
  }
  return res;
}

torch.set_num_threads(1);
print(parser.format_usage());
main(['--seed', '7']);
main(['-a', 'resnet8', '--seed', '8', '--epochs', '3', '--resume', join(folder, 'checkpoint.pth.tar')]);
main(['--arch', 'resnet11', '--seed', '9', '-b', '4', '--evaluate']);
print(models.resnet14!().layer2);
