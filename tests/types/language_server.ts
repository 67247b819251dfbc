/** TypeScript's own language server, asked as editors ask it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../package_root.js';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** An open program of a user. The marks are comments at the end of its lines: positions are asked for by the mark. */
export interface Editor {
  /** The names that are offered after the last dot of the line with this mark. */
  completions(mark: string): Promise<string[]>;
  /** What is shown for the last call in the line with this mark. */
  hover(mark: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a program in a folder that has the package in its node_modules. */
export async function open_editor(program: string): Promise<Editor> {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-editor-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'torch-node'), 'junction');
  const settings = { strict: true, module: 'nodenext', target: 'es2022', skipLibCheck: true, types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: settings }));
  const textDocument = { uri: pathToFileURL(join(folder, 'program.mts')).href };

  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const server = spawn(process.execPath, [tsc, '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (answer: Message) => void>();
  let received = Buffer.alloc(0);
  let last_id = 0;

  function send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    server.stdin.write(body);
  }

  function take(message: Message): void {
    if (message.id === undefined) return;
    if (message.method === undefined) waiting.get(message.id)?.(message);
    // The server asks for the editor's settings: there are none.
    else send({ id: message.id, result: message.params?.items?.map(() => null) ?? null });
  }

  server.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(received.toString('latin1', 0, end))?.[1]);
      const next = end + 4 + length;
      if (received.length < next) return;
      const body = received.toString('utf8', end + 4, next);
      received = received.subarray(next);
      take(JSON.parse(body) as Message);
    }
  });

  function ask<T>(method: string, params?: object): Promise<T> {
    const id = ++last_id;
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result as T);
      });
      send({ id, method, params });
    });
  }

  const lines = program.split('\n');
  function position(mark: string, of: (code: string) => number): { line: number; character: number } {
    const line = lines.findIndex((text) => text.endsWith(` // ${mark}`));
    if (line < 0) throw new Error(`no line is marked ${mark}`);
    return { line, character: of(lines[line]!.slice(0, -` // ${mark}`.length)) };
  }

  const rootUri = pathToFileURL(folder).href;
  const contentFormat = { hover: { contentFormat: ['markdown'] } };
  await ask('initialize', { processId: process.pid, rootUri, capabilities: { textDocument: contentFormat } });
  send({ method: 'initialized', params: {} });
  send({
    method: 'textDocument/didOpen',
    params: { textDocument: { ...textDocument, languageId: 'typescript', version: 1, text: program } },
  });

  return {
    async completions(mark) {
      const place = { textDocument, position: position(mark, (code) => code.lastIndexOf('.') + 1) };
      const { items } = await ask<{ items: { label: string }[] }>('textDocument/completion', place);
      return items.map(({ label }) => label);
    },
    async hover(mark) {
      const place = { textDocument, position: position(mark, (code) => code.search(/\w+\((?!.*\w\()/)) };
      const { contents } = await ask<{ contents: { value: string } }>('textDocument/hover', place);
      return contents.value;
    },
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      await ask('shutdown');
      send({ method: 'exit' });
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
