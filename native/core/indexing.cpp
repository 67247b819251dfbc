// Indexing as Python's brackets do it: x[...] and x[...] = value.
//
// lib/_C/indexing.ts parses the subscripts into a flat list of numbers: each subscript is a tag and its
// operands, so that no string reaches this side.
#include <cmath>
#include <limits>

#include <ATen/ATen.h>
#include <ATen/TensorIndexing.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

using at::indexing::TensorIndex;

/// A missing bound of a slice travels as the smallest int64.
constexpr int64_t kMissing = std::numeric_limits<int64_t>::min();

/// The numbers of subscripts: an array of them, or how many stand in the scratch memory.
std::vector<int64_t> codes_of(const Napi::Value& given, Environment& environment) {
  if (!given.IsNumber()) return to_int_vector(given.Env(), given);
  const size_t count = given.As<Napi::Number>().Uint32Value();
  TORCH_CHECK(environment.scratch.holds(count), "malformed subscripts");
  std::vector<int64_t> codes(count);
  for (size_t i = 0; i < count; ++i) {
    const double code = environment.scratch[i];
    codes[i] = std::isinf(code) ? kMissing : static_cast<int64_t>(code);
  }
  return codes;
}

std::vector<TensorIndex> read_subscripts(const Napi::Value& given, Environment& environment) {
  const std::vector<int64_t> codes = codes_of(given, environment);
  const TensorTable& tensors = environment.tensors;
  std::vector<TensorIndex> indices;
  size_t at = 0;
  const auto next = [&] {
    TORCH_CHECK(at < codes.size(), "malformed subscripts");
    return codes[at++];
  };
  const auto bound = [&]() -> std::optional<c10::SymInt> {
    const int64_t value = next();
    if (value == kMissing) return std::nullopt;
    return c10::SymInt(value);
  };
  while (at < codes.size()) {
    switch (static_cast<SubscriptKind>(next())) {
      case SubscriptKind::kInteger:
        indices.emplace_back(next());
        break;
      case SubscriptKind::kSlice: {
        auto start = bound();
        auto stop = bound();
        auto step = bound();
        TORCH_CHECK_VALUE(!step || *step > 0, "step must be greater than zero");
        indices.emplace_back(at::indexing::Slice(start, stop, step));
        break;
      }
      case SubscriptKind::kNone:
        indices.emplace_back(at::indexing::None);
        break;
      case SubscriptKind::kEllipsis:
        indices.emplace_back(at::indexing::Ellipsis);
        break;
      case SubscriptKind::kBoolean:
        indices.emplace_back(next() != 0);
        break;
      case SubscriptKind::kTensor:
        indices.emplace_back(tensors.get(static_cast<Handle>(next())));
        break;
      default:
        TORCH_CHECK(false, "malformed subscripts");
    }
  }
  return indices;
}

/// index_get(handle, subscripts)
Napi::Value index_get(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor self = tensor_at(info, 0, environment);
  const auto indices = read_subscripts(info[1], environment);
  return wrapped(info.Env(), environment, at::indexing::get_item(self, indices));
}

/// index_put(handle, subscripts, value, accumulate)
Napi::Value index_put(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor self = tensor_at(info, 0, environment);
  const auto indices = read_subscripts(info[1], environment);
  const at::Tensor value = tensor_at(info, 2, environment);
  if (!info[3].ToBoolean().Value()) {
    at::indexing::set_item(self, indices, value);
    return info.Env().Undefined();
  }
  std::vector<at::Tensor> tensor_indices;
  const at::Tensor sliced = at::indexing::impl::applySlicing(
      self, indices, tensor_indices, /*disable_slice_optimization=*/false, self.device(), self.sym_sizes());
  if (tensor_indices.empty()) {
    sliced.add_(value);
  } else {
    c10::List<std::optional<at::Tensor>> places;
    for (at::Tensor& index : tensor_indices) {
      places.push_back(index.defined() ? std::optional<at::Tensor>(std::move(index)) : std::nullopt);
    }
    at::Tensor(sliced).index_put_(places, value, true);
  }
  return info.Env().Undefined();
}

/// index_fill(handle, subscripts, number): what Python does with a float in `x[...] = 0.5`.
Napi::Value index_fill(const Napi::CallbackInfo& info, Environment& environment) {
  at::Tensor self = tensor_at(info, 0, environment);
  self.index_put_(read_subscripts(info[1], environment), at::Scalar(info[2].As<Napi::Number>().DoubleValue()));
  return info.Env().Undefined();
}

}  // namespace

void export_indexing(Exports& exports) {
  exports.add<index_get>("index_get");
  exports.add<index_put>("index_put");
  exports.add<index_fill>("index_fill");
}

}  // namespace torch_node
