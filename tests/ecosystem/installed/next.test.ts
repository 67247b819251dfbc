/** A Next.js application whose route computes with tensors. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment, project, type Project } from '../project.js';

let user: Project;
beforeAll(() => {
  user = project();
  user.install('next@16', 'react@19', 'react-dom@19');
  user.write({
    'app/layout.js': 'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
    'app/page.js': 'export default function Page() { return <p>torch</p>; }',
    'app/sum/route.js': `
      import * as torch from 'torch-node';
      export const dynamic = 'force-dynamic';
      export function GET(request) {
        const n = Number(new URL(request.url).searchParams.get('n'));
        return Response.json({ sum: torch.arange(n).sum().item(), text: String(torch.ones(2)) });
      }`,
  });
});
afterAll(() => {
  user.remove();
});

const NEXT = join('node_modules', 'next', 'dist', 'bin', 'next');
const quiet = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };

function build(config: string): { status: number | null; output: string } {
  user.write({ 'next.config.js': `module.exports = ${config};` });
  return user.node([NEXT, 'build'], quiet);
}

function free_port(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** What a server answers, once it is up. */
async function answer_of(args: readonly string[], port: number): Promise<unknown> {
  const server = spawn(process.execPath, args, {
    cwd: user.folder,
    stdio: 'ignore',
    env: { ...environment, ...quiet, PORT: String(port), HOSTNAME: '127.0.0.1' },
  });
  const ended = new Promise((resolve) => {
    server.once('exit', resolve);
  });
  try {
    for (const start = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 200))) {
      const response = await fetch(`http://127.0.0.1:${port}/sum?n=5`).catch(() => null);
      if (response !== null) return [response.status, await response.json()];
      if (Date.now() - start > 60_000 || server.exitCode !== null) throw new Error('the server does not answer');
    }
  } finally {
    server.kill();
    await ended;
  }
}

const right = [200, { sum: 10, text: 'tensor([1., 1.])' }];

describe('Next.js', () => {
  it('says what to do when the package is bundled', () => {
    const { status, output } = build('{}');
    expect(status).not.toBe(0);
    expect(output).toContain('torch-node: its code was bundled');
    expect(output).toContain("Next.js: serverExternalPackages: ['torch-node'] in next.config");
  });

  it('serves a route with tensors', async () => {
    const { status, output } = build("{ serverExternalPackages: ['torch-node'] }");
    expect(status, output).toBe(0);
    const port = await free_port();
    expect(await answer_of([NEXT, 'start', '-p', String(port), '-H', '127.0.0.1'], port)).toEqual(right);
  });

  it('serves it from a standalone output', async () => {
    const { status, output } = build("{ serverExternalPackages: ['torch-node'], output: 'standalone' }");
    expect(status, output).toBe(0);
    const port = await free_port();
    expect(await answer_of([join('.next', 'standalone', 'server.js')], port)).toEqual(right);
  });
});
