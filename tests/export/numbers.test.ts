import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Native } from '../../lib/_C/native.js';
import 'torch-node';

import { python } from '../reference.js';

const inner = createRequire(import.meta.url);
const { native } = inner('../../dist/_C/native.js') as { native: Native };

// The kinds of native/core/shared_numbers.h.
const [INT, FLOAT, BOOL, SLOT] = [2, 3, 4, 26];

const binary = ['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow', 'lshift', 'rshift', 'and_', 'or_'];
const comparisons = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'];
const operators: [name: string, count: number][] = [
  ...[...binary, ...comparisons].map((name): [string, number] => [`_operator.${name}`, 2]),
  ['_operator.neg', 1],
  ['_operator.pos', 1],
  ['math.trunc', 1],
  ['math.floor', 1],
  ['math.ceil', 1],
  ['torch.sym_int', 1],
  ['torch.sym_float', 1],
  ['torch.sym_not', 1],
  ['torch.sym_max', 2],
  ['torch.sym_min', 2],
];
const numbers = [
  '0',
  '1',
  '-1',
  '7',
  '-7',
  '2',
  '63',
  '9007199254740991',
  '0.0',
  '-0.0',
  '0.5',
  '-7.5',
  '3.0',
  '1e300',
  'true',
  'false',
];
const texts = numbers.map((text) => (text === '1e300' ? '1.0e300' : text));
const pairs = texts.flatMap((a) => texts.map((b) => [a, b] as const));

function ours(name: string, count: number, pair: readonly string[]): unknown {
  const values = pair.slice(0, count);
  const slots = values.map((_, i) => i);
  const program = native.export_compile({
    slots: count + 1,
    inputs: slots,
    nodes: [{ target: name, arguments: slots.map((slot) => ['', [SLOT, slot, true]]), results: [count] }],
    outputs: [[SLOT, count, true]],
  });
  const kinds = values.map((text) => (text === 'true' || text === 'false' ? BOOL : text.includes('.') ? FLOAT : INT));
  const given = values.map((text) => (text === 'true' ? 1 : text === 'false' ? 0 : Number(text)));
  try {
    return native.export_run(program, Float64Array.from(given), Uint8Array.from(kinds as number[]))[0];
  } catch {
    return null;
  }
}

/** A float from Python's hexadecimal text. */
function from_hex(text: string): number {
  const match = /^(-?)0x([01])\.([0-9a-f]*)p([+-]\d+)$/.exec(text);
  if (match === null) return Number(text.replace('inf', 'Infinity'));
  const [, sign, first, digits, exponent] = match;
  const fraction = [...digits!].reduce(
    (sum, digit, i) => sum + Number.parseInt(digit, 16) / 16 ** (i + 1),
    Number(first),
  );
  const power = Number(exponent);
  const found = fraction * 2 ** Math.trunc(power / 2) * 2 ** (power - Math.trunc(power / 2));
  return sign === '-' ? -found : found;
}

describe('numbers in programs', () => {
  const expected = python<([string, string] | 'too large for Python' | null)[][]>('export_numbers.py', [
    [operators, pairs],
  ]);
  it.each(operators.map(([name, count], i) => ({ name, count, i })))(
    '$name is that of Python',
    ({ name, count, i }) => {
      const wrong = pairs.flatMap((pair, j) => {
        const found = ours(name, count, pair);
        const answer = expected[i]![j]!;
        if (answer === 'too large for Python') return [];
        let wanted: unknown = null;
        if (answer !== null) {
          const [kind, text] = answer;
          if (kind === 'bool') wanted = text === 'True';
          else if (kind === 'float') wanted = from_hex(text);
          else wanted = Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
        }
        return Object.is(found, wanted)
          ? []
          : [`${pair.slice(0, count).join(', ')}: ${String(found)}, not ${String(wanted)}`];
      });
      expect(wrong).toEqual([]);
    },
  );
});
