// Tells the dispatcher of torchvision's operators, under its names: `torchvision::nms`. It is done when
// torch-node/vision is loaded, as in Python, and undone while a library is opened that may be torchvision's own, which
// would find its names taken; what such a library has then goes before what is here.
#include <cstdlib>
#include <functional>
#include <mutex>

#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "core/convert.h"
#include "core/environment.h"
#include "vision/jpeg.h"
#include "vision/kernels.h"
#include "vision/resize.h"

namespace torch_node {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;
using vision::Deformation;
using vision::Pooling;
using vision::Sizes;

using Both = std::tuple<Tensor, Tensor>;
using Five = std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor>;

/// What the gradient of a pooling needs of its forward pass, besides tensors.
struct Region {
  Pooling pooling;
  Sizes sizes;

  void save(AutogradContext* context) const {
    context->saved_data["scale"] = pooling.spatial_scale;
    context->saved_data["pooling"] =
        std::vector<int64_t>{pooling.height, pooling.width, pooling.sampling_ratio, pooling.aligned ? 1 : 0};
    context->saved_data["sizes"] = std::vector<int64_t>(sizes.begin(), sizes.end());
  }

  static Region saved(AutogradContext* context) {
    const std::vector<int64_t> how = context->saved_data["pooling"].toIntVector();
    const std::vector<int64_t> shape = context->saved_data["sizes"].toIntVector();
    return {{context->saved_data["scale"].toDouble(), how[0], how[1], how[2], how[3] != 0},
            {shape[0], shape[1], shape[2], shape[3]}};
  }

  static Region of(const Tensor& input, const Pooling& pooling) {
    return {pooling, {input.size(0), input.size(1), input.size(2), input.size(3)}};
  }
};

/// A gradient that has none itself.
template <typename Name>
struct Once : torch::autograd::Function<Once<Name>> {
  /// `compute` gives the gradients; their inputs are there so that they know what they depend on.
  template <typename... Inputs>
  static variable_list forward(AutogradContext* /*context*/, const std::function<variable_list()>& compute,
                               const Inputs&... /*inputs*/) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    return compute();
  }
  static variable_list backward(AutogradContext* /*context*/, const variable_list& /*grads*/) {
    TORCH_CHECK(false, "double backwards on ", Name::text, " not supported");
  }
};

#define TORCH_NODE_VISION_NAME(Type, name)    \
  struct Type {                               \
    static constexpr const char* text = name; \
  }
TORCH_NODE_VISION_NAME(RoIAlignName, "roi_align");
TORCH_NODE_VISION_NAME(RoIPoolName, "roi_pool");
TORCH_NODE_VISION_NAME(PSRoIAlignName, "ps_roi_align");
TORCH_NODE_VISION_NAME(PSRoIPoolName, "ps_roi_pool");
TORCH_NODE_VISION_NAME(DeformConv2dName, "deform_conv2d");
#undef TORCH_NODE_VISION_NAME

// ---- Gradients of the CPU's kernels ----

struct RoIAlign : torch::autograd::Function<RoIAlign> {
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& rois, const Pooling& pooling) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    Tensor output = vision::roi_align(input, rois, pooling);
    Region::of(input, pooling).save(context);
    context->save_for_backward({rois});
    return output;
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const Region region = Region::saved(context);
    const Tensor rois = context->get_saved_variables()[0];
    const Tensor& grad = grads[0];
    const auto compute = [&]() -> variable_list {
      return {vision::roi_align_backward(grad, rois, region.pooling, region.sizes)};
    };
    return {Once<RoIAlignName>::apply(compute, grad)[0], Variable(), Variable()};
  }
};

struct RoIPool : torch::autograd::Function<RoIPool> {
  static variable_list forward(AutogradContext* context, const Tensor& input, const Tensor& rois,
                               const Pooling& pooling) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    auto [output, argmax] = vision::roi_pool(input, rois, pooling);
    Region::of(input, pooling).save(context);
    context->save_for_backward({rois, argmax});
    context->mark_non_differentiable({argmax});
    return {output, argmax};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const Region region = Region::saved(context);
    const variable_list saved = context->get_saved_variables();
    const Tensor& grad = grads[0];
    const auto compute = [&]() -> variable_list {
      return {vision::roi_pool_backward(grad, saved[0], saved[1], region.sizes)};
    };
    return {Once<RoIPoolName>::apply(compute, grad)[0], Variable(), Variable()};
  }
};

