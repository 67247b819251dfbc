/** Texts in the order of their characters' codes, as Python sorts them. */
export function sorted(texts: readonly string[]): string[] {
  const bytes = new Map(texts.map((text) => [text, Buffer.from(text, 'utf8')]));
  return [...texts].sort((a, b) => Buffer.compare(bytes.get(a)!, bytes.get(b)!));
}
