// The C++ side of `npm run bench:models`, on libtorch alone: four of the models of models.js. See side.js for the lines
// that it reads.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#ifndef _WIN32
#include <sys/resource.h>
#endif
#include <torch/torch.h>

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;
using torch::indexing::Slice;

/// A training step, which returns the loss.
using Step = std::function<double()>;

/// A step of any model that has one optimizer and one loss.
template <class Optimizer, class LossOf>
Step stepper(Optimizer optimizer, LossOf loss_of) {
  return [optimizer, loss_of] {
    optimizer->zero_grad();
    const Tensor loss = loss_of();
    loss.backward();
    optimizer->step();
    return loss.item<double>();
  };
}

Step mlp(bool small) {
  const auto model = std::make_shared<nn::SequentialImpl>();
  // One by one, since the layers take their random numbers in this order.
  model->push_back(nn::Linear(784, 128));
  model->push_back(nn::ReLU());
  model->push_back(nn::Linear(128, 10));
  const auto options = torch::optim::SGDOptions(0.1).momentum(0.9);
  const auto optimizer = std::make_shared<torch::optim::SGD>(model->parameters(), options);
  const int64_t batch = small ? 8 : 128;
  const Tensor x = torch::rand({batch, 784});
  const Tensor y = torch::randint(0, 10, {batch});
  return stepper(optimizer, [=] { return F::cross_entropy(model->forward(x), y); });
}

struct Rnn : nn::Module {
  Rnn() {
    rnn = register_module("rnn", nn::LSTM(nn::LSTMOptions(28, 64).num_layers(1).batch_first(true)));
    out = register_module("out", nn::Linear(64, 10));
  }
  Tensor forward(const Tensor& x) { return out(std::get<0>(rnn(x)).select(1, -1)); }
  nn::LSTM rnn{nullptr};
  nn::Linear out{nullptr};
};

Step tutorial_lstm(bool small) {
  const auto model = std::make_shared<Rnn>();
  const auto optimizer = std::make_shared<torch::optim::Adam>(model->parameters(), torch::optim::AdamOptions(0.01));
  const int64_t batch = small ? 4 : 64;
  const Tensor x = torch::rand({batch, 28, 28});
  const Tensor y = torch::randint(0, 10, {batch});
  return stepper(optimizer, [=] { return F::cross_entropy(model->forward(x), y); });
}

struct Cnn : nn::Module {
  static nn::Sequential block(int64_t from, int64_t to) {
    return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(from, to, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2));
  }
  Cnn() {
    conv1 = register_module("conv1", block(1, 16));
    conv2 = register_module("conv2", block(16, 32));
    out = register_module("out", nn::Linear(32 * 7 * 7, 10));
  }
  Tensor forward(Tensor x) {
    x = conv2->forward(conv1->forward(x));
    return out(x.view({x.size(0), -1}));
  }
  nn::Sequential conv1{nullptr}, conv2{nullptr};
  nn::Linear out{nullptr};
};

Step cnn(bool small) {
  const auto model = std::make_shared<Cnn>();
  const auto optimizer = std::make_shared<torch::optim::Adam>(model->parameters(), torch::optim::AdamOptions(0.001));
  const int64_t batch = small ? 2 : 50;
  const Tensor x = torch::rand({batch, 1, 28, 28});
  const Tensor y = torch::randint(0, 10, {batch});
  return stepper(optimizer, [=] { return F::cross_entropy(model->forward(x), y); });
}

struct SelfAttention : nn::Module {
  SelfAttention(int64_t channels, int64_t heads, int64_t block) : channels(channels), heads(heads) {
    c_attn = register_module("c_attn", nn::Linear(channels, 3 * channels));
    c_proj = register_module("c_proj", nn::Linear(channels, channels));
    attn_dropout = register_module("attn_dropout", nn::Dropout(0.1));
    resid_dropout = register_module("resid_dropout", nn::Dropout(0.1));
    bias = register_buffer("bias", torch::tril(torch::ones({block, block})).view({1, 1, block, block}));
  }
  Tensor forward(const Tensor& x) {
    const int64_t batch = x.size(0);
    const int64_t time = x.size(1);
    const auto split = [&](const Tensor& part) {
      return part.view({batch, time, heads, channels / heads}).transpose(1, 2);
    };
    const std::vector<Tensor> parts = c_attn(x).split(channels, 2);
    const Tensor q = split(parts[0]);
    const Tensor k = split(parts[1]);
    const Tensor v = split(parts[2]);
    Tensor att = q.matmul(k.transpose(-2, -1)) * (1 / std::sqrt(static_cast<double>(k.size(-1))));
    att = att.masked_fill(bias.index({Slice(), Slice(), Slice(0, time), Slice(0, time)}) == 0,
                          -std::numeric_limits<float>::infinity());
    att = attn_dropout(torch::softmax(att, -1));
    const Tensor y = att.matmul(v).transpose(1, 2).contiguous().view({batch, time, channels});
    return resid_dropout(c_proj(y));
  }
  int64_t channels, heads;
  nn::Linear c_attn{nullptr}, c_proj{nullptr};
  nn::Dropout attn_dropout{nullptr}, resid_dropout{nullptr};
  Tensor bias;
};

