// Slots, weak tracking, sweeping and external-memory accounting (see tensor_table.h).
#include "memory/tensor_table.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/variable.h>

#include "core/environment.h"
#include "memory/allocation.h"

namespace torch_node {
namespace {

// A page keeps at most 64 * 4 KiB of storage alive beyond its time.
constexpr size_t kSmallStorage = 4096;
// What may be allocated while a page of graph tensors is open: so much may live too long.
constexpr uint64_t kGraphPageBytes = uint64_t{256} * 1024;
// A result whose operator allocated more than this, counting what its graph saved, is tracked alone.
constexpr uint64_t kHeavyOperator = uint64_t{64} * 1024;
// What has been allocated while a page was open that may wait to be freed.
constexpr uint64_t kLightPage = uint64_t{kSmallStorage} * 64;
// How often to look whether a collection has run, where the table cannot ask for one.
constexpr uint64_t kLookEveryBytes = uint64_t{1024} * 1024;
constexpr int32_t kLookEveryPuts = 512;
// How often to ask for a collection of the young generation at most: so few results, and so few bytes, stay in the
// caches. One costs 50 to 100 us however little there is to collect; the pace keeps that below 3 % of the time.
constexpr int32_t kCollectEveryPuts = 2048;
constexpr uint64_t kCollectEveryBytes = uint64_t{8} * 1024 * 1024;
constexpr int32_t kSlowestPace = 64;
// What may be allocated between two collections however slow they are, unless more than that is in use.
constexpr uint64_t kMostBytes = uint64_t{32} * 1024 * 1024;
// What may grow old beyond what the last collection of the whole heap has left.
constexpr int64_t kOldBytes = int64_t{128} * 1024 * 1024;
// libtorch's own objects behind one tensor (TensorImpl, StorageImpl, allocator slack), measured ~600 bytes.
constexpr int64_t kTensorOverhead = 640;
// Collections of the whole heap in a row, when one frees graphs that kept objects of JavaScript alive.
constexpr int kWholeCollections = 3;
constexpr int64_t kReportStep = int64_t{1024} * 1024;
// The least that allocators of devices hand out.
constexpr uint64_t kDeviceBlock = 512;
// Growth without a collection after which the table forces one on Deno and Bun.
constexpr int64_t kPatience = int64_t{96} * 1024 * 1024;
// An array buffer that is made for that, dropped and never touched: more than V8's young generation may hold.
constexpr size_t kGarbage = size_t{64} * 1024 * 1024 + 1;

bool has_history(const at::Tensor& tensor) { return tensor.requires_grad() && !tensor.is_leaf(); }

/// Whether a tensor keeps a graph alive: by its own history, or as a view, made where none is recorded, by its base's.
bool holds_graph(const at::Tensor& tensor) {
  if (has_history(tensor)) return true;
  const auto* view = torch::autograd::impl::get_view_autograd_meta(tensor);
  return view != nullptr && view->has_bw_view() && has_history(view->get_backward_view().base_);
}

int32_t wrapped(Handle handle, Tracking tracking) { return handle * 4 + static_cast<int32_t>(tracking); }

}  // namespace

TensorTable::TensorTable(napi_env env, JsReferences& references)
    : env_(env), references_(references), puts_between_looks_(kLookEveryPuts), bytes_between_looks_(kLookEveryBytes) {
  install_counting_allocator();
  allocated_at_start_ = thread_allocations().allocated;
  freed_at_start_ = thread_allocations().freed;
  const Napi::HandleScope scope(env_);
  collects_late_ = global_object("Deno") != nullptr || global_object("Bun") != nullptr;
}

TensorTable::~TensorTable() = default;  // napi_refs go with the environment

void TensorTable::throw_disposed(Handle handle) {
  TORCH_CHECK(false, "the tensor was disposed (or belongs to another thread); handle ", handle);
}

int32_t TensorTable::take_chunk(bool page) {
  int32_t index;
  if (!free_chunks_.empty()) {
    index = free_chunks_.back();
    free_chunks_.pop_back();
  } else {
    TORCH_CHECK(chunks_.size() < (1u << 23), "too many live tensors");
    index = static_cast<int32_t>(chunks_.size());
    chunks_.push_back(std::make_unique<Chunk>());
  }
  chunks_[index]->page = page;
  chunks_[index]->used = 0;
  chunks_[index]->allocated = 0;
  return index;
}

int32_t TensorTable::put(at::Tensor tensor) {
  if (!tensor.defined()) return -1;
  const uint64_t allocated = thread_allocations().allocated;
  look(allocated);
  const uint64_t by_operator = allocated - last_put_;
  last_put_ = allocated;
  const c10::TensorImpl* impl = tensor.unsafeGetTensorImpl();
  const bool on_cpu = impl->device_type() == c10::DeviceType::CPU;
  const size_t bytes = impl->has_storage() ? impl->unsafe_storage().nbytes() : kSmallStorage + 1;
  // What is empty on a device may be about to grow, unseen by the CPU's allocator.
  const bool small = bytes <= kSmallStorage && (on_cpu || (bytes > 0 && impl->device_type() != c10::DeviceType::Meta));
  const bool graph = holds_graph(tensor);
  ++live_;
  int32_t wrapped;
  if (small && !graph) {
    if (!on_cpu) device_allocated_ += std::max<uint64_t>(bytes, kDeviceBlock);
    wrapped = put_in_page(std::move(tensor), page_, Tracking::kPage, allocated);
  } else if (small && on_cpu && by_operator <= kHeavyOperator) {
    // How much a graph on a device has saved is not known here.
    if (graph_page_.chunk >= 0 && allocated - graph_page_.opened_at > kGraphPageBytes) close(graph_page_, allocated);
    wrapped = put_in_page(std::move(tensor), graph_page_, Tracking::kGraphPage, allocated);
  } else {
    wrapped = put_alone(std::move(tensor));
  }
  if (!scopes_.empty()) scopes_.back().push_back(wrapped >> 2);
  if (!doomed_.empty()) free_one_doomed();
  return wrapped;
}

int32_t TensorTable::move_to_graph_page(Handle handle) {
  Chunk& chunk = *chunks_[static_cast<uint32_t>(handle) / kChunk];
  at::Tensor& slot = chunk.tensors[handle % kChunk];
  if (!chunk.page || !chunk.plain || !slot.defined() || !has_history(slot)) return -1;
  at::Tensor tensor;
  std::swap(tensor, slot);
  --live_;
  const int32_t wrapped = put(std::move(tensor));
  // It stays in the scope in which it was made, if in any.
  if (!scopes_.empty()) scopes_.back().pop_back();
  for (auto& scope : scopes_) std::replace(scope.begin(), scope.end(), handle, wrapped >> 2);
  return wrapped;
}

/// Frees a dead tensor for one that has come: what the next operator allocates is then at hand in the allocator's
/// caches and the processor's, as if each tensor had been freed by a reference count. All at once would overflow both.
void TensorTable::free_one_doomed() {
  const int32_t index = doomed_.back();
  Chunk& chunk = *chunks_[index];
  if (chunk.used == 1) {
    doomed_.pop_back();
    chunk.doomed = false;
    free_chunks_.push_back(index);
  }
  clear(chunk, --chunk.used);
}

void TensorTable::free_all_doomed() {
  while (!doomed_.empty()) free_one_doomed();
}

void TensorTable::look(uint64_t allocated) {
  allocated += device_allocated_;
  if (++puts_since_look_ < puts_between_looks_ && allocated - looked_at_ < bytes_between_looks_) return;
  if (in_flight_ > 0) return;
  puts_since_look_ = 0;
  looked_at_ = allocated;
  const Napi::HandleScope scope(env_);
  if (collector_ != nullptr) {
    collect_young();
  } else {
    notice_garbage_collection();
  }
}

void TensorTable::hold(c10::Storage storage, napi_value object) {
  look(thread_allocations().allocated);
  Held held{std::move(storage), nullptr, 0};
  napi_create_reference(env_, object, 0, &held.ref);
  young_held_.push_back(std::move(held));
}

napi_value TensorTable::buffer_over(const c10::Storage& storage) {
  const void* impl = storage.unsafeGetStorageImpl();
  napi_value buffer = nullptr;
  if (const auto found = buffers_.find(impl); found != buffers_.end()) {
    napi_get_reference_value(env_, found->second, &buffer);
    void* start = nullptr;
    size_t bytes = 0;
    if (buffer != nullptr) napi_get_arraybuffer_info(env_, buffer, &start, &bytes);
    // A storage may have got other memory since (share_memory_).
    if (start == storage.data() && bytes == storage.nbytes()) return buffer;
  }
  const napi_status status =
      napi_create_external_arraybuffer(env_, storage.mutable_data(), storage.nbytes(), nullptr, nullptr, &buffer);
  TORCH_CHECK(status == napi_ok, "this runtime does not allow memory shared with native code");
  hold(storage, buffer);
  buffers_[impl] = young_held_.back().ref;
  return buffer;
}

void TensorTable::sweep_held(std::vector<Held>& list) {
  std::vector<c10::Storage> doomed;  // freed when the list is in order again
  for (size_t i = 0; i < list.size();) {
    if (!is_dead(list[i].ref)) {
      ++i;
      continue;
    }
    const auto buffer = buffers_.find(list[i].storage.unsafeGetStorageImpl());
    if (buffer != buffers_.end() && buffer->second == list[i].ref) buffers_.erase(buffer);
    napi_delete_reference(env_, list[i].ref);
    doomed.push_back(std::move(list[i].storage));
    std::swap(list[i], list.back());
    list.pop_back();
  }
}

int32_t TensorTable::put_in_page(at::Tensor tensor, Page& page, Tracking tracking, uint64_t allocated) {
  if (page.chunk < 0) {
    page.chunk = take_chunk(true);
    page.opened_at = allocated;
    chunks_[page.chunk]->plain = tracking == Tracking::kPage;
  }
  Chunk& chunk = *chunks_[page.chunk];
  const Handle handle = page.chunk * kChunk + chunk.used;
  chunk.tensors[chunk.used++] = std::move(tensor);
  if (chunk.used == kChunk) close(page, allocated);
  return wrapped(handle, tracking);
}

int32_t TensorTable::put_alone(at::Tensor tensor) {
  if (free_slots_.empty()) {
    const int32_t chunk = take_chunk(false);
    for (int32_t offset = kChunk - 1; offset >= 0; --offset) free_slots_.push_back(chunk * kChunk + offset);
  }
  const Handle handle = free_slots_.back();
  free_slots_.pop_back();
  Chunk& chunk = *chunks_[handle / kChunk];
  chunk.tensors[handle % kChunk] = std::move(tensor);
  count_device_bytes(chunk, handle % kChunk);
  return wrapped(handle, Tracking::kSingle);
}

void TensorTable::track(Handle handle, napi_value wrapper) {
  get(handle);
  napi_ref& ref = chunks_[handle / kChunk]->refs[handle % kChunk];
  if (ref != nullptr || chunks_[handle / kChunk]->page) return;
  napi_create_reference(env_, wrapper, 0, &ref);
  young_.push_back(handle);
}

napi_value TensorTable::track_page(int32_t chunk, napi_value page) {
  TORCH_CHECK(chunk >= 0 && static_cast<size_t>(chunk) < chunks_.size(), "no such page");
  if (!chunks_[chunk]->page) return page;
  napi_ref& ref = chunks_[chunk]->refs[0];
  if (ref == nullptr) {
    young_.push_back(chunk * kChunk);
  } else {
    // Results are not always wrapped in the order in which they were stored, so JavaScript may come back to a page.
    napi_value tied = nullptr;
    napi_get_reference_value(env_, ref, &tied);
    if (tied != nullptr) return tied;
    napi_delete_reference(env_, ref);
  }
  napi_create_reference(env_, page, 0, &ref);
  return page;
}

void TensorTable::close_graph_page() { close(graph_page_, thread_allocations().allocated); }

void TensorTable::close(Page& page, uint64_t allocated) {
  if (page.chunk < 0) return;
  chunks_[page.chunk]->allocated = allocated - page.opened_at;
  page.chunk = -1;
}

/// A tensor in a page may grow (resize_, out=): then its page must not wait for more tensors before it can go.
void TensorTable::close_if_grown(Page& page) {
  if (page.chunk < 0) return;
  for (const at::Tensor& tensor : chunks_[page.chunk]->tensors) {
    if (tensor.defined() && tensor.has_storage() &&
        tensor.unsafeGetTensorImpl()->unsafe_storage().nbytes() > kSmallStorage) {
      close(page, thread_allocations().allocated + kLightPage);
      return;
    }
  }
}

/// Pinned memory is on the CPU, but a device's allocator has it; what is allocated by no allocator is the caller's.
static bool is_pinned(const c10::StorageImpl& storage) {
  return storage.allocator() != nullptr && storage.allocator() != c10::GetCPUAllocator();
}

void TensorTable::count_device_bytes(Chunk& chunk, int32_t offset) {
  const at::Tensor& tensor = chunk.tensors[offset];
  const c10::StorageImpl* storage = nullptr;
  // meta tensors have a size but no memory
  if (tensor.defined() && !tensor.is_meta() && tensor.has_storage()) {
    storage = tensor.unsafeGetTensorImpl()->unsafe_storage().unsafeGetStorageImpl();
    if (tensor.is_cpu() && !is_pinned(*storage)) storage = nullptr;
  }
  const c10::StorageImpl* const before = chunk.counted[offset];
  if (storage == nullptr && before == nullptr) return;
  if (storage != before) {
    chunk.counted[offset] = storage;
    if (storage != nullptr) {
      auto place = device_storages_.find(storage);
      if (place == device_storages_.end()) {
        place = device_storages_.emplace(storage, DeviceStorage{tensor.storage().getWeakStorageImpl(), 0, 0}).first;
      }
      ++place->second.users;
    }
    if (before != nullptr) discount_device_bytes(before);
  }
  if (storage == nullptr) return;
  // resize_ changes the size of a storage.
  int64_t& counted = device_storages_.at(storage).bytes;
  const auto bytes = static_cast<int64_t>(storage->nbytes());
  device_bytes_ += bytes - counted;
  if (bytes > counted) device_allocated_ += static_cast<uint64_t>(bytes - counted);
  counted = bytes;
}

void TensorTable::discount_device_bytes(const c10::StorageImpl* storage) {
  const auto found = device_storages_.find(storage);
  if (--found->second.users > 0) return;
  device_bytes_ -= found->second.bytes;
  device_storages_.erase(found);
}

void TensorTable::clear(Chunk& chunk, int32_t offset) {
  at::Tensor& tensor = chunk.tensors[offset];
  if (!tensor.defined()) return;
  if (const auto* storage = std::exchange(chunk.counted[offset], nullptr)) discount_device_bytes(storage);
  --live_;
  // Freeing can run a hook's destructor: leave the slot empty before that happens.
  at::Tensor doomed;
  std::swap(doomed, tensor);
}

void TensorTable::dispose(Handle handle) {
  const size_t chunk = static_cast<uint32_t>(handle) / kChunk;
  if (chunk < chunks_.size()) clear(*chunks_[chunk], handle % kChunk);
}

bool TensorTable::is_disposed(Handle handle) const {
  const size_t chunk = static_cast<uint32_t>(handle) / kChunk;
  return chunk >= chunks_.size() || !chunks_[chunk]->tensors[handle % kChunk].defined();
}

void TensorTable::scope_begin() { scopes_.emplace_back(); }

void TensorTable::scope_end(const std::vector<Handle>& kept) {
  TORCH_CHECK(!scopes_.empty(), "no scope is open");
  const std::vector<Handle> made = std::move(scopes_.back());
  scopes_.pop_back();
  const std::unordered_set<Handle> keep(kept.begin(), kept.end());
  for (Handle handle : made) {
    if (keep.count(handle) == 0) {
      dispose(handle);
    } else if (!scopes_.empty()) {
      scopes_.back().push_back(handle);
    }
  }
}

void TensorTable::scope_keep(Handle handle) {
  for (auto& scope : scopes_) scope.erase(std::remove(scope.begin(), scope.end(), handle), scope.end());
}

bool TensorTable::is_dead(napi_ref ref) const {
  napi_value value = nullptr;
  napi_get_reference_value(env_, ref, &value);
  return value == nullptr;
}

bool TensorTable::release_if_dead(Handle entry) {
  Chunk& chunk = *chunks_[entry / kChunk];
  napi_ref& ref = chunk.refs[chunk.page ? 0 : entry % kChunk];
  if (!is_dead(ref)) return false;
  napi_delete_reference(env_, ref);
  ref = nullptr;
  if (!chunk.page) {
    clear(chunk, entry % kChunk);
    free_slots_.push_back(entry);
    return true;
  }
  const int32_t index = entry / kChunk;
  const uint64_t allocated = thread_allocations().allocated;
  if (index == page_.chunk) close(page_, allocated);
  if (index == graph_page_.chunk) close(graph_page_, allocated);
  if (chunk.used > 0 && chunk.allocated <= kLightPage) {
    chunk.doomed = true;
    doomed_.push_back(index);
    return true;
  }
  for (int32_t offset = 0; offset < chunk.used; ++offset) clear(chunk, offset);
  chunk.used = 0;
  free_chunks_.push_back(index);
  return true;
}

void TensorTable::sweep_young() {
  std::vector<Handle> young = std::move(young_);
  std::vector<Handle> middle = std::move(middle_);
  young_.clear();
  middle_.clear();
  for (Handle entry : middle) {
    if (release_if_dead(entry)) continue;
    old_.push_back(entry);
    recount_alone(entry);
    old_bytes_ += bytes_of(entry);
  }
  for (Handle entry : young) {
    if (release_if_dead(entry)) continue;
    middle_.push_back(entry);
    recount_alone(entry);
  }
}

void TensorTable::sweep_old() {
  std::vector<Handle> old = std::move(old_);
  old_.clear();
  old_bytes_ = 0;
  for (Handle entry : old) {
    if (release_if_dead(entry)) continue;
    old_.push_back(entry);
    recount_alone(entry);
    old_bytes_ += bytes_of(entry);
  }
}

/// Without a call that says so: storages may be other ones, or have another size. In pages only what has grown counts.
void TensorTable::recount_alone(Handle entry) {
  Chunk& chunk = *chunks_[entry / kChunk];
  if (!chunk.page) return recount(entry);
  for (int32_t offset = 0; offset < chunk.used; ++offset) {
    const at::Tensor& tensor = chunk.tensors[offset];
    if (!tensor.defined() || !tensor.has_storage() || tensor.is_cpu()) continue;
    if (tensor.unsafeGetTensorImpl()->unsafe_storage().nbytes() > kSmallStorage) count_device_bytes(chunk, offset);
  }
}

void TensorTable::recount(Handle handle) { count_device_bytes(*chunks_[handle / kChunk], handle % kChunk); }

/// Of a tensor that is tracked alone; pages hold small tensors.
int64_t TensorTable::bytes_of(Handle entry) const {
  const Chunk& chunk = *chunks_[entry / kChunk];
  const at::Tensor& tensor = chunk.tensors[entry % kChunk];
  if (chunk.page || !tensor.defined() || !tensor.has_storage() || tensor.is_meta()) return 0;
  return static_cast<int64_t>(tensor.unsafeGetTensorImpl()->unsafe_storage().nbytes());
}

/// Frees what has died: of the young, and of the old too when the whole heap was collected.
void TensorTable::sweep(bool whole_heap) {
  // What is looked at has a handle, and would outlive a collection before the scope around ends.
  const Napi::HandleScope scope(env_);
  ++sweeps_;
  const uint64_t dropped = references_.dropped();
  free_all_doomed();
  close_if_grown(page_);
  close_if_grown(graph_page_);
  sweep_young();
  sweep_held(young_held_);
  const bool forced = whole_heap;
  whole_heap |= old_canary_age_ >= 2 && is_dead(old_canary_);
  if (whole_heap) {
    ++whole_sweeps_;
    sweep_old();
    sweep_held(old_held_);
    free_all_doomed();
    const int64_t now = balance();
    // What graphs kept alive in JavaScript until now is garbage that this collection has left.
    const bool leaves_garbage = !forced && references_.dropped() > dropped;
    balance_after_full_ = leaves_garbage ? std::min(balance_after_full_, now) : now;
    old_bytes_after_full_ = leaves_garbage ? std::min(old_bytes_after_full_, old_bytes_) : old_bytes_;
    device_bytes_after_full_ = leaves_garbage ? std::min(device_bytes_after_full_, device_bytes_) : device_bytes_;
  }
  if (whole_heap || old_canary_ == nullptr) {
    if (old_canary_ != nullptr) napi_delete_reference(env_, old_canary_);
    old_canary_ = plant_canary(1);
    old_canary_age_ = 0;
  } else if (++old_canary_age_ == 2) {
    napi_reference_unref(env_, old_canary_, nullptr);
  }
  const auto grown = std::partition(young_held_.begin(), young_held_.end(), [](Held& held) { return ++held.age < 2; });
  std::move(grown, young_held_.end(), std::back_inserter(old_held_));
  young_held_.erase(grown, young_held_.end());
  references_.drain();
}

void TensorTable::set_collector(napi_value collect) {
  napi_create_reference(env_, collect, 1, &collector_);
  puts_between_looks_ = kCollectEveryPuts;
  bytes_between_looks_ = kCollectEveryBytes;
}

bool TensorTable::collect(bool whole_heap) {
  const Napi::HandleScope scope(env_);
  // What their graphs keep alive in JavaScript would outlive this collection, and grow old.
  free_all_doomed();
  references_.drain();
  napi_value function, undefined, whole, result;
  napi_get_reference_value(env_, collector_, &function);
  napi_get_undefined(env_, &undefined);
  napi_get_boolean(env_, whole_heap, &whole);
  const napi_status status = napi_call_function(env_, undefined, function, 1, &whole, &result);
  if (status == napi_pending_exception) {
    // near the end of the stack, for example
    napi_get_and_clear_last_exception(env_, &result);
    return true;
  }
  bool done = true;
  if (status == napi_ok) napi_get_value_bool(env_, result, &done);
  return done;
}

void TensorTable::collect_young() {
  using std::chrono::steady_clock;
  const steady_clock::time_point begin = steady_clock::now();
  if (!collect(false)) {
    napi_delete_reference(env_, collector_);
    collector_ = nullptr;
    puts_between_looks_ = kLookEveryPuts;
    bytes_between_looks_ = kLookEveryBytes;
    return;
  }
  const steady_clock::time_point end = steady_clock::now();
  const int64_t whole_sweeps = whole_sweeps_;
  sweep(false);
  const auto took = end - begin;
  const auto between = begin - collected_at_;
  collected_at_ = end;
  if (took * 32 > between) {
    pace_ = std::min(pace_ * 2, kSlowestPace);
  } else if (took * 128 < between) {
    pace_ = std::max(pace_ / 2, 1);
  }
  const int64_t now = balance();
  puts_between_looks_ = kCollectEveryPuts * pace_;
  bytes_between_looks_ =
      std::min(kCollectEveryBytes * pace_, std::max(kMostBytes, static_cast<uint64_t>(balance_after_full_)));
  if (whole_sweeps_ > whole_sweeps) {
    report_memory(now);
  } else {
    press(now);
  }
}

/// Whether what a collection of the whole heap might free has grown as much as it left, so many times.
bool TensorTable::has_grown(int64_t times, int64_t balance) const {
  return balance > balance_after_full_ + times * std::max(balance_after_full_, kOldBytes) ||
         old_bytes_ > old_bytes_after_full_ + times * std::max(old_bytes_after_full_, kOldBytes);
}

/// Devices have less memory than the system, which cannot move it elsewhere either.
bool TensorTable::device_has_grown() const {
  return device_bytes_ > device_bytes_after_full_ + std::max(device_bytes_after_full_, kOldBytes);
}

void TensorTable::press(int64_t balance) {
  if (has_grown(1, balance)) report_memory(balance);
  // V8 marks incrementally, beside the program, which may be slower than the program allocates.
  if (!has_grown(2, balance) && !device_has_grown()) return;
  if (collect_whole_heap()) report_memory(this->balance());
}

bool TensorTable::collect_whole_heap() {
  for (int round = 0; round < kWholeCollections; ++round) {
    const uint64_t dropped = references_.dropped();
    if (!collect(true)) return false;
    sweep(true);
    if (references_.dropped() == dropped) break;
  }
  return true;
}

void TensorTable::free_garbage() {
  if (in_flight_ > 0) return;
  const Napi::HandleScope scope(env_);
  if (collector_ != nullptr && collect_whole_heap()) return report_memory(balance());
  // Of so much external memory V8 frees at once what it can.
  constexpr int64_t kPressure = int64_t{1} << 40;
  int64_t total;
  napi_adjust_external_memory(env_, kPressure, &total);
  napi_adjust_external_memory(env_, -kPressure, &total);
  if (collects_late_) make_garbage();
  sweep(true);
}

void TensorTable::notice_garbage_collection() {
  const int64_t now = balance();
  if (now - reported_ >= kReportStep || reported_ - now >= kReportStep) report_memory(now);
  if (canary_ == nullptr) {
    canary_ = plant_canary(0);
    return;
  }
  collected_balance_ = std::min(collected_balance_, reported_);
  if (collects_late_ && !pressed_ && reported_ - collected_balance_ > kPatience) {
    // Not after a look at the canary: some runtimes hold what was looked at until the call from JavaScript returns.
    make_garbage();
    pressed_ = true;
    puts_since_look_ = kLookEveryPuts;
    return;
  }
  pressed_ = false;
  if (is_dead(canary_)) {
    napi_delete_reference(env_, canary_);
    sweep(false);
    report_memory(balance());
    collected_balance_ = reported_;
    canary_ = plant_canary(0);
  }
}

napi_value TensorTable::global_object(const char* name) const {
  napi_value global, value;
  napi_valuetype type;
  const bool found = napi_get_global(env_, &global) == napi_ok &&
                     napi_get_named_property(env_, global, name, &value) == napi_ok &&
                     napi_typeof(env_, value, &type) == napi_ok && type == napi_object;
  return found ? value : nullptr;
}

void TensorTable::make_garbage() {
  // JavaScriptCore takes array buffers of this size for a reason to let the heap grow; Bun has a function to collect.
  if (const napi_value bun = global_object("Bun"); bun != nullptr) {
    napi_value collect, synchronously, result;
    napi_get_named_property(env_, bun, "gc", &collect);
    napi_get_boolean(env_, true, &synchronously);
    if (napi_call_function(env_, bun, collect, 1, &synchronously, &result) == napi_pending_exception) {
      napi_get_and_clear_last_exception(env_, &result);
    }
    return;
  }
  napi_value garbage;
  void* data;
  napi_create_arraybuffer(env_, kGarbage, &data, &garbage);
}

napi_ref TensorTable::plant_canary(uint32_t count) const {
  napi_value garbage;
  napi_ref ref;
  napi_create_object(env_, &garbage);
  napi_create_reference(env_, garbage, count, &ref);
  return ref;
}

/// Bytes in use on behalf of this thread: allocated by libtorch, on devices, and its objects.
int64_t TensorTable::balance() const {
  const AllocationCounts& counts = thread_allocations();
  // Signed: a thread may free what another one allocated.
  const int64_t own = static_cast<int64_t>(counts.allocated - allocated_at_start_) -
                      static_cast<int64_t>(counts.freed - freed_at_start_);
  return std::max<int64_t>(0, own) + device_bytes_ + live_ * kTensorOverhead;
}

void TensorTable::report_memory(int64_t balance) {
  int64_t total;
  napi_adjust_external_memory(env_, balance - reported_, &total);
  reported_ = balance;
}

TensorTable::Stats TensorTable::stats() const {
  Stats stats;
  stats.live_tensors = live_;
  stats.sweeps = sweeps_;
  stats.whole_sweeps = whole_sweeps_;
  stats.process_bytes = process_live_bytes();
  std::unordered_set<const void*> seen;
  for (const auto& chunk : chunks_) {
    if (chunk->doomed) {
      stats.live_tensors -= chunk->used;
      continue;
    }
    if (chunk->page && chunk->used > 0) ++stats.pages;
    for (const at::Tensor& tensor : chunk->tensors) {
      if (!tensor.defined()) continue;
      if (!chunk->page) ++stats.tracked_singly;
      if (tensor.has_storage() && !tensor.is_meta() && seen.insert(tensor.storage().unsafeGetStorageImpl()).second) {
        stats.live_bytes += tensor.storage().nbytes();
        if (!tensor.is_cpu()) stats.device_bytes += tensor.storage().nbytes();
      }
    }
  }
  return stats;
}

namespace {

Napi::Value track(const Napi::CallbackInfo& info, Environment& environment) {
  environment.tensors.track(info[0].As<Napi::Number>().Int32Value(), info[1]);
  return info.Env().Undefined();
}

Napi::Value track_page(const Napi::CallbackInfo& info, Environment& environment) {
  return {info.Env(), environment.tensors.track_page(info[0].As<Napi::Number>().Int32Value(), info[1])};
}

Napi::Value move_to_graph_page(const Napi::CallbackInfo& info, Environment& environment) {
  const Handle handle = info[0].As<Napi::Number>().Int32Value();
  environment.tensors.get(handle);
  return Napi::Number::New(info.Env(), environment.tensors.move_to_graph_page(handle));
}

Napi::Value dispose(const Napi::CallbackInfo& info, Environment& environment) {
  environment.tensors.dispose(info[0].As<Napi::Number>().Int32Value());
  return info.Env().Undefined();
}

Napi::Value is_disposed(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), environment.tensors.is_disposed(info[0].As<Napi::Number>().Int32Value()));
}

