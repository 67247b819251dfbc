/** torch.hub against a server on loopback. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { root } from './package_root.js';
import { zip } from './serialization/crafted.js';

const load_module = createRequire(import.meta.url);
const { download_url_to_file, get_dir, load_state_dict_from_url, set_dir } = torch.hub;

function saved(value: unknown): Buffer {
  const chunks: Uint8Array[] = [];
  torch.save(value, {
    write: (chunk) => {
      chunks.push(chunk);
    },
  });
  return Buffer.concat(chunks);
}

const model = new nn.Linear(2, 3);
const content = saved(model.state_dict());
const sum = createHash('sha256').update(content).digest('hex');

let folder: string;
let server: Server | undefined;
let requests: string[] = [];
let said = '';

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer((request, response) => {
    requests.push(request.url ?? '');
    listener(request, response);
  });
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const whole: RequestListener = (_request, response) => {
  response.writeHead(200, { etag: '"1"', 'content-length': content.length }).end(content);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-hub-'));
  set_dir(folder);
  requests = [];
  said = '';
  const listen = (chunk: unknown): boolean => {
    said += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(listen);
  vi.spyOn(process.stderr, 'write').mockImplementation(listen);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('load_state_dict_from_url', () => {
  it('downloads a file once', async () => {
    const url = `${await serve(whole)}/models/linear.pth?download=1`;
    const state = await load_state_dict_from_url<nn.StateDict>(url);
    expect(new nn.Linear(2, 3).load_state_dict(state).toString()).toBe('<All keys matched successfully>');
    expect(readFileSync(join(folder, 'checkpoints', 'linear.pth')).equals(content)).toBe(true);
    expect(said).toContain(`Downloading: "${url}" to ${join(folder, 'checkpoints', 'linear.pth')}\n`);
    expect(said).toMatch(/\d+\.\d \/ \d+\.\d MB|\n$/);
    await load_state_dict_from_url(url);
    expect(requests).toEqual(['/models/linear.pth?download=1']);
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['linear.pth']);
  });

  it('takes another folder, another name, and a place for the tensors', async () => {
    const url = `${await serve(whole)}/x`;
    const state = await load_state_dict_from_url<{ weight: Tensor }>(url, {
      model_dir: join(folder, 'models'),
      file_name: 'named.pt',
      map_location: 'meta',
      progress: false,
    });
    expect(state.weight.is_meta).toBe(true);
    expect(readdirSync(join(folder, 'models'))).toEqual(['named.pt']);
    expect(said).not.toContain('MB');
  });

  it('checks the hash that the name has', async () => {
    const origin = await serve(whole);
    await load_state_dict_from_url(`${origin}/linear-${sum.slice(0, 8)}.pth`, { check_hash: true });
    await expect(load_state_dict_from_url(`${origin}/linear-12345678.pth`, { check_hash: true })).rejects.toThrow(
      new RegExp(`wrong checksum: expected sha256 12345678, got ${sum}`),
    );
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual([`linear-${sum.slice(0, 8)}.pth`]);
    await load_state_dict_from_url(`${origin}/linear-12345678.pth`);
  });

  it('reads archives with one file in them', async () => {
    const packed = zip({ 'linear.pth': content }, { deflate: true });
    const origin = await serve((_request, response) => {
      response.writeHead(200).end(packed);
    });
    const { weight } = await load_state_dict_from_url<{ weight: Tensor }>(`${origin}/linear.zip`);
    expect(weight.tolist()).toEqual(model.weight.tolist());
  });

  it('says what went wrong, and leaves nothing that looks whole', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/cut.pth') {
        response.writeHead(200, { 'content-length': content.length });
        response.write(content.subarray(0, 100), () => setTimeout(() => response.destroy(), 20));
      } else response.writeHead(404).end();
    });
    await expect(load_state_dict_from_url(`${origin}/none.pth`)).rejects.toThrow(/none\.pth answered 404 Not Found/);
    await expect(load_state_dict_from_url(`${origin}/cut.pth`)).rejects.toThrow(/run it again to continue/);
    expect(existsSync(join(folder, 'checkpoints', 'cut.pth'))).toBe(false);
    await expect(load_state_dict_from_url(`${origin}/`)).rejects.toThrow(/names no file; give a file_name/);
    await expect(load_state_dict_from_url('http://127.0.0.1:1/x.pth')).rejects.toThrow(/cannot reach/);
    await expect(load_state_dict_from_url(7 as never)).rejects.toThrow("argument 'url' must be str, not int");
  });

  it('runs nothing of what it got', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200).end('no checkpoint');
    });
    await expect(load_state_dict_from_url(`${origin}/x.pth`)).rejects.toThrow(/is not a file of torch\.save/);
    await expect(load_state_dict_from_url(`${origin}/x.pth`, { weights_only: false as never })).rejects.toThrow(
      /is not a file of torch\.save/,
    );
  });
});

describe('download_url_to_file', () => {
  it('continues what broke off', async () => {
    const ranges: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      ranges.push(request.headers.range);
      response.writeHead(206, { etag: '"1"', 'content-length': content.length - 500 }).end(content.subarray(500));
    });
    const file = join(folder, 'x.pth');
    writeFileSync(`${file}.part`, content.subarray(0, 500));
    writeFileSync(`${file}.part.etag`, '"1"');
    await download_url_to_file(`${origin}/x`, file, { hash_prefix: sum.slice(0, 10), progress: false });
    expect(ranges).toEqual(['bytes=500-']);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['x.pth']);
  });

  it('several at once do not disturb each other', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': content.length });
      response.write(content.subarray(0, 500), () => setTimeout(() => response.end(content.subarray(500)), 30));
    });
    const file = join(folder, 'x.pth');
    await Promise.all([1, 2, 3].map(() => download_url_to_file(url, file, sum, false)));
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['x.pth']);
  });

  it('continues after a process that was killed', async () => {
    const url = await serve(whole);
    const file = join(folder, 'x.pth');
    writeFileSync(`${file}.part.lock`, '4194304999');
    writeFileSync(`${file}.part`, content.subarray(0, 10));
    await download_url_to_file(url, file, sum, false);
    expect(readdirSync(folder)).toEqual(['x.pth']);
  });
});

describe('the folder comes from the environment as in Python', () => {
  it('is set', () => {
    expect(get_dir()).toBe(folder);
    set_dir('~/hub');
    expect(get_dir()).toBe(join(homedir(), 'hub'));
    expect(() => {
      set_dir(1 as never);
    }).toThrow("argument 'd' must be str, not int");
  });

  it.each<[Record<string, string | undefined>, string]>([
    [{ TORCH_HOME: '/a', XDG_CACHE_HOME: '/b' }, '/a/hub'],
    [{ TORCH_HOME: undefined, XDG_CACHE_HOME: '/b' }, '/b/torch/hub'],
    [{ TORCH_HOME: undefined, XDG_CACHE_HOME: undefined }, join(homedir(), '.cache/torch/hub')],
    [{ TORCH_HOME: '~/c', XDG_CACHE_HOME: undefined }, join(homedir(), 'c/hub')],
  ])('%j', (variables, expected) => {
    // get_dir of a process where no one has called set_dir.
    const fresh = fresh_hub();
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    expect(fresh.get_dir()).toBe(expected);
  });
});

/** The module as it is before anything was set. */
function fresh_hub(): typeof torch.hub {
  const file = join(root, 'dist', 'hub.js');
  delete load_module.cache[load_module.resolve(file)];
  return load_module(file) as typeof torch.hub;
}
