/** Patterns of names, as Python's `fnmatch` has them. */

/** Python's `fnmatch`: `*`, `?` and sets of characters. */
export function pattern_of(glob: string): RegExp {
  let pattern = '';
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at]!;
    const close = char === '[' ? glob.indexOf(']', at + (glob[at + 1] === '!' ? 3 : 2)) : -1;
    if (char === '*') pattern += '.*';
    else if (char === '?') pattern += '.';
    else if (close > 0) {
      const set = glob.slice(at + 1, close).replace(/\\/g, '\\\\');
      pattern += `[${set.startsWith('!') ? `^${set.slice(1)}` : set.replace(/^\^/, '\\^')}]`;
      at = close;
    } else pattern += char.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${pattern}$`, 's');
}

/** Whether a name matches a pattern. */
export const fnmatch = (name: string, glob: string): boolean => pattern_of(glob).test(name);
