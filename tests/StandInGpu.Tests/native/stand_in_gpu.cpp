// A stand-in for a GPU, for tests on machines that have none: loaded into a process whose libtorch has no CUDA, it becomes that libtorch's CUDA backend.
// Its memory is the host's and the CPU's kernels do its work, so numbers are the CPU's; what it adds are a GPU's rules:
//   - tensors of two devices do not mix in one operator (numbers of no dimension may come from the host);
//   - what makes the host wait for the device, or the device for the host, is counted;
//   - while work is captured, waiting is refused, nothing is changed, and numbers of the host are fixed; a replay issues the same operators on the
//     same memory.
// It has no streams, no asynchrony, no memory of its own and no other kernels: what these bring to light, only a GPU can show.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <atomic>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

using c10::IValue;
using Stack = torch::jit::Stack;

const c10::Device Gpu(c10::DeviceType::CUDA, 0);

// ---- What goes on, as tests ask for it.

std::atomic<int64_t> operators{0};
std::atomic<int64_t> launches{0};  // of those that a GPU would do work for
std::atomic<int64_t> waits{0};
std::mutex text_lock;
std::string last_wait;
std::atomic<int64_t> fails_at{-1};  // the operator that is the first to fail
std::string failing_with;

void fail_where_asked() {
  auto at = fails_at.load();
  if (at < 0 || operators < at) return;
  std::lock_guard<std::mutex> hold(text_lock);
  TORCH_CHECK(false, failing_with);
}

// ---- Random numbers: a CPU generator that says it is the GPU's.

struct GpuGenerator final : c10::GeneratorImpl {
  GpuGenerator() : GpuGenerator(at::detail::createCPUGenerator()) {}
  explicit GpuGenerator(at::Generator own)
      : c10::GeneratorImpl(Gpu, c10::DispatchKeySet(c10::DispatchKey::CUDA)), host(std::move(own)) {}

  void set_current_seed(uint64_t seed) override { host.set_current_seed(seed); }
  uint64_t current_seed() const override { return host.current_seed(); }
  uint64_t seed() override { return host.seed(); }
  void set_state(const c10::TensorImpl& state) override { host.unsafeGetGeneratorImpl()->set_state(state); }
  c10::intrusive_ptr<c10::TensorImpl> get_state() const override { return host.unsafeGetGeneratorImpl()->get_state(); }
#if STAND_IN_TORCH >= 200
  void set_offset(uint64_t) override {}
  uint64_t get_offset() const override { return 0; }
#endif
  GpuGenerator* clone_impl() const override { return new GpuGenerator(host.clone()); }

  mutable at::Generator host;
};

const at::Generator& default_generator() {
  static const at::Generator generator = at::make_generator<GpuGenerator>();
  return generator;
}

// ---- Two names for the same memory.

// A storage of the given device that shares the memory of another one, and keeps it.
c10::Storage renamed(const c10::Storage& storage, c10::Device device) {
  auto* keep = new c10::Storage(storage);
  c10::DataPtr memory(const_cast<void*>(static_cast<const void*>(storage.data_ptr().get())), keep, [](void* k) { delete static_cast<c10::Storage*>(k); }, device);
  return c10::Storage(c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(), storage.nbytes(), std::move(memory),
                                                            c10::GetAllocator(c10::DeviceType::CPU), true));
}

// The host's names for one call's tensors, and the way back.
class Names {
 public:
  at::Tensor host(const at::Tensor& there) {
    if (!there.defined() || !there.is_cuda()) return there;
    if (auto known = hosts_.find(there.unsafeGetTensorImpl()); known != hosts_.end()) return known->second;
    auto& storage = host_storages_[there.storage().unsafeGetStorageImpl()];
    if (!storage) {
      storage = renamed(there.storage(), c10::Device(c10::DeviceType::CPU));
      gpu_storages_.emplace(storage.unsafeGetStorageImpl(), there.storage());
      memory_.emplace(storage.unsafeGetStorageImpl(), storage.data_ptr().get());
    }
    auto here = named(there, storage, c10::DispatchKey::CPU);
    hosts_.emplace(there.unsafeGetTensorImpl(), here);
    pairs_.emplace_back(there, here);
    return here;
  }

  at::Tensor gpu(const at::Tensor& here) {
    if (!here.defined() || here.is_cuda()) return here;
    for (auto& [there, alias] : pairs_)
      if (alias.is_same(here)) return there;
    return named(here, gpu(here.storage()), c10::DispatchKey::CUDA);
  }

  // Whether a result lies in memory that an argument brought.
  bool brought(const at::Tensor& here) const { return gpu_storages_.count(here.storage().unsafeGetStorageImpl()) > 0; }

