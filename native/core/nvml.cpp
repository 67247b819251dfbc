// What NVIDIA's management library says about a GPU: how busy and how warm it is, and which processes use it. The
// driver brings the library; it is opened at the first question, so that nothing here depends on it. lib/cuda/nvml.ts
// asks.
#include <array>
#include <string>
#include <vector>

#include <c10/util/Exception.h>

#if !defined(_WIN32)
#include <dlfcn.h>
#endif

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

// As in nvml.h, which only CUDA's toolkit has.
using Device = void*;
struct Utilization {
  unsigned int gpu;
  unsigned int memory;
};
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};
struct Process {
  unsigned int pid;
  unsigned long long memory;
  unsigned int gpu_instance;
  unsigned int compute_instance;
};
constexpr int kSuccess = 0;
constexpr int kInsufficientSize = 7;
constexpr unsigned int kUuidBytes = 96;
constexpr int kDieTemperature = 0;
constexpr int kClockOfMultiprocessors = 1;

/// The library, or null where there is none.
void* library() {
#if defined(_WIN32)
  return nullptr;
#else
  static void* const opened = dlopen("libnvidia-ml.so.1", RTLD_LAZY | RTLD_LOCAL);
  return opened;
#endif
}

/// A function of the library, of type `int (*)(Parameters...)`.
template <typename... Parameters>
int call(const char* name, Parameters... parameters) {
#if defined(_WIN32)
  return -1;
#else
  const auto function = reinterpret_cast<int (*)(Parameters...)>(dlsym(library(), name));
  TORCH_CHECK(function != nullptr, "the management library of NVIDIA's driver lacks ", name);
  return function(parameters...);
#endif
}

void check(int code, const char* name) { TORCH_CHECK(code == kSuccess, name, " failed with NVML's error ", code); }

template <typename... Parameters>
void checked(const char* name, Parameters... parameters) {
  check(call(name, parameters...), name);
}

/// nvml_open() -> whether the library is there, and its driver is loaded: 'missing', 'no driver' or 'open'
Napi::Value nvml_open(const Napi::CallbackInfo& info, Environment&) {
  const char* state = library() == nullptr ? "missing" : call("nvmlInit_v2") == kSuccess ? "open" : "no driver";
  return Napi::String::New(info.Env(), state);
}

Device device_at(const Napi::CallbackInfo& info) {
  Device device = nullptr;
  checked("nvmlDeviceGetHandleByIndex_v2", static_cast<unsigned int>(to_int64(info.Env(), info[0])), &device);
  return device;
}

/// nvml_uuids() -> those of all GPUs of the machine, in NVML's order
Napi::Value nvml_uuids(const Napi::CallbackInfo& info, Environment&) {
  unsigned int count = 0;
  checked("nvmlDeviceGetCount_v2", &count);
  Napi::Array uuids = Napi::Array::New(info.Env(), count);
  for (unsigned int i = 0; i < count; ++i) {
    Device device = nullptr;
    checked("nvmlDeviceGetHandleByIndex_v2", i, &device);
    std::array<char, kUuidBytes> uuid{};
    checked("nvmlDeviceGetUUID", device, uuid.data(), kUuidBytes);
    uuids[i] = Napi::String::New(info.Env(), uuid.data());
  }
  return uuids;
}

/// nvml_number(index, what): `what` is 'memory_used', 'memory_usage', 'utilization', 'temperature', 'power_draw' or
/// 'clock_rate'.
Napi::Value nvml_number(const Napi::CallbackInfo& info, Environment&) {
  const Device device = device_at(info);
  const std::string what = info[1].ToString().Utf8Value();
  unsigned int answer = 0;
  if (what == "memory_used") {
    Memory memory{};
    checked("nvmlDeviceGetMemoryInfo", device, &memory);
    return Napi::Number::New(info.Env(), static_cast<double>(memory.used));
  }
  if (what == "memory_usage" || what == "utilization") {
    Utilization rates{};
    checked("nvmlDeviceGetUtilizationRates", device, &rates);
    answer = what == "utilization" ? rates.gpu : rates.memory;
  } else if (what == "temperature") {
    checked("nvmlDeviceGetTemperature", device, kDieTemperature, &answer);
  } else if (what == "power_draw") {
    checked("nvmlDeviceGetPowerUsage", device, &answer);
  } else {
    checked("nvmlDeviceGetClockInfo", device, kClockOfMultiprocessors, &answer);
  }
  return Napi::Number::New(info.Env(), answer);
}

/// nvml_processes(index) -> [pid, bytes] of each process that computes there
Napi::Value nvml_processes(const Napi::CallbackInfo& info, Environment&) {
  constexpr const char* kName = "nvmlDeviceGetComputeRunningProcesses_v3";
  const Device device = device_at(info);
  unsigned int count = 0;
  int code = call(kName, device, &count, static_cast<Process*>(nullptr));
  std::vector<Process> processes;
  while (code == kInsufficientSize) {
    count += 8;  // more may start in between
    processes.resize(count);
    code = call(kName, device, &count, processes.data());
  }
  check(code, kName);
  Napi::Array result = Napi::Array::New(info.Env());
  for (unsigned int i = 0; i < count && i < processes.size(); ++i) {
    Napi::Array one = Napi::Array::New(info.Env(), 2);
    one[0u] = Napi::Number::New(info.Env(), processes[i].pid);
    one[1u] = Napi::Number::New(info.Env(), static_cast<double>(processes[i].memory));
    result[i] = one;
  }
  return result;
}

}  // namespace

void export_nvml(Exports& exports) {
  exports.add<nvml_open>("nvml_open");
  exports.add<nvml_uuids>("nvml_uuids");
  exports.add<nvml_number>("nvml_number");
  exports.add<nvml_processes>("nvml_processes");
}

}  // namespace torch_node
