/** Distributions with several sets of parameters, as both languages construct them. */

/** An argument: a number, a tensor, or an object made of arguments. */
export type Argument =
  | number
  | null
  | { tensor: unknown; dtype?: string; constant?: boolean }
  | { of: string; args: Argument[] }
  | Argument[];

export interface Case {
  readonly name: string;
  readonly args: Readonly<Record<string, Argument>>;
  readonly dtype: 'float32' | 'float64';
  /** Properties of this class alone. */
  readonly attributes: readonly string[];
}

const t = (tensor: unknown): Argument => ({ tensor });
const made = (of: string, ...args: Argument[]): Argument => ({ of, args });

const batch = t([
  [0.5, 1.5, 2.5],
  [0.25, 3.5, 1.25],
]);
const matrix = [
  [2.5, 0.5],
  [0.5, 1.5],
];
const other_matrix = [
  [1.5, -0.25],
  [-0.25, 0.75],
];
const factor = [
  [1.5, 0],
  [0.5, 0.75],
];
const loc_and_scale: Record<string, Argument>[] = [
  { loc: t([0.5, -1.5]), scale: t([1.5, 0.75]) },
  { loc: t(0.25), scale: batch },
  { loc: 0.5, scale: 1.5 },
];
const scale: Record<string, Argument>[] = [{ scale: t([1.5, 0.75]) }, { scale: batch }, { scale: 1.5 }];
const binary: Record<string, Argument>[] = [
  { probs: t([0.25, 0.75]) },
  { logits: t([[-0.5], [1.5]]) },
  { probs: 0.25 },
  { logits: 0.5 },
];
const several: Record<string, Argument>[] = [
  { probs: t([0.25, 0.5, 1.25]) },
  {
    logits: t([
      [-0.5, 0, 1.5],
      [0.25, 0.5, 0.75],
    ]),
  },
  { probs: t([[0, 1, 3]]) },
];
const positive_pair = (a: string, b: string): Record<string, Argument>[] => [
  { [a]: t([0.5, 2.5]), [b]: t([1.5, 3.5]) },
  { [a]: batch, [b]: t(1.75) },
  { [a]: 3.5, [b]: 4.5 },
];

