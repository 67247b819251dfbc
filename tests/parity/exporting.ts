/**
 * Exports and traces modules here, and compares what Python computes with the saved files, to the last bit:
 *
 *   npm run parity:exporting -- [--set modules|models|vision|traces]... [--module NAME]... [--samples N]
 *
 * Sets: the modules of PyTorch's module database, models with loops and sizes that vary, models of torch-node/vision, and the
 * modules of the database as traces of `torch.jit.trace`.
 * Prints what differs or is refused, and for each set `NAME P of N`. Exit status 1 on a difference.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as torch from 'torch-node';
import { nn, Tensor } from 'torch-node';
import { models } from 'torch-node/vision';

import { names_of_parameters } from '../../dist/nn/modules/forward_arguments.js';
import { Tuple } from '../../dist/python/values.js';
import { interpreter } from '../reference.js';
import { construct, decode, plain, tensor_of, type Described } from './decode.js';
import { message_of, type Entry } from './entries.js';
import { for_each_group } from './replay.js';

const SEED = 1234;
const { tree_map } = torch.utils._pytree;
type Arguments = [args: unknown[], kwargs: Record<string, unknown>];
type Options = torch.export.ExportOptions;

/** How a set is written: as a program of `torch.export`, or as a trace. */
interface Format {
  readonly ending: 'pt2' | 'ts';
  write(module: nn.Module, given: Arguments, path: string, options: Options): void;
}

const programs: Format = {
  ending: 'pt2',
  write(module, [args, kwargs], path, options) {
    torch.export.save(torch.export.export(module, args, { kwargs, ...options }), path);
  },
};

const traces: Format = {
  ending: 'ts',
  write(module, [args, kwargs], path) {
    // Compared with Python below; of random numbers a second trace has others.
    const options = { check_trace: false };
    const names = names_of_parameters((module as unknown as { forward: (...all: never[]) => unknown }).forward);
    const named = Object.fromEntries(args.map((value, i) => [names[i]!, value]));
    const by_name = Object.keys(kwargs).length > 0;
    const traced = by_name
      ? torch.jit.trace(module, { example_kwarg_inputs: { ...named, ...kwargs }, ...options })
      : torch.jit.trace(module, args, options);
    traced.save(path);
  },
};

interface Given {
  args: unknown[];
  kwargs: unknown;
}

interface ModuleEntry extends Entry {
  name: string;
  cases: { training: boolean; constructor: Given; forward: Given; tensors: Described[] }[];
}

/** The LSTM tagger of PyTorch's tutorials. */
class Tagger extends nn.Module {
  declare word_embeddings: nn.Embedding;
  declare lstm: nn.LSTM;
  declare hidden2tag: nn.Linear;

  constructor() {
    super();
    this.word_embeddings = new nn.Embedding(9, 6);
    this.lstm = new nn.LSTM(6, 6);
    this.hidden2tag = new nn.Linear(6, 3);
  }

  forward(sentence: Tensor): Tensor {
    const length = sentence.shape[0]!;
    const [found] = this.lstm(this.word_embeddings(sentence).view(length, 1, -1));
    return nn.functional.log_softmax(this.hidden2tag(found.view(length, -1)), { dim: 1 });
  }
}

/** A classifier of sequences. */
class Classifier extends nn.Module {
  declare lstm: nn.LSTM;
  declare fc: nn.Linear;

  constructor() {
    super();
    this.lstm = new nn.LSTM(28, 16, { num_layers: 2, batch_first: true });
    this.fc = new nn.Linear(16, 10);
  }

  forward(x: Tensor): Tensor {
    const [found] = this.lstm(x);
    return this.fc(found.select(1, -1));
  }
}

const copied = <T>(value: T): T =>
  tree_map((its: unknown) => (its instanceof Tensor ? its.detach().clone() : its), value) as T;
const tuples = (value: unknown): unknown => (Array.isArray(value) ? Tuple.from(value.map(tuples)) : value);

/** What is exported, and what Python says of it. */
class RoundTrips {
  private count = 0;
  private readonly names: string[] = [];
  private failed = 0;

  constructor(
    private readonly set: string,
    private readonly folder: string,
    private readonly format: Format = programs,
  ) {}

  private path(number: number): string {
    return join(this.folder, `${number}.${this.format.ending}`);
  }

  /** Exports a module, and saves it with what it gives for the examples and for other inputs. */
  add(name: string, make: () => nn.Module, given: Arguments, options: Options = {}, others: unknown[][] = []): void {
    const number = this.count++;
    this.names.push(name);
    try {
      torch.manual_seed(SEED);
      const module = make();
      const [, kwargs] = given;
      this.format.write(module, copied(given), this.path(number), options);
      // Python's programs begin anew for each input, with the state of the export.
      const state = copied(module.state_dict());
      const runs = [given, ...others.map((its): Arguments => [its, kwargs])].map(([its_args, its_kwargs]) => {
        module.load_state_dict(copied(state));
        const [called, named] = copied([its_args, its_kwargs]) as Arguments;
        torch.manual_seed(SEED);
        // In the grad mode of the export: without gradients some modules take other ways.
        const expected = copied(
          (module as unknown as (...all: unknown[]) => unknown)(
            ...called,
            ...(Object.keys(named).length > 0 ? [named] : []),
          ),
        );
        return { args: tuples(its_args), kwargs: its_kwargs, expected: tuples(expected) };
      });
      torch.save(runs, join(this.folder, `${number}.pt`));
    } catch (error) {
      this.failed++;
      console.log(`${this.set} ${name}: ${message_of(error)}`);
      rmSync(this.path(number), { force: true });
    }
  }

