// The tags by which JavaScript's opaque objects are told apart: the only list of them, so that no two are equal.
#pragma once

#include <node_api.h>

namespace torch_node {

constexpr napi_type_tag kGeneratorTag = {0x746f7263682d6e6fULL, 0x64652d67656e0001ULL};
constexpr napi_type_tag kScriptObjectTag = {0x746f7263682d6e6fULL, 0x64652d6f626a0002ULL};
constexpr napi_type_tag kCallTag = {0x746f7263682d6e6fULL, 0x64652d63616c0003ULL};
constexpr napi_type_tag kModuleTag = {0x746f7263682d6e6fULL, 0x64652d6d6f640004ULL};
constexpr napi_type_tag kPackageTag = {0x746f7263682d6e6fULL, 0x64652d706b670005ULL};
constexpr napi_type_tag kEventTag = {0x746f7263682d6e6fULL, 0x64652d6576740006ULL};
constexpr napi_type_tag kMetalEventTag = {0x746f7263682d6e6fULL, 0x64652d6d65760007ULL};
constexpr napi_type_tag kProgramTag = {0x746f7263682d6e6fULL, 0x64652d70726f000cULL};
constexpr napi_type_tag kAccumulatorTag = {0x746f7263682d6e6fULL, 0x64652d616363000bULL};
constexpr napi_type_tag kGradientPlacesTag = {0x746f7263682d6e6fULL, 0x64652d677064000aULL};
constexpr napi_type_tag kStoreTag = {0x746f7263682d6e6fULL, 0x64652d73746f000cULL};
constexpr napi_type_tag kGroupTag = {0x746f7263682d6e6fULL, 0x64652d677270000dULL};
constexpr napi_type_tag kWorkTag = {0x746f7263682d6e6fULL, 0x64652d776f72000eULL};
// A c10d::Backend, which the second addon makes and a group takes.
constexpr napi_type_tag kBackendTag = {0x746f7263682d6e6fULL, 0x64652d626b650010ULL};
constexpr napi_type_tag kReducerTag = {0x746f7263682d6e6fULL, 0x64652d726564000fULL};
// Python's array API tells a DLPack capsule's structure by its name ("dltensor", "dltensor_versioned"): these stand for
// it between addons.
constexpr napi_type_tag kDlpackTag = {0x646c74656e736f72ULL, 0x0000000000000000ULL};
constexpr napi_type_tag kDlpackVersionedTag = {0x646c74656e736f72ULL, 0x5f76657273696f6eULL};

}  // namespace torch_node
