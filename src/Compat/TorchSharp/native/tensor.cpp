// What a tensor is: sizes, strides, dtype, device, memory. None of it goes through the dispatcher.
#include "td.h"

#include <ATen/Functions.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/TensorOptions.h>

using namespace td;

struct Meta {
  int64_t dim;
  int64_t numel;
  int64_t storage_offset;
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
  int32_t element_size;
  uint8_t requires_grad;
  uint8_t is_leaf;
  uint8_t is_contiguous;
  uint8_t is_sparse;
  uint8_t is_inference;
  uint8_t is_pinned;
  uint8_t is_conj;
  uint8_t is_neg;
};

TD_API int td_meta(void* handle, Meta* m) {
  return guarded([&] {
    auto t = borrow(handle);
    m->dim = t.dim();
    m->numel = t.numel();
    m->is_sparse = t.is_sparse();
    m->storage_offset = m->is_sparse ? 0 : t.storage_offset();
    m->dtype = static_cast<int32_t>(t.scalar_type());
    m->device_type = static_cast<int32_t>(t.device().type());
    m->device_index = t.device().has_index() ? t.device().index() : -1;
    m->element_size = static_cast<int32_t>(t.element_size());
    m->requires_grad = t.requires_grad();
    m->is_leaf = t.is_leaf();
    m->is_contiguous = m->is_sparse ? 0 : t.is_contiguous();
    m->is_inference = t.is_inference();
    m->is_pinned = 0;
    m->is_conj = t.is_conj();
    m->is_neg = t.is_neg();
  });
}

TD_API int64_t td_dim(void* handle) { return static_cast<Handle>(handle)->dim(); }
TD_API int64_t td_numel(void* handle) { return static_cast<Handle>(handle)->numel(); }
TD_API int64_t td_bytes(void* handle) {
  auto t = static_cast<Handle>(handle);
  return t ? t->numel() * static_cast<int64_t>(t->itemsize()) : 0;
}
TD_API int32_t td_dtype(void* handle) { return static_cast<int32_t>(c10::typeMetaToScalarType(static_cast<Handle>(handle)->dtype())); }

// Writes `dim` sizes, and as many strides where `strides` is not null.
TD_API int td_sizes(void* handle, int64_t* sizes, int64_t* strides) {
  return guarded([&] {
    auto t = borrow(handle);
    auto s = t.sizes();
    std::copy(s.begin(), s.end(), sizes);
    if (strides) {
      auto st = t.strides();
      std::copy(st.begin(), st.end(), strides);
    }
  });
}

// The address of the first element (on the tensor's device).
TD_API int td_data(void* handle, void** out) {
  return guarded([&] { *out = borrow(handle).data_ptr(); });
}

// Bytes of the underlying storage and its address: what a view shares with its base.
TD_API int td_storage(void* handle, void** data, int64_t* bytes) {
  return guarded([&] {
    auto t = borrow(handle);
    *data = const_cast<void*>(static_cast<const void*>(t.storage().data()));
    *bytes = static_cast<int64_t>(t.storage().nbytes());
  });
}

// A contiguous tensor over memory of the caller's; `deleter(context)` runs when libtorch lets go of it.
TD_API int td_from_blob(void* data, const int64_t* sizes, int32_t dim, int32_t dtype, void (*deleter)(void*), void* context, void** out) {
  return guarded([&] {
    auto options = c10::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype));
    *out = release(at::from_blob(data, c10::IntArrayRef(sizes, dim), [deleter, context](void*) { deleter(context); }, options));
  });
}
