/**
 * Python's NotImplementedError, for what a class leaves to its subclasses or does not support, such as a `right_inverse` that
 * does not exist: registering the parametrization then keeps the tensor as it is.
 * @example
 * ```ts
 * const { parametrize } = nn.utils;
 * class Positive extends nn.Module {
 *   forward(x: torch.Tensor): torch.Tensor { return x.abs(); }
 *   right_inverse(_x: torch.Tensor): torch.Tensor { throw new parametrize.NotImplementedError(); }
 * }
 * const m = parametrize.register_parametrization(new nn.Linear(2, 1), 'weight', new Positive());
 * print(m['weight']);
 * ```
 * ```python
 * from torch.nn.utils import parametrize
 * class Positive(nn.Module):
 *     def forward(self, x): return x.abs()
 *     def right_inverse(self, x): raise NotImplementedError
 * m = parametrize.register_parametrization(nn.Linear(2, 1), 'weight', Positive())
 * print(m.weight)
 * ```
 */
export class NotImplementedError extends Error {
  override readonly name = 'NotImplementedError';
}
