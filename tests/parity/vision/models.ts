/** All models, one at a time: some need gigabytes. */
import { golden, output_differences, skeleton_differences } from '../../vision/model_cases.js';
import type { Cases } from '../vision.js';

export const cases: Cases = Object.fromEntries(
  Object.entries(golden).map(([name, expected]) => [
    name,
    () => [...skeleton_differences(name, expected), ...output_differences(name, expected)],
  ]),
);
