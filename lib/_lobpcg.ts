/**
 * `torch.lobpcg`: some eigenvalues and eigenvectors of a symmetric positive definite problem, by locally optimal block
 * preconditioned conjugate gradients (Knyazev 2001; Duersch et al. 2018). The steps are those of Python's in their order, so
 * that the same start gives the same numbers.
 */
import { Function as AutogradFunction, type FunctionCtx } from './autograd/function.js';
import { complex128, complex64, float32, float64, sparse_coo, type DType } from './types/dtype.js';
import { empty, eye, flip, norm, randn, zeros } from './generated/functions.js';
import * as linalg from './generated/linalg.js';
import { Generator } from './random.js';
import type { Tensor } from './_tensor.js';
import { signature } from './_internal/signature.js';
import { same_sizes } from './_internal/sizes.js';

/** The options of {@link lobpcg}. */
export interface LobpcgOptions {
  /** Number of eigenpairs. Default null: the number of columns of `X`, or 1. */
  k?: number | null;
  /** The matrix of the right-hand side, (*, m, m). Default null: the identity. */
  B?: Tensor | null;
  /** Initial approximation of the eigenvectors, (*, m, n). Default null: random. */
  X?: Tensor | null;
  /** Number of columns of a random start. Default null: `k`. */
  n?: number | null;
  /** Preconditioner, (m, m). Default null: the identity. */
  iK?: Tensor | null;
  /** Maximum number of iterations; -1 for no limit. Default 1000. */
  niter?: number | null;
  /** Tolerance for the residuals. Default null: the square root of the machine epsilon of the dtype. */
  tol?: number | null;
  /** Search the largest eigenvalues (true, the default) or the smallest. */
  largest?: boolean | null;
  /** `'ortho'`, which is robust (the default), or `'basic'`. */
  method?: 'ortho' | 'basic' | null;
  /** Called after each iteration with its state; it may set `bvars.force_stop`. Default null. */
  tracker?: ((worker: LOBPCG) => void) | null;
  /** Integer parameters of the method `'ortho'`: `ortho_i_max`, `ortho_j_max`. */
  ortho_iparams?: Record<string, number> | null;
  /** Float parameters of the method `'ortho'`: `ortho_tol`, `ortho_tol_drop`, `ortho_tol_replace`. */
  ortho_fparams?: Record<string, number> | null;
  /** Boolean parameters of the method `'ortho'`: `ortho_use_drop`. */
  ortho_bparams?: Record<string, boolean> | null;
}

interface LobpcgArguments extends LobpcgOptions {
  A: Tensor;
}

const LOBPCG_ARGUMENTS = signature<LobpcgArguments>(
  'lobpcg',
  'A: Tensor, k?: int|None, B?: Tensor|None, X?: Tensor|None, n?: int|None, iK?: Tensor|None, niter?: int|None, tol?: float|None, ' +
    'largest?: bool|None, method?: str|None, tracker?: Callable|None, ortho_iparams?: dict|None, ortho_fparams?: dict|None, ' +
    'ortho_bparams?: dict|None',
);

// ---- Products -----------------------------------------------------------------------------------

function product(a: Tensor | null, b: Tensor): Tensor {
  if (a === null) return b;
  return a.layout === sparse_coo ? a.mm(b) : a.matmul(b);
}

/** `sᵀ a s`. */
function quadratic(a: Tensor | null, s: Tensor): Tensor {
  return product(s.mT, product(a, s));
}

/** Eigenvalues in ascending or descending order, and their vectors. */
function eigen(a: Tensor, largest = false): [values: Tensor, vectors: Tensor] {
  const { eigenvalues, eigenvectors } = linalg.eigh(a, { UPLO: 'U' });
  return largest ? [flip(eigenvalues, [-1]), flip(eigenvectors, [-1])] : [eigenvalues, eigenvectors];
}

const length_of = (a: Tensor): number => norm(a).item();
const columns = (a: Tensor, from: number, to: number): Tensor => a.narrow(-1, from, to - from);

