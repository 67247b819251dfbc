import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';
import { answers, call, flat, hexed, state_of, total } from './comparison.js';

const { PackedSequence, pack_padded_sequence, pad_packed_sequence } = nn.utils.rnn;
const [IN, HIDDEN, STEPS, BATCH] = [3, 5, 4, 3];

type Answers = Record<string, unknown>;

let expected: Answers;
const ours: Answers = {};

function outputs_of(value: unknown): Tensor[] {
  if (value instanceof PackedSequence) return [value.data, value.batch_sizes, ...pad_packed_sequence(value)];
  return Array.isArray(value) ? value.flatMap(outputs_of) : flat(value);
}

function run(name: string, module: nn.Module, ...args: unknown[]): void {
  const outputs = outputs_of(call(module, ...args));
  module.zero_grad();
  total(outputs).backward();
  ours[name] = outputs.flatMap((tensor) => [[...tensor.shape], hexed(tensor)]);
  ours[`${name} gradients`] = [...module.parameters()].map((parameter) => hexed(parameter.grad!));
}

const kinds = {
  LSTM: (options: nn.LSTMOptions) => new nn.LSTM(IN, HIDDEN, options),
  GRU: (options: nn.RecurrentOptions) => new nn.GRU({ input_size: IN, hidden_size: HIDDEN, ...options }),
  'RNN tanh': (options: nn.RNNOptions) => new nn.RNN(IN, HIDDEN, options),
  'RNN relu': (options: nn.RNNOptions) => new nn.RNN(IN, HIDDEN, { ...options, nonlinearity: 'relu' }),
};

function run_all(kind: keyof typeof kinds, layers: number, flags: boolean[], proj: number): void {
  const [bias, batch_first, bidirectional] = flags as [boolean, boolean, boolean];
  const options: nn.LSTMOptions = { num_layers: layers, bias, batch_first, bidirectional };
  if (proj > 0) options.proj_size = proj;
  if (layers === 2) options.dropout = 0.25;
  torch.manual_seed(3);
  const module = kinds[kind](options);
  const key = `${kind} ${layers} ${flags.map(Number).join('')} ${proj}`;
  ours[key] = state_of(module);
  ours[`${key} repr`] = String(module);
  const rows = layers * (bidirectional ? 2 : 1);
  const states = (...batch: number[]): unknown => {
    const h = torch.randn([rows, ...batch, proj || HIDDEN]);
    return kind === 'LSTM' ? [h, torch.randn([rows, ...batch, HIDDEN])] : h;
  };
  const x = batch_first ? torch.randn(BATCH, STEPS, IN) : torch.randn(STEPS, BATCH, IN);
  run(`${key} plain`, module, x);
  run(`${key} states`, module, x, states(BATCH));
  run(`${key} unbatched`, module, torch.randn(STEPS, IN));
  run(`${key} unbatched states`, module, torch.randn(STEPS, IN), states());
  const unsorted = pack_padded_sequence(x, [2, 4, 3], { batch_first, enforce_sorted: false });
  run(`${key} packed`, module, unsorted);
  run(`${key} packed states`, module, unsorted, states(BATCH));
  const ordered = pack_padded_sequence(x, torch.tensor([4, 3, 1]), batch_first);
  module.eval();
  run(`${key} eval packed`, module, ordered);
}

const flags = [false, true];

function run_layers(kind: keyof typeof kinds): void {
  const choices = flags.flatMap((bias) => flags.flatMap((first) => flags.map((both) => [bias, first, both])));
  for (const layers of [1, 2]) {
    for (const choice of choices) {
      for (const proj of kind === 'LSTM' ? [0, 2] : [0]) run_all(kind, layers, choice, proj);
    }
  }
}

const cells = { RNNCell: nn.RNNCell, LSTMCell: nn.LSTMCell, GRUCell: nn.GRUCell };

function run_cell(kind: keyof typeof cells, bias: boolean): void {
  torch.manual_seed(4);
  const module = new cells[kind](IN, HIDDEN, { bias });
  const key = `${kind} ${Number(bias)}`;
  ours[key] = state_of(module);
  run(`${key} plain`, module, torch.randn(BATCH, IN));
  run(`${key} unbatched`, module, torch.randn(IN));
  const h = torch.randn(BATCH, HIDDEN);
  const x = torch.randn(BATCH, IN);
  run(`${key} states`, module, x, kind === 'LSTMCell' ? [h, torch.randn(BATCH, HIDDEN)] : h);
}

beforeAll(() => {
  expected = python<Answers>('nn_rnn.py');
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) run_layers(kind);
  for (const kind of Object.keys(cells) as (keyof typeof cells)[]) for (const bias of flags) run_cell(kind, bias);
});

