// The module that tests/multiprocessing/remote_module.test.ts runs in another thread.
import { nn } from 'torch-node';

export class Net extends nn.Module {
  constructor(width) {
    super();
    this.layer = new nn.Linear(width, 2);
    this.calls = 0;
  }

  forward(x, options = {}) {
    this.calls++;
    const y = this.layer(x);
    return options.pair ? [y, { mode: this.training }] : y;
  }

  slow(rounds) {
    let x = this.layer.weight.detach();
    for (let i = 0; i < rounds; i++) x = x.mul(1.0001);
    return this.calls;
  }

  step(x) {
    this.layer(x).sum().backward();
    this.layer.weight.data.sub_(this.layer.weight.grad);
  }

  fail() {
    throw new RangeError('mine');
  }
}

export const nothing = 3;
