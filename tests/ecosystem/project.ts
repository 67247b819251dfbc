/** Projects of users: folders with the package in their node_modules, and programs run in them. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../package_root.js';

const require = createRequire(import.meta.url);
const { find } = require('../../scripts/install/libtorch.js') as { find(): { root: string } };
const { main_manifest, runtime_scripts } = require('../../scripts/dev/package.js') as {
  main_manifest(): object;
  runtime_scripts: string;
};

/** A folder of a user. */
export interface Project {
  readonly folder: string;
  /** Writes files, by their path in the folder. */
  write(files: Readonly<Record<string, string>>): void;
  /** Runs Node there; the exit status and what was printed, on both streams. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Ran;
  /** Installs packages from the registry, beside torch-node. */
  install(...packages: readonly string[]): void;
  /** Puts a package of this checkout into its node_modules. */
  link(...packages: readonly string[]): void;
  remove(): void;
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

// Variables of the runner of these tests would make programs that they start believe that they are tests, or run by a machine.
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(CI$|VITEST|JEST|TEST$|NODE_ENV$|NODE_OPTIONS$|NODE_V8_COVERAGE$|npm_|TINYPOOL)/.test(name),
  ),
);

export const environment = {
  ...inherited,
  OMP_WAIT_POLICY: 'passive',
  TORCH_NODE_LIBTORCH: find().root,
  NO_COLOR: '1',
};

const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
  ? process.env.npm_execpath
  : join(spawnSync('npm', ['root', '-g'], { encoding: 'utf8' }).stdout.trim(), 'npm', 'bin', 'npm-cli.js');

function run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Ran {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 280_000,
    env: { ...environment, ...env },
  });
  if (result.error) throw result.error;
  return { status: result.status, output: result.stdout + result.stderr };
}

/** The package with the files and the manifest that are published, but the addon of this checkout. */
function place(target: string): void {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify(main_manifest()));
  cpSync(join(root, 'dist'), join(target, 'dist'), { recursive: true });
  cpSync(join(root, runtime_scripts), join(target, runtime_scripts), { recursive: true });
  cpSync(join(root, 'build', 'Release'), join(target, 'build', 'Release'), {
    recursive: true,
    filter: (file) => !/\.(o|a|obj)$/.test(file),
  });
}

/** A new project in a temporary folder. @param manifest - its package.json */
export function project(manifest: Readonly<Record<string, unknown>> = {}): Project {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-ecosystem-'));
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  };
  write({ 'package.json': JSON.stringify({ name: 'project', version: '1.0.0', private: true, ...manifest }) });
  place(join(folder, 'node_modules', 'torch-node'));
  return {
    folder,
    write,
    node: (args, env) => run(process.execPath, args, folder, env),
    install(...packages) {
      const { status, output } = run(
        process.execPath,
        [npm, 'install', '--no-audit', '--no-fund', '--no-save', ...packages],
        folder,
      );
      if (status !== 0) throw new Error(`npm install ${packages.join(' ')} ended with ${status}:\n${output}`);
      // npm removes what no manifest names.
      place(join(folder, 'node_modules', 'torch-node'));
    },
    link(...packages) {
      for (const name of packages) {
        mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
        symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
      }
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A tool among the development dependencies. */
export const tool = (name: string, file: string): string => join(root, 'node_modules', name, file);
