/** Distributions beside their numbers: validation, user classes, dispatch of divergences, registries. */
import * as torch from 'torch-node';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { python } from '../reference.js';

const D = torch.distributions;
const { constraints, Distribution, kl_divergence, Normal, register_kl } = D;

function shown(source: string): unknown[] {
  const [values] = python<unknown[][]>('snippets.py', [
    [`from torch.distributions import *\nfrom torch.distributions import constraints\n${source}`],
  ]);
  return values!;
}

function warnings_of(run: () => unknown): { text: string; category: string }[] {
  const said: { text: string; category: string }[] = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((text, category) => {
    said.push({ text: String(text), category: String(category) });
  });
  run();
  vi.restoreAllMocks();
  return said;
}

afterEach(() => {
  vi.restoreAllMocks();
  Distribution.set_default_validate_args(true);
});

describe('validation', () => {
  it('can be turned off for one distribution, and by default', () => {
    expect(() => new Normal(0, -1)).toThrow('Expected parameter scale');
    expect(String(new Normal(0, -1, { validate_args: false }))).toBe('Normal(loc: 0.0, scale: -1.0)');
    Distribution.set_default_validate_args(false);
    expect(String(new Normal(0, -1))).toBe('Normal(loc: 0.0, scale: -1.0)');
    expect(() => new Normal(0, -1, { validate_args: true })).toThrow('Expected parameter scale');
    const early = new Normal(0, 1);
    const nan = torch.tensor(Number.NaN);
    expect(early.log_prob(nan).item()).toBeNaN();
    Distribution.set_default_validate_args({ value: true });
    expect(() => early.log_prob(nan)).toThrow('to be within the support');
    expect(() => early.expand([2]).log_prob(nan)).toThrow('to be within the support');
  });

  it('names the function that an argument of a wrong kind was given to', () => {
    const make = Normal as unknown as new (...args: unknown[]) => object;
    expect(() => new make('a', 1)).toThrow("Normal(): argument 'loc' must be Tensor or float, not str");
    expect(() => new make(0)).toThrow("Normal() missing 1 required positional argument: 'scale'");
    expect(() => new make(0, 1, { zzz: 1 })).toThrow("Normal() got an unexpected keyword argument 'zzz'");
    expect(() => new Normal(torch.zeros(2), torch.ones(3))).toThrow(/^Normal\(\): The size of tensor a/);
  });

  it('warns of classes without a support, and without arg_constraints', () => {
    class Bare extends Distribution {
      constructor() {
        super();
        this._initialize([], []);
      }
      override log_prob(value: torch.distributions.ValueArgument): torch.Tensor {
        const tensor = value as torch.Tensor;
        if (this._validate_args) this._validate_sample(tensor);
        return tensor;
      }
    }
    const said = warnings_of(() => new Bare().log_prob(torch.tensor(1)));
    expect(said.map(({ text }) => text.replace(/<class '.*'>/, 'Bare'))).toEqual([
      'Bare does not define `arg_constraints`. Please set `arg_constraints = {}` or initialize the distribution with `validate_args=False` to turn off validation.',
      'Bare does not define `support` to enable sample validation. Please initialize the distribution with `validate_args=False` to turn off validation.',
    ]);
  });

  it('says what is deprecated', () => {
    const said = warnings_of(() => {
      torch.manual_seed(0);
      expect(new Normal(0, 1).sample_n(2).shape).toEqual(torch.zeros(2).shape);
    });
    expect(said).toEqual([
      { text: '`sample_n(n)` will be deprecated. Use `sample((n,))` instead.', category: 'FutureWarning' },
    ]);
  });
});

