/** Calls through every kind of argument, compared with Python: dtype, shape and elements to the bit. */
import { readFileSync } from 'node:fs';
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';
import { hex_of, python } from '../reference.js';

type Json = null | number | boolean | string | Json[] | { [name: string]: Json };
interface Case {
  function?: string;
  method?: string;
  in?: string;
  args?: Json[];
  options?: Record<string, Json>;
}
type Callable = (...args: unknown[]) => unknown;

const cases = JSON.parse(readFileSync(new URL('./calls.json', import.meta.url), 'utf8')) as Case[];
const expected = python<unknown[]>('calls.py');
const module = torch as unknown as Record<string, unknown>;

function decode(value: Json): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value === 'object' && value !== null) {
    if ('torch' in value) return module[value['torch'] as string];
    return torch.tensor(value['t'] as torch.TensorData, {
      dtype: module[(value['dtype'] as string | undefined) ?? 'float32'] as torch.DType,
    });
  }
  return value;
}

function encode(result: unknown): unknown {
  if (result instanceof torch.Tensor) {
    const small = result.dtype === torch.float16 || result.dtype === torch.bfloat16;
    const data = result.detach().contiguous();
    return {
      dtype: String(result.dtype),
      shape: [...result.shape],
      hex: hex_of((small ? data.float() : data).numpy().data as ArrayBufferView),
    };
  }
  return Array.isArray(result) ? Array.from(result, encode) : result;
}

function run({ function: name, method, in: owner, args = [], options }: Case): unknown {
  torch.manual_seed(0);
  torch.set_num_threads(1);
  const given = args.map(decode);
  if (options) given.push(Object.fromEntries(Object.entries(options).map(([key, value]) => [key, decode(value)])));
  if (method !== undefined) {
    const self = given.shift() as Record<string, Callable>;
    return encode(self[method]?.(...given));
  }
  const space = owner ? (module[owner] as Record<string, unknown>) : module;
  return encode((space[name as string] as Callable)(...given));
}

describe('calls', () => {
  cases.forEach((one, i) => {
    const title = `${one.method ? `x.${one.method}` : `${one.in ? `${one.in}.` : ''}${one.function}`} ${JSON.stringify(one.args)} ${JSON.stringify(one.options ?? {})}`;
    it(`${i}: ${title.slice(0, 150)}`, () => {
      if (expected[i] === 'an error') expect(() => run(one)).toThrow(Error);
      else expect(run(one)).toEqual(expected[i]);
    });
  });
});
