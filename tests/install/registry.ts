/** A registry of npm packages on this machine alone: verdaccio, with nothing behind it. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

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

export interface Registry {
  url: string;
  stop(): Promise<void>;
}

/** Starts it with everything it stores in a folder. Anybody may publish. */
export async function start_registry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'config.yaml');
  writeFileSync(
    config,
    [
      `storage: ${join(folder, 'storage')}`,
      'max_body_size: 1000mb',
      'uplinks: {}',
      'packages:',
      '  "**":',
      '    access: $all',
      '    publish: $all',
      'log: { type: stdout, format: json, level: warn }',
      'server: { keepAliveTimeout: 60 }',
      '',
    ].join('\n'),
  );
  const bin = join(dirname(require.resolve('verdaccio/package.json')), 'bin', 'verdaccio');
  const url = `http://127.0.0.1:${await free_port()}/`;
  const child = spawn(process.execPath, [bin, '--config', config, '--listen', url], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: folder },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => {
      resolve();
    });
  });
  for (const start = Date.now(); ; ) {
    if (child.exitCode !== null || Date.now() - start > 60_000) {
      throw new Error(`the registry does not start:\n${text}`);
    }
    try {
      if ((await fetch(`${url}-/ping`)).ok) break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    url,
    async stop() {
      child.kill();
      await closed;
    },
  };
}