  /** Asks Python, and prints the sum. Whether all are the same. */
  report(): boolean {
    const result = spawnSync(interpreter, [join(__dirname, 'exporting.py'), this.folder, String(SEED)], {
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(`exporting.py failed:\n${result.stderr}`);
    const found = JSON.parse(result.stdout) as Record<string, string>;
    for (const [number, text] of Object.entries(found)) {
      if (text === '') continue;
      this.failed++;
      console.log(`${this.set} ${this.names[Number(number)]}: in Python: ${text}`);
    }
    console.log(`${this.set} ${this.count - this.failed} of ${this.count}`);
    return this.failed === 0 && this.count > 0;
  }
}

async function add_modules(trips: RoundTrips, names: string[] | undefined, samples: string): Promise<void> {
  const options = { seed: '0', module: names, dtype: ['float32'], samples, device: undefined };
  await for_each_group<ModuleEntry>('nn.py', options, (entry, content) => {
    entry.cases.forEach((sample, i) => {
      const tensors = sample.tensors.map((about) => tensor_of(about, content));
      const arguments_of = (given: Given): Arguments => plain(decode([given.args, given.kwargs], tensors)) as Arguments;
      const make = (): nn.Module => {
        const [args, kwargs] = arguments_of(sample.constructor);
        // PyTorch's samples of cells give a nonlinearity instead of the bias.
        const is_cell = entry.name === 'RNNCell' || entry.name === 'GRUCell';
        const its = args.map((arg, j) => (is_cell && j === 2 && typeof arg === 'string' ? true : arg));
        const module = (construct(entry.name, its, kwargs) as nn.Module).to(torch.float32).train(sample.training);
        // Lazy modules get their parameters in the first call; Python cannot export them before that either.
        if (entry.name.startsWith('Lazy')) {
          const [called, named] = arguments_of(sample.forward);
          (module as unknown as (...all: unknown[]) => unknown)(...called, named);
        }
        return module;
      };
      const [args, kwargs] = arguments_of(sample.forward);
      // Python traces no None; in all of these it is the default.
      const given = Object.fromEntries(Object.entries(kwargs).filter(([, value]) => value !== null));
      trips.add(`${entry.name} ${i}${sample.training ? ', training' : ''}`, make, [args, given]);
    });
  });
}

function add_models(trips: RoundTrips): void {
  const { Dim } = torch.export;
  trips.add('tagger', () => new Tagger(), [[torch.tensor([0, 1, 2, 3, 8])], {}]);
  trips.add(
    'tagger of any length',
    () => new Tagger(),
    [[torch.tensor([0, 1, 2, 3, 8])], {}],
    { dynamic_shapes: [{ 0: new Dim('length', { min: 2 }) }] },
    [[torch.tensor([4, 5, 6])], [torch.arange(9)]],
  );
  trips.add('classifier', () => new Classifier(), [[torch.randn(4, 7, 28)], {}]);
  const layer = (): nn.Module =>
    new nn.TransformerEncoderLayer(16, 2, { dim_feedforward: 32, batch_first: true, dropout: 0 });
  trips.add('encoder', layer, [[torch.randn(2, 5, 16)], {}]);
  trips.add('encoder, eval', () => layer().eval(), [[torch.randn(2, 5, 16)], {}]);
  const convolutions = (): nn.Module =>
    new nn.Sequential(
      new nn.Conv2d(3, 8, 3, { padding: 1 }),
      new nn.BatchNorm2d(8),
      new nn.ReLU({ inplace: true }),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Dropout(0.5),
      new nn.Linear(128, 10),
    );
  trips.add('convolutions, training', convolutions, [[torch.randn(4, 3, 8, 8)], {}]);
  trips.add(
    'convolutions of any batch',
    () => convolutions().eval(),
    [[torch.randn(4, 3, 8, 8)], {}],
    { dynamic_shapes: [{ 0: new Dim('batch') }] },
    [[torch.randn(2, 3, 8, 8)], [torch.randn(9, 3, 8, 8)]],
  );
}

function add_vision(trips: RoundTrips): void {
  const batch = { dynamic_shapes: [{ 0: new torch.export.Dim('batch') }] };
  const images = (count: number): Tensor => torch.randn(count, 3, 64, 64);
  const of_any_batch = (name: string, make: () => nn.Module): void => {
    trips.add(name, () => make().eval(), [[images(2)], {}]);
    trips.add(`${name} of any batch`, () => make().eval(), [[images(2)], {}], batch, [[images(3)]]);
  };
  of_any_batch('resnet18', () => models.resnet18());
  of_any_batch('mobilenet_v3_small', () => models.mobilenet_v3_small());
  of_any_batch('squeezenet1_1', () => models.squeezenet1_1());
  of_any_batch(
    'vision_transformer',
    () =>
      new models.VisionTransformer({
        image_size: 64,
        patch_size: 16,
        num_layers: 2,
        num_heads: 2,
        hidden_dim: 32,
        mlp_dim: 64,
      }),
  );
  trips.add('resnet18, training', () => models.resnet18(), [[images(2)], {}]);
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      set: { type: 'string', multiple: true, default: ['modules', 'models', 'vision', 'traces'] },
      module: { type: 'string', multiple: true },
      samples: { type: 'string', default: '3' },
    },
  });
  torch.set_num_threads(1);
  let same = true;
  for (const set of values.set) {
    const folder = mkdtempSync(join(tmpdir(), 'torch-node-exporting-'));
    try {
      const trips = new RoundTrips(set, folder, set === 'traces' ? traces : programs);
      if (set === 'modules' || set === 'traces') await add_modules(trips, values.module, values.samples);
      else if (set === 'models') add_models(trips);
      else if (set === 'vision') add_vision(trips);
      else throw new Error(`there is no set ${set}`);
      same = trips.report() && same;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return same;
}

void main().then((same) => {
  process.exitCode = same ? 0 : 1;
});
