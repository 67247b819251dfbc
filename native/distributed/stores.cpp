// c10d's key-value stores: torch.distributed.Store and its classes (lib/distributed/store.ts).
#include "core/environment.h"

#if defined(TORCH_NODE_C10D)

#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "distributed/c10d.h"

#if defined(__linux__)
// Functions are looked up at their first call, but these while the addon is loaded: where libtorch has no c10d, it must
// load too.
asm(".weak _ZTVN4c10d9HashStoreE");
asm(".weak _ZTIN4c10d5StoreE");
asm(".weak _ZTIN4c10d8TCPStoreE");
#endif

namespace torch_node {

std::vector<std::string> to_strings(const Napi::Value& list) {
  const Napi::Array array = list.As<Napi::Array>();
  std::vector<std::string> strings;
  strings.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) strings.push_back(to_string(list.Env(), array.Get(i)));
  return strings;
}

namespace {

using Bytes = std::vector<uint8_t>;

Bytes to_bytes(const Napi::Value& value) {
  const Napi::Uint8Array array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.Data() + array.ByteLength()};
}

Napi::Value from_bytes(Napi::Env env, const Bytes& bytes) {
  Napi::Uint8Array array = Napi::Uint8Array::New(env, bytes.size());
  std::copy(bytes.begin(), bytes.end(), array.Data());
  return array;
}

Napi::Value from_store(Napi::Env env, StorePointer store) {
  return {env, own_as_external(env, std::move(store), kStoreTag)};
}

std::string key_of(const Napi::CallbackInfo& info) { return to_string(info.Env(), info[1]); }

/// store_tcp(host, port, workers or null, is_server, timeout, wait_for_workers, multi_tenant, fd or null, libuv)
Napi::Value store_tcp(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(to_int64(env, info[1]));
  if (!info[2].IsNull()) options.numWorkers = static_cast<size_t>(to_int64(env, info[2]));
  options.isServer = info[3].ToBoolean();
  options.timeout = to_milliseconds(info[4]);
  options.waitWorkers = info[5].ToBoolean();
  options.multiTenant = info[6].ToBoolean();
  if (!info[7].IsNull()) options.masterListenFd = static_cast<int>(to_int64(env, info[7]));
  options.useLibUV = info[8].ToBoolean();
  return from_store(env, c10::make_intrusive<c10d::TCPStore>(to_string(env, info[0]), options));
}

/// store_tcp_place(store) -> [host, port, whether its server is libuv's]
Napi::Value store_tcp_place(const Napi::CallbackInfo& info, Environment&) {
  const auto* store = dynamic_cast<const c10d::TCPStore*>(store_from(info[0]).get());
  TORCH_CHECK_TYPE(store != nullptr, "expected a TCPStore");
  Napi::Array place = Napi::Array::New(info.Env(), 3);
  place[0u] = Napi::String::New(info.Env(), store->getHost());
  place[1u] = Napi::Number::New(info.Env(), store->getPort());
  place[2u] = Napi::Boolean::New(info.Env(), store->isLibUvBackend());
  return place;
}

/// store_file(path, workers)
Napi::Value store_file(const Napi::CallbackInfo& info, Environment&) {
  const int workers = static_cast<int>(to_int64(info.Env(), info[1]));
  return from_store(info.Env(), c10::make_intrusive<c10d::FileStore>(to_string(info.Env(), info[0]), workers));
}

Napi::Value store_hash(const Napi::CallbackInfo& info, Environment&) {
  return from_store(info.Env(), c10::make_intrusive<c10d::HashStore>());
}

/// store_prefix(prefix, store)
Napi::Value store_prefix(const Napi::CallbackInfo& info, Environment&) {
  return from_store(info.Env(),
                    c10::make_intrusive<c10d::PrefixStore>(to_string(info.Env(), info[0]), store_from(info[1])));
}

Napi::Value store_clone(const Napi::CallbackInfo& info, Environment&) {
  return from_store(info.Env(), store_from(info[0])->clone());
}

/// store_set(store, key, bytes)
Napi::Value store_set(const Napi::CallbackInfo& info, Environment&) {
  store_from(info[0])->set(key_of(info), to_bytes(info[2]));
  return info.Env().Undefined();
}

Napi::Value store_get(const Napi::CallbackInfo& info, Environment&) {
  return from_bytes(info.Env(), store_from(info[0])->get(key_of(info)));
}

/// store_compare_set(store, key, expected, desired) -> bytes
Napi::Value store_compare_set(const Napi::CallbackInfo& info, Environment&) {
  return from_bytes(info.Env(), store_from(info[0])->compareSet(key_of(info), to_bytes(info[2]), to_bytes(info[3])));
}

