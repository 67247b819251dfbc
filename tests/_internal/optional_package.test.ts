/** Packages that users install themselves: found beside the program, and asked for by name when they are missing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

// The compiled package's own module.
const { optional_package } = createRequire(import.meta.url)('../../dist/_internal/optional_package.js') as {
  optional_package(name: string, purpose: string): unknown;
};

let folder: string | undefined;
afterEach(() => {
  process.chdir(root);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Goes to a folder of a program that has installed a package. */
function program_with(name: string, code: string): void {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-optional-'));
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'node_modules', name, 'index.js'), code);
  process.chdir(folder);
}

describe('a package that is optional', () => {
  it('is asked for when it is not installed', () => {
    expect(() => optional_package('torch-node-of-nowhere', 'add_video()')).toThrow(
      new Error(
        "add_video() needs the npm package 'torch-node-of-nowhere', which is not installed: npm install torch-node-of-nowhere",
      ),
    );
  });

  it('is found beside the program', () => {
    program_with('torch-node-of-the-program', 'module.exports = 7;');
    expect(optional_package('torch-node-of-the-program', 'add_video()')).toBe(7);
  });

  it('that is broken says so itself', () => {
    program_with('torch-node-broken', "throw new Error('broken');");
    expect(() => optional_package('torch-node-broken', 'add_video()')).toThrow(new Error('broken'));
  });
});
