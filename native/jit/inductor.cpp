// Models that AOTInductor has compiled (lib/_inductor/index.ts): packages with a shared library of native code.
#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <unordered_map>

#include <ATen/ATen.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include "core/background.h"
#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"
#include "core/versions.h"

namespace torch_node {
namespace {

using torch::inductor::AOTIModelPackageLoader;

constexpr const char* kCheckInputs = "AOTI_RUNTIME_CHECK_INPUTS";

/// libtorch's text of an error of compiled code carries the C++ stack.
[[noreturn]] void rethrow_without_stack() {
  try {
    throw;
  } catch (const c10::Error&) {
    throw;
  } catch (const std::exception& error) {
    std::string text = error.what();
    text = text.substr(0, text.find("\nException raised from "));
    text.erase(text.find_last_not_of('\n') + 1);
    throw std::runtime_error(text);
  }
}

/// Compiled code reads this variable once, in its first run.
void set_input_checks(bool enabled) {
#if defined(_WIN32)
  _putenv_s(kCheckInputs, enabled ? "1" : "0");
#else
  setenv(kCheckInputs, enabled ? "1" : "0", 1);
#endif
}

class Package {
 public:
  Package(const std::string& path, const std::string& model, bool single_threaded, size_t runners,
          c10::DeviceIndex device, bool check_inputs)
      : loader_(path, model, single_threaded, runners, device),
        single_threaded_(single_threaded),
        check_inputs_(check_inputs) {}

  AOTIModelPackageLoader& loader() { return loader_; }

  std::vector<at::Tensor> run(const std::vector<at::Tensor>& inputs) {
    std::unique_lock<std::mutex> alone(running_, std::defer_lock);
    if (single_threaded_) alone.lock();
    try {
      return has_run_ ? loader_.run(inputs) : first_run(inputs);
    } catch (...) {
      rethrow_without_stack();
    }
  }

  /// Copies values into constants, or uses these tensors as the constants.
  void load_constants(std::unordered_map<std::string, at::Tensor> constants, bool check_full_update, bool user_managed,
                      bool allow_h2d_copy) {
    try {
      const auto current = loader_.get_runner()->extract_constants_map(false);
      for (const auto& [name, tensor] : constants) {
        const auto found = current.find(name);
        TORCH_CHECK(found != current.end(), "load_constants(): the model has no constant '", name, "'");
        const at::Tensor& constant = found->second;
        TORCH_CHECK(tensor.sizes() == constant.sizes() && tensor.scalar_type() == constant.scalar_type(),
                    "load_constants(): '", name, "' must be ", constant.scalar_type(), constant.sizes(), ", not ",
                    tensor.scalar_type(), tensor.sizes());
        TORCH_CHECK(allow_h2d_copy || tensor.device() == constant.device(), "load_constants(): '", name,
                    "' must be on ", constant.device(), ", not on ", tensor.device());
      }
      // The compiled code assumes the layout of its constants.
      for (auto& [name, tensor] : constants) {
        const at::Tensor& constant = current.at(name);
        if (tensor.strides() == constant.strides()) continue;
        TORCH_CHECK(!user_managed, "load_constants(): with user_managed, '", name, "' must have the strides ",
                    constant.strides(), ", not ", tensor.strides());
        tensor = at::empty_strided(tensor.sizes(), constant.strides(), tensor.options()).copy_(tensor);
      }
#if TORCH_NODE_SINCE(13)
      loader_.load_constants(constants, false, check_full_update, user_managed, allow_h2d_copy);
#else
      TORCH_CHECK_NOT_IMPLEMENTED(!allow_h2d_copy, "load_constants(): libtorch ", TORCH_VERSION,
                                  " has no allow_h2d_copy");
      loader_.load_constants(constants, false, check_full_update, user_managed);
#endif
    } catch (...) {
      rethrow_without_stack();
    }
    if (user_managed) {
      for (auto& [name, tensor] : constants) managed_[name] = tensor;
    }
  }

 private:
  std::vector<at::Tensor> first_run(const std::vector<at::Tensor>& inputs) {
    static std::mutex one_package_at_a_time;
    const std::lock_guard<std::mutex> lock(one_package_at_a_time);
    set_input_checks(check_inputs_);
    auto outputs = loader_.run(inputs);
    has_run_ = true;
    return outputs;
  }

