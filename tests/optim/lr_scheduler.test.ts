/** Learning rate schedules against Python: every step, to the last bit. */
import * as torch from 'torch-node';
import { optim, Tensor } from 'torch-node';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { python } from '../reference.js';

const { lr_scheduler, swa_utils } = optim;

interface Case {
  kind: string;
  options?: Record<string, unknown>;
  /** The schedulers of a composite one. */
  parts?: Case[];
  optimizer?: 'SGD' | 'Adam' | 'Adagrad';
  optimizer_options?: Record<string, unknown>;
  lrs?: number[];
  /** Learning rates are tensors. */
  tensors?: boolean;
  steps?: number;
  /** Steps to go to, in the deprecated way. */
  epochs?: number[];
  metrics?: number[];
  /** Whether the optimizer steps before the scheduler. */
  steps_first?: boolean;
}

type Seen = [lrs: unknown[], momenta: unknown[], last: unknown[]];

interface Run {
  seen: Seen[];
  middle: { scheduler: Record<string, unknown>; groups: Record<string, unknown>[] };
  warnings: string[];
}

/** The same functions as in tests/reference/lr_scheduler.py; without `**`, which rounds differently in V8. */
const functions: Record<string, (x: number) => unknown> = {
  by_tens: (x) => Math.floor(x / 10),
  fading: (x) => 1 / (1 + x / 7),
  rising: (x) => 1 + x / 100,
  nothing: (x) => {
    x * 2;
  },
  text: () => 'half',
  nothing_later: (x) => (x === 0 ? 1 : undefined),
};

const momentum = { optimizer_options: { momentum: 0.9 } };
const plateau = [1, 0.9, 0.95, 0.91, 0.92, 0.93, 0.8, 0.80001, 0.9, 0.9, 0.9, 0.9, 0.79999, 0.5, 0.6, 0.7, 0.8];
const epochs = [0, 1, 2, 5, 9, 10, 11, 20, 3, 0, 30, 31, 32, 50, 7];

const chainable: Case[] = [
  { kind: 'LambdaLR', options: { lr_lambda: 'by_tens' } },
  { kind: 'LambdaLR', options: { lr_lambda: ['rising', 'by_tens'] } },
  { kind: 'LambdaLR', options: { lr_lambda: 'fading' } },
  { kind: 'MultiplicativeLR', options: { lr_lambda: 'rising' } },
  { kind: 'MultiplicativeLR', options: { lr_lambda: ['rising', 'fading'] } },
  { kind: 'StepLR', options: { step_size: 3 } },
  { kind: 'StepLR', options: { step_size: 7, gamma: 0.7 } },
  { kind: 'MultiStepLR', options: { milestones: [2, 5, 9, 30] } },
  { kind: 'MultiStepLR', options: { milestones: [9, 9, 3, 4], gamma: 0.3 } },
  { kind: 'ConstantLR' },
  { kind: 'ConstantLR', options: { factor: 0.7, total_iters: 8 } },
  { kind: 'LinearLR' },
  { kind: 'LinearLR', options: { start_factor: 0.25, total_iters: 17 } },
  { kind: 'LinearLR', options: { start_factor: 1, end_factor: 0.1, total_iters: 40 } },
  { kind: 'ExponentialLR', options: { gamma: 0.9 } },
  { kind: 'ExponentialLR', options: { gamma: 0.123 } },
  { kind: 'PolynomialLR' },
  { kind: 'PolynomialLR', options: { total_iters: 40, power: 0.9 } },
  { kind: 'PolynomialLR', options: { total_iters: 33, power: 2.5 } },
  { kind: 'CosineAnnealingLR', options: { T_max: 10 } },
  { kind: 'CosineAnnealingLR', options: { T_max: 17, eta_min: 0.001 } },
  { kind: 'CosineAnnealingLR', options: { T_max: 100, eta_min: 0.01 }, steps: 250 },
];

