/** How built addons are laid out for packing: the names by which lib/_C looks for them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';
import { OWN_MINOR } from './release.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-prebuild-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A build folder with stand-ins for addons, which hold their own names. */
function build(addons: readonly string[], cache: string): string {
  const target = join(folder, 'build');
  mkdirSync(join(target, 'Release'), { recursive: true });
  for (const name of addons) writeFileSync(join(target, 'Release', name), name);
  writeFileSync(join(target, 'CMakeCache.txt'), cache);
  return target;
}

/** What is staged of a build: each name, and what it is a copy of. */
function staged(build_folder: string, env: Record<string, string> = {}): Record<string, string> {
  const target = join(folder, 'staged');
  const program = `require(${JSON.stringify(join(root, 'scripts', 'dev', 'prebuild.js'))}).stage(${JSON.stringify(target)})`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], {
    encoding: 'utf8',
    env: { PATH: '', TORCH_NODE_BUILD: build_folder, ...env },
  });
  if (status !== 0) throw new Error(stderr);
  return Object.fromEntries(readdirSync(target).map((name) => [name, readFileSync(join(target, name), 'utf8')]));
}

describe('prebuilt addons', () => {
  it('have the minor version of libtorch in their names, the loader has not', () => {
    expect(staged(build(['loader.node', 'torch_node.node'], ''))).toEqual({
      'loader.node': 'loader.node',
      [`torch_node.libtorch-${OWN_MINOR}.node`]: 'torch_node.node',
    });
  });

  it.each([
    [13, 13000],
    [12, 12080],
  ])('the one for CUDA has the major version %i of the headers it was compiled with', (major, version) => {
    writeFileSync(join(folder, 'cuda_runtime_api.h'), `/* */\n#define CUDART_VERSION  ${version}\n`);
    const cache = `A:BOOL=ON\nTORCH_NODE_HAS_cuda_runtime_api_h:PATH=${folder}\n`;
    const addons = ['loader.node', 'torch_node.node', 'torch_node_cuda.node'];
    expect(staged(build(addons, cache), { TORCH_NODE_LIBTORCH_MINOR: '2.14' })).toEqual({
      'loader.node': 'loader.node',
      'torch_node.libtorch-2.14.node': 'torch_node.node',
      [`torch_node_cuda.libtorch-2.14.cu${major}.node`]: 'torch_node_cuda.node',
    });
  });
});
