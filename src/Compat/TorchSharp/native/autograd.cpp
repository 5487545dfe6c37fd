// Reverse-mode differentiation and the modes around it.
#include "td.h"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <vector>

using namespace td;

namespace {

std::vector<at::Tensor> borrow_all(void* const* handles, int32_t count) {
  std::vector<at::Tensor> out;
  out.reserve(count);
  for (int32_t k = 0; k < count; ++k) out.push_back(borrow(handles[k]));
  return out;
}

}  // namespace

// d(outputs)/d(leaves), added to their grad. `grad_outputs` may be null (then every output is a scalar); `inputs` limits the leaves.
TD_API int td_backward(void* const* outputs, int32_t count, void* const* grad_outputs, bool retain_graph, bool create_graph,
                       void* const* inputs, int32_t input_count) {
  return guarded([&] {
    torch::autograd::backward(borrow_all(outputs, count), grad_outputs ? borrow_all(grad_outputs, count) : std::vector<at::Tensor>(),
                              retain_graph, create_graph, borrow_all(inputs, input_count));
  });
}

// d(outputs)/d(inputs), written to `grads` (null where an input is unused and `allow_unused`).
TD_API int td_grad(void* const* outputs, int32_t count, void* const* inputs, int32_t input_count, void* const* grad_outputs,
                   bool retain_graph, bool create_graph, bool allow_unused, void** grads) {
  return guarded([&] {
    auto result = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                        grad_outputs ? borrow_all(grad_outputs, count) : std::vector<at::Tensor>(), retain_graph,
                                        create_graph, allow_unused);
    for (size_t k = 0; k < result.size(); ++k) grads[k] = release(std::move(result[k]));
  });
}

TD_API int td_get_grad(void* handle, void** out) {
  return guarded([&] { *out = release(at::Tensor(borrow(handle).grad())); });
}

TD_API int td_set_grad(void* handle, void* grad) {
  return guarded([&] { borrow(handle).mutable_grad() = borrow(grad); });
}

TD_API int td_set_requires_grad(void* handle, bool on) {
  return guarded([&] { borrow(handle).set_requires_grad(on); });
}

TD_API int td_retain_grad(void* handle) {
  return guarded([&] { borrow(handle).retain_grad(); });
}

TD_API bool td_grad_mode() { return at::GradMode::is_enabled(); }
TD_API void td_set_grad_mode(bool on) { at::GradMode::set_enabled(on); }

TD_API bool td_inference_mode() { return c10::InferenceMode::is_enabled(); }
TD_API void* td_enter_inference_mode(bool on) { return new c10::InferenceMode(on); }
TD_API void td_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
