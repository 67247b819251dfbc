/** Stacks of JavaScript for profiles; see native/profiler/stacks.cpp. */
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { native } from '../_C/native.js';

// What native/profiler/stacks.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    stacks_begin(capture: () => void): void;
    stacks_end(): [thread: number, of_calls: number[]];
  }
}

const deepest = 64;
const package_folder = dirname(__dirname) + sep;

/** `file(line): function` of a line of V8's, as Python's frames; null for what is the package's own, or Node's. */
function frame_of(line: string): string | null {
  const match = /^\s+at (?:(.*?) \()?(?:async )?(.*?):(\d+):\d+\)?$/.exec(line);
  if (match === null) return null;
  const [, name = '<lambda>', place, row] = match as unknown as [string, string | undefined, string, string];
  if (place.startsWith('node:')) return null;
  const file = place.startsWith('file:') ? fileURLToPath(place) : place;
  return file.startsWith(package_folder) ? null : `${file}(${row}): ${name}`;
}

/** The stacks of a profile while it is recorded. */
export class RecordedStacks {
  private readonly captured: string[] = [];

  begin(): void {
    native.stacks_begin(() => {
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = deepest;
      const here: { stack?: string } = {};
      Error.captureStackTrace(here);
      Error.stackTraceLimit = limit;
      this.captured.push(here.stack ?? '');
    });
  }

  /** @returns the thread, and the stack of each call there in the order of their begin, innermost frame first */
  end(): { thread: number; stacks: string[][] } {
    const [thread, of_calls] = native.stacks_end();
    const frames = this.captured.map((text) =>
      text
        .split('\n')
        .map(frame_of)
        .filter((frame) => frame !== null),
    );
    return { thread, stacks: of_calls.map((i) => frames[i]!) };
  }
}
