/** A generator of transposed convolutions against a discriminator of strided ones. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as optim from 'torch-node/optim';
import { print, range } from 'torch-node/python';

const [nz, ngf, ndf, nc] = [100, 16, 16, 3];

function weights_init(m: nn.Module): void {
  if (m instanceof nn.Conv2d || m instanceof nn.ConvTranspose2d) {
    nn.init.normal_(m.weight, 0, 0.02);
  } else if (m instanceof nn.BatchNorm2d) {
    nn.init.normal_(m.weight, 1, 0.02);
    nn.init.zeros_(m.bias);
  }
}

function generator(): nn.Sequential<nn.Module[]> {
  const layers: nn.Module[] = [];
  const channels = [nz, ngf * 8, ngf * 4, ngf * 2, ngf];
  for (const k of range(4)) {
    const [stride, padding] = k === 0 ? [1, 0] : [2, 1];
    const [a, b] = [channels[k]!, channels[k + 1]!];
    layers.push(
      new nn.ConvTranspose2d(a, b, 4, stride, padding, { bias: false }),
      new nn.BatchNorm2d(b),
      new nn.ReLU(true),
    );
  }
  return new nn.Sequential(...layers, new nn.ConvTranspose2d(ngf, nc, 4, 2, 1, { bias: false }), new nn.Tanh());
}

function discriminator(): nn.Sequential<nn.Module[]> {
  const layers: nn.Module[] = [
    new nn.Conv2d(nc, ndf, 4, 2, 1, { bias: false }),
    new nn.LeakyReLU(0.2, { inplace: true }),
  ];
  for (const a of [ndf, ndf * 2, ndf * 4]) {
    layers.push(
      new nn.Conv2d(a, a * 2, 4, 2, 1, { bias: false }),
      new nn.BatchNorm2d(a * 2),
      new nn.LeakyReLU(0.2, { inplace: true }),
    );
  }
  return new nn.Sequential(...layers, new nn.Conv2d(ndf * 8, 1, 4, 1, 0, { bias: false }), new nn.Sigmoid());
}

torch.manual_seed(3);
torch.set_num_threads(1);
const [netG, netD] = [generator().apply(weights_init), discriminator().apply(weights_init)];
print(netG);
const criterion = new nn.BCELoss();
const optimizerD = new optim.Adam(netD.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });
const optimizerG = new optim.Adam(netG.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });
const images = torch.rand(8, 3, 64, 64).mul(2).sub(1);
let fake!: Tensor;
for (const i of range(2)) {
  const [real, size] = [images.index(torch.slice(i * 4, (i + 1) * 4)), 4];
  netD.zero_grad();
  const label = torch.full([size], 1, { dtype: torch.float32 });
  let output: Tensor = netD(real).view(-1);
  const errD_real = criterion(output, label);
  errD_real.backward();
  const D_x = output.mean().item();
  fake = netG(torch.randn(size, nz, 1, 1));
  label.fill_(0);
  output = netD(fake.detach()).view(-1);
  const errD_fake = criterion(output, label);
  errD_fake.backward();
  const D_G_z1 = output.mean().item();
  optimizerD.step();
  netG.zero_grad();
  label.fill_(1);
  output = netD(fake).view(-1);
  const errG = criterion(output, label);
  errG.backward();
  const D_G_z2 = output.mean().item();
  optimizerG.step();
  print(
    '[%d] Loss_D: %.5f Loss_G: %.5f D(x): %.5f D(G(z)): %.5f / %.5f',
    ...[i, errD_real.add(errD_fake).item(), errG.item(), D_x, D_G_z1, D_G_z2],
  );
}
print(fake.shape, fake.index(0, 0, 0, ':4'));
