// The process: version, threads, devices, random generators.
#include "td.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <c10/core/DefaultDtype.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <dlfcn.h>

#include <cstdio>
#include <mutex>
#include <tuple>
#include <type_traits>

using namespace td;

TD_API const char* td_version() { return TORCH_VERSION; }

namespace {

// A bool up to libtorch 2.8; after that a choice of which the first allows all.
template <class T>
bool is_allowed(T choice) {
  if constexpr (std::is_same_v<T, bool>) return choice;
  else return static_cast<int>(choice) == 0;
}

}  // namespace

// The switches of at::Context.
TD_API bool td_switch(int32_t which) {
  auto& context = at::globalContext();
  switch (which) {
    case 0: return context.userEnabledFlashSDP();
    case 1: return context.userEnabledMathSDP();
    case 2: return context.allowTF32CuBLAS();
    case 3: return is_allowed(context.allowFP16ReductionCuBLAS());
    case 4: return context.allowTF32CuDNN();
    default: return false;
  }
}

TD_API void td_set_switch(int32_t which, bool on) {
  auto& context = at::globalContext();
  switch (which) {
    case 0: context.setSDPUseFlash(on); break;
    case 1: context.setSDPUseMath(on); break;
    case 2: context.setAllowTF32CuBLAS(on); break;
    case 3: context.setAllowFP16ReductionCuBLAS(on); break;
    case 4: context.setAllowTF32CuDNN(on); break;
  }
}

TD_API int32_t td_default_dtype() { return static_cast<int32_t>(c10::get_default_dtype_as_scalartype()); }
TD_API int td_set_default_dtype(int32_t dtype) {
  return guarded([&] { c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(dtype))); });
}

TD_API int32_t td_threads() { return at::get_num_threads(); }

namespace {

template <class F>
F* openblas(const char* name) { return reinterpret_cast<F*>(dlsym(RTLD_DEFAULT, name)); }

// OpenBLAS's threads wait for one another in loops. Up to 0.3.26 those of x86-64 let another thread have the core; later ones, and those of other processors, hold it
// (YIELDING in its common.h), so that on a machine with other work to do a small product takes the scheduler's time slice.
bool openblas_spins() {
  auto config = openblas<char*()>("openblas_get_config");
  int major = 0, minor = 0, patch = 0;
  if (!config || std::sscanf(config(), "OpenBLAS %d.%d.%d", &major, &minor, &patch) != 3) return false;
#if defined(__x86_64__)
  return std::make_tuple(major, minor, patch) >= std::make_tuple(0, 3, 27);
#else
  return true;
#endif
}

}  // namespace

// OpenBLAS built with threads of its own does not follow libtorch's setting: it is told, where it is what libtorch loaded.
TD_API int td_set_threads(int32_t n) {
  return guarded([&] {
    at::set_num_threads(n);
    static auto set = openblas<void(int)>("openblas_set_num_threads");
    if (set) set(n);
  });
}

// Leaves OpenBLAS one thread where several would spin; says whether it did.
TD_API bool td_calm_blas() {
  auto set = openblas<void(int)>("openblas_set_num_threads");
  if (!set || !openblas_spins()) return false;
  set(1);
  return true;
}
TD_API int32_t td_interop_threads() { return at::get_num_interop_threads(); }
TD_API int td_set_interop_threads(int32_t n) {
  return guarded([&] { at::set_num_interop_threads(n); });
}

TD_API int32_t td_cuda_device_count() {
  int32_t n = 0;
  guarded([&] { n = static_cast<int32_t>(torch::cuda::device_count()); });
  return n;
}
TD_API bool td_cudnn_available() {
  bool there = false;
  guarded([&] { there = torch::cuda::cudnn_is_available(); });
  return there;
}
TD_API int td_cuda_synchronize(int64_t device) {
  return guarded([&] { torch::cuda::synchronize(device); });
}

namespace {

at::Generator default_generator(int32_t device_type, int32_t index) {
  return at::globalContext().defaultGenerator(c10::Device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(index)));
}

}  // namespace

// The default generator of a device, or a new one with its own state. td_generator_delete frees the handle.
TD_API int td_generator(int32_t device_type, int32_t index, bool fresh, void** out) {
  return guarded([&] {
    auto shared = default_generator(device_type, index);
    *out = new at::Generator(fresh ? shared.clone() : shared);
  });
}
TD_API void td_generator_delete(void* g) { delete static_cast<at::Generator*>(g); }

TD_API int td_generator_seed(void* g, uint64_t seed) {
  return guarded([&] {
    auto& generator = *static_cast<at::Generator*>(g);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
  });
}
TD_API int td_generator_reseed(void* g, uint64_t* seed) {
  return guarded([&] {
    auto& generator = *static_cast<at::Generator*>(g);
    std::lock_guard<std::mutex> lock(generator.mutex());
    *seed = generator.seed();
  });
}
TD_API int td_generator_initial_seed(void* g, uint64_t* seed) {
  return guarded([&] { *seed = static_cast<at::Generator*>(g)->current_seed(); });
}
TD_API int td_generator_state(void* g, void** out) {
  return guarded([&] {
    auto& generator = *static_cast<at::Generator*>(g);
    std::lock_guard<std::mutex> lock(generator.mutex());
    *out = release(generator.get_state());
  });
}
TD_API int td_generator_set_state(void* g, void* state) {
  return guarded([&] {
    auto& generator = *static_cast<at::Generator*>(g);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(borrow(state));
  });
}
