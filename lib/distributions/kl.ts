/** Kullback-Leibler divergences; mirrors `torch.distributions.kl`. */
import { kind_of } from '../_internal/kind_of.js';
import { NotImplementedError } from '../_internal/not_implemented.js';
import { in_name_of } from '../_internal/operator_errors.js';
import { type Arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import type { Tensor } from '../_tensor.js';
import { grad } from '../autograd/index.js';
import { diag_embed, full_like, ones_like, where } from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import { softplus } from '../generated/nn_functions.js';
import * as special from '../generated/special.js';
import { any_true, EULER, minus, put_where } from './arithmetic.js';
import { Bernoulli } from './bernoulli.js';
import { Beta } from './beta.js';
import { Binomial } from './binomial.js';
import { Categorical } from './categorical.js';
import { Cauchy } from './cauchy.js';
import { ContinuousBernoulli } from './continuous_bernoulli.js';
import { Dirichlet } from './dirichlet.js';
import { Distribution } from './distribution.js';
import { ExponentialFamily } from './exp_family.js';
import { Exponential } from './exponential.js';
import { Gamma } from './gamma.js';
import { Geometric } from './geometric.js';
import { Gumbel } from './gumbel.js';
import { HalfNormal } from './half_normal.js';
import { Independent } from './independent.js';
import { Laplace } from './laplace.js';
import { LowRankMultivariateNormal } from './lowrank_multivariate_normal.js';
import { batch_lowrank_logdet, batch_lowrank_mahalanobis, batch_mahalanobis } from './matrices.js';
import { MultivariateNormal } from './multivariate_normal.js';
import { Normal } from './normal.js';
import { OneHotCategorical } from './one_hot_categorical.js';
import { Pareto } from './pareto.js';
import { Poisson } from './poisson.js';
import { same_transforms } from './signs.js';
import { TransformedDistribution } from './transformed_distribution.js';
import { Uniform } from './uniform.js';
import { sum_rightmost } from './parameters.js';

/** A class of distributions, whatever its constructor takes. */
export type DistributionClass<D extends Distribution = Distribution> = abstract new (...args: never) => D;
/** The divergence of distributions of two classes. */
export type Divergence<P extends Distribution, Q extends Distribution> = (p: P, q: Q) => Tensor;

type AnyClass = DistributionClass;
type AnyDivergence = Divergence<Distribution, Distribution>;
interface Entry {
  readonly type_p: AnyClass;
  readonly type_q: AnyClass;
  readonly divergence: AnyDivergence;
}

const registry: Entry[] = [];
/** What was found for two classes; forgotten when something is registered. */
let found = new Map<AnyClass, Map<AnyClass, AnyDivergence | null>>();

const extends_class = (a: AnyClass, b: AnyClass): boolean => a === b || (a.prototype as object) instanceof b;

const REGISTER_KL = signature<{ type_p: AnyClass; type_q: AnyClass }>(
  'register_kl',
  'type_p: Callable, type_q: Callable',
);

/**
 * Registers the divergence of two classes of distributions, with their subclasses: the most specific match is taken. Mirrors
 * `torch.distributions.register_kl`.
 *
 * @param type_p - the class of the first distribution
 * @param type_q - the class of the second
 * @returns a function that takes the divergence, registers it and returns it
 * @throws TypeError when an argument is not a class
 * @example
 * ```ts
 * const { Normal, register_kl, kl_divergence } = torch.distributions;
 * class Wide extends Normal {}
 * register_kl(Wide, Normal)((p, q) => p.scale.div(q.scale));
 * print(kl_divergence(new Wide(0, 3), new Normal(0, 2)));
 * ```
 * ```python
 * from torch.distributions import Normal, register_kl, kl_divergence
 * class Wide(Normal): pass
 * register_kl(Wide, Normal)(lambda p, q: p.scale.div(q.scale))
 * print(kl_divergence(Wide(0, 3), Normal(0, 2)))
 * ```
 */
export function register_kl<P extends Distribution, Q extends Distribution>(
  type_p: DistributionClass<P>,
  type_q: DistributionClass<Q>,
): (fun: Divergence<P, Q>) => Divergence<P, Q>;
export function register_kl<P extends Distribution, Q extends Distribution>(
  ...args: Arguments<
    [type_p: DistributionClass<P>, type_q: DistributionClass<Q>],
    { type_p: DistributionClass<P>; type_q: DistributionClass<Q> },
    ['type_p', 'type_q']
  >
): (fun: Divergence<P, Q>) => Divergence<P, Q>;
export function register_kl(...args: unknown[]): unknown {
  const { type_p, type_q } = REGISTER_KL.read(args);
  return (divergence: AnyDivergence) => {
    const known = registry.findIndex((entry) => entry.type_p === type_p && entry.type_q === type_q);
    if (known >= 0) registry.splice(known, 1);
    registry.push({ type_p, type_q, divergence });
    found = new Map();
    return divergence;
  };
}

/** Whether classes are at least as specific as others: the first that differ decide. */
function is_as_specific(a: readonly AnyClass[], b: readonly AnyClass[]): boolean {
  for (const [i, its_class] of a.entries()) {
    if (!extends_class(its_class, b[i]!)) return false;
    if (its_class !== b[i]) return true;
  }
  return true;
}

function most_specific(entries: readonly Entry[], classes_of: (entry: Entry) => readonly AnyClass[]): Entry {
  return entries.reduce((best, entry) => {
    const [a, b] = [classes_of(entry), classes_of(best)];
    return is_as_specific(a, b) && a.some((its_class, i) => its_class !== b[i]) ? entry : best;
  });
}

/** The divergence for two classes; null when there is none. */
function divergence_for(type_p: AnyClass, type_q: AnyClass): AnyDivergence | null {
  const matches = registry.filter(
    (entry) => extends_class(type_p, entry.type_p) && extends_class(type_q, entry.type_q),
  );
  if (matches.length === 0) return null;
  const left = most_specific(matches, (entry) => [entry.type_p, entry.type_q]);
  const right = most_specific(matches, (entry) => [entry.type_q, entry.type_p]);
  if (left.divergence !== right.divergence) {
    warn(
      `Ambiguous kl_divergence(${type_p.name}, ${type_q.name}). Please register_kl(${left.type_p.name}, ${right.type_q.name})`,
      'RuntimeWarning',
    );
  }
  return left.divergence;
}

const KL_DIVERGENCE = signature<{ p: Distribution; q: Distribution }>(
  'kl_divergence',
  'p: Distribution, q: Distribution',
);

/**
 * The Kullback-Leibler divergence of two distributions: the mean of `log(p(x) / q(x))` over `p`. Mirrors
 * `torch.distributions.kl_divergence`.
 *
 * @param p - a distribution
 * @param q - another
 * @returns a tensor of shape `batch_shape`
 * @throws NotImplementedError when none is registered for their classes
 * @example
 * ```ts
 * const { Normal, kl_divergence } = torch.distributions;
 * print(kl_divergence(new Normal(torch.zeros(1), 1), new Normal(torch.ones(1), 2)));
 * ```
 * ```python
 * from torch.distributions import Normal, kl_divergence
 * print(kl_divergence(Normal(torch.zeros(1), 1), Normal(torch.ones(1), 2)))
 * ```
 */
export function kl_divergence(p: Distribution, q: Distribution): Tensor;
export function kl_divergence(
  ...args: Arguments<[p: Distribution, q: Distribution], { p: Distribution; q: Distribution }, ['p', 'q']>
): Tensor;
export function kl_divergence(...args: unknown[]): Tensor {
  const { p, q } = KL_DIVERGENCE.read(args);
  let divergence: AnyDivergence | null | undefined;
  if (p instanceof Distribution && q instanceof Distribution) {
    const [type_p, type_q] = [p.constructor as AnyClass, q.constructor as AnyClass];
    let of_p = found.get(type_p);
    if (of_p === undefined) found.set(type_p, (of_p = new Map()));
    divergence = of_p.get(type_q);
    if (divergence === undefined) of_p.set(type_q, (divergence = divergence_for(type_p, type_q)));
  }
  if (!divergence) {
    throw new NotImplementedError(`No KL(p || q) is implemented for p type ${kind_of(p)} and q type ${kind_of(q)}`);
  }
  const known = divergence;
  return in_name_of('kl_divergence', () => known(p, q));
}

// --- the same class ----------------------------------------------------------------------------------

/** `x log x`, which is 0 for 0. */
const x_log_x = (x: Tensor): Tensor => special.xlogy(x, x);

/** The trace of `X X^T`. */
function trace_of_square(x: Tensor): Tensor {
  const count = x.size(-1) * x.size(-2);
  return x.reshape(-1, count).pow(2).sum(-1).reshape(x.shape.slice(0, -2));
}

const infinite_like = (x: Tensor): Tensor => full_like(x, Infinity);
const log_det = (factor: Tensor): Tensor => factor.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1);

