/** What operators of other libraries must not return: their arguments, and tensors that share memory. */
import { native } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';

const storages = (values: readonly unknown[]): bigint[] =>
  values.flat().flatMap((value) => {
    if (!is_tensor(value)) return [];
    const pointer = native.data_ptr(value._h);
    return pointer === 0n ? [] : [value.untyped_storage().data_ptr()];
  });

/**
 * Checks that results share no memory with arguments or other results.
 *
 * @param name - the operator's qualified name
 * @param args - all arguments of the call
 * @param result - what the call gave
 * @throws Error when memory is shared, in Python's words
 */
export function check_aliases(name: string, args: readonly unknown[], result: unknown): void {
  const seen = new Set(storages(args));
  for (const storage of storages(Array.isArray(result) ? result : [result])) {
    if (seen.has(storage)) {
      throw new Error(
        `${name}: The output of this custom operator (1) must not also be an input to this custom operator and (2) may not ` +
          'alias any inputs to this custom operator or other returns. The most common way to trigger this error is if we ' +
          'have y = custom_op(x) and y and x are the same Tensor. Please instead return a clone of the offending output ' +
          'tensor(s) (e.g. return x.clone()) or refactor the custom operator to not return y.',
      );
    }
    seen.add(storage);
  }
}
