// Linux only: binds the few functions whose newest symbol version is younger than the systems that libtorch itself runs
// on (glibc 2.28, libstdc++ of GCC 8) to an older version of the same function. The linker turns each call of `name`
// into one of `__wrap_name` (CMakeLists.txt); scripts/dev/symbols.js checks that nothing newer is left.
#include <condition_variable>
#include <mutex>

#include <dlfcn.h>
#include <pthread.h>

#if defined(__x86_64__)
#define FIRST_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define FIRST_GLIBC "GLIBC_2.17"
#else
#error "no libtorch is published for this processor"
#endif

// libstdc++ reads it to skip atomic operations while there is one thread: never the case in Node.
extern "C" {
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;
}

#define OLD(name, version) __asm__(".symver old_" #name "," #name "@" version)

extern "C" {

OLD(dlopen, FIRST_GLIBC);
OLD(dlsym, FIRST_GLIBC);
OLD(dlerror, FIRST_GLIBC);
OLD(dladdr, FIRST_GLIBC);
OLD(exp, FIRST_GLIBC);
OLD(exp2, FIRST_GLIBC);
OLD(fmod, FIRST_GLIBC);
OLD(hypot, FIRST_GLIBC);
OLD(log, FIRST_GLIBC);
OLD(log2, FIRST_GLIBC);
OLD(pow, FIRST_GLIBC);
OLD(pthread_once, FIRST_GLIBC);
OLD(pthread_rwlock_rdlock, FIRST_GLIBC);
OLD(pthread_rwlock_unlock, FIRST_GLIBC);
OLD(pthread_rwlock_wrlock, FIRST_GLIBC);
OLD(_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE, "GLIBCXX_3.4.11");

void* old_dlopen(const char* file, int mode);
void* old_dlsym(void* library, const char* name);
char* old_dlerror();
int old_dladdr(const void* address, Dl_info* info);
double old_exp(double value);
double old_exp2(double value);
double old_fmod(double value, double divisor);
double old_hypot(double x, double y);
double old_log(double value);
double old_log2(double value);
double old_pow(double base, double exponent);
int old_pthread_once(pthread_once_t* flag, void (*function)());
int old_pthread_rwlock_rdlock(pthread_rwlock_t* lock);
int old_pthread_rwlock_unlock(pthread_rwlock_t* lock);
int old_pthread_rwlock_wrlock(pthread_rwlock_t* lock);
void old__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(std::condition_variable* condition,
                                                                   std::unique_lock<std::mutex>* lock);

void* __wrap_dlopen(const char* file, int mode) { return old_dlopen(file, mode); }
void* __wrap_dlsym(void* library, const char* name) { return old_dlsym(library, name); }
char* __wrap_dlerror() { return old_dlerror(); }
int __wrap_dladdr(const void* address, Dl_info* info) { return old_dladdr(address, info); }
double __wrap_exp(double value) { return old_exp(value); }
double __wrap_exp2(double value) { return old_exp2(value); }
double __wrap_fmod(double value, double divisor) { return old_fmod(value, divisor); }
double __wrap_hypot(double x, double y) { return old_hypot(x, y); }
double __wrap_log(double value) { return old_log(value); }
double __wrap_log2(double value) { return old_log2(value); }
double __wrap_pow(double base, double exponent) { return old_pow(base, exponent); }
int __wrap_pthread_once(pthread_once_t* flag, void (*function)()) { return old_pthread_once(flag, function); }
int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock) { return old_pthread_rwlock_rdlock(lock); }
int __wrap_pthread_rwlock_unlock(pthread_rwlock_t* lock) { return old_pthread_rwlock_unlock(lock); }
int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock) { return old_pthread_rwlock_wrlock(lock); }
void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(std::condition_variable* condition,
                                                                      std::unique_lock<std::mutex>* lock) {
  old__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(condition, lock);
}
}