describe('recurrent layers, compared with Python to the last bit', () => {
  it('runs the same cases', () => {
    expect(Object.keys(ours).sort()).toEqual(Object.keys(expected).sort());
  });

  for (const kind of [...Object.keys(kinds), 'RNNCell', 'LSTMCell', 'GRUCell']) {
    it(`${kind}: initial weights, outputs, states and gradients with all combinations of options`, () => {
      const names = Object.keys(expected).filter((name) => name.startsWith(`${kind} `));
      expect(names.length).toBeGreaterThan(6);
      expect(names.filter((name) => JSON.stringify(ours[name]) !== JSON.stringify(expected[name]))).toEqual([]);
    });
  }
});

describe('recurrent layers', () => {
  it('take their arguments by position as Python does', () => {
    expect(String(new nn.LSTM(3, 5, 2, false, true, 0.5, true, 2))).toBe(
      'LSTM(3, 5, proj_size=2, num_layers=2, bias=False, batch_first=True, dropout=0.5, bidirectional=True)',
    );
    expect(new nn.RNN(3, 5, 2, 'relu').mode).toBe('RNN_RELU');
    expect(String(new nn.GRU(3, 5, 2, { batch_first: true }))).toBe('GRU(3, 5, num_layers=2, batch_first=True)');
  });

  it('use a weight that takes the place of another', () => {
    const rnn = new nn.RNN(2, 2, { bias: false });
    rnn.weight_ih_l0 = new nn.Parameter(torch.zeros(2, 2));
    rnn.weight_hh_l0 = new nn.Parameter(torch.zeros(2, 2));
    expect(rnn(torch.ones(3, 1, 2))[0].tolist()).toEqual([[[0, 0]], [[0, 0]], [[0, 0]]]);
  });

  it('give all_weights a list for each layer and direction', () => {
    const gru = new nn.GRU(2, 3, { num_layers: 2, bidirectional: true });
    expect(gru.all_weights.map((weights) => weights.length)).toEqual([4, 4, 4, 4]);
    expect(gru.all_weights[1]![0]).toBe(gru.weight_ih_l0_reverse);
  });

  it('follow a change of dtype', () => {
    const lstm = new nn.LSTM(2, 3).double();
    const [output, [h_n]] = lstm(torch.randn(4, 1, 2, { dtype: torch.float64 }));
    expect([output.dtype, h_n.dtype]).toEqual([torch.float64, torch.float64]);
  });

  it("say with Python's words what is wrong", () => {
    const cases: [code: string, run: () => unknown][] = [
      ['nn.LSTM(2, 3)(torch.zeros(2))', () => new nn.LSTM(2, 3)(torch.zeros(2))],
      ['nn.RNN(2, 3)(torch.zeros(2))', () => new nn.RNN(2, 3)(torch.zeros(2))],
      ['nn.GRU(2, 3)(torch.zeros(2))', () => new nn.GRU(2, 3)(torch.zeros(2))],
      ['nn.LSTM(2, 3)(torch.zeros(1, 1, 4))', () => new nn.LSTM(2, 3)(torch.zeros(1, 1, 4))],
      ['nn.LSTM(2, 3)(torch.zeros(1, 1, 2).double())', () => new nn.LSTM(2, 3)(torch.zeros(1, 1, 2).double())],
      [
        'nn.LSTM(2, 3)(torch.zeros(1, 1, 2), (torch.zeros(1, 2, 3), torch.zeros(1, 1, 3)))',
        () => new nn.LSTM(2, 3)(torch.zeros(1, 1, 2), [torch.zeros(1, 2, 3), torch.zeros(1, 1, 3)]),
      ],
      [
        'nn.LSTM(2, 3)(torch.zeros(1, 1, 2), (torch.zeros(1, 1, 3), torch.zeros(1, 1, 4)))',
        () => new nn.LSTM(2, 3)(torch.zeros(1, 1, 2), [torch.zeros(1, 1, 3), torch.zeros(1, 1, 4)]),
      ],
      [
        'nn.LSTM(2, 3)(torch.zeros(1, 1, 2), (torch.zeros(1, 3), torch.zeros(1, 3)))',
        () => new nn.LSTM(2, 3)(torch.zeros(1, 1, 2), [torch.zeros(1, 3), torch.zeros(1, 3)]),
      ],
      [
        'nn.LSTM(2, 3)(torch.zeros(1, 2), (torch.zeros(1, 1, 3), torch.zeros(1, 3)))',
        () => new nn.LSTM(2, 3)(torch.zeros(1, 2), [torch.zeros(1, 1, 3), torch.zeros(1, 3)]),
      ],
      [
        'nn.GRU(2, 3)(torch.zeros(1, 1, 2), torch.zeros(1, 3))',
        () => new nn.GRU(2, 3)(torch.zeros(1, 1, 2), torch.zeros(1, 3)),
      ],
      [
        'nn.GRU(2, 3)(torch.zeros(1, 2), torch.zeros(1, 1, 3))',
        () => new nn.GRU(2, 3)(torch.zeros(1, 2), torch.zeros(1, 1, 3)),
      ],
      [
        'nn.GRU(2, 3)(torch.zeros(1, 1, 2), torch.zeros(2, 1, 3))',
        () => new nn.GRU(2, 3)(torch.zeros(1, 1, 2), torch.zeros(2, 1, 3)),
      ],
      ['nn.LSTM(2, 3, dropout=2)', () => new nn.LSTM(2, 3, { dropout: 2 })],
      ['nn.LSTM(0, 3)', () => new nn.LSTM(0, 3)],
      ['nn.LSTM(2, 0)', () => new nn.LSTM(2, 0)],
      ['nn.LSTM(2.5, 3)', () => new nn.LSTM(2.5, 3)],
      ['nn.LSTM(2, 3.5)', () => new nn.LSTM(2, 3.5)],
      ['nn.LSTM(2, 3, num_layers=0)', () => new nn.LSTM(2, 3, { num_layers: 0 })],
      ['nn.LSTM(2, 3, bias=1)', () => new nn.LSTM(2, 3, { bias: 1 as unknown as boolean })],
      ['nn.LSTM(2, 3, batch_first="yes")', () => new nn.LSTM(2, 3, { batch_first: 'yes' as unknown as boolean })],
      ['nn.LSTM(2, 3, proj_size=3)', () => new nn.LSTM(2, 3, { proj_size: 3 })],
      ['nn.LSTM(2, 3, proj_size=-1)', () => new nn.LSTM(2, 3, { proj_size: -1 })],
      ['nn.GRU(2, 3, proj_size=1)', () => new nn.GRU(2, 3, { proj_size: 1 } as nn.RecurrentOptions)],
      ['nn.RNN(2, 3, nonlinearity="gelu")', () => new nn.RNN(2, 3, { nonlinearity: 'gelu' as 'relu' })],
      ['nn.RNNCell(2, 3)(torch.zeros(1, 1, 2))', () => new nn.RNNCell(2, 3)(torch.zeros(1, 1, 2))],
      [
        'nn.GRUCell(2, 3)(torch.zeros(1, 2), torch.zeros(1, 1, 3))',
        () => new nn.GRUCell(2, 3)(torch.zeros(1, 2), torch.zeros(1, 1, 3)),
      ],
      [
        'nn.LSTMCell(2, 3)(torch.zeros(1, 2), (torch.zeros(1, 3), torch.zeros(1, 1, 3)))',
        () => new nn.LSTMCell(2, 3)(torch.zeros(1, 2), [torch.zeros(1, 3), torch.zeros(1, 1, 3)]),
      ],
    ];
    const texts = python<string[]>('nn_errors.py', [cases.map(([code]) => code)]);
    expect(answers(cases.map(([, fail]) => fail))).toEqual(texts);
  });
});