struct PSRoIAlign : torch::autograd::Function<PSRoIAlign> {
  static variable_list forward(AutogradContext* context, const Tensor& input, const Tensor& rois,
                               const Pooling& pooling) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    auto [output, mapping] = vision::ps_roi_align(input, rois, pooling);
    Region::of(input, pooling).save(context);
    context->save_for_backward({rois});
    context->mark_non_differentiable({mapping});
    return {output, mapping};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const Region region = Region::saved(context);
    const Tensor rois = context->get_saved_variables()[0];
    const Tensor& grad = grads[0];
    const auto compute = [&]() -> variable_list {
      return {vision::ps_roi_align_backward(grad, rois, region.pooling, region.sizes)};
    };
    return {Once<PSRoIAlignName>::apply(compute, grad)[0], Variable(), Variable()};
  }
};

struct PSRoIPool : torch::autograd::Function<PSRoIPool> {
  static variable_list forward(AutogradContext* context, const Tensor& input, const Tensor& rois,
                               const Pooling& pooling) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    auto [output, mapping] = vision::ps_roi_pool(input, rois, pooling);
    Region::of(input, pooling).save(context);
    context->save_for_backward({rois});
    context->mark_non_differentiable({mapping});
    return {output, mapping};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const Region region = Region::saved(context);
    const Tensor rois = context->get_saved_variables()[0];
    const Tensor& grad = grads[0];
    const auto compute = [&]() -> variable_list {
      return {vision::ps_roi_pool_backward(grad, rois, region.pooling, region.sizes)};
    };
    return {Once<PSRoIPoolName>::apply(compute, grad)[0], Variable(), Variable()};
  }
};

struct DeformConv2d : torch::autograd::Function<DeformConv2d> {
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight, const Tensor& offset,
                        const Tensor& mask, const Tensor& bias, const Deformation& how) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    Tensor output = vision::deform_conv2d(input, weight, offset, mask, bias, how);
    context->save_for_backward({input, weight, offset, mask, bias});
    context->saved_data["how"] =
        std::vector<int64_t>{how.stride_h,   how.stride_w, how.pad_h,         how.pad_w,           how.dilation_h,
                             how.dilation_w, how.groups,   how.offset_groups, how.use_mask ? 1 : 0};
    return output;
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const std::vector<int64_t> how = context->saved_data["how"].toIntVector();
    const Deformation deformation{how[0], how[1], how[2], how[3], how[4], how[5], how[6], how[7], how[8] != 0};
    const variable_list saved = context->get_saved_variables();
    const Tensor& grad = grads[0];
    const auto compute = [&]() -> variable_list {
      auto [input, weight, offset, mask, bias] =
          vision::deform_conv2d_backward(grad, saved[0], saved[1], saved[2], saved[3], saved[4], deformation);
      return {input, weight, offset, mask, bias};
    };
    variable_list results =
        Once<DeformConv2dName>::apply(compute, grad, saved[0], saved[1], saved[2], saved[3], saved[4]);
    results.emplace_back();
    return results;
  }
};

// ---- Kernels as the dispatcher calls them ----

/// Where a kernel is for: the CPU's own, for other devices, or above both, where gradients are recorded.
enum class Where { kCPU, kOther, kAutograd };

/// Whether the CPU does as other devices do, so that tests on a machine without one see what they compute.
bool composed_on_cpu() {
  static const bool wanted = std::getenv("TORCH_NODE_VISION_COMPOSED") != nullptr;
  return wanted;
}

template <Where where, typename OnCPU, typename Elsewhere, typename Recorded>
auto choose(const Tensor& input, OnCPU on_cpu, Elsewhere elsewhere, Recorded recorded) {
  if (where == Where::kOther || composed_on_cpu()) return elsewhere();
  if (where == Where::kCPU) return on_cpu();
  // Elsewhere the operators that the result is composed of record themselves.
  return input.is_cpu() ? recorded() : elsewhere();
}

Both both(const variable_list& list) { return {list[0], list[1]}; }

// The kernel keeps 48 bytes for each sample of a bin, which are 48 MiB for this many in each direction.
constexpr int64_t kMostSamples = 1024;

