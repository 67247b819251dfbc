/** `pathlib` and `glob`. */
import * as fs from 'node:fs';
import * as node_path from 'node:path';

import { os } from './modules.js';
import { open } from './py.js';
import { type Any, str } from './values.js';

/** A path. Where the package takes the name of a file, its text is given. */
class Path {
  private readonly text: string;

  constructor(...parts: (string | Path)[]) {
    const joined = parts.length === 0 ? '.' : os.path.join(...(parts.map(String) as [string, ...string[]]));
    // As Python: no `.` and no doubled slash within, but `..` stays.
    const kept = joined.split('/').filter((part) => part !== '' && part !== '.');
    this.text = `${joined.startsWith('/') ? '/' : ''}${kept.join('/')}` || '.';
  }

  static cwd(): Path {
    return new Path(process.cwd());
  }

  static home(): Path {
    return new Path(os.path.expanduser('~'));
  }

  get name(): string {
    return this.text === '.' ? '' : os.path.basename(this.text);
  }

  get stem(): string {
    return os.path.splitext(this.name)[0];
  }

  get suffix(): string {
    return os.path.splitext(this.name)[1];
  }

  get parent(): Path {
    return this.text === '/' ? this : new Path(os.path.dirname(this.text) || '.');
  }

  joinpath(...parts: (string | Path)[]): Path {
    return new Path(this, ...parts);
  }

  __truediv__(other: string | Path): Path {
    return new Path(this, other);
  }

  __rtruediv__(other: string): Path {
    return new Path(other, this);
  }

  with_suffix(suffix: string): Path {
    return new Path(this.parent, this.stem + suffix);
  }

  with_name(name: string): Path {
    return new Path(this.parent, name);
  }

  exists(): boolean {
    return fs.existsSync(this.text);
  }

  is_file(): boolean {
    return os.path.isfile(this.text);
  }

  is_dir(): boolean {
    return os.path.isdir(this.text);
  }

  is_absolute(): boolean {
    return this.text.startsWith('/');
  }

  resolve(): Path {
    return new Path(fs.existsSync(this.text) ? fs.realpathSync(this.text) : node_path.resolve(this.text));
  }

  absolute(): Path {
    return new Path(process.cwd(), this);
  }

  mkdir(options: { parents?: boolean; exist_ok?: boolean } = {}): void {
    if (options.exist_ok && this.is_dir()) return;
    if (fs.existsSync(this.text))
      throw Object.assign(new Error(`[Errno 17] File exists: '${this.text}'`), { code: 'EEXIST' });
    fs.mkdirSync(this.text, { recursive: options.parents ?? false });
  }

  rmdir(): void {
    fs.rmdirSync(this.text);
  }

  unlink(options: { missing_ok?: boolean } = {}): void {
    fs.rmSync(this.text, { force: options.missing_ok ?? false });
  }

  rename(to: string | Path): Path {
    fs.renameSync(this.text, String(to));
    return new Path(to);
  }

  open(...how: Any[]): Any {
    return open(this.text, ...how);
  }

  read_text(): string {
    return fs.readFileSync(this.text, 'utf8').replaceAll('\r\n', '\n');
  }

  write_text(text: string): number {
    fs.writeFileSync(this.text, text);
    return [...text].length;
  }

  read_bytes(): Uint8Array {
    return new Uint8Array(fs.readFileSync(this.text));
  }

  write_bytes(bytes: Uint8Array): number {
    fs.writeFileSync(this.text, bytes);
    return bytes.length;
  }

  iterdir(): Path[] {
    return fs.readdirSync(this.text).map((name) => new Path(this, name));
  }

  glob(pattern: string): Path[] {
    return matching(this.text, pattern).map((path) => new Path(path));
  }

  rglob(pattern: string): Path[] {
    return this.glob(`**/${pattern}`);
  }

  as_posix(): string {
    return this.text;
  }

  __eq__(other: unknown): boolean {
    return other instanceof Path && other.text === this.text;
  }

  __lt__(other: Path): boolean {
    return this.text < other.text;
  }

  __str__(): string {
    return this.text;
  }

  toString(): string {
    return this.text;
  }

  __repr__(): string {
    return `PosixPath(${str(`'${this.text}'`)})`;
  }

  repr(): string {
    return this.__repr__();
  }
}

/** `pathlib`. */
export const pathlib = { Path };

/** A part of a pattern: `*`, `?` and `[...]`. */
function part_matches(pattern: string): RegExp {
  const source = pattern.replace(/\[!|[[\]]|[*?]|[.+^${}()|\\]/g, (sign) =>
    sign === '*' ? '[^/]*' : sign === '?' ? '[^/]' : sign === '[!' ? '[^' : /[[\]]/.test(sign) ? sign : `\\${sign}`,
  );
  return new RegExp(`^${source}$`);
}

/** The paths below a folder that fit a pattern. */
function matching(folder: string, pattern: string): string[] {
  const [first, ...rest] = pattern.split('/').filter((part, i) => part !== '' || i === 0);
  const names = fs.existsSync(folder || '.') && os.path.isdir(folder || '.') ? fs.readdirSync(folder || '.') : [];
  const below = (name: string): string => (folder === '' ? name : os.path.join(folder, name));
  if (first === undefined) return [folder];
  if (first === '' && folder === '') return matching('/', rest.join('/'));
  if (first === '**') {
    const deeper = names.filter((name) => !name.startsWith('.') && os.path.isdir(below(name)));
    const here = rest.length > 0 ? matching(folder, rest.join('/')) : [];
    return [...here, ...deeper.flatMap((name) => matching(below(name), pattern))];
  }
  if (!/[*?[]/.test(first)) {
    if (!fs.existsSync(below(first))) return [];
    return rest.length > 0 ? matching(below(first), rest.join('/')) : [below(first)];
  }
  const fits = part_matches(first);
  return names
    .filter((name) => fits.test(name) && (first.startsWith('.') || !name.startsWith('.')))
    .flatMap((name) => (rest.length > 0 ? matching(below(name), rest.join('/')) : [below(name)]));
}

/** `glob`. */
export const glob = {
  glob: (pattern: string, options: { recursive?: boolean } = {}): string[] =>
    matching('', options.recursive ? pattern : pattern.replaceAll('**', '*')),
  iglob: (pattern: string, options: { recursive?: boolean } = {}): IterableIterator<string> =>
    glob.glob(pattern, options)[Symbol.iterator](),
};
