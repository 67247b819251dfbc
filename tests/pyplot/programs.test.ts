/** The drawing of well-known tutorials, as programs write it: models that learn while their figures change. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { nn } from 'torch-node';
import * as np from 'torch-node/numpy';
import * as plt from 'torch-node/pyplot';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pyplot-programs-'));
const shown = process.env['TORCH_NODE_PYPLOT'];
beforeEach(() => {
  process.env['TORCH_NODE_PYPLOT'] = 'file';
  torch.manual_seed(1);
});
afterEach(() => {
  plt.close('all');
  plt.ioff();
});
afterAll(() => {
  if (shown === undefined) delete process.env['TORCH_NODE_PYPLOT'];
  else process.env['TORCH_NODE_PYPLOT'] = shown;
  rmSync(folder, { recursive: true, force: true });
});

/** The current figure is a PNG file of its size with something in it, and the same SVG file, which another program reads, each time. */
async function expect_picture(): Promise<void> {
  const written = (name: string): Buffer => {
    plt.savefig(join(folder, name));
    return readFileSync(join(folder, name));
  };
  const { width, height } = plt.gcf();
  const png = written('figure.png');
  expect(png.length).toBeGreaterThan(3000);
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width, height });
  const svg = written('figure.svg');
  expect(written('again.svg').equals(svg)).toBe(true);
  // Of points, of which an inch has 72.
  const points = { width: Math.round((width * 72) / 100), height: Math.round((height * 72) / 100) };
  expect(await sharp(svg, { density: 72 }).metadata()).toMatchObject({ format: 'svg', ...points });
}

it('a regression whose fit is drawn again and again', async () => {
  const x = torch.linspace(-1, 1, 100).unsqueeze(1);
  const y = x.pow(2).add(torch.rand(100, 1).mul(0.2));
  const net = new nn.Sequential(new nn.Linear(1, 10), new nn.ReLU(), new nn.Linear(10, 1));
  const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.2 });
  const loss_func = new nn.MSELoss();
  plt.ion();
  for (let t = 0; t < 20; t++) {
    const prediction = net(x);
    const loss = loss_func(prediction, y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (t % 5 !== 0) continue;
    plt.cla();
    plt.scatter(x.data.numpy(), y.data.numpy());
    plt.plot(x.data.numpy(), prediction.data.numpy(), 'r-', { lw: 5 });
    plt.text(0.5, 0, `Loss=${loss.item().toFixed(4)}`, { fontdict: { size: 20, color: 'red' } });
    plt.pause(0.01);
  }
  const ax = plt.gca();
  expect([ax.lines.length, ax.collections.length, ax.texts.length]).toEqual([1, 1, 1]);
  expect(ax.lines[0]!.get_linewidth()).toBe(5);
  await expect_picture();
});

it('a classification whose points have the colours of their classes', async () => {
  const n_data = torch.ones(100, 2);
  const x = torch.cat([torch.normal(n_data.mul(2), 1), torch.normal(n_data.mul(-2), 1)], 0);
  const y = torch.cat([torch.zeros(100), torch.ones(100)]).type(torch.LongTensor);
  const points = plt.scatter(x.data.numpy().index(':', 0) as np.NDArray, x.data.numpy().index(':', 1) as np.NDArray, {
    ...{ c: y.data.numpy(), s: 100, lw: 0, cmap: 'RdYlGn' },
  });
  const accuracy = 0.5;
  plt.text(1.5, -4, `Accuracy=${accuracy.toFixed(2)}`, { fontdict: { size: 20, color: 'red' } });
  const colors = new Set(points.get_facecolors().map((color) => plt.colors.to_hex([...color])));
  expect(colors).toEqual(new Set(['#a50026', '#006837']));
  await expect_picture();
});

it('histograms of the inputs of layers, with and without normalisation', async () => {
  const layers = [torch.randn(200, 10), torch.randn(200, 10).mul(0.1)];
  const [fig, axs] = plt.subplots<plt.Axes[][]>(2, 2, { figsize: [6, 4] });
  layers.forEach((values, i) => {
    const [a, b] = [axs[0]![i]!, axs[1]![i]!];
    const range = i === 0 ? ([-7, 10] as const) : ([-7, 7] as const);
    a.set_title(`L${i}`);
    a.hist(values.data.numpy().ravel(), { bins: 10, range, color: '#FF9359', alpha: 0.5 });
    b.hist(values.data.numpy().ravel(), { bins: 10, range, color: '#74BCFF', alpha: 0.5 });
    for (const ax of [a, b]) {
      ax.set_yticks([]);
      ax.set_xticks([...range]);
    }
  });
  plt.tight_layout();
  expect(fig.axes.map((ax) => ax.patches.length)).toEqual([10, 10, 10, 10]);
  expect(fig.axes.map((ax) => ax.get_yticks().length)).toEqual([0, 0, 0, 0]);
  expect([...fig.axes[0]!.get_xlim()].map(Math.round)).toEqual([-8, 11]);
  await expect_picture();
});