template <Where where>
Tensor roi_align(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                 int64_t pooled_width, int64_t sampling_ratio, bool aligned) {
  TORCH_CHECK(sampling_ratio <= kMostSamples, "roi_align(): sampling_ratio must be at most ", kMostSamples, ", got ",
              sampling_ratio);
  const Pooling pooling{spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned};
  return choose<where>(
      input, [&] { return vision::roi_align(input, rois, pooling); },
      [&] { return vision::composed::roi_align(input, rois, pooling); },
      [&] { return RoIAlign::apply(input, rois, pooling); });
}

template <Where where>
Both roi_pool(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
              int64_t pooled_width) {
  const Pooling pooling{spatial_scale, pooled_height, pooled_width};
  return choose<where>(
      input, [&] { return vision::roi_pool(input, rois, pooling); },
      [&] { return vision::composed::roi_pool(input, rois, pooling); },
      [&] { return both(RoIPool::apply(input, rois, pooling)); });
}

template <Where where>
Both ps_roi_align(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                  int64_t pooled_width, int64_t sampling_ratio) {
  const Pooling pooling{spatial_scale, pooled_height, pooled_width, sampling_ratio};
  return choose<where>(
      input, [&] { return vision::ps_roi_align(input, rois, pooling); },
      [&] { return vision::composed::ps_roi_align(input, rois, pooling); },
      [&] { return both(PSRoIAlign::apply(input, rois, pooling)); });
}

template <Where where>
Both ps_roi_pool(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                 int64_t pooled_width) {
  const Pooling pooling{spatial_scale, pooled_height, pooled_width};
  return choose<where>(
      input, [&] { return vision::ps_roi_pool(input, rois, pooling); },
      [&] { return vision::composed::ps_roi_pool(input, rois, pooling); },
      [&] { return both(PSRoIPool::apply(input, rois, pooling)); });
}

template <Where where>
Tensor deform_conv2d(const Tensor& input, const Tensor& weight, const Tensor& offset, const Tensor& mask,
                     const Tensor& bias, int64_t stride_h, int64_t stride_w, int64_t pad_h, int64_t pad_w,
                     int64_t dilation_h, int64_t dilation_w, int64_t groups, int64_t offset_groups, bool use_mask) {
  const Deformation how{stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups, use_mask};
  return choose<where>(
      input, [&] { return vision::deform_conv2d(input, weight, offset, mask, bias, how); },
      [&] { return vision::composed::deform_conv2d(input, weight, offset, mask, bias, how); },
      [&] { return DeformConv2d::apply(input, weight, offset, mask, bias, how); });
}

Tensor roi_align_backward(const Tensor& grad, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                          int64_t pooled_width, int64_t batch_size, int64_t channels, int64_t height, int64_t width,
                          int64_t sampling_ratio, bool aligned) {
  return vision::roi_align_backward(grad, rois, {spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned},
                                    {batch_size, channels, height, width});
}

Tensor roi_pool_backward(const Tensor& grad, const Tensor& rois, const Tensor& argmax, double /*spatial_scale*/,
                         int64_t /*pooled_height*/, int64_t /*pooled_width*/, int64_t batch_size, int64_t channels,
                         int64_t height, int64_t width) {
  return vision::roi_pool_backward(grad, rois, argmax, {batch_size, channels, height, width});
}

Tensor ps_roi_align_backward(const Tensor& grad, const Tensor& rois, const Tensor& /*channel_mapping*/,
                             double spatial_scale, int64_t pooled_height, int64_t pooled_width, int64_t sampling_ratio,
                             int64_t batch_size, int64_t channels, int64_t height, int64_t width) {
  return vision::ps_roi_align_backward(grad, rois, {spatial_scale, pooled_height, pooled_width, sampling_ratio},
                                       {batch_size, channels, height, width});
}

Tensor ps_roi_pool_backward(const Tensor& grad, const Tensor& rois, const Tensor& /*channel_mapping*/,
                            double spatial_scale, int64_t pooled_height, int64_t pooled_width, int64_t batch_size,
                            int64_t channels, int64_t height, int64_t width) {
  return vision::ps_roi_pool_backward(grad, rois, {spatial_scale, pooled_height, pooled_width},
                                      {batch_size, channels, height, width});
}

Five deform_conv2d_backward(const Tensor& grad, const Tensor& input, const Tensor& weight, const Tensor& offset,
                            const Tensor& mask, const Tensor& bias, int64_t stride_h, int64_t stride_w, int64_t pad_h,
                            int64_t pad_w, int64_t dilation_h, int64_t dilation_w, int64_t groups,
                            int64_t offset_groups, bool use_mask) {
  return vision::deform_conv2d_backward(
      grad, input, weight, offset, mask, bias,
      {stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups, use_mask});
}

