/** A program with guards in scopes and above methods, in TypeScript and in Python; tests compile and run it in several ways. */
import { python } from '../reference.js';

export const program = `
import * as torch from 'torch-node';
import { print } from 'torch-node/python';
class Model {
  readonly #factor = 3;

  @torch.no_grad()
  predict(x: torch.Tensor): torch.Tensor {
    return x.mul(this.#factor);
  }

  @torch.inference_mode
  evaluate(x: torch.Tensor): boolean {
    return this.predict(x).is_inference();
  }

  @torch.no_grad()
  *steps(x: torch.Tensor): Generator<boolean> {
    yield x.mul(1).requires_grad;
    using _ = torch.enable_grad();
    yield x.mul(1).requires_grad;
  }
}
const x = torch.ones(2, { requires_grad: true });
const model = new Model();
print(model.predict(x), model.evaluate(x), [...model.steps(x)], torch.is_grad_enabled());
{
  using _ = torch.no_grad();
  using __ = torch.device('meta');
  print(x.mul(2).requires_grad, torch.ones(1).device);
}
try {
  using _ = torch.inference_mode();
  print(torch.is_inference_mode_enabled());
  throw new Error('out');
} catch (error) {
  print((error as Error).message, torch.is_inference_mode_enabled(), torch.ones(1).device);
}
export {};
`;

const theirs = `
class Model:
    factor = 3

    @torch.no_grad()
    def predict(self, x):
        return x * self.factor

    @torch.inference_mode
    def evaluate(self, x):
        return self.predict(x).is_inference()

    @torch.no_grad()
    def steps(self, x):
        yield x.mul(1).requires_grad
        with torch.enable_grad():
            yield x.mul(1).requires_grad

import io, contextlib
out = io.StringIO()
with contextlib.redirect_stdout(out):
    x = torch.ones(2, requires_grad=True)
    model = Model()
    print(model.predict(x), model.evaluate(x), list(model.steps(x)), torch.is_grad_enabled())
    with torch.no_grad(), torch.device('meta'):
        print(x.mul(2).requires_grad, torch.ones(1).device)
    try:
        with torch.inference_mode():
            print(torch.is_inference_mode_enabled())
            raise RuntimeError('out')
    except RuntimeError as error:
        print(str(error), torch.is_inference_mode_enabled(), torch.ones(1).device)
show(out.getvalue())
`;

/** What Python's program prints. */
export function printed_by_python(): string {
  const [[text]] = python<[[string]]>('snippets.py', [[theirs]]);
  return text;
}

/** Statements that Node runs without a compiler, from 24 on. */
export const scopes = `
import * as torch from 'torch-node';
import { print } from 'torch-node/python';
const run = () => {
  using _ = torch.no_grad();
  {
    using __ = torch.enable_grad();
    print(torch.is_grad_enabled());
  }
  return torch.is_grad_enabled();
};
print(run(), torch.is_grad_enabled());
const stack = new DisposableStack();
stack.use(torch.no_grad());
stack.use(torch.device('meta'));
print(torch.is_grad_enabled(), torch.ones(1).device);
stack.dispose();
print(torch.is_grad_enabled(), torch.ones(1).device);
const later = async () => {
  using _ = torch.no_grad();
  await null;
};
try {
  await later();
} catch (error) {
  print(error.message);
}
print(torch.is_grad_enabled());
`;