const others: Case[] = [
  { kind: 'CosineAnnealingWarmRestarts', options: { T_0: 7 } },
  { kind: 'CosineAnnealingWarmRestarts', options: { T_0: 5, T_mult: 2, eta_min: 0.001 } },
  {
    kind: 'CosineAnnealingWarmRestarts',
    options: { T_0: 4, T_mult: 3 },
    epochs: [0, 0.5, 1, 3.75, 4, 5, 15, 16, 17, 40, 52, 100],
  },
  { kind: 'CosineAnnealingWarmRestarts', options: { T_0: 4 }, epochs: [0, 3, 4, 9.5, 2] },
  { kind: 'CyclicLR', options: { base_lr: 0.01, max_lr: 0.1, step_size_up: 10 }, ...momentum },
  {
    kind: 'CyclicLR',
    options: { base_lr: [0.01, 0.02], max_lr: [0.1, 0.3], step_size_up: 7, step_size_down: 3, mode: 'triangular2' },
    ...momentum,
  },
  {
    kind: 'CyclicLR',
    options: { base_lr: 0.01, max_lr: 0.1, step_size_up: 5, mode: 'exp_range', gamma: 0.95 },
    optimizer: 'Adam',
  },
  {
    kind: 'CyclicLR',
    options: { base_lr: 0.01, max_lr: 0.1, step_size_up: 5, cycle_momentum: false },
    optimizer: 'Adagrad',
  },
  {
    kind: 'CyclicLR',
    options: {
      base_lr: 0.01,
      max_lr: 0.1,
      step_size_up: 5,
      scale_fn: 'rising',
      scale_mode: 'iterations',
      base_momentum: [0.7, 0.6],
      max_momentum: 0.99,
    },
    ...momentum,
  },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 61 }, ...momentum },
  {
    kind: 'OneCycleLR',
    options: { max_lr: [0.1, 0.2], epochs: 6, steps_per_epoch: 10, anneal_strategy: 'linear', three_phase: true },
    optimizer: 'Adam',
    steps: 59,
  },
  {
    kind: 'OneCycleLR',
    options: {
      max_lr: 0.1,
      total_steps: 100,
      pct_start: 0.25,
      div_factor: 10,
      final_div_factor: 100,
      three_phase: true,
      base_momentum: [0.5, 0.6],
    },
    ...momentum,
    steps: 99,
  },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 70, cycle_momentum: false }, optimizer: 'Adagrad' },
  { kind: 'ReduceLROnPlateau', metrics: plateau, options: { patience: 2 } },
  {
    kind: 'ReduceLROnPlateau',
    metrics: plateau,
    options: { patience: 0, factor: 0.5, cooldown: 2, min_lr: [0.01, 0.001], threshold: 0.01 },
  },
  {
    kind: 'ReduceLROnPlateau',
    metrics: plateau,
    options: { mode: 'max', patience: 1, threshold_mode: 'abs', threshold: 0.05, eps: 0.001 },
  },
  { kind: 'SWALR', options: { swa_lr: 0.01 } },
  { kind: 'SWALR', options: { swa_lr: [0.01, 0.4], anneal_epochs: 20, anneal_strategy: 'linear' } },
  { kind: 'SWALR', options: { swa_lr: 0.2, anneal_epochs: 0 } },
  {
    kind: 'SequentialLR',
    options: { milestones: [20] },
    parts: [
      { kind: 'ConstantLR', options: { factor: 0.1, total_iters: 20 } },
      { kind: 'ExponentialLR', options: { gamma: 0.9 } },
    ],
  },
  {
    kind: 'SequentialLR',
    options: { milestones: [5, 25] },
    parts: [
      {
        kind: 'SequentialLR',
        options: { milestones: [3] },
        parts: [
          { kind: 'LinearLR', options: { start_factor: 0.1 } },
          { kind: 'StepLR', options: { step_size: 4 } },
        ],
      },
      { kind: 'CosineAnnealingLR', options: { T_max: 20 } },
      { kind: 'PolynomialLR', options: { total_iters: 9 } },
    ],
  },
  {
    kind: 'ChainedScheduler',
    parts: [
      { kind: 'ConstantLR', options: { factor: 0.1, total_iters: 20 } },
      { kind: 'ExponentialLR', options: { gamma: 0.9 } },
      { kind: 'MultiStepLR', options: { milestones: [3, 30] } },
    ],
  },
  { kind: 'StepLR', options: { step_size: 3 }, steps_first: false, steps: 5 },
];

