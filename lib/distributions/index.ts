/** Probability distributions, with gradients; mirrors `torch.distributions`. */
export { Bernoulli } from './bernoulli.js';
export { Beta } from './beta.js';
export { Binomial } from './binomial.js';
export { Categorical } from './categorical.js';
export { Cauchy } from './cauchy.js';
export { Chi2 } from './chi2.js';
export { ContinuousBernoulli } from './continuous_bernoulli.js';
export { Dirichlet } from './dirichlet.js';
export { Distribution } from './distribution.js';
export { ExponentialFamily } from './exp_family.js';
export { Exponential } from './exponential.js';
export { FisherSnedecor } from './fishersnedecor.js';
export { Gamma } from './gamma.js';
export { GeneralizedPareto } from './generalized_pareto.js';
export { Geometric } from './geometric.js';
export { Gumbel } from './gumbel.js';
export { HalfCauchy } from './half_cauchy.js';
export { HalfNormal } from './half_normal.js';
export { Independent } from './independent.js';
export { InverseGamma } from './inverse_gamma.js';
export { Kumaraswamy } from './kumaraswamy.js';
export { Laplace } from './laplace.js';
export { LKJCholesky } from './lkj_cholesky.js';
export { LogNormal } from './log_normal.js';
export { LogisticNormal } from './logistic_normal.js';
export { LowRankMultivariateNormal } from './lowrank_multivariate_normal.js';
export { MixtureSameFamily } from './mixture_same_family.js';
export { Multinomial } from './multinomial.js';
export { MultivariateNormal } from './multivariate_normal.js';
export { NegativeBinomial } from './negative_binomial.js';
export { Normal } from './normal.js';
export { OneHotCategorical, OneHotCategoricalStraightThrough } from './one_hot_categorical.js';
export { Pareto } from './pareto.js';
export { Poisson } from './poisson.js';
export { RelaxedBernoulli } from './relaxed_bernoulli.js';
export { RelaxedOneHotCategorical } from './relaxed_categorical.js';
export { StudentT } from './studentT.js';
export { TransformedDistribution } from './transformed_distribution.js';
export { Uniform } from './uniform.js';
export { VonMises } from './von_mises.js';
export { Weibull } from './weibull.js';
export { Wishart } from './wishart.js';
export type { ParameterConstraints, SampleShape, ValidateArgs, ValueArgument } from './distribution.js';
export type { ParameterLike } from './parameters.js';
export type { HasCumulativeDistribution } from './transforms.js';
export type { Sign } from './signs.js';
export type { Bound } from './constraints.js';
export type { DistributionClass, Divergence } from './kl.js';
export {
  AbsTransform,
  AffineTransform,
  CatTransform,
  ComposeTransform,
  CorrCholeskyTransform,
  CumulativeDistributionTransform,
  ExpTransform,
  identity_transform,
  IndependentTransform,
  LowerCholeskyTransform,
  PositiveDefiniteTransform,
  PowerTransform,
  ReshapeTransform,
  SigmoidTransform,
  SoftmaxTransform,
  SoftplusTransform,
  StackTransform,
  StickBreakingTransform,
  TanhTransform,
  Transform,
} from './transforms.js';
export { biject_to, transform_to } from './constraint_registry.js';
export { kl_divergence, register_kl } from './kl.js';
export * as constraint_registry from './constraint_registry.js';
export * as constraints from './constraints.js';
export * as kl from './kl.js';
export * as relaxed_bernoulli from './relaxed_bernoulli.js';
export * as relaxed_categorical from './relaxed_categorical.js';
export * as transforms from './transforms.js';
export * as utils from './utils.js';
export * as bernoulli from './bernoulli.js';
export * as beta from './beta.js';
export * as binomial from './binomial.js';
export * as categorical from './categorical.js';
export * as cauchy from './cauchy.js';
export * as chi2 from './chi2.js';
export * as continuous_bernoulli from './continuous_bernoulli.js';
export * as dirichlet from './dirichlet.js';
export * as distribution from './paths/distribution.js';
export * as exp_family from './exp_family.js';
export * as exponential from './exponential.js';
export * as fishersnedecor from './fishersnedecor.js';
export * as gamma from './gamma.js';
export * as generalized_pareto from './generalized_pareto.js';
export * as geometric from './geometric.js';
export * as gumbel from './gumbel.js';
export * as half_cauchy from './half_cauchy.js';
export * as half_normal from './half_normal.js';
export * as independent from './independent.js';
export * as inverse_gamma from './inverse_gamma.js';
export * as kumaraswamy from './kumaraswamy.js';
export * as laplace from './laplace.js';
export * as lkj_cholesky from './lkj_cholesky.js';
export * as log_normal from './log_normal.js';
export * as logistic_normal from './logistic_normal.js';
export * as lowrank_multivariate_normal from './lowrank_multivariate_normal.js';
export * as mixture_same_family from './mixture_same_family.js';
export * as multinomial from './multinomial.js';
export * as multivariate_normal from './multivariate_normal.js';
export * as negative_binomial from './negative_binomial.js';
export * as normal from './normal.js';
export * as one_hot_categorical from './one_hot_categorical.js';
export * as pareto from './pareto.js';
export * as poisson from './poisson.js';
export * as studentT from './studentT.js';
export * as transformed_distribution from './transformed_distribution.js';
export * as uniform from './uniform.js';
export * as von_mises from './von_mises.js';
export * as weibull from './weibull.js';
export * as wishart from './wishart.js';
