/** Format strings of lines, such as `'r--'`, `'bo'` and `'k:x'`. */
import { parse_color } from './colors.js';
import { marker_letters } from './markers.js';

/** What a format string says; undefined for what it leaves open. */
export interface LineFormat {
  color?: string;
  marker?: string;
  linestyle?: string;
}

/** @throws Error for characters that mean nothing, and for two of a kind */
export function parse_format(callee: string, text: string): LineFormat {
  const format: LineFormat = {};
  const fail = (why: string): Error => new Error(`${callee}(): '${text}' is not a valid format string (${why})`);
  // A colour's name or code; a digit alone is a marker, and letters may be both.
  const is_digits = /^\d+$/.test(text);
  if (!is_digits && text.length > 0 && parse_color(text) !== undefined) return { color: text };
  const set = (key: keyof LineFormat, value: string, what: string): void => {
    if (format[key] !== undefined) throw fail(`two ${what} symbols`);
    format[key] = value;
  };
  for (let i = 0; i < text.length; ) {
    const two = text.slice(i, i + 2);
    const one = text[i]!;
    if (two === '--' || two === '-.') {
      set('linestyle', two, 'linestyle');
      i += 2;
      continue;
    }
    const cycled = /^C\d+/.exec(text.slice(i))?.[0];
    if (cycled !== undefined) {
      set('color', cycled, 'color');
      i += cycled.length;
      continue;
    }
    if (one === '-' || one === ':' || one === ' ') set('linestyle', one, 'linestyle');
    else if (marker_letters.has(one)) set('marker', one, 'marker');
    else if ('bgrcmykw'.includes(one)) set('color', one, 'color');
    else throw fail(`unrecognized character '${one}'`);
    i++;
  }
  if (format.linestyle === undefined && format.marker !== undefined) format.linestyle = 'None';
  return format;
}