describe('a class of the user', () => {
  class Shifted extends Distribution {
    static override arg_constraints = { loc: constraints.real };
    static override support = constraints.real;
    static override has_rsample = true;
    readonly loc: torch.Tensor;

    constructor(loc: torch.Tensor, options: { validate_args?: boolean } = {}) {
      super();
      this.loc = loc;
      this._initialize(loc.shape, [], options.validate_args);
    }

    override rsample(sample_shape: readonly number[] = []): torch.Tensor {
      return this.loc.add(torch.rand([...sample_shape, ...this.batch_shape]));
    }
  }

  it('has its parameters checked, and what it does not define from its base', () => {
    const own = new Shifted(torch.tensor([1.5, 2.5], { requires_grad: true }));
    expect(String(own)).toBe('Shifted(loc: torch.Size([2]))');
    expect([own.has_rsample, own.has_enumerate_support, String(own.support)]).toEqual([true, false, 'Real()']);
    expect(own.sample([3]).requires_grad).toBe(false);
    expect(own.rsample([3]).requires_grad).toBe(true);
    expect(() => own.mean).toThrow(Error);
    expect(() => new Shifted(torch.tensor([Number.NaN]))).toThrow('Expected parameter loc (Tensor of shape (1,))');
  });

  it('with a constructor of its own must define expand, as in Python', () => {
    class Standard extends Normal {
      constructor() {
        super(0, 1);
      }
    }
    class Same extends Normal {}
    const [text] = shown(`
class Standard(Normal):
    def __init__(self): super().__init__(0, 1)
try: Standard().expand((2,))
except NotImplementedError as error: show(str(error))`);
    expect(() => new Standard().expand([2])).toThrow(text as string);
    const expanded = new Same(0, 1).expand([2]);
    expect(expanded).toBeInstanceOf(Same);
    expect(String(expanded)).toBe('Same(loc: torch.Size([2]), scale: torch.Size([2]))');
  });

  it('of an exponential family has its entropy, as in Python', () => {
    class Own extends D.ExponentialFamily {
      static override arg_constraints = { rate: constraints.positive };
      constructor(readonly rate: torch.Tensor) {
        super();
        this._initialize(rate.shape, []);
      }
      override get _natural_params(): readonly torch.Tensor[] {
        return [this.rate.neg()];
      }
      override _log_normalizer(x: torch.Tensor): torch.Tensor {
        return x.neg().log().neg();
      }
      override get _mean_carrier_measure(): number {
        return 0;
      }
    }
    const [entropy, divergence] = shown(`
class Own(ExponentialFamily):
    arg_constraints = {'rate': constraints.positive}
    _mean_carrier_measure = 0
    def __init__(self, rate):
        self.rate = rate
        super().__init__(rate.shape)
    @property
    def _natural_params(self): return (-self.rate,)
    def _log_normalizer(self, x): return -torch.log(-x)
p, q = Own(torch.tensor([0.5, 1.5])), Own(torch.tensor([2.5, 0.75]))
show(p.entropy().tolist())
show(kl_divergence(p, q).tolist())`);
    const [p, q] = [new Own(torch.tensor([0.5, 1.5])), new Own(torch.tensor([2.5, 0.75]))];
    expect(p.entropy().tolist()).toEqual(entropy);
    expect(kl_divergence(p, q).tolist()).toEqual(divergence);
  });
});

describe('divergences', () => {
  it('take the most specific match, and warn of ambiguous ones, as in Python', () => {
    const [results, warnings] = shown(`
import warnings
class A(Normal): pass
class B(A): pass
results, texts = [], []
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter('always')
    register_kl(A, Normal)(lambda p, q: torch.tensor(1.))
    results.append(kl_divergence(B(0, 1), B(0, 1)).item())
    results.append(kl_divergence(Normal(0, 1), B(0, 1)).item())
    register_kl(Normal, A)(lambda p, q: torch.tensor(2.))
    results.append(kl_divergence(B(0, 1), B(0, 1)).item())
    results.append(kl_divergence(B(0, 1), Normal(0, 1)).item())
    register_kl(B, B)(lambda p, q: torch.tensor(3.))
    results.append(kl_divergence(B(0, 1), B(0, 1)).item())
    results.append(kl_divergence(A(0, 1), B(0, 1)).item())
    texts = [[str(warning.message), warning.category.__name__] for warning in said]
show(results)
show(texts)`);
    class A extends Normal {}
    class B extends A {}
    const found: number[] = [];
    const said = warnings_of(() => {
      const of = (P: typeof Normal, Q: typeof Normal): void => {
        found.push(kl_divergence(new P(0, 1), new Q(0, 1)).item());
      };
      register_kl(A, Normal)(() => torch.tensor(1));
      of(B, B);
      of(Normal, B);
      register_kl(Normal, A)(() => torch.tensor(2));
      of(B, B);
      of(B, Normal);
      register_kl({ type_p: B, type_q: B })(() => torch.tensor(3));
      of(B, B);
      of(A, B);
    });
    expect(found).toEqual(results);
    expect(said.map(({ text, category }) => [text, category])).toEqual(warnings);
  });

  it('of other values and classes are refused', () => {
    const any = kl_divergence as unknown as (...args: unknown[]) => unknown;
    expect(() => any(1, 'a')).toThrow("kl_divergence(): argument 'p' must be Distribution, not int");
    expect(() => (register_kl as unknown as (...args: unknown[]) => unknown)(1, Normal)).toThrow(TypeError);
  });
});

