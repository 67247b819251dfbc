// torch.multiprocessing below its TypeScript: memory that processes share, words in it that they wait on, pipes, and
// child processes.
//
// A block of shared memory is a file without a name (memfd). A child gets its descriptor when it is started; a process
// that runs already opens it as /proc/PID/fd/N of the sender, which holds the block until then: the last word of the
// block counts how many are on their way. Nothing has a name that outlives a process that was killed.
#include "data/processes.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <c10/core/CPUAllocator.h>

#include "core/environment.h"
#include "data/shared_memory.h"

#if defined(__linux__)
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <ctime>
#include <mutex>

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace torch_node {

#if defined(__linux__)
namespace {

using Word = std::atomic<int32_t>;
static_assert(sizeof(Word) == 4 && Word::is_always_lock_free);

[[noreturn]] void fail(const char* what, int error) { TORCH_CHECK(false, what, ": ", std::strerror(error)); }

/// A descriptor, or what errno says.
int checked(int result, const char* what) {
  if (result < 0) fail(what, errno);
  return result;
}

int new_memory_file() {
  return checked(static_cast<int>(syscall(SYS_memfd_create, "torch-node", 1U /* MFD_CLOEXEC */)),
                 "shared memory could not be made (memfd_create)");
}

constexpr size_t kTail = 64;
size_t with_tail(size_t bytes) { return (bytes + kTail - 1) / kTail * kTail + kTail; }

/// Memory that is mapped from a file without a name.
class Block {
 public:
  /// Takes the descriptor.
  Block(int fd, size_t bytes) : fd_(fd), length_(with_tail(bytes)) {
    start_ = mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (start_ != MAP_FAILED) return;
    const int error = errno;
    close(fd);
    fail("shared memory could not be mapped", error);
  }
  ~Block() {
    munmap(start_, length_);
    close(fd_);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  int fd() const { return fd_; }
  void* start() const { return start_; }
  /// How many processes have been sent the block and have not opened it yet.
  Word& in_flight() const { return *reinterpret_cast<Word*>(static_cast<char*>(start_) + length_ - kTail); }

 private:
  int fd_;
  size_t length_;
  void* start_;
};

void delete_block(void* block) { delete static_cast<Block*>(block); }

at::DataPtr memory_of(std::unique_ptr<Block> block) {
  void* start = block->start();
  return {start, block.release(), &delete_block, at::kCPU};
}

/// The descriptors of blocks that came from elsewhere are as long as they say.
void check_length(int fd, size_t bytes) {
  // Its end, since the symbol of fstat is that of glibc 2.33.
  const off_t end = lseek(fd, 0, SEEK_END);
  if (end >= 0 && static_cast<size_t>(end) >= with_tail(bytes)) return;
  close(fd);
  TORCH_CHECK(false, "the descriptor is not one of shared memory of ", bytes, " bytes");
}

Block& block_of(const at::Tensor& tensor) {
  const at::DataPtr& memory = shared_origin(*tensor.storage().unsafeGetStorageImpl());
  TORCH_CHECK(memory.get_deleter() == &delete_block, "the Tensor is not in shared memory");
  return *static_cast<Block*>(memory.get_context());
}

std::unique_ptr<Block> new_block(size_t bytes) {
  const int fd = new_memory_file();
  if (ftruncate(fd, static_cast<off_t>(with_tail(bytes))) != 0) {
    const int error = errno;
    close(fd);
    fail("shared memory could not be made", error);
  }
  return std::make_unique<Block>(fd, bytes);
}

at::Tensor bytes_over(std::unique_ptr<Block> block, size_t bytes) {
  at::Tensor tensor = at::empty({0}, at::TensorOptions(at::kByte));
  const c10::Storage storage(c10::Storage::use_byte_size_t(), bytes, memory_of(std::move(block)),
                             c10::GetCPUAllocator(),
                             /*resizable=*/true);
  return tensor.set_(storage, 0, {static_cast<int64_t>(bytes)}, {1});
}

size_t size_at(const Napi::CallbackInfo& info, size_t i) {
  const double size = info[i].As<Napi::Number>().DoubleValue();
  TORCH_CHECK(size >= 0 && size < 9e15, "bad size of shared memory");
  return static_cast<size_t>(size);
}

int int_at(const Napi::CallbackInfo& info, size_t i) { return info[i].As<Napi::Number>().Int32Value(); }

/// shared_memory_new(bytes): zeros in shared memory, as uint8.
Napi::Value shared_memory_new(const Napi::CallbackInfo& info, Environment& environment) {
  const size_t bytes = size_at(info, 0);
  return wrapped(info.Env(), environment, bytes_over(new_block(bytes), bytes));
}

/// shared_memory_fd(handle) -> the descriptor of a tensor's block, which stays the block's.
Napi::Value shared_memory_fd(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), block_of(tensor_at(info, 0, environment)).fd());
}

/// Blocks that are on their way to another process; of the whole process, and never destroyed: threads may end after
/// the main one.
struct OnTheWay {
  std::mutex mutex;
  std::vector<c10::Storage> storages;
};
OnTheWay& on_the_way() {
  static auto* made = new OnTheWay;
  return *made;
}

/// shared_memory_send(handle): keeps the block until another process has opened it.
Napi::Value shared_memory_send(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  block_of(tensor).in_flight().fetch_add(1);
  std::vector<c10::Storage> doomed;  // freed when the lock is no longer held
  const std::lock_guard<std::mutex> lock(on_the_way().mutex);
  auto& storages = on_the_way().storages;
  for (size_t i = 0; i < storages.size();) {
    const at::DataPtr& memory = shared_origin(*storages[i].unsafeGetStorageImpl());
    if (memory.get_deleter() == &delete_block && static_cast<Block*>(memory.get_context())->in_flight().load() > 0) {
      ++i;
      continue;
    }
    doomed.push_back(std::move(storages[i]));
    storages[i] = std::move(storages.back());
    storages.pop_back();
  }
  storages.push_back(tensor.storage());
  return info.Env().Undefined();
}

/// shared_memory_open(fd | [pid, fd], bytes) -> the bytes of a block as uint8. A descriptor is taken; that of another
/// process is opened, which ends the block's way.
Napi::Value shared_memory_open(const Napi::CallbackInfo& info, Environment& environment) {
  const size_t bytes = size_at(info, 1);
  int fd = -1;
  const bool sent = info[0].IsArray();
  if (sent) {
    const auto place = info[0].As<Napi::Array>();
    const int pid = Napi::Value(place[0u]).As<Napi::Number>().Int32Value();
    const int number = Napi::Value(place[1u]).As<Napi::Number>().Int32Value();
    const std::string path = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number);
    fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    TORCH_CHECK(fd >= 0, "a Tensor's shared memory could not be opened (", std::strerror(errno), "): process ", pid,
                ", which has sent it, has to run until it is received");
  } else {
    fd = int_at(info, 0);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  check_length(fd, bytes);
  auto block = std::make_unique<Block>(fd, bytes);
  if (sent) block->in_flight().fetch_sub(1);
  return wrapped(info.Env(), environment, bytes_over(std::move(block), bytes));
}

// --- words that processes wait on --------------------------------------------------------------------

/// The word at a place of a tensor in shared memory.
Word& word_at(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const int64_t index = int_at(info, 1);
  const c10::StorageImpl& storage = *tensor.storage().unsafeGetStorageImpl();
  TORCH_CHECK(block_of(tensor).start() == storage.data() && index >= 0 &&
                  static_cast<size_t>(index) < storage.nbytes() / sizeof(Word),
              "no such word in shared memory");
  return static_cast<Word*>(block_of(tensor).start())[index];
}

/// word_load(handle, place)
Napi::Value word_load(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), word_at(info, environment).load());
}

