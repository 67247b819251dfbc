/** What tests/runtimes/workers.mjs runs in other threads. */
import * as torch from 'torch-node';
import { nn } from 'torch-node';

export class Squares extends torch.utils.data.Dataset {
  static module = import.meta.url;

  constructor(length) {
    super();
    this.length = length;
  }

  get(index) {
    return [torch.tensor(index * index), index];
  }
}

export class Net extends nn.Module {
  constructor() {
    super();
    this.out = new nn.Linear(3, 2);
  }

  forward(x) {
    return this.out(x);
  }
}
