/** Without the packages that draw, each call that needs one says which to install, and the rest works. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { project, type Project } from './project.js';

let user: Project;
beforeAll(() => {
  user = project();
});
afterAll(() => {
  user.remove();
});

const canvas = "the npm package '@napi-rs/canvas', which is not installed: npm install @napi-rs/canvas";

it.each<[what: string, call: string, needs: string]>([
  ['a file', "plt.savefig('figure.png')", `torch-node/pyplot needs ${canvas}`],
  ['a figure that is shown', 'plt.show()', `torch-node/pyplot needs ${canvas}`],
  ['pixels', 'plt.gcf().data()', `torch-node/pyplot needs ${canvas}`],
  [
    'an animation',
    "new plt.animation.FuncAnimation(plt.gcf(), () => undefined, { frames: 1 }).save('figure.gif')",
    `torch-node/pyplot needs ${canvas}`,
  ],
  ['a figure in TensorBoard', "writer.add_figure('figure', plt.gcf())", `torch-node/pyplot needs ${canvas}`],
  ['a video in TensorBoard', "writer.add_video('video', torch.zeros(1, 2, 3, 4, 4))", `add_video() needs ${canvas}`],
])('%s', (_, call, needs) => {
  const program = `
    const torch = require('torch-node');
    const plt = require('torch-node/pyplot');
    const { SummaryWriter } = require('torch-node/tensorboard');
    plt.plot([1, 2, 4]);
    if (plt.gca().lines.length !== 1) throw new Error('no line');
    const writer = new SummaryWriter('runs');
    writer.add_scalar('loss', 1, 1);
    try {
      ${call};
      console.log('done');
    } catch (error) {
      console.log(error.constructor.name + ': ' + error.message);
    }
  `;
  const { status, output } = user.node(['-e', program], { TORCH_NODE_PYPLOT: 'file' });
  expect(output.trim()).toBe(`Error: ${needs}`);
  expect(status).toBe(0);
});