const cases: Case[] = [
  ...chainable,
  ...others,
  // Not all have a formula for a given step; those go on from where they are.
  ...chainable.map((test) => ({ ...test, epochs })),
  ...[...chainable, ...others].filter(({ metrics }) => !metrics).map((test) => ({ ...test, tensors: true })),
];

const wrong: Case[] = [
  { kind: 'LambdaLR', options: { lr_lambda: ['rising'] } },
  { kind: 'MultiplicativeLR', options: { lr_lambda: ['rising', 'rising', 'rising'] } },
  { kind: 'MultiplicativeLR', options: { lr_lambda: 3 } },
  { kind: 'StepLR', options: { step_size: 3, last_epoch: 2 } },
  { kind: 'ConstantLR', options: { factor: 1.5 } },
  { kind: 'LinearLR', options: { start_factor: 0 } },
  { kind: 'LinearLR', options: { end_factor: 2 } },
  { kind: 'CosineAnnealingWarmRestarts', options: { T_0: 0 } },
  { kind: 'CosineAnnealingWarmRestarts', options: { T_0: 5, T_mult: 0 } },
  { kind: 'CosineAnnealingWarmRestarts', options: { T_0: 5 }, epochs: [-1], steps: 1 },
  { kind: 'CyclicLR', options: { base_lr: 0.1, max_lr: 1, mode: 'square' }, ...momentum },
  { kind: 'CyclicLR', options: { base_lr: [0.1], max_lr: 1 }, ...momentum },
  { kind: 'CyclicLR', options: { base_lr: 0.1, max_lr: 1 }, optimizer: 'Adagrad' },
  { kind: 'OneCycleLR', options: { max_lr: 0.1 }, ...momentum },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: -1 }, ...momentum },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, epochs: 2, steps_per_epoch: 0 }, ...momentum },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 5, pct_start: 1.5 }, ...momentum },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 5, anneal_strategy: 'square' }, ...momentum },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 5 }, ...momentum, steps: 6 },
  { kind: 'ReduceLROnPlateau', options: { factor: 1 } },
  { kind: 'ReduceLROnPlateau', options: { mode: 'middle' } },
  { kind: 'ReduceLROnPlateau', options: { threshold_mode: 'middle' } },
  { kind: 'ReduceLROnPlateau', options: { min_lr: [0.1] } },
  { kind: 'SequentialLR', options: { milestones: [3] }, parts: [{ kind: 'StepLR', options: { step_size: 3 } }] },
  { kind: 'SequentialLR', options: { milestones: [3] }, parts: [] },
  {
    kind: 'SequentialLR',
    options: { milestones: [3] },
    parts: [{ kind: 'ReduceLROnPlateau' }, { kind: 'StepLR', options: { step_size: 3 } }],
  },
  { kind: 'ChainedScheduler', parts: [] },
  { kind: 'ChainedScheduler', parts: [{ kind: 'ReduceLROnPlateau' }] },
  { kind: 'SWALR', options: { swa_lr: 0.1, anneal_strategy: 'square' } },
  { kind: 'SWALR', options: { swa_lr: 0.1, anneal_epochs: -1 } },
  { kind: 'SWALR', options: { swa_lr: [0.1] } },
];

const expected = python<{ runs: Run[]; errors: string[] }>('lr_scheduler.py', [cases, wrong]);

