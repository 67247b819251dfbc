// The switches of libtorch's context: deterministic algorithms, precision, backends; see lib/backends/context.ts and
// lib/backends/index.ts.
#include <ATen/Config.h>
#include <ATen/Context.h>
#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <ATen/native/verbose_wrapper.h>
#include <c10/util/Exception.h>

#if !defined(_WIN32)
#include <dlfcn.h>
#endif

#include "core/convert.h"
#include "core/environment.h"
#include "core/versions.h"

namespace torch_node {
namespace {

struct Switch {
  const char* name;
  bool (*get)(const at::Context&);
  void (*set)(at::Context&, bool);
};

/// Reductions of lower precision in cuBLAS: a bool, or in newer libtorch an enum whose first value allows all.
template <typename Option>
bool is_allowed(Option option) {
  if constexpr (std::is_same_v<Option, bool>) return option;
  return static_cast<int>(option) == 0;
}

#define TORCH_NODE_SWITCH(name, getter, setter)                        \
  Switch {                                                             \
    name, [](const at::Context& context) { return context.getter(); }, \
        [](at::Context& context, bool on) { context.setter(on); }      \
  }

const Switch switches[] = {
    TORCH_NODE_SWITCH("deterministic_fill", deterministicFillUninitializedMemory,
                      setDeterministicFillUninitializedMemory),
    TORCH_NODE_SWITCH("mkldnn", userEnabledMkldnn, setUserEnabledMkldnn),
    TORCH_NODE_SWITCH("mkldnn_deterministic", deterministicMkldnn, setDeterministicMkldnn),
    TORCH_NODE_SWITCH("mkldnn_allow_tf32", allowTF32OneDNN, setAllowTF32OneDNN),
    TORCH_NODE_SWITCH("nnpack", userEnabledNNPACK, setUserEnabledNNPACK),
    TORCH_NODE_SWITCH("cudnn", userEnabledCuDNN, setUserEnabledCuDNN),
    TORCH_NODE_SWITCH("cudnn_benchmark", benchmarkCuDNN, setBenchmarkCuDNN),
    TORCH_NODE_SWITCH("cudnn_deterministic", deterministicCuDNN, setDeterministicCuDNN),
    TORCH_NODE_SWITCH("cudnn_allow_tf32", allowTF32CuDNN, setAllowTF32CuDNN),
    TORCH_NODE_SWITCH("cublas_allow_tf32", allowTF32CuBLAS, setAllowTF32CuBLAS),
    TORCH_NODE_SWITCH("cublas_allow_fp16_accumulation", allowFP16AccumulationCuBLAS, setAllowFP16AccumulationCuBLAS),
    TORCH_NODE_SWITCH("miopen_immediate", immediateMiopen, setImmediateMiopen),
    {"cublas_allow_fp16_reduction", [](const at::Context& c) { return is_allowed(c.allowFP16ReductionCuBLAS()); },
     [](at::Context& c, bool on) { c.setAllowFP16ReductionCuBLAS(on); }},
    {"cublas_allow_bf16_reduction", [](const at::Context& c) { return is_allowed(c.allowBF16ReductionCuBLAS()); },
     [](at::Context& c, bool on) { c.setAllowBF16ReductionCuBLAS(on); }},
    TORCH_NODE_SWITCH("sdp_flash", userEnabledFlashSDP, setSDPUseFlash),
    TORCH_NODE_SWITCH("sdp_mem_efficient", userEnabledMemEfficientSDP, setSDPUseMemEfficient),
    TORCH_NODE_SWITCH("sdp_math", userEnabledMathSDP, setSDPUseMath),
    TORCH_NODE_SWITCH("sdp_cudnn", userEnabledCuDNNSDP, setSDPUseCuDNN),
    TORCH_NODE_SWITCH("sdp_overrideable", userEnabledOverrideableSDP, setSDPUseOverrideable),
    TORCH_NODE_SWITCH("sdp_math_reduction", allowFP16BF16ReductionMathSDP, setAllowFP16BF16ReductionMathSDP),
    {"warn_always", [](const at::Context&) { return c10::WarningUtils::get_warnAlways(); },
     [](at::Context&, bool on) { c10::WarningUtils::set_warnAlways(on); }},
};

#undef TORCH_NODE_SWITCH

const Switch& switch_at(const Napi::CallbackInfo& info) {
  const std::string name = info[0].ToString().Utf8Value();
  for (const Switch& each : switches) {
    if (name == each.name) return each;
  }
  TORCH_CHECK(false, "unknown switch '", name, "'");
}

/// switch_get(name)
Napi::Value switch_get(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), switch_at(info).get(at::globalContext()));
}

