/**
 * A process that downloads one file: `node fetch_file.js URL TARGET`. What is there of the target already is kept, and the
 * rest asked for. It runs beside the caller so that a constructor can wait for it. Problems go to stderr, in one line, with
 * exit status 1.
 */
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';

const idle_limit_ms = 60_000;
const most_redirects = 10;

function request(url: URL, from: number): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? https.get : http.get;
    const headers = { 'user-agent': 'torch-node', ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
    const sent = get(url, { headers }, resolve);
    sent.setTimeout(idle_limit_ms, () => sent.destroy(new Error(`no data for ${idle_limit_ms / 1000} s`)));
    sent.on('error', reject);
  });
}

async function follow(url: URL, from: number, left = most_redirects): Promise<http.IncomingMessage> {
  const response = await request(url, from);
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location) {
    response.resume();
    if (left === 0) throw new Error('too many redirects');
    return follow(new URL(headers.location, url), from, left - 1);
  }
  // There is nothing behind what is here already, or it is another file by now: from the beginning.
  if (statusCode === 416 && from > 0) {
    response.resume();
    return follow(url, 0, left);
  }
  if (statusCode !== 200 && !(statusCode === 206 && from > 0)) {
    response.resume();
    throw new Error(`HTTP status ${statusCode}`);
  }
  return response;
}

async function download(url: string, target: string): Promise<void> {
  const there = statSync(target, { throwIfNoEntry: false })?.size ?? 0;
  const response = await follow(new URL(url), there);
  const continued =
    response.statusCode === 206 && response.headers['content-range']?.startsWith(`bytes ${there}-`) === true;
  if (response.statusCode === 206 && !continued) throw new Error('the server sent another part than was asked for');
  // Written as it comes, so that nothing is lost when the connection breaks.
  const file = openSync(target, continued ? 'a' : 'w');
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
    }
  } finally {
    closeSync(file);
  }
  if (!response.complete) throw new Error('the connection broke before the end');
}

const [url, target] = process.argv.slice(2);
if (url === undefined || target === undefined) {
  process.stderr.write('usage: node fetch_file.js URL TARGET\n');
  process.exit(2);
}
download(url, target).catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
