/** A network that redraws images: reflection padding, instance normalization, residual blocks, upsampling; losses of features. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import { format, print, range } from 'torch-node/python';

class ConvLayer extends nn.Module {
  readonly reflection_pad: nn.ReflectionPad2d;
  readonly conv2d: nn.Conv2d;
  readonly upsample: number | null;

  constructor(
    in_channels: number,
    out_channels: number,
    { kernel_size, stride, upsample = null }: { kernel_size: number; stride: number; upsample?: number | null },
  ) {
    super();
    this.upsample = upsample;
    this.reflection_pad = new nn.ReflectionPad2d(Math.floor(kernel_size / 2));
    this.conv2d = new nn.Conv2d(in_channels, out_channels, kernel_size, stride);
  }

  forward(x: Tensor): Tensor {
    if (this.upsample !== null) x = F.interpolate(x, { mode: 'nearest', scale_factor: this.upsample });
    return this.conv2d(this.reflection_pad(x));
  }
}

class ResidualBlock extends nn.Module {
  readonly conv1: ConvLayer;
  readonly in1: nn.InstanceNorm2d;
  readonly conv2: ConvLayer;
  readonly in2: nn.InstanceNorm2d;
  readonly relu = new nn.ReLU();

  constructor(channels: number) {
    super();
    this.conv1 = new ConvLayer(channels, channels, { kernel_size: 3, stride: 1 });
    this.in1 = new nn.InstanceNorm2d(channels, { affine: true });
    this.conv2 = new ConvLayer(channels, channels, { kernel_size: 3, stride: 1 });
    this.in2 = new nn.InstanceNorm2d(channels, { affine: true });
  }

  forward(x: Tensor): Tensor {
    return this.in2(this.conv2(this.relu(this.in1(this.conv1(x))))).add(x);
  }
}

class TransformerNet extends nn.Module {
  down = new nn.Sequential(
    new ConvLayer(3, 8, { kernel_size: 9, stride: 1 }),
    new nn.InstanceNorm2d(8, { affine: true }),
    new nn.ReLU(),
    new ConvLayer(8, 16, { kernel_size: 3, stride: 2 }),
    new nn.InstanceNorm2d(16, { affine: true }),
    new nn.ReLU(),
  );
  blocks = new nn.Sequential(...[...range(2)].map(() => new ResidualBlock(16)));
  up = new ConvLayer(16, 8, { kernel_size: 3, stride: 1, upsample: 2 });
  norm = new nn.InstanceNorm2d(8, { affine: true });
  last = new ConvLayer(8, 3, { kernel_size: 9, stride: 1 });

  forward(x: Tensor): Tensor {
    return this.last(F.relu(this.norm(this.up(this.blocks(this.down(x))))));
  }
}

function gram_matrix(y: Tensor): Tensor {
  const [b, ch, h, w] = y.size() as unknown as [number, number, number, number];
  const features = y.view(b, ch, w * h);
  return features.bmm(features.transpose(1, 2)).div(ch * h * w);
}

torch.manual_seed(42);
torch.set_num_threads(1);
const model = new TransformerNet();
const features = new nn.Sequential(
  new nn.Conv2d(3, 12, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Conv2d(12, 12, 3),
  new nn.ReLU(),
);
features.requires_grad_(false);
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 });
const mse_loss = new nn.MSELoss();
const style = gram_matrix(features(torch.rand(1, 3, 32, 32)));
let y!: Tensor;
for (const step of range(3)) {
  const x = torch.rand(2, 3, 32, 32);
  optimizer.zero_grad();
  y = model(x);
  const content_loss = mse_loss(features(y), features(x)).mul(1e1);
  const style_loss = mse_loss(gram_matrix(features(y)), style.expand(2, -1, -1)).mul(1e3);
  const total_loss = content_loss.add(style_loss);
  total_loss.backward();
  optimizer.step();
  const losses = [content_loss, style_loss, total_loss].map((loss) => loss.item());
  print(format('step {}: content {:.5f} style {:.5f} total {:.5f}', step, ...losses));
}
print(y.detach().clamp(0, 1).mul(255).to(torch.uint8).index(0, ':', 0, ':6'));
print([...model.parameters()].filter((p) => p.requires_grad).reduce((sum, p) => sum + p.numel(), 0));
