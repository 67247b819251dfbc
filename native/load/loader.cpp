// loader.node: opens libtorch's libraries, and those with operators of others, by absolute path, so that the addon
// proper needs no rpath. It depends on nothing itself, so it loads everywhere and can say what is missing.
#include <string>

#include <napi.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace {

#if defined(_WIN32)
/// Windows' message for an error, with its number.
std::string windows_error(DWORD code) {
  char* text = nullptr;
  const DWORD length =
      FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                     nullptr, code, 0, reinterpret_cast<char*>(&text), 0, nullptr);
  std::string reason = "Windows error " + std::to_string(code);
  if (length > 0) reason += ": " + std::string(text, length);
  LocalFree(text);
  while (!reason.empty() && (reason.back() == '\n' || reason.back() == '\r')) reason.pop_back();
  return reason;
}
#endif

/// An empty text, or why the library could not be opened.
std::string open_library(const std::string& path) {
#if defined(_WIN32)
  const int length = MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, nullptr, 0);
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, wide.data(), length);
  // What a library needs is looked for beside it; that folder can only be searched for an absolute path.
  const bool absolute = path.find_first_of("\\/") != std::string::npos;
  const DWORD search = LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | (absolute ? LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR : 0);
  if (LoadLibraryExW(wide.c_str(), nullptr, search) != nullptr) return {};
  return windows_error(GetLastError());
#else
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return {};
  const char* reason = dlerror();
  return reason == nullptr ? "unknown reason" : reason;
#endif
}

/// open(paths): opens every library in order; what is open already stays as it is.
void open(const Napi::CallbackInfo& info) {
  if (!info[0].IsArray()) {
    throw Napi::TypeError::New(info.Env(), "open(): argument 'paths' must be an array of strings");
  }
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
