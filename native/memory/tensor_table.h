// The only owner of at::Tensor on behalf of JavaScript. A JavaScript Tensor holds an integer
// handle; the table finds out by itself which wrappers died, through weak references that it looks
// at after each garbage collection, because finalizers do not run while a synchronous job does.
//
// Handles are `chunk * 64 + offset`. A chunk is either a page, whose up to 64 small tensors share
// one weakly held page object and are dropped together, or holds 64 slots tracked one by one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include <ATen/core/Tensor.h>
#include <napi.h>

#include "core/js_references.h"
#include "core/shared_numbers.h"

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

  /// Ties a slot that `put` returned as Tracking::kSingle to its wrapper.
  void track(Handle handle, napi_value wrapper);
  /// Ties a page to a page object; gives back the one that it is tied to already, if that is alive.
  napi_value track_page(int32_t chunk, napi_value page);

  /// While one lives, no page is freed: results that wait for their wrappers stand in pages whose objects may be dead.
  class InFlight {
   public:
    explicit InFlight(TensorTable& table) : table_(table) { ++table_.in_flight_; }
    ~InFlight() { --table_.in_flight_; }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

   private:
    TensorTable& table_;
  };

  /// Keeps a storage alive for as long as `object`, an array buffer over its memory, is reachable: whatever becomes of
  /// the tensors, and outside of all scopes.
  void hold(c10::Storage storage, napi_value object);

  /// Drops the tensor now; the handle stays reserved until its wrapper dies.
  void dispose(Handle handle);
  bool is_disposed(Handle handle) const;

  void scope_begin();
  /// Disposes what was stored since scope_begin, except `kept`, which pass to the scope around.
  void scope_end(const std::vector<Handle>& kept);
  /// Takes a handle out of all scopes: it lives on as if it had been made outside of them.
  void scope_keep(Handle handle);

  /// Called when a graph has been consumed: tensors that come after it share no page with those before.
  void close_graph_page();

  struct Stats {
    int64_t live_tensors = 0;
    uint64_t live_bytes = 0;
    uint64_t process_bytes = 0;
    int64_t sweeps = 0;
    int64_t pages = 0;
    int64_t tracked_singly = 0;
  };
  Stats stats() const;

 private:
  static constexpr int32_t kChunk = 64;

  struct Chunk {
    std::array<at::Tensor, kChunk> tensors;
    std::array<napi_ref, kChunk> refs{};  // of slots tracked one by one; [0] of a page
    int32_t used = 0;                     // pages fill from 0 up
    bool page = false;
  };
  struct Page {
    int32_t chunk = -1;
    uint64_t opened_at = 0;  // thread_allocations().allocated when it was opened
  };

  struct Held {
    c10::Storage storage;
    napi_ref ref;  // weak, to the array buffer
  };

  [[noreturn]] static void throw_disposed(Handle handle);
  int32_t put_in_page(at::Tensor tensor, Page& page, Tracking tracking, uint64_t allocated);
  int32_t put_alone(at::Tensor tensor);
  void look(uint64_t allocated);
  void close_if_grown(Page& page);
  int32_t take_chunk(bool page);
  void clear(at::Tensor& tensor);
  void count_device_bytes(const at::Tensor& tensor, int direction);
  void notice_garbage_collection(uint64_t allocated);
  void report_memory(bool force);
  void plant_canary();
  /// Makes an array buffer that nobody holds (or asks Bun), so that the collector runs where the reported balance does
  /// not move it.
  void make_garbage();
  napi_value global_object(const char* name) const;
  bool is_dead(napi_ref ref) const;
  bool release_if_dead(Handle entry);
  void sweep_young();
  void sweep_old(size_t most);
  void sweep_held();
  void sweep_held(std::vector<Held>& list, size_t most);

  napi_env env_;
  JsReferences& references_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<int32_t> free_chunks_;
  std::vector<Handle> free_slots_;
  Page page_;
  Page graph_page_;

  // What is tracked, by age: an entry is a handle, or the first handle of a page.
  std::vector<Handle> young_;
  std::vector<Handle> middle_;
  std::vector<Handle> old_;
  size_t old_cursor_ = 0;

  std::vector<Held> young_held_;
  std::vector<Held> old_held_;

  napi_ref canary_ = nullptr;  // weakly held garbage: when it is gone, a collection has run
  uint64_t looked_at_ = 0;     // allocated bytes at the last look at the canary
  int32_t puts_since_look_ = 0;
  int32_t in_flight_ = 0;
  uint64_t last_put_ = 0;
  int64_t reported_ = 0;
  bool collects_late_ =
      false;              // Deno and Bun, where what is told of native memory does not make for collections in time
  bool pressed_ = false;  // garbage was made, and the canary not looked at since
  int64_t collected_balance_ = 0;  // what was reported after the last collection, or less since
  int64_t live_ = 0;
  int64_t device_bytes_ = 0;
  int64_t sweeps_ = 0;
  uint64_t freed_at_start_ = 0;
  uint64_t allocated_at_start_ = 0;

  std::unordered_map<const void*, int64_t> device_storages_;
  std::vector<std::vector<Handle>> scopes_;
};

}  // namespace torch_node
