/** What the installed scripts do on systems that the tests do not run on: each question in a process that takes itself for another. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';
import { VERSION } from './release.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-platforms-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The value of an expression where `process` describes another system; `libtorch`, `doctor` and so on are the scripts. */
function on(platform: string, expression: string, env: Record<string, string> = {}): unknown {
  const [system, cpu] = platform.split('-');
  const script = `
    Object.defineProperties(process, { platform: { value: '${system}' }, arch: { value: '${cpu}' } });
    const scripts = ${JSON.stringify(join(root, 'scripts', 'install'))};
    const script = (name) => require(scripts + '/' + name + '.js');
    console.log(JSON.stringify(${expression}));`;
  const result = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: '/home/someone', ...env },
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

/** The start of a library for macOS or Windows, as far as its header is read. */
function library(platform: string): Buffer {
  const bytes = Buffer.alloc(256);
  if (platform === 'darwin-arm64') {
    bytes.writeUInt32LE(0xfeedfacf, 0);
    bytes.writeUInt32LE(0x0100000c, 4);
  } else {
    bytes.write('MZ', 0, 'latin1');
    bytes.writeUInt32LE(64, 60);
    bytes.write('PE\0\0', 64, 'latin1');
    bytes.writeUInt16LE(0x8664, 68);
  }
  return bytes;
}

/** A folder like the platform package of another system. */
function foreign_libtorch(platform: string, files: readonly string[]): string {
  const target = mkdtempSync(join(folder, `${platform}-`));
  mkdirSync(join(target, 'lib'), { recursive: true });
  for (const file of files) writeFileSync(join(target, 'lib', file), library(platform));
  writeFileSync(join(target, 'build-version'), `${VERSION}\n`);
  return target;
}

describe.each([
  ['darwin-arm64', ['libomp.dylib', 'libc10.dylib', 'libtorch_cpu.dylib', 'libtorch.dylib']],
  ['win32-x64', ['libiomp5md.dll', 'c10.dll', 'torch_cpu.dll', 'torch.dll']],
])('on %s', (platform, files) => {
  it('libtorch is found, and its libraries are opened with OpenMP first', () => {
    const target = foreign_libtorch(platform, [...files, 'unrelated.txt']);
    const found = on(platform, `script('libtorch').examine(${JSON.stringify(target)}, 'test', false)`) as {
      libraries: string[];
    };
    expect(found.libraries.map((file) => basename(file))).toEqual(files);
  });

  it('what has the right names but was made for another system is refused, with both named', () => {
    const other = platform === 'win32-x64' ? 'darwin-arm64' : 'win32-x64';
    const target = foreign_libtorch(other, files);
    expect(on(platform, `script('libtorch').examine(${JSON.stringify(target)}, 'test', false)`)).toBe(
      `it is made for ${other}, this is ${platform}`,
    );
  });

  it('addons are looked for in the folder of the platform, and the message names it', () => {
    const [, prebuilt] = on(platform, `script('addon').addon_candidates('2.13')`) as string[];
    expect(prebuilt).toBe(join(root, 'prebuilds', platform, 'torch_node.libtorch-2.13.node'));
    const message = on(platform, `script('addon').missing_addon(['x'])`);
    expect(message).toContain(`there is no addon for ${platform}`);
    expect(message).toContain(`one of which is @torch-node/addon-${platform}`);
  });
});

describe('the cache folder', () => {
  it.each([
    ['linux-x64', {}, '/home/someone/.cache/torch-node'],
    ['linux-x64', { XDG_CACHE_HOME: '/cache' }, '/cache/torch-node'],
    ['darwin-arm64', {}, '/home/someone/Library/Caches/torch-node'],
    ['darwin-arm64', { XDG_CACHE_HOME: '/cache' }, '/cache/torch-node'],
    ['win32-x64', { LOCALAPPDATA: '/local' }, '/local/torch-node'],
    ['win32-x64', {}, '/home/someone/AppData/Local/torch-node'],
  ])('on %s with %j is %s', (platform, env, expected) => {
    expect(on(platform, `script('libtorch').cache_folder()`, env)).toBe(expected);
  });
});