type Group = Record<string, unknown> & { params: Tensor[] };
type AnyOptimizer = Omit<optim.AnyOptimizer, 'param_groups'> & { param_groups: Group[] };
type AnyScheduler = optim.lr_scheduler.LRScheduler;
// The cases come from a table, so their options are not known to the types.
type Kinds = Record<string, new (...args: unknown[]) => AnyScheduler>;
const kinds = { ...lr_scheduler, ...swa_utils } as unknown as Kinds;
const optimizers = optim as unknown as Record<string, new (groups: unknown, options: object) => AnyOptimizer>;

function value_of(value: unknown): unknown {
  if (typeof value === 'string') return functions[value] ?? value;
  return Array.isArray(value) ? value.map(value_of) : value;
}

function make_optimizer(test: Case): AnyOptimizer {
  const { lrs = [0.05, 0.3], tensors = false, optimizer = 'SGD', optimizer_options = {} } = test;
  const groups = lrs.map((lr) => ({
    params: [torch.ones(1, { requires_grad: true })],
    lr: tensors ? torch.tensor(lr, { dtype: torch.float32 }) : lr,
  }));
  return new (optimizers[optimizer] as (typeof optimizers)[string])(groups, optimizer_options);
}

function make(test: Case, optimizer: AnyOptimizer): AnyScheduler {
  const Kind = kinds[test.kind] as Kinds[string];
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(test.options ?? {})) options[name] = value_of(value);
  const parts = test.parts?.map((part) => make(part, optimizer));
  if (test.kind === 'ChainedScheduler') return new Kind(parts, { optimizer, ...options });
  return parts ? new Kind(optimizer, parts, options) : new Kind(optimizer, options);
}

function plain(value: unknown): unknown {
  if (value instanceof Tensor) return { tensor: plain(value.item()) };
  if (value === Infinity || value === -Infinity) return value > 0 ? 'inf' : '-inf';
  if (value instanceof Map) return plain(Object.fromEntries(value as Map<number, unknown>));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** What `plain` and Python's counterpart made, read back. */
function revived(value: unknown): unknown {
  if (value === 'inf' || value === '-inf') return value === 'inf' ? Infinity : -Infinity;
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  if ('tensor' in value) return torch.tensor(revived(value.tensor) as number, { dtype: torch.float32 });
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
}

function observed(optimizer: AnyOptimizer, scheduler: AnyScheduler): Seen {
  const momenta = optimizer.param_groups.map(({ betas, momentum: its }) => (betas ? (betas as number[])[0] : its));
  return plain([optimizer.param_groups.map((group) => group['lr']), momenta, scheduler.get_last_lr()]) as Seen;
}

function step(scheduler: AnyScheduler, test: Case, number: number): void {
  if (test.epochs) scheduler.step(test.epochs[number]);
  else if (test.metrics) scheduler.step(test.metrics[number % test.metrics.length]);
  else scheduler.step();
}

const count_of = ({ epochs: its, steps = 60 }: Case): number => its?.length ?? steps;

function run(test: Case): Pick<Run, 'seen' | 'middle'> {
  const optimizer = make_optimizer(test);
  const scheduler = make(test, optimizer);
  const seen = [observed(optimizer, scheduler)];
  let middle = {} as Run['middle'];
  const count = count_of(test);
  for (let number = 0; number < count; number++) {
    if (test.steps_first ?? true) optimizer.step();
    step(scheduler, test, number);
    seen.push(observed(optimizer, scheduler));
    if (number !== Math.floor(count / 2)) continue;
    const groups = optimizer.param_groups.map(({ params: _params, ...rest }) => rest);
    middle = plain({ scheduler: scheduler.state_dict(), groups }) as Run['middle'];
  }
  return { seen, middle };
}

const one_parameter = (): optim.SGD => new optim.SGD([torch.ones(1, { requires_grad: true })], { lr: 0.1 });

afterEach(() => {
  vi.restoreAllMocks();
});

// A warning is given once a process: these tests must be the first.
describe('warnings', () => {
  const told = (): string[] => {
    const texts: string[] = [];
    vi.spyOn(process, 'emitWarning').mockImplementation((text) => {
      texts.push(String(text));
    });
    return texts;
  };
  const python_text = (part: string): string | undefined =>
    expected.runs.flatMap(({ warnings }) => warnings).find((text) => text.includes(part));

  it('there are none when the optimizer steps first, and it still steps', () => {
    const texts = told();
    const optimizer = one_parameter();
    const scheduler = new lr_scheduler.ExponentialLR(optimizer, 0.5);
    const param = optimizer.param_groups[0]?.params[0] as Tensor;
    param.grad = torch.ones(1);
    for (let i = 0; i < 2; i++) {
      optimizer.step();
      scheduler.step();
    }
    expect(param.item()).toBeCloseTo(1 - 0.1 - 0.05);
    expect(texts).toEqual([]);
  });

  it('a scheduler that steps first is told so, as in Python', () => {
    const texts = told();
    new lr_scheduler.StepLR(one_parameter(), 3).step();
    expect(texts).toEqual([python_text('before `optimizer.step()`')]);
  });

  it('the deprecated argument of a step is noted, as in Python', () => {
    const texts = told();
    const optimizer = one_parameter();
    const scheduler = new lr_scheduler.StepLR(optimizer, 3);
    optimizer.step();
    scheduler.step(2);
    expect(texts).toEqual([python_text('The epoch parameter')]);
  });

  it('a step that was replaced after the scheduler was made is noted', () => {
    const texts = told();
    const optimizer = one_parameter();
    const scheduler = new lr_scheduler.StepLR(optimizer, 3);
    optimizer.step = () => undefined;
    scheduler.step();
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^Seems like `optimizer.step\(\)` has been overridden/);
  });

  it('who asks for get_lr is told of get_last_lr', () => {
    const texts = told();
    new lr_scheduler.StepLR(one_parameter(), 3).get_lr();
    expect(texts).toEqual(['To get the last learning rate computed by the scheduler, please use `get_last_lr()`.']);
  });
});

