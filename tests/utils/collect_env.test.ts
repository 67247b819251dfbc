/** torch.utils.collect_env and `torch-node doctor --env` against `python -m torch.utils.collect_env`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { beforeAll, describe, expect, it, vi } from 'vitest';
import torch from 'torch-node';
import { get_env_info, get_pretty_env_info, main, SystemEnv } from 'torch-node/utils/collect_env';

import { python } from '../reference.js';
import { root } from '../package_root.js';

/** The lines of a report by their headings; what is below a heading of its own belongs to that. */
function sections(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let heading = '';
  for (const line of text.split('\n')) {
    const alone = ['CPU:', 'Versions of relevant libraries:'].find((each) => each === line);
    if (alone !== undefined) heading = alone;
    else if (heading !== '') found.set(heading, `${found.get(heading) ?? ''}${line}\n`);
    else {
      const at = line.indexOf(': ');
      if (at > 0) found.set(line.slice(0, at), line.slice(at + 2));
    }
  }
  return found;
}

/** Headings that are about Python there and about Node here, and the version of this package. */
const pythons = ['Python version', 'Python platform'];
const nodes = ['torch-node version', 'Node version', 'Node platform'];

describe('torch.utils.collect_env', () => {
  let theirs: Map<string, string>;
  let ours: Map<string, string>;
  beforeAll(() => {
    const script = 'from torch.utils.collect_env import get_pretty_env_info\nshow(get_pretty_env_info())';
    theirs = sections(python<string[][]>('snippets.py', [[script]])[0]![0]!);
    ours = sections(get_pretty_env_info());
  }, 120_000);

  it("has Python's headings in Python's order, with Node's own instead of Python's", () => {
    const headings = (all: Map<string, string>, without: string[]): string[] =>
      [...all.keys()].filter((each) => !without.includes(each));
    expect(headings(ours, nodes)).toEqual(headings(theirs, pythons));
    for (const each of nodes) expect(ours.get(each)).toBeTruthy();
  });

  it('says of the system and of libtorch what Python says', () => {
    const same = (all: Map<string, string>): Map<string, string> =>
      new Map(
        [...all].filter(([heading]) => ![...pythons, ...nodes, 'Versions of relevant libraries:'].includes(heading)),
      );
    // lscpu prints the current clock of some processors; a wheel says for which device it is.
    const steady = (text: string): string => text.replace(/^.*MHz.*$/gm, '').replace(/\+cpu$/, '');
    expect(new Map([...same(ours)].map(([k, v]) => [k, steady(v).trim()]))).toEqual(
      new Map([...same(theirs)].map(([k, v]) => [k, steady(v).trim()])),
    );
  });

  it('lists the packages of npm', () => {
    const listed = ours.get('Versions of relevant libraries:')!.trim().split('\n');
    const { version } = JSON.parse(
      spawnSync(process.execPath, ['-p', 'JSON.stringify(require("./package.json"))'], { cwd: root, encoding: 'utf8' })
        .stdout,
    ) as { version: string };
    expect(listed).toContain(`[npm] torch-node@${version}`);
    expect(listed.every((line) => /^\[npm\] \S+@\d/.test(line))).toBe(true);
    expect(listed).toEqual([...listed].sort());
  });

  it('gives a tuple with names', () => {
    const info = get_env_info();
    expect(info).toBeInstanceOf(Array);
    expect(info.torch_version).toBe(torch.version.libtorch);
    expect(info[SystemEnv._fields.indexOf('node_version')]).toContain(process.version);
    expect(() => (get_env_info as (x: number) => unknown)(1)).toThrow(TypeError);
  });

  it('prints what it finds', () => {
    const written: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    try {
      main();
    } finally {
      spy.mockRestore();
    }
    expect(written.join('')).toBe(`Collecting environment information...\n${get_pretty_env_info()}\n`);
  });
});

describe('torch-node doctor --env', () => {
  const doctor = (args: string[], env: NodeJS.ProcessEnv): string =>
    spawnSync(process.execPath, [join(root, 'scripts/install/torch-node.js'), 'doctor', ...args], {
      encoding: 'utf8',
      env,
    }).stdout;

  it('ends with the same text', () => {
    const text = doctor(['--env'], process.env);
    expect(text.slice(text.indexOf('PyTorch version:')).trimEnd()).toBe(get_pretty_env_info());
  });

  it('says what it can where there is no libtorch', () => {
    const { environment } = JSON.parse(
      doctor(['--env', '--json'], { PATH: process.env['PATH'], TORCH_NODE_LIBTORCH: '/nowhere' }),
    ) as { environment: Record<string, unknown> };
    expect(environment).toMatchObject({ torch_version: 'N/A', is_cuda_available: 'N/A', cuda_compiled_version: 'N/A' });
    expect(environment['os']).toBe(get_env_info().os);
  });
});
