/** All models for quantization, one at a time. */
import { float_differences, golden, quantized_differences } from '../../vision/quantized_cases.js';
import type { Cases } from '../vision.js';

export const cases: Cases = Object.fromEntries(
  Object.entries(golden).map(([name, expected]) => [
    name,
    () => [...float_differences(name, expected), ...quantized_differences(name, expected)],
  ]),
);