// ---- Autocast: torchvision computes these in float32 ----

template <c10::DispatchKey key, c10::DeviceType device, typename Compute>
auto in_float(const Compute& compute) {
  const c10::impl::ExcludeDispatchKeyGuard guard(key);
  return compute([](const Tensor& tensor) { return at::autocast::cached_cast(at::kFloat, tensor, device); });
}

template <c10::DispatchKey key, c10::DeviceType device>
Tensor nms_autocast(const Tensor& dets, const Tensor& scores, double iou_threshold) {
  return in_float<key, device>([&](const auto& cast) {
    static const auto op = c10::Dispatcher::singleton()
                               .findSchemaOrThrow("torchvision::nms", "")
                               .typed<Tensor(const Tensor&, const Tensor&, double)>();
    return op.call(cast(dets), cast(scores), iou_threshold);
  });
}

template <c10::DispatchKey key, c10::DeviceType device>
Tensor roi_align_autocast(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                          int64_t pooled_width, int64_t sampling_ratio, bool aligned) {
  return in_float<key, device>([&](const auto& cast) {
    return roi_align<Where::kAutograd>(cast(input), cast(rois), spatial_scale, pooled_height, pooled_width,
                                       sampling_ratio, aligned)
        .to(input.scalar_type());
  });
}

template <c10::DispatchKey key, c10::DeviceType device>
Both roi_pool_autocast(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                       int64_t pooled_width) {
  return in_float<key, device>([&](const auto& cast) -> Both {
    auto [output, argmax] =
        roi_pool<Where::kAutograd>(cast(input), cast(rois), spatial_scale, pooled_height, pooled_width);
    return {output.to(input.scalar_type()), argmax};
  });
}

template <c10::DispatchKey key, c10::DeviceType device>
Both ps_roi_align_autocast(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                           int64_t pooled_width, int64_t sampling_ratio) {
  return in_float<key, device>([&](const auto& cast) -> Both {
    auto [output, mapping] = ps_roi_align<Where::kAutograd>(cast(input), cast(rois), spatial_scale, pooled_height,
                                                            pooled_width, sampling_ratio);
    return {output.to(input.scalar_type()), mapping};
  });
}

template <c10::DispatchKey key, c10::DeviceType device>
Both ps_roi_pool_autocast(const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                          int64_t pooled_width) {
  return in_float<key, device>([&](const auto& cast) -> Both {
    auto [output, mapping] =
        ps_roi_pool<Where::kAutograd>(cast(input), cast(rois), spatial_scale, pooled_height, pooled_width);
    return {output.to(input.scalar_type()), mapping};
  });
}

template <c10::DispatchKey key, c10::DeviceType device>
Tensor deform_conv2d_autocast(const Tensor& input, const Tensor& weight, const Tensor& offset, const Tensor& mask,
                              const Tensor& bias, int64_t stride_h, int64_t stride_w, int64_t pad_h, int64_t pad_w,
                              int64_t dilation_h, int64_t dilation_w, int64_t groups, int64_t offset_groups,
                              bool use_mask) {
  return in_float<key, device>([&](const auto& cast) {
    return deform_conv2d<Where::kAutograd>(cast(input), cast(weight), cast(offset), cast(mask), cast(bias), stride_h,
                                           stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups,
                                           use_mask)
        .to(input.scalar_type());
  });
}

// ---- Registration ----

/// The arguments of a pooling, and those of its gradient that come behind them.
#define TORCH_NODE_POOLED "float spatial_scale, SymInt pooled_height, SymInt pooled_width"
#define TORCH_NODE_SIZES "SymInt batch_size, SymInt channels, SymInt height, SymInt width"
#define TORCH_NODE_DEFORMED                                                                                     \
  "SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt " \
  "groups, "                                                                                                    \
  "SymInt offset_groups, bool use_mask"

