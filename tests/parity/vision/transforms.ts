/** Functions and classes of transforms, and of transforms.v2, by name. */
import { cases_of, class_differences, function_differences } from '../../vision/transform_results.js';
import { cases as v2_cases, v2_differences } from '../../vision/v2_cases.js';
import type { Cases } from '../vision.js';

const of_functions = [...cases_of('functional')].map(
  ([name, each]) => [`functional.${name}`, () => function_differences(name, each)] as const,
);
const of_classes = [...cases_of('class')].map(([name, each]) => [name, () => class_differences(name, each)] as const);
const of_v2 = [...new Set(v2_cases.map((each) => each.class))].map(
  (name) => [`v2.${name}`, () => v2_cases.filter((each) => each.class === name).flatMap(v2_differences)] as const,
);

export const cases: Cases = Object.fromEntries([...of_functions, ...of_classes, ...of_v2]);