/// switch_set(name, on)
Napi::Value switch_set(const Napi::CallbackInfo& info, Environment&) {
  switch_at(info).set(at::globalContext(), info[1].ToBoolean().Value());
  return info.Env().Undefined();
}

/// deterministic() -> 0: off, 1: warnings, 2: errors
Napi::Value deterministic(const Napi::CallbackInfo& info, Environment&) {
  const at::Context& context = at::globalContext();
  const int mode = !context.deterministicAlgorithms() ? 0 : context.deterministicAlgorithmsWarnOnly() ? 1 : 2;
  return Napi::Number::New(info.Env(), mode);
}

/// set_deterministic(mode)
Napi::Value set_deterministic(const Napi::CallbackInfo& info, Environment&) {
  const int64_t mode = to_int64(info.Env(), info[0]);
  at::globalContext().setDeterministicAlgorithms(mode != 0, mode == 1);
  return info.Env().Undefined();
}

constexpr const char* precisions[] = {"highest", "high", "medium"};

Napi::Value matmul_precision(const Napi::CallbackInfo& info, Environment&) {
  return Napi::String::New(info.Env(), precisions[static_cast<int>(at::globalContext().float32MatmulPrecision())]);
}

Napi::Value set_matmul_precision(const Napi::CallbackInfo& info, Environment&) {
  at::globalContext().setFloat32MatmulPrecision(info[0].ToString().Utf8Value());
  return info.Env().Undefined();
}

/// set_flush_denormal(on) -> whether the processor can
Napi::Value set_flush_denormal(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), at::Context::setFlushDenormal(info[0].ToBoolean().Value()));
}

Napi::Value cpu_capability(const Napi::CallbackInfo& info, Environment&) {
  return Napi::String::New(info.Env(), at::get_cpu_capability());
}

/// cpu_capabilities() -> what the processor can do, by name; null where libtorch does not tell.
Napi::Value cpu_capabilities(const Napi::CallbackInfo& info, Environment& environment) {
#if TORCH_NODE_SINCE(13)
  Napi::Object result = Napi::Object::New(info.Env());
  for (const auto& [name, value] : at::cpu::get_cpu_capabilities()) {
    result.Set(name, Napi::Value(info.Env(), to_js(info.Env(), value, environment.tensors)));
  }
  return result;
#else
  return info.Env().Null();
#endif
}

/// fp32_precision(backend, operator) -> 'none', 'ieee', 'tf32' or 'bf16'
Napi::Value fp32_precision(const Napi::CallbackInfo& info, Environment&) {
  const auto backend = at::str2backend(info[0].ToString().Utf8Value());
  const auto op = at::str2op(info[1].ToString().Utf8Value());
  return Napi::String::New(info.Env(), at::precision2str(at::globalContext().float32Precision(backend, op)));
}

/// set_fp32_precision(backend, operator, precision)
Napi::Value set_fp32_precision(const Napi::CallbackInfo& info, Environment&) {
  at::globalContext().setFloat32Precision(at::str2backend(info[0].ToString().Utf8Value()),
                                          at::str2op(info[1].ToString().Utf8Value()),
                                          at::str2precision(info[2].ToString().Utf8Value()));
  return info.Env().Undefined();
}

/// quantized_engine() -> the number of the engine that quantized operators use
Napi::Value quantized_engine(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), static_cast<int>(at::globalContext().qEngine()));
}