/// word_add(handle, place, number) -> what it was before
Napi::Value word_add(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), word_at(info, environment).fetch_add(int_at(info, 2)));
}

/// word_exchange(handle, place, expected, number) -> whether it was as expected, and is the number now
Napi::Value word_exchange(const Napi::CallbackInfo& info, Environment& environment) {
  int32_t expected = int_at(info, 2);
  return Napi::Boolean::New(info.Env(), word_at(info, environment).compare_exchange_strong(expected, int_at(info, 3)));
}

timespec time_of(double milliseconds) {
  const double seconds = std::min(milliseconds / 1000, 1e9);
  const auto whole = static_cast<time_t>(seconds);
  return {whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
}

/// word_wait(handle, place, expected, milliseconds): sleeps while the word is as expected, until it is woken or the
/// time is over; it may wake for no reason. A negative time has no end.
Napi::Value word_wait(const Napi::CallbackInfo& info, Environment& environment) {
  Word& word = word_at(info, environment);
  const double milliseconds = info[3].As<Napi::Number>().DoubleValue();
  const timespec time = time_of(milliseconds);
  syscall(SYS_futex, &word, FUTEX_WAIT, int_at(info, 2), milliseconds < 0 ? nullptr : &time, nullptr, 0);
  return info.Env().Undefined();
}

/// word_wake(handle, place, count)
Napi::Value word_wake(const Napi::CallbackInfo& info, Environment& environment) {
  syscall(SYS_futex, &word_at(info, environment), FUTEX_WAKE, int_at(info, 2), nullptr, nullptr, 0);
  return info.Env().Undefined();
}

/// thread_number() -> the system's number of this thread, of which no process has the same
Napi::Value thread_number(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), static_cast<double>(syscall(SYS_gettid)));
}

