/** A headless Chromium that tests look at pages with, through its debugging protocol over two pipes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The program, from CHROMIUM or the PATH; undefined without one. */
export const chromium: string | undefined =
  process.env['CHROMIUM'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));

/** What is said where there is none. */
export const no_chromium = 'no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its path';

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A page. */
export class Page {
  constructor(
    private readonly browser: Browser,
    private readonly session: string,
    private readonly target: string,
  ) {}

  /** What an expression has as its value, after waiting for its promise. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.browser.send(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      this.session,
    )) as { result: { value: T }; exceptionDetails?: { text: string; exception?: { description?: string } } };
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Evaluates an expression until it is true. */
  async until(expression: string, timeout = 30_000): Promise<void> {
    const end = Date.now() + timeout;
    while (!(await this.evaluate<boolean>(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`the page did not come to: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Presses the mouse on a place of the page, by default the middle, of the first element that a selector finds. */
  async click(selector: string, at = 0.5): Promise<void> {
    const { x, y } = await this.evaluate<{ x: number; y: number }>(`(() => {
      const { left, top, width, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
      return { x: left + width * ${at}, y: top + height / 2 };
    })()`);
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.browser.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 }, this.session);
  }

  /** The page as it is seen, as a PNG file. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.browser.send('Page.captureScreenshot', { format: 'png' }, this.session);
    return Buffer.from(data as string, 'base64');
  }

  /** Goes to an address. */
  async go(url: string): Promise<void> {
    await this.browser.send('Page.navigate', { url }, this.session);
    await this.until('document.readyState === "complete"');
  }

  async close(): Promise<void> {
    await this.browser.send('Target.closeTarget', { targetId: this.target });
  }
}

/** The browser. */
export class Browser {
  private readonly child: ChildProcess;
  private readonly profile = mkdtempSync(join(tmpdir(), 'torch-node-chromium-'));
  private readonly waiting = new Map<
    number,
    { resolve(value: Record<string, unknown>): void; reject(error: Error): void }
  >();
  private sent = 0;
  private rest = '';

  constructor(size = '1280,900') {
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--hide-scrollbars'];
    const more = [`--window-size=${size}`, `--user-data-dir=${this.profile}`, '--remote-debugging-pipe', 'about:blank'];
    // A graph of TensorBoard and its projector draw with WebGL, here without a GPU.
    const webgl = ['--enable-unsafe-swiftshader', '--use-gl=angle', '--use-angle=swiftshader'];
    this.child = spawn(chromium!, [...flags, ...webgl, ...more], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const output = this.child.stdio[4] as Readable;
    output.setEncoding('utf8');
    output.on('data', (text: string) => {
      const messages = (this.rest + text).split('\0');
      this.rest = messages.pop()!;
      for (const message of messages) this.answer(JSON.parse(message) as Answer);
    });
    this.child.on('exit', (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`Chromium ended with ${code}`));
    });
  }

  private answer({ id, result, error }: Answer): void {
    const waiting = this.waiting.get(id ?? -1);
    if (waiting === undefined) return;
    this.waiting.delete(id!);
    if (error === undefined) waiting.resolve(result ?? {});
    else waiting.reject(new Error(error.message));
  }

  /** Sends a command of the protocol. */
  send(method: string, params: Record<string, unknown> = {}, session?: string): Promise<Record<string, unknown>> {
    const id = ++this.sent;
    const message = { id, method, params, ...(session === undefined ? {} : { sessionId: session }) };
    (this.child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Opens a page. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId as string, targetId as string);
    await page.go(url);
    return page;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill();
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
