/** Lines that are too long, broken as formatters break them: arguments, operands and calls of a chain stand one a line. */

const WIDTH = 120;

interface Group {
  readonly open: number;
  readonly close: number;
  /** Where the items within end: at commas, and at the bracket. */
  readonly ends: readonly number[];
}

interface Scanned {
  /** Brackets that are within no other. */
  readonly groups: readonly Group[];
  /** Operators with blanks around them, within no bracket, by what they are and where they begin. */
  readonly operators: readonly { readonly text: string; readonly at: number }[];
  /** Where a comment at the end begins; the length of the text where there is none. */
  readonly end: number;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const OPERATOR = / (=>|=|&&|\|\||\?\?|[?:+*/%-]|===|!==|<=|>=|[<>]|instanceof|in) /y;

/** Where a text in quotes ends that begins at `at`. */
function after_quotes(text: string, at: number): number {
  const quote = text[at]!;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (quote === '`' && text.startsWith('${', i)) i = after_bracket(text, i + 1) - 1;
  }
  return text.length;
}

function after_bracket(text: string, at: number): number {
  const close = CLOSING[text[at]!];
  for (let i = at + 1; i < text.length; ) {
    const char = text[i]!;
    if (char === close) return i + 1;
    if (char === "'" || char === '"' || char === '`') i = after_quotes(text, i);
    else if (char in CLOSING) i = after_bracket(text, i);
    else i++;
  }
  return text.length + 1;
}

/** The items between brackets. */
function items_of(text: string, open: number, close: number): number[] {
  const ends: number[] = [];
  for (let i = open + 1; i < close; ) {
    const char = text[i]!;
    if (char === ',') ends.push(i);
    if (char === "'" || char === '"' || char === '`') i = after_quotes(text, i);
    else if (char in CLOSING) i = after_bracket(text, i);
    else if (char === '<') i += type_arguments(text, i);
    else i++;
  }
  return [...ends, close];
}

