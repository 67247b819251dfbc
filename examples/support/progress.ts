const width = 30;

function bar(label: string, done: number, total: number, seconds: number): string {
  const filled = Math.round((done / total) * width);
  const speed = seconds > 0 ? ` ${(done / seconds).toFixed(0)} it/s` : '';
  return `${label} [${'█'.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${total}${speed}`;
}

/** Clears the bar whenever something is printed; gives back how to stop doing so. */
function make_way_for_output(): () => void {
  const { write } = process.stdout;
  process.stdout.write = function cleared(this: NodeJS.WriteStream, ...args: Parameters<typeof write>): boolean {
    process.stderr.write('\r\x1b[K');
    return write.apply(this, args);
  } as typeof write;
  return () => {
    process.stdout.write = write;
  };
}

/** The same elements, with a progress bar on stderr when that is a terminal. */
export function* progress<T>(elements: Iterable<T> & { readonly length: number }, label: string): Generator<T> {
  if (!process.stderr.isTTY) {
    yield* elements;
    return;
  }
  const total = elements.length;
  const start = performance.now();
  const restore = make_way_for_output();
  let done = 0;
  let drawn = 0;
  try {
    for (const element of elements) {
      yield element;
      done++;
      const now = performance.now();
      if (now - drawn < 100 && done < total) continue;
      drawn = now;
      process.stderr.write(`\r${bar(label, done, total, (now - start) / 1000)}\x1b[K`);
    }
  } finally {
    restore();
    if (done > 0) process.stderr.write('\n');
  }
}
