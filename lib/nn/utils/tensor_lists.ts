/** Lists of tensors, given as anything that can be iterated over. */
import { Tensor } from '../../_tensor.js';
import { kind_of } from '../../_internal/representation.js';

/**
 * The tensors of an argument, of one tensor itself.
 *
 * @param callee - the function, and `name` its argument, as error texts name them
 * @throws TypeError when something else is among them
 */
export function tensors_of(callee: string, name: string, value: Tensor | Iterable<Tensor>): Tensor[] {
  if (value instanceof Tensor) return [value];
  const list: unknown[] = [...value];
  return list.map((element, i) => {
    if (element instanceof Tensor) return element;
    throw new TypeError(
      `${callee}(): argument '${name}' must be Tensor or iterable of Tensors, but found element of type ${kind_of(element)} ` +
        `at pos ${i}`,
    );
  });
}
