/** Operators with their gradients, by name. */
import { cases as calls, compare, type OpCase } from '../../vision/op_cases.js';
import type { Cases } from '../vision.js';

function differences(call: OpCase): string[] {
  try {
    compare(call);
    return [];
  } catch (error) {
    return [`${JSON.stringify(call.kwargs)}: ${(error as Error).message}`];
  }
}

export const cases: Cases = Object.fromEntries(
  [...new Set(calls.map(({ name }) => name))].map((name) => [
    name,
    () => calls.filter((call) => call.name === name).flatMap(differences),
  ]),
);
