/**
 * The packages as users get them: packed, published to a registry, installed where there is neither compiler nor
 * Python.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as torchvision from 'torch-node/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';
import { python } from '../reference.js';
import { start_registry, type Registry } from './registry.js';

const require = createRequire(import.meta.url);
const { stage } = require('../../scripts/dev/prebuild.js') as { stage(folder: string): void };
const { addon_manifest, platform_manifest, platforms } = require('../../scripts/dev/package.js') as {
  addon_manifest(platform: string): object;
  platform_manifest(platform: string): object;
  platforms: object;
};

const here = `${process.platform}-${process.arch}`;
const folder = mkdtempSync(join(tmpdir(), 'torch-node-install-'));
const [packages, data, bin] = ['packages', 'data', 'bin'].map((name) => join(folder, name)) as [string, string, string];
let registry: Registry;
let expected: number[];

/** The main file of a command line tool among the development dependencies. */
function tool(name: string, file: string): string {
  return join(root, 'node_modules', name, file);
}

const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
  ? process.env.npm_execpath
  : join(spawnSync('npm', ['root', '-g'], { encoding: 'utf8' }).stdout.trim(), 'npm', 'bin', 'npm-cli.js');

/** Runs a file with Node, in an environment with Node on the PATH and nothing else. */
function node(args: string[], cwd: string, env: Record<string, string> = {}): string {
  const result = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: bin, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), OMP_WAIT_POLICY: 'passive', ...env },
  });
  if (result.status !== 0) {
    throw new Error(
      `${args.join(' ')} ended with ${result.signal ?? result.status}:\n${result.stdout}${result.stderr}`,
    );
  }
  return result.stdout;
}

/** Packs what is built. A low level of compression takes a third of the time. */
function pack_into(target: string): void {
  const args = ['scripts/dev/package.js', '--out', target, '--prebuilds', join(folder, 'prebuilds'), '--level', '1'];
  expect(spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status).toBe(0);
}

/** What was packed, without the bills of materials beside it. */
const tarballs = (): string[] => readdirSync(packages).filter((name) => name.endsWith('.tgz'));

/** The SHA-256 of each file in a folder. */
function sums_of(target: string): Record<string, string> {
  const sum = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(target, name)))
      .digest('hex');
  return Object.fromEntries(
    readdirSync(target)
      .sort()
      .map((name) => [name, sum(name)]),
  );
}

/** An empty package, whose packages come from the registry. */
function empty_package(name: string): string {
  const target = join(folder, name);
  mkdirSync(target);
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, private: true }));
  // The token only says who publishes; no one asks.
  const token = `${registry.url.replace('http:', '')}:_authToken=none`;
  writeFileSync(join(target, '.npmrc'), `registry=${registry.url}\n${token}\ncache=${join(folder, 'npm-cache')}\n`);
  return target;
}

/** Two programs for the tutorial, an ES module and a CommonJS one, compiled against the installed types. */
function compile(target: string): void {
  const source = join(root, 'tests', 'install', 'tutorial.mts');
  for (const file of ['tutorial.mts', 'tutorial.cts', 'tutorial.ts']) copyFileSync(source, join(target, file));
  const tsc = tool('typescript', join('bin', 'tsc'));
  const common = [
    '--strict',
    '--target',
    'es2022',
    '--types',
    'node',
    '--typeRoots',
    join(root, 'node_modules', '@types'),
  ];
  node([tsc, ...common, '--module', 'node16', 'tutorial.mts', 'tutorial.cts'], target);
  node([tsc, ...common, '--module', 'preserve', '--moduleResolution', 'bundler', '--noEmit', 'tutorial.ts'], target);
}

const train = (target: string, ...args: string[]): unknown => JSON.parse(node([...args, data], target));