register_kl(
  Bernoulli,
  Bernoulli,
)((p, q) => {
  const ones = p.probs.mul(softplus(q.logits.neg()).sub(softplus(p.logits.neg())));
  put_where(ones, q.probs.eq(0), Infinity);
  put_where(ones, p.probs.eq(0), 0);
  const zeros = minus(1, p.probs).mul(softplus(q.logits).sub(softplus(p.logits)));
  put_where(zeros, q.probs.eq(1), Infinity);
  put_where(zeros, p.probs.eq(1), 0);
  return ones.add(zeros);
});

register_kl(
  Beta,
  Beta,
)((p, q) => {
  const total_p = p.concentration1.add(p.concentration0);
  const total_q = q.concentration1.add(q.concentration0);
  const of_q = q.concentration1.lgamma().add(q.concentration0.lgamma()).add(total_p.lgamma());
  const of_p = p.concentration1.lgamma().add(p.concentration0.lgamma()).add(total_q.lgamma());
  return of_q
    .sub(of_p)
    .add(p.concentration1.sub(q.concentration1).mul(p.concentration1.digamma()))
    .add(p.concentration0.sub(q.concentration0).mul(p.concentration0.digamma()))
    .add(total_q.sub(total_p).mul(total_p.digamma()));
});

register_kl(
  Binomial,
  Binomial,
)((p, q) => {
  // Counts of q that are smaller cannot have the values of p.
  if (any_true(p.total_count.lt(q.total_count))) {
    throw new NotImplementedError('KL between Binomials where q.total_count > p.total_count is not implemented');
  }
  const of_one = p.probs.mul(p.logits.sub(q.logits)).add(p.probs.neg().log1p()).sub(q.probs.neg().log1p());
  const divergence = p.total_count.mul(of_one);
  const impossible = p.total_count.gt(q.total_count);
  return put_where(divergence, impossible, infinite_like(divergence.index(impossible)));
});

