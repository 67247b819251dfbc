import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';

function codegen(...args: string[]): { status: number | null; text: string } {
  const result = spawnSync(process.execPath, [join(root, 'scripts', 'dev', 'codegen.js'), '--check', ...args], {
    encoding: 'utf8',
  });
  return { status: result.status, text: result.stdout + result.stderr };
}

it('lib/generated/ is what the schemas of the reference give', () => {
  expect(codegen()).toEqual({ status: 0, text: '' });
});

/** The parameters of a signature without their types at the place `open`, and the signature with `?` for that type. */
function* with_one_type_open(signature: string): Generator<string> {
  let depth = 0;
  const commas = [0];
  for (let i = 0; i < signature.length; i++) {
    if ('([{<'.includes(signature[i]!)) depth++;
    else if (')]}>'.includes(signature[i]!) && signature[i - 1] !== '=') depth--;
    else if (signature[i] === ',' && depth === 1) commas.push(i);
    if (depth === 0 && i > 0) {
      commas.push(i);
      break;
    }
  }
  for (const [i, start] of commas.slice(0, -1).entries()) {
    const end = commas[i + 1]!;
    const colon = signature.indexOf(':', start);
    // Objects of arguments by name differ in names.
    if (colon > 0 && colon < end && !signature.slice(colon, end).includes('{'))
      yield signature.slice(0, colon) + signature.slice(end);
  }
}

it('overloads that differ in the type of one parameter are one', () => {
  const found: string[] = [];
  for (const file of ['functions', 'nn_functions', 'linalg', 'special', 'tensor_methods']) {
    const text = readFileSync(join(root, 'lib', 'generated', `${file}.ts`), 'utf8');
    const seen = new Map<string, string>();
    for (const [, name, signature] of text.matchAll(/^(?:export declare function| ) (\w+)(\(.*);$/gm)) {
      if (signature!.startsWith('(...')) continue;
      for (const open of with_one_type_open(signature!)) {
        const other = seen.get(`${name}${open}`);
        if (other !== undefined && other !== signature) found.push(`${file} ${name}: ${other} ${signature}`);
        seen.set(`${name}${open}`, signature!);
      }
    }
    expect(seen.size).toBeGreaterThan(100);
  }
  expect(found).toEqual([]);
});

describe('what lib/ writes by hand', () => {
  let folder: string;

  /** Replaces text in a file of the copy of lib/. */
  function edit(file: string, ...changes: [from: string, to: string][]): void {
    let text = readFileSync(join(folder, file), 'utf8');
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      text = text.replace(from, to);
    }
    writeFileSync(join(folder, file), text);
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'torch-node-lib-'));
    cpSync(join(root, 'lib'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is what the lists of codegen name', () => {
    edit('index.ts', ['  einsum,\n', ''], ['export function get_num_threads(', 'export function relu(']);
    edit('backends/context.ts', ['export function ', 'export function sigmoid(): void {}\nexport function ']);
    const { status, text } = codegen('--lib', folder);
    expect(status).toBe(1);
    expect(text.split('\n').filter(Boolean)).toEqual([
      'WRITTEN_FUNCTIONS: einsum is not in lib/index.ts',
      'WRITTEN_FUNCTIONS: relu is missing, which lib/index.ts has',
      'WRITTEN_FUNCTIONS: sigmoid is missing, which lib/index.ts has',
    ]);
  });

  it('is not generated as a method, and what lib/ no longer writes is', () => {
    edit('_tensor.ts', ['\n  dim(', '\n  abs(): this {}\n  dim(']);
    expect(codegen('--lib', folder)).toEqual({ status: 1, text: 'out of date: tensor_methods.ts\n' });
    edit('_tensor.ts', ['\n  abs(): this {}', '']);
    expect(codegen('--lib', folder)).toEqual({ status: 0, text: '' });
    edit('_tensor.ts', ...Array<[string, string]>(2).fill(['\n  norm(', '\n  other_norm(']));
    expect(codegen('--lib', folder)).toEqual({ status: 1, text: 'out of date: tensor_methods.ts\n' });
  });

  it('gets types for the operators that it calls', () => {
    edit('functional.ts', [
      "t: operator('aten::t', '')",
      "t: operator('aten::t', ''),\n  mv: operator('aten::mv', '')",
    ]);
    expect(codegen('--lib', folder)).toEqual({ status: 1, text: 'out of date: operators.ts\n' });
    edit('functional.ts', ["operator('aten::mv', '')", "operator('aten::mv', '', 'no_such')"]);
    expect(codegen('--lib', folder)).toEqual({
      status: 1,
      text: 'lib/ calls operator(...) for mv.no_such, which no schema declares\n',
    });
  });
});

