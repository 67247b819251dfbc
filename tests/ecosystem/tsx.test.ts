/** Threads of programs that tsx runs: on Node 20 it serves the main thread only. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project, tool, type Project } from './project.js';

let user: Project;
beforeAll(() => {
  user = project({ type: 'module' });
  user.link('tsx', 'esbuild');
  user.write({
    'scale.ts': 'export const scale: number = 3;',
    'net.ts': `
      import * as torch from 'torch-node';
      import { scale } from './scale.js';
      export class Net extends torch.nn.Module {
        declare readonly fc: torch.nn.Linear;
        forward(x: torch.Tensor): torch.Tensor { return x.mul(scale as number); }
      }`,
    'classic.cts': `
      import torch = require('torch-node');
      import scaled = require('./scaled.cjs');
      class Net extends torch.nn.Module {
        forward(x: torch.Tensor): torch.Tensor { return x.mul(scaled.scale as number); }
      }
      export = { Net };`,
    'scaled.cts': 'export const scale: number = 3;',
    'main.ts': `
      import torch from 'torch-node';
      const net = await torch.RemoteModule.start(new URL(process.argv[2] as string, import.meta.url), { name: 'Net' });
      console.log(String(await net.forward_async(torch.ones(2) as never)));
      await net.close();`,
    'worker.ts': `
      import { parentPort } from 'node:worker_threads';
      import * as torch from 'torch-node';
      const sent: torch.HandedOver = torch.hand_over(torch.ones(2) as torch.Tensor);
      parentPort!.postMessage(sent);`,
    'worker.mjs': "import { register } from 'tsx/esm/api';\nregister();\nawait import('./worker.ts');",
    'workers.ts': `
      import { Worker } from 'node:worker_threads';
      import torch from 'torch-node';
      const worker = new Worker(new URL('./worker.mjs', import.meta.url));
      worker.on('message', (message: unknown) => { console.log(String(torch.take_over(message))); });`,
  });
});
afterAll(() => {
  user.remove();
});

const ways: Record<string, [args: string[], env?: Record<string, string>]> = {
  'the command tsx': [[tool('tsx', 'dist/cli.mjs')]],
  '--import tsx': [['--import', 'tsx']],
  NODE_OPTIONS: [[], { NODE_OPTIONS: '--import tsx' }],
};

describe.each(Object.entries(ways))('a program under %s', (_, [args, env]) => {
  it('starts a RemoteModule of a .ts file', () => {
    expect(user.node([...args, 'main.ts', './net.ts'], env)).toEqual({ status: 0, output: 'tensor([3., 3.])\n' });
  });
});

it('starts a RemoteModule of a CommonJS file in TypeScript', () => {
  expect(user.node(['--import', 'tsx', 'main.ts', './classic.cts'])).toEqual({
    status: 0,
    output: 'tensor([3., 3.])\n',
  });
});

it('starts a worker of its own as docs/tools.md says', () => {
  expect(user.node(['--import', 'tsx', 'workers.ts'])).toEqual({ status: 0, output: 'tensor([1., 1.])\n' });
});