describe('schedules equal Python at every step, and so does the state', () => {
  cases.forEach((test, i) => {
    it(JSON.stringify(test), () => {
      vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
      const { seen, middle } = run(test);
      const theirs = expected.runs[i] as Run;
      expect(seen).toEqual(theirs.seen);
      expect(middle).toEqual(theirs.middle);
    });
  });
});

describe('a state dict of Python goes on as there', () => {
  cases.forEach((test, i) => {
    it(JSON.stringify(test), () => {
      vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
      const { seen, middle } = expected.runs[i] as Run;
      const optimizer = make_optimizer(test);
      const scheduler = make(test, optimizer);
      const { scheduler: state, groups } = revived(middle) as Run['middle'];
      scheduler.load_state_dict(state);
      optimizer.param_groups.forEach((group, n) => {
        Object.assign(group, groups[n]);
      });
      const count = count_of(test);
      for (let number = Math.floor(count / 2) + 1; number < count; number++) {
        if (test.steps_first ?? true) optimizer.step();
        step(scheduler, test, number);
        expect(observed(optimizer, scheduler)).toEqual(seen[number + 1]);
      }
    });
  });
});

describe('what is wrong is refused with the text of Python', () => {
  wrong.forEach((test, i) => {
    it(JSON.stringify(test), () => {
      vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
      let message: string | null = null;
      try {
        const optimizer = make_optimizer(test);
        const scheduler = make(test, optimizer);
        for (let number = 0; number < (test.steps ?? 0); number++) step(scheduler, test, number);
      } catch (error) {
        ({ message } = error as Error);
      }
      expect(message).toBe(expected.errors[i]);
    });
  });
});