describe('registries', () => {
  it('take classes, objects and decorators, and refuse other values', () => {
    const registry = new D.constraint_registry.ConstraintRegistry();
    const exp = (): torch.distributions.Transform => new D.ExpTransform();
    expect(registry.register(constraints.greater_than, exp)).toBe(exp);
    expect(String(registry(constraints.positive))).toBe('ExpTransform()');
    class Own extends constraints.Constraint {}
    registry.register(Own)(() => new D.TanhTransform());
    expect(String(registry(new Own()))).toBe('TanhTransform()');
    expect(() => registry(constraints.real)).toThrow('Cannot transform _Real constraints');
    expect(() => registry.register(3 as unknown as typeof Own, exp)).toThrow(
      "register(): argument 'constraint' must be a Constraint subclass or instance, not int",
    );
  });
});

describe('constraints', () => {
  it('are made with and without new, and are objects of their classes', () => {
    expect(String(constraints.greater_than(0.5))).toBe('GreaterThan(lower_bound=0.5)');
    expect(new constraints.greater_than({ lower_bound: 0.5 })).toBeInstanceOf(constraints.greater_than);
    expect(constraints.positive).toBeInstanceOf(constraints.greater_than);
    expect(constraints.positive).not.toBeInstanceOf(constraints.greater_than_eq);
  });

  it('of classes are there without objects', () => {
    expect([String(Normal.support), Normal.has_rsample, String(D.Uniform.support)]).toEqual([
      'Real()',
      true,
      'DependentProperty()',
    ]);
    expect(Object.keys(Normal.arg_constraints)).toEqual(['loc', 'scale']);
    expect(constraints.is_dependent(D.Uniform.support)).toBe(true);
  });
});

describe('lazy properties', () => {
  it('are computed once, with gradients', () => {
    const probs = torch.tensor([0.25, 0.75], { requires_grad: true });
    const distribution = new D.Bernoulli({ probs });
    expect(String(distribution)).toBe('Bernoulli(probs: torch.Size([2]))');
    const logits = torch.no_grad(() => distribution.logits);
    expect(logits.requires_grad).toBe(true);
    expect(distribution.logits).toBe(logits);
    expect(String(distribution)).toBe('Bernoulli(probs: torch.Size([2]), logits: torch.Size([2]))');
  });

  it('are made by a decorator of getters', () => {
    let count = 0;
    const get = D.utils.lazy_property(
      function (this: { x: number }) {
        count += 1;
        return this.x * 2;
      },
      { name: 'double' } as unknown as ClassGetterDecoratorContext<{ x: number }, number>,
    );
    const made = Object.create({}, { x: { value: 3 } }) as { x: number; double: number };
    Object.defineProperty(Object.getPrototypeOf(made) as object, 'double', { get, configurable: true });
    expect([made.double, made.double, count]).toEqual([6, 6, 1]);
  });
});

describe('types', () => {
  it('are those of what is returned', () => {
    const normal = new Normal(0, 1);
    const sample: torch.Tensor = normal.sample([2]);
    const shape: torch.Size = normal.batch_shape;
    const expanded: torch.distributions.Normal = normal.expand([2]);
    const base: torch.distributions.Normal = new D.Independent(expanded, 1).base_dist;
    const parameters: readonly torch.distributions.ParameterLike[] = [base.loc, 1];
    expect([sample.dim(), shape.length, parameters.length]).toEqual([1, 0, 2]);
    // @ts-expect-error a scale is missing
    expect(() => new Normal(0)).toThrow(TypeError);
    // @ts-expect-error a text is not a parameter
    expect(() => new Normal(0, '1')).toThrow(TypeError);
  });
});
