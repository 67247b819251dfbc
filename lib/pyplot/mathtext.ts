/** The part of TeX's mathematics that labels are written in: Greek letters, exponents, indices and a few symbols. */

/** A piece of text in one font. */
export interface MathRun {
  readonly text: string;
  /** Size as a part of that of the text. */
  readonly scale: number;
  /** Height of its baseline above that of the text, as a part of the size. */
  readonly rise: number;
  readonly italic: boolean;
  readonly bold: boolean;
}

const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon varphi chi psi omega';
const capitals: Readonly<Record<string, string>> = {
  ...{
    Gamma: 'Γ',
    Delta: 'Δ',
    Theta: 'Θ',
    Lambda: 'Λ',
    Xi: 'Ξ',
    Pi: 'Π',
    Sigma: 'Σ',
    Upsilon: 'Υ',
    Phi: 'Φ',
    Psi: 'Ψ',
    Omega: 'Ω',
  },
};
const symbols: Readonly<Record<string, string>> = {
  ...{
    times: '×',
    cdot: '⋅',
    pm: '±',
    mp: '∓',
    leq: '≤',
    le: '≤',
    geq: '≥',
    ge: '≥',
    neq: '≠',
    ne: '≠',
    approx: '≈',
    sim: '∼',
  },
  ...{
    infty: '∞',
    partial: '∂',
    nabla: '∇',
    sum: '∑',
    prod: '∏',
    int: '∫',
    sqrt: '√',
    in: '∈',
    to: '→',
    rightarrow: '→',
  },
  ...{
    leftarrow: '←',
    circ: '∘',
    degree: '°',
    ell: 'ℓ',
    hbar: 'ℏ',
    ldots: '…',
    cdots: '⋯',
    propto: '∝',
    equiv: '≡',
    div: '÷',
  },
  ...{
    phi: 'ϕ',
    varepsilon: 'ε',
    forall: '∀',
    exists: '∃',
    subset: '⊂',
    cup: '∪',
    cap: '∩',
    sin: 'sin',
    cos: 'cos',
    tan: 'tan',
  },
  ...{
    log: 'log',
    ln: 'ln',
    exp: 'exp',
    max: 'max',
    min: 'min',
    lim: 'lim',
    left: '',
    right: '',
    quad: '\u2003',
    langle: '⟨',
    rangle: '⟩',
  },
};
const letters: Readonly<Record<string, string>> = Object.fromEntries(
  greek.split(' ').map((name, i) => [name, String.fromCodePoint(0x3b1 + i)]),
);

interface Font {
  readonly scale: number;
  readonly rise: number;
  readonly italic: boolean;
  readonly bold: boolean;
  /** Whether there is a line above it. */
  readonly over?: boolean;
}

/** Reads an expression from left to right. */
class MathReader {
  private at = 0;
  readonly runs: MathRun[] = [];

  constructor(private readonly text: string) {}

  private push(written: string, font: Font, upright = false): void {
    if (written === '') return;
    const text = font.over === true ? written.replace(/./gu, '$&\u0305') : written;
    const italic = font.italic && !upright && /\p{L}/u.test(text);
    const last = this.runs.at(-1);
    if (
      last !== undefined &&
      last.scale === font.scale &&
      last.rise === font.rise &&
      last.italic === italic &&
      last.bold === font.bold
    ) {
      this.runs[this.runs.length - 1] = { ...last, text: last.text + text };
    } else this.runs.push({ text, scale: font.scale, rise: font.rise, italic, bold: font.bold });
  }

  private command(font: Font): void {
    const name = /^[A-Za-z]+/.exec(this.text.slice(this.at))?.[0];
    if (name === undefined) {
      const character = this.text[this.at++] ?? '';
      this.push(
        character === ',' || character === ';' || character === ' ' ? '\u2009' : character === '!' ? '' : character,
        font,
      );
      return;
    }
    this.at += name.length;
    if (['mathdefault', 'mathrm', 'text', 'mathsf', 'mathtt', 'operatorname'].includes(name)) {
      this.item({ ...font, italic: false }, name !== 'mathdefault' && name === 'text');
    } else if (name === 'mathbf' || name === 'boldsymbol') this.item({ ...font, italic: false, bold: true });
    else if (name === 'mathit') this.item({ ...font, italic: true });
    else if (name === 'overline') this.item({ ...font, over: true });
    else if (name === 'frac') {
      this.item(font);
      this.push('/', font);
      this.item(font);
    } else if (Object.hasOwn(letters, name)) this.push(letters[name]!, font);
    else if (Object.hasOwn(capitals, name)) this.push(capitals[name]!, font, true);
    else if (Object.hasOwn(symbols, name))
      this.push(
        /^[=≤≥≠≈∼∈→←∝≡×±∓÷]$/u.test(symbols[name]!) && font.italic ? ` ${symbols[name]} ` : symbols[name]!,
        font,
        true,
      );
    else this.push(`\\${name}`, font);
  }

  /** A group in braces, a command or a character. */
  private item(font: Font, spaces = false): void {
    const character = this.text[this.at++];
    if (character === '{') {
      while (this.at < this.text.length && this.text[this.at] !== '}') this.next(font, spaces);
      this.at++;
    } else if (character === '\\') this.command(font);
    else if (character !== undefined) this.push(character, font);
  }

  private next(font: Font, spaces = false): void {
    const character = this.text[this.at]!;
    if (character === '^' || character === '_') {
      this.at++;
      const rise = font.rise + (character === '^' ? 0.38 : -0.2) * font.scale;
      this.item({ ...font, scale: font.scale * 0.7, rise });
    } else if (character === '{' || character === '\\') this.item(font, spaces);
    else {
      this.at++;
      if (character === ' ' && !spaces) return;
      // Signs stand close to their numbers at the start, and in exponents.
      const spaced = font.italic && font.scale === 1 && this.runs.length > 0;
      if (character === '-') this.push(spaced ? ' \u2212 ' : '\u2212', font);
      else if (/[=+<>]/.test(character) && spaced) this.push(` ${character} `, font);
      else this.push(character, font);
    }
  }

  read(): void {
    const font: Font = { scale: 1, rise: 0, italic: true, bold: false };
    while (this.at < this.text.length) this.next(font);
  }
}

/** A line of text as runs; what is between two `$` is mathematics. */
export function layout_math(line: string): MathRun[] {
  const plain = (text: string): MathRun => ({
    text: text.replaceAll('\\$', '$'),
    scale: 1,
    rise: 0,
    italic: false,
    bold: false,
  });
  const parts = line.split(/(?<!\\)\$/);
  // An odd number of dollars means none of them.
  if (parts.length === 1 || parts.length % 2 === 0) return [plain(line)];
  return parts.flatMap((part, i) => {
    if (i % 2 === 0) return part === '' ? [] : [plain(part)];
    const reader = new MathReader(part);
    reader.read();
    return reader.runs;
  });
}
