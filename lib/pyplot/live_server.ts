/**
 * The thread that serves the page with live figures, so that it answers while the main thread is busy or waits. Starts only as
 * a worker of live.ts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** What live.ts sends. */
export type LiveMessage =
  | { readonly kind: 'frame'; readonly number: number; readonly png: Uint8Array }
  | { readonly kind: 'close'; readonly number: number };

/** The places in the memory that both threads share. */
export const enum Slot {
  Port,
  /** How many pages are open. */
  Pages,
  /** 1 when the last page was closed. */
  Closed,
  /** Counts the messages that were handled. */
  Handled,
  Size,
}

interface Start {
  readonly torch_node_pyplot: true;
  readonly shared: Int32Array;
  readonly token: string;
}

const page = (token: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Figures</title>
<style>body{margin:16px;font-family:sans-serif;background:#f4f4f4}img{display:block;margin:0 0 16px;background:#fff;box-shadow:0 1px 4px #0003;max-width:100%}</style>
<main></main><script>
const main = document.querySelector('main');
const source = new EventSource('/${token}/events');
source.onmessage = ({ data }) => {
  const { kind, number, version } = JSON.parse(data);
  let image = document.getElementById('figure' + number);
  if (kind === 'close') { image?.remove(); return; }
  if (!image) {
    image = document.createElement('img');
    image.id = 'figure' + number;
    image.alt = 'Figure ' + number;
    main.append(image);
  }
  image.src = '/${token}/' + number + '.png?' + version;
};
</script></html>`;

function serve({ shared, token }: Start): void {
  const frames = new Map<number, { png: Uint8Array; version: number }>();
  const pages = new Set<ServerResponse>();
  let version = 0;
  const send = (to: ServerResponse, event: object): void => {
    to.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const set_pages = (): void => {
    Atomics.store(shared, Slot.Pages, pages.size);
    Atomics.notify(shared, Slot.Pages);
  };
  const events = (request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      Connection: 'keep-alive',
    });
    pages.add(response);
    set_pages();
    for (const [number, frame] of frames) send(response, { kind: 'frame', number, version: frame.version });
    request.on('close', () => {
      pages.delete(response);
      set_pages();
      // A page that is loaded again comes back within a second.
      setTimeout(() => {
        if (pages.size > 0) return;
        Atomics.store(shared, Slot.Closed, 1);
        Atomics.notify(shared, Slot.Closed);
      }, 1000);
    });
  };
  const server = createServer((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = (request.url ?? '').split('?')[0]!;
    // Other sites can make a browser ask, but do not know the token, nor have this host.
    if ((host !== '127.0.0.1' && host !== 'localhost') || !path.startsWith(`/${token}/`)) {
      response.writeHead(404).end();
      return;
    }
    const name = path.slice(token.length + 2);
    const frame = frames.get(Number(/^(\d+)\.png$/.exec(name)?.[1] ?? Number.NaN));
    if (name === '') response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page(token));
    else if (name === 'events') events(request, response);
    else if (frame !== undefined)
      response.writeHead(200, { 'Content-Type': 'image/png', 'Cache-Control': 'no-store' }).end(frame.png);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1', () => {
    Atomics.store(shared, Slot.Port, (server.address() as { port: number }).port);
    Atomics.notify(shared, Slot.Port);
  });
  parentPort!.on('message', (message: LiveMessage) => {
    version++;
    if (message.kind === 'frame') frames.set(message.number, { png: message.png, version });
    else frames.delete(message.number);
    for (const each of pages) send(each, { kind: message.kind, number: message.number, version });
    Atomics.add(shared, Slot.Handled, 1);
    Atomics.notify(shared, Slot.Handled);
  });
}

const start = workerData as Partial<Start> | null;
if (parentPort !== null && start?.torch_node_pyplot === true) serve(start as Start);
