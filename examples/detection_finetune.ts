/**
 * A Faster R-CNN learns to find squares and discs in images that are drawn by the program, so that no data need be fetched.
 * Its last layer is replaced by one for these classes, samples are augmented together with their boxes, and the boxes found
 * in other images are compared with those that were drawn.
 *
 *   npm run finetune:detection -- --images 64 --epochs 6 --weights DEFAULT
 *
 * Without `--weights` the network starts from random weights; with them they are downloaded once.
 */
import { parseArgs } from 'node:util';

import * as torch from 'torch-node';
import { print, type Tensor } from 'torch-node';
import { models, ops, transforms, tv_tensors } from 'torch-node/vision';

const { v2 } = transforms;
const { FastRCNNPredictor } = models.detection.faster_rcnn;

const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '64' },
    epochs: { type: 'string', default: '6' },
    batch: { type: 'string', default: '4' },
    size: { type: 'string', default: '128' },
    lr: { type: 'string', default: '0.001' },
    weights: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
    save: { type: 'string' },
  },
});
const { device } = options;
const size = Number(options.size);
const CLASSES = ['background', 'square', 'disc'];

type Target = Record<'boxes' | 'labels', Tensor>;
type Sample = [image: Tensor, target: Target];

/** A number from `low` up to, but without, `high`. */
const draw = (low: number, high: number): number => torch.randint(low, high, [1]).item<number>();

/** Noisy images, each with a bright square and a dark disc. */
class Shapes extends torch.utils.data.Dataset<Sample> {
  private readonly samples: Sample[];

  constructor(
    count: number,
    private readonly transform: transforms.v2.Transform,
  ) {
    super();
    this.samples = Array.from({ length: count }, () => this.make());
  }

  private make(): Sample {
    const image = torch.randint(90, 150, [3, size, size], { dtype: torch.uint8 });
    const rows = torch.arange(size).view(-1, 1);
    const columns = torch.arange(size).view(1, -1);
    const boxes: number[][] = [];
    for (const label of [1, 2]) {
      const side = draw(Math.floor(size / 4), Math.floor(size / 2));
      // One on the left and one on the right, so that neither hides the other.
      const x = label === 1 ? draw(0, size / 2 - side + 1) : draw(size / 2, size - side + 1);
      const y = draw(0, size - side);
      const [middle_x, middle_y, radius] = [x + (side - 1) / 2, y + (side - 1) / 2, side / 2];
      const inside =
        label === 1
          ? rows
              .ge(y)
              .logical_and(rows.lt(y + side))
              .logical_and(columns.ge(x))
              .logical_and(columns.lt(x + side))
          : rows
              .sub(middle_y)
              .square()
              .add(columns.sub(middle_x).square())
              .le(radius ** 2);
      image.masked_fill_(inside, label === 1 ? 250 : 10);
      boxes.push([x, y, x + side, y + side]);
    }
    const found = new tv_tensors.BoundingBoxes(torch.tensor(boxes, { dtype: torch.float32 }), {
      format: 'XYXY',
      canvas_size: [size, size],
    });
    return [new tv_tensors.Image(image), { boxes: found, labels: torch.tensor([1, 2]) }];
  }

  get length(): number {
    return this.samples.length;
  }

  get(index: number): Sample {
    return this.transform(this.samples[index]!);
  }
}

torch.manual_seed(0);
const to_float = [new v2.ToDtype(torch.float32, { scale: true }), new v2.ToPureTensor()];
const train_data = new Shapes(Number(options.images), new v2.Compose([new v2.RandomHorizontalFlip(0.5), ...to_float]));
const test_data = new Shapes(8, new v2.Compose(to_float));
// Images may have different sizes, and different numbers of boxes, so that a batch is two lists.
const collate_fn = (batch: Sample[]): [Tensor[], Target[]] => [
  batch.map(([image]) => image.to(device)),
  batch.map(([, { boxes, labels }]) => ({ boxes: boxes.to(device), labels: labels.to(device) })),
];
const train_loader = new torch.utils.data.DataLoader(train_data, {
  batch_size: Number(options.batch),
  shuffle: true,
  collate_fn,
});

const model = models.detection.fasterrcnn_mobilenet_v3_large_320_fpn({
  weights: models.detection.FasterRCNN_MobileNet_V3_Large_320_FPN_Weights.verify(options.weights ?? null),
  weights_backbone: null,
  min_size: size,
  max_size: size,
});
const { in_features } = (model.roi_heads.box_predictor as InstanceType<typeof FastRCNNPredictor>).cls_score;
model.roi_heads.box_predictor = new FastRCNNPredictor(in_features, CLASSES.length);
model.to(device);
const optimizer = new torch.optim.AdamW(model.parameters(), { lr: Number(options.lr) });

/** The mean loss of an epoch of training. */
function train(): number {
  model.train();
  let sum = 0;
  for (const [images, targets] of train_loader as Iterable<[Tensor[], Target[]]>) {
    const losses: Tensor[] = Object.values(model(images, targets));
    const loss = losses.reduce((total, one) => total.add(one));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    sum += loss.item<number>() * images.length;
  }
  return sum / train_data.length;
}

/** The mean overlap of each drawn box with the box of its class that the network is surest of. */
function overlap(): number {
  model.eval();
  let sum = 0;
  for (let i = 0; i < test_data.length; i++) {
    const [image, { boxes, labels }] = test_data.get(i);
    const [found] = torch.no_grad(() => model([image.to(device)]));
    for (const [at, label] of (labels.tolist() as number[]).entries()) {
      const candidates = found!.boxes.index(found!.labels.eq(label)).cpu();
      if (candidates.size(0) === 0) continue;
      sum += ops.box_iou(candidates.narrow(0, 0, 1), boxes.narrow(0, at, 1)).item<number>();
    }
  }
  return sum / (test_data.length * (CLASSES.length - 1));
}

print(`${train_data.length} images of ${CLASSES.slice(1).join(', ')}`);
for (let epoch = 1; epoch <= Number(options.epochs); epoch++) {
  const loss = train();
  print(`Epoch: ${epoch} | train loss: ${loss.toFixed(4)} | overlap: ${overlap().toFixed(2)}`);
}
if (options.save !== undefined) torch.save(model.state_dict(), options.save);