  AOTIModelPackageLoader loader_;
  const bool single_threaded_;
  const bool check_inputs_;
  std::mutex running_;
  std::atomic<bool> has_run_{false};
  std::unordered_map<std::string, at::Tensor> managed_;  // the model has only their addresses
};

using PackagePtr = std::shared_ptr<Package>;

PackagePtr& package_at(const Napi::CallbackInfo& info) {
  return from_external<PackagePtr>(info.Env(), info[0], kPackageTag, "an AOTInductor model");
}

Napi::Array array_of(Napi::Env env, const std::vector<std::string>& texts) {
  Napi::Array array = Napi::Array::New(env, texts.size());
  for (uint32_t i = 0; i < texts.size(); ++i) array[i] = Napi::String::New(env, texts[i]);
  return array;
}

/// inductor_load(path, model name, single threaded, runners, device index, check inputs or undefined)
Napi::Value load(const Napi::CallbackInfo& info, Environment&) {
  // The setting of the process applies unless the package has its own.
  static const char* in_environment = std::getenv(kCheckInputs);
  static const bool by_default = in_environment == nullptr || in_environment[0] != '0';
  const bool check = info[5].IsBoolean() ? info[5].ToBoolean().Value() : by_default;
  try {
    auto package =
        std::make_shared<Package>(to_string(info.Env(), info[0]), to_string(info.Env(), info[1]),
                                  info[2].ToBoolean().Value(), static_cast<size_t>(to_int64(info.Env(), info[3])),
                                  static_cast<c10::DeviceIndex>(to_int64(info.Env(), info[4])), check);
    return {info.Env(), own_as_external(info.Env(), std::move(package), kPackageTag)};
  } catch (...) {
    rethrow_without_stack();
  }
}

Napi::Value call_spec(const Napi::CallbackInfo& info, Environment&) {
  return array_of(info.Env(), package_at(info)->loader().get_call_spec());
}

Napi::Value metadata(const Napi::CallbackInfo& info, Environment&) {
  Napi::Object result = Napi::Object::New(info.Env());
  for (const auto& [name, value] : package_at(info)->loader().get_metadata()) result.Set(name, value);
  return result;
}

Napi::Value constant_fqns(const Napi::CallbackInfo& info, Environment&) {
  return array_of(info.Env(), package_at(info)->loader().get_constant_fqns());
}

/// inductor_load_constants(model, names, handles, check_full_update, user_managed, allow_h2d_copy)
Napi::Value load_constants(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Array names = info[1].As<Napi::Array>();
  const std::vector<at::Tensor> tensors = to_tensors(info.Env(), info[2], environment.tensors);
  std::unordered_map<std::string, at::Tensor> constants;
  for (uint32_t i = 0; i < names.Length(); ++i) {
    constants[to_string(info.Env(), Napi::Value(names[i]))] = tensors.at(i).detach();
  }
  package_at(info)->load_constants(std::move(constants), info[3].ToBoolean().Value(), info[4].ToBoolean().Value(),
                                   info[5].ToBoolean().Value());
  return info.Env().Undefined();
}

/// inductor_run(model, handles) -> handles
Napi::Value run(const Napi::CallbackInfo& info, Environment& environment) {
  const auto outputs = package_at(info)->run(to_tensors(info.Env(), info[1], environment.tensors));
  return {info.Env(), from_tensors(info.Env(), outputs, environment.tensors)};
}

/// inductor_prepare(as inductor_run) -> a call for background_start
Napi::Value prepare(const Napi::CallbackInfo& info, Environment& environment) {
  const auto tensors = std::make_shared<std::vector<at::Tensor>>(to_tensors(info.Env(), info[1], environment.tensors));
  BackgroundCall background;
  background.run = [package = package_at(info), tensors] { *tensors = package->run(*tensors); };
  background.finish = [tensors, &environment](napi_env env) {
    return from_tensors(env, *tensors, environment.tensors);
  };
  return {info.Env(), prepare_background_call(info.Env(), std::move(background))};
}

}  // namespace

void export_inductor(Exports& exports) {
  exports.add<load>("inductor_load");
  exports.add<call_spec>("inductor_call_spec");
  exports.add<metadata>("inductor_metadata");
  exports.add<constant_fqns>("inductor_constant_fqns");
  exports.add<load_constants>("inductor_load_constants");
  exports.add<run>("inductor_run");
  exports.add<prepare>("inductor_prepare");
}

}  // namespace torch_node
