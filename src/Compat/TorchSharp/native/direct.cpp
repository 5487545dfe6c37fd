// Operators of the common signatures are called with plain C++ arguments: no IValue, no stack, no reference counting of what is only
// read. Whatever does not fit goes through the boxed call of dispatch.cpp.
#include "operator.h"

#include <ATen/core/IListRef.h>
#include <c10/util/OptionalArrayRef.h>

#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace td {
namespace {

// Takes an argument apart: `fits` says whether the value is of the right kind, `get` gives it in the form that C++ wants.
template <class A>
struct Form;

// A tensor that is only borrowed for the call.
struct Borrowed {
  at::Tensor tensor;
  explicit Borrowed(const Value& v)
      : tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<Handle>(v.p))) {}
  Borrowed(const Borrowed&) = delete;
  ~Borrowed() { tensor.unsafeReleaseTensorImpl(); }
};

template <>
struct Form<const at::Tensor&> {
  Borrowed borrowed;
  Form(const Value& v, const c10::IValue&) : borrowed(v) {}
  static bool fits(const Value& v) { return v.tag == Tensor && v.p; }
  const at::Tensor& get() { return borrowed.tensor; }
};

template <>
struct Form<at::Tensor&> {
  Borrowed borrowed;
  Form(const Value& v, const c10::IValue&) : borrowed(v) {}
  static bool fits(const Value& v) { return v.tag == Tensor && v.p; }
  at::Tensor& get() { return borrowed.tensor; }
};

template <>
struct Form<const optional<at::Tensor>&> {
  optional<at::Tensor> tensor;
  Form(const Value& v, const c10::IValue&) {
    if (v.tag == Tensor && v.p) tensor = borrow(v.p);
  }
  static bool fits(const Value& v) { return v.tag == Tensor || v.tag == None; }
  const optional<at::Tensor>& get() { return tensor; }
};

inline bool is_number(const Value& v) { return v.tag == Int || v.tag == Double || v.tag == Bool; }

inline at::Scalar number(const Value& v) {
  return v.tag == Int ? at::Scalar(v.i) : v.tag == Double ? at::Scalar(v.d) : at::Scalar(v.i != 0);
}

template <>
struct Form<const at::Scalar&> {
  at::Scalar scalar;
  Form(const Value& v, const c10::IValue& otherwise) : scalar(is_number(v) ? number(v) : otherwise.toScalar()) {}
  static bool fits(const Value& v) { return is_number(v) || v.tag == Default; }
  const at::Scalar& get() { return scalar; }
};

template <>
struct Form<const optional<at::Scalar>&> {
  optional<at::Scalar> scalar;
  Form(const Value& v, const c10::IValue& otherwise) {
    if (is_number(v)) scalar = number(v);
    else if (v.tag == Default && !otherwise.isNone()) scalar = otherwise.toScalar();
  }
  static bool fits(const Value& v) { return is_number(v) || v.tag == None || v.tag == Default; }
  const optional<at::Scalar>& get() { return scalar; }
};

template <>
struct Form<int64_t> {
  int64_t value;
  Form(const Value& v, const c10::IValue& otherwise) : value(v.tag == Int ? v.i : otherwise.toInt()) {}
  static bool fits(const Value& v) { return v.tag == Int || v.tag == Default; }
  int64_t get() { return value; }
};

template <>
struct Form<bool> {
  bool value;
  Form(const Value& v, const c10::IValue& otherwise) : value(v.tag == Bool ? v.i != 0 : otherwise.toBool()) {}
  static bool fits(const Value& v) { return v.tag == Bool || v.tag == Default; }
  bool get() { return value; }
};

template <>
struct Form<optional<at::ScalarType>> {
  optional<at::ScalarType> type;
  Form(const Value& v, const c10::IValue&) : type(v.tag == Int ? optional<at::ScalarType>(static_cast<at::ScalarType>(v.i)) : optional<at::ScalarType>()) {}
  static bool fits(const Value& v) { return v.tag == Int || v.tag == None || v.tag == Default; }
  optional<at::ScalarType> get() { return type; }
};

template <>
struct Form<optional<int64_t>> {
  optional<int64_t> value;
  Form(const Value& v, const c10::IValue&) {
    if (v.tag == Int) value = v.i;
  }
  static bool fits(const Value& v) { return v.tag == Int || v.tag == None; }
  optional<int64_t> get() { return value; }
};

