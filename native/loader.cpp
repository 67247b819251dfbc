// loader.node: opens libtorch's libraries, and those with operators of others, by absolute path, so that the addon proper
// needs no rpath.
// It depends on nothing itself, so it loads everywhere and can say what is missing.
#include <string>

#include <napi.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace {

/// An empty text, or why the library could not be opened.
std::string open_library(const std::string& path) {
#if defined(_WIN32)
  const int length = MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, nullptr, 0);
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, wide.data(), length);
  if (LoadLibraryExW(wide.c_str(), nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)) return {};
  return "Windows error " + std::to_string(GetLastError());
#else
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return {};
  const char* reason = dlerror();
  return reason == nullptr ? "unknown reason" : reason;
#endif
}

/// open(paths): opens every library in order; what is open already stays as it is.
void open(const Napi::CallbackInfo& info) {
  if (!info[0].IsArray()) throw Napi::TypeError::New(info.Env(), "open(): argument 'paths' must be an array of strings");
  const Napi::Array paths = info[0].As<Napi::Array>();
  for (uint32_t i = 0; i < paths.Length(); ++i) {
    const std::string path = Napi::Value(paths[i]).ToString().Utf8Value();
    const std::string reason = open_library(path);
    if (!reason.empty()) {
      throw Napi::Error::New(info.Env(), "cannot open " + path + ": " + reason);
    }
  }
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("open", Napi::Function::New(env, open, "open"));
  return exports;
}

}  // namespace

NODE_API_MODULE(loader, init)