// --- descriptors -------------------------------------------------------------------------------------

/// memory_file() -> the descriptor of an empty file without a name
Napi::Value memory_file(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), new_memory_file());
}

/// make_pipe(duplex) -> [fd, fd]: two ends that both read and write, or one that reads and one that writes
Napi::Value make_pipe(const Napi::CallbackInfo& info, Environment&) {
  int ends[2];
  checked(info[0].ToBoolean() ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) : pipe2(ends, O_CLOEXEC),
          "a pipe could not be made");
  auto result = Napi::Array::New(info.Env(), 2);
  result.Set(0u, ends[0]);
  result.Set(1u, ends[1]);
  return result;
}

/// wait_readable(fds, milliseconds) -> the places of those that can be read, or have ended; a negative time has no end
Napi::Value wait_readable(const Napi::CallbackInfo& info, Environment&) {
  const auto given = info[0].As<Napi::Array>();
  const double milliseconds = info[1].As<Napi::Number>().DoubleValue();
  std::vector<pollfd> fds(given.Length());
  for (uint32_t i = 0; i < given.Length(); ++i) {
    fds[i] = {Napi::Value(given[i]).As<Napi::Number>().Int32Value(), POLLIN, 0};
  }
  timespec end{};
  clock_gettime(CLOCK_MONOTONIC, &end);
  const double until = static_cast<double>(end.tv_sec) * 1e3 + static_cast<double>(end.tv_nsec) / 1e6 + milliseconds;
  double left = milliseconds;
  while (true) {
    const timespec time = time_of(left);
    const int count = ppoll(fds.data(), fds.size(), milliseconds < 0 ? nullptr : &time, nullptr);
    if (count >= 0) break;
    if (errno != EINTR) fail("poll", errno);
    clock_gettime(CLOCK_MONOTONIC, &end);
    left = std::max(0.0, until - static_cast<double>(end.tv_sec) * 1e3 - static_cast<double>(end.tv_nsec) / 1e6);
  }
  auto ready = Napi::Array::New(info.Env());
  uint32_t count = 0;
  for (uint32_t i = 0; i < fds.size(); ++i) {
    if (fds[i].revents != 0) ready.Set(count++, i);
  }
  return ready;
}

/// close_on_exec(fd): keeps a descriptor from the processes that this one starts
Napi::Value close_on_exec(const Napi::CallbackInfo& info, Environment&) {
  checked(fcntl(int_at(info, 0), F_SETFD, FD_CLOEXEC), "fcntl");
  return info.Env().Undefined();
}

// --- processes ---------------------------------------------------------------------------------------

