/** Shows figures: in files, or in a page of the browser that updates itself. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { MimeBundle } from '../_internal/notebook.js';
import type { Figure } from './figure.js';
import { type LiveMessage, Slot } from './live_server.js';

interface Server {
  readonly worker: Worker;
  readonly shared: Int32Array;
  readonly url: string;
  sent: number;
}

let server: Server | undefined;

/** Where figures are shown. `TORCH_NODE_PYPLOT` says it, else whether there is a screen. */
export function display(): 'browser' | 'file' {
  const wanted = process.env['TORCH_NODE_PYPLOT'];
  if (wanted === 'browser' || wanted === 'file') return wanted;
  if (wanted !== undefined && wanted !== '')
    throw new Error(`TORCH_NODE_PYPLOT must be 'browser' or 'file', not '${wanted}'`);
  if (process.env['CI'] !== undefined) return 'file';
  const has_screen =
    process.platform !== 'linux' ||
    process.env['DISPLAY'] !== undefined ||
    process.env['WAYLAND_DISPLAY'] !== undefined;
  return has_screen && process.stdout.isTTY ? 'browser' : 'file';
}

/** Blocks this thread. Python's `time.sleep`. */
export function sleep(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

function open_browser(url: string): void {
  if (process.env['TORCH_NODE_PYPLOT_OPEN'] === '0') return;
  const [command, args] = { darwin: ['open', [url]], win32: ['cmd', ['/c', 'start', '', url]] }[
    process.platform as string
  ] ?? ['xdg-open', [url]];
  const child = spawn(command as string, args as string[], { stdio: 'ignore', detached: true });
  // Without such a command, the address that was written is opened by hand.
  child.on('error', () => undefined);
  child.unref();
}

function running(): Server {
  if (server !== undefined) return server;
  const shared = new Int32Array(new SharedArrayBuffer(4 * Slot.Size));
  const token = randomBytes(8).toString('hex');
  const worker = new Worker(join(__dirname, 'live_server.js'), {
    workerData: { torch_node_pyplot: true, shared, token },
    stdout: false,
  });
  // The page alone does not keep the program alive.
  worker.unref();
  Atomics.wait(shared, Slot.Port, 0, 10_000);
  const port = Atomics.load(shared, Slot.Port);
  if (port === 0) throw new Error('show(): the page with the figures could not be served');
  server = { worker, shared, url: `http://127.0.0.1:${port}/${token}/`, sent: 0 };
  process.stderr.write(`Figures: ${server.url}\n`);
  open_browser(server.url);
  return server;
}

function send(message: LiveMessage): void {
  const { worker, shared } = running();
  worker.postMessage(message);
  const sent = ++server!.sent;
  // The thread has it before this one goes on to what may take long.
  for (let handled = Atomics.load(shared, Slot.Handled); handled < sent; handled = Atomics.load(shared, Slot.Handled)) {
    if (Atomics.wait(shared, Slot.Handled, handled, 2000) === 'timed-out') break;
  }
}

/** Brings the page up to date with those figures that changed. */
export function update_page(figures: Iterable<Figure>): void {
  for (const figure of figures) {
    if (!figure._is_stale) continue;
    figure._is_stale = false;
    send({ kind: 'frame', number: figure.number, png: figure._png() });
  }
}

/** Takes a figure off the page. */
export function take_off_page(figure: Figure): void {
  if (server !== undefined) send({ kind: 'close', number: figure.number });
}

/** Shows the frames of animations that are due, and sends what changed. @returns milliseconds until the next one */
function advance(figures: readonly Figure[]): number {
  const now = performance.now();
  const waits = figures.flatMap((figure) => [...figure._animations].map((each) => each._advance(now)));
  update_page(figures);
  return Math.min(...waits, Number.POSITIVE_INFINITY);
}

/** Blocks until the page is closed, while animations go on. */
export function wait_for_page(figures: readonly Figure[]): void {
  const { shared } = running();
  Atomics.store(shared, Slot.Closed, 0);
  while (Atomics.load(shared, Slot.Closed) === 0) Atomics.wait(shared, Slot.Closed, 0, advance(figures));
}

/** Brings the page up to date, and blocks for some seconds, while animations go on. */
export function play(figures: readonly Figure[], seconds: number): void {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const wait = Math.min(advance(figures), end - performance.now());
    if (wait > 0) sleep(wait / 1000);
    if (performance.now() >= end) return;
  }
}

/** Writes figures to files in a folder for temporary ones, and says where. */
export function write_files(figures: Iterable<Figure>): void {
  let folder: string | undefined;
  for (const figure of figures) {
    folder ??= mkdtempSync(join(tmpdir(), 'pyplot-'));
    const file = join(folder, `figure${figure.number}.png`);
    writeFileSync(file, figure._png());
    process.stdout.write(`Figure ${figure.number}: ${file}\n`);
  }
}

/** What the kernels of notebooks have for programs. */
interface Kernels {
  readonly Deno?: { readonly jupyter?: { display?(outputs: MimeBundle, options: { raw: true }): Promise<void> } };
  /** tslab's; its `require` knows the module `tslab`, wherever that is installed. */
  readonly __tslab__?: { require(name: 'tslab'): { readonly display: { png(picture: Uint8Array): void } } };
}

/** What shows a picture below the cell of a notebook; undefined when this is not one. */
function notebook(): ((picture: Buffer) => void) | undefined {
  const { Deno, __tslab__: tslab } = globalThis as Kernels;
  const { jupyter } = Deno ?? {};
  if (typeof jupyter?.display === 'function')
    return (picture) => void jupyter.display!({ 'image/png': picture.toString('base64') }, { raw: true });
  if (tslab !== undefined) return (picture) => tslab.require('tslab').display.png(picture);
  return undefined;
}

/** Shows figures in a notebook of Deno's Jupyter kernel or of tslab. @returns false when this is not one */
export function show_in_notebook(figures: Iterable<Figure>): boolean {
  const show = notebook();
  if (show === undefined) return false;
  for (const figure of figures) show(figure._png());
  return true;
}
