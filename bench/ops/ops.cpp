// The C++ side of `npm run bench:ops`, on libtorch alone: the same calls where C++ has them, which is what no binding
// can fall below. `ops names` prints their names, a line each; `ops THREADS` reads `seconds name` a line, and prints
// `CPU wall` in nanoseconds a call.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <torch/torch.h>

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;
using torch::indexing::Slice;

/// Runs a call so many times.
using Loop = std::function<void(int64_t)>;

/// What is kept of the last call, so that none is left out by the compiler.
template <class Result>
void keep(const Result& result) {
  asm volatile("" : : "r"(&result) : "memory");
}

template <class Call>
Loop loop_of(Call call) {
  return [call](int64_t count) mutable {
    for (int64_t i = 0; i < count; ++i) {
      if constexpr (std::is_void_v<decltype(call())>) {
        call();
      } else {
        const auto result = call();
        keep(result);
      }
    }
  };
}

/// The call of a module on one input.
template <class Module>
Loop module_loop(Module module, Tensor input) {
  return loop_of([=]() mutable { return module(input); });
}

std::vector<Tensor> parameters_of_20() {
  std::vector<Tensor> parameters;
  for (int i = 0; i < 20; ++i) parameters.push_back(torch::randn({4, 4}).requires_grad_());
  for (Tensor& parameter : parameters) parameter.mutable_grad() = torch::randn({4, 4});
  return parameters;
}

std::vector<std::pair<std::string, Loop>> all() {
  torch::manual_seed(1);
  const Tensor x = torch::randn({4, 4}), y = torch::randn({4, 4}), z = torch::randn({4, 4});
  Tensor w = torch::randn({4, 4});
  const Tensor g = torch::randn({4, 4}, torch::requires_grad());
  const Tensor row = torch::randn(4);
  const Tensor scalar = torch::tensor(1.5F);
  const Tensor mask = x.gt(0);
  const Tensor classes = torch::tensor({0, 1, 2, 3}, torch::kLong);
  const Tensor places = torch::tensor({0, 2}, torch::kLong);
  const Tensor image = torch::randn({1, 1, 8, 8});
  auto eval_dropout = nn::Dropout();
  eval_dropout->eval();
  nn::Sequential three(nn::Linear(4, 4), nn::ReLU(), nn::Linear(4, 4));
  const auto sgd_parameters = parameters_of_20();
  const auto sgd = std::make_shared<torch::optim::SGD>(sgd_parameters, torch::optim::SGDOptions(0.001));
  const auto adam = std::make_shared<torch::optim::Adam>(parameters_of_20(), torch::optim::AdamOptions(0.001));
  const auto clipped = parameters_of_20();

  std::vector<std::pair<std::string, Loop>> calls;
  const auto add = [&](const char* name, auto call) { calls.emplace_back(name, loop_of(call)); };
  const auto module = [&](const char* name, auto made, const Tensor& input) {
    calls.emplace_back(name, module_loop(made, input));
  };
  // plain
  add("add", [=] { return torch::add(x, y); });
  add("mm", [=] { return torch::mm(x, y); });
  add("relu", [=] { return torch::relu(x); });
  add("where", [=] { return torch::where(mask, x, y); });
  add("addmm", [=] { return torch::addmm(z, x, y); });
  add("add with grad", [=] { return torch::add(g, y); });
  // options
  add("sum(dim, keepdim)", [=] { return x.sum({1}, true); });
  add("softmax(dim)", [=] { return torch::softmax(x, 1); });
  add("argmax(dim)", [=] { return x.argmax(1); });
  add("mean(dim)", [=] { return x.mean({0}); });
  add("to(dtype)", [=] { return x.to(torch::kFloat64); });
  add("norm(p, dim)", [=] { return x.norm(2, {1}); });
  add("var(unbiased)", [=] { return x.var(0, false); });
  add("F.gelu(approximate)", [=] { return torch::gelu(x, "tanh"); });
  add("F.cross_entropy(label_smoothing)", [=] { return torch::cross_entropy_loss(x, classes, {}, 1, -100, 0.1); });
  // lists
  add("cat", [=] { return torch::cat({x, y}); });
  add("stack(dim)", [=] { return torch::stack({x, y}, 1); });
  add("einsum", [=] { return torch::einsum("ij,jk->ik", {x, y}); });
  add("permute", [=] { return x.permute({1, 0}); });
  // several results
  add("max(x, 1)", [=] { return torch::max(x, 1); });
  add("x.max(1)", [=] { return x.max(1); });
  add("x.sort", [=] { return x.sort(); });
  add("topk", [=] { return x.topk(2); });
  add("chunk", [=] { return x.chunk(2); });
  add("split", [=] { return x.split(2); });
  add("unbind", [=] { return x.unbind(); });
  add("linalg.qr", [=] { return torch::linalg_qr(x); });
  // views
  add("view", [=] { return x.view({-1, 8}); });
  add("transpose", [=] { return x.transpose(0, 1); });
  add("detach", [=] { return x.detach(); });
  add("select", [=] { return x.select(0, 1); });
  // indexing
  add("x[0]", [=] { return x.index({0}); });
  add("x[:, 1:3]", [=] { return x.index({Slice(), Slice(1, 3)}); });
  add("x[mask]", [=] { return x.index({mask}); });
  add("x[places]", [=] { return x.index({places}); });
  add("x[0] = 1", [=]() mutable { return w.index_put_({0}, 1); });
  // creation
  add("tensor([4 numbers])", [] { return torch::tensor({1.F, 2.F, 3.F, 4.F}); });
  add("zeros", [] { return torch::zeros({4, 4}); });
  add("randn", [] { return torch::randn({4, 4}); });
  add("arange", [] { return torch::arange(16); });
  add("zeros_like", [=] { return torch::zeros_like(x); });
  add("clone", [=] { return x.clone(); });
  // in place
  add("add_", [=]() mutable { return w.add_(y); });
  add("copy_", [=]() mutable { return w.copy_(y); });
  // attributes
  add("item", [=] { return scalar.item<double>(); });
  // modules
  module("nn.Linear", nn::Linear(4, 4), x);
  module("nn.LayerNorm", nn::LayerNorm(nn::LayerNormOptions({4})), x);
  module("nn.Dropout (eval)", eval_dropout, x);
  module("nn.BatchNorm1d", nn::BatchNorm1d(4), x);
  add("nn.Sequential of three", [=] { return nn::Sequential(three)->forward(x); });
  module("nn.LSTMCell", nn::LSTMCell(4, 4), x);
  module("nn.Embedding", nn::Embedding(8, 4), classes);
  module("nn.Conv2d", nn::Conv2d(nn::Conv2dOptions(1, 2, 3)), image);
  add("nn.MSELoss", [=] { return torch::mse_loss(x, y); });
  // optimizers and backward
  add("backward of sum(x * y)", [=] { g.mul(y).sum().backward(); });
  add("autograd.grad", [=] { return torch::autograd::grad({g.mul(y).sum()}, {g}); });
  add("SGD of 20", [=] { return sgd->step(); });
  add("Adam of 20", [=] { return adam->step(); });
  add("clip_grad_norm_ of 20", [=] { return nn::utils::clip_grad_norm_(clipped, 1); });
  add("no_grad", [=] {
    const torch::NoGradGuard guard;
    return torch::add(g, y);
  });
  return calls;
}