// ---- The iteration ------------------------------------------------------------------------------

/**
 * The state of the iteration of {@link lobpcg}, passed to its `tracker`. Mirrors `torch._lobpcg.LOBPCG`. Tensors are
 * overwritten by the next iteration.
 * @example
 * ```ts
 * const A = torch.diag(torch.arange(1, 13, { dtype: torch.float64 }));
 * let iterations = 0;
 * torch.lobpcg(A, 1, { X: torch.ones(12, 1, { dtype: torch.float64 }), tracker: () => iterations++ });
 * print(iterations > 1);
 * ```
 * ```python
 * A = torch.diag(torch.arange(1, 13, dtype=torch.float64))
 * iterations = []
 * torch.lobpcg(A, 1, X=torch.ones(12, 1, dtype=torch.float64), tracker=iterations.append)
 * print(len(iterations) > 1)
 * ```
 */
export class LOBPCG {
  /** The current approximation of the eigenvalues. */
  E: Tensor;
  /** The current residual. */
  R: Tensor;
  /** The basis of the subspace that is searched: approximations, directions, residuals. */
  S: Tensor;
  /** Tensors of the iteration: `rerr`, what convergence is decided by. */
  readonly tvars: Record<string, Tensor> = {};
  /** Integers of the iteration: `istep`, `iterations_left`, `converged_count`, `converged_end`, `ortho_i`, `ortho_j`. */
  readonly ivars: Record<string, number> = { istep: 0 };
  /** Numbers of the iteration: `X_norm`, `A_norm`, `B_norm`, errors of the orthogonalization. */
  readonly fvars: Record<string, number> = { _: 0 };
  /** Switches of the iteration: `force_stop`. */
  readonly bvars: Record<string, boolean> = { _: false };

  constructor(
    readonly A: Tensor,
    readonly B: Tensor | null,
    /** The current approximation of the eigenvectors. */
    public X: Tensor,
    readonly iK: Tensor | null,
    readonly iparams: Record<string, number>,
    readonly fparams: Record<string, number>,
    readonly bparams: Record<string, boolean>,
    readonly method: string,
    readonly tracker: ((worker: LOBPCG) => void) | null,
  ) {
    const { m, n } = iparams as { m: number; n: number };
    const place = { dtype: X.dtype, device: X.device };
    this.E = zeros([n], place);
    this.R = zeros([m, n], place);
    this.S = zeros([m, 3 * n], place);
  }

  /** Iterates until enough pairs have converged. */
  run(): void {
    do {
      this.update();
      this.tracker?.(this);
    } while (!this.stop_iteration());
  }

  /** Whether the iteration stops. */
  stop_iteration(): boolean {
    return (
      this.bvars['force_stop'] === true ||
      this.ivars['iterations_left'] === 0 ||
      this.ivars['converged_count']! >= this.iparams['k']!
    );
  }

  /** One iteration. */
  update(): void {
    const { ivars, fvars } = this;
    if (ivars['istep'] === 0) {
      const X_norm = length_of(this.X);
      fvars['X_norm'] = X_norm;
      fvars['A_norm'] = length_of(product(this.A, this.X)) * (1 / X_norm);
      fvars['B_norm'] = length_of(product(this.B, this.X)) * (1 / X_norm);
      ivars['iterations_left'] = this.iparams['niter']!;
      ivars['converged_count'] = 0;
      ivars['converged_end'] = 0;
      this.start();
    } else this.step();
    ivars['iterations_left']!--;
    ivars['istep']!++;
  }

  /** Residuals of the current approximation. */
  update_residual(): void {
    this.R = product(this.A, this.X).sub(product(this.B, this.X).mul(this.E));
  }