Napi::Value scope_begin(const Napi::CallbackInfo& info, Environment& environment) {
  environment.tensors.scope_begin();
  return info.Env().Undefined();
}

Napi::Value scope_end(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<Handle> kept;
  const Napi::Array handles = info[0].As<Napi::Array>();
  kept.reserve(handles.Length());
  for (uint32_t i = 0; i < handles.Length(); ++i) {
    kept.push_back(Napi::Value(handles[i]).As<Napi::Number>().Int32Value());
  }
  environment.tensors.scope_end(kept);
  return info.Env().Undefined();
}

Napi::Value scope_keep(const Napi::CallbackInfo& info, Environment& environment) {
  environment.tensors.scope_keep(info[0].As<Napi::Number>().Int32Value());
  return info.Env().Undefined();
}

/// free_garbage(): collects the whole heap and frees all dead tensors.
Napi::Value free_garbage(const Napi::CallbackInfo& info, Environment& environment) {
  environment.tensors.free_garbage();
  return info.Env().Undefined();
}

Napi::Value set_collector(const Napi::CallbackInfo& info, Environment& environment) {
  environment.tensors.set_collector(info[0]);
  return info.Env().Undefined();
}

Napi::Value memory_stats(const Napi::CallbackInfo& info, Environment& environment) {
  const TensorTable::Stats stats = environment.tensors.stats();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("live_tensors", static_cast<double>(stats.live_tensors));
  result.Set("live_bytes", static_cast<double>(stats.live_bytes));
  result.Set("device_bytes", static_cast<double>(stats.device_bytes));
  result.Set("process_bytes", static_cast<double>(stats.process_bytes));
  result.Set("sweeps", static_cast<double>(stats.sweeps));
  result.Set("whole_sweeps", static_cast<double>(stats.whole_sweeps));
  result.Set("pages", static_cast<double>(stats.pages));
  result.Set("tracked_singly", static_cast<double>(stats.tracked_singly));
  return result;
}

}  // namespace

void export_tensor_table(Exports& exports) {
  exports.add<track>("track");
  exports.add<track_page>("track_page");
  exports.add<move_to_graph_page>("move_to_graph_page");
  exports.add<dispose>("dispose");
  exports.add<is_disposed>("is_disposed");
  exports.add<scope_begin>("scope_begin");
  exports.add<scope_end>("scope_end");
  exports.add<scope_keep>("scope_keep");
  exports.add<set_collector>("set_collector");
  exports.add<free_garbage>("free_garbage");
  exports.add<memory_stats>("memory_stats");
}

}  // namespace torch_node
