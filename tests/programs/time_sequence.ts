/** Two LSTM cells that continue sine waves: float64, LBFGS with a closure, predictions fed back as inputs. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as np from 'torch-node/numpy';
import * as optim from 'torch-node/optim';
import { print, range } from 'torch-node/python';

np.random.seed(2);
const T = 20;
const L = 60;
const N = 8;
const x = np.empty([N, L], { dtype: 'int64' });
x.index_put_(':', np.array([...range(L)]).add(np.random.randint(-4 * T, 4 * T, N).reshape(N, 1)));
const waves = np.sin(x.div(1).div(T)).astype('float64');
const path = join(mkdtempSync(join(tmpdir(), 'waves-')), 'traindata.pt');
torch.save(torch.from_numpy(waves), path);

class Sequence extends nn.Module {
  lstm1 = new nn.LSTMCell(1, 51);
  lstm2 = new nn.LSTMCell(51, 51);
  linear = new nn.Linear(51, 1);

  forward(input: Tensor, { future = 0 } = {}): Tensor {
    const outputs: Tensor[] = [];
    let h_t = torch.zeros(input.size(0), 51, { dtype: torch.double });
    let c_t = torch.zeros(input.size(0), 51, { dtype: torch.double });
    let h_t2 = torch.zeros(input.size(0), 51, { dtype: torch.double });
    let c_t2 = torch.zeros(input.size(0), 51, { dtype: torch.double });
    let output!: Tensor;
    for (const input_t of input.split(1, { dim: 1 })) {
      [h_t, c_t] = this.lstm1(input_t, [h_t, c_t]);
      [h_t2, c_t2] = this.lstm2(h_t, [h_t2, c_t2]);
      output = this.linear(h_t2);
      outputs.push(output);
    }
    for (const _ of range(future)) {
      [h_t, c_t] = this.lstm1(output, [h_t, c_t]);
      [h_t2, c_t2] = this.lstm2(h_t, [h_t2, c_t2]);
      output = this.linear(h_t2);
      outputs.push(output);
    }
    return torch.cat(outputs, { dim: 1 });
  }
}

np.random.seed(0);
torch.manual_seed(0);
torch.set_num_threads(1);
const data = torch.load<Tensor>(path).numpy();
const input = torch.from_numpy(data.index('3:', ':-1'));
const target = torch.from_numpy(data.index('3:', '1:'));
const test_input = torch.from_numpy(data.index(':3', ':-1'));
const test_target = torch.from_numpy(data.index(':3', '1:'));
const seq = new Sequence();
seq.double();
const criterion = new nn.MSELoss();
const optimizer = new optim.LBFGS(seq.parameters(), { lr: 0.8, max_iter: 4 });
for (const i of range(2)) {
  print('STEP: ', i);

  const closure = (): Tensor => {
    optimizer.zero_grad();
    const out = seq(input);
    const loss = criterion(out, target);
    print('loss:', loss.item());
    loss.backward();
    return loss;
  };

  optimizer.step(closure);
  const future = 10;
  const y = torch.no_grad(() => {
    const pred = seq(test_input, { future });
    const loss = criterion(pred.index(':', `:${-future}`), test_target);
    print('test loss:', loss.item());
    return pred.detach().numpy();
  });

  const draw = (yi: np.NDArray, color: string): void => {
    const steps = np.arange(input.size(1), input.size(1) + future);
    print(color, steps, yi.index(`${input.size(1)}:`));
  };

  draw(y.index(0), 'r');
  draw(y.index(1), 'g');
  draw(y.index(2), 'b');
}
