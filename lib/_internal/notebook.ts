/** What notebooks show of a value: the text that Python prints, and the same as HTML below a line that says what it is. */

/** Outputs by their MIME type, as Deno's Jupyter kernel takes them of a value's `[Symbol.for('Jupyter.display')]()`. */
export type MimeBundle = Record<string, string>;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text that HTML shows as it is. */
export function escape_html(text: string): string {
  return text.replace(/[&<>"]/g, (character) => escapes[character]!);
}

/** @param facts - what stands above the text: class, shape, dtype and the like */
export function text_output(text: string, facts: readonly string[]): MimeBundle {
  const caption = `<div style="font-size: smaller; opacity: 0.7">${escape_html(facts.join(' · '))}</div>`;
  return { 'text/plain': text, 'text/html': `<div>${caption}<pre>${escape_html(text)}</pre></div>` };
}
