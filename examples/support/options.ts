import { parseArgs } from 'node:util';

/** What the command line of the example says. */
export interface ExampleOptions {
  readonly epochs: number;
  readonly device: string;
  /** The folder of the data set. */
  readonly data: string;
  /** The picture to write, if any. */
  readonly plot: string | undefined;
  /** Whether pictures are shown. */
  readonly show: boolean;
}

const usage = `usage: npm run mnist -- [--epochs N] [--device cpu|cuda] [--data DIR] [--plot FILE.png] [--show]

  --epochs   how often to go through the training data (default 1)
  --device   where to train (default cpu)
  --data     where MNIST lies, or is put when it is not there (default ./mnist/)
  --plot     write a picture of digits, loss and accuracy
  --show     show the pictures, in the browser where there is a screen
`;

function stop(message: string): never {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
}

function parsed(): { epochs: string; device: string; data: string; plot?: string; show: boolean; help?: boolean } {
  try {
    return parseArgs({
      options: {
        epochs: { type: 'string', default: '1' },
        device: { type: 'string', default: 'cpu' },
        data: { type: 'string', default: './mnist/' },
        plot: { type: 'string' },
        show: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}

/** Reads the command line; with `--help`, or when it makes no sense, explains it and ends the process. */
export function parse_options(): ExampleOptions {
  const { epochs, device, data, plot, show, help } = parsed();
  if (help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  if (!/^[1-9]\d*$/.test(epochs)) stop(`--epochs must be a positive integer, not '${epochs}'`);
  if (plot !== undefined && !plot.endsWith('.png')) stop(`--plot must name a .png file, not '${plot}'`);
  return { epochs: Number(epochs), device, data, plot, show };
}