/** How long `<any, any>` is; 1 for a `<` that is an operator. */
function type_arguments(text: string, at: number): number {
  return /^<[\w. |[\]]+(, [\w. |[\]]+)*>(?=[([\s]|$)/.exec(text.slice(at))?.[0].length ?? 1;
}

function scan(text: string): Scanned {
  const groups: Group[] = [];
  const operators: { text: string; at: number }[] = [];
  for (let i = 0; i < text.length; ) {
    const char = text[i]!;
    if (char === '/' && text[i + 1] === '/') return { groups, operators, end: i };
    if (char === "'" || char === '"' || char === '`') {
      i = after_quotes(text, i);
      continue;
    }
    if (char in CLOSING) {
      const after = after_bracket(text, i);
      if (after > text.length) return { groups, operators, end: text.length };
      groups.push({ open: i, close: after - 1, ends: items_of(text, i, after - 1) });
      i = after;
      continue;
    }
    if (char === '<') {
      i += type_arguments(text, i);
      continue;
    }
    OPERATOR.lastIndex = i;
    const found = OPERATOR.exec(text);
    if (found) operators.push({ text: found[1]!, at: i });
    i += found ? found[0].length - 1 : 1;
  }
  return { groups, operators, end: text.length };
}

/** A line, broken where it is longer than 120 characters and can be. */
export function wrap(line: string): string[] {
  if (line.length <= WIDTH || /^\s*(\/\/|\/\*|\*)/.test(line)) return [line];
  const indent = /^\s*/.exec(line)![0];
  const text = line.slice(indent.length);
  const { end } = scan(text);
  const comment = text.slice(end);
  const code = text.slice(0, end).trimEnd();
  if (indent.length + code.length <= WIDTH) return [line];
  const lines = broken(code, indent);
  if (comment !== '') lines[lines.length - 1] += ` ${comment}`;
  return lines;
}

function broken(code: string, indent: string): string[] {
  const scanned = scan(code);
  const by = (...texts: readonly string[]) => scanned.operators.filter((one) => texts.includes(one.text));
  const [arrow, assigned] = [by('=>')[0], by('=')[0]];
  // What is assigned, returned or given by an arrow.
  const keyword = /^(return|throw|yield\*?|await) /.exec(code)?.[0] ?? '';
  const before = arrow ?? assigned;
  const start = before ? before.at + before.text.length + 2 : keyword.length;
  const after = (list: readonly { text: string; at: number }[]) => list.filter(({ at }) => at > start);
  const operators = after(scanned.operators);
  const tail = /;$|,$/.exec(code)?.[0] ?? '';
  const value = code.slice(start, code.length - tail.length);
  const inner = `${indent}  `;
  // `if (test) throw ...;`: what it is about stands on a line of its own.
  const test = /^if \(/.test(code) ? scanned.groups[0] : undefined;
  if (test && /^ (throw|return|continue|break)\b/.test(code.slice(test.close + 1)))
    return [...wrap(`${indent}${code.slice(0, test.close + 1)}`), ...wrap(`${inner}${code.slice(test.close + 2)}`)];
  if (/\{$/.test(code) && !code.endsWith('({')) return broken_group(code, indent, scanned.groups);
  const conditional = operators.find(({ text }) => text === '?');
  if (conditional) {
    const parts = split_conditional(value, scan(value).operators);
    const head = code.slice(0, start).trimEnd();
    const whole = `${inner}${value}${tail}`;
    if (assigned && !arrow && scan(parts[0]!).operators.length > 0)
      return [`${indent}${head}`, ...(whole.length <= WIDTH ? [whole] : wrap(whole))];
    const own = arrow || head === '' ? inner : `${indent}  `;
    const first = arrow ? [head, ...wrap(`${inner}${parts[0]}`)] : wrap(`${indent}${code.slice(0, start)}${parts[0]}`);
    if (arrow) first[0] = `${indent}${head}`;
    const rest = parts.slice(1).flatMap((part) => wrap(`${arrow ? `${own}  ` : own}${part}`));
    return close(first, rest, tail);
  }
  for (const level of [
    ['??', '||'],
    ['&&'],
    ['===', '!==', '<', '>', '<=', '>=', 'instanceof', 'in'],
    ['+', '-'],
    ['*', '/', '%'],
  ]) {
    const at = operators.filter(({ text }) => level.includes(text));
    if (at.length === 0) continue;
    const cuts = at.map(({ at: from, text }) => from + text.length + 1);
    const parts = [start, ...cuts].map((from, i) => code.slice(from, cuts[i] ?? code.length - tail.length).trim());
    if (keyword === 'return ' || keyword === 'throw ') {
      const rows = parts.flatMap((part) => wrap(`${inner}${part}`));
      return [`${indent}${keyword}(`, ...rows, `${indent})${tail}`];
    }
    if (before) {
      const head = code.slice(0, start).trimEnd();
      const whole = `${inner}${value}${tail}`;
      if (whole.length <= WIDTH) return [`${indent}${head}`, whole];
      return close(
        [`${indent}${head}`],
        parts.flatMap((part) => wrap(`${inner}${part}`)),
        tail,
      );
    }
    return close(
      wrap(`${indent}${code.slice(0, start)}${parts[0]}`),
      parts.slice(1).flatMap((part) => wrap(`${inner}${part}`)),
      tail,
    );
  }
  const chain = chain_of(value);
  if (chain.length > 3 || (chain.length === 3 && chain.some((call) => call.includes(' => ')))) {
    const [first, ...calls] = chain;
    return close(
      wrap(`${indent}${code.slice(0, start)}${first}`),
      calls.flatMap((call) => wrap(`${inner}${call}`)),
      tail,
    );
  }
  const groups = scanned.groups.filter(({ open }) => open >= start);
  const some = groups.filter(({ open, close: to }) => to > open + 1);
  if (some.some(({ open }) => indent.length + open < WIDTH)) return broken_group(code, indent, groups);
  if (some.length > 0) return broken_group(code, indent, scanned.groups);
  if (before && inner.length + value.length < indent.length + code.length && !/^['"`]/.test(code))
    return [`${indent}${code.slice(0, start).trimEnd()}`, ...wrap(`${inner}${value}${tail}`)];
  return broken_group(code, indent, scanned.groups);
}

/** Lines with what a statement or an item ends with. */
function close(first: readonly string[], rest: readonly string[], tail: string): string[] {
  const lines = [...first, ...rest];
  lines[lines.length - 1] += tail;
  return lines;
}

function split_conditional(value: string, operators: readonly { text: string; at: number }[]): string[] {
  const cuts: number[] = [];
  for (const { text, at } of operators) if (text === '?' || text === ':') cuts.push(at + 1);
  return [0, ...cuts].map((from, i) => value.slice(from, cuts[i] ?? value.length).trim());
}

/** `a.b(1).c(2)` as `a`, `.b(1)`, `.c(2)`; all of it as one where it is not such a chain. */
function chain_of(value: string): string[] {
  const { groups, operators } = scan(value);
  if (operators.length > 0) return [value];
  const cuts: number[] = [];
  for (const { open } of groups) {
    const name = /\.\w+(?:<[^()]*>)?$/.exec(value.slice(0, open));
    if (value[open] === '(' && name && (cuts.length > 0 || !/^(torch|nn|F|np|py|op|math|plt|os)\./.test(value)))
      cuts.push(name.index);
  }
  const parts = [0, ...cuts].map((from, i) => value.slice(from, cuts[i] ?? value.length));
  return parts.filter((part) => part !== '');
}

/** The last brackets with something in them, whose items stand on lines of their own. */
function broken_group(code: string, indent: string, groups: readonly Group[]): string[] {
  // `x[i]` stays together.
  const index = ({ open }: Group): boolean => code[open] === '[' && /[\w)\]!]$/.test(code.slice(0, open));
  const filled = groups.filter((one) => one.close > one.open + 1 && !index(one));
  const fits = filled.filter(({ open }) => indent.length + open < WIDTH);
  const group = fits.at(-1) ?? filled[0];
  if (!group) return [`${indent}${code}`];
  const inner = `${indent}  `;
  const [head, tail] = [code.slice(0, group.open + 1), code.slice(group.close)];
  const items = group.ends.map((end, i) => code.slice((group.ends[i - 1] ?? group.open) + 1, end).trim());
  if (items.at(-1) === '') items.pop();
  const last = items.at(-1)!;
  const takes =
    code[group.open] === '(' &&
    !/^(if|while|for|\} else if) \(/.test(head) &&
    !/^(function|async|constructor|static|get|set)\b/.test(code);
  if (takes) {
    const before = items.slice(0, -1);
    const start = `${head}${before.map((item) => `${item}, `).join('')}`;
    const found = before.every((item) => !/[{[]|=>/.test(item)) ? hugged(last, indent, start) : null;
    if (found) return [...found.slice(0, -1), ...wrap(`${found.at(-1)}${tail}`)];
  }
  if (/^for (await )?\($/.test(head)) {
    const at = last.lastIndexOf(' of ') + 4;
    const loop = scan(last)
      .groups.filter(({ open, close: to }) => open >= at && to > open + 1)
      .at(-1);
    const [before, behind] = [`${head}${last.slice(0, (loop?.open ?? 0) + 1)}`, last.slice(loop?.close ?? 0)];
    if (loop && indent.length + before.length <= WIDTH)
      return [
        `${indent}${before}`,
        ...rows_of(last.slice(loop.open, loop.close + 1), inner),
        ...wrap(`${indent}${behind}${tail}`),
      ];
  }
  // Conditions stand without a comma behind them.
  const condition = /(?:^|\} else )(if|while) \($/.test(head) || /^if \(!?\($/.test(head);
  if (condition && items.length === 1) {
    const { operators } = scan(last);
    const level = ['||', '&&'].find((sign) => operators.some(({ text }) => text === sign));
    const cuts = operators.filter(({ text }) => text === level).map(({ at, text }) => at + text.length + 1);
    const parts = [0, ...cuts].map((from, i) => last.slice(from, cuts[i] ?? last.length).trim());
    return [`${indent}${head}`, ...parts.flatMap((part) => wrap(`${inner}${part}`)), ...wrap(`${indent}${tail}`)];
  }
  // Brackets around an operand, and what is behind `...` in parameters, take no comma at their end.
  const operand = items.length === 1 && code[group.open] === '(' && !/[\w)\]>$]\($/.test(head);
  const bare = operand || /^\.\.\.\w+: /.test(last) || /^for \(/.test(head);
  const rows = item_rows(items, inner, bare ? '' : ',');
  return [`${indent}${head}`, ...rows, ...wrap(`${indent}${tail}`)];
}

/** The last argument, when its brackets or what its arrow gives can stay behind the others; null where that does not fit. */
function hugged(last: string, indent: string, start: string): string[] | null {
  const arrow = /^(?:async )?(?:\([^()]*\)|\w+) => /.exec(last)?.[0] ?? '';
  const body = last.slice(arrow.length);
  const { groups } = scan(body);
  const inner = `${indent}  `;
  const head = `${indent}${start}${arrow}`;
  const bracketed = groups.length === 1 && groups[0]!.open === 0 && groups[0]!.close === body.length - 1;
  if (bracketed && body.length > 2 && /^[[{]|^\(\{/.test(body) && head.length < WIDTH) {
    const deep = body.startsWith('({');
    const content = deep ? body.slice(1, -1) : body;
    return [`${head}${deep ? '({' : body[0]}`, ...rows_of(content, inner), `${indent}${deep ? '})' : body.at(-1)}`];
  }
  if (arrow === '' || head.length > WIDTH) return null;
  return [head.trimEnd(), ...wrap(`${inner}${body},`), indent];
}

function rows_of(bracketed: string, indent: string): string[] {
  const ends = items_of(bracketed, 0, bracketed.length - 1);
  const items = ends.map((end, i) => bracketed.slice((ends[i - 1] ?? 0) + 1, end).trim());
  if (items.at(-1) === '') items.pop();
  return item_rows(items, indent, ',');
}

function item_rows(items: readonly string[], indent: string, last: string): string[] {
  if (items.length > 1 && items.every((item) => /^-?[\d.e]+$/.test(item))) {
    const rows: string[] = [];
    for (const item of items) {
      const joined = rows.length > 0 ? `${rows.at(-1)} ${item},` : '';
      if (rows.length > 0 && joined.length <= WIDTH) rows[rows.length - 1] = joined;
      else rows.push(`${indent}${item},`);
    }
    return rows;
  }
  return items.flatMap((item, i) => wrap(`${indent}${item}${i === items.length - 1 ? last : ','}`));
}
