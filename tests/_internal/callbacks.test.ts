/** A mode ends when its function returns: asynchronous functions throw, generators run each step in the mode. */
import { describe, expect, it } from 'vitest';

import * as torch from '../../dist/index.js';
import { python } from '../reference.js';

const { autograd, func, optim, utils } = torch;
const ones = torch.ones(2);
const weight = (): torch.Tensor => torch.ones(2, { requires_grad: true });
const sgd = (): torch.optim.SGD => {
  const parameter = weight();
  parameter.grad = torch.ones(2);
  const optimizer = new optim.SGD([parameter], { momentum: 0.9 });
  optimizer.step();
  return optimizer;
};

type Call = (fn: () => never) => unknown;

/** Every function that runs a function in something that it puts back. */
const calls: Record<string, Call> = {
  no_grad: (fn) => torch.no_grad(fn),
  enable_grad: (fn) => torch.enable_grad(fn),
  set_grad_enabled: (fn) => torch.set_grad_enabled(false, fn),
  inference_mode: (fn) => torch.inference_mode(fn),
  set_default_device: (fn) => torch.set_default_device('meta', fn),
  scope: (fn) => torch.scope(fn),
  detect_anomaly: (fn) => autograd.detect_anomaly(fn),
  set_detect_anomaly: (fn) => autograd.set_detect_anomaly(true, {}, fn),
  saved_tensors_hooks: (fn) =>
    autograd.graph.saved_tensors_hooks(
      (t) => t,
      (t) => t,
      fn,
    ),
  save_on_cpu: (fn) => autograd.graph.save_on_cpu(fn),
  disable_saved_tensors_hooks: (fn) => autograd.graph.disable_saved_tensors_hooks('no', fn),
  dual_level: (fn) => autograd.forward_ad.dual_level(fn),
  checkpoint: (fn) => utils.checkpoint.checkpoint(fn, { use_reentrant: false }),
  vmap: (fn) => torch.vmap(fn as unknown as (x: torch.Tensor) => torch.Tensor)(ones),
  grad: (fn) => func.grad(fn as unknown as (x: torch.Tensor) => torch.Tensor)(ones),
  grad_and_value: (fn) => func.grad_and_value(fn as unknown as (x: torch.Tensor) => torch.Tensor)(ones),
  vjp: (fn) => func.vjp(fn as unknown as (x: torch.Tensor) => torch.Tensor, ones),
  jvp: (fn) => func.jvp(fn as unknown as (x: torch.Tensor) => torch.Tensor, [ones], [ones]),
  jacrev: (fn) => func.jacrev(fn as unknown as (x: torch.Tensor) => torch.Tensor)(ones),
  jacfwd: (fn) => func.jacfwd(fn as unknown as (x: torch.Tensor) => torch.Tensor)(ones),
  hessian: (fn) => func.hessian(fn as unknown as (x: torch.Tensor) => torch.Tensor)(ones),
  linearize: (fn) => func.linearize(fn as unknown as (x: torch.Tensor) => torch.Tensor, ones),
  jacobian: (fn) => autograd.functional.jacobian(fn, ones),
  gradcheck: (fn) => autograd.gradcheck(fn, weight()),
  gradgradcheck: (fn) => autograd.gradgradcheck(fn, weight()),
  step: (fn) => sgd().step(fn),
  'LBFGS.step': (fn) => new optim.LBFGS([weight()]).step(fn),
  swap_in_optimizer_params_and_state: (fn) => {
    const optimizer = sgd();
    return optim.swap_in_optimizer_params_and_state(
      optimizer as never,
      { w: weight() },
      optimizer.state_dict() as never,
      fn,
    );
  },
};

const callee = (name: string): string => (name === 'LBFGS.step' ? 'step' : name);