  // What an operator did to its arguments' shapes and memory.
  void write_back() {
    for (auto& [there, here] : pairs_) {
      auto *to = there.unsafeGetTensorImpl(), *from = here.unsafeGetTensorImpl();
      auto* storage = here.storage().unsafeGetStorageImpl();
      auto own = memory_.find(storage);
      if (own != memory_.end() && own->second != storage->data_ptr().get()) {
        auto moved = renamed(here.storage(), Gpu);
        auto* target = gpu_storages_.at(storage).unsafeGetStorageImpl();
        target->set_data_ptr(std::move(moved.unsafeGetStorageImpl()->set_data_ptr(c10::DataPtr())));
        target->set_nbytes(storage->nbytes());
        own->second = storage->data_ptr().get();
      }
      auto wanted = gpu(here.storage());
      if (wanted.unsafeGetStorageImpl() != there.storage().unsafeGetStorageImpl()) to->set_storage_keep_dtype(wanted);
      if (from->sizes() != to->sizes() || from->strides() != to->strides() || from->storage_offset() != to->storage_offset()) {
        to->set_sizes_and_strides(from->sizes(), from->strides(), from->storage_offset());
      }
    }
  }

 private:
  static at::Tensor named(const at::Tensor& tensor, const c10::Storage& storage, c10::DispatchKey key) {
    auto same = at::detail::make_tensor<c10::TensorImpl>(c10::Storage(storage), c10::DispatchKeySet(key), tensor.dtype());
    same.unsafeGetTensorImpl()->set_sizes_and_strides(tensor.sizes(), tensor.strides(), tensor.storage_offset());
    return same;
  }

  c10::Storage gpu(const c10::Storage& here) {
    auto [place, fresh] = gpu_storages_.emplace(here.unsafeGetStorageImpl(), c10::Storage());
    if (fresh) place->second = renamed(here, Gpu);
    return place->second;
  }

  std::unordered_map<c10::TensorImpl*, at::Tensor> hosts_;
  std::vector<std::pair<at::Tensor, at::Tensor>> pairs_;
  std::unordered_map<c10::StorageImpl*, c10::Storage> host_storages_;
  std::unordered_map<c10::StorageImpl*, c10::Storage> gpu_storages_;
  std::unordered_map<c10::StorageImpl*, const void*> memory_;
};

// ---- Tensors among an operator's arguments.

template <class Change>
IValue changed(const IValue& value, Change change) {
  if (value.isTensor()) return change(value.toTensor());
  if (value.isTensorList()) {
    c10::List<at::Tensor> list;
    for (const at::Tensor& t : value.toTensorVector()) list.push_back(change(t));
    return list;
  }
  if (value.isOptionalTensorList()) {
    c10::List<c10::optional<at::Tensor>> list;
    for (const c10::optional<at::Tensor>& t : value.toOptionalTensorVector()) list.push_back(t && t->defined() ? c10::optional<at::Tensor>(change(*t)) : t);
    return list;
  }
  return value;
}

template <class Look>
void each_tensor(const IValue& value, Look look) {
  changed(value, [&](const at::Tensor& t) {
    if (t.defined()) look(t);
    return t;
  });
}

bool starts_with(const std::string& text, const char* beginning) { return text.rfind(beginning, 0) == 0; }

bool one_of(const std::string& name, const std::unordered_set<std::string>& names) { return names.count(name) > 0; }

// Operators whose results' shapes, or results themselves, the host must read.
bool reads_values(const std::string& name) {
  static const std::unordered_set<std::string> readers = {"aten::_local_scalar_dense", "aten::nonzero", "aten::masked_select", "aten::equal", "aten::unique_dim",
      "aten::unique_consecutive", "aten::_unique", "aten::_unique2", "aten::repeat_interleave", "aten::bincount"};
  return one_of(name, readers);
}

// Batch norm writes into its running statistics, of which its schema says nothing.
bool is_written(const c10::Argument& argument) {
  return (argument.alias_info() && argument.alias_info()->isWrite()) || starts_with(argument.name(), "running_");
}

// ---- Work that is captured.

struct Record {
  c10::OperatorHandle op;
  std::vector<IValue> arguments;    // in the host's names
  std::vector<at::Tensor> results;  // likewise; where to put what the operator returns
};

struct Captured {
  std::vector<Record> records;
  std::unordered_set<const void*> fresh;  // memory that came up during the capture, which the records keep
};

const void* memory(const at::Tensor& t) { return t.storage().data_ptr().get(); }

std::mutex capture_lock;
Captured* capturing = nullptr;