Napi::Value set_quantized_engine(const Napi::CallbackInfo& info, Environment&) {
  at::globalContext().setQEngine(static_cast<at::QEngine>(to_int64(info.Env(), info[0])));
  return info.Env().Undefined();
}

/// quantized_engines() -> the numbers of those that libtorch was built with
Napi::Value quantized_engines(const Napi::CallbackInfo& info, Environment&) {
  Napi::Array numbers = Napi::Array::New(info.Env());
  for (const at::QEngine engine : at::Context::supportedQEngines()) {
    numbers.Set(numbers.Length(), Napi::Number::New(info.Env(), static_cast<int>(engine)));
  }
  return numbers;
}

/// cudnn_version() -> the version of cuDNN as one number, or null without it
Napi::Value cudnn_version(const Napi::CallbackInfo& info, Environment&) {
  if (!at::Context::hasCuDNN()) return info.Env().Null();
  return Napi::Number::New(info.Env(), static_cast<double>(at::Context::versionCuDNN()));
}

/// cusparselt_version() -> the version of cuSPARSELt as one number, or null without it. libtorch does not tell; where
/// it was built with the library, it has opened it.
Napi::Value cusparselt_version(const Napi::CallbackInfo& info, Environment&) {
#if !defined(_WIN32) && !defined(__APPLE__)
  if (void* library = dlopen("libcusparseLt.so.0", RTLD_LAZY | RTLD_NOLOAD)) {
    const auto property = reinterpret_cast<int (*)(int, int*)>(dlsym(library, "cusparseLtGetProperty"));
    constexpr int kWeights[] = {10000, 100, 1};  // of the major, the minor and the patch version
    int version = 0;
    for (int i = 0; property != nullptr && i < 3; ++i) {
      int part = 0;
      property(i, &part);
      version += kWeights[i] * part;
    }
    return Napi::Number::New(info.Env(), version);
  }
#endif
  return info.Env().Null();
}

/// preferred_library(kind, number or null) -> which library is preferred for 'linalg' or 'blas', by libtorch's numbers
Napi::Value preferred_library(const Napi::CallbackInfo& info, Environment&) {
  at::Context& context = at::globalContext();
  const bool blas = info[0].ToString().Utf8Value() == "blas";
  if (!info[1].IsNull()) {
    const int64_t number = to_int64(info.Env(), info[1]);
    if (blas) {
      context.setBlasPreferredBackend(static_cast<at::BlasBackend>(number));
    } else {
      context.setLinalgPreferredBackend(static_cast<at::LinalgBackend>(number));
    }
  }
  const int now =
      blas ? static_cast<int>(context.blasPreferredBackend()) : static_cast<int>(context.linalgPreferredBackend());
  return Napi::Number::New(info.Env(), now);
}

/// cudnn_benchmark_limit() -> how many algorithms cuDNN tries, or null without it
Napi::Value cudnn_benchmark_limit(const Napi::CallbackInfo& info, Environment&) {
  if (!at::Context::hasCuDNN()) return info.Env().Null();
  return Napi::Number::New(info.Env(), at::globalContext().benchmarkLimitCuDNN());
}

/// set_cudnn_benchmark_limit(limit); without cuDNN it has no effect.
Napi::Value set_cudnn_benchmark_limit(const Napi::CallbackInfo& info, Environment&) {
  const auto limit = static_cast<int>(to_int64(info.Env(), info[0]));
  if (at::Context::hasCuDNN()) at::globalContext().setBenchmarkLimitCuDNN(limit);
  return info.Env().Undefined();
}

/// sdp_priority() -> the numbers of the kernels for attention, the preferred one first
Napi::Value sdp_priority(const Napi::CallbackInfo& info, Environment&) {
  const auto order = at::globalContext().sDPPriorityOrder();
  Napi::Array numbers = Napi::Array::New(info.Env(), order.size());
  for (uint32_t i = 0; i < order.size(); ++i) numbers[i] = Napi::Number::New(info.Env(), static_cast<int>(order[i]));
  return numbers;
}