const grid: Record<string, { args: Record<string, Argument>[]; attributes?: string[] }> = {
  Bernoulli: { args: [...binary, { probs: t([0, 0.5, 1]) }], attributes: ['probs', 'logits', 'param_shape'] },
  Beta: { args: positive_pair('concentration1', 'concentration0'), attributes: ['concentration1', 'concentration0'] },
  Binomial: {
    args: [
      { total_count: 3, probs: t([0.25, 0.75]) },
      { total_count: t([3, 4]), logits: t([[-0.5], [1.5]]) },
      { total_count: t(5), probs: t([0, 1, 0.5]) },
    ],
    attributes: ['total_count', 'probs', 'logits', 'param_shape'],
  },
  Categorical: { args: several, attributes: ['probs', 'logits', 'param_shape'] },
  Cauchy: { args: loc_and_scale },
  Chi2: { args: [{ df: t([0.5, 4.5]) }, { df: batch }, { df: 2.5 }], attributes: ['df', 'concentration', 'rate'] },
  ContinuousBernoulli: { args: [...binary, { probs: t([0.4995, 0.5, 0.9]) }], attributes: ['probs', 'logits'] },
  Dirichlet: {
    args: [{ concentration: t([0.5, 1.5, 2.5]) }, { concentration: batch }, { concentration: t([0.5, 0.25]) }],
  },
  Exponential: { args: [{ rate: t([0.5, 2.5]) }, { rate: batch }, { rate: 1.5 }] },
  FisherSnedecor: { args: [...positive_pair('df1', 'df2'), { df1: t([1.5, 5.5]), df2: t([2.5, 6.5]) }] },
  Gamma: { args: positive_pair('concentration', 'rate') },
  GeneralizedPareto: {
    args: [
      { loc: t([0.5, -1.5]), scale: t([1.5, 0.75]), concentration: t([0.25, -0.5]) },
      { loc: 0, scale: batch, concentration: 0 },
      { loc: 0.5, scale: 1.5, concentration: 0.75 },
    ],
  },
  Geometric: { args: [...binary, { probs: t([0.25, 1]) }], attributes: ['probs', 'logits'] },
  Gumbel: { args: loc_and_scale },
  HalfCauchy: { args: scale, attributes: ['scale'] },
  HalfNormal: { args: scale, attributes: ['scale'] },
  Independent: {
    args: [
      { base_distribution: made('Normal', batch, t(1.5)), reinterpreted_batch_ndims: 1 },
      { base_distribution: made('Bernoulli', t([0.25, 0.75])), reinterpreted_batch_ndims: 0 },
      { base_distribution: made('Gamma', batch, t(1.5)), reinterpreted_batch_ndims: 2 },
      { base_distribution: made('Dirichlet', batch), reinterpreted_batch_ndims: 1 },
    ],
  },
  InverseGamma: { args: positive_pair('concentration', 'rate'), attributes: ['concentration', 'rate'] },
  Kumaraswamy: { args: positive_pair('concentration1', 'concentration0') },
  LKJCholesky: {
    args: [
      { dim: 2, concentration: 0.5 },
      { dim: 3, concentration: t([0.5, 1.5]) },
      { dim: 4, concentration: t(2.5) },
    ],
  },
  Laplace: { args: loc_and_scale },
  LogNormal: { args: loc_and_scale, attributes: ['loc', 'scale'] },
  LogisticNormal: {
    args: [
      { loc: t([0.5, -1.5]), scale: t([1.5, 0.75]) },
      { loc: t([0.25, 0.5, 0.75]), scale: batch },
      { loc: t(0.25), scale: t(1.5) },
    ],
    attributes: ['loc', 'scale'],
  },
  LowRankMultivariateNormal: {
    args: [
      { loc: t([0.5, -1.5]), cov_factor: t([[1.5], [0.5]]), cov_diag: t([1.25, 0.75]) },
      {
        loc: t([
          [0.5, -1.5],
          [0.25, 0],
        ]),
        cov_factor: t([
          [1.5, 0.25],
          [0.5, -0.5],
        ]),
        cov_diag: t([1.25, 0.75]),
      },
    ],
    attributes: ['scale_tril', 'covariance_matrix', 'precision_matrix'],
  },
  MixtureSameFamily: {
    args: [
      {
        mixture_distribution: made('Categorical', t([0.25, 0.75])),
        component_distribution: made('Normal', t([-1.5, 1.5]), t([0.5, 0.75])),
      },
      {
        mixture_distribution: made('Categorical', t([0.25, 0.75])),
        component_distribution: made('MultivariateNormal', t([[-1.5, 0.5]]), t([matrix, other_matrix])),
      },
      {
        mixture_distribution: made('Categorical', batch),
        component_distribution: made('Gamma', batch, t(1.5)),
      },
    ],
  },
  Multinomial: {
    args: several.map((args) => ({ total_count: 4, ...args })),
    attributes: ['probs', 'logits', 'param_shape'],
  },
  MultivariateNormal: {
    args: [
      { loc: t([0.5, -1.5]), covariance_matrix: t(matrix) },
      { loc: t([0.5, -1.5]), precision_matrix: t([matrix, other_matrix]) },
      {
        loc: t([
          [0.5, -1.5],
          [0.25, 0],
        ]),
        scale_tril: t(factor),
      },
    ],
    attributes: ['scale_tril', 'covariance_matrix', 'precision_matrix'],
  },
  NegativeBinomial: {
    args: [
      { total_count: 3.5, probs: t([0.25, 0.75]) },
      { total_count: t([3, 4]), logits: t([[-0.5], [1.5]]) },
      { total_count: t(5), probs: t([0, 0.5]) },
    ],
    attributes: ['total_count', 'probs', 'logits', 'param_shape'],
  },
  Normal: { args: loc_and_scale },
  OneHotCategorical: { args: several, attributes: ['probs', 'logits', 'param_shape'] },
  OneHotCategoricalStraightThrough: { args: several, attributes: ['probs', 'logits'] },
  Pareto: { args: positive_pair('scale', 'alpha') },
  Poisson: { args: [{ rate: t([0.5, 2.5]) }, { rate: batch }, { rate: 1.5 }, { rate: t([0]) }] },
  RelaxedBernoulli: {
    args: [
      { temperature: t(0.75), probs: t([0.25, 0.75]) },
      { temperature: t([1.5]), logits: t([[-0.5], [1.5]]) },
      { temperature: t(2.5), probs: 0.25 },
    ],
    attributes: ['temperature', 'probs', 'logits'],
  },
  RelaxedOneHotCategorical: {
    args: several.slice(0, 2).map((args) => ({ temperature: t(0.75), ...args })),
    attributes: ['temperature', 'probs', 'logits'],
  },
  StudentT: {
    args: [
      { df: t([0.5, 1.5, 2.5]), loc: t(0.5), scale: t([1.5, 0.75, 0.25]) },
      { df: batch, loc: 0, scale: 1 },
      { df: 4.5 },
    ],
  },
  TransformedDistribution: {
    args: [
      { base_distribution: made('Normal', batch, t(1.5)), transforms: [made('ExpTransform')] },
      {
        base_distribution: made('Uniform', t([0, 0]), t([1, 1])),
        transforms: [made('AffineTransform', t([0.5, 1.5]), t([-2.5, 3.5])), made('TanhTransform')],
      },
      { base_distribution: made('Normal', batch, t(1.5)), transforms: [made('StickBreakingTransform')] },
      { base_distribution: made('Gamma', t([1.5, 2.5]), t(1.5)), transforms: [] },
      {
        base_distribution: made('Normal', t(0.5), t(1.5)),
        transforms: [made('AffineTransform', t([0.5, 1.5]), 2)],
      },
    ],
  },
  Uniform: {
    args: [
      { low: t([0.5, -1.5]), high: t([1.5, 0.75]) },
      { low: t(0.125), high: batch },
      { low: 0, high: 1 },
    ],
  },
  VonMises: {
    args: [
      { loc: t([0.5, -1.5]), concentration: t([1.5, 5.5]) },
      { loc: t(0.25), concentration: batch },
      { loc: t([0.5]), concentration: t([0.000001]) },
    ],
  },
  Weibull: { args: positive_pair('scale', 'concentration') },
  Wishart: {
    args: [
      { df: t(3.5), covariance_matrix: t(matrix) },
      { df: t([4.5, 5]), precision_matrix: t([matrix, other_matrix]) },
      { df: 3, scale_tril: t(factor) },
    ],
    attributes: ['scale_tril', 'covariance_matrix', 'precision_matrix'],
  },
};

/** All cases, in single and double precision. */
export const cases: readonly Case[] = Object.entries(grid).flatMap(([name, { args, attributes = [] }]) =>
  args.flatMap((given) => (['float32', 'float64'] as const).map((dtype) => ({ name, args: given, dtype, attributes }))),
);

/** The first case of each class, for divergences. */
export const of_classes: readonly Case[] = cases.filter(
  (one, i) => cases.findIndex(({ name, dtype }) => name === one.name && dtype === one.dtype) === i,
);