double wall_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::nano>(now).count();
}

/// Of all threads.
double cpu_ns() { return static_cast<double>(std::clock()) * 1e9 / CLOCKS_PER_SEC; }

void measure(const Loop& loop, double seconds) {
  int64_t count = 100;
  double took = 0;
  for (;; count *= 2) {
    const double begin = wall_ns();
    loop(count);
    took = wall_ns() - begin;
    if (took > seconds * 1e8) break;
  }
  count = static_cast<int64_t>(static_cast<double>(count) * seconds * 1e9 / took) + 1;
  const double cpu = cpu_ns();
  const double wall = wall_ns();
  loop(count);
  std::printf("%.3f %.3f\n", (cpu_ns() - cpu) / static_cast<double>(count),
              (wall_ns() - wall) / static_cast<double>(count));
  std::fflush(stdout);
}

int main(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "1";
  const auto calls = all();
  if (first == "names") {
    for (const auto& [name, loop] : calls) std::puts(name.c_str());
    return 0;
  }
  torch::set_num_threads(std::stoi(first));
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    double seconds = 0;
    std::string name;
    words >> seconds;
    std::getline(words >> std::ws, name);
    bool found = false;
    for (const auto& [known, loop] : calls) {
      if (known != name) continue;
      measure(loop, seconds);
      found = true;
    }
    if (!found) {
      std::printf("failed: no such call\n");
      std::fflush(stdout);
    }
  }
  return 0;
}