describe('descriptions', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'torch-node-descriptions-'));
    cpSync(join(root, 'scripts', 'dev', 'descriptions'), folder, { recursive: true });
    file = join(folder, 'comparison.txt');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are missed where a public function, with its methods and forms, has none', () => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^isreal: .*\n/m, '').replace(/^lt: .*\n/m, 'lt: `input` is `smaller`.\n'));
    const { status, text: complaints } = codegen('--descriptions', folder);
    expect(status).toBe(1);
    expect(complaints).toContain('torch.isreal has no description');
    expect(complaints).toContain('Tensor.isreal has no description');
    expect(complaints).toMatch(/comparison\.txt:\d+: lt has no argument `smaller`, nor is it a function/);
  });

  it('are refused where the function does not exist', () => {
    appendFileSync(file, 'no_such_function: Nothing.\n_no_such_*: Nothing.\n[torch.nowhere]\nabs: Nothing.\n');
    const { status, text } = codegen('--descriptions', folder);
    expect(status).toBe(1);
    expect(text).toMatch(/comparison\.txt:\d+: torch has no no_such_function\n/);
    expect(text).toMatch(/comparison\.txt:\d+: torch has no _no_such_\*\n/);
    expect(text).toMatch(/comparison\.txt:\d+: there is no package torch\.nowhere\n/);
  });

  it.each([
    ['abs: Twice.', 'abs is described in pointwise.txt:'],
    ['[torch.linalg]\nlt: $nothing', 'there is no $nothing above'],
    ['[torch.linalg]\nlt = torch.nothing', 'lt is another name of torch.nothing, which has no line'],
    ['no colon', 'neither a package nor a description: no colon'],
  ])('are refused with the place: %s', (line, complaint) => {
    appendFileSync(join(folder, 'zz.txt'), line.startsWith('[') ? line : `[torch]\n${line}\n`);
    const { status, text } = codegen('--descriptions', folder);
    expect(status).toBe(1);
    expect(text).toMatch(/^zz\.txt:\d: /);
    expect(text).toContain(complaint);
  });

  it('are missed where an argument has none', () => {
    const path = join(folder, 'arguments.txt');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^keepdim: .*\n/m, 'keepdim (no_such_*): Nothing.\n'));
    const { status, text } = codegen('--descriptions', folder);
    expect(status).toBe(1);
    expect(text).toContain('torch.sum: the argument keepdim is not described');
    expect(text).toContain('no function takes this: keepdim (no_such_*)');
  });
});

describe('examples', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'torch-node-descriptions-'));
    cpSync(join(root, 'scripts', 'dev', 'descriptions'), folder, { recursive: true });
    file = join(folder, 'examples', 'reductions.md');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are missed where one of the most used functions has none, and refused where there is no such function', () => {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^## mean$/m, '## no_such_function'));
    const { status, text } = codegen('--descriptions', folder);
    expect(status).toBe(1);
    expect(text).toContain('mean is among the 200 most used and has no example');
    expect(text).toContain('there is no function no_such_function');
  });

  it.each([
    ['\n## abs\n```ts\nprint(1);\n```\n', 'reductions.md: abs: expected a block of ts and a block of python'],
    ['\n## mean\n```ts\nprint(1);\n```\n```python\nprint(1)\n```\n', 'reductions.md: there are two examples of mean'],
  ])('are refused: %j', (section, complaint) => {
    appendFileSync(file, section);
    const { status, text } = codegen('--descriptions', folder);
    expect(status).toBe(1);
    expect(text).toContain(complaint);
  });
});
