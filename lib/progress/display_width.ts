/** How wide text is on a terminal: control sequences have no width, wide characters of East Asia two columns. */
import { wide_ranges } from './wide_characters.js';

const control_sequence = /\x1b\[[;\d]*[A-Za-z]/g;

/** Whether a character takes two columns. */
function is_wide(code: number): boolean {
  // Most texts have none of these: the first wide character is U+1100.
  if (code < 0x1100) return false;
  let [low, high] = [0, wide_ranges.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wide_ranges[2 * middle + 1]! < code) low = middle + 1;
    else high = middle;
  }
  return low < wide_ranges.length / 2 && wide_ranges[2 * low]! <= code;
}

/** The columns that a text takes. */
export function display_width(text: string): number {
  let width = 0;
  for (const character of text.replace(control_sequence, '')) width += is_wide(character.codePointAt(0)!) ? 2 : 1;
  return width;
}

/** The text cut to a number of columns; colours that it leaves on are switched off. */
export function trim_to_width(text: string, columns: number): string {
  const characters = [...text];
  if (characters.length === display_width(text)) return characters.slice(0, columns).join('');
  const has_sequences = (part: string): boolean => part.search(control_sequence) >= 0;
  const coloured = has_sequences(text);
  let kept = text;
  while (display_width(kept) > columns) kept = characters.slice(0, (characters.length -= 1)).join('');
  return coloured && has_sequences(kept) && !kept.endsWith('\x1b[0m') ? `${kept}\x1b[0m` : kept;
}
