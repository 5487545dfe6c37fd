// Custom autograd functions whose forward and backward are managed code.
#include "td.h"

#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <stdexcept>
#include <vector>

using namespace td;
using torch::autograd::variable_list;

namespace {

// Both callbacks return 0, or 1 after they have written a message; they own no handle that they were given, and hand over those that
// they write to `out`. `release` drops the managed state when the graph lets go of the function.
struct Callbacks {
  int32_t (*forward)(void* state, void* context, void** out, int32_t capacity, int32_t* count, char* message, int32_t room);
  int32_t (*backward)(void* state, void* context, void* const* grads, int32_t grad_count, void** out, int32_t count, char* message, int32_t room);
  void (*release)(void* state);
};

struct State : torch::CustomClassHolder {
  void* managed;
  Callbacks callbacks;
  int32_t inputs;

  State(void* managed, const Callbacks& callbacks, int32_t inputs) : managed(managed), callbacks(callbacks), inputs(inputs) {}
  ~State() override { callbacks.release(managed); }
};

constexpr int32_t kMostOutputs = 256;
constexpr int32_t kRoom = 4096;

variable_list take_all(void** handles, int32_t count) {
  variable_list out;
  out.reserve(count);
  for (int32_t k = 0; k < count; ++k) {
    out.push_back(borrow(handles[k]));
    if (handles[k]) c10::raw::intrusive_ptr::decref(static_cast<Handle>(handles[k]));
  }
  return out;
}

struct ManagedFunction : torch::autograd::Function<ManagedFunction> {
  static variable_list forward(torch::autograd::AutogradContext* ctx, at::TensorList, c10::intrusive_ptr<State> state) {
    ctx->saved_data["state"] = c10::IValue::make_capsule(state);
    void* out[kMostOutputs];
    int32_t count = 0;
    char message[kRoom];
    if (state->callbacks.forward(state->managed, ctx, out, kMostOutputs, &count, message, kRoom)) throw std::runtime_error(message);
    return take_all(out, count);
  }

  static variable_list backward(torch::autograd::AutogradContext* ctx, variable_list grads) {
    auto capsule = ctx->saved_data["state"].toCapsule();
    auto state = static_cast<State*>(capsule.get());
    std::vector<void*> given(grads.size());
    for (size_t k = 0; k < grads.size(); ++k) given[k] = grads[k].unsafeGetTensorImpl();
    for (size_t k = 0; k < grads.size(); ++k)
      if (!grads[k].defined()) given[k] = nullptr;
    std::vector<void*> out(state->inputs, nullptr);
    char message[kRoom];
    if (state->callbacks.backward(state->managed, ctx, given.data(), static_cast<int32_t>(given.size()), out.data(), state->inputs, message, kRoom))
      throw std::runtime_error(message);
    auto result = take_all(out.data(), state->inputs);
    result.emplace_back();  // of the state, which is no tensor
    return result;
  }
};

torch::autograd::AutogradContext& context_of(void* context) { return *static_cast<torch::autograd::AutogradContext*>(context); }

variable_list borrow_all(void* const* handles, int32_t count) {
  variable_list out;
  out.reserve(count);
  for (int32_t k = 0; k < count; ++k) out.push_back(borrow(handles[k]));
  return out;
}

}  // namespace

// Runs a function of `count` tensors; the state is released when neither this call nor a graph needs it.
TD_API int td_function_apply(void* managed, const Callbacks* callbacks, void* const* inputs, int32_t count, void** out, int32_t capacity,
                             int32_t* returned) {
  return guarded([&] {
    auto state = c10::make_intrusive<State>(managed, *callbacks, count);
    auto tensors = borrow_all(inputs, count);
    auto results = ManagedFunction::apply(at::TensorList(tensors), state);
    TORCH_CHECK(static_cast<int32_t>(results.size()) <= capacity, "expected at most ", capacity, " outputs, got ", results.size());
    for (size_t k = 0; k < results.size(); ++k) out[k] = release(std::move(results[k]));
    *returned = static_cast<int32_t>(results.size());
  });
}

TD_API int td_context_save(void* context, void* const* tensors, int32_t count) {
  return guarded([&] { context_of(context).save_for_backward(borrow_all(tensors, count)); });
}

TD_API int td_context_saved(void* context, void** out, int32_t count) {
  return guarded([&] {
    auto saved = context_of(context).get_saved_variables();
    TORCH_CHECK(static_cast<int32_t>(saved.size()) == count, "expected ", count, " saved tensors, got ", saved.size());
    for (int32_t k = 0; k < count; ++k) out[k] = release(std::move(saved[k]));
  });
}

TD_API int td_context_mark_dirty(void* context, void* const* tensors, int32_t count) {
  return guarded([&] { context_of(context).mark_dirty(borrow_all(tensors, count)); });
}

TD_API int td_context_mark_non_differentiable(void* context, void* const* tensors, int32_t count) {
  return guarded([&] { context_of(context).mark_non_differentiable(borrow_all(tensors, count)); });
}

TD_API int td_context_materialize_grads(void* context, bool on) {
  return guarded([&] { context_of(context).set_materialize_grads(on); });
}

TD_API bool td_anomaly_enabled() { return torch::autograd::AnomalyMode::is_enabled(); }
TD_API bool td_anomaly_check_nan() { return torch::autograd::AnomalyMode::should_check_nan(); }
TD_API void td_set_anomaly(bool on, bool check_nan) { torch::autograd::AnomalyMode::set_enabled(on, check_nan); }