describe('an asynchronous function', () => {
  it.each(Object.keys(calls))('is refused by %s before it runs', (name) => {
    let ran = false;
    const fn = (async () => {
      ran = true;
      await null;
    }) as unknown as () => never;
    expect(() => calls[name]?.(fn)).toThrow(
      new TypeError(`${callee(name)}(): the function must be synchronous: the mode ends when it returns`),
    );
    expect(ran).toBe(false);
  });

  it.each(Object.keys(calls))(
    'written as a function that returns a promise leaves no rejection behind in %s',
    async (name) => {
      const rejections: unknown[] = [];
      const note = (reason: unknown): void => {
        rejections.push(reason);
      };
      process.on('unhandledRejection', note);
      try {
        const fn = (() => Promise.reject(new Error('later'))) as unknown as () => never;
        expect(() => calls[name]?.(fn)).toThrow(
          new TypeError(`${callee(name)}(): the function must be synchronous: the mode ends when it returns`),
        );
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
      } finally {
        process.off('unhandledRejection', note);
      }
      expect(rejections).toEqual([]);
      expect([
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        autograd.is_anomaly_enabled(),
        torch.get_default_device().type,
      ]).toEqual([true, false, false, 'cpu']);
    },
  );

  it('is refused in forward and backward of a Function', () => {
    class Later extends autograd.Function {
      static forward(_ctx: torch.autograd.FunctionCtx, x: torch.Tensor): torch.Tensor {
        return Promise.resolve(x) as unknown as torch.Tensor;
      }

      static backward(): null {
        return null;
      }
    }
    expect(() => Later.apply(weight())).toThrow(/^Later\.forward\(\): the function must be synchronous/);
  });
});

const trace = `
class Mine(Exception): pass
log = []
def note(what): log.append([what, torch.is_grad_enabled()])
@MODE
def steps():
    note('first')
    try:
        got = yield 1
        note(got)
        try:
            yield 2
        except Mine:
            note('thrown')
        yield 3
    finally:
        note('closing')
    return 4
g = steps()
note('made')
log.append(next(g))
note('between')
log.append(g.send('sent'))
note('between')
log.append(g.throw(Mine()))
g.close()
note('closed')
def whole():
    result = yield from steps()
    note(result)
log.append(list(whole()))
show(log)
`;

describe('a generator function', () => {
  it.each([
    ['no_grad', (fn: () => Generator) => torch.no_grad(fn), 'torch.no_grad()', true],
    ['enable_grad', (fn: () => Generator) => torch.enable_grad(fn), 'torch.enable_grad()', false],
    [
      'set_grad_enabled',
      (fn: () => Generator) => torch.set_grad_enabled(false, fn),
      'torch.set_grad_enabled(False)',
      true,
    ],
    ['inference_mode', (fn: () => Generator) => torch.inference_mode(fn), 'torch.inference_mode()', true],
  ] as const)('has %s in each of its steps, as Python has it', (_name, run, decorator, outside) => {
    class Mine extends Error {}
    const log: unknown[] = [];
    const note = (what: unknown): void => {
      log.push([what, torch.is_grad_enabled()]);
    };
    function* steps(): Generator<number, number, unknown> {
      note('first');
      try {
        const got = yield 1;
        note(got);
        try {
          yield 2;
        } catch (error) {
          if (!(error instanceof Mine)) throw error;
          note('thrown');
        }
        yield 3;
      } finally {
        note('closing');
      }
      return 4;
    }
    torch.set_grad_enabled(outside, () => {
      const g = run(steps);
      note('made');
      log.push(g.next().value);
      note('between');
      log.push(g.next('sent').value);
      note('between');
      log.push(g.throw(new Mine()).value);
      g.return(undefined);
      note('closed');
      function* whole(): Generator<unknown, void, unknown> {
        const result: unknown = yield* run(steps);
        note(result);
      }
      // Python's list() sends None.
      log.push([...whole()]);
    });
    const source = `torch.set_grad_enabled(${outside ? 'True' : 'False'})\n${trace.replace('MODE', decorator)}\ntorch.set_grad_enabled(True)`;
    const [[expected]] = python<[[unknown[]]]>('snippets.py', [[source]]);
    expect(JSON.parse(JSON.stringify(log, (_, value: unknown) => value ?? null))).toEqual(expected);
  });

  it('has the default device in each of its steps', () => {
    function* steps(): Generator<string, void, undefined> {
      yield torch.ones(1).device.type;
      yield torch.ones(1).device.type;
    }
    const seen: string[] = [];
    for (const type of torch.set_default_device('meta', steps)) seen.push(type, torch.ones(1).device.type);
    expect(seen).toEqual(['meta', 'cpu', 'meta', 'cpu']);
  });

  it.each(['scope', 'checkpoint', 'step'])('is refused by %s', (name) => {
    const fn = function* () {
      yield 1;
    } as unknown as () => never;
    expect(() => calls[name]?.(fn)).toThrow(new TypeError(`${name}(): the function must not be a generator function`));
  });
});
