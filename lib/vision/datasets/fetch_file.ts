/**
 * A process that downloads one file: `node fetch_file.js URL TARGET`. It runs beside the caller so that a constructor
 * can wait for it. Problems go to stderr, in one line, with exit status 1.
 */
import { createWriteStream } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream/promises';

const idle_limit_ms = 60_000;
const most_redirects = 10;

function request(url: URL): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? https.get : http.get;
    const sent = get(url, { headers: { 'user-agent': 'torch-node' } }, resolve);
    sent.setTimeout(idle_limit_ms, () => sent.destroy(new Error(`no data for ${idle_limit_ms / 1000} s`)));
    sent.on('error', reject);
  });
}

async function follow(url: URL, left = most_redirects): Promise<http.IncomingMessage> {
  const response = await request(url);
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location) {
    response.resume();
    if (left === 0) throw new Error('too many redirects');
    return follow(new URL(headers.location, url), left - 1);
  }
  if (statusCode !== 200) {
    response.resume();
    throw new Error(`HTTP status ${statusCode}`);
  }
  return response;
}

async function download(url: string, target: string): Promise<void> {
  const response = await follow(new URL(url));
  await pipeline(response, createWriteStream(target));
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