it('curves of a recurrent network, step after step in one figure', async () => {
  const rnn = new nn.RNN({ input_size: 1, hidden_size: 8, batch_first: true });
  const out = new nn.Linear(8, 1);
  plt.figure(1, { figsize: [12, 5] });
  plt.ion();
  let h_state: torch.Tensor | null = null;
  for (let step = 0; step < 4; step++) {
    const steps = torch.linspace(step * Math.PI, (step + 1) * Math.PI, 10);
    const [r_out, state]: [torch.Tensor, torch.Tensor] = rnn(steps.sin().view(1, 10, 1), h_state);
    h_state = state.data;
    plt.plot(steps, steps.cos().numpy().flatten(), 'r-');
    plt.plot(steps, out(r_out).data.numpy().flatten(), 'b-');
    plt.draw();
    plt.pause(0.01);
  }
  expect(plt.gca().lines.map((line) => line.get_color())).toEqual(['r', 'b', 'r', 'b', 'r', 'b', 'r', 'b']);
  expect(
    plt
      .gca()
      .get_xlim()
      .map((limit) => Math.round(limit * 1000)),
  ).toEqual([-628, 13195]);
  await expect_picture();
});

it('originals and decoded images of an autoencoder, without ticks', async () => {
  const view_data = torch.rand(5, 28 * 28);
  const [f, a] = plt.subplots<plt.Axes[][]>(2, 5, { figsize: [5, 2] });
  for (let i = 0; i < 5; i++) {
    a[0]![i]!.imshow(np.reshape(view_data.data.numpy().index(i) as np.NDArray, [28, 28]), { cmap: 'gray' });
    a[0]![i]!.set_xticks([]);
    a[0]![i]!.set_yticks([]);
  }
  for (let i = 0; i < 5; i++) {
    a[1]![i]!.clear();
    a[1]![i]!.imshow(view_data.index(i).reshape(28, 28).data.numpy(), { cmap: 'gray' });
    a[1]![i]!.set_xticks([]);
    a[1]![i]!.set_yticks([]);
  }
  expect(f.axes.map((ax) => ax.images.length)).toEqual(Array<number>(10).fill(1));
  expect([...a[0]![0]!.get_ylim()]).toEqual([27.5, -0.5]);
  await expect_picture();
});

it('encoded digits as coloured numbers in three dimensions', async () => {
  const digits = torch.rand(40, 28 * 28);
  const labels = torch.arange(40).remainder(10);
  const encoder = new nn.Sequential(new nn.Linear(28 * 28, 12), new nn.Tanh(), new nn.Linear(12, 3));
  const encoded_data = encoder(digits);
  const fig = plt.figure(2);
  const ax = new plt.Axes3D(fig);
  fig.add_axes(ax);
  const [X, Y, Z] = [0, 1, 2].map((i) => encoded_data.data.select(1, i).numpy()) as [
    np.NDArray,
    np.NDArray,
    np.NDArray,
  ];
  const values = labels.numpy();
  for (let i = 0; i < 40; i++) {
    const label = Number(values.item(i));
    const c = plt.cm['rainbow']!(Math.trunc((255 * label) / 9), { integer: true });
    ax.text(X.item(i) as number, Y.item(i) as number, Z.item(i) as number, label, { backgroundcolor: c });
  }
  const ends = (values_of: np.NDArray): [number, number] => [Number(values_of.min()), Number(values_of.max())];
  ax.set_xlim(...ends(X));
  ax.set_ylim(...ends(Y));
  ax.set_zlim(...ends(Z));
  expect(ax.texts.length).toBe(40);
  expect([...ax.get_zlim()]).toEqual(ends(Z));
  await expect_picture();
});

it('lines of a generator between their bounds', async () => {
  const points = torch.linspace(-1, 1, 15);
  const paintings = points.square().add(torch.rand(15));
  plt.cla();
  plt.plot(points, paintings, { c: '#4AD631', lw: 3, label: 'Generated painting' });
  plt.plot(points, points.square().mul(2).add(1), { c: '#74BCFF', lw: 3, label: 'upper bound' });
  plt.plot(points, points.square(), { c: '#FF9359', lw: 3, label: 'lower bound' });
  plt.text(-0.5, 2.3, 'D accuracy=0.50 (0.5 for D to converge)', { fontdict: { size: 13 } });
  plt.ylim([0, 3]);
  const legend = plt.legend({ loc: 'upper right', fontsize: 10 });
  expect(legend.get_texts()).toEqual(['Generated painting', 'upper bound', 'lower bound']);
  expect([...plt.ylim()]).toEqual([0, 3]);
  await expect_picture();
});