  /** Counts the leading pairs that have converged, by a criterion that is backward stable. */
  update_converged_count(): number {
    const { E, X, R, fvars, ivars } = this;
    const scale = E.narrow(0, 0, X.size(-1)).abs().mul(fvars['B_norm']!).add(fvars['A_norm']!);
    const rerr = norm(R, 2, [0]).div(norm(X, 2, [0]).mul(scale));
    const converged = rerr.lt(this.fparams['tol']!).tolist() as boolean[];
    const first = converged.indexOf(false);
    const count = first < 0 ? converged.length : first;
    const before = ivars['converged_count']!;
    if (count < before) {
      throw new Error(`the number of converged eigenpairs (was ${before}, got ${count}) cannot decrease`);
    }
    ivars['converged_count'] = count;
    this.tvars['rerr'] = rerr;
    return count;
  }

  /** The first approximation: Rayleigh-Ritz within the given columns. */
  private start(): void {
    const { A, bparams } = this;
    const transform = this.rayleigh_ritz(this.X);
    const [E, Z] = eigen(quadratic(quadratic(A, this.X), transform), bparams['largest']);
    const X = this.X.matmul(transform.matmul(Z));
    if (this.method === 'ortho') this.X = X;
    else {
      // As in Python, the given tensor is written to.
      this.X.copy_(X);
      this.E.copy_(E);
    }
    this.update_residual();
    const converged = this.update_converged_count();
    this.search(null, this.method === 'ortho' ? 0 : converged, true);
  }

  private step(): void {
    const { A, E, X, iparams, ivars, bparams } = this;
    const [from, to, n] = [ivars['converged_count']!, ivars['converged_end']!, iparams['n']!];
    const S = columns(this.S, from, to);
    const left = n - from;
    let directions: Tensor;
    let values: Tensor;
    if (this.method === 'ortho') {
      const [found, Z] = eigen(quadratic(A, S), bparams['largest']);
      values = found;
      columns(X, from, X.size(-1)).copy_(S.matmul(columns(Z, 0, left)));
      const others = columns(Z, left, Z.size(-1));
      directions = S.matmul(others.matmul(linalg.qr(others.narrow(-2, 0, left).mT).Q));
    } else {
      const transform = this.rayleigh_ritz(S);
      const [found, Z] = eigen(quadratic(quadratic(A, S), transform), bparams['largest']);
      values = found;
      columns(X, from, X.size(-1)).copy_(S.matmul(transform.matmul(columns(Z, 0, left))));
      directions = S.matmul(transform.matmul(columns(Z, Math.min(n, Z.size(-1)), Math.min(2 * n - from, Z.size(-1)))));
    }
    E.narrow(0, from, left).copy_(values.narrow(0, 0, left));
    this.update_residual();
    this.search(directions, this.update_converged_count(), false);
  }

  /** The basis of the next subspace: approximations, directions, and what the residuals add. */
  private search(directions: Tensor | null, converged: number, first: boolean): void {
    const { S, X, R, iparams, ivars } = this;
    const n = iparams['n']!;
    columns(S, 0, n).copy_(X);
    const taken = n + (directions?.size(-1) ?? 0);
    if (directions !== null) columns(S, n, taken).copy_(directions);
    const residual = first ? R : columns(R, converged, R.size(-1));
    const W =
      this.method === 'ortho'
        ? this.orthogonal(residual, first ? X : columns(S, 0, taken))
        : product(this.iK, residual);
    const end = taken + W.size(-1);
    ivars['converged_end'] = end;
    columns(S, taken, end).copy_(W);
  }

  /** A transformation that makes `SᵀBS` the identity: the inverse of a Cholesky factor, scaled against round-off. */
  private rayleigh_ritz(S: Tensor): Tensor {
    const SBS = quadratic(this.B, S);
    const row = SBS.diagonal(0, -2, -1).pow(-0.5);
    const column = row.reshape([row.size(0), 1]);
    const factor = linalg.cholesky(SBS.mul(row).mul(column), { upper: true });
    return linalg.solve_triangular(factor, row.diag_embed(), { upper: true, left: false });
  }

