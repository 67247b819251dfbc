/**
 * Exports to ONNX the programs that Python exported, checks the models with `onnx.checker` and compares what onnxruntime
 * gives with Python's own results:
 *
 *   npm run parity:onnx -- --python PATH [--set models|modules|operators|vision] [--case NAME] [--samples N] [--opset N]
 *
 * `--python` is a Python with the packages onnx and onnxruntime, and for the set vision with torch and torchvision. Prints
 * what differs by more than 1e-4, relative to what is larger than 1, operators that have no equivalent, and for each set
 * `onnx SET P of N`; N are the programs that Python can export. Exit status 1 on a difference or a model that is refused;
 * operators that are named as missing are counted, and no failure.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as torch from 'torch-node';

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
  external_data: boolean,
  ask: (line: string) => Promise<string>,
): Promise<string | undefined> {
  torch.onnx.export(torch.export.load(path('pt2')), [], path('onnx'), { opset_version: opset, external_data });
  const answer = JSON.parse(await ask(`${path('onnx')}\t${path('npz')}\n`)) as Answer;
  if (answer.error !== undefined) return answer.error;
  return answer.difference! <= MOST ? undefined : `the largest difference is ${answer.difference}`;
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

async function main(): Promise<void> {
  const python = option('--python');
  if (python === undefined) throw new Error('--python PATH: a Python with the packages onnx and onnxruntime');
  const opset = Number(option('--opset') ?? 20);
  const vision = args.includes('vision');
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-onnx-'));
  const exporter = spawn(vision ? python : interpreter, [join(__dirname, 'onnx_programs.py'), folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const checker = spawn(python, [join(__dirname, 'onnx_check.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: checker.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<string> => {
    checker.stdin.write(line);
    return (await answers.next()).value as string;
  };
  const counts = new Map<string, Count>();
  const operators = new Map<string, number>();
  try {
    for await (const line of createInterface({ input: exporter.stdout })) {
      const { set, name, number, python: refusal } = JSON.parse(line) as Case;
      if (refusal !== undefined) continue;
      const count = counts.get(set) ?? { passed: 0, all: 0, missing: 0 };
      counts.set(set, count);
      count.all++;
      const path = (ending: string): string => join(folder, `${number}.${ending}`);
      let text: string | undefined;
      try {
        text = await compared(path, opset, set === 'vision', ask);
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
