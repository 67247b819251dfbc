/**
 * Groups of three processes, each here or in Python: collectives, objects, samplers and training give what Python's processes have among
 * themselves, to the last bit.
 */
import { beforeAll, describe, expect, it } from 'vitest';

import { results_of, run_ranks, type Kind } from './ranks.js';

const scenarios = ['collectives', 'objects', 'sampler', 'ddp', 'shapes'];
type Results = Record<string, unknown>;
let expected: Results[];

beforeAll(async () => {
  expected = results_of(await run_ranks(['python', 'python', 'python'], { scenarios }));
}, 60_000);

const mixes: Kind[][] = [
  ['node', 'node', 'node'],
  ['python', 'node', 'node'],
  ['node', 'python', 'python'],
];

const part = (results: readonly Results[], wanted: (name: string) => boolean): Results[] =>
  results.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => wanted(name))));
const is_object = (name: string): boolean => /_object/.test(name);
const is_training = (name: string): boolean =>
  /^ddp |gradients|no_sync|sparse|no gradient|device_ids|unused|shapes/.test(name);

describe.each(mixes)('a group of %s, %s and %s', (...kinds) => {
  let found: Results[];

  beforeAll(async () => {
    found = results_of(await run_ranks(kinds, { scenarios }));
  }, 60_000);

  it('has the results of collectives that Python has', () => {
    const wanted = (name: string): boolean => !is_object(name) && !is_training(name);
    const of_python = part(expected, wanted);
    expect(Object.keys(of_python[0]!).length).toBeGreaterThan(80);
    expect(part(found, wanted)).toEqual(of_python);
  });

  it('sends the same objects', () => {
    expect(part(found, is_object)).toEqual(part(expected, is_object));
  });

  it('trains to the same weights', () => {
    const of_python = part(expected, is_training);
    expect(Object.keys(of_python[0]!).length).toBeGreaterThan(18);
    expect(part(found, is_training)).toEqual(of_python);
  });
});

it('two processes meet by the environment', async () => {
  const of_python = results_of(await run_ranks(['python', 'python'], { scenarios: ['objects'], init: 'env' }));
  const mixed = results_of(await run_ranks(['node', 'python'], { scenarios: ['objects'], init: 'env' }));
  expect(mixed).toEqual(of_python);
}, 60_000);
