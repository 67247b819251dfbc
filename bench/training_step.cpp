// The training step of the tutorial in C++ on libtorch alone: training_step THREADS prints milliseconds a step, of the
// best round. It is the lower bound of the other two; see run.js.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include <torch/torch.h>

struct Rnn : torch::nn::Module {
  Rnn() {
    rnn = register_module("rnn", torch::nn::LSTM(torch::nn::LSTMOptions(28, 64).num_layers(1).batch_first(true)));
    out = register_module("out", torch::nn::Linear(64, 10));
  }
  torch::Tensor forward(const torch::Tensor& x) { return out(std::get<0>(rnn(x)).select(1, -1)); }
  torch::nn::LSTM rnn{nullptr};
  torch::nn::Linear out{nullptr};
};

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: training_step THREADS\n", stderr);
    return 2;
  }
  torch::set_num_threads(std::atoi(argv[1]));
  torch::manual_seed(1);
  Rnn rnn;
  torch::optim::Adam optimizer(rnn.parameters(), torch::optim::AdamOptions(0.01));
  const torch::Tensor x = torch::rand({64, 1, 28, 28});
  const torch::Tensor y = torch::randint(0, 10, {64});
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < 10; round++) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; i++) {
      const torch::Tensor loss = torch::nn::functional::cross_entropy(rnn.forward(x.view({-1, 28, 28})), y);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count() / 50);
  }
  std::printf("%f\n", best);
}