register_kl(
  Categorical,
  Categorical,
)((p, q) => {
  const terms = p.probs.mul(p.logits.sub(q.logits));
  put_where(terms, q.probs.eq(0).expand_as(terms), Infinity);
  put_where(terms, p.probs.eq(0).expand_as(terms), 0);
  return terms.sum(-1);
});

register_kl(
  ContinuousBernoulli,
  ContinuousBernoulli,
)((p, q) => {
  const means = p.mean.mul(p.logits.sub(q.logits));
  const of_p = p._cont_bern_log_norm().add(p.probs.neg().log1p());
  const of_q = q._cont_bern_log_norm().neg().sub(q.probs.neg().log1p());
  return means.add(of_p).add(of_q);
});

register_kl(
  Dirichlet,
  Dirichlet,
)((p, q) => {
  const [total_p, total_q] = [p.concentration.sum(-1), q.concentration.sum(-1)];
  const totals = total_p.lgamma().sub(total_q.lgamma());
  const parts = p.concentration.lgamma().sub(q.concentration.lgamma()).sum(-1);
  const digammas = p.concentration.digamma().sub(total_p.digamma().unsqueeze(-1));
  return totals.sub(parts).add(p.concentration.sub(q.concentration).mul(digammas).sum(-1));
});

register_kl(
  Exponential,
  Exponential,
)((p, q) => {
  const ratio = q.rate.div(p.rate);
  return ratio.log().neg().add(ratio).sub(1);
});

register_kl(
  ExponentialFamily,
  ExponentialFamily,
)((p, q) => {
  if (p.constructor !== q.constructor) {
    throw new NotImplementedError(
      'The cross KL-divergence between different exponential families cannot                             be computed using Bregman divergences',
    );
  }
  const of_p = p._natural_params.map((param) => param.detach().requires_grad_());
  const of_q = q._natural_params;
  const log_normalizer = p._log_normalizer(...of_p);
  const gradients = grad(log_normalizer.sum(), of_p, { create_graph: true });
  return of_p.reduce(
    (result, param, i) => result.sub(sum_rightmost(of_q[i]!.sub(param).mul(gradients[i]!), q.event_shape.length)),
    q._log_normalizer(...of_q).sub(log_normalizer),
  );
});

register_kl(
  Gamma,
  Gamma,
)((p, q) => {
  const rates = q.concentration.mul(p.rate.div(q.rate).log());
  const gammas = q.concentration.lgamma().sub(p.concentration.lgamma());
  const digammas = p.concentration.sub(q.concentration).mul(p.concentration.digamma());
  const means = q.rate.sub(p.rate).mul(p.concentration.div(p.rate));
  return rates.add(gammas).add(digammas).add(means);
});

