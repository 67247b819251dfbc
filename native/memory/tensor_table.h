// The only owner of at::Tensor on behalf of JavaScript. A JavaScript Tensor holds an integer
// handle; the table finds dead wrappers through weak references that it checks
// after each garbage collection, because finalizers do not run while a synchronous job does. It
// asks V8 for collections of the young generation, by results and by bytes, and leaves the old
// generation to V8, to which its size is reported as external memory.
//
// Handles are `chunk * 64 + offset`. A chunk is either a page, whose up to 64 small tensors share
// one weakly held page object and are dropped together, or holds 64 slots tracked one by one.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/StorageImpl.h>
#include <c10/util/intrusive_ptr.h>
#include <napi.h>

#include "core/js_references.h"
#include "core/shared_numbers.h"
#include "memory/allocation.h"

namespace torch_node {

using Handle = int32_t;

class TensorTable {
 public:
  TensorTable(napi_env env, JsReferences& references);
  ~TensorTable();
  TensorTable(const TensorTable&) = delete;
  TensorTable& operator=(const TensorTable&) = delete;

  /// Stores a tensor. The result is `handle * 4 + tracking` (see Tracking): what lib/_tensor.ts needs to wrap it.
  /// An undefined tensor is -1, which wraps to null.
  int32_t put(at::Tensor tensor);

  /// The tensor behind a handle; throws when it was disposed or never was.
  const at::Tensor& get(Handle handle) const {
    const size_t chunk = static_cast<uint32_t>(handle) / kChunk;
    if (chunk < chunks_.size()) [[likely]] {
      const at::Tensor& tensor = chunks_[chunk]->tensors[handle % kChunk];
      if (tensor.defined()) [[likely]]
        return tensor;
    }
    throw_disposed(handle);
  }

  /// To be called where a tensor that has a slot got a history: if it shares a page with tensors without one, which may
  /// live longer, it gets another slot. The result is as that of `put`, or -1 when it stays.
  int32_t move_to_graph_page(Handle handle);

  /// To be called where the storage of a tensor that has a slot became another one.
  void recount(Handle handle);

  /// Ties a slot that `put` returned as Tracking::kSingle to its wrapper.
  void track(Handle handle, napi_value wrapper);
  /// Ties a page to a page object; gives back the one that it is tied to already, if that is alive.
  napi_value track_page(int32_t chunk, napi_value page);

  /// The function that collects garbage, `collect(whole heap: boolean) => whether it did`; see lib/_C/collector.ts.
  void set_collector(napi_value collect);

  /// While one lives, no page is freed: results that wait for their wrappers stand in pages whose objects may be dead.
  class InFlight {
   public:
    explicit InFlight(TensorTable& table) : table_(table) {
      table_.look(thread_allocations().allocated);
      ++table_.in_flight_;
    }
    ~InFlight() { --table_.in_flight_; }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

   private:
    TensorTable& table_;
  };

  /// Keeps a storage alive for as long as `object`, an array buffer over its memory, is reachable: whatever becomes of
  /// the tensors, and outside of all scopes.
  void hold(c10::Storage storage, napi_value object);
  /// The array buffer over the whole of a storage: one for each that is reachable.
  napi_value buffer_over(const c10::Storage& storage);

  /// Drops the tensor now; the handle stays reserved until its wrapper dies.
  void dispose(Handle handle);
  bool is_disposed(Handle handle) const;
  /// The number behind the last one that a tensor may have.
  Handle end() const { return static_cast<Handle>(chunks_.size() * kChunk); }

  void scope_begin();
  /// Disposes what was stored since scope_begin, except `kept`, which pass to the scope around.
  void scope_end(const std::vector<Handle>& kept);
  /// Takes a handle out of all scopes: it lives on as if it had been made outside of them.
  void scope_keep(Handle handle);

  /// Collects the whole heap and frees what is dead: a device has no memory left. Not while results wait for wrappers.
  void free_garbage();

  /// Called when a graph has been consumed: tensors that come after it share no page with those before.
  void close_graph_page();

  struct Stats {
    int64_t live_tensors = 0;
    uint64_t live_bytes = 0;
    uint64_t device_bytes = 0;  // of these, on devices
    uint64_t process_bytes = 0;
    int64_t sweeps = 0;
    int64_t whole_sweeps = 0;
    int64_t pages = 0;
    int64_t tracked_singly = 0;
  };
  Stats stats() const;

 private:
  static constexpr int32_t kChunk = 64;

  struct Chunk {
    std::array<at::Tensor, kChunk> tensors;
    std::array<napi_ref, kChunk> refs{};  // of slots tracked one by one; [0] of a page
    // The device storage that a slot is counted for: that of its tensor may have become another one (`x.data = y`).
    std::array<const c10::StorageImpl*, kChunk> counted{};
    int32_t used = 0;  // pages fill from 0 up
    bool page = false;
    bool plain = false;      // a page of tensors without a history
    bool doomed = false;     // its page object is dead; its tensors are freed one at a time
    uint64_t allocated = 0;  // while the page was open
  };
  struct Page {
    int32_t chunk = -1;
    uint64_t opened_at = 0;  // thread_allocations().allocated when it was opened
  };

