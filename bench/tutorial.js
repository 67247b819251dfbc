'use strict';
/** The model of the tutorial and its training step. */
const torch = require('torch-node');

const { nn } = torch;

class RNN extends nn.Module {
  rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, num_layers: 1, batch_first: true });
  out = new nn.Linear(64, 10);

  forward(x) {
    const [r_out] = this.rnn(x, null);
    return this.out(r_out.index(':', -1, ':'));
  }
}

/** A fresh model's training step: a function of images and labels. */
exports.trainer = () => {
  const rnn = new RNN();
  const optimizer = new torch.optim.Adam(rnn.parameters(), { lr: 0.01 });
  const loss_func = new nn.CrossEntropyLoss();
  return (x, y) => {
    const loss = loss_func(rnn(x.view(-1, 28, 28)), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  };
};