  /** Columns that span those of `U` and are B-orthonormal; with `drop` without those that add little. */
  private orthonormal(given: Tensor, drop: boolean, tau: number): Tensor {
    if (given.numel() === 0) return given;
    let U = given;
    let UBU = quadratic(this.B, U);
    let d = UBU.diagonal(0, -2, -1);
    const present = d.abs().ne(0).nonzero().squeeze(-1);
    if (present.size(0) < d.size(0)) {
      // Columns of zeros would be divided by their length.
      U = U.index_select(1, present);
      if (U.numel() === 0) return U;
      UBU = quadratic(this.B, U);
      d = UBU.diagonal(0, -2, -1);
    }
    let column = d.pow(-0.5).reshape([d.size(0), 1]);
    let [E, Z] = eigen(UBU.mul(column).mul(column.mT));
    const least = E.abs().max().mul(tau);
    if (drop) {
      const kept = E.gt(least).nonzero().squeeze(-1);
      E = E.index_select(0, kept);
      Z = Z.index_select(1, kept);
      column = column.index_select(0, kept);
    } else E = E.masked_fill(E.lt(least), least);
    return U.mul(column.mT).matmul(Z.mul(E.pow(-0.5)));
  }

  /** Columns that span those of `U` as far as they are not in the span of `V`, B-orthonormal and B-orthogonal to `V`. */
  private orthogonal(given: Tensor, V: Tensor): Tensor {
    const { B, iparams, fparams, bparams, ivars, fvars } = this;
    for (const key of Object.keys(fvars)) if (/^ortho_.*_rerr$/.test(key)) delete fvars[key];
    delete ivars['ortho_i'];
    delete ivars['ortho_j'];
    const [i_max, j_max] = [iparams['ortho_i_max']!, iparams['ortho_j_max']!];
    const tau = fparams['ortho_tol']!;
    const done = (i: number, j: number, U: Tensor): Tensor => {
      ivars['ortho_i'] = i;
      ivars['ortho_j'] = j;
      return U;
    };
    const BV_norm = norm(product(B, V));
    let U = given;
    let BU = product(B, U);
    let VBU = V.mT.matmul(BU);
    let [i, j] = [0, 0];
    for (let round = 0; round < i_max; round++) {
      i = round;
      U = U.sub(V.matmul(VBU));
      let drop = false;
      let tau_svqb = fparams['ortho_tol_drop']!;
      for (let inner = 0; inner < j_max; inner++) {
        j = inner;
        if (bparams['ortho_use_drop'] === true) {
          U = this.orthonormal(U, drop, tau_svqb);
          drop = true;
          tau_svqb = fparams['ortho_tol_replace']!;
        } else U = this.orthonormal(U, false, fparams['ortho_tol_replace']!);
        if (U.numel() === 0) return done(i, j, U);
        BU = product(B, U);
        const UBU = U.mT.matmul(BU);
        const difference = UBU.sub(eye(UBU.size(-1), { dtype: UBU.dtype, device: UBU.device }));
        const rerr = length_of(difference) * (1 / norm(BU).mul(norm(U)).item<number>());
        fvars[`ortho_UBUmI_rerr[${i}, ${j}]`] = rerr;
        if (rerr < tau) break;
      }
      VBU = V.mT.matmul(BU);
      const rerr = length_of(VBU) * (1 / BV_norm.mul(norm(U)).item<number>());
      fvars[`ortho_VBU_rerr[${i}]`] = rerr;
      if (rerr < tau) break;
      if (iparams['m']! < U.size(-1) + V.size(-1)) {
        throw new Error(
          `Overdetermined shape of U: #B-cols(=${(B ?? V).size(-1)}) >= #U-cols(=${U.size(-1)}) + ` +
            `#V-cols(=${V.size(-1)}) must hold`,
        );
      }
    }
    return done(i, j, U);
  }
}

// ---- The function -------------------------------------------------------------------------------

const precisions = new Map<DType, number>([
  [float32, 1.2e-7],
  [float64, 2.23e-16],
]);