void host_waits(const std::string& what) {
  waits++;
  {
    std::lock_guard<std::mutex> hold(text_lock);
    last_wait = what;
  }
  std::lock_guard<std::mutex> hold(capture_lock);
  TORCH_CHECK(capturing == nullptr, "CUDA error: operation not permitted when stream is capturing (", what, " makes the host wait)");
}

// ---- Every operator comes by here.

// Whether an argument lies on the host; numbers of no dimension may, but for a copy they are data like others.
bool comes_from_host(const at::Tensor& t, bool copied) {
  return t.is_cpu() && (t.dim() > 0 || (copied && !t.unsafeGetTensorImpl()->is_wrapped_number()));
}

void look_at_devices(const std::string& name, const std::vector<IValue>& arguments) {
  static const std::unordered_set<std::string> copying = {"aten::copy_", "aten::_copy_from", "aten::_copy_from_and_resize"};
  static const std::unordered_set<std::string> indexing = {"aten::index", "aten::index_put", "aten::index_put_", "aten::_index_put_impl_"};
  const auto copies = one_of(name, copying), indexes = one_of(name, indexing);
  auto host = false, mask = false;
  for (auto& a : arguments)
    each_tensor(a, [&](const at::Tensor& t) {
      host = host || comes_from_host(t, copies);
      mask = mask || (a.isOptionalTensorList() && t.scalar_type() == at::kBool);
    });
  if (host && copies) host_waits("a copy between the host and the device");
  else if (host && indexes) host_waits(name + " with indices that lie on the host");
  else TORCH_CHECK(!host, "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! (", name, ")");
  if (mask) host_waits(name + " with a mask");
  if (reads_values(name)) host_waits(name);
}

void run_on_host(const c10::OperatorHandle& op, Stack* stack) {
  at::AutoDispatchBelowADInplaceOrView below;
  const auto& schema = op.schema();
  const auto count = schema.arguments().size();
  std::vector<IValue> arguments = torch::jit::last(*stack, count).vec();
  torch::jit::drop(*stack, count);
  const auto& name = schema.name();
  operators++;
  fail_where_asked();
  look_at_devices(name, arguments);

  Names names;
  for (size_t k = 0; k < count; k++) {
    auto& a = arguments[k];
    a = changed(a, [&](const at::Tensor& t) { return names.host(t); });
    if (a.isDevice()) a = c10::Device(c10::DeviceType::CPU);
    if (schema.arguments()[k].name() == "generator") {
      auto generator = a.isNone() ? default_generator() : a.toGenerator();
      if (generator.device().is_cuda()) a = static_cast<GpuGenerator*>(generator.unsafeGetGeneratorImpl())->host;
    }
  }

  Captured* recording;
  {
    std::lock_guard<std::mutex> hold(capture_lock);
    recording = capturing;
  }
  // A capture changes nothing that was there before it: what an operator writes into there is put back.
  std::vector<std::pair<at::Tensor, at::Tensor>> written;
  if (recording)
    for (size_t k = 0; k < count; k++)
      if (is_written(schema.arguments()[k]))
        each_tensor(arguments[k], [&](const at::Tensor& t) {
          auto old = t.numel() > 0 && recording->fresh.count(memory(t)) == 0 ? t.clone() : at::Tensor();
          written.emplace_back(t, old);
        });

  Stack call(arguments.begin(), arguments.end());
  op.callBoxed(&call);
  auto only_views = true;
  for (auto& r : call) each_tensor(r, [&](const at::Tensor& t) { only_views = only_views && names.brought(t); });
  for (auto& argument : schema.arguments()) only_views = only_views && !is_written(argument);
  if (!only_views && !starts_with(name, "aten::empty") && name != "aten::set_") launches++;

  if (recording) {
    for (auto& [t, old] : written) {
      if (old.defined()) t.copy_(old);
      else recording->fresh.insert(memory(t));
    }
    Record record{op, arguments, {}};
    for (auto& r : call)
      each_tensor(r, [&](const at::Tensor& t) {
        if (!names.brought(t)) recording->fresh.insert(memory(t));
        record.results.push_back(t);
      });
    if (!only_views) recording->records.push_back(std::move(record));
  }

  names.write_back();
  for (auto& r : call) torch::jit::push(*stack, changed(r, [&](const at::Tensor& t) { return names.gpu(t); }));
}

void replay(const Captured& captured) {
  at::AutoDispatchBelowADInplaceOrView below;
  for (auto& record : captured.records) {
    operators++;
    fail_where_asked();
    Stack call(record.arguments.begin(), record.arguments.end());
    record.op.callBoxed(&call);
    size_t k = 0;
    for (auto& r : call)
      each_tensor(r, [&](const at::Tensor& t) {
        auto& place = record.results.at(k++);
        if (!place.is_same(t)) place.copy_(t);
      });
  }
}