register_kl(
  Gumbel,
  Gumbel,
)((p, q) => {
  const ratio = p.scale.div(q.scale);
  const [loc_q, loc_p] = [q.loc.div(q.scale), p.loc.div(q.scale)];
  const first = ratio.log().neg().sub(loc_q).add(loc_p);
  const last = loc_q.add(ratio.add(1).lgamma()).sub(loc_p).exp();
  return first
    .add(ratio.mul(EULER))
    .add(last)
    .sub(1 + EULER);
});

register_kl(Geometric, Geometric)((p, q) => p.entropy().neg().sub(q.probs.neg().log1p().div(p.probs)).sub(q.logits));

const of_normals = (p: Normal, q: Normal): Tensor => {
  const variances = p.scale.div(q.scale).pow(2);
  const means = p.loc.sub(q.loc).div(q.scale).pow(2);
  return variances.add(means).sub(1).sub(variances.log()).mul(0.5);
};

register_kl(HalfNormal, HalfNormal)((p, q) => of_normals(p.base_dist, q.base_dist));

register_kl(
  Laplace,
  Laplace,
)((p, q) => {
  const ratio = p.scale.div(q.scale);
  const distance = p.loc.sub(q.loc).abs();
  return ratio
    .log()
    .neg()
    .add(distance.div(q.scale))
    .add(ratio.mul(distance.neg().div(p.scale).exp()))
    .sub(1);
});

function check_events(p: Distribution, q: Distribution, what: string): void {
  const [a, b] = [p.event_shape, q.event_shape];
  if (a.length === b.length && a.every((size, i) => size === b[i])) return;
  throw new Error(
    `KL-divergence between two ${what} with                          different event shapes cannot be computed`,
  );
}

const LOW_RANK = '(Low Rank) Multivariate Normals';
const log_det_of_lowrank = (p: LowRankMultivariateNormal): Tensor =>
  batch_lowrank_logdet(p._unbroadcasted_cov_diag, p._capacitance_tril);

function mahalanobis_of_lowrank(q: LowRankMultivariateNormal, difference: Tensor): Tensor {
  return batch_lowrank_mahalanobis(
    q._unbroadcasted_cov_factor,
    q._unbroadcasted_cov_diag,
    difference,
    q._capacitance_tril,
  );
}

/** `L^-1 W^T D^-1`, by which the inverse of `W W^T + D` is found. */
function solved_factor(q: LowRankMultivariateNormal): Tensor {
  const scaled = q._unbroadcasted_cov_factor.mT.div(q._unbroadcasted_cov_diag.unsqueeze(-2));
  return linalg.solve_triangular(q._capacitance_tril, scaled, { upper: false });
}

register_kl(
  LowRankMultivariateNormal,
  LowRankMultivariateNormal,
)((p, q) => {
  check_events(p, q, 'Low Rank Multivariate Normals');
  const determinants = log_det_of_lowrank(q).sub(log_det_of_lowrank(p));
  const distance = mahalanobis_of_lowrank(q, q.loc.sub(p.loc));
  const solved = solved_factor(q);
  const [diag_p, diag_q] = [p._unbroadcasted_cov_diag, q._unbroadcasted_cov_diag];
  const trace = diag_p
    .div(diag_q)
    .sum(-1)
    .add(trace_of_square(p._unbroadcasted_cov_factor.mul(diag_q.rsqrt().unsqueeze(-1))))
    .sub(trace_of_square(solved.mul(diag_p.sqrt().unsqueeze(-2))))
    .sub(trace_of_square(solved.matmul(p._unbroadcasted_cov_factor)));
  return determinants.add(trace).add(distance).sub(p.event_shape[0]!).mul(0.5);
});

register_kl(
  MultivariateNormal,
  LowRankMultivariateNormal,
)((p, q) => {
  check_events(p, q, LOW_RANK);
  const factor = p._unbroadcasted_scale_tril;
  const determinants = log_det_of_lowrank(q).sub(log_det(factor).mul(2));
  const distance = mahalanobis_of_lowrank(q, q.loc.sub(p.loc));
  const solved = solved_factor(q);
  const trace = trace_of_square(factor.mul(q._unbroadcasted_cov_diag.rsqrt().unsqueeze(-1))).sub(
    trace_of_square(solved.matmul(factor)),
  );
  return determinants.add(trace).add(distance).sub(p.event_shape[0]!).mul(0.5);
});

