/** What Python's brackets accept, for `x.index(...)` and `x.index_put_(...)`. */
import { native } from './native.js';
import { Tensor } from './tensor.js';

/**
 * One subscript: an integer, a slice in text form (`':'`, `'1:'`, `':-1:2'`), `null` (a new axis), `'...'`, a boolean, a
 * tensor, or a list of integers or booleans (as in Python, a tensor in disguise).
 */
export type Subscript = number | bigint | string | boolean | null | Tensor | readonly (number | boolean)[];

// Tags shared with native/indexing.cpp.
const enum Tag { integer = 0, slice = 1, none = 2, ellipsis = 3, boolean = 4, tensor = 5 }

const missing = -(2n ** 63n);

const parsed = new Map<string, readonly (number | bigint)[]>();

function bound(text: string, whole: string): number | bigint {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'None') return missing;
  if (!/^[+-]?\d+$/.test(trimmed)) {
    throw new TypeError(`index(): '${whole}' is not a slice: expected 'start:stop:step' with integers`);
  }
  return Number(trimmed);
}

function parse_text(text: string): readonly (number | bigint)[] {
  const known = parsed.get(text);
  if (known) return known;
  const trimmed = text.trim();
  let codes: readonly (number | bigint)[];
  if (trimmed === '...') codes = [Tag.ellipsis];
  else if (trimmed === 'None') codes = [Tag.none];
  else {
    const parts = trimmed.split(':');
    if (parts.length > 3 || trimmed === '') {
      throw new TypeError(`index(): '${text}' is not a subscript: expected a slice such as ':', '1:' or ':-1:2', or '...'`);
    }
    codes =
      parts.length === 1
        ? [Tag.integer, bound(trimmed, text)]
        : [Tag.slice, ...[0, 1, 2].map((i) => bound(parts[i] ?? '', text))];
  }
  if (parsed.size < 10_000) parsed.set(text, codes);
  return codes;
}

/** Parses subscripts into the flat form that native/indexing.cpp reads, and keeps alive the tensors made on the way. */
export function parse_subscripts(
  subscripts: readonly Subscript[],
  as_tensor: (list: readonly (number | boolean)[]) => Tensor,
): { codes: (number | bigint)[]; alive: Tensor[] } {
  const codes: (number | bigint)[] = [];
  const alive: Tensor[] = [];
  for (const subscript of subscripts) {
    if (typeof subscript === 'string') codes.push(...parse_text(subscript));
    else if (typeof subscript === 'number') {
      if (!Number.isSafeInteger(subscript)) {
        throw new TypeError(`index(): a subscript must be an integer, not ${subscript}`);
      }
      codes.push(Tag.integer, subscript);
    } else if (typeof subscript === 'bigint') codes.push(Tag.integer, subscript);
    else if (typeof subscript === 'boolean') codes.push(Tag.boolean, subscript ? 1 : 0);
    else if (subscript === null) codes.push(Tag.none);
    else if (subscript instanceof Tensor) codes.push(Tag.tensor, subscript._h);
    else if (Array.isArray(subscript)) {
      const tensor = as_tensor(subscript as readonly (number | boolean)[]);
      alive.push(tensor);
      codes.push(Tag.tensor, tensor._h);
    } else {
      throw new TypeError(
        `index(): a subscript must be an integer, a slice string, '...', null, a boolean, a Tensor or a list of ` +
          `integers, not ${subscript === undefined ? 'undefined' : typeof subscript}`,
      );
    }
  }
  return { codes, alive };
}

/** `self[...subscripts]`, as a wrapped handle. */
export function index_get(self: Tensor, subscripts: readonly Subscript[], as_tensor: typeof Tensor._index_list): number {
  const { codes } = parse_subscripts(subscripts, as_tensor);
  return native.index_get(self._h, codes);
}
