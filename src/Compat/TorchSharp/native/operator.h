// What td_find hands out: an operator, its defaults, and where the schema allows it a way around boxing.
#pragma once

#include "td.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <vector>

namespace td {

struct Operator;

// Calls the operator unboxed; false where these arguments do not fit, and nothing was done.
using Direct = bool (*)(const Operator& op, const Value* args, int32_t count, Value* results, int32_t capacity, int32_t* returned);

struct Operator {
  c10::OperatorHandle handle;
  std::vector<c10::IValue> defaults;  // one an argument; None where the schema has none
  size_t arguments;
  Direct direct = nullptr;
  const void* typed = nullptr;  // the c10::TypedOperatorHandle that `direct` calls
};

// Finds the unboxed call for the operator's schema, if there is one.
void bind_direct(Operator& op);

}  // namespace td