describe('packed sequences', () => {
  const sequences = (): Tensor[] => [torch.arange(2), torch.arange(4), torch.arange(3)].map((t) => t.float());

  it('can be destructured and restored', () => {
    const packed = nn.utils.rnn.pack_sequence(sequences(), { enforce_sorted: false });
    const [data, batch_sizes, sorted, unsorted] = packed;
    expect(data!.tolist()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 3]);
    expect([batch_sizes, sorted, unsorted].map((tensor) => tensor!.tolist())).toEqual([
      [3, 3, 2, 1],
      [1, 2, 0],
      [2, 0, 1],
    ]);
    expect(nn.utils.rnn.unpack_sequence(packed).map((tensor) => tensor.tolist())).toEqual([
      [0, 1],
      [0, 1, 2, 3],
      [0, 1, 2],
    ]);
  });

  it('pad to a length, with a value, on either side', () => {
    const packed = nn.utils.rnn.pack_sequence(sequences(), false);
    const [padded, lengths] = pad_packed_sequence(packed, { batch_first: true, padding_value: -1, total_length: 5 });
    expect(padded.tolist()).toEqual([
      [0, 1, -1, -1, -1],
      [0, 1, 2, 3, -1],
      [0, 1, 2, -1, -1],
    ]);
    expect(lengths.tolist()).toEqual([2, 4, 3]);
    expect(nn.utils.rnn.pad_sequence(sequences(), { batch_first: true, padding_side: 'left' }).tolist()).toEqual([
      [0, 0, 0, 1],
      [0, 1, 2, 3],
      [0, 0, 1, 2],
    ]);
    expect(() => pad_packed_sequence(packed, { total_length: 3 })).toThrow(
      'Expected total_length to be at least the length of the longest sequence in input, but got total_length=3 and ' +
        'max sequence length being 4',
    );
  });

  it('refuse sequences that are not sorted unless told', () => {
    expect(() => nn.utils.rnn.pack_sequence(sequences())).toThrow('enforce_sorted');
  });
});