/** The batch shape of the factors of two distributions. */
function combined(a: Tensor, b: Tensor): number[] {
  const [shape_a, shape_b] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const dims = Math.max(shape_a.length, shape_b.length);
  return Array.from({ length: dims }, (_, i) => {
    const [x, y] = [shape_a.at(i - dims) ?? 1, shape_b.at(i - dims) ?? 1];
    return x === 1 ? y : x;
  });
}

register_kl(
  LowRankMultivariateNormal,
  MultivariateNormal,
)((p, q) => {
  check_events(p, q, LOW_RANK);
  const factor_q = q._unbroadcasted_scale_tril;
  const determinants = log_det(factor_q).mul(2).sub(log_det_of_lowrank(p));
  const distance = batch_mahalanobis(factor_q, q.loc.sub(p.loc));
  const batch = combined(factor_q, p._unbroadcasted_cov_factor);
  const n = p.event_shape[0]!;
  const left = factor_q.expand([...batch, n, n]);
  const factor_p = p._unbroadcasted_cov_factor.expand([...batch, n, p.cov_factor.size(-1)]);
  const diag_p = diag_embed(p._unbroadcasted_cov_diag.sqrt()).expand([...batch, n, n]);
  const of_factor = trace_of_square(linalg.solve_triangular(left, factor_p, { upper: false }));
  const of_diag = trace_of_square(linalg.solve_triangular(left, diag_p, { upper: false }));
  return determinants.add(of_factor.add(of_diag)).add(distance).sub(n).mul(0.5);
});

register_kl(
  MultivariateNormal,
  MultivariateNormal,
)((p, q) => {
  check_events(p, q, 'Multivariate Normals');
  const [factor_p, factor_q] = [p._unbroadcasted_scale_tril, q._unbroadcasted_scale_tril];
  const determinants = log_det(factor_q).sub(log_det(factor_p));
  const batch = combined(factor_q, factor_p);
  const n = p.event_shape[0]!;
  const left = factor_q.expand([...batch, n, n]);
  const right = factor_p.expand([...batch, n, n]);
  const trace = trace_of_square(linalg.solve_triangular(left, right, { upper: false }));
  const distance = batch_mahalanobis(factor_q, q.loc.sub(p.loc));
  return determinants.add(trace.add(distance).sub(n).mul(0.5));
});

register_kl(Normal, Normal)(of_normals);

register_kl(OneHotCategorical, OneHotCategorical)((p, q) => kl_divergence(p._categorical, q._categorical));

register_kl(
  Pareto,
  Pareto,
)((p, q) => {
  const ratio = q.alpha.div(p.alpha);
  const scales = q.alpha.mul(p.scale.div(q.scale).log());
  const divergence = scales.add(ratio.log().neg()).add(ratio).sub(1);
  return put_where(divergence, p.scale.lt(q.scale), Infinity);
});

register_kl(Poisson, Poisson)((p, q) => p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate)));

register_kl(
  TransformedDistribution,
  TransformedDistribution,
)((p, q) => {
  if (!same_transforms(p.transforms, q.transforms)) throw new NotImplementedError();
  const [a, b] = [p.event_shape, q.event_shape];
  if (a.length !== b.length || a.some((size, i) => size !== b[i])) throw new NotImplementedError();
  return kl_divergence(p.base_dist, q.base_dist);
});

register_kl(
  Uniform,
  Uniform,
)((p, q) => {
  const divergence = q.high.sub(q.low).div(p.high.sub(p.low)).log();
  return put_where(divergence, q.low.gt(p.low).logical_or(q.high.lt(p.high)), Infinity);
});

register_kl(
  Independent,
  Independent,
)((p, q) => {
  if (p.reinterpreted_batch_ndims !== q.reinterpreted_batch_ndims) throw new NotImplementedError();
  return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims);
});

register_kl(
  Cauchy,
  Cauchy,
)((p, q) => {
  const squares = p.scale.add(q.scale).pow(2).add(p.loc.sub(q.loc).pow(2));
  return squares.log().sub(p.scale.mul(4).mul(q.scale).log());
});

// --- different classes -------------------------------------------------------------------------------

/** Divergences that are infinite since the support of `q` does not contain that of `p`. */
function register_infinite<P extends Distribution>(
  type_p: DistributionClass<P>,
  like: (p: P) => Tensor,
  types_q: readonly DistributionClass[],
): void {
  const divergence = (p: P): Tensor => infinite_like(like(p));
  for (const type_q of types_q) register_kl(type_p, type_q)(divergence);
}

const on_unit_interval = [Beta, ContinuousBernoulli];
const of_bounded_support = [...on_unit_interval, Pareto, Uniform];
const of_half_line = [...on_unit_interval, Exponential, Gamma, Pareto, Uniform];