beforeAll(async () => {
  mkdirSync(bin);
  symlinkSync(realpathSync(process.execPath), join(bin, 'node'));
  new torchvision.datasets.MNIST({ root: data, train: true, download: true });
  const { losses } = python<{ losses: string[] }>('tutorial.py', [join(data, 'MNIST', 'raw'), 1, 100]);
  expected = losses.map((hex) => Buffer.from(hex, 'hex').readFloatLE());

  stage(join(folder, 'prebuilds', here));
  pack_into(packages);
  registry = await start_registry(join(folder, 'registry'));
  const publisher = empty_package('publisher');
  for (const tarball of tarballs()) node([npm, 'publish', join(packages, tarball)], publisher);
  // Of the other platforms a package manager reads the description alone.
  for (const platform of Object.keys(platforms).filter((name) => name !== here)) {
    for (const manifest of [addon_manifest(platform), platform_manifest(platform)]) {
      const other = mkdtempSync(join(folder, 'other-'));
      writeFileSync(join(other, 'package.json'), JSON.stringify(manifest));
      node([npm, 'publish', other], publisher);
    }
  }
});
afterAll(async () => {
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the packages', () => {
  it('are the same to the byte when they are packed again', () => {
    pack_into(join(folder, 'again'));
    expect(tarballs().length).toBe(3);
    expect(sums_of(join(folder, 'again'))).toEqual(sums_of(packages));
    rmSync(join(folder, 'again'), { recursive: true });
  });

  it('have bills of materials with their sums, the packages they install and the parts of libtorch', () => {
    const bills = readdirSync(packages).filter((name) => name.endsWith('.cdx.json'));
    expect(bills.map((name) => name.replace('.cdx.json', '.tgz')).sort()).toEqual(tarballs().sort());
    for (const name of bills) {
      const { metadata, components, dependencies } = JSON.parse(readFileSync(join(packages, name), 'utf8')) as Bill;
      expect(metadata.component.hashes[0]?.content).toBe(sums_of(packages)[name.replace('.cdx.json', '.tgz')]);
      const refs = [metadata.component, ...components].map((component) => component['bom-ref']);
      expect(new Set(refs).size).toBe(refs.length);
      expect(dependencies.map(({ ref }) => ref)).toEqual(refs);
      const names = components.map((component) => component.name);
      if (name.includes('-libtorch-')) {
        expect(names).toEqual(
          expect.arrayContaining(['fbgemm', 'ideep', 'mkl-dnn', 'sleef', 'cpuinfo', 'gloo', 'XNNPACK']),
        );
        expect(components.filter(({ licenses }) => licenses === undefined).map((component) => component.name)).toEqual(
          [],
        );
      } else if (!name.includes('-addon-')) {
        expect(names).toEqual(
          expect.arrayContaining([`@torch-node/addon-${here}`, `@torch-node/libtorch-${here}-cpu`]),
        );
      }
    }
  });

  it('are clean to publint and to are-the-types-wrong', () => {
    const tarball = join(packages, readdirSync(packages).find((name) => /^torch-node-\d.*\.tgz$/.test(name)) as string);
    const attw = tool('@arethetypeswrong/cli', join('dist', 'index.js'));
    // What CommonJS modules get is its own default export: 'export =' in the types would refuse a default import without
    // esModuleInterop, which works.
    const rules = ['--ignore-rules', 'missing-export-equals'];
    // It takes many seconds for each path, so one stands for all that have the same text but for the name, and one for those that
    // scripts/dev/subpaths.js writes; tests/scripts/subpaths.test.ts imports each.
    const { exports: package_exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string | object>;
    };
    const own = Object.keys(package_exports).filter(
      (path) => Object.hasOwn(Object(package_exports[path]), 'import') && path !== '.',
    );
    const text = (path: string, end: string): string =>
      readFileSync(join(root, 'lib', path, `index.${end}`), 'utf8').replaceAll(
        new RegExp(`\\b${basename(path)}\\b`, 'g'),
        '*',
      );
    for (const end of ['mts', 'cts'])
      expect(own.filter((path) => text(path, end) !== text('./vision', end))).toEqual([]);
    expect(own.length).toBeGreaterThan(8);
    const paths = ['--entrypoints', '.', './vision', './nn/functional'];
    const { problems } = JSON.parse(node([attw, tarball, '--format', 'json', ...rules, ...paths], folder)) as {
      problems: object;
    };
    expect(Object.keys(problems).filter((kind) => kind !== 'MissingExportEquals')).toEqual([]);
    const publint = `const { readFileSync } = require('node:fs');
      import('publint').then(async ({ publint }) => {
        const bytes = new Uint8Array(readFileSync(process.argv[1]));
        console.log(JSON.stringify((await publint({ pack: { tarball: bytes.buffer }, strict: true })).messages));
      });`;
    expect(node(['-e', publint, tarball], root)).toBe('[]\n');
  });

  it('install with npm, without scripts, and train as Python does: ES module, CommonJS, TypeScript', () => {
    const target = empty_package('with-npm');
    node([npm, 'install', 'torch-node', '--ignore-scripts'], target);
    const installed = JSON.parse(
      readFileSync(join(target, 'node_modules', 'torch-node', 'package.json'), 'utf8'),
    ) as object;
    expect(installed).not.toHaveProperty('dependencies');
    expect(installed).not.toHaveProperty('scripts');
    expect(readdirSync(join(target, 'node_modules', '@torch-node'))).toEqual([`addon-${here}`, `libtorch-${here}-cpu`]);
    const which = JSON.parse(node([join('node_modules', '.bin', 'torch-node'), 'which', '--json'], target)) as Which;
    expect(which.libtorch.source).toBe('platform package');

    compile(target);
    expect(train(target, 'tutorial.mjs')).toEqual(expected);
    expect(train(target, 'tutorial.cjs')).toEqual(expected);
    const loader =
      'typescript' in process.features && process.features.typescript
        ? []
        : ['--import', tool('tsx', join('dist', 'loader.mjs'))];
    expect(train(target, ...loader, 'tutorial.ts')).toEqual(expected);
  });

  it('install with pnpm', () => {
    const target = empty_package('with-pnpm');
    const store = ['--store-dir', join(folder, 'pnpm-store'), '--ignore-scripts'];
    node([tool('pnpm', join('bin', 'pnpm.cjs')), 'add', 'torch-node', ...store], target, {
      XDG_DATA_HOME: join(folder, 'pnpm-data'),
    });
    compile(target);
    expect(train(target, 'tutorial.mjs')).toEqual(expected);
    rmSync(join(folder, 'pnpm-store'), { recursive: true });
  });

  it('install with yarn', () => {
    const target = empty_package('with-yarn');
    const cache = ['--cache-folder', join(folder, 'yarn-cache'), '--ignore-scripts', '--non-interactive'];
    node([tool('yarn', join('bin', 'yarn.js')), 'add', 'torch-node', ...cache], target, {
      YARN_REGISTRY: registry.url,
    });
    compile(target);
    expect(train(target, 'tutorial.cjs')).toEqual(expected);
    rmSync(join(folder, 'yarn-cache'), { recursive: true });
  });

  it('install from the cache when the registry is out of reach', async () => {
    await registry.stop();
    const target = empty_package('offline');
    node([npm, 'install', 'torch-node', '--ignore-scripts', '--offline'], target);
    expect(existsSync(join(target, 'node_modules', '@torch-node', `libtorch-${here}-cpu`, 'lib'))).toBe(true);
    expect(node(['-p', "require('torch-node').ones(2).sum().item()"], target)).toBe('2\n');
  });
});

interface Which {
  libtorch: { source: string };
}

interface Bill {
  metadata: { component: { 'bom-ref': string; hashes: { content: string }[] } };
  components: { 'bom-ref': string; name: string; licenses?: object[] }[];
  dependencies: { ref: string }[];
}