constexpr const char* kSchemas[] = {
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "box_iou_rotated(Tensor boxes1, Tensor boxes2) -> Tensor",
    "roi_align(Tensor input, Tensor rois, " TORCH_NODE_POOLED ", int sampling_ratio, bool aligned) -> Tensor",
    "roi_pool(Tensor input, Tensor rois, " TORCH_NODE_POOLED ") -> (Tensor, Tensor)",
    "ps_roi_align(Tensor input, Tensor rois, " TORCH_NODE_POOLED ", int sampling_ratio) -> (Tensor, Tensor)",
    "ps_roi_pool(Tensor input, Tensor rois, " TORCH_NODE_POOLED ") -> (Tensor, Tensor)",
    "deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, " TORCH_NODE_DEFORMED
    ") -> Tensor",
    "_roi_align_backward(Tensor grad, Tensor rois, " TORCH_NODE_POOLED ", " TORCH_NODE_SIZES
    ", int sampling_ratio, bool aligned) -> Tensor",
    "_roi_pool_backward(Tensor grad, Tensor rois, Tensor argmax, " TORCH_NODE_POOLED ", " TORCH_NODE_SIZES
    ") -> Tensor",
    "_ps_roi_align_backward(Tensor grad, Tensor rois, Tensor channel_mapping, " TORCH_NODE_POOLED
    ", int sampling_ratio, " TORCH_NODE_SIZES ") -> Tensor",
    "_ps_roi_pool_backward(Tensor grad, Tensor rois, Tensor channel_mapping, " TORCH_NODE_POOLED ", " TORCH_NODE_SIZES
    ") -> Tensor",
    "_deform_conv2d_backward(Tensor grad, Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor "
    "bias, " TORCH_NODE_DEFORMED ") -> (Tensor, Tensor, Tensor, Tensor, Tensor)",
};

constexpr auto kAutocastCUDA = c10::DispatchKey::Autocast;
constexpr auto kAutocastCPU = c10::DispatchKey::AutocastCPU;

template <Where where>
void implement(torch::Library& library, c10::DispatchKey key) {
  library.impl("roi_align", torch::dispatch(key, TORCH_FN(roi_align<where>)));
  library.impl("roi_pool", torch::dispatch(key, TORCH_FN(roi_pool<where>)));
  library.impl("ps_roi_align", torch::dispatch(key, TORCH_FN(ps_roi_align<where>)));
  library.impl("ps_roi_pool", torch::dispatch(key, TORCH_FN(ps_roi_pool<where>)));
  library.impl("deform_conv2d", torch::dispatch(key, TORCH_FN(deform_conv2d<where>)));
}

template <c10::DispatchKey key, c10::DeviceType device>
void implement_autocast(torch::Library& library) {
  library.impl("nms", torch::dispatch(key, TORCH_FN((nms_autocast<key, device>))));
  library.impl("roi_align", torch::dispatch(key, TORCH_FN((roi_align_autocast<key, device>))));
  library.impl("roi_pool", torch::dispatch(key, TORCH_FN((roi_pool_autocast<key, device>))));
  library.impl("ps_roi_align", torch::dispatch(key, TORCH_FN((ps_roi_align_autocast<key, device>))));
  library.impl("ps_roi_pool", torch::dispatch(key, TORCH_FN((ps_roi_pool_autocast<key, device>))));
  library.impl("deform_conv2d", torch::dispatch(key, TORCH_FN((deform_conv2d_autocast<key, device>))));
}

std::unique_ptr<torch::Library> made_library() {
  auto library =
      std::make_unique<torch::Library>(torch::Library::FRAGMENT, "torchvision", std::nullopt, __FILE__, __LINE__);
  for (const char* schema : kSchemas) library->def(schema);
  constexpr auto kCPU = c10::DispatchKey::CPU;
  constexpr auto kOther = c10::DispatchKey::CompositeExplicitAutograd;
  library->impl("nms", torch::dispatch(kCPU, TORCH_FN(vision::nms)));
  library->impl("nms", torch::dispatch(kOther, TORCH_FN(vision::composed::nms)));
  library->impl("box_iou_rotated", torch::dispatch(kCPU, TORCH_FN(vision::box_iou_rotated)));
  library->impl("box_iou_rotated", torch::dispatch(kOther, TORCH_FN(vision::composed::box_iou_rotated)));
  implement<Where::kCPU>(*library, kCPU);
  implement<Where::kOther>(*library, kOther);
  implement<Where::kAutograd>(*library, c10::DispatchKey::Autograd);
  implement_autocast<kAutocastCPU, c10::DeviceType::CPU>(*library);
  implement_autocast<kAutocastCUDA, c10::DeviceType::CUDA>(*library);
  library->impl("_roi_align_backward", torch::dispatch(kCPU, TORCH_FN(roi_align_backward)));
  library->impl("_roi_pool_backward", torch::dispatch(kCPU, TORCH_FN(roi_pool_backward)));
  library->impl("_ps_roi_align_backward", torch::dispatch(kCPU, TORCH_FN(ps_roi_align_backward)));
  library->impl("_ps_roi_pool_backward", torch::dispatch(kCPU, TORCH_FN(ps_roi_pool_backward)));
  library->impl("_deform_conv2d_backward", torch::dispatch(kCPU, TORCH_FN(deform_conv2d_backward)));
  return library;
}