register_infinite(Beta, (p) => p.concentration1, [Pareto]);
register_infinite(ContinuousBernoulli, (p) => p.probs, [Pareto]);
register_infinite(Exponential, (p) => p.rate, of_bounded_support);
register_infinite(Gamma, (p) => p.concentration, of_bounded_support);
register_infinite(Gumbel, (p) => p.loc, of_half_line);
register_infinite(Laplace, (p) => p.loc, of_half_line);
register_infinite(Normal, (p) => p.loc, of_half_line);
register_infinite(Pareto, (p) => p.scale, [...on_unit_interval, Uniform]);
register_infinite(Poisson, (p) => p.rate, [Bernoulli, Binomial]);

register_kl(Bernoulli, Poisson)((p, q) => p.entropy().neg().sub(p.probs.mul(q.rate.log()).sub(q.rate)));

register_kl(
  Beta,
  ContinuousBernoulli,
)((p, q) => p.entropy().neg().sub(p.mean.mul(q.logits)).sub(q.probs.neg().log1p()).sub(q._cont_bern_log_norm()));

register_kl(
  Beta,
  Exponential,
)((p, q) => {
  const first = p.entropy().neg().sub(q.rate.log());
  return first.add(q.rate.mul(p.mean));
});

register_kl(
  Beta,
  Gamma,
)((p, q) => {
  const total = (): Tensor => p.concentration1.add(p.concentration0);
  const of_p = p.entropy().neg();
  const normalizer = q.concentration.lgamma().sub(q.concentration.mul(q.rate.log()));
  const logs = q.concentration.sub(1).mul(p.concentration1.digamma().sub(total().digamma()));
  const means = q.rate.mul(p.concentration1).div(total());
  return of_p.add(normalizer).sub(logs).add(means);
});

register_kl(
  Beta,
  Normal,
)((p, q) => {
  const { mean } = p;
  const variance = q.scale.pow(2);
  const of_p = p.entropy().neg();
  const normalizer = variance.mul(2).mul(Math.PI).log().mul(0.5);
  const total = p.concentration1.add(p.concentration0).add(1);
  const squares = mean.mul(minus(1, mean)).div(total).add(mean.pow(2)).mul(0.5);
  const distance = squares.sub(q.loc.mul(mean)).add(q.loc.pow(2).mul(0.5)).div(variance);
  return of_p.add(normalizer).add(distance);
});

register_kl(
  Beta,
  Uniform,
)((p, q) => {
  const divergence = p.entropy().neg().add(q.high.sub(q.low).log());
  return put_where(divergence, q.low.gt(0).logical_or(q.high.lt(1)), Infinity);
});

register_kl(ContinuousBernoulli, Exponential)((p, q) => p.entropy().neg().sub(q.rate.log()).add(q.rate.mul(p.mean)));

register_kl(
  ContinuousBernoulli,
  Normal,
)((p, q) => {
  const normalizer = q.loc
    .div(q.scale)
    .square()
    .add(Math.log(2 * Math.PI))
    .mul(0.5)
    .add(q.scale.log());
  const squares = p.variance.add(p.mean.square()).sub(q.loc.mul(2).mul(p.mean));
  return p
    .entropy()
    .neg()
    .add(normalizer)
    .add(squares.div(q.scale.square().mul(2)));
});

register_kl(
  ContinuousBernoulli,
  Uniform,
)((p, q) => {
  const divergence = p.entropy().neg().add(q.high.sub(q.low).log());
  // As Python has it: a wider support counts as one that does not fit.
  return where(q.low.ge(0).max(q.high.le(1)), ones_like(divergence).mul(Infinity), divergence);
});

register_kl(
  Exponential,
  Gamma,
)((p, q) => {
  const ratio = q.rate.div(p.rate);
  return q.concentration
    .neg()
    .mul(ratio.log())
    .add(ratio)
    .add(q.concentration.lgamma())
    .add(q.concentration.mul(EULER))
    .sub(1 + EULER);
});

register_kl(
  Exponential,
  Gumbel,
)((p, q) => {
  const scaled = p.rate.mul(q.scale);
  const loc = q.loc.div(q.scale);
  const first = scaled.log().sub(1);
  const second = loc.exp().mul(scaled).div(scaled.add(1));
  return first.sub(loc).add(second).add(scaled.reciprocal());
});

