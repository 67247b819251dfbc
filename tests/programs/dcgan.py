"""A generator of transposed convolutions against a discriminator of strided ones."""
import torch
import torch.nn as nn
import torch.optim as optim

nz, ngf, ndf, nc = 100, 16, 16, 3


def weights_init(m):
    name = m.__class__.__name__
    if name.find("Conv") != -1:
        torch.nn.init.normal_(m.weight, 0.0, 0.02)
    elif name.find("BatchNorm") != -1:
        torch.nn.init.normal_(m.weight, 1.0, 0.02)
        torch.nn.init.zeros_(m.bias)


def generator():
    layers, channels = [], [nz, ngf * 8, ngf * 4, ngf * 2, ngf]
    for k, (a, b) in enumerate(zip(channels, channels[1:])):
        stride, padding = (1, 0) if k == 0 else (2, 1)
        layers += [nn.ConvTranspose2d(a, b, 4, stride, padding, bias=False), nn.BatchNorm2d(b), nn.ReLU(True)]
    return nn.Sequential(*layers, nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False), nn.Tanh())


def discriminator():
    layers = [nn.Conv2d(nc, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
    for a in (ndf, ndf * 2, ndf * 4):
        layers += [nn.Conv2d(a, a * 2, 4, 2, 1, bias=False), nn.BatchNorm2d(a * 2), nn.LeakyReLU(0.2, inplace=True)]
    return nn.Sequential(*layers, nn.Conv2d(ndf * 8, 1, 4, 1, 0, bias=False), nn.Sigmoid())


torch.manual_seed(3)
torch.set_num_threads(1)
netG, netD = generator().apply(weights_init), discriminator().apply(weights_init)
print(netG)
criterion = nn.BCELoss()
optimizerD = optim.Adam(netD.parameters(), lr=0.0002, betas=(0.5, 0.999))
optimizerG = optim.Adam(netG.parameters(), lr=0.0002, betas=(0.5, 0.999))
images = torch.rand(8, 3, 64, 64) * 2 - 1
for i in range(2):
    real, size = images[i * 4:(i + 1) * 4], 4
    netD.zero_grad()
    label = torch.full((size,), 1.0)
    output = netD(real).view(-1)
    errD_real = criterion(output, label)
    errD_real.backward()
    D_x = output.mean().item()
    fake = netG(torch.randn(size, nz, 1, 1))
    label.fill_(0.0)
    output = netD(fake.detach()).view(-1)
    errD_fake = criterion(output, label)
    errD_fake.backward()
    D_G_z1 = output.mean().item()
    optimizerD.step()
    netG.zero_grad()
    label.fill_(1.0)
    output = netD(fake).view(-1)
    errG = criterion(output, label)
    errG.backward()
    D_G_z2 = output.mean().item()
    optimizerG.step()
    print("[%d] Loss_D: %.5f Loss_G: %.5f D(x): %.5f D(G(z)): %.5f / %.5f"
          % (i, (errD_real + errD_fake).item(), errG.item(), D_x, D_G_z1, D_G_z2))
print(fake.shape, fake[0, 0, 0, :4])
