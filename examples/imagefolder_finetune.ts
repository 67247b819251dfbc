/**
 * A ResNet-18 learns to tell the images of a folder apart, which has a folder for each class: `train/cat/1.jpg`,
 * `val/dog/2.jpg`. Worker threads read and augment them (with the package sharp), a bar shows the progress, and
 * TensorBoard the losses.
 *
 *   npm run finetune -- --data ./animals --epochs 5 --weights DEFAULT --workers 2 --log ./runs/animals
 *
 * Without `--weights` the network starts from random weights; with them they are downloaded once.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import * as torch from 'torch-node';
import { nn, print, type Tensor } from 'torch-node';
import { tqdm } from 'torch-node/progress';
import { SummaryWriter } from 'torch-node/tensorboard';
import { datasets, models, transforms } from 'torch-node/vision';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    epochs: { type: 'string', default: '5' },
    batch: { type: 'string', default: '32' },
    workers: { type: 'string', default: '2' },
    size: { type: 'string', default: '224' },
    lr: { type: 'string', default: '0.01' },
    weights: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
    log: { type: 'string' },
    save: { type: 'string' },
  },
});
if (options.data === undefined) throw new Error('--data must name a folder with the folders train and val');
const { data, device } = options;
const size = Number(options.size);

torch.manual_seed(0);
const normalize = new transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
const train_transform = new transforms.Compose([
  new transforms.RandomResizedCrop(size),
  new transforms.RandomHorizontalFlip(),
  new transforms.ConvertImageDtype(torch.float32),
  normalize,
]);
const val_transform = new transforms.Compose([
  new transforms.Resize(Math.round((size * 8) / 7)),
  new transforms.CenterCrop(size),
  new transforms.ConvertImageDtype(torch.float32),
  normalize,
]);
const train_data = new datasets.ImageFolder(join(data, 'train'), { transform: train_transform });
const val_data = new datasets.ImageFolder(join(data, 'val'), { transform: val_transform });
const loading = { batch_size: Number(options.batch), num_workers: Number(options.workers) };
const persistent_workers = loading.num_workers > 0;
const train_loader = new torch.utils.data.DataLoader(train_data, { ...loading, persistent_workers, shuffle: true });
const val_loader = new torch.utils.data.DataLoader(val_data, { ...loading, persistent_workers });
print(`${train_data.length} images of ${train_data.classes.join(', ')}`);

const model = models.resnet18({ weights: models.ResNet18_Weights.verify(options.weights ?? null) });
model.fc = new nn.Linear(model.fc.in_features, train_data.classes.length);
model.to(device);

const epochs = Number(options.epochs);
const optimizer = new torch.optim.SGD(model.parameters(), {
  lr: Number(options.lr),
  momentum: 0.9,
  weight_decay: 1e-4,
});
const scheduler = new torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs);
const writer = options.log === undefined ? null : new SummaryWriter(options.log);

type Batch = [images: Tensor, targets: Tensor];

/** The mean loss of an epoch of training. */
function train(epoch: number): number {
  model.train();
  let sum = 0;
  for (const [images, targets] of tqdm(train_loader as Iterable<Batch>, { desc: `epoch ${epoch}`, leave: false })) {
    optimizer.zero_grad();
    const loss = nn.functional.cross_entropy(model(images.to(device)), targets.to(device));
    loss.backward();
    optimizer.step();
    sum += loss.item<number>() * images.size(0);
  }
  return sum / train_data.length;
}

/** The part of the other images that the network tells apart. */
function accuracy(): number {
  model.eval();
  let right = 0;
  torch.no_grad(() => {
    for (const [images, targets] of val_loader as Iterable<Batch>) {
      right += model(images.to(device)).argmax(1).eq(targets.to(device)).sum().item<number>();
    }
  });
  return right / val_data.length;
}

for (let epoch = 1; epoch <= epochs; epoch++) {
  const loss = train(epoch);
  const found = accuracy();
  scheduler.step();
  writer?.add_scalar('loss/train', loss, epoch);
  writer?.add_scalar('accuracy/val', found, epoch);
  print(`Epoch: ${epoch} | train loss: ${loss.toFixed(4)} | val accuracy: ${found.toFixed(2)}`);
}
writer?.close();
if (options.save !== undefined) torch.save(model.state_dict(), options.save);
