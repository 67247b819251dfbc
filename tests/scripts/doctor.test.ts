/** `torch-node doctor` in set-ups that are broken each in one way, and what importing the package says there. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';
import { elsewhere, fake_libtorch, library } from './fake_libtorch.js';
import { OWN_MINOR, VERSION } from './release.js';

const { find } = createRequire(import.meta.url)('../../scripts/install/libtorch.js') as { find(): { root: string } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-doctor-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Check {
  name: string;
  status: 'ok' | 'warning' | 'failure';
  found: string;
  advice?: string;
}

interface Outcome {
  status: number | null;
  text: string;
}

/** Runs Node where nothing but the given environment can be found. */
function run(args: string[], env: Record<string, string>, options: { uid?: number } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: folder,
    ...options,
    env: { PATH: folder, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  });
  return { status, text: stdout + stderr };
}

/** What the doctor says of one subject, after a look at both of its outputs. */
function diagnosis(name: string, env: Record<string, string>, at = root, options: { uid?: number } = {}): Check {
  const script = join(at, 'scripts', 'install', 'torch-node.js');
  const { status, text } = run([script, 'doctor', '--json'], env, options);
  const report = JSON.parse(text) as { ok: boolean; checks: Check[] };
  const check = report.checks.find((each) => each.name === name);
  if (check === undefined) throw new Error(`the doctor does not speak of ${name}:\n${text}`);
  expect([report.ok, status]).toEqual([false, 1]);
  const words = run([script, 'doctor'], env, options);
  expect(words.status).toBe(1);
  expect(words.text).toContain(
    `${check.status === 'failure' ? 'FAILURE' : 'warning'}  ${name}: ${check.found.split('\n')[0]}`,
  );
  expect(words.text).toContain(`-> ${check.advice?.split('\n')[0]}`);
  return check;
}

const import_message = (env: Record<string, string>, at = root): string => {
  const { status, text } = run(['-e', `require(${JSON.stringify(at)})`], env);
  expect(status).toBe(1);
  return /Error: (torch-node: [\s\S]*?)\n {4}at /.exec(text)?.[1] ?? text;
};

/** A libtorch that is the one in use, file by file, but for one that the caller makes. */
function libtorch_but_for(file: string): { given: string; own: string; original: string } {
  const { root: original } = find();
  const given = join(folder, 'given');
  mkdirSync(join(given, 'lib'), { recursive: true });
  for (const name of readdirSync(join(original, 'lib'))) {
    if (name !== file && /\.so/.test(name)) symlinkSync(join(original, 'lib', name), join(given, 'lib', name));
  }
  writeFileSync(join(given, 'build-version'), `${VERSION}\n`);
  return { given, own: join(given, 'lib', file), original: join(original, 'lib', file) };
}

/** Replaces the first occurrence of a text in a large file by one of the same length. */
function patch(file: string, text: string, replacement: string): void {
  const descriptor = openSync(file, 'r+');
  const chunk = Buffer.alloc(1 << 24);
  for (let at = 0; ; at += chunk.length - text.length) {
    const length = readSync(descriptor, chunk, 0, chunk.length, at);
    const found = chunk.subarray(0, length).indexOf(text);
    if (found >= 0) writeSync(descriptor, replacement, at + found);
    if (found >= 0 || length < chunk.length) break;
  }
  closeSync(descriptor);
}

/** The package as it is installed, in a folder that everybody can read. */
function installed(): string {
  const target = join(folder, 'node_modules', 'torch-node');
  for (const part of ['package.json', 'scripts', 'dist'])
    cpSync(join(root, part), join(target, part), { recursive: true });
  chmodSync(folder, 0o755);
  return target;
}

