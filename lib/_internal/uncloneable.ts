/**
 * What keeps `structuredClone` and `postMessage` from copying the fields of an object and leaving behind what it stands for.
 * They refuse symbols, and quote them in the error.
 */

/**
 * The value of a field that makes an object refuse to be cloned: `DataCloneError: Symbol(...) could not be cloned.`
 * @param what - `torch.Tensor`
 * @param name - what the example calls it
 */
export function uncloneable(what: string, name: string): symbol {
  return Symbol(
    `a ${what}: send torch.hand_over(${name}) to the other thread, and call torch.take_over(message) there`,
  );
}
