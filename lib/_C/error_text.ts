/** Texts of libtorch's errors as Python shows them. */
import { device_types, tensor_modules, with_build_hint } from '../types/device_types.js';

const type_name = new RegExp(`\\b(${[...tensor_modules.keys()].join('|')})([A-Z][A-Za-z0-9]*?)Type\\b`, 'g');

// libtorch's texts for a missing device: of operators, and of generators.
const missing_builds = device_types
  .filter(({ hint }) => hint !== undefined)
  .map((row) => ({
    row,
    text: new RegExp(`is not linked with support for ${row.name} devices$|without ATen_${row.name} library`),
  }));

/** Adds to libtorch's error for a missing device how to get a build that supports it; returns the error. */
export function hint_at_builds(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const missing = missing_builds.find(({ text }) => text.test(error.message));
  if (missing !== undefined) error.message = with_build_hint(error.message, missing.row);
  return error;
}

/** Replaces C++'s names of tensor types (`CPUFloatType`) by Python's (`torch.FloatTensor`) in an error; returns the error. */
export function python_types_in(error: unknown): unknown {
  if (error instanceof Error && error.message.includes('Type')) {
    error.message = error.message.replace(
      type_name,
      (_, backend: string, scalar: string) => `${tensor_modules.get(backend)}.${scalar}Tensor`,
    );
  }
  return error;
}