function parameters_of(
  given: LobpcgArguments,
  m: number,
  n: number,
  k: number,
  tol: number,
): {
  iparams: Record<string, number>;
  fparams: Record<string, number>;
  bparams: Record<string, boolean>;
} {
  const iparams: Record<string, number> = { m, n, k, niter: given.niter ?? 1000 };
  const fparams: Record<string, number> = { tol };
  const bparams: Record<string, boolean> = { largest: given.largest ?? true };
  if ((given.method ?? 'ortho') !== 'ortho') return { iparams, fparams, bparams };
  return {
    iparams: { ortho_i_max: 3, ortho_j_max: 3, ...iparams, ...given.ortho_iparams },
    fparams: { ortho_tol: tol, ortho_tol_drop: tol, ortho_tol_replace: tol, ...fparams, ...given.ortho_fparams },
    bparams: { ortho_use_drop: false, ...bparams, ...given.ortho_bparams },
  };
}

function solve(given: LobpcgArguments): [E: Tensor, X: Tensor] {
  const { A, B = null, X = null, iK = null, tracker = null } = given;
  if (A.size(-2) !== A.size(-1)) throw new Error(`A must be square, got shape ${String(A.shape)}`);
  if (B !== null && !same_sizes(A.shape, B.shape)) {
    throw new Error(`A and B must have same shape, got ${String(A.shape)} vs ${String(B.shape)}`);
  }
  const dtype = A.dtype.is_floating_point ? A.dtype : float32;
  const { device } = A;
  const precision = precisions.get(dtype);
  if (given.tol === undefined || given.tol === null) {
    if (precision === undefined)
      throw new TypeError(`lobpcg(): argument 'A' must be of float32 or float64, not ${String(dtype)}`);
  }
  const tol = given.tol ?? Math.sqrt(precision!);
  const m = A.size(-1);
  const k = given.k ?? X?.size(-1) ?? 1;
  const n = X === null ? (given.n ?? k) : X.size(-1);
  if (m < 3 * n) {
    throw new Error(
      `LOBPCG algorithm is not applicable when the number of A rows (=${m}) is smaller than 3 x the number of ` +
        `requested eigenpairs (=${n})`,
    );
  }
  const method = given.method ?? 'ortho';
  const { iparams, fparams, bparams } = parameters_of(given, m, n, k, tol);
  const solve_one = (a: Tensor, b: Tensor | null, start: Tensor): LOBPCG => {
    if (start.ndim !== 2 || start.size(0) !== m || start.size(1) !== n) {
      throw new Error(`X shape mismatch: got ${String(start.shape)}, expected (${m}, ${n})`);
    }
    const worker = new LOBPCG(a, b, start, iK, iparams, fparams, bparams, method, tracker);
    worker.run();
    return worker;
  };
  const random = (): Tensor => randn([m, n], { dtype, device });
  if (A.ndim <= 2) {
    const worker = solve_one(A, B, X ?? random());
    return [worker.E.narrow(0, 0, k), columns(worker.X, 0, k)];
  }
  const batch = A.shape.slice(0, -2);
  const count = batch.reduce((product_of, size) => product_of * size, 1);
  const flat = (x: Tensor): Tensor => x.reshape([count, x.size(-2), x.size(-1)]);
  const [As, Bs, Xs] = [flat(A), B && flat(B), X && flat(X)];
  const E = empty([count, k], { dtype, device });
  const vectors = empty([count, m, k], { dtype, device });
  for (let i = 0; i < count; i++) {
    iparams['batch_index'] = i;
    const worker = solve_one(As.select(0, i), Bs?.select(0, i) ?? null, Xs === null ? random() : Xs.select(0, i));
    E.select(0, i).copy_(worker.E.narrow(0, 0, k));
    vectors.select(0, i).copy_(columns(worker.X, 0, k));
  }
  return [E.reshape([...batch, k]), vectors.reshape([...batch, m, k])];
}

// ---- Backward -----------------------------------------------------------------------------------

