import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';
import { elsewhere, fake_libtorch } from './fake_libtorch.js';
import { OWN_MINOR, VERSION } from './release.js';

const require = createRequire(import.meta.url);
const { download } = require('../../scripts/install/download.js') as {
  download(url: string, file: string, options?: { sha256?: string | null }): Promise<string>;
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs scripts/install/libtorch.js where nothing but the given environment can be found. */
function libtorch(args: string[], env: Record<string, string> = {}): { text: string; status: number | null } {
  const result = spawnSync(process.execPath, [join(root, 'scripts', 'install', 'libtorch.js'), ...args], {
    encoding: 'utf8',
    env: { PATH: folder, XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder, ...env },
  });
  return { text: result.stdout + result.stderr, status: result.status };
}

describe.runIf(process.platform === 'linux')('finding libtorch', () => {
  it('takes the folder that TORCH_NODE_LIBTORCH names', () => {
    const given = fake_libtorch(join(folder, 'given'));
    expect(libtorch(['--print-root'], { TORCH_NODE_LIBTORCH: given }).text.trim()).toBe(given);
  });

  it('finds the cache folder under XDG_CACHE_HOME', () => {
    const cached = fake_libtorch(join(folder, `cache/torch-node/libtorch-${VERSION}-cpu`));
    expect(libtorch(['--print-root']).text.trim()).toBe(cached);
  });

  it('prefers TORCH_NODE_LIBTORCH to the cache', () => {
    fake_libtorch(join(folder, `cache/torch-node/libtorch-${VERSION}-cpu`));
    const given = fake_libtorch(join(folder, 'given'));
    expect(libtorch(['--print-root'], { TORCH_NODE_LIBTORCH: given }).text.trim()).toBe(given);
  });

  it('prefers a CUDA build in the cache, which somebody asked for, to the platform package and to one for the CPU', () => {
    fake_libtorch(join(folder, `cache/torch-node/libtorch-${VERSION}-cpu`));
    fake_libtorch(join(folder, `cache/torch-node/libtorch-${VERSION}-cu128/torch`));
    const newest = fake_libtorch(join(folder, `cache/torch-node/libtorch-${VERSION}-cu130/torch`));
    expect(libtorch(['--print-root']).text.trim()).toBe(newest);
  });

  it('finds the torch of the active Python last', () => {
    const torch = fake_libtorch(join(folder, 'site/torch'));
    mkdirSync(join(folder, 'venv', 'bin'), { recursive: true });
    writeFileSync(join(folder, 'venv', 'bin', 'python'), `#!/bin/sh\necho ${torch}\n`, { mode: 0o755 });
    const { text } = libtorch(['--explain'], { VIRTUAL_ENV: join(folder, 'venv') });
    expect(text).toContain(`chosen   Python: ${torch}`);
    expect(text).toContain('rejected cache:');
  });

  it('refuses another minor version and says both', () => {
    const given = fake_libtorch(join(folder, 'given'), { version: '2.12.1' });
    const { text, status } = libtorch(['--print-root'], { TORCH_NODE_LIBTORCH: given });
    expect(status).toBe(1);
    expect(text).toContain(`it is libtorch 2.12.1, torch-node needs ${OWN_MINOR}`);
    expect(text).toContain('Set TORCH_NODE_LIBTORCH to a folder that fits');
  });

  it('refuses a folder without one of the libraries and names it', () => {
    const given = fake_libtorch(join(folder, 'given'), { without: 'libtorch_cpu.so' });
    const { text } = libtorch(['--explain'], { TORCH_NODE_LIBTORCH: given });
    expect(text).toContain('lib/libtorch_cpu.so is missing');
  });

  it('refuses libraries of another platform and names both', () => {
    const given = fake_libtorch(join(folder, 'given'), { machine: elsewhere });
    const { text } = libtorch(['--explain'], { TORCH_NODE_LIBTORCH: given });
    expect(text).toMatch(/it is made for linux-\w+, this is linux-\w+/);
  });

  it('does not replace a folder that was named by one that was not', () => {
    fake_libtorch(join(folder, `cache/torch-node/libtorch-${VERSION}-cpu`));
    expect(libtorch(['--print-root'], { TORCH_NODE_LIBTORCH: join(folder, 'nowhere') }).status).toBe(1);
  });

  it('tells how to get one when there is none', () => {
    const { text, status } = libtorch(['--print-root']);
    expect(status).toBe(1);
    expect(text).toContain('npx torch-node install');
  });

  it('refuses a folder without headers when building', () => {
    const given = fake_libtorch(join(folder, 'given'));
    const { text } = libtorch(['--explain', '--for-building'], { TORCH_NODE_LIBTORCH: given });
    expect(text).toContain('no include/ folder');
  });
});

describe('downloading', () => {
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) % 251));
  const sum = createHash('sha256').update(content).digest('hex');
  let server: Server;
  let ranges: (string | undefined)[];

  async function serve(listener: RequestListener): Promise<string> {
    ranges = [];
    server = createServer((request, response) => {
      ranges.push(request.headers.range);
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.zip`;
  }

  const whole: RequestListener = (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start = range && request.headers['if-range'] === '"v1"' ? Number(range[1]) : 0;
    response.writeHead(start > 0 ? 206 : 200, { etag: '"v1"', 'content-length': content.length - start });
    response.end(content.subarray(start));
  };

  const cut: RequestListener = (_request, response) => {
    response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
    response.write(content.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 50));
  };

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('writes the file under its own name only when it is whole', async () => {
    const file = join(folder, 'file.zip');
    expect(await download(await serve(whole), file, { sha256: sum })).toBe(sum);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('says where a truncated body broke off, and resumes from there', async () => {
    const file = join(folder, 'file.zip');
    let first = true;
    const url = await serve((request, response) => {
      if (first) cut(request, response);
      else whole(request, response);
      first = false;
    });
    await expect(download(url, file, { sha256: sum })).rejects.toThrow(/run it again to continue/);
    expect(existsSync(file)).toBe(false);
    await download(url, file, { sha256: sum });
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('starts over when the server has another version', async () => {
    const file = join(folder, 'file.zip');
    writeFileSync(`${file}.part`, 'old');
    writeFileSync(`${file}.part.etag`, '"v0"');
    await download(await serve(whole), file, { sha256: sum });
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('deletes a file with the wrong checksum and says both sums', async () => {
    const file = join(folder, 'file.zip');
    await expect(download(await serve(whole), file, { sha256: '0'.repeat(64) })).rejects.toThrow(
      new RegExp(`wrong checksum: expected sha256 0{64}, got ${sum}`),
    );
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('reports a 404', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404).end();
    });
    await expect(download(url, join(folder, 'file.zip'))).rejects.toThrow(/answered 404 Not Found/);
  });
});