register_kl(
  Exponential,
  Normal,
)((p, q) => {
  const [variance, squared_rate] = [q.scale.pow(2), p.rate.pow(2)];
  const normalizer = squared_rate.mul(variance).mul(2).mul(Math.PI).log().mul(0.5);
  const distance = squared_rate.reciprocal().sub(q.loc.div(p.rate)).add(q.loc.pow(2).mul(0.5));
  return normalizer.sub(1).add(distance.div(variance));
});

register_kl(
  Gamma,
  Exponential,
)((p, q) => p.entropy().neg().sub(q.rate.log()).add(q.rate.mul(p.concentration).div(p.rate)));

register_kl(
  Gamma,
  Gumbel,
)((p, q) => {
  const scaled = p.rate.mul(q.scale);
  const loc = q.loc.div(q.scale);
  const of_p = p.concentration.sub(1).mul(p.concentration.digamma()).sub(p.concentration.lgamma()).sub(p.concentration);
  const logs = scaled.log().add(p.concentration.div(scaled));
  const tail = loc.exp().mul(scaled.reciprocal().add(1).pow(p.concentration.neg())).sub(loc);
  return of_p.add(logs).add(tail);
});

register_kl(
  Gamma,
  Normal,
)((p, q) => {
  const [variance, squared_rate] = [q.scale.pow(2), p.rate.pow(2)];
  const normalizer = squared_rate
    .mul(variance)
    .mul(2)
    .mul(Math.PI)
    .log()
    .mul(0.5)
    .sub(p.concentration)
    .sub(p.concentration.lgamma());
  const squares = p.concentration.pow(2).add(p.concentration).mul(0.5).div(squared_rate);
  const products = q.loc.mul(p.concentration).div(p.rate);
  const distance = squares.sub(products).add(q.loc.pow(2).mul(0.5)).div(variance);
  return normalizer.add(p.concentration.sub(1).mul(p.concentration.digamma())).add(distance);
});

register_kl(
  Gumbel,
  Normal,
)((p, q) => {
  const ratio = p.scale.div(q.scale);
  const normalizer = ratio.div(Math.sqrt(2 * Math.PI)).log();
  const variances = ratio.mul(Math.PI).mul(0.5).pow(2).div(3);
  const means = p.loc.add(p.scale.mul(EULER)).sub(q.loc).div(q.scale).pow(2).mul(0.5);
  return normalizer
    .neg()
    .add(variances)
    .add(means)
    .sub(1 + EULER);
});

register_kl(
  Laplace,
  Normal,
)((p, q) => {
  const variance = q.scale.pow(2);
  const ratio = p.scale.pow(2).div(variance);
  const normalizer = ratio.mul(2).div(Math.PI).log().mul(0.5);
  const squares = p.loc.pow(2).mul(0.5).sub(p.loc.mul(q.loc)).add(q.loc.pow(2).mul(0.5));
  return normalizer.neg().add(ratio).add(squares.div(variance)).sub(1);
});

register_kl(
  Normal,
  Gumbel,
)((p, q) => {
  const mean = p.loc.div(q.scale);
  const variance = p.scale.div(q.scale).pow(2);
  const loc = q.loc.div(q.scale);
  const logs = variance.log().mul(0.5);
  const tail = mean.neg().add(variance.mul(0.5)).add(loc).exp();
  return logs
    .neg()
    .add(mean.sub(loc))
    .add(tail)
    .sub(0.5 * (1 + Math.log(2 * Math.PI)));
});

register_kl(
  Normal,
  Laplace,
)((p, q) => {
  const difference = p.loc.sub(q.loc);
  const standard = difference.div(p.scale);
  const density = p.scale.mul(Math.sqrt(2 / Math.PI)).mul(standard.pow(2).mul(-0.5).exp());
  const signed = difference.mul(standard.mul(Math.sqrt(0.5)).erf());
  return p.scale
    .div(q.scale)
    .log()
    .neg()
    .add(density.add(signed).div(q.scale))
    .sub(0.5 + 0.5 * Math.log(0.5 * Math.PI));
});

register_kl(
  Pareto,
  Exponential,
)((p, q) => {
  const scaled = p.scale.mul(q.rate);
  const logs = p.alpha.div(scaled).log();
  const inverse = p.alpha.reciprocal();
  const means = p.alpha.mul(scaled).div(p.alpha.sub(1));
  const divergence = logs.sub(inverse).add(means).sub(1);
  return put_where(divergence, p.alpha.le(1), Infinity);
});

