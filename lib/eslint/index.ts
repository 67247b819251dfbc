/**
 * Rules for ESLint that find what compiles but computes something else than it reads like: `torch-node/eslint`, a plugin for
 * flat configurations. With the types of typescript-eslint it sees every tensor; without, those that the source shows.
 *
 * @example
 * ```js
 * // eslint.config.mjs
 * import torch from 'torch-node/eslint';
 * export default [torch.configs.recommended];
 * ```
 */
import { no_tensor_brackets } from './no_tensor_brackets.js';
import { no_tensor_condition } from './no_tensor_condition.js';
import { no_tensor_operator } from './no_tensor_operator.js';
import type { Rule } from './syntax.js';

export type { Context, Node, Rule } from './syntax.js';

/** What names the plugin in messages and caches. */
export const meta: { readonly name: string; readonly namespace: string } = {
  name: 'torch-node/eslint',
  namespace: 'torch-node',
};

/** The rules by name. */
export const rules: Readonly<Record<'no-tensor-brackets' | 'no-tensor-condition' | 'no-tensor-operator', Rule>> = {
  'no-tensor-brackets': no_tensor_brackets,
  'no-tensor-condition': no_tensor_condition,
  'no-tensor-operator': no_tensor_operator,
};

/** A configuration to put into the list of `eslint.config.mjs`. */
export interface Config {
  readonly name: string;
  readonly plugins: Readonly<Record<string, { readonly rules: typeof rules }>>;
  readonly rules: Readonly<Record<string, 'error'>>;
}

/** `recommended` has all rules on. */
export const configs: { readonly recommended: Config } = {
  recommended: {
    name: 'torch-node/recommended',
    plugins: { 'torch-node': { rules } },
    rules: {
      'torch-node/no-tensor-brackets': 'error',
      'torch-node/no-tensor-condition': 'error',
      'torch-node/no-tensor-operator': 'error',
    },
  },
};