describe('LRScheduler', () => {
  it("takes schedules of one's own", () => {
    class WarmUp extends lr_scheduler.LRScheduler {
      declare warm_up: number;

      constructor(optimizer: optim.AnyOptimizer, warm_up: number) {
        super(optimizer, -1, { warm_up });
      }

      override get_lr(): number[] {
        return this.base_lrs.map((lr) => Number(lr) * Math.min(1, (this.last_epoch + 1) / this.warm_up));
      }
    }
    const optimizer = one_parameter();
    const scheduler = new WarmUp(optimizer, 4);
    const seen = [scheduler.get_last_lr()];
    for (let i = 0; i < 5; i++) {
      optimizer.step();
      scheduler.step();
      seen.push(scheduler.get_last_lr());
    }
    expect(seen.flat()).toEqual([0.025, 0.05, 0.1 * 0.75, 0.1, 0.1, 0.1]);
    expect(scheduler.state_dict()['warm_up']).toBe(4);
  });

  it('saves the fields of a callable with fields', () => {
    const fading = Object.assign((epoch: number) => fading.factor / (epoch + 1), { factor: 2 });
    const scheduler = new lr_scheduler.LambdaLR(one_parameter(), fading);
    const state = scheduler.state_dict();
    expect(state['lr_lambdas']).toEqual([{ factor: 2 }]);
    scheduler.load_state_dict({ ...state, lr_lambdas: [{ factor: 3 }] });
    expect(fading.factor).toBe(3);
  });

  it('leaves a tensor in its place', () => {
    const lr = torch.tensor(0.5);
    const optimizer = new optim.SGD([torch.ones(1, { requires_grad: true })], { lr });
    const scheduler = new lr_scheduler.ExponentialLR(optimizer, { gamma: 0.5 });
    optimizer.step();
    scheduler.step();
    expect(optimizer.param_groups[0]?.lr).toBe(lr);
    expect(lr.item()).toBe(0.25);
    expect((scheduler.get_last_lr()[0] as Tensor).data_ptr()).not.toBe(lr.data_ptr());
  });

  it('says what it wants', () => {
    expect(() => new lr_scheduler.StepLR({} as optim.AnyOptimizer, 3)).toThrow(
      "StepLR(): argument 'optimizer' must be Optimizer, not dict",
    );
    expect(() => new lr_scheduler.StepLR(one_parameter(), 'x' as unknown as number)).toThrow(TypeError);
    const plateau_scheduler = new lr_scheduler.ReduceLROnPlateau(one_parameter());
    expect(() => {
      plateau_scheduler.step('x' as unknown as number);
    }).toThrow(/must be float or Tensor, not str/);
    const other = new lr_scheduler.StepLR(one_parameter(), 3);
    expect(() => new lr_scheduler.SequentialLR(one_parameter(), [other], [])).toThrow(
      /expects all schedulers to belong to the same optimizer/,
    );
  });
});

/** What would make a learning rate of nothing, or NaN: Python raises at the same step. */
const no_rate: Case[] = [
  { kind: 'LambdaLR', options: { lr_lambda: 'nothing' } },
  { kind: 'LambdaLR', options: { lr_lambda: 'text' } },
  { kind: 'LambdaLR', options: { lr_lambda: 'nothing_later' }, steps: 1 },
  { kind: 'LambdaLR', options: { lr_lambda: 'nothing' }, tensors: true },
  { kind: 'MultiplicativeLR', options: { lr_lambda: 'nothing' }, steps: 1 },
  { kind: 'MultiplicativeLR', options: { lr_lambda: ['rising', 'text'] }, steps: 1 },
  { kind: 'CyclicLR', options: { base_lr: 0.01, max_lr: 0.1, scale_fn: 'nothing' }, ...momentum },
  { kind: 'CyclicLR', options: { base_lr: 0.01, max_lr: 0.1, step_size_up: 0 }, ...momentum },
  { kind: 'CyclicLR', options: { base_lr: 0.01, max_lr: 0.1, step_size_up: 0, step_size_down: 5 }, ...momentum },
  { kind: 'StepLR', options: { step_size: 0 }, steps: 1 },
  { kind: 'StepLR', options: { step_size: 0 }, epochs: [2], steps: 1 },
  { kind: 'ConstantLR', options: { factor: 0, total_iters: 1 }, steps: 1 },
  { kind: 'LinearLR', options: { total_iters: 0 }, epochs: [1], steps: 1 },
  { kind: 'PolynomialLR', options: { total_iters: 0 }, epochs: [1], steps: 1 },
  { kind: 'CosineAnnealingLR', options: { T_max: 0 }, steps: 1 },
  { kind: 'CosineAnnealingLR', options: { T_max: 0 }, epochs: [1], steps: 1 },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 10, div_factor: 0 }, ...momentum },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 10, final_div_factor: 0 }, ...momentum },
  { kind: 'OneCycleLR', options: { max_lr: 0.1, total_steps: 10, pct_start: 0.1 }, ...momentum },
  // None of these is wrong before it is used.
  { kind: 'StepLR', options: { step_size: 0 } },
  { kind: 'CosineAnnealingLR', options: { T_max: 0 } },
  { kind: 'MultiplicativeLR', options: { lr_lambda: 'nothing' } },
  { kind: 'LinearLR', options: { total_iters: 0 }, steps: 3 },
];