// ---- What libtorch asks of a device.

struct Guard final : c10::impl::DeviceGuardImplInterface {
  static c10::Stream stream() { return c10::Stream(c10::Stream::DEFAULT, Gpu); }
  c10::DeviceType type() const override { return Gpu.type(); }
  c10::Device exchangeDevice(c10::Device) const override { return Gpu; }
  c10::Device getDevice() const override { return Gpu; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const noexcept override { return stream(); }
  c10::Stream exchangeStream(c10::Stream) const noexcept override { return stream(); }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  void record(void**, const c10::Stream&, const c10::DeviceIndex, const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  void destroyEvent(void*, const c10::DeviceIndex) const noexcept override {}
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream&) const override {}
};

C10_REGISTER_GUARD_IMPL(CUDA, Guard);

TORCH_LIBRARY_IMPL(_, CUDA, m) { m.fallback(torch::CppFunction::makeFromBoxedFunction<&run_on_host>()); }

// These have kernels for every device, which look further into tables of CUDA kernels.
TORCH_LIBRARY_IMPL(aten, CUDA, m) {
  for (auto* name : {"copy_", "convolution", "convolution_backward"}) m.impl(name, torch::CppFunction::makeFromBoxedFunction<&run_on_host>());
}

}  // namespace

namespace at {

struct StandInHooks final : CUDAHooksInterface {
  explicit StandInHooks(CUDAHooksArgs) {}
#if STAND_IN_TORCH >= 205
  void init() const override {}
  const Generator& getDefaultGenerator(DeviceIndex = -1) const override { return default_generator(); }
  Generator getNewGenerator(DeviceIndex = -1) const override { return make_generator<GpuGenerator>(); }
  bool hasPrimaryContext(DeviceIndex) const override { return true; }
  DeviceIndex deviceCount() const override { return 1; }
  DeviceIndex getCurrentDevice() const override { return 0; }
  void deviceSynchronize(DeviceIndex) const override { host_waits("synchronize"); }
  Device getDeviceFromPtr(void*) const override { return Gpu; }
#else
  void initCUDA() const override {}
  const Generator& getDefaultCUDAGenerator(DeviceIndex = -1) const override { return default_generator(); }
  bool hasPrimaryContext(int64_t) const override { return true; }
  void deviceSynchronize(int64_t) const override { host_waits("synchronize"); }
  Device getDeviceFromPtr(void*) const override { return Gpu; }
#endif
  bool hasCUDA() const override { return true; }
  bool isBuilt() const { return true; }  // overrides, where the interface has these
  bool isAvailable() const { return true; }
#if STAND_IN_TORCH >= 205
  DeviceIndex current_device() const override { return 0; }
#else
  int64_t current_device() const override { return 0; }
#endif
  int getNumGPUs() const override { return 1; }
};

C10_REGISTER_TYPED_CLASS(CUDAHooksRegistry, "CUDAHooks", StandInHooks);

}  // namespace at

// ---- For tests.

#define STAND_IN_API extern "C" __attribute__((visibility("default")))

namespace {
thread_local std::string failure;

template <class Work>
int guarded(Work work) {
  try {
    work();
    return 0;
  } catch (const std::exception& e) {
    failure = e.what();
    return 1;
  }
}
}  // namespace

STAND_IN_API int64_t stand_in_operators() { return operators; }
STAND_IN_API int64_t stand_in_launches() { return launches; }
STAND_IN_API int64_t stand_in_waits() { return waits; }
STAND_IN_API const char* stand_in_last_wait() { return last_wait.c_str(); }
// After so many more operators each one fails with this text, as on a GPU that is gone; -1 for none.
STAND_IN_API void stand_in_fail_after(int64_t more, const char* text) {
  std::lock_guard<std::mutex> hold(text_lock);
  failing_with = text;
  fails_at = more < 0 ? -1 : operators + more;
}
STAND_IN_API const char* stand_in_failure() { return failure.c_str(); }

STAND_IN_API int stand_in_capture_begin(void** out) {
  return guarded([&] {
    std::lock_guard<std::mutex> hold(capture_lock);
    TORCH_CHECK(capturing == nullptr, "a capture is under way");
    *out = capturing = new Captured();
  });
}

STAND_IN_API void stand_in_capture_end() {
  std::lock_guard<std::mutex> hold(capture_lock);
  capturing = nullptr;
}

STAND_IN_API int stand_in_replay(void* captured) {
  return guarded([&] { replay(*static_cast<Captured*>(captured)); });
}
STAND_IN_API void stand_in_release(void* captured) { delete static_cast<Captured*>(captured); }