describe.runIf(process.platform === 'linux')('the doctor', () => {
  it('finds nothing wrong where the tests run', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'scripts', 'install', 'torch-node.js'), 'doctor', '--json'],
      { encoding: 'utf8' },
    );
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    expect(checks.filter((check) => check.status === 'failure')).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'platform',
      'glibc',
      'node',
      'addon',
      'libtorch',
      'openmp',
      'libraries',
      'cuda driver',
      'cuda libraries',
      'training step',
      'cache',
    ]);
    expect(status).toBe(0);
  });

  it('without libtorch: says where it looked, and how to get one', () => {
    const check = diagnosis('libtorch', {});
    expect(check.found).toContain(join(folder, 'cache', 'torch-node', `libtorch-${VERSION}-cpu`));
    expect(check.advice).toContain('Run `npx torch-node install`');
    const message = import_message({});
    expect(message).toContain(`no usable libtorch ${OWN_MINOR}`);
    expect(message).toContain('@torch-node/libtorch-linux');
    expect(message).toContain('Run `npx torch-node install`');
  });

  it('with another minor version: names both', () => {
    const env = { TORCH_NODE_LIBTORCH: fake_libtorch(join(folder, 'given'), { version: '2.12.1' }) };
    const check = diagnosis('libtorch', env);
    expect(check.found).toMatch(/it is libtorch 2\.12\.1, torch-node needs 2\.13/);
    expect(check.advice).toBe('Set TORCH_NODE_LIBTORCH to a folder that fits, or unset it.');
    expect(import_message(env)).toMatch(
      /it is libtorch 2\.12\.1, torch-node needs 2\.13[\s\S]*Set TORCH_NODE_LIBTORCH/,
    );
  });

  it('with libraries of another platform: names both', () => {
    const env = { TORCH_NODE_LIBTORCH: fake_libtorch(join(folder, 'given'), { machine: elsewhere }) };
    expect(diagnosis('libtorch', env).found).toMatch(/it is made for linux-\w+, this is linux-\w+/);
    expect(import_message(env)).toMatch(/it is made for linux-\w+, this is linux-\w+/);
  });

  it('with an addon of another platform: says that node_modules was copied', () => {
    const at = installed();
    const prebuilt = join(at, 'prebuilds', `linux-${process.arch}`);
    mkdirSync(prebuilt, { recursive: true });
    for (const name of ['loader.node', `torch_node.libtorch-${OWN_MINOR}.node`])
      writeFileSync(join(prebuilt, name), library(elsewhere));
    const check = diagnosis('addon', {}, at);
    expect(check.found).toMatch(/is made for linux-\w+, this is linux-\w+/);
    expect(check.advice).toContain('Delete node_modules and install again');
    expect(import_message({}, at)).toMatch(/loader\.node cannot be loaded: [\s\S]*npx torch-node doctor/);
  });

  it('without an addon: says what was looked for, and how to build one', () => {
    const at = installed();
    const check = diagnosis('addon', {}, at);
    expect(check.advice).toContain(join(at, 'prebuilds', `linux-${process.arch}`, 'loader.node'));
    expect(import_message({}, at)).toMatch(
      /there is no addon for linux-[\s\S]*loader\.node[\s\S]*npx torch-node build/,
    );
  });

  it('without the OpenMP runtime: names it and the packages that have it', () => {
    const { given, own, original } = libtorch_but_for('libtorch_cpu.so');
    copyFileSync(original, own, constants.COPYFILE_FICLONE);
    // a version that no system has
    patch(own, 'libgomp.so.1\0', 'libgomp.so.9\0');
    const env = { TORCH_NODE_LIBTORCH: given };
    const check = diagnosis('libraries', env);
    expect(check.found).toContain('libgomp.so.9: cannot open shared object file');
    expect(check.advice).toMatch(/OpenMP runtime libgomp\.so\.9[\s\S]*apt-get install libgomp1/);
    expect(import_message(env)).toMatch(/cannot open .*libtorch_cpu\.so: libgomp\.so\.9[\s\S]*npx torch-node doctor/);
  });

  it('with a truncated library: says how much of it is there', () => {
    const { given, own, original } = libtorch_but_for('libtorch_cpu.so');
    const head = Buffer.alloc(1 << 16);
    const descriptor = openSync(original, 'r');
    readSync(descriptor, head);
    closeSync(descriptor);
    writeFileSync(own, head);
    truncateSync(own, 1 << 20);
    const env = { TORCH_NODE_LIBTORCH: given };
    expect(diagnosis('libtorch', env).found).toMatch(
      /lib\/libtorch_cpu\.so is truncated: 1048576 of \d+ bytes are there/,
    );
    expect(import_message(env)).toMatch(/lib\/libtorch_cpu\.so is truncated/);
  });

  it('without permission to write to the cache: says which folder and which variable', () => {
    const at = installed();
    const cache = join(folder, 'locked');
    mkdirSync(cache, { mode: 0o555 });
    // For root every folder can be written to.
    const options = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const check = diagnosis('cache', { XDG_CACHE_HOME: cache }, at, options);
    expect(check.found).toBe(`${join(cache, 'torch-node')} cannot be written to`);
    expect(check.advice).toMatch(/EACCES[\s\S]*set XDG_CACHE_HOME to a folder that is/);
    const install = run(
      [join(at, 'scripts', 'install', 'torch-node.js'), 'install'],
      { XDG_CACHE_HOME: cache },
      options,
    );
    expect(install.status).toBe(1);
    expect(install.text).toContain(`the cache folder ${join(cache, 'torch-node')} cannot be written to`);
    expect(existsSync(join(cache, 'torch-node'))).toBe(false);
  });
});

describe('the command torch-node', () => {
  const command = (...args: string[]): Outcome => run([join(root, 'scripts', 'install', 'torch-node.js'), ...args], {});

  it.each([
    [['paint'], "unknown command 'paint'"],
    [['install', '--cuda', '11.8'], "--cuda must be 12.8 or 13.0, not '11.8'"],
    [['doctor', '--jsn'], "Unknown option '--jsn'"],
    [['toString'], "unknown command 'toString'"],
  ])('explains %j, and shows the help', (args, message) => {
    const { status, text } = command(...args);
    expect(status).toBe(2);
    expect(text).toContain(message);
    expect(text).toContain('Usage: torch-node <command>');
  });

  it('prints its help and version', () => {
    expect(command('--help')).toMatchObject({ status: 0, text: expect.stringContaining('doctor [--json]') as string });
    expect(command('--version').text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says which addon and which libtorch are used', () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(root, 'scripts', 'install', 'torch-node.js'), 'which', '--json'],
      { encoding: 'utf8' },
    );
    expect(status).toBe(0);
    const { addon, loader, libtorch } = JSON.parse(stdout) as {
      addon: string;
      loader: string;
      libtorch: { root: string };
    };
    expect([existsSync(addon), existsSync(loader), libtorch.root]).toEqual([true, true, find().root]);
  });
});