std::vector<std::string> strings_at(const Napi::CallbackInfo& info, size_t i) {
  const auto given = info[i].As<Napi::Array>();
  std::vector<std::string> strings(given.Length());
  for (uint32_t at = 0; at < given.Length(); ++at) strings[at] = Napi::Value(given[at]).As<Napi::String>();
  return strings;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Copies of descriptors, closed at the end of a scope.
struct Copies {
  std::vector<int> fds;
  ~Copies() {
    for (const int fd : fds) close(fd);
  }
};

/// process_start(file, arguments, environment, fds) -> the child's number. It has the descriptors under the numbers 0,
/// 1, 2, ...
Napi::Value process_start(const Napi::CallbackInfo& info, Environment&) {
  const std::string file = info[0].As<Napi::String>();
  std::vector<std::string> arguments = strings_at(info, 1);
  std::vector<std::string> variables = strings_at(info, 2);
  const auto fds = info[3].As<Napi::Array>();
  const int count = static_cast<int>(fds.Length());
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  pid_t pid = 0;
  int error = 0;
  {
    // Above all numbers that the child will have, so that no copy overwrites one that is still to be copied.
    Copies copies;
    for (int i = 0; i < count && error == 0; ++i) {
      const int fd = Napi::Value(fds[static_cast<uint32_t>(i)]).As<Napi::Number>().Int32Value();
      const int copy = fcntl(fd, F_DUPFD_CLOEXEC, count);
      if (copy < 0) {
        error = errno;
        break;
      }
      copies.fds.push_back(copy);
      posix_spawn_file_actions_adddup2(&actions, copy, i);
    }
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0) {
      error = posix_spawn(&pid, file.c_str(), &actions, &attributes, pointers_to(arguments).data(),
                          pointers_to(variables).data());
    }
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) fail("a child process could not be started", error);
  return Napi::Number::New(info.Env(), pid);
}

/// process_wait(pid, block) -> the exit code of a child, or the negative number of the signal that ended it; null when
/// it runs
Napi::Value process_wait(const Napi::CallbackInfo& info, Environment&) {
  int status = 0;
  pid_t found = 0;
  do {
    found = waitpid(int_at(info, 0), &status, info[1].ToBoolean() ? 0 : WNOHANG);
  } while (found < 0 && errno == EINTR);
  if (found == 0) return info.Env().Null();
  // Where another part of the program has waited for all children, no one knows.
  if (found < 0) return Napi::Number::New(info.Env(), 255);
  return Napi::Number::New(info.Env(), WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
}

/// die_with_parent(pid): this process ends when its parent does, which must have that number still
Napi::Value die_with_parent(const Napi::CallbackInfo& info, Environment&) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  return Napi::Boolean::New(info.Env(), getppid() == int_at(info, 0));
}

}  // namespace

bool can_share_between_processes() { return true; }

at::DataPtr allocate_shared(size_t bytes) { return memory_of(new_block(bytes)); }

bool is_shared_between_processes(const at::DataPtr& memory) { return memory.get_deleter() == &delete_block; }

void export_processes(Exports& exports) {
  exports.add<close_on_exec>("close_on_exec");
  exports.add<die_with_parent>("die_with_parent");
  exports.add<make_pipe>("make_pipe");
  exports.add<memory_file>("memory_file");
  exports.add<process_start>("process_start");
  exports.add<process_wait>("process_wait");
  exports.add<shared_memory_fd>("shared_memory_fd");
  exports.add<shared_memory_new>("shared_memory_new");
  exports.add<shared_memory_open>("shared_memory_open");
  exports.add<shared_memory_send>("shared_memory_send");
  exports.add<thread_number>("thread_number");
  exports.add<wait_readable>("wait_readable");
  exports.add<word_add>("word_add");
  exports.add<word_exchange>("word_exchange");
  exports.add<word_load>("word_load");
  exports.add<word_wait>("word_wait");
  exports.add<word_wake>("word_wake");
}

#else

namespace {

/// What lib/ does not call elsewhere, since it has asked process.platform before.
Napi::Value not_here(const Napi::CallbackInfo&, Environment&) {
  TORCH_CHECK_NOT_IMPLEMENTED(false, "torch.multiprocessing works on Linux alone");
}

}  // namespace

bool can_share_between_processes() { return false; }

at::DataPtr allocate_shared(size_t) {
  TORCH_CHECK_NOT_IMPLEMENTED(false, "torch.multiprocessing works on Linux alone");
}

bool is_shared_between_processes(const at::DataPtr&) { return false; }

void export_processes(Exports& exports) {
  for (const char* name :
       {"close_on_exec", "die_with_parent", "make_pipe", "memory_file", "process_start", "process_wait",
        "shared_memory_fd", "shared_memory_new", "shared_memory_open", "shared_memory_send", "thread_number",
        "wait_readable", "word_add", "word_exchange", "word_load", "word_wait", "word_wake"}) {
    exports.add<not_here>(name);
  }
}

#endif

}  // namespace torch_node