/** Gradient of all eigenpairs: `U (dD + (Uᵀ dU) / (dⱼ - dᵢ)) Uᵀ`. */
function symeig_gradient(D_grad: Tensor, U_grad: Tensor, D: Tensor, U: Tensor): Tensor {
  const F = D.unsqueeze(-2).sub(D.unsqueeze(-1));
  F.diagonal(0, -2, -1).fill_(Infinity);
  F.pow_(-1);
  const Ut = U.mT.contiguous();
  return U.matmul(D_grad.diag_embed().add(Ut.matmul(U_grad).mul(F)).matmul(Ut));
}

/** Coefficients of the polynomial with given roots, that of the highest power last. */
function polynomial_of(roots: Tensor): Tensor {
  const order = roots.size(-1);
  let coefficients = roots.new_zeros([...roots.shape.slice(0, -1), order + 2]);
  coefficients.select(-1, 0).fill_(1);
  coefficients.select(-1, -1).fill_(1);
  for (let i = 1; i <= order; i++) {
    const next = roots.requires_grad ? coefficients.clone() : coefficients;
    next
      .narrow(-1, order - i, i + 1)
      .sub_(roots.narrow(-1, i - 1, 1).mul(coefficients.narrow(-1, order - i + 1, i + 1)));
    coefficients = next;
  }
  return coefficients.narrow(-1, 1, order + 1);
}

/** The value of a polynomial by Horner's rule, for a vector element by element, or for a matrix. */
function polynomial_at(polynomial: Tensor, x: Tensor, matrix: boolean): Tensor {
  const m = x.size(-1);
  let value = (
    matrix
      ? eye(m, { dtype: x.dtype, device: x.device }).view([...x.shape.slice(0, -2).map(() => 1), m, m])
      : x.new_ones([1]).expand(x.shape)
  ).clone();
  for (let k = polynomial.size(-1) - 2; k >= 0; k--) {
    const coefficient = polynomial.select(-1, k).unsqueeze(-1);
    if (matrix) {
      value = x.matmul(value);
      value.diagonal(0, -2, -1).add_(coefficient);
    } else value = coefficient.addcmul(x, value);
  }
  return value;
}

/** Gradient of some eigenpairs: what lies outside of their span solves a Sylvester equation. */
function partial_gradient(D_grad: Tensor, U_grad: Tensor, A: Tensor, D: Tensor, U: Tensor, largest: boolean): Tensor {
  const Ut = U.mT.contiguous();
  const projection = U.matmul(Ut).neg();
  projection.diagonal(0, -2, -1).add_(1);
  const sizes = [...A.shape.slice(0, -1), A.size(-1) - D.size(-1)];
  const generator = new Generator(A.device);
  const others = projection.matmul(randn(sizes, { dtype: A.dtype, device: A.device, generator }));
  const others_t = others.mT.contiguous();
  const polynomial = polynomial_of(D);
  const degree = polynomial.size(-1) - 1;
  let projected = U_grad;
  const series = projected.new_zeros(projected.shape);
  for (let k = 1; k <= degree; k++) {
    const tail = polynomial.narrow(-1, k, polynomial.size(-1) - k);
    series.add_(projected.mul(polynomial_at(tail, D, false).unsqueeze(-2)));
    projected = A.matmul(projected);
  }
  const at_others = others_t.matmul(polynomial_at(polynomial, A, true).matmul(others));
  const sign = largest && degree % 2 === 1 ? -1 : 1;
  const factor = linalg.cholesky(at_others.mul(sign));
  const result = symeig_gradient(D_grad, U_grad, D, U);
  return result.sub_(others.matmul(others_t.matmul(series).cholesky_solve(factor).mul(sign)).matmul(Ut));
}

const sparse_text = 'lobpcg.backward does not support sparse input yet. Note that lobpcg.forward does though.';
const complex_text = 'lobpcg.backward does not support complex input yet. Note that lobpcg.forward does though.';

function is_complex(x: Tensor | null): boolean {
  return x !== null && (x.dtype === complex64 || x.dtype === complex128);
}

