/** `torch-node install` from a package index on this machine, whose wheels hold stand-ins for libraries. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';
import { here, library } from './fake_libtorch.js';
import { OWN_MINOR, VERSION } from './release.js';

const require = createRequire(import.meta.url);
const { applies, requirements_of, satisfies } = require('../../scripts/install/requirements.js') as {
  applies(marker: string, extra: string): boolean;
  requirements_of(metadata: string, extras: string[]): { name: string; extras: string[]; specifiers: string[] }[];
  satisfies(version: string, specifier: string): boolean;
};
const { unzip } = require('../../scripts/install/unzip.js') as {
  unzip(archive: string, target: string, place: (name: string) => string | null): Promise<void>;
};

const platform = `${process.platform}-${process.arch}`;
const tag = `py3-none-manylinux_2_28_${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`;
/** What Linux wheels say; the third is for somewhere else. */
const torch_requirements = [
  'Requires-Dist: filelock',
  'Requires-Dist: cuda-toolkit[cublas,cudart]==13.0.3; platform_system == "Linux"',
  'Requires-Dist: nvidia-cudnn-cu13==9.24.0.43; platform_system == "Windows"',
].join('\n');
const toolkit_requirements = [
  "Requires-Dist: nvidia-cublas==13.1.1.3.*; (sys_platform == 'linux' or sys_platform == 'win32') and extra == 'cublas'",
  "Requires-Dist: nvidia-cuda-runtime<14,>=13.0; sys_platform == 'linux' and extra == 'cudart'",
  "Requires-Dist: nvidia-cufft==12.0.*; sys_platform == 'linux' and extra == 'cufft'",
].join('\n');

let folder: string;
let server: Server;
let requests: { path: string; range: string | undefined }[];
/** The first answer with a file breaks off in its middle. */
let break_off: boolean;
/** The start of the name of a file that comes with other bytes than the index says. */
let alter: string | undefined;

