/** Transforms: images, inverses, Jacobians, shapes, caches and equality are Python's. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { attempt, difference, type Encoded, reference } from './values.js';

const D = torch.distributions;
const { biject_to, constraints: C, transform_to, transforms: X } = D;
const T = (data: unknown): torch.Tensor => torch.tensor(data as number[]);

const vector = [-0.5, 0.25, 1.5];
const positive = [0.5, 1.25, 2.5];
const inside = [0.25, 0.5, 0.75];
const matrix = [
  [0.5, -0.25],
  [1.5, 0.75],
];

type Make = (dtype: torch.DType) => torch.distributions.Transform;
const cases: readonly (readonly [source: string, ours: Make, x: unknown])[] = [
  ['X.ExpTransform()', () => new X.ExpTransform(), vector],
  ['X.ExpTransform().inv', () => new X.ExpTransform().inv, positive],
  ['X.ExpTransform(cache_size=1)', () => new X.ExpTransform({ cache_size: 1 }), vector],
  ['X.PowerTransform(T(2.))', () => new X.PowerTransform(T(2).float()), positive],
  ['X.PowerTransform(T([2.,.5,-1.5]))', () => new X.PowerTransform(T([2, 0.5, -1.5])), positive],
  ['X.SigmoidTransform()', () => new X.SigmoidTransform(), vector],
  ['X.SigmoidTransform().inv', () => new X.SigmoidTransform().inv, inside],
  ['X.SoftplusTransform()', () => new X.SoftplusTransform(), vector],
  ['X.TanhTransform()', () => new X.TanhTransform(), vector],
  ['X.AbsTransform()', () => new X.AbsTransform(), vector],
  ['X.AffineTransform(0.5,-1.5)', () => new X.AffineTransform(0.5, -1.5), vector],
  ['X.AffineTransform(0.5,0.3,event_dim=1)', () => new X.AffineTransform(0.5, 0.3, { event_dim: 1 }), vector],
  [
    'X.AffineTransform(T([.5,1.5,0]),T([-2.5,3.5,1]),1)',
    () => new X.AffineTransform(T([0.5, 1.5, 0]), T([-2.5, 3.5, 1]), 1),
    [vector, positive],
  ],
  ['X.SoftmaxTransform()', () => new X.SoftmaxTransform(), [vector, positive]],
  ['X.StickBreakingTransform()', () => new X.StickBreakingTransform(), [vector, positive]],
  ['X.CorrCholeskyTransform()', () => new X.CorrCholeskyTransform(), [vector, inside]],
  ['X.LowerCholeskyTransform()', () => new X.LowerCholeskyTransform(), [matrix, matrix]],
  ['X.PositiveDefiniteTransform()', () => new X.PositiveDefiniteTransform(), matrix],
  ['X.ReshapeTransform((4,),(2,2))', () => new X.ReshapeTransform([4], [2, 2]), [[1.5, 2.5, 3.5, 4.5]]],
  ['X.identity_transform', () => X.identity_transform, vector],
  [
    'X.ComposeTransform([X.AffineTransform(0.5,2.),X.SigmoidTransform(),X.PowerTransform(T(2.))])',
    () =>
      new X.ComposeTransform([
        new X.AffineTransform(0.5, 2),
        new X.SigmoidTransform(),
        new X.PowerTransform(T(2).float()),
      ]),
    vector,
  ],
  [
    'X.ComposeTransform([X.ExpTransform(),X.StickBreakingTransform()])',
    () => new X.ComposeTransform([new X.ExpTransform(), new X.StickBreakingTransform()]),
    [vector, inside],
  ],
  [
    'X.IndependentTransform(X.TanhTransform(),1)',
    () => new X.IndependentTransform(new X.TanhTransform(), 1),
    [vector, inside],
  ],
  [
    'X.CatTransform([X.ExpTransform(),X.AffineTransform(1.,2.)],dim=-1,lengths=[1,2])',
    () => new X.CatTransform([new X.ExpTransform(), new X.AffineTransform(1, 2)], { dim: -1, lengths: [1, 2] }),
    [vector, inside],
  ],
  [
    'X.CatTransform([X.IndependentTransform(X.ExpTransform(),1),X.AffineTransform(1.,2.)],0,[1,1])',
    () =>
      new X.CatTransform([new X.IndependentTransform(new X.ExpTransform(), 1), new X.AffineTransform(1, 2)], 0, [1, 1]),
    [vector, inside],
  ],
  [
    'X.StackTransform([X.ExpTransform(),X.TanhTransform()],1)',
    () => new X.StackTransform([new X.ExpTransform(), new X.TanhTransform()], 1),
    matrix,
  ],
  [
    'X.CumulativeDistributionTransform(D.Normal(0.5,1.5))',
    () => new X.CumulativeDistributionTransform(new D.Normal(0.5, 1.5)),
    vector,
  ],
  ...(
    [
      ['real', C.real, vector],
      ['positive', C.positive, vector],
      ['nonnegative', C.nonnegative, vector],
      ['greater_than(2)', C.greater_than(2), vector],
      ['greater_than_eq(-1.5)', C.greater_than_eq(-1.5), vector],
      ['less_than(2)', C.less_than(2), vector],
      ['unit_interval', C.unit_interval, vector],
      ['interval(-1,3)', C.interval(-1, 3), vector],
      ['half_open_interval(-1,3)', C.half_open_interval(-1, 3), vector],
      ['simplex', C.simplex, vector],
      ['corr_cholesky', C.corr_cholesky, vector],
      ['real_vector', C.real_vector, vector],
      ['independent(C.positive,1)', C.independent(C.positive, 1), vector],
      ['cat([C.real,C.positive],-1,[1,2])', C.cat([C.real, C.positive], -1, [1, 2]), vector],
      ['stack([C.real,C.positive,C.unit_interval],-1)', C.stack([C.real, C.positive, C.unit_interval], -1), vector],
    ] as const
  ).flatMap(
    ([source, constraint, x]) =>
      [
        [`K.biject_to(C.${source})`, () => biject_to(constraint), x],
        [`K.transform_to(C.${source})`, () => transform_to(constraint), x],
      ] as const,
  ),
  ['K.transform_to(C.lower_cholesky)', () => transform_to(C.lower_cholesky), matrix],
  ['K.transform_to(C.positive_definite)', () => transform_to(C.positive_definite), matrix],
  ['K.transform_to(C.positive_semidefinite)', () => transform_to(C.positive_semidefinite), matrix],
];

const all = cases.flatMap(([source, ours, x]) =>
  (['float32', 'float64'] as const).map((dtype) => ({ source, ours, x, dtype })),
);
const expected = reference<Record<string, Encoded>[]>(
  'transforms',
  all.map(({ source, x, dtype }) => ({ source, x, dtype })),
);

describe('equals Python', () => {
  it.each(all.map((one, i) => [`${one.source} ${one.dtype}`, one, i] as const))(
    '%s',
    (_title, { ours, x, dtype }, i) => {
      const transform = ours(torch[dtype]);
      const input = torch.tensor(x as number[], { dtype: torch[dtype] });
      const output = transform(input);
      const results: Record<string, Encoded> = {
        forward: attempt(() => transform(input)),
        gradient: attempt(() => {
          const leaf = input.clone().requires_grad_();
          return torch.autograd.grad(transform(leaf).pow(2).sum(), leaf)[0];
        }),
        inverse: attempt(() => transform.inv(output)),
        log_abs_det_jacobian: attempt(() => transform.log_abs_det_jacobian(input, output)),
        'of inverse': attempt(() => transform.inv.log_abs_det_jacobian(output, input)),
        forward_shape: attempt(() => [...transform.forward_shape(input.shape)]),
        inverse_shape: attempt(() => [...transform.inverse_shape(output.shape)]),
        repr: String(transform),
        'repr of inverse': String(transform.inv),
        bijective: transform.bijective,
        sign: attempt(() => transform.sign),
        event_dim: attempt(() => transform.event_dim),
        domain: attempt(() => String(transform.domain)),
        codomain: attempt(() => String(transform.codomain)),
        'in domain': attempt(() => transform.domain.check(input)),
        'in codomain': attempt(() => transform.codomain.check(output)),
        equal: ours(torch[dtype]).equals(transform),
        'equal inverse': transform.inv.inv.equals(transform),
        cached: attempt(() => {
          const kept = transform.with_cache(1);
          return kept.inv(kept(input)) === input;
        }),
      };
      expect(Object.keys(results)).toEqual(Object.keys(expected[i]!));
      const differences = Object.entries(results).flatMap(([name, value]) => {
        const text = difference(value, expected[i]![name]!);
        return text === undefined ? [] : [`${name}: ${text}`];
      });
      expect(differences).toEqual([]);
    },
  );
});

describe('a transform', () => {
  it('keeps its last value with a cache, and none without', () => {
    const kept = new X.ExpTransform({ cache_size: 1 });
    const x = torch.tensor([0.5, 1.5]);
    expect(kept(x)).toBe(kept(x));
    expect(kept.inv(kept(x))).toBe(x);
    expect(kept.with_cache()).toBe(kept);
    const plain = kept.with_cache(0);
    expect(plain).not.toBe(kept);
    expect(plain(x)).not.toBe(plain(x));
  });

  it('has one inverse, whose inverse it is', () => {
    const transform = new X.TanhTransform();
    expect(transform.inv).toBe(transform.inv);
    expect(transform.inv.inv).toBe(transform);
    expect(transform.inv.with_cache(1).inv.equals(transform)).toBe(true);
  });

  it('is copied with its parameters', () => {
    const scale = torch.tensor([2.5]);
    const copy = torch.deepcopy(new X.AffineTransform(0.5, scale));
    const inverse = torch.deepcopy(new X.AffineTransform(0.5, scale).inv);
    torch.no_grad(() => scale.zero_());
    expect(copy(torch.ones(1)).tolist()).toEqual([3]);
    expect(inverse(torch.tensor([3])).tolist()).toEqual([1]);
    expect(String(inverse)).toBe('_InverseTransform(AffineTransform())');
    const distribution = torch.deepcopy(new D.LogNormal(torch.tensor([0.5]), 1.5));
    expect(distribution.mean.tolist()).toEqual(new D.LogNormal(torch.tensor([0.5]), 1.5).mean.tolist());
  });

  it('is a function, and an object of its class', () => {
    const transform = new X.TanhTransform();
    expect(typeof transform).toBe('function');
    expect(transform).toBeInstanceOf(X.TanhTransform);
    expect(transform).toBeInstanceOf(X.Transform);
    expect(() => (transform as unknown as (x: number) => unknown)(1)).toThrow(
      "TanhTransform(): argument 'x' must be Tensor, not int",
    );
  });

  it('of a class with a constructor of its own must define how it takes a cache', () => {
    class Own extends X.Transform {
      constructor(readonly factor: number) {
        super();
      }
    }
    expect(() => new Own(2).with_cache(1)).toThrow('with_cache is not implemented');
  });
});
