/** Notebooks: the code of their cells as one program, with the texts between them as comments. */
import { PythonSyntaxError } from './ast.js';

interface Cell {
  readonly cell_type?: unknown;
  readonly source?: unknown;
}

export interface NotebookSource {
  readonly source: string;
  /** Lines that are for IPython, by number, with their text. */
  readonly commands: readonly { readonly line: number; readonly text: string }[];
}

/**
 * Reads an `.ipynb`. Lines of IPython (`%matplotlib inline`, `!pip install ...`) become comments.
 * @throws PythonSyntaxError when it is not a notebook
 */
export function read_notebook(text: string): NotebookSource {
  let cells: unknown;
  try {
    cells = (JSON.parse(text) as { cells?: unknown }).cells;
  } catch (error) {
    throw new PythonSyntaxError(`the notebook is not JSON: ${(error as Error).message}`, 1, 1);
  }
  if (!Array.isArray(cells)) throw new PythonSyntaxError('the notebook has no cells', 1, 1);
  const lines: string[] = [];
  const commands: { line: number; text: string }[] = [];
  for (const { cell_type, source } of cells as Cell[]) {
    const content = (Array.isArray(source) ? source.join('') : String(source ?? '')).trimEnd();
    if (content === '' || (cell_type !== 'code' && cell_type !== 'markdown')) continue;
    const magic_cell = cell_type === 'code' && /^\s*%%/.test(content);
    if (lines.length > 0) lines.push('');
    for (const row of content.split('\n')) {
      const command = cell_type === 'code' && (magic_cell || /^\s*[%!?]/.test(row) || /^\s*[\w.]+\?+\s*$/.test(row));
      if (command) commands.push({ line: lines.length + 1, text: row.trim() });
      lines.push(cell_type === 'markdown' || command ? `# ${row.trim()}`.trimEnd() : row);
    }
  }
  return { source: `${lines.join('\n')}\n`, commands };
}
