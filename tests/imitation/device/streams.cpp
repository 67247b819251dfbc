// The current device, streams and events of the imitation. Work that a stream was given is done when someone waits for
// it, when the next kernel runs in that stream, or once after someone has asked whether it is done.
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <c10/core/impl/DeviceGuardImplInterface.h>

#include "imitation.h"

namespace imitation {
namespace {

constexpr auto kType = c10::DeviceType::PrivateUse1;
using Key = std::pair<c10::DeviceIndex, c10::StreamId>;

thread_local c10::DeviceIndex device_of_thread = 0;
thread_local std::array<c10::StreamId, kDevices> streams_of_thread{};

struct Queues {
  std::recursive_mutex mutex;  // work may wait for other streams
  std::map<Key, std::deque<std::function<void()>>> work;
};

/// Never destroyed, as the memory.
Queues& queues() {
  static auto* const it = new Queues;
  return *it;
}

Key key_of(const c10::Stream& stream) { return {stream.device_index(), stream.id()}; }

void finish(const Key& key) {
  const std::lock_guard<std::recursive_mutex> lock(queues().mutex);
  auto& work = queues().work[key];
  while (!work.empty()) {
    const auto next = std::move(work.front());
    work.pop_front();
    next();
  }
}

void enqueue(const Key& key, std::function<void()> work) {
  const std::lock_guard<std::recursive_mutex> lock(queues().mutex);
  queues().work[key].push_back(std::move(work));
}

bool is_idle(const Key& key) {
  const std::lock_guard<std::recursive_mutex> lock(queues().mutex);
  return queues().work[key].empty();
}

struct Event {
  Key stream;
  std::atomic<bool> done{false};
  std::chrono::steady_clock::time_point time;
};
// An event may be destroyed while work refers to it.
using EventHandle = std::shared_ptr<Event>;

Event& event_of(void* event) { return **static_cast<EventHandle*>(event); }

class Guard final : public c10::impl::DeviceGuardImplInterface {
 public:
  static constexpr c10::DeviceType static_type = kType;
  Guard() = default;
  explicit Guard(c10::DeviceType) {}

  c10::DeviceType type() const override { return kType; }
  c10::Device exchangeDevice(c10::Device device) const override {
    const c10::Device before = getDevice();
    setDevice(device);
    return before;
  }
  c10::Device getDevice() const override { return {kType, device_of_thread}; }
  void setDevice(c10::Device device) const override {
    if (!device.has_index()) return;
    check_device(device.index());
    device_of_thread = device.index();
  }
  void uncheckedSetDevice(c10::Device device) const noexcept override {
    if (device.has_index()) device_of_thread = device.index();
  }
  c10::DeviceIndex deviceCount() const noexcept override { return kDevices; }
  c10::DeviceCapability getDeviceCapability(c10::Device) const override { return {}; }
  void synchronizeDevice(const c10::DeviceIndex device) const override {
    check_device(device);
    const std::lock_guard<std::recursive_mutex> lock(queues().mutex);
    for (auto& [key, work] : queues().work) {
      if (key.first == device) finish(key);
    }
  }

  c10::Stream getStream(c10::Device device) const override {
    const c10::DeviceIndex index = device.has_index() ? device.index() : device_of_thread;
    check_device(index);
    return c10::Stream(c10::Stream::UNSAFE, {kType, index}, streams_of_thread[index]);
  }
  c10::Stream getDefaultStream(c10::Device device) const override { return c10::Stream(c10::Stream::DEFAULT, device); }
  c10::Stream getNewStream(c10::Device device, int) const override {
    static std::atomic<c10::StreamId> last{0};
    const c10::DeviceIndex index = device.has_index() ? device.index() : device_of_thread;
    check_device(index);
    return c10::Stream(c10::Stream::UNSAFE, {kType, index}, ++last);
  }
  c10::Stream getStreamFromGlobalPool(c10::Device device, bool) const override { return getNewStream(device, 0); }
  c10::Stream exchangeStream(c10::Stream stream) const override {
    const c10::Stream before = getStream(stream.device());
    streams_of_thread[stream.device_index()] = stream.id();
    return before;
  }
  void* getStreamNativeHandle(const c10::Stream stream) const override { return reinterpret_cast<void*>(stream.id()); }
  bool queryStream(const c10::Stream& stream) const override {
    const bool idle = is_idle(key_of(stream));
    finish(key_of(stream));
    return idle;
  }
  void synchronizeStream(const c10::Stream& stream) const override { finish(key_of(stream)); }

  void record(void** event, const c10::Stream& stream, const c10::DeviceIndex, const c10::EventFlag) const override {
    destroyEvent(*event, stream.device_index());
    const auto made = std::make_shared<Event>();
    made->stream = key_of(stream);
    *event = new EventHandle(made);
    const auto happen = [made] {
      made->time = std::chrono::steady_clock::now();
      made->done = true;
    };
    if (is_idle(made->stream)) {
      happen();
    } else {
      enqueue(made->stream, happen);
    }
  }
  void block(void* event, const c10::Stream& stream) const override {
    const EventHandle& it = *static_cast<EventHandle*>(event);
    if (!it->done)
      enqueue(key_of(stream), [it] {
        if (!it->done) finish(it->stream);
      });
  }
  bool queryEvent(void* event) const override {
    const bool done = event_of(event).done;
    finish(event_of(event).stream);
    return done;
  }
  void synchronizeEvent(void* event) const override { finish(event_of(event).stream); }
  void destroyEvent(void* event, const c10::DeviceIndex) const noexcept override {
    delete static_cast<EventHandle*>(event);
  }
  double elapsedTime(void* from, void* to, const c10::DeviceIndex) const override {
    return std::chrono::duration<double, std::milli>(event_of(to).time - event_of(from).time).count();
  }
};

}  // namespace

void check_device(c10::DeviceIndex index) {
  TORCH_CHECK(index >= 0 && index < kDevices, "imitation: there is no device ", static_cast<int>(index), " of ",
              static_cast<int>(kDevices));
}

c10::DeviceIndex current_device() { return device_of_thread; }

void enqueue(c10::DeviceIndex device, std::function<void()> work) {
  enqueue(Key{device, streams_of_thread[device]}, std::move(work));
}

void finish_current_stream(c10::DeviceIndex device) { finish({device, streams_of_thread[device]}); }

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard);

}  // namespace imitation
