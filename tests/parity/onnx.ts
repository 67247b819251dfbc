/**
 * Exports to ONNX the programs that Python exported, checks the models with `onnx.checker` and compares what onnxruntime
 * gives with Python's own results:
 *
 *   npm run parity:onnx -- --python PATH [--set models|modules|operators|vision] [--case NAME] [--samples N] [--opset N]
 *
 * `--python` is a Python with the packages onnx and onnxruntime. The set vision is not of Python: it is our own models,
 * exported by `torch.export.export` and compared with what they return themselves. Prints what differs by more than 1e-4,
 * relative to what is larger than 1, operators that have no equivalent, and for each set `onnx SET P of N`; N are the
 * programs that can be exported. Exit status 1 on a difference or a model that is refused; operators that are named as
 * missing are counted, and no failure.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as torch from 'torch-node';
import * as np from 'torch-node/numpy';
import { models } from 'torch-node/vision';

import { interpreter } from '../reference.js';

interface Case {
  set: string;
  name: string;
  number: number;
  python?: string;
}

interface Answer {
  difference?: number;
  error?: string;
}

const MOST = 1e-4;
const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
};

interface Count {
  passed: number;
  all: number;
  missing: number;
}

/** Exports one program and lets the other Python run it; what is wrong, or nothing. */
async function compared(
  path: (ending: string) => string,
  opset: number,
  ask: (line: string) => Promise<string>,
): Promise<string | undefined> {
  const program = torch.export.load(path('pt2'));
  torch.onnx.export(program, [], path('onnx'), { opset_version: opset, external_data: false });
  return checked(path, ask);
}

async function checked(
  path: (ending: string) => string,
  ask: (line: string) => Promise<string>,
): Promise<string | undefined> {
  const answer = JSON.parse(await ask(`${path('onnx')}\t${path('npz')}\n`)) as Answer;
  if (answer.error !== undefined) return answer.error;
  return answer.difference! <= MOST ? undefined : `the largest difference is ${answer.difference}`;
}

/** Exports a model of `torch-node/vision` and lets Python run it on an image. */
async function compared_model(
  name: string,
  path: (ending: string) => string,
  opset: number,
  ask: (line: string) => Promise<string>,
): Promise<string | undefined> {
  torch.manual_seed(0);
  // Inception's own first weights give outputs of 1e12, where float32 itself is farther from float64 than MOST.
  const plain_start = /inception|googlenet/.test(name) ? { init_weights: false } : {};
  const model = models.get_model(name, { weights: null, ...plain_start }).eval();
  const size = name.includes('inception') ? 299 : 224;
  const image = torch.randn(1, 3, size, size);
  const expected = torch.no_grad(() => model(image)) as torch.Tensor;
  torch.onnx.export(model, [image], path('onnx'), { opset_version: opset, external_data: true });
  np.savez(path('npz'), { in0: image, out0: expected });
  return checked(path, ask);
}

function report(counts: ReadonlyMap<string, Count>, operators: ReadonlyMap<string, number>): void {
  const missing = [...operators].sort((a, b) => b[1] - a[1]).map(([operator, count]) => `${operator} ${count}`);
  if (missing.length > 0) console.log(`not exported: ${missing.join(', ')}`);
  for (const [set, { passed, all, missing: without }] of counts) {
    console.log(`onnx ${set} ${passed} of ${all}${without > 0 ? ` (${without} name what has no equivalent)` : ''}`);
  }
  const all = [...counts.values()];
  const sum = (of: (count: Count) => number): number => all.reduce((total, count) => total + of(count), 0);
  console.log(`onnx ${sum(({ passed }) => passed)} of ${sum((count) => count.all)}`);
}

function clear(path: (ending: string) => string): void {
  for (const ending of ['pt2', 'npz', 'onnx', 'onnx.data']) rmSync(path(ending), { force: true });
}

/** Adds the operators that an Error names. */
function count_operators(text: string, operators: Map<string, number>): void {
  for (const [, operator] of text.matchAll(/^([\w.]+) \(/gm)) {
    operators.set(operator!, (operators.get(operator!) ?? 0) + 1);
  }
}

/** The programs of the sets that Python makes. */
async function* programs(folder: string): AsyncGenerator<Case> {
  const script = join(__dirname, 'onnx_programs.py');
  const exporter = spawn(interpreter, [script, folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: exporter.stdout })) yield JSON.parse(line) as Case;
}

/** Our own models of images: those that `--case` names, or all of them. */
function* image_models(): Generator<Case> {
  const asked = args.filter((_, i) => args[i - 1] === '--case');
  const names = asked.length > 0 ? asked : models.list_models({ module: models });
  for (const [number, name] of names.entries()) yield { set: 'vision', name, number };
}

async function main(): Promise<void> {
  const python = option('--python');
  if (python === undefined) throw new Error('--python PATH: a Python with the packages onnx and onnxruntime');
  const opset = Number(option('--opset') ?? 20);
  const vision = args.includes('vision');
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-onnx-'));
  const checker = spawn(python, [join(__dirname, 'onnx_check.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: checker.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<string> => {
    checker.stdin.write(line);
    return (await answers.next()).value as string;
  };
  const counts = new Map<string, Count>();
  const operators = new Map<string, number>();
  try {
    for await (const { set, name, number, python: refusal } of vision ? image_models() : programs(folder)) {
      if (refusal !== undefined) continue;
      const count = counts.get(set) ?? { passed: 0, all: 0, missing: 0 };
      counts.set(set, count);
      count.all++;
      const path = (ending: string): string => join(folder, `${number}.${ending}`);
      let text: string | undefined;
      try {
        text = vision ? await compared_model(name, path, opset, ask) : await compared(path, opset, ask);
        if (text !== undefined) process.exitCode = 1;
      } catch (error) {
        text = error instanceof Error ? error.message : String(error);
        if (error instanceof torch.onnx.OnnxExporterError) {
          count.missing++;
          count_operators(text, operators);
        } else process.exitCode = 1;
      }
      if (text === undefined) count.passed++;
      else console.log(`${set} ${name}: ${text.replaceAll('\n', ' ')}`);
      clear(path);
    }
  } finally {
    checker.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
  report(counts, operators);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
