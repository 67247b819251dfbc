/**
 * Loads programs that Python exported, and compares outputs, gradients and buffers with Python's, to the last bit:
 *
 *   npm run parity:export -- [--set exportdb|models|modules] [--case NAME] [--samples N] [--decomposed]
 *   npm run parity:export -- --decompositions ...
 *
 * With `--decompositions` the programs are decomposed here and in Python, and their operators compared too.
 *
 * Sets: PyTorch's own examples (`torch._export.db`), models with loops, branches, sizes that vary and nested arguments, and
 * the modules of PyTorch's module database. Prints what differs, what Python itself cannot do, whether programs print as in
 * Python, and for each set `NAME P of N`. Exit status 1 on a difference.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as torch from 'torch-node';
import { Tensor } from 'torch-node';

import { interpreter } from '../reference.js';

interface Case {
  set: string;
  name: string;
  number: number;
  /** What Python says when it cannot export the module, or cannot run the program. */
  python?: string;
  requires_grad?: boolean;
  text?: string;
  /** What the program calls after Python's run_decompositions(). */
  operators?: string[];
}

interface Expected {
  args: unknown[];
  kwargs: Record<string, unknown>;
  outputs: unknown[];
  gradients: Record<string, Tensor | null>;
  inputs: Tensor[];
  input_gradients: (Tensor | null)[];
  state: Record<string, Tensor>;
  names: string[];
}

const SEED = 1234;
const { tree_leaves, tree_map } = torch.utils._pytree;

function bytes_of(tensor: Tensor): Buffer {
  const flat = tensor.detach().resolve_conj().resolve_neg().reshape(-1);
  // A copy, whose elements lie one behind the other even if there is only one.
  return Buffer.from(torch.cat([flat, flat]).view(torch.uint8).numpy().data as Uint8Array);
}

function difference(ours: unknown, theirs: unknown): string | undefined {
  if (!(theirs instanceof Tensor)) {
    if (Object.is(ours, theirs) || ours === theirs) return undefined;
    return `${String(ours)}, not ${String(theirs)}`;
  }
  if (!(ours instanceof Tensor)) return `${String(ours)}, not a tensor`;
  if (ours.dtype !== theirs.dtype) return `dtype ${ours.dtype.name}, not ${theirs.dtype.name}`;
  if (ours.shape.join() !== theirs.shape.join()) return `shape [${ours.shape}], not [${theirs.shape}]`;
  if (ours.layout !== theirs.layout) return 'another layout';
  if (ours.numel() === 0) return undefined;
  const [a, b] = [ours, theirs].map((tensor) => (tensor.layout === torch.strided ? tensor : tensor.to_dense()));
  if (bytes_of(a!).equals(bytes_of(b!))) return undefined;
  const most = torch.sub(a!.detach().to(torch.complex128), b!.detach().to(torch.complex128)).abs().max().item<number>();
  return `other bits (the largest difference is ${most})`;
}

function differences(what: string, ours: readonly unknown[], theirs: readonly unknown[]): string[] {
  if (ours.length !== theirs.length) return [`${ours.length} ${what}, not ${theirs.length}`];
  return theirs.flatMap((value, i) => {
    const text = difference(ours[i], value);
    return text === undefined ? [] : [`${what} ${i}: ${text}`];
  });
}

/** The operators of a graph, and of the graphs in it. */
function operators_of(graph: torch.export.ExportedGraph): string[] {
  const own = graph.nodes.flatMap(({ op, target }) => {
    const name = String(target).replace(/^torch\.ops\./, '');
    if (op !== 'call_function' || name.startsWith('aten.sym_') || !/^\w+\.\w+/.test(name)) return [];
    return /^(_operator|math|torch)\./.test(name) ? [] : [name.replace(/^higher_order\./, '')];
  });
  return [...own, ...[...graph.subgraphs.values()].flatMap(operators_of)];
}