  struct DeviceStorage {
    c10::weak_intrusive_ptr<c10::StorageImpl> storage;  // so that no other one comes to lie at its address
    int64_t users = 0;                                  // slots
    int64_t bytes = 0;
  };

  struct Held {
    c10::Storage storage;
    napi_ref ref;     // weak, to the array buffer
    int32_t age = 0;  // sweeps that it has outlived
  };

  [[noreturn]] static void throw_disposed(Handle handle);
  int32_t put_in_page(at::Tensor tensor, Page& page, Tracking tracking, uint64_t allocated);
  int32_t put_alone(at::Tensor tensor);
  void look(uint64_t allocated);
  void close(Page& page, uint64_t allocated);
  void close_if_grown(Page& page);
  void free_one_doomed();
  void free_all_doomed();
  int32_t take_chunk(bool page);
  void clear(Chunk& chunk, int32_t offset);
  /// Counts the storage behind a slot, if it is on a device, and no longer the one before.
  void count_device_bytes(Chunk& chunk, int32_t offset);
  void discount_device_bytes(const c10::StorageImpl* storage);
  void recount_alone(Handle entry);
  /// Asks V8 for a collection of the young generation, and sweeps.
  void collect_young();
  bool collect(bool whole_heap);
  /// Collects the whole heap, and sweeps, until that frees no more graphs; false where the table cannot ask for it.
  bool collect_whole_heap();
  /// Tells V8 of what the last collections have left when that has grown much, so that it collects the old generation.
  void press(int64_t balance);
  bool has_grown(int64_t times, int64_t balance) const;
  bool device_has_grown() const;
  void notice_garbage_collection();
  void sweep(bool whole_heap);
  int64_t balance() const;
  void report_memory(int64_t balance);
  napi_ref plant_canary(uint32_t count) const;
  /// Makes an unreachable array buffer (or asks Bun), so that the collector runs where the reported balance does
  /// not move it.
  void make_garbage();
  napi_value global_object(const char* name) const;
  bool is_dead(napi_ref ref) const;
  bool release_if_dead(Handle entry);
  void sweep_young();
  int64_t bytes_of(Handle entry) const;
  void sweep_old();
  void sweep_held(std::vector<Held>& list);

  napi_env env_;
  JsReferences& references_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<int32_t> free_chunks_;
  std::vector<int32_t> doomed_;  // pages whose tensors are freed one for each that comes
  std::vector<Handle> free_slots_;
  Page page_;
  Page graph_page_;

  // What is tracked, by age: an entry is a handle, or the first handle of a page.
  std::vector<Handle> young_;
  std::vector<Handle> middle_;
  std::vector<Handle> old_;

  std::unordered_map<const void*, napi_ref> buffers_;  // weak, by StorageImpl; `hold` keeps these alive
  std::vector<Held> young_held_;
  std::vector<Held> old_held_;

  napi_ref collector_ = nullptr;
  // Weakly held garbage: when it is gone, a collection has run. The second one has grown old, so that only a collection
  // of the whole heap takes it.
  napi_ref canary_ = nullptr;
  napi_ref old_canary_ = nullptr;
  int32_t old_canary_age_ = 0;  // sweeps since it was planted; held strongly until it is old

  uint64_t looked_at_ = 0;  // allocated bytes at the last look
  int32_t puts_since_look_ = 0;
  int32_t puts_between_looks_;
  uint64_t bytes_between_looks_;
  int32_t pace_ = 1;  // how many times the least interval lies between collections
  std::chrono::steady_clock::time_point collected_at_;
  int32_t in_flight_ = 0;
  uint64_t last_put_ = 0;

  int64_t reported_ = 0;
  int64_t balance_after_full_ = 0;    // the balance after the last collection of the whole heap
  int64_t old_bytes_ = 0;             // of the storages behind what has grown old
  int64_t old_bytes_after_full_ = 0;  // the same after the last collection of the whole heap
  bool collects_late_ = false;        // Deno and Bun, which do not collect in time for the reported external memory
  bool pressed_ = false;              // garbage was made, and the canary not looked at since
  int64_t collected_balance_ = 0;     // what was reported after the last collection, or less since
  int64_t live_ = 0;
  int64_t device_bytes_ = 0;             // of the storages on devices that slots are counted for
  int64_t device_bytes_after_full_ = 0;  // the same after the last collection of the whole heap
  uint64_t device_allocated_ = 0;        // in all
  int64_t sweeps_ = 0;
  int64_t whole_sweeps_ = 0;
  uint64_t freed_at_start_ = 0;
  uint64_t allocated_at_start_ = 0;

  std::unordered_map<const c10::StorageImpl*, DeviceStorage> device_storages_;
  std::vector<std::vector<Handle>> scopes_;
};

}  // namespace torch_node
