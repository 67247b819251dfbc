/** Style from the features of a VGG: subcommands, slices of a Sequential by index, a named tuple of features, old checkpoints. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as np from 'torch-node/numpy';
import { Adam } from 'torch-node/optim';
import { argparse, collections, enumerate, f, format, print, range, zip } from 'torch-node/python';
import { DataLoader, TensorDataset } from 'torch-node/utils/data';

interface ConvOptions {
  kernel_size: number;
  stride: number;
}

class ConvLayer extends torch.nn.Module {
  reflection_pad: torch.nn.ReflectionPad2d;
  conv2d: torch.nn.Conv2d;

  constructor(in_channels: number, out_channels: number, { kernel_size, stride }: ConvOptions) {
    super();
    const reflection_padding = Math.floor(kernel_size / 2);
    this.reflection_pad = new torch.nn.ReflectionPad2d(reflection_padding);
    this.conv2d = new torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride);
  }

  forward(x: Tensor): Tensor {
    let out: Tensor = this.reflection_pad(x);
    out = this.conv2d(out);
    return out;
  }
}

class UpsampleConvLayer extends torch.nn.Module {
  upsample: number | null;
  reflection_pad: torch.nn.ReflectionPad2d;
  conv2d: torch.nn.Conv2d;

  constructor(
    in_channels: number,
    out_channels: number,
    { kernel_size, stride, upsample = null }: ConvOptions & { upsample?: number | null },
  ) {
    super();
    this.upsample = upsample;
    const reflection_padding = Math.floor(kernel_size / 2);
    this.reflection_pad = new torch.nn.ReflectionPad2d(reflection_padding);
    this.conv2d = new torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride);
  }

  forward(x: Tensor): Tensor {
    let x_in = x;
    if (this.upsample) {
      x_in = torch.nn.functional.interpolate(x_in, { mode: 'nearest', scale_factor: this.upsample });
    }
    let out: Tensor = this.reflection_pad(x_in);
    out = this.conv2d(out);
    return out;
  }
}

class TransformerNet extends torch.nn.Module {
  conv1 = new ConvLayer(3, 8, { kernel_size: 9, stride: 1 });
  in1 = new torch.nn.InstanceNorm2d(8, { affine: true });
  conv2 = new ConvLayer(8, 12, { kernel_size: 3, stride: 2 });
  in2 = new torch.nn.InstanceNorm2d(12, { affine: true });
  deconv1 = new UpsampleConvLayer(12, 8, { kernel_size: 3, stride: 1, upsample: 2 });
  in3 = new torch.nn.InstanceNorm2d(8, { affine: true });
  deconv2 = new ConvLayer(8, 3, { kernel_size: 9, stride: 1 });
  relu = new torch.nn.ReLU();

  forward(X: Tensor): Tensor {
    let y: Tensor = this.relu(this.in1(this.conv1(X)));
    y = this.relu(this.in2(this.conv2(y)));
    y = this.relu(this.in3(this.deconv1(y)));
    y = this.deconv2(y);
    return y;
  }
}

function vgg_layers(cfg: (number | 'M')[]): torch.nn.Sequential {
  const layers: torch.nn.Module[] = [];
  let in_channels = 3;
  for (const v of cfg) {
    if (v === 'M') {
      layers.push(new torch.nn.MaxPool2d({ kernel_size: 2, stride: 2 }));
    } else {
      layers.push(new torch.nn.Conv2d(in_channels, v, { kernel_size: 3, padding: 1 }));
      layers.push(new torch.nn.ReLU({ inplace: true }));
      in_channels = v;
    }
  }
  return new torch.nn.Sequential(...layers);
}

type Features = collections.NamedTuple<'relu1_2' | 'relu2_2' | 'relu3_3', Tensor[]>;

class Vgg extends torch.nn.Module {
  slice1 = new torch.nn.Sequential();
  slice2 = new torch.nn.Sequential();
  slice3 = new torch.nn.Sequential();

  constructor({ requires_grad = false } = {}) {
    super();
    const vgg_pretrained_features = vgg_layers([8, 8, 'M', 12, 12, 'M', 16, 16, 16, 'M']);
    for (const x of range(4)) this.slice1.add_module(String(x), vgg_pretrained_features[x]!);
    for (const x of range(4, 9)) this.slice2.add_module(String(x), vgg_pretrained_features[x]!);
    for (const x of range(9, 16)) this.slice3.add_module(String(x), vgg_pretrained_features[x]!);
    if (!requires_grad) {
      for (const param of this.parameters()) param.requires_grad = false;
    }
  }

  forward(X: Tensor): Features {
    let h: Tensor = this.slice1(X);
    const h_relu1_2 = h;
    h = this.slice2(h);
    const h_relu2_2 = h;
    h = this.slice3(h);
    const h_relu3_3 = h;
    const vgg_outputs = collections.namedtuple('VggOutputs', ['relu1_2', 'relu2_2', 'relu3_3']);
    const out = vgg_outputs(h_relu1_2, h_relu2_2, h_relu3_3);
    return out;
  }
}

function save_image(filename: string, data: Tensor): void {
  let img = data.clone().clamp(0, 255).numpy();
  img = img.transpose(1, 2, 0).astype('uint8');
  np.save(filename, img);
}

function gram_matrix(y: Tensor): Tensor {
  const [b, ch, h, w] = y.size() as unknown as [number, number, number, number];
  const features = y.view(b, ch, w * h);
  const features_t = features.transpose(1, 2);
  const gram = features.bmm(features_t).div(ch * h * w);
  return gram;
}

function normalize_batch(batch: Tensor): Tensor {
  const mean = batch.new_tensor([0.485, 0.456, 0.406]).view(-1, 1, 1);
  const std = batch.new_tensor([0.229, 0.224, 0.225]).view(-1, 1, 1);
  batch = batch.div_(255);
  return batch.sub(mean).div(std);
}

interface TrainArgs {
  subcommand: 'train';
  epochs: number;
  batch_size: number;
  save_model_dir: string;
  checkpoint_model_dir: string | null;
  image_size: number;
  seed: number;
  content_weight: number;
  style_weight: number;
  lr: number;
  log_interval: number;
  checkpoint_interval: number;
}

interface EvalArgs {
  subcommand: 'eval';
  output_image: string;
  model: string;
}

function check_paths(args: TrainArgs): void {
  try {
    if (!existsSync(args.save_model_dir)) mkdirSync(args.save_model_dir, { recursive: true });
    if (args.checkpoint_model_dir !== null && !existsSync(args.checkpoint_model_dir)) {
      mkdirSync(args.checkpoint_model_dir, { recursive: true });
    }
  } catch (e) {
    print(e);
    process.exit(1);
  }
}

function train(args: TrainArgs): void {
  const device = torch.device('cpu');
  print(f`Using device: ${device}`);
  np.random.seed(args.seed);
  torch.manual_seed(args.seed);
  const shape = [6, 3, args.image_size, args.image_size];
  const pictures = torch.from_numpy(np.random.randint(0, 256, shape).astype('float32'));
  const train_dataset = new TensorDataset(pictures, torch.zeros(6));
  const train_loader = new DataLoader(train_dataset, { batch_size: args.batch_size });
  const transformer = new TransformerNet().to(device);
  const optimizer = new Adam(transformer.parameters(), args.lr);
  const mse_loss = new torch.nn.MSELoss();
  const vgg = new Vgg({ requires_grad: false }).to(device);
  let style = torch.rand(3, 20, 20).mul(255);
  style = style.repeat(args.batch_size, 1, 1, 1).to(device);
  const features_style = vgg(normalize_batch(style));
  const gram_style = features_style.map((y) => gram_matrix(y));
  for (const e of range(args.epochs)) {
    transformer.train();
    let agg_content_loss = 0;
    let agg_style_loss = 0;
    let count = 0;
    for (let [batch_id, [x]] of enumerate(train_loader)) {
      const n_batch = x.length;
      count += n_batch;
      optimizer.zero_grad();
      x = x.to(device);
      let y: Tensor = transformer(x);
      y = normalize_batch(y);
      x = normalize_batch(x);
      const features_y = vgg(y);
      const features_x = vgg(x);
      const content_loss = mse_loss(features_y.relu2_2, features_x.relu2_2).mul(args.content_weight);
      let style_loss = torch.tensor(0, { dtype: torch.float });
      for (const [ft_y, gm_s] of zip(features_y, gram_style)) {
        const gm_y = gram_matrix(ft_y);
        style_loss = style_loss.add(mse_loss(gm_y, gm_s.index(torch.slice(n_batch), ':', ':')));
      }
      style_loss = style_loss.mul(args.style_weight);
      const total_loss = content_loss.add(style_loss);
      total_loss.backward();
      optimizer.step();
      agg_content_loss += content_loss.item();
      agg_style_loss += style_loss.item();
      if ((batch_id + 1) % args.log_interval === 0) {
        const mesg = format(
          'Epoch {}:\t[{}/{}]\tcontent: {:.6f}\tstyle: {:.6f}\ttotal: {:.6f}',
          e + 1,
          count,
          train_dataset.length,
          agg_content_loss / (batch_id + 1),
          agg_style_loss / (batch_id + 1),
          (agg_content_loss + agg_style_loss) / (batch_id + 1),
        );
        print(mesg);
      }
      if (args.checkpoint_model_dir !== null && (batch_id + 1) % args.checkpoint_interval === 0) {
        transformer.eval().cpu();
        const ckpt_model_filename = `ckpt_epoch_${e}_batch_id_${batch_id + 1}.pth`;
        const ckpt_model_path = join(args.checkpoint_model_dir, ckpt_model_filename);
        torch.save(transformer.state_dict(), ckpt_model_path);
        transformer.to(device).train();
      }
    }
  }
  transformer.eval().cpu();
  const state_dict = transformer.state_dict();
  for (const name of ['in1', 'in2']) state_dict[`${name}.running_mean`] = torch.zeros(8);
  const save_model_path = join(args.save_model_dir, f`epoch_${args.epochs}_${args.content_weight}.model`);
  torch.save(state_dict, save_model_path);
  print('\nDone, trained model saved at', basename(save_model_path));
  print(readdirSync(args.checkpoint_model_dir!).sort());
}

function stylize(args: EvalArgs): void {
  const device = torch.device('cpu');
  let content_image = torch
    .arange(3 * 24 * 24)
    .remainder(256)
    .float()
    .view(3, 24, 24);
  content_image = content_image.unsqueeze(0).to(device);
  const output = torch.no_grad(() => {
    const style_model = new TransformerNet();
    const state_dict = torch.load<torch.nn.StateDict>(args.model);
    for (const k of Object.keys(state_dict)) {
      if (/in\d+\.running_(mean|var)$/.test(k)) delete state_dict[k];
    }
    style_model.load_state_dict(state_dict);
    style_model.to(device);
    style_model.eval();
    return style_model(content_image).cpu();
  });
  save_image(args.output_image, output.index(0));
  const image = np.load(args.output_image) as np.NDArray;
  print(image.shape, image.dtype, image.index(0, ':3'));
}

function main(argv: string[]): void {
  const main_arg_parser = new argparse.ArgumentParser({
    prog: 'neural_style',
    description: 'parser for fast-neural-style',
  });
  const subparsers = main_arg_parser.add_subparsers({ title: 'subcommands', dest: 'subcommand' });
  const train_arg_parser = subparsers.add_parser('train', { help: 'parser for training arguments' });
  train_arg_parser.add_argument('--epochs', {
    type: 'int',
    default: 2,
    help: 'number of training epochs, default is 2',
  });
  train_arg_parser.add_argument('--batch-size', {
    type: 'int',
    default: 4,
    help: 'batch size for training, default is 4',
  });
  train_arg_parser.add_argument('--save-model-dir', {
    type: 'str',
    required: true,
    help: 'path to folder of the trained model.',
  });
  train_arg_parser.add_argument('--checkpoint-model-dir', {
    type: 'str',
    default: null,
    help: 'path to folder of checkpoints',
  });
  train_arg_parser.add_argument('--image-size', {
    type: 'int',
    default: 24,
    help: 'size of training images, default is 24 X 24',
  });
  train_arg_parser.add_argument('--seed', { type: 'int', default: 42, help: 'random seed for training' });
  train_arg_parser.add_argument('--content-weight', {
    type: 'float',
    default: 1e5,
    help: 'weight for content-loss, default is 1e5',
  });
  train_arg_parser.add_argument('--style-weight', {
    type: 'float',
    default: 1e7,
    help: 'weight for style-loss, default is 1e7',
  });
  train_arg_parser.add_argument('--lr', { type: 'float', default: 1e-3, help: 'learning rate, default is 1e-3' });
  train_arg_parser.add_argument('--log-interval', {
    type: 'int',
    default: 1,
    help: 'batches between reports, default is 1',
  });
  train_arg_parser.add_argument('--checkpoint-interval', {
    type: 'int',
    default: 2,
    help: 'batches between checkpoints',
  });
  const eval_arg_parser = subparsers.add_parser('eval', { help: 'parser for evaluation/stylizing arguments' });
  eval_arg_parser.add_argument('--output-image', {
    type: 'str',
    required: true,
    help: 'path for saving the output image',
  });
  eval_arg_parser.add_argument('--model', {
    type: 'str',
    required: true,
    help: 'saved model to be used for stylizing the image.',
  });
  const args = main_arg_parser.parse_args<TrainArgs | EvalArgs | { subcommand: null }>(argv);
  if (args.subcommand === null) {
    print('ERROR: specify either train or eval');
  } else if (args.subcommand === 'train') {
    check_paths(args);
    train(args);
  } else {
    stylize(args);
  }
}

torch.set_num_threads(1);
const folder = mkdtempSync(join(tmpdir(), 'neural-style-'));
main([]);
main([
  'train',
  '--save-model-dir',
  join(folder, 'models'),
  '--checkpoint-model-dir',
  join(folder, 'ckpt'),
  '--content-weight',
  '0.5',
]);
main(['eval', '--model', join(folder, 'models', 'epoch_2_0.5.model'), '--output-image', join(folder, 'out.npy')]);
