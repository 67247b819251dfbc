/** A polynomial of degree four, fitted with one linear layer and no optimizer. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as F from 'torch-node/nn/functional';
import { enumerate, format, print, range } from 'torch-node/python';

torch.manual_seed(5);
torch.set_num_threads(1);
const POLY_DEGREE = 4;
const W_target = torch.randn(POLY_DEGREE, 1).mul(5);
const b_target = torch.randn(1).mul(5);

function make_features(x: Tensor): Tensor {
  x = x.unsqueeze(1);
  return torch.cat(
    [...range(1, POLY_DEGREE + 1)].map((i) => x.pow(i)),
    1,
  );
}

const target_of = (x: Tensor): Tensor => x.mm(W_target).add(b_target.item());

function poly_desc(W: Tensor, b: Tensor): string {
  let result = 'y = ';
  for (const [i, w] of enumerate(W)) result += format('{:+.2f} x^{} ', w, i + 1);
  return result + format('{:+.2f}', b.index(0));
}

const fc = new torch.nn.Linear(W_target.size(0), 1);
let [loss, batch_idx] = [Infinity, 0];
while (loss >= 1e-3 && batch_idx < 300) {
  batch_idx++;
  const x = make_features(torch.randn(32));
  const y = target_of(x);
  fc.zero_grad();
  const output = F.smooth_l1_loss(fc(x), y);
  loss = output.item();
  output.backward();
  for (const param of fc.parameters()) param.data.add_(param.grad.mul(-0.1));
}
print(format('Loss: {:.6f} after {} batches', loss, batch_idx));
print(`==> Learned function:\t${poly_desc(fc.weight.view(-1), fc.bias)}`);
print(`==> Actual function:\t${poly_desc(W_target.view(-1), b_target)}`);
