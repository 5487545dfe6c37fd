// The C interface of libtorch_dispatch. Every function that can fail returns 0 on success and 1 on failure; the text of
// the failure is td_last_error() of the same thread. A tensor handle is a TensorImpl* that owns one reference; null is
// an undefined tensor.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <c10/util/Exception.h>
#include <c10/util/intrusive_ptr.h>

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#define TD_API extern "C" __attribute__((visibility("default")))

namespace td {

using Handle = c10::TensorImpl*;

enum Tag : int32_t {
  None = 0,
  Tensor = 1,
  Int = 2,
  Double = 3,
  Bool = 4,
  IntList = 5,
  DoubleList = 6,
  BoolList = 7,
  TensorList = 8,
  OptionalTensorList = 9,
  String = 10,
  Device = 11,
  Generator = 12,
  Complex = 13,
  Default = 14,  // the schema's own default
  StringList = 15,  // elements are Values with a text each
};

// One argument or one result of an operator; lists point at `count` elements.
struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
};
static_assert(sizeof(Value) == 16, "Value is shared with the managed side");

// c10's optional up to libtorch 2.2, the standard one after that.
template <class T>
using optional = decltype(std::declval<c10::IValue&>().toOptional<T>());

extern thread_local std::string last_error;

// A second reference to what the handle owns.
inline at::Tensor borrow(void* handle) {
  if (!handle) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(static_cast<Handle>(handle)));
}

// Hands the tensor's reference to the caller.
inline void* release(at::Tensor&& t) {
  if (!t.defined()) return nullptr;
  return t.unsafeReleaseTensorImpl();
}

template <class F>
int guarded(F&& f) noexcept {
  try {
    f();
    return 0;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown native exception";
  }
  return 1;
}

}  // namespace td