describe('what gives no learning rate is refused where Python refuses it', () => {
  const { errors } = python<{ errors: (string | null)[] }>('lr_scheduler.py', [[], no_rate]);
  no_rate.forEach((test, i) => {
    it(JSON.stringify(test), () => {
      vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
      const optimizer = make_optimizer(test);
      const run_all = (): void => {
        const scheduler = make(test, optimizer);
        for (let number = 0; number < (test.steps ?? 0); number++) step(scheduler, test, number);
      };
      const theirs = errors[i] ?? null;
      if (theirs === null) run_all();
      else expect(run_all).toThrow(theirs);
      expect(theirs === null || !theirs.includes('zero') || error_of(run_all) instanceof RangeError).toBe(true);
    });
  });

  it('and so is what a subclass computes', () => {
    class Broken extends lr_scheduler.LRScheduler {
      override get_lr(): number[] {
        return this.base_lrs.map(() => undefined as unknown as number);
      }
    }
    expect(() => new Broken(one_parameter())).toThrow(
      'Broken: get_lr() must return learning rates as float or Tensor, not NoneType',
    );
  });

  it('and what averages a model', () => {
    const model = new torch.nn.Linear(1, 1);
    const averaged = new swa_utils.AveragedModel(model, { avg_fn: () => undefined as unknown as Tensor });
    averaged.update_parameters(model);
    expect(() => {
      averaged.update_parameters(model);
    }).toThrow('AveragedModel: avg_fn must return Tensor, not NoneType');
  });
});

function error_of(fn: () => void): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the arguments of a scheduler', () => {
  it('come by name, the optimizer too', () => {
    const optimizer = one_parameter();
    const scheduler = new lr_scheduler.StepLR({ optimizer, step_size: 1, gamma: 0.5 });
    optimizer.step();
    scheduler.step();
    expect(scheduler.get_last_lr()).toEqual([(optimizer.defaults as { lr: number }).lr * 0.5]);
  });

  it.each([
    [
      () => new lr_scheduler.StepLR(one_parameter(), 3, { gama: 0.1 } as object),
      "StepLR() got an unexpected keyword argument 'gama'",
    ],
    [
      () => new lr_scheduler.LinearLR(...([one_parameter(), 0.5, 1, 5, -1, 0] as unknown as [optim.AnyOptimizer])),
      'LinearLR() takes from 1 to 5 positional arguments but 6 were given',
    ],
    [
      () => new lr_scheduler.CyclicLR(one_parameter(), 0.1, 1, { scale_fn: 3 } as object),
      "CyclicLR(): argument 'scale_fn' must be a function, not int",
    ],
    [
      () => new lr_scheduler.ExponentialLR(one_parameter(), { last_epoch: -1 } as unknown as { gamma: number }),
      "ExponentialLR() missing 1 required positional argument: 'gamma'",
    ],
    [
      () => {
        new lr_scheduler.StepLR(one_parameter(), 3).step('x' as unknown as number);
      },
      "step(): argument 'epoch' must be float, not str",
    ],
  ])('%s', (call, message) => {
    expect(call).toThrow(new TypeError(message));
  });
});