class LobpcgFunction extends AutogradFunction {
  static forward(ctx: FunctionCtx, A: Tensor, B: Tensor | null, given: LobpcgArguments): [Tensor, Tensor] {
    const dense = (x: Tensor): Tensor => (x.is_sparse ? x : x.contiguous());
    const [E, X] = solve({ ...given, A: dense(A), B: B && dense(B) });
    ctx.save_for_backward(A, B, E, X);
    ctx['largest'] = given.largest ?? true;
    return [E, X];
  }

  static backward(ctx: FunctionCtx, D_grad: Tensor, U_grad: Tensor): (Tensor | null)[] {
    const [A, B, D, U] = ctx.saved_tensors as [Tensor, Tensor | null, Tensor, Tensor];
    if (A.is_sparse || (B?.is_sparse === true && ctx.needs_input_grad[1] === true)) throw new Error(sparse_text);
    if (is_complex(A) || is_complex(B)) throw new Error(complex_text);
    if (B !== null) throw new Error('lobpcg.backward does not support backward with B != I yet.');
    const all = U.size(-1) === U.size(-2);
    return [
      all
        ? symeig_gradient(D_grad, U_grad, D, U)
        : partial_gradient(D_grad, U_grad, A, D, U, ctx['largest'] as boolean),
      null,
      null,
    ];
  }
}

/**
 * The `k` largest (or smallest) eigenvalues and their eigenvectors of a symmetric positive definite problem `A x = e
 * B x`, from products with `A` alone. Mirrors `torch.lobpcg`.
 *
 * Gradients with respect to a dense, real `A` are available when `B` is left out; as in Python, `A` is made symmetric
 * first.
 *
 * @param A - of shape `(*, m, m)`, dense or sparse, with m at least three times the number of columns of `X`
 * @param options - `k`, `B`, `X`, `n`, `iK`, `niter`, `tol`, `largest`, `method`, `tracker` and parameters of the
 * method; see {@link LobpcgOptions}
 * @returns eigenvalues `(*, k)` and eigenvectors `(*, m, k)`
 * @throws Error when `A` is not square or too small, or shapes do not fit
 * @example
 * ```ts
 * const A = torch.diag(torch.arange(1, 13, { dtype: torch.float64 }));
 * const [E, X] = torch.lobpcg(A, 2);
 * print(E, X.shape);
 * ```
 * ```python
 * A = torch.diag(torch.arange(1, 13, dtype=torch.float64))
 * E, X = torch.lobpcg(A, 2)
 * print(E, X.shape)
 * ```
 */
export function lobpcg(A: Tensor, k?: number | null, options?: Omit<LobpcgOptions, 'k'>): [E: Tensor, X: Tensor];
export function lobpcg(A: Tensor, options: LobpcgOptions): [E: Tensor, X: Tensor];
export function lobpcg(
  A: Tensor,
  k: number | null,
  B: Tensor | null,
  X?: Tensor | null,
  n?: number | null,
  iK?: Tensor | null,
  niter?: number | null,
  tol?: number | null,
  largest?: boolean | null,
  method?: 'ortho' | 'basic' | null,
  tracker?: ((worker: LOBPCG) => void) | null,
  ortho_iparams?: Record<string, number> | null,
  ortho_fparams?: Record<string, number> | null,
  ortho_bparams?: Record<string, boolean> | null,
): [E: Tensor, X: Tensor];
export function lobpcg(options: LobpcgArguments): [E: Tensor, X: Tensor];
export function lobpcg(...args: unknown[]): [E: Tensor, X: Tensor] {
  const given = LOBPCG_ARGUMENTS.read(args);
  const { A, B = null, method } = given;
  if (method !== undefined && method !== null && !['ortho', 'basic'].includes(method)) {
    throw new Error(`lobpcg(): argument 'method' must be 'basic' or 'ortho', not '${method as string}'`);
  }
  if (!A.requires_grad && B?.requires_grad !== true) return solve(given);
  const symmetric = (x: Tensor): Tensor => x.add(x.mT).div(2);
  return LobpcgFunction.apply(symmetric(A), B && symmetric(B), given) as [Tensor, Tensor];
}
