// Calls any operator of libtorch's dispatcher by its schema name: one entry point for all of ATen, autograd included.
#include "operator.h"

#include <ATen/core/Generator.h>

#include <cstdlib>
#include <utility>
#include <vector>

namespace td {

thread_local std::string last_error;

namespace {

// The stack of the last call, kept for its capacity; taken away during a call, so that a call inside a call is safe.
thread_local torch::jit::Stack spare;

c10::IValue to_ivalue(const Value& v, const Operator& op, size_t index) {
  switch (v.tag) {
    case None: return c10::IValue();
    case Tensor: return c10::IValue(borrow(v.p));
    case Int: return c10::IValue(v.i);
    case Double: return c10::IValue(v.d);
    case Bool: return c10::IValue(v.i != 0);
    case Complex: {
      auto parts = static_cast<const double*>(v.p);
      return c10::IValue(c10::complex<double>(parts[0], parts[1]));
    }
    case IntList: {
      auto p = static_cast<const int64_t*>(v.p);
      return c10::IValue(c10::IntArrayRef(p, v.count));
    }
    case DoubleList: {
      auto p = static_cast<const double*>(v.p);
      return c10::IValue(c10::ArrayRef<double>(p, v.count));
    }
    case BoolList: {
      c10::List<bool> list;
      auto p = static_cast<const uint8_t*>(v.p);
      for (int k = 0; k < v.count; ++k) list.push_back(p[k] != 0);
      return c10::IValue(std::move(list));
    }
    case TensorList: {
      c10::List<at::Tensor> list;
      list.reserve(v.count);
      auto p = static_cast<void* const*>(v.p);
      for (int k = 0; k < v.count; ++k) list.push_back(borrow(p[k]));
      return c10::IValue(std::move(list));
    }
    case OptionalTensorList: {
      c10::List<optional<at::Tensor>> list;
      list.reserve(v.count);
      auto p = static_cast<void* const*>(v.p);
      for (int k = 0; k < v.count; ++k)
        list.push_back(p[k] ? optional<at::Tensor>(borrow(p[k])) : optional<at::Tensor>());
      return c10::IValue(std::move(list));
    }
    case String: return c10::IValue(std::string(static_cast<const char*>(v.p), v.count));
    case StringList: {
      c10::List<std::string> list;
      auto p = static_cast<const Value*>(v.p);
      for (int k = 0; k < v.count; ++k) list.push_back(std::string(static_cast<const char*>(p[k].p), p[k].count));
      return c10::IValue(std::move(list));
    }
    case Device: return c10::IValue(c10::Device(static_cast<c10::DeviceType>(v.count), static_cast<c10::DeviceIndex>(v.i)));
    case Generator: return c10::IValue(*static_cast<at::Generator*>(v.p));
    case Default: return op.defaults[index];
    default: TORCH_CHECK(false, "argument ", index, " has the unknown tag ", v.tag);
  }
}

void* release_list(const std::vector<at::Tensor>& tensors) {
  auto out = static_cast<void**>(std::malloc(sizeof(void*) * std::max<size_t>(tensors.size(), 1)));
  for (size_t k = 0; k < tensors.size(); ++k) out[k] = release(at::Tensor(tensors[k]));
  return out;
}

Value to_value(c10::IValue&& v) {
  Value out{None, 0, {0}};
  if (v.isTensor()) {
    out.tag = Tensor;
    out.p = release(std::move(v).toTensor());
  } else if (v.isInt()) {
    out.tag = Int;
    out.i = v.toInt();
  } else if (v.isDouble()) {
    out.tag = Double;
    out.d = v.toDouble();
  } else if (v.isBool()) {
    out.tag = Bool;
    out.i = v.toBool();
  } else if (v.isComplexDouble()) {
    auto parts = static_cast<double*>(std::malloc(2 * sizeof(double)));
    auto c = v.toComplexDouble();
    parts[0] = c.real();
    parts[1] = c.imag();
    out.tag = Complex;
    out.p = parts;
  } else if (v.isTensorList()) {
    auto list = v.toTensorVector();
    out.tag = TensorList;
    out.count = static_cast<int32_t>(list.size());
    out.p = release_list(list);
  } else if (v.isIntList()) {
    auto list = v.toIntVector();
    auto p = static_cast<int64_t*>(std::malloc(sizeof(int64_t) * std::max<size_t>(list.size(), 1)));
    std::copy(list.begin(), list.end(), p);
    out.tag = IntList;
    out.count = static_cast<int32_t>(list.size());
    out.p = p;
  } else {
    TORCH_CHECK(v.isNone(), "a result of type ", v.tagKind(), " has no form on the managed side");
  }
  return out;
}

}  // namespace
}  // namespace td

using namespace td;

TD_API const char* td_last_error() { return last_error.c_str(); }

// Looks an operator up ("aten::add", "Tensor"). The handle lives as long as the process.
TD_API int td_find(const char* name, const char* overload, void** out) {
  return guarded([&] {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(found.has_value(), "this libtorch has no operator ", name, *overload ? "." : "", overload);
    auto& schema = found->schema();
    auto op = new Operator{*found, {}, schema.arguments().size()};
    for (auto& a : schema.arguments())
      op->defaults.push_back(a.default_value().has_value() ? *a.default_value() : c10::IValue());
    bind_direct(*op);
    *out = op;
  });
}

// Calls an operator with `count` arguments (the schema's defaults fill the rest). Results go to `results`, at most
// `capacity` of them; `*returned` says how many there were.
TD_API int td_call(void* op_handle, const Value* args, int32_t count, Value* results, int32_t capacity, int32_t* returned) {
  return guarded([&] {
    auto& op = *static_cast<Operator*>(op_handle);
    if (op.direct && op.direct(op, args, count, results, capacity, returned)) return;
    torch::jit::Stack stack;
    stack.swap(spare);
    stack.clear();
    for (int32_t k = 0; k < count; ++k) {
      if (args[k].tag == Tensor)
        stack.emplace_back(borrow(args[k].p));
      else
        stack.push_back(to_ivalue(args[k], op, k));
    }
    for (size_t k = count; k < op.arguments; ++k) stack.push_back(op.defaults[k]);
    op.handle.callBoxed(&stack);
    int32_t n = std::min<int32_t>(static_cast<int32_t>(stack.size()), capacity);
    for (int32_t k = 0; k < n; ++k) results[k] = to_value(std::move(stack[k]));
    *returned = static_cast<int32_t>(stack.size());
    stack.clear();
    spare.swap(stack);
  });
}

TD_API void td_free(void* p) { std::free(p); }

// Gives up the references of `count` tensors.
TD_API void td_release(void* const* handles, int32_t count) {
  for (int32_t k = 0; k < count; ++k)
    if (handles[k]) c10::raw::intrusive_ptr::decref(static_cast<Handle>(handles[k]));
}

// A second reference to the same tensor.
TD_API void* td_retain(void* handle) {
  if (handle) c10::raw::intrusive_ptr::incref(static_cast<Handle>(handle));
  return handle;
}