/// store_add(store, key, amount) -> the new value
Napi::Value store_add(const Napi::CallbackInfo& info, Environment&) {
  return {info.Env(), from_int64(info.Env(), store_from(info[0])->add(key_of(info), to_int64(info.Env(), info[2])))};
}

Napi::Value store_delete_key(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), store_from(info[0])->deleteKey(key_of(info)));
}

Napi::Value store_check(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), store_from(info[0])->check(to_strings(info[1])));
}

Napi::Value store_num_keys(const Napi::CallbackInfo& info, Environment&) {
  return {info.Env(), from_int64(info.Env(), store_from(info[0])->getNumKeys())};
}

/// store_wait(store, keys, timeout or null)
Napi::Value store_wait(const Napi::CallbackInfo& info, Environment&) {
  const StorePointer& store = store_from(info[0]);
  if (info[2].IsNull()) {
    store->wait(to_strings(info[1]));
  } else {
    store->wait(to_strings(info[1]), to_milliseconds(info[2]));
  }
  return info.Env().Undefined();
}

Napi::Value store_timeout(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), static_cast<double>(store_from(info[0])->getTimeout().count()));
}

Napi::Value store_set_timeout(const Napi::CallbackInfo& info, Environment&) {
  store_from(info[0])->setTimeout(to_milliseconds(info[1]));
  return info.Env().Undefined();
}

/// store_append(store, key, bytes)
Napi::Value store_append(const Napi::CallbackInfo& info, Environment&) {
  store_from(info[0])->append(key_of(info), to_bytes(info[2]));
  return info.Env().Undefined();
}

Napi::Value store_multi_get(const Napi::CallbackInfo& info, Environment&) {
  const std::vector<Bytes> values = store_from(info[0])->multiGet(to_strings(info[1]));
  Napi::Array result = Napi::Array::New(info.Env(), values.size());
  for (uint32_t i = 0; i < values.size(); ++i) result[i] = from_bytes(info.Env(), values[i]);
  return result;
}

/// store_multi_set(store, keys, values)
Napi::Value store_multi_set(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Array given = info[2].As<Napi::Array>();
  std::vector<Bytes> values;
  values.reserve(given.Length());
  for (uint32_t i = 0; i < given.Length(); ++i) values.push_back(to_bytes(given.Get(i)));
  store_from(info[0])->multiSet(to_strings(info[1]), values);
  return info.Env().Undefined();
}

Napi::Value store_has_extended_api(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), store_from(info[0])->hasExtendedApi());
}

Napi::Value store_queue_push(const Napi::CallbackInfo& info, Environment&) {
  store_from(info[0])->queuePush(key_of(info), to_bytes(info[2]));
  return info.Env().Undefined();
}

/// store_queue_pop(store, key, block) -> bytes
Napi::Value store_queue_pop(const Napi::CallbackInfo& info, Environment&) {
  return from_bytes(info.Env(), store_from(info[0])->queuePop(key_of(info), info[2].ToBoolean()));
}

Napi::Value store_queue_len(const Napi::CallbackInfo& info, Environment&) {
  return {info.Env(), from_int64(info.Env(), store_from(info[0])->queueLen(key_of(info)))};
}

Napi::Value store_list_keys(const Napi::CallbackInfo& info, Environment&) {
  const std::vector<std::string> keys = store_from(info[0])->listKeys();
  Napi::Array result = Napi::Array::New(info.Env(), keys.size());
  for (uint32_t i = 0; i < keys.size(); ++i) result[i] = Napi::String::New(info.Env(), keys[i]);
  return result;
}

}  // namespace

void export_stores(Exports& exports) {
  exports.add<store_add>("store_add");
  exports.add<store_append>("store_append");
  exports.add<store_check>("store_check");
  exports.add<store_clone>("store_clone");
  exports.add<store_compare_set>("store_compare_set");
  exports.add<store_delete_key>("store_delete_key");
  exports.add<store_file>("store_file");
  exports.add<store_get>("store_get");
  exports.add<store_has_extended_api>("store_has_extended_api");
  exports.add<store_hash>("store_hash");
  exports.add<store_list_keys>("store_list_keys");
  exports.add<store_multi_get>("store_multi_get");
  exports.add<store_multi_set>("store_multi_set");
  exports.add<store_num_keys>("store_num_keys");
  exports.add<store_prefix>("store_prefix");
  exports.add<store_queue_len>("store_queue_len");
  exports.add<store_queue_pop>("store_queue_pop");
  exports.add<store_queue_push>("store_queue_push");
  exports.add<store_set>("store_set");
  exports.add<store_set_timeout>("store_set_timeout");
  exports.add<store_tcp>("store_tcp");
  exports.add<store_tcp_place>("store_tcp_place");
  exports.add<store_timeout>("store_timeout");
  exports.add<store_wait>("store_wait");
}

}  // namespace torch_node

#endif
