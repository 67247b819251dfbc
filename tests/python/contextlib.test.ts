/** contextlib: contexts that do nothing, errors that are passed over, and stacks of contexts, beside Python. */
import * as torch from 'torch-node';
import { contextlib } from 'torch-node/python';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { ExitStack, nullcontext, suppress } = contextlib;
const shown = (source: string): unknown[] => python<[unknown[]]>('snippets.py', [[source]])[0];

describe('nullcontext', () => {
  it('is a guard that switches nothing, also over an await', async () => {
    const guard: torch.Guard = nullcontext();
    expect(guard(() => torch.is_grad_enabled())()).toBe(true);
    const before = torch.no_grad(() => {
      using _ = nullcontext();
      return torch.is_grad_enabled();
    });
    expect(before).toBe(false);
    {
      using context = nullcontext(5);
      await Promise.resolve();
      expect(context.enter_result).toBe(5);
    }
    const { checkpoint } = torch.utils.checkpoint;
    const x = torch.ones(2, { requires_grad: true });
    checkpoint((y: torch.Tensor) => y.exp(), x, {
      use_reentrant: false,
      context_fn: () => [nullcontext(), nullcontext()],
    })
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual(x.exp().tolist());
  });
});

describe('suppress', () => {
  it('passes over errors of the classes that it is given', () => {
    const ran: string[] = [];
    const run = (error: unknown): (() => number) => {
      return () => {
        ran.push('before');
        if (error !== null) throw error;
        return 3;
      };
    };
    expect(suppress(RangeError, run(new RangeError('r')))).toBeUndefined();
    expect(suppress(TypeError, RangeError, run(new RangeError('r')))).toBeUndefined();
    expect(suppress(Error, run(new TypeError('t')))).toBeUndefined();
    expect(suppress(Error, run(null))).toBe(3);
    expect(() => suppress(TypeError, run(new RangeError('r')))).toThrow(RangeError);
    expect(() => suppress(run(new RangeError('r')) as never)).toThrow(RangeError);
    expect(ran).toHaveLength(6);
  });

  it('decorates', () => {
    class Own extends Error {}
    const half = suppress(Own)((x: number) => {
      if (x % 2 !== 0) throw new Own();
      return x / 2;
    });
    expect([half(4), half(3)]).toEqual([2, undefined]);
    const counter = {
      by: 2,
      times: suppress(Own)(function (this: { by: number }, x: number): number {
        if (x < 0) throw new Own();
        return x * this.by;
      } as (x: number) => number),
    };
    expect([counter.times(2), counter.times(-1)]).toEqual([4, undefined]);
  });

  it('refuses what is not a class of errors, and asynchronous functions', () => {
    const call = suppress as (...args: unknown[]) => unknown;
    expect(() => call('RangeError')).toThrow(TypeError);
    expect(() => call(() => 1, RangeError)).toThrow(TypeError);
    expect(() => call(Error, async () => Promise.resolve())).toThrow('must be synchronous');
  });
});

describe('ExitStack', () => {
  const source = `
from contextlib import ExitStack, contextmanager, nullcontext
ran = []
@contextmanager
def noted(name):
    ran.append('in ' + name)
    try: yield name
    finally: ran.append('out ' + name)
with ExitStack() as stack:
    for name in 'ab': stack.enter_context(noted(name))
    ran.append(stack.callback(ran.append, 'called') == ran.append)
    ran.append(stack.enter_context(nullcontext(5)))
try:
    with ExitStack() as stack:
        stack.enter_context(noted('c'))
        raise ValueError('stop')
except ValueError: ran.append('caught')
with ExitStack() as stack:
    stack.enter_context(noted('d'))
    kept = stack.pop_all()
ran.append('after')
kept.close()
kept.close()
with ExitStack() as stack:
    stack.enter_context(torch.no_grad())
    stack.enter_context(torch.autocast('cpu'))
    ran.append([torch.is_grad_enabled(), torch.is_autocast_enabled('cpu')])
ran.append([torch.is_grad_enabled(), torch.is_autocast_enabled('cpu')])
def fail(text): raise ValueError(text)
stack = ExitStack()
stack.callback(fail, 'first')
stack.callback(fail, 'second')
stack.callback(ran.append, 'third')
try: stack.close()
except ValueError as error: ran.append(str(error))
show(ran)`;

  it('ends what it has entered, last first', () => {
    const ran: unknown[] = [];
    const note = (value: unknown): number => ran.push(value);
    const noted = (name: string): { [Symbol.dispose](): void } => {
      note(`in ${name}`);
      return { [Symbol.dispose]: () => void note(`out ${name}`) };
    };
    {
      using stack = new ExitStack();
      for (const name of 'ab') stack.enter_context(noted(name));
      note(stack.callback(note, 'called') === note);
      note(stack.enter_context(nullcontext(5)));
    }
    try {
      using stack = new ExitStack();
      stack.enter_context(noted('c'));
      throw new Error('stop');
    } catch {
      note('caught');
    }
    let kept: InstanceType<typeof ExitStack>;
    {
      using stack = new ExitStack();
      stack.enter_context(noted('d'));
      kept = stack.pop_all();
    }
    note('after');
    kept.close();
    kept.close();
    const state = (): number => note([torch.is_grad_enabled(), torch.is_autocast_enabled('cpu')]);
    {
      using stack = new ExitStack();
      stack.enter_context(torch.no_grad());
      stack.enter_context(torch.autocast('cpu'));
      state();
    }
    state();
    const fail = (text: string): never => {
      throw new Error(text);
    };
    const stack = new ExitStack();
    stack.callback(fail, 'first');
    stack.callback(fail, 'second');
    stack.callback(note, 'third');
    try {
      stack.close();
    } catch (error) {
      note((error as Error).message);
    }
    expect([ran]).toEqual(shown(source));
  });
});