/** What one list has more often than another one. */
function surplus(these: readonly string[], those: readonly string[]): string[] {
  const rest = [...those];
  return these.filter((name) => {
    const at = rest.indexOf(name);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

function compare(
  folder: string,
  { number, requires_grad, text, operators }: Case,
): { found: string[]; prints: boolean } {
  const expected = torch.load<Expected>(join(folder, `${number}.pt`));
  const loaded = torch.export.load(join(folder, `${number}.pt2`));
  const program = operators === undefined ? loaded : loaded.run_decompositions();
  const module = program.module();
  const leaf = (value: unknown): unknown => {
    if (!(value instanceof Tensor)) return value;
    return requires_grad === true && value.is_floating_point() ? value.requires_grad_() : value;
  };
  const args = tree_map(leaf, expected.args);
  const kwargs = tree_map(leaf, expected.kwargs);
  torch.manual_seed(SEED);
  const outputs = tree_leaves(module(...args, ...(Object.keys(kwargs).length > 0 ? [kwargs] : [])));
  const losses = outputs
    .filter((output): output is Tensor => output instanceof Tensor && output.requires_grad)
    .map((output) => (output.is_complex() ? torch.view_as_real(output) : output).sum());
  if (losses.length > 0) {
    losses
      .map((loss) => loss.double())
      .reduce((sum, loss) => sum.add(loss))
      .backward();
  }
  const inputs = tree_leaves([args, kwargs]).filter((value): value is Tensor => value instanceof Tensor);
  const state = module.state_dict();
  const parameters = Object.fromEntries(module.named_parameters());
  const names = Object.keys(expected.gradients);
  const found = [
    ...differences('outputs', outputs, expected.outputs),
    ...differences(
      'gradients',
      names.map((name) => parameters[name]?.grad ?? null),
      Object.values(expected.gradients),
    ),
    ...differences('inputs', inputs, expected.inputs),
    ...differences(
      'gradients of inputs',
      inputs.map(({ grad }) => grad),
      expected.input_gradients,
    ),
    ...differences('buffers', Object.values(state), Object.values(expected.state)),
  ];
  if (Object.keys(state).join() !== Object.keys(expected.state).join()) found.push('other names in the state_dict');
  if (names.join() !== Object.keys(parameters).join()) found.push('other names of parameters');
  if (operators !== undefined) {
    const ours = operators_of(program.graph);
    const [more, fewer] = [surplus(ours, operators), surplus(operators, ours)];
    if (more.length + fewer.length > 0) found.push(`operators: ${more.join(' ')} instead of ${fewer.join(' ')}`);
  }
  return { found, prints: String(program) === text };
}

/** Runs tests/parity/export.py; gives each case as soon as it is there. */
async function* cases(folder: string, options: readonly string[]): AsyncGenerator<Case> {
  const script = join(__dirname, 'export.py');
  const child = spawn(interpreter, [script, folder, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Case;
  if ((await ended) !== 0) throw new Error(`export.py failed:\n${errors}`);
}

async function main(options: readonly string[]): Promise<boolean> {
  torch.set_num_threads(1);
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-export-'));
  const totals = new Map<string, { passed: number; all: number }>();
  let [same_text, texts] = [0, 0];
  try {
    for await (const one of cases(folder, options)) {
      const where = `${one.set} ${one.name}`;
      if (one.python !== undefined) {
        console.log(`Python: ${where}: ${one.python}`);
        continue;
      }
      const total = totals.get(one.set) ?? { passed: 0, all: 0 };
      totals.set(one.set, total);
      total.all++;
      let found: string[];
      try {
        const result = compare(folder, one);
        found = result.found;
        texts++;
        if (result.prints) same_text++;
        else if (process.env['TORCH_NODE_EXPORT_TEXTS'] !== undefined) console.log(`prints otherwise: ${where}`);
      } catch (error) {
        found = [error instanceof Error ? error.message : String(error)];
      }
      if (found.length === 0) total.passed++;
      else console.log(`${where}: ${found.join('; ')}`);
      rmSync(join(folder, `${one.number}.pt2`));
      rmSync(join(folder, `${one.number}.pt`));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`programs that print as in Python: ${same_text} of ${texts}`);
  for (const [name, { passed, all }] of totals) console.log(`${name} ${passed} of ${all}`);
  return totals.size > 0 && [...totals.values()].every(({ passed, all }) => passed === all);
}

void main(process.argv.slice(2)).then((same) => {
  process.exitCode = same ? 0 : 1;
});