/// set_sdp_priority(numbers)
Napi::Value set_sdp_priority(const Napi::CallbackInfo& info, Environment&) {
  at::globalContext().setSDPPriorityOrder(to_int_vector(info.Env(), info[0]));
  return info.Env().Undefined();
}

/// set_verbose(library, level) -> whether the library can tell what it does; `library` is 'mkl' or 'mkldnn'.
Napi::Value set_verbose(const Napi::CallbackInfo& info, Environment&) {
  const auto level = static_cast<int>(to_int64(info.Env(), info[1]));
  const bool mkl = info[0].ToString().Utf8Value() == "mkl";
  const int done = mkl ? torch::verbose::_mkl_set_verbose(level) : torch::verbose::_mkldnn_set_verbose(level);
  return Napi::Boolean::New(info.Env(), done != 0);
}

/// sparse_invariants(warn) -> whether sparse constructors check what they are given; null when that was never set. With
/// `warn` libtorch warns once about that.
Napi::Value sparse_invariants(const Napi::CallbackInfo& info, Environment&) {
  const std::optional<bool> check = at::globalContext().checkSparseTensorInvariants(info[0].ToBoolean().Value());
  return check ? Napi::Value(Napi::Boolean::New(info.Env(), *check)) : info.Env().Null();
}

Napi::Value set_sparse_invariants(const Napi::CallbackInfo& info, Environment&) {
  at::globalContext().setCheckSparseTensorInvariants(
      info[0].IsNull() ? std::nullopt : std::optional<bool>(info[0].ToBoolean().Value()));
  return info.Env().Undefined();
}

/// built_with() -> the names of the libraries that libtorch was built with
Napi::Value built_with(const Napi::CallbackInfo& info, Environment&) {
  const std::pair<const char*, bool> libraries[] = {
      {"mkl", at::Context::hasMKL()},
      {"mkldnn", at::Context::hasMKLDNN()},
      {"lapack", at::Context::hasLAPACK()},
      {"openmp", at::Context::hasOpenMP()},
      {"cudnn", at::Context::hasCuDNN()},
      {"cuda", at::Context::hasCUDART()},
      {"kleidiai", at::Context::hasKleidiAI()},
      {"xnnpack", at::Context::isXNNPACKAvailable()},
      {"mkldnn_acl", AT_MKLDNN_ACL_ENABLED() != 0},
  };
  Napi::Array names = Napi::Array::New(info.Env());
  for (const auto& [name, present] : libraries) {
    if (present) names.Set(names.Length(), name);
  }
  return names;
}

}  // namespace

void export_context(Exports& exports) {
  exports.add<switch_get>("switch_get");
  exports.add<switch_set>("switch_set");
  exports.add<deterministic>("deterministic");
  exports.add<set_deterministic>("set_deterministic");
  exports.add<matmul_precision>("matmul_precision");
  exports.add<set_matmul_precision>("set_matmul_precision");
  exports.add<set_flush_denormal>("set_flush_denormal");
  exports.add<cpu_capability>("cpu_capability");
  exports.add<cpu_capabilities>("cpu_capabilities");
  exports.add<fp32_precision>("fp32_precision");
  exports.add<set_fp32_precision>("set_fp32_precision");
  exports.add<quantized_engine>("quantized_engine");
  exports.add<set_quantized_engine>("set_quantized_engine");
  exports.add<quantized_engines>("quantized_engines");
  exports.add<set_verbose>("set_verbose");
  exports.add<cudnn_version>("cudnn_version");
  exports.add<cusparselt_version>("cusparselt_version");
  exports.add<preferred_library>("preferred_library");
  exports.add<cudnn_benchmark_limit>("cudnn_benchmark_limit");
  exports.add<set_cudnn_benchmark_limit>("set_cudnn_benchmark_limit");
  exports.add<built_with>("built_with");
  exports.add<sdp_priority>("sdp_priority");
  exports.add<set_sdp_priority>("set_sdp_priority");
  exports.add<sparse_invariants>("sparse_invariants");
  exports.add<set_sparse_invariants>("set_sparse_invariants");
}

}  // namespace torch_node