template <>
struct Form<at::IntArrayRef> {
  at::IntArrayRef list;
  Form(const Value& v, const c10::IValue&) : list(static_cast<const int64_t*>(v.p), v.count) {}
  static bool fits(const Value& v) { return v.tag == IntList; }
  at::IntArrayRef get() { return list; }
};

template <>
struct Form<at::OptionalIntArrayRef> {
  at::OptionalIntArrayRef list;
  Form(const Value& v, const c10::IValue&) {
    if (v.tag == IntList) list = at::IntArrayRef(static_cast<const int64_t*>(v.p), v.count);
  }
  static bool fits(const Value& v) { return v.tag == IntList || v.tag == None; }
  at::OptionalIntArrayRef get() { return list; }
};

template <>
struct Form<const at::ITensorListRef&> {
  std::vector<at::Tensor> tensors;
  at::ITensorListRef list;
  Form(const Value& v, const c10::IValue&) {
    tensors.reserve(v.count);
    auto p = static_cast<void* const*>(v.p);
    for (int32_t k = 0; k < v.count; ++k) tensors.push_back(borrow(p[k]));
    list = at::ITensorListRef(tensors);
  }
  static bool fits(const Value& v) { return v.tag == TensorList; }
  const at::ITensorListRef& get() { return list; }
};

void give(at::Tensor&& t, Value* results) {
  results[0].tag = Tensor;
  results[0].p = release(std::move(t));
}

void give(std::vector<at::Tensor>&& tensors, Value* results) {
  auto out = static_cast<void**>(std::malloc(sizeof(void*) * std::max<size_t>(tensors.size(), 1)));
  for (size_t k = 0; k < tensors.size(); ++k) out[k] = release(std::move(tensors[k]));
  results[0].tag = TensorList;
  results[0].count = static_cast<int32_t>(tensors.size());
  results[0].p = out;
}

template <class Signature>
struct Unboxed;

template <class R, class... A>
struct Unboxed<R(A...)> {
  static constexpr int32_t kArguments = sizeof...(A);

  static bool call(const Operator& op, Value* results, int32_t capacity, int32_t* returned, Form<A>&... forms) {
    auto& typed = *static_cast<const c10::TypedOperatorHandle<R(A...)>*>(op.typed);
    *returned = 1;
    if constexpr (std::is_reference_v<R>) {
      auto& changed = typed.call(forms.get()...);
      if (capacity > 0) give(at::Tensor(changed), results);
    } else {
      auto result = typed.call(forms.get()...);
      if (capacity > 0) give(std::move(result), results);
    }
    return true;
  }

  // Forms hold references into the call, so they are built in place, one level a form.
  template <size_t K, class... Built>
  static bool build(const Operator& op, const Value* args, Value* results, int32_t capacity, int32_t* returned, Built&... built) {
    if constexpr (K == sizeof...(A)) {
      return call(op, results, capacity, returned, built...);
    } else {
      Form<std::tuple_element_t<K, std::tuple<A...>>> form(args[K], op.defaults[K]);
      return build<K + 1>(op, args, results, capacity, returned, built..., form);
    }
  }

  template <size_t... K>
  static bool all_fit(const Value* args, std::index_sequence<K...>) { return (Form<A>::fits(args[K]) && ...); }

  static bool direct(const Operator& op, const Value* args, int32_t count, Value* results, int32_t capacity, int32_t* returned) {
    if (count > kArguments) return false;
    Value filled[kArguments];
    if (count < kArguments) {
      for (int32_t k = 0; k < count; ++k) filled[k] = args[k];
      for (int32_t k = count; k < kArguments; ++k) filled[k] = Value{op.defaults[k].isNone() ? None : Default, 0, {0}};
      args = filled;
    }
    if (!all_fit(args, std::index_sequence_for<A...>())) return false;
    return build<0>(op, args, results, capacity, returned);
  }

  static bool bind(Operator& op) {
    if (op.arguments != kArguments) return false;
    try {
      op.typed = new c10::TypedOperatorHandle<R(A...)>(op.handle.typed<R(A...)>());
      op.direct = &direct;
      return true;
    } catch (const std::exception&) {
      return false;  // this libtorch declares the operator with other C++ types
    }
  }
};

