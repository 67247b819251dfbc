/** Sub-pixel convolution: channels become pixels; the peak signal-to-noise ratio as a measure. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as init from 'torch-node/nn/init';
import * as np from 'torch-node/numpy';
import * as optim from 'torch-node/optim';
import { format, math, print, range } from 'torch-node/python';

class Net extends nn.Module {
  readonly relu = new nn.ReLU();
  readonly conv1 = new nn.Conv2d(1, 64, [5, 5], [1, 1], [2, 2]);
  readonly conv2 = new nn.Conv2d(64, 64, [3, 3], [1, 1], [1, 1]);
  readonly conv3 = new nn.Conv2d(64, 32, [3, 3], [1, 1], [1, 1]);
  readonly conv4: nn.Conv2d;
  readonly pixel_shuffle: nn.PixelShuffle;

  constructor(upscale_factor: number) {
    super();
    this.conv4 = new nn.Conv2d(32, upscale_factor ** 2, [3, 3], [1, 1], [1, 1]);
    this.pixel_shuffle = new nn.PixelShuffle(upscale_factor);
    for (const conv of [this.conv1, this.conv2, this.conv3]) init.orthogonal_(conv.weight, init.calculate_gain('relu'));
    init.orthogonal_(this.conv4.weight);
  }

  forward(x: Tensor): Tensor {
    x = this.relu(this.conv1(x));
    x = this.relu(this.conv2(x));
    x = this.relu(this.conv3(x));
    return this.pixel_shuffle(this.conv4(x));
  }
}

torch.manual_seed(123);
torch.set_num_threads(1);
const model = new Net(3);
const criterion = new nn.MSELoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
const target = torch.rand(6, 1, 24, 24);
const input = nn.functional.interpolate(target, { scale_factor: 1 / 3, mode: 'bilinear', antialias: true });
for (const epoch of range(3)) {
  let epoch_loss = 0;
  for (const k of range(0, 6, 2)) {
    optimizer.zero_grad();
    const part = torch.slice(k, k + 2);
    const loss = criterion(model(input.index(part)), target.index(part));
    epoch_loss += loss.item();
    loss.backward();
    optimizer.step();
  }
  const psnr = torch.no_grad(() => 10 * math.log10(1 / criterion(model(input), target).item()));
  print(format('Epoch {}: Avg. Loss: {:.5f}, PSNR: {:.4f} dB', epoch, epoch_loss / 3, psnr));
}

const path = join(mkdtempSync(join(tmpdir(), 'super-resolution-')), format('model_epoch_{}.pth', 2));
const safe_globals = [Net, nn.modules.activation.ReLU, nn.modules.conv.Conv2d, nn.modules.pixelshuffle.PixelShuffle];
const loaded = torch.serialization.safe_globals(safe_globals, () => {
  torch.save(model, path);
  return torch.load<Net>(path);
});
let out: Tensor = loaded(input.index(':1'));
out = out.cpu();
let out_img_y = out.index(0).detach().numpy();
out_img_y.mul_(255);
out_img_y = out_img_y.clip(0, 255);
const pixels = out_img_y.index(0).astype(np.uint8);
print(pixels.shape, pixels.dtype, pixels.index(':2', ':6'));