struct GptBlock : nn::Module {
  GptBlock(int64_t channels, int64_t heads, int64_t block) {
    ln_1 = register_module("ln_1", nn::LayerNorm(nn::LayerNormOptions({channels})));
    attn = register_module("attn", std::make_shared<SelfAttention>(channels, heads, block));
    ln_2 = register_module("ln_2", nn::LayerNorm(nn::LayerNormOptions({channels})));
    mlp = register_module("mlp", nn::Sequential());
    mlp->push_back(nn::Linear(channels, 4 * channels));
    mlp->push_back(nn::GELU());
    mlp->push_back(nn::Linear(4 * channels, channels));
    mlp->push_back(nn::Dropout(0.1));
  }
  Tensor forward(Tensor x) {
    x = x + attn->forward(ln_1(x));
    return x + mlp->forward(ln_2(x));
  }
  nn::LayerNorm ln_1{nullptr}, ln_2{nullptr};
  std::shared_ptr<SelfAttention> attn;
  nn::Sequential mlp{nullptr};
};

struct Gpt : nn::Module {
  Gpt(int64_t words, int64_t block) {
    wte = register_module("wte", nn::Embedding(words, 48));
    wpe = register_module("wpe", nn::Embedding(block, 48));
    drop = register_module("drop", nn::Dropout(0.1));
    h = register_module("h", nn::ModuleList());
    for (int i = 0; i < 3; i++) h->push_back(std::make_shared<GptBlock>(48, 3, block));
    ln_f = register_module("ln_f", nn::LayerNorm(nn::LayerNormOptions({48})));
    lm_head = register_module("lm_head", nn::Linear(nn::LinearOptions(48, words).bias(false)));
  }
  Tensor forward(const Tensor& index) {
    const Tensor position = torch::arange(0, index.size(1), torch::kLong).unsqueeze(0);
    Tensor x = drop(wte(index) + wpe(position));
    for (const auto& block : *h) x = block->as<GptBlock>()->forward(x);
    return lm_head(ln_f(x));
  }
  nn::Embedding wte{nullptr}, wpe{nullptr};
  nn::Dropout drop{nullptr};
  nn::ModuleList h{nullptr};
  nn::LayerNorm ln_f{nullptr};
  nn::Linear lm_head{nullptr};
};

Step gpt_nano(bool small) {
  const int64_t batch = small ? 2 : 16;
  const int64_t block = small ? 32 : 128;
  const auto model = std::make_shared<Gpt>(65, block);
  const auto options = torch::optim::AdamWOptions(0.0005).betas({0.9, 0.95});
  const auto optimizer = std::make_shared<torch::optim::AdamW>(model->parameters(), options);
  const Tensor x = torch::randint(0, 65, {batch, block});
  const Tensor y = torch::randint(0, 65, {batch, block});
  return [=] {
    optimizer->zero_grad();
    const Tensor loss = F::cross_entropy(model->forward(x).view({-1, 65}), y.view(-1));
    loss.backward();
    nn::utils::clip_grad_norm_(model->parameters(), 1);
    optimizer->step();
    return loss.item<double>();
  };
}

/// User and system time of all threads, in nanoseconds.
double cpu_ns() { return static_cast<double>(std::clock()) * 1e9 / CLOCKS_PER_SEC; }

/// The peak resident memory in MB, 0 on Windows.
double peak_memory() {
#ifdef _WIN32
  return 0;
#else
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  return static_cast<double>(usage.ru_maxrss) / (1024.0 * 1024.0);
#else
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
#endif
#endif
}

int main(int argc, char** argv) {
  const std::map<std::string, Step (*)(bool)> models = {
      {"mlp", mlp}, {"tutorial_lstm", tutorial_lstm}, {"cnn", cnn}, {"gpt_nano", gpt_nano}};
  if (argc != 4 || models.count(argv[1]) == 0) {
    std::fputs("usage: models MODEL SIZE THREADS\n", stderr);
    return 2;
  }
  torch::set_num_threads(std::atoi(argv[3]));
  torch::manual_seed(1);
  const Step step = models.at(argv[1])(std::string(argv[2]) == "small");
  for (std::string what; std::cin >> what;) {
    int count = 0;
    std::cin >> count;
    if (what == "losses") {
      for (int i = 0; i < count; i++) std::printf(i == 0 ? "%.17g" : " %.17g", step());
      std::puts("");
    } else {
      const double cpu = cpu_ns();
      const auto begin = std::chrono::steady_clock::now();
      for (int i = 0; i < count; i++) step();
      const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - begin;
      std::printf("%f %f %f\n", (cpu_ns() - cpu) / count, wall.count() / count, peak_memory());
    }
    std::fflush(stdout);
  }
}