using T = const at::Tensor&;
using U = const optional<at::Tensor>&;
using S = const at::Scalar&;
using R = const optional<at::Scalar>&;
using I = int64_t;
using B = bool;
using L = at::IntArrayRef;
using M = at::OptionalIntArrayRef;
using X = const at::ITensorListRef&;
using Dtype = optional<at::ScalarType>;
using J = optional<int64_t>;
using Out = at::Tensor;
using Outs = std::vector<at::Tensor>;
using Self = at::Tensor&;

using Binder = bool (*)(Operator&);

// A letter an argument; J stands for an optional integer, of which a dtype is one. "!" marks operators that change their first argument.
const std::multimap<std::string, Binder>& binders() {
  static const std::multimap<std::string, Binder> table = {
      {"T", &Unboxed<Out(T)>::bind},
      {"TT", &Unboxed<Out(T, T)>::bind},
      {"TTT", &Unboxed<Out(T, T, T)>::bind},
      {"TS", &Unboxed<Out(T, S)>::bind},
      {"TSS", &Unboxed<Out(T, S, S)>::bind},
      {"TTS", &Unboxed<Out(T, T, S)>::bind},
      {"TTTS", &Unboxed<Out(T, T, T, S)>::bind},
      {"TTTSS", &Unboxed<Out(T, T, T, S, S)>::bind},
      {"TTU", &Unboxed<Out(T, T, U)>::bind},
      {"TRR", &Unboxed<Out(T, R, R)>::bind},
      {"TI", &Unboxed<Out(T, I)>::bind},
      {"TII", &Unboxed<Out(T, I, I)>::bind},
      {"TIII", &Unboxed<Out(T, I, I, I)>::bind},
      {"TIT", &Unboxed<Out(T, I, T)>::bind},
      {"TITB", &Unboxed<Out(T, I, T, B)>::bind},
      {"TIJ", &Unboxed<Out(T, I, Dtype)>::bind},
      {"TIJJI", &Unboxed<Out(T, I, J, J, I)>::bind},
      {"TL", &Unboxed<Out(T, L)>::bind},
      {"TLB", &Unboxed<Out(T, L, B)>::bind},
      {"TJ", &Unboxed<Out(T, Dtype)>::bind},
      {"TMBJ", &Unboxed<Out(T, M, B, Dtype)>::bind},
      {"TLBJ", &Unboxed<Out(T, L, B, Dtype)>::bind},
      {"XI", &Unboxed<Out(X, I)>::bind},
      {"TII*", &Unboxed<Outs(T, I, I)>::bind},
      {"!T", &Unboxed<Self(Self)>::bind},
      {"!TT", &Unboxed<Self(Self, T)>::bind},
      {"!TS", &Unboxed<Self(Self, S)>::bind},
      {"!TTS", &Unboxed<Self(Self, T, S)>::bind},
      {"!TSS", &Unboxed<Self(Self, S, S)>::bind},
      {"!TTTS", &Unboxed<Self(Self, T, T, S)>::bind},
  };
  return table;
}

char letter(const c10::TypePtr& type) {
  auto text = type->annotation_str();
  static const std::map<std::string, char> letters = {
      {"Tensor", 'T'},        {"Optional[Tensor]", 'U'}, {"number", 'S'},    {"Optional[number]", 'R'},    {"int", 'I'},
      {"Optional[int]", 'J'}, {"bool", 'B'},             {"List[int]", 'L'}, {"Optional[List[int]]", 'M'}, {"List[Tensor]", 'X'},
  };
  auto found = letters.find(text);
  return found == letters.end() ? '?' : found->second;
}

}  // namespace

void bind_direct(Operator& op) {
  auto& schema = op.handle.schema();
  if (schema.returns().size() != 1) return;
  std::string key;
  if (!schema.arguments().empty() && schema.arguments()[0].alias_info() && schema.arguments()[0].alias_info()->isWrite()) key += '!';
  for (auto& a : schema.arguments()) key += letter(a.type());
  auto returned = letter(schema.returns()[0].type());
  if (returned == 'X') key += '*';
  else if (returned != 'T') return;
  auto range = binders().equal_range(key);
  for (auto it = range.first; it != range.second; ++it)
    if (it->second(op)) return;
}

}  // namespace td