/// What has been told to the dispatcher. Never destroyed: the dispatcher may be gone by then.
struct Registered {
  std::mutex mutex;
  std::unique_ptr<torch::Library> library;
  /// Keeps the operators known while they have no definition: plans and scripted functions may point to them.
  std::unique_ptr<torch::Library> anchor;
};

Registered& registered() {
  static auto& made = *new Registered;
  return made;
}

/// vision_register(): torchvision's operators exist from now on, unless its own library has been opened.
Napi::Value vision_register(const Napi::CallbackInfo& info, Environment&) {
  Registered& all = registered();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const bool taken = c10::Dispatcher::singleton().findSchema({"torchvision::nms", ""}).has_value();
  if (all.library != nullptr || taken) return info.Env().Undefined();
  if (all.anchor == nullptr) {
    all.anchor = std::make_unique<torch::Library>(torch::Library::IMPL, "torchvision",
                                                  c10::DispatchKey::TESTING_ONLY_GenericMode, __FILE__, __LINE__);
    for (const char* schema : kSchemas) {
      const std::string text(schema);
      all.anchor->impl(text.substr(0, text.find('(')).c_str(), torch::CppFunction::makeFallthrough());
    }
  }
  all.library = made_library();
  return info.Env().Undefined();
}

/// vision_withdraw() -> whether torchvision's operators were those of this file; they are not there any more.
Napi::Value vision_withdraw(const Napi::CallbackInfo& info, Environment&) {
  Registered& all = registered();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const bool had = all.library != nullptr;
  all.library.reset();
  return Napi::Boolean::New(info.Env(), had);
}

/// decode_jpeg(bytes, by_planes, part): the pixels of a JPEG file, or of a part [top, left, height, width] of it, or
/// null; see vision/jpeg.h.
Napi::Value decode_jpeg(const Napi::CallbackInfo& info, Environment& environment) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  std::optional<vision::Part> part;
  if (info[2].IsArray()) {
    const auto given = info[2].As<Napi::Array>();
    const auto at = [&](uint32_t i) { return given.Get(i).As<Napi::Number>().Int64Value(); };
    part = vision::Part{at(0), at(1), at(2), at(3)};
  }
  at::Tensor pixels = vision::decode_jpeg(bytes.Data(), bytes.ByteLength(), info[1].As<Napi::Boolean>(), part);
  return pixels.defined() ? wrapped(info.Env(), environment, std::move(pixels)) : info.Env().Null();
}

/// jpeg_size(bytes): [height, width] of a JPEG file of which decode_jpeg decodes parts alone, or null.
Napi::Value jpeg_size(const Napi::CallbackInfo& info, Environment&) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  const auto size = vision::jpeg_size(bytes.Data(), bytes.ByteLength());
  if (!size) return info.Env().Null();
  auto result = Napi::Array::New(info.Env(), 2);
  for (uint32_t i = 0; i < 2; ++i) result.Set(i, Napi::Number::New(info.Env(), static_cast<double>((*size)[i])));
  return result;
}

/// resize_as_pillow(image, height, width, filter): see vision/resize.h.
Napi::Value resize_as_pillow(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& image = tensor_at(info, 0, environment);
  return wrapped(
      info.Env(), environment,
      vision::resize_as_pillow(image, info[1].As<Napi::Number>().Int64Value(), info[2].As<Napi::Number>().Int64Value(),
                               info[3].As<Napi::String>().Utf8Value()));
}

}  // namespace

void export_vision(Exports& exports) {
  exports.add<decode_jpeg>("decode_jpeg");
  exports.add<jpeg_size>("jpeg_size");
  exports.add<resize_as_pillow>("resize_as_pillow");
  exports.add<vision_register>("vision_register");
  exports.add<vision_withdraw>("vision_withdraw");
}

}  // namespace torch_node
