/** XML as annotations of datasets have it: elements and texts. Entities that a document defines are refused. */

/** An element. */
export interface XmlElement {
  readonly tag: string;
  readonly children: XmlElement[];
  /** The text before the first child. */
  text: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescape(text: string, fail: (reason: string) => never): string {
  return text.replace(/&([^;]*);?/g, (_, name: string) => {
    const number = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
    if (number !== null) {
      const code = number[1] === undefined ? Number(number[2]) : parseInt(number[1], 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : fail('a character that there is not');
    }
    return Object.hasOwn(entities, name) ? entities[name]! : fail(`the unknown entity &${name};`);
  });
}

// Deeper than any annotation.
const most_nested = 64;

/** The elements of a document while it is read. */
class Document {
  root: XmlElement | undefined;
  private readonly open: XmlElement[] = [];

  constructor(private readonly fail: (reason: string) => never) {}

  get is_whole(): boolean {
    return this.open.length === 0 && this.root !== undefined;
  }

  text(content: string): void {
    const top = this.open[this.open.length - 1];
    if (top === undefined) {
      if (content.trim() !== '') this.fail('text outside of elements');
    } else if (top.children.length === 0) {
      top.text += content;
    }
  }

  begin(tag: string, is_empty: boolean): void {
    const element: XmlElement = { tag, children: [], text: '' };
    const top = this.open[this.open.length - 1];
    if (top !== undefined) top.children.push(element);
    else if (this.root === undefined) this.root = element;
    else this.fail('more than one root');
    if (!is_empty) this.open.push(element);
    if (this.open.length > most_nested) this.fail('it is nested too deeply');
  }

  end(tag: string): void {
    if (this.open.pop()?.tag !== tag) this.fail(`</${tag}> closes nothing`);
  }
}

/** The root of a document. @throws Error for what is not one */
export function parse_xml(document: string, source: string): XmlElement {
  const fail = (reason: string): never => {
    throw new Error(`${source}: not XML that can be read here: ${reason}`);
  };
  const pattern =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/>!?]+)[^>]*?(\/?)>|([^<]+)|(<)/g;
  const read = new Document(fail);
  for (const [, data, closes, tag, empty, text, other] of document.replace(/^\ufeff/, '').matchAll(pattern)) {
    if (other !== undefined) return fail('a document type, or a tag that does not end');
    if (data !== undefined) read.text(data);
    else if (text !== undefined) read.text(unescape(text, fail));
    else if (tag !== undefined && closes === '/') read.end(tag);
    else if (tag !== undefined) read.begin(tag, empty === '/');
  }
  return read.is_whole ? read.root! : fail('it ends too early');
}