/** Writes a wheel with Python's own zipfile. */
function wheel(name: string, files: Record<string, string | Buffer>): void {
  const target = join(folder, 'index', name);
  mkdirSync(join(folder, 'index'), { recursive: true });
  const encoded = Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString('base64')]);
  const program =
    'import zipfile, sys, json, base64\n' +
    'with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:\n' +
    '  [z.writestr(n, base64.b64decode(c), zipfile.ZIP_STORED if n.endswith(".py") else None)\n' +
    '   for n, c in json.load(sys.stdin)]';
  const { status, stderr } = spawnSync('python3', ['-c', program, target], {
    input: JSON.stringify(encoded),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

function make_index(): void {
  const libraries = Object.fromEntries(
    ['c10', 'torch_cpu', 'torch'].map((name) => [`torch/lib/lib${name}.so`, library(here)]),
  );
  wheel(`torch-${VERSION}-${tag}.whl`, {
    ...libraries,
    'torch/version.py': `__version__ = '${VERSION}'\n`,
    'torch/nn/__init__.py': '',
    'torch/lib/libtorch_cuda.so': library(here),
    [`torch-${VERSION}.dist-info/METADATA`]: `Name: torch\n${torch_requirements}\n`,
    [`torch-${VERSION}.dist-info/licenses/LICENSE`]: 'torch',
    [`torch-${VERSION}.dist-info/licenses/third_party/fmt/LICENSE`]: 'fmt',
  });
  wheel(`torch-2.12.0-${tag}.whl`, { 'torch/version.py': "__version__ = '2.12.0'\n" });
  wheel('cuda_toolkit-13.0.3-py3-none-any.whl', { 'cuda_toolkit-13.0.3.dist-info/METADATA': toolkit_requirements });
  const libraries_of_cuda = [
    ['cublas', '13.1.1.3'],
    ['cublas', '13.2.0.1'],
    ['cuda_runtime', '13.0.96'],
    ['cuda_runtime', '14.1'],
    ['cufft', '12.0.0.61'],
  ] as const;
  for (const [project, version] of libraries_of_cuda) {
    // The version that the list of CUDA names counts, not that a library names none.
    const needs = project === 'cublas' ? 'Requires-Dist: nvidia-cuda-runtime\n' : '';
    wheel(`nvidia_${project}-${version}-${tag}.whl`, {
      [`nvidia/cu13/lib/lib${project}.so.13`]: version,
      'nvidia/cu13/include/header.h': '',
      [`nvidia_${project}-${version}.dist-info/METADATA`]: `Name: nvidia-${project}\n${needs}`,
    });
  }
}

/** Adds the wheel of another minor version to the index. */
function add_minor(): void {
  wheel(`torch-2.14.1-${tag}.whl`, {
    ...Object.fromEntries(['c10', 'torch_cpu', 'torch'].map((name) => [`torch/lib/lib${name}.so`, library(here)])),
    'torch/version.py': "__version__ = '2.14.1'\n",
    'torch-2.14.1.dist-info/METADATA': `Name: torch\n${torch_requirements}\n`,
  });
}

/** The packages as npm would lay them out, with stand-ins for addons; returns the folder of torch-node. */
function packages_with_addons(minors: readonly string[]): string {
  const [modules, addons] = [join(folder, 'node_modules'), join('@torch-node', `addon-${platform}`)];
  cpSync(join(root, 'scripts', 'install'), join(modules, 'torch-node', 'scripts', 'install'), { recursive: true });
  mkdirSync(join(modules, addons), { recursive: true });
  writeFileSync(join(modules, addons, 'package.json'), '{}');
  for (const minor of minors) writeFileSync(join(modules, addons, `torch_node.libtorch-${minor}.node`), '');
  return realpathSync(join(modules, 'torch-node'));
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-obtain-'));
  requests = [];
  break_off = false;
  alter = undefined;
  server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, range: request.headers.range });
    const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
    if (project) {
      const files = readdirSync(join(folder, 'index')).filter(
        (file) => file.split('-')[0]?.replaceAll('_', '-') === project,
      );
      if (files.length === 0) return response.writeHead(404).end();
      const links = files.map((file) => {
        const sum = createHash('sha256')
          .update(readFileSync(join(folder, 'index', file)))
          .digest('hex');
        return `<a href="../../files/${encodeURIComponent(file)}#sha256=${sum}">${file}</a>`;
      });
      return response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${links.join('<br/>\n')}</html>`);
    }
    const bytes = readFileSync(join(folder, 'index', basename(decodeURIComponent(path))));
    if (alter !== undefined && basename(path).startsWith(alter)) bytes[bytes.length - 1]! ^= 1;
    if (break_off) {
      break_off = false;
      response.writeHead(200, { etag: '"1"', 'content-length': bytes.length });
      // Not before the client has written it: what it has not yet read when the end comes is lost to it.
      return response.write(bytes.subarray(0, 400), () => {
        const waiting = setInterval(() => {
          const parts = readdirSync(join(cache(), 'downloads')).map((name) =>
            statSync(join(cache(), 'downloads', name)),
          );
          if (!parts.some(({ size }) => size === 400)) return;
          clearInterval(waiting);
          response.destroy();
        }, 20);
      });
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { etag: '"1"', 'content-length': bytes.length - start });
    return response.end(bytes.subarray(start));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const cache = (): string => join(folder, 'cache', 'torch-node');

/** The command with the index, and without Python. */
function install(...args: string[]): ReturnType<typeof command> {
  return install_with({}, ...args);
}

function install_with(env: Record<string, string>, ...args: string[]): ReturnType<typeof command> {
  return command(root, env, 'install', ...args);
}

/** The command of the torch-node in a folder. */
function command(
  home: string,
  env: Record<string, string>,
  ...args: string[]
): Promise<{ status: number | null; text: string }> {
  const child = spawn(process.execPath, [join(home, 'scripts', 'install', 'torch-node.js'), ...args], {
    env: {
      PATH: folder,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      TORCH_NODE_WHEEL_INDEX: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
      ...env,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      resolve({ status, text });
    });
  });
}

describe.runIf(process.platform === 'linux')('obtaining libtorch', () => {
  it('takes the wheel of the right version from the index, with its licenses, and leaves nothing else behind', async () => {
    make_index();
    const { status, text } = await install();
    expect([status, text]).toEqual([0, expect.stringContaining(`libtorch ${VERSION} (cpu) is in`)]);
    expect(readdirSync(cache()).sort()).toEqual(['downloads', `libtorch-${VERSION}-cpu`]);
    expect(readdirSync(join(cache(), 'downloads'))).toEqual([]);
    const obtained = join(cache(), `libtorch-${VERSION}-cpu`);
    expect(readdirSync(obtained).sort()).toEqual(['lib', 'licenses', 'version.py']);
    expect(readFileSync(join(obtained, 'lib', 'libc10.so'))).toEqual(library(here));
    expect(readFileSync(join(obtained, 'licenses', 'third_party', 'fmt', 'LICENSE'), 'utf8')).toBe('fmt');
  });

  it('takes the CUDA libraries that the wheel asks for here, beside it', async () => {
    make_index();
    const { status } = await install('--cuda', '13.0');
    expect(status).toBe(0);
    const obtained = join(cache(), `libtorch-${VERSION}-cu130`);
    expect(existsSync(join(obtained, 'torch', 'lib', 'libtorch_cuda.so'))).toBe(true);
    const libraries = join(obtained, 'nvidia', 'cu13', 'lib');
    expect(readdirSync(libraries).sort()).toEqual(['libcublas.so.13', 'libcuda_runtime.so.13']);
    expect(readFileSync(join(libraries, 'libcublas.so.13'), 'utf8')).toBe('13.1.1.3');
    expect(readFileSync(join(libraries, 'libcuda_runtime.so.13'), 'utf8')).toBe('13.0.96');
    expect(existsSync(join(obtained, 'nvidia', 'cu13', 'include'))).toBe(false);
  });

  it('takes another minor version that is asked for, whole or not at all, and says what is used', async () => {
    make_index();
    add_minor();
    const minor = { TORCH_NODE_LIBTORCH_MINOR: '2.14' };
    const { status, text } = await install_with(minor, '--torch', '2.14', '--cuda', '13.0');
    expect([status, text]).toEqual([0, expect.stringContaining('libtorch 2.14.1 (cu130) is in')]);
    expect(existsSync(join(cache(), 'libtorch-2.14.1-cu130', 'nvidia', 'cu13', 'lib', 'libcublas.so.13'))).toBe(true);
    expect((await install_with(minor, '--torch', '2.14.1')).text).toMatch(
      /libtorch 2\.14\.1 \(cpu\) is in .*\n.*used is .*libtorch-2\.14\.1-cu130\/torch \(cache\)/,
    );
  });

  it('takes the addon of the minor version that is installed, in the layout of the packages', async () => {
    make_index();
    add_minor();
    const installed = packages_with_addons([OWN_MINOR, '2.14']);
    const which = async (env: Record<string, string>): Promise<{ addon: string; libtorch: { version: string } }> =>
      JSON.parse((await command(installed, env, 'which', '--json')).text) as never;
    const { status, text } = await command(installed, {}, 'install', '--torch', '2.14', '--cuda', '13.0');
    expect([status, text]).toEqual([0, expect.stringContaining('libtorch 2.14.1 (cu130) is in')]);
    expect(await which({})).toMatchObject({
      addon: join(installed, '..', '@torch-node', `addon-${platform}`, 'torch_node.libtorch-2.14.node'),
      libtorch: { version: '2.14.1' },
    });
    expect((await command(installed, {}, 'install')).status).toBe(0);
    expect(basename((await which({})).addon)).toBe(`torch_node.libtorch-${OWN_MINOR}.node`);
    expect(basename((await which({ TORCH_NODE_LIBTORCH_MINOR: '2.14' })).addon)).toBe('torch_node.libtorch-2.14.node');
  });

  it.each(['torch-2.14.1', 'nvidia_cublas-13.1.1.3'])(
    'refuses a %s for another minor version whose bytes are not those that the index promises, and installs nothing',
    async (name) => {
      make_index();
      add_minor();
      alter = name;
      const installed = packages_with_addons([OWN_MINOR, '2.14']);
      const { status, text } = await command(installed, {}, 'install', '--torch', '2.14', '--cuda', '13.0');
      expect(status).toBe(1);
      expect(text).toMatch(
        /2\.14\.1 \(cu130\) cannot be obtained:[\s\S]*wrong checksum: expected sha256 [0-9a-f]{64}, got/,
      );
      expect(readdirSync(cache()).filter((entry) => entry !== 'downloads')).toEqual([]);
    },
  );

  it('refuses a minor version without an addon, and one that there is not, before anything is fetched', async () => {
    make_index();
    const none = await install_with({ TORCH_NODE_BUILD: folder }, '--torch', '2.11');
    expect(none.status).toBe(1);
    expect(none.text).toMatch(/libtorch 2\.11\.0 is of no use without an addon for 2\.11[\s\S]*npx torch-node build/);
    for (const torch of ['2.10', '2.14.7', '']) {
      const { status, text } = await install('--torch', torch);
      expect([status, text]).toEqual([
        2,
        expect.stringContaining(`--torch must be 2.11, 2.12, 2.13, 2.14, not '${torch}'`),
      ]);
    }
    expect(requests).toEqual([]);
  });

  it('continues a download that broke off', async () => {
    make_index();
    break_off = true;
    const first = await install();
    expect(first.status).toBe(1);
    expect(first.text).toMatch(/broke off[\s\S]*run it again to continue/);
    expect(existsSync(join(cache(), `libtorch-${VERSION}-cpu`))).toBe(false);
    expect((await install()).status).toBe(0);
    expect(requests.filter(({ path }) => path.startsWith('/files/')).map(({ range }) => range)).toEqual([
      undefined,
      'bytes=400-',
    ]);
  });

  it('does not fetch again what was complete when another download failed', async () => {
    make_index();
    const cublas = readdirSync(join(folder, 'index')).find((file) => file.startsWith('nvidia_cublas-13.1')) as string;
    const aside = join(folder, cublas);
    renameSync(join(folder, 'index', cublas), aside);
    expect((await install('--cuda', '13.0')).status).toBe(1);
    renameSync(aside, join(folder, 'index', cublas));
    requests = [];
    expect((await install('--cuda', '13.0')).status).toBe(0);
    const fetched = requests
      .filter(({ path }) => path.startsWith('/files/'))
      .map(({ path }) => basename(path).split('-')[0]);
    expect(fetched).toEqual(['nvidia_cublas', 'nvidia_cuda_runtime']);
    expect(readdirSync(join(cache(), 'downloads'))).toEqual([]);
  });

  it('refuses a wheel whose bytes are not those that the index promises', async () => {
    make_index();
    const genuine = server.listeners('request')[0] as (...args: unknown[]) => void;
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/files/')) response.end('something else');
      else genuine(request, response);
    });
    const { status, text } = await install();
    expect(status).toBe(1);
    expect(text).toMatch(/wrong checksum: expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}/);
    expect(readdirSync(cache()).sort()).toEqual(['downloads']);
  });

  it('replaces what is broken in the cache, and keeps what is whole', async () => {
    make_index();
    const broken = join(cache(), `libtorch-${VERSION}-cpu`, 'lib');
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, 'libc10.so'), 'cut');
    expect((await install()).status).toBe(0);
    expect(readFileSync(join(broken, 'libc10.so'))).toEqual(library(here));
    requests = [];
    expect((await install()).status).toBe(0);
    expect(requests).toEqual([]);
  });

  it('is done once by several processes at the same time', async () => {
    make_index();
    const results = await Promise.all([install(), install(), install()]);
    expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(requests.filter(({ path }) => path.startsWith('/files/')).length).toBe(1);
  });

  it('says what it tried and what to set when there is nothing', async () => {
    mkdirSync(join(folder, 'index'));
    const { status, text } = await install();
    expect(status).toBe(1);
    expect(text).toMatch(
      /cannot be obtained:[\s\S]*simple\/torch\/ answered 404[\s\S]*there is no Python with pip[\s\S]*TORCH_NODE_WHEEL_INDEX/,
    );
  });
});

describe('requirements of wheels', () => {
  it.each([
    ['13.1.1.3', '==13.1.1.3.*', true],
    ['13.1.1', '==13.1.1.0.*', true],
    ['13.10.1', '==13.1.*', false],
    ['2.13.0+cpu', '==2.13.0', true],
    ['13.0.88', '>=13.0.9', true],
    ['14.0', '<14', false],
    ['3.8.2', '~=3.8.0', true],
    ['3.9.0', '~=3.8.0', false],
    ['1.0', '!=1.0.0', false],
  ])('%s %s: %s', (version, specifier, expected) => {
    expect(satisfies(version, specifier)).toBe(expected);
  });

  it.each([
    ["extra == 'a'", true],
    ["extra == 'b'", false],
    ["extra == 'b' or extra == 'a' and python_version >= '3.9'", true],
    ["(extra == 'b' or extra == 'a') and python_version < '3.9'", false],
    ["sys_platform in 'linux darwin win32'", true],
    ["extra not in 'a'", false],
    ['', true],
  ])('the marker %j: %s', (marker, expected) => {
    expect(applies(marker, 'a')).toBe(expected);
  });

  it('reads names, extras and versions', () => {
    expect(
      requirements_of('Requires-Dist: NVIDIA_cublas.x[A,b_c] (>=1,<2)\nRequires-Dist: y; extra == "z"', ['z']),
    ).toMatchObject([
      { name: 'nvidia-cublas-x', extras: ['a', 'b-c'], specifiers: ['>=1', '<2'] },
      { name: 'y', extras: [], specifiers: [] },
    ]);
  });
});

describe('archives', () => {
  it('that point out of themselves are refused', async () => {
    wheel('evil.whl', { '../outside': 'x' });
    await expect(unzip(join(folder, 'index', 'evil.whl'), join(folder, 'out'), (name) => name)).rejects.toThrow(
      /unsafe name "\.\.\/outside"/,
    );
    expect(existsSync(join(folder, 'outside'))).toBe(false);
  });

  it('that are cut off are refused', async () => {
    wheel('whole.whl', { a: 'x'.repeat(1000) });
    const cut = join(folder, 'cut.whl');
    writeFileSync(cut, readFileSync(join(folder, 'index', 'whole.whl')).subarray(0, -30));
    await expect(unzip(cut, join(folder, 'out'), (name) => name)).rejects.toThrow(
      /cut\.whl cannot be unpacked: failed finding central directory/,
    );
  });

  it('with 64-bit sizes are read', async () => {
    // with its limits this low, Python writes every entry and the directory in the format for large archives
    const program =
      'import zipfile, sys\nzipfile.ZIP64_LIMIT = 10\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n' +
      '  z.writestr("small", "abc"); z.writestr("large", "d" * 100); z.writestr("next", "e" * 100)';
    const archive = join(folder, 'large.zip');
    expect(spawnSync('python3', ['-c', program, archive]).status).toBe(0);
    expect(readFileSync(archive).includes(Buffer.from('PK\x06\x06'))).toBe(true);
    await unzip(archive, join(folder, 'out'), (name) => name);
    const text = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8');
    expect([text('small'), text('large'), text('next')]).toEqual(['abc', 'd'.repeat(100), 'e'.repeat(100)]);
  });
});