register_kl(
  Pareto,
  Gamma,
)((p, q) => {
  const common = p.scale.log().add(p.alpha.reciprocal());
  const first = p.alpha.log().sub(common);
  const normalizer = q.concentration.lgamma().sub(q.concentration.mul(q.rate.log()));
  const logs = minus(1, q.concentration).mul(common);
  const means = q.rate.mul(p.alpha).mul(p.scale).div(p.alpha.sub(1));
  const divergence = first.add(normalizer).add(logs).add(means).sub(1);
  return put_where(divergence, p.alpha.le(1), Infinity);
});

register_kl(
  Pareto,
  Normal,
)((p, q) => {
  const doubled = q.scale.pow(2).mul(2);
  const common = p.scale.div(p.alpha.sub(1));
  const logs = q.scale
    .mul(Math.sqrt(2 * Math.PI))
    .mul(p.alpha)
    .div(p.scale)
    .log();
  const variance = p.alpha.mul(common.pow(2)).div(p.alpha.sub(2));
  const means = p.alpha.mul(common).sub(q.loc).pow(2);
  const divergence = logs.sub(p.alpha.reciprocal()).add(variance.add(means).div(doubled)).sub(1);
  return put_where(divergence, p.alpha.le(2), Infinity);
});

register_kl(
  Uniform,
  Beta,
)((p, q) => {
  const width = p.high.sub(p.low);
  const of_ones = q.concentration1
    .sub(1)
    .mul(x_log_x(p.high).sub(x_log_x(p.low)).sub(width))
    .div(width);
  const [above, below] = [x_log_x(minus(1, p.high)), x_log_x(minus(1, p.low))];
  const of_zeros = q.concentration0.sub(1).mul(above.sub(below).add(width)).div(width);
  const normalizer = q.concentration1
    .lgamma()
    .add(q.concentration0.lgamma())
    .sub(q.concentration1.add(q.concentration0).lgamma());
  const divergence = of_zeros.add(normalizer).sub(width.log()).sub(of_ones);
  return put_where(divergence, p.high.gt(1).logical_or(p.low.lt(0)), Infinity);
});

register_kl(
  Uniform,
  ContinuousBernoulli,
)((p, q) => {
  const divergence = p
    .entropy()
    .neg()
    .sub(p.mean.mul(q.logits))
    .sub(q.probs.neg().log1p())
    .sub(q._cont_bern_log_norm());
  return where(p.high.ge(1).max(p.low.le(0)), ones_like(divergence).mul(Infinity), divergence);
});

register_kl(
  Uniform,
  Exponential,
)((p, q) => {
  const means = q.rate.mul(p.high.add(p.low)).div(2);
  const divergence = means.sub(p.high.sub(p.low).mul(q.rate).log());
  return put_where(divergence, p.low.lt(0), Infinity);
});

register_kl(
  Uniform,
  Gamma,
)((p, q) => {
  const width = p.high.sub(p.low);
  const normalizer = q.concentration.lgamma().sub(q.concentration.mul(q.rate.log()));
  const logs = minus(1, q.concentration)
    .mul(x_log_x(p.high).sub(x_log_x(p.low)).sub(width))
    .div(width);
  const means = q.rate.mul(p.high.add(p.low)).div(2);
  const divergence = width.log().neg().add(normalizer).add(logs).add(means);
  return put_where(divergence, p.low.lt(0), Infinity);
});

register_kl(
  Uniform,
  Gumbel,
)((p, q) => {
  const scaled = q.scale.div(p.high.sub(p.low));
  const [high, low] = [p.high.sub(q.loc).div(q.scale), p.low.sub(q.loc).div(q.scale)];
  const logs = scaled.log().add(high.add(low).mul(0.5));
  return logs.sub(scaled.mul(high.neg().exp().sub(low.neg().exp())));
});

register_kl(
  Uniform,
  Normal,
)((p, q) => {
  const width = p.high.sub(p.low);
  const logs = q.scale
    .mul(Math.sqrt(2 * Math.PI))
    .div(width)
    .log();
  const variance = width.pow(2).div(12);
  const means = p.high.add(p.low).sub(q.loc.mul(2)).div(2).pow(2);
  return logs.add(variance.add(means).mul(0.5).div(q.scale.pow(2)));
});

register_kl(
  Uniform,
  Pareto,
)((p, q) => {
  const width = p.high.sub(p.low);
  const normalizer = q.alpha.mul(q.scale.pow(q.alpha)).mul(width).log();
  const logs = x_log_x(p.high).sub(x_log_x(p.low)).sub(width).div(width);
  const divergence = logs.mul(q.alpha.add(1)).sub(normalizer);
  return put_where(divergence, p.low.lt(q.scale), Infinity);
});
