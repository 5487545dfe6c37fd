// One optimizer step for all parameters of a group in one call: a single loop over the elements of each, for dense CPU tensors of
// float or double. It runs on one thread: one pass over memory beats the many passes of operators even where those have more.
// Anything else is reported back, and the managed side does it with operators.
#include "td.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty_like.h>

#include <cmath>
#include <cstring>

// The loops are compiled for newer processors too, and the best is picked when the library loads.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define TD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=haswell", "default")))
#else
#define TD_CLONES
#endif
#define TD_INLINE inline __attribute__((always_inline))

using namespace td;

namespace {

enum Status : uint8_t { NoGradient = 0, Done = 1, NotFused = 2 };

constexpr int32_t kScalars = 11;

// What the step of one parameter needs besides tensors, as the managed side lays it out; `k` is the algorithm's own.
template <class T>
struct Scalars {
  T sign, weight_decay, shrink;
  T k[8];
  explicit Scalars(const double* from) : sign(T(from[0])), weight_decay(T(from[1])), shrink(T(from[2])) {
    for (int i = 0; i < 8; ++i) k[i] = T(from[3 + i]);
  }
};

// An element each: p the parameter, g its gradient after sign and weight decay, a, b, c the states.

struct AdamStep {  // k: beta1, 1 - beta1, beta2, 1 - beta2, 1 / sqrt(1 - beta2^t), eps, lr / (1 - beta1^t)
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T& b, T&, const T* k) {
    a = a * k[0] + g * k[1];
    b = b * k[2] + g * g * k[3];
    p -= k[6] * (a / (std::sqrt(b) * k[4] + k[5]));
  }
};

struct AdamMaxStep {  // as AdamStep, over the largest second moment so far (AMSGrad)
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T& b, T& c, const T* k) {
    a = a * k[0] + g * k[1];
    b = b * k[2] + g * g * k[3];
    c = c > b ? c : b;
    p -= k[6] * (a / (std::sqrt(c) * k[4] + k[5]));
  }
};

struct SgdStep {  // k: lr
  template <class T>
  static TD_INLINE void one(T& p, T g, T&, T&, T&, const T* k) {
    p -= k[0] * g;
  }
};

struct SgdMomentumStep {  // k: lr, momentum, 1 - dampening (0 and 1 on the first step)
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T&, T&, const T* k) {
    a = a * k[1] + g * k[2];
    p -= k[0] * a;
  }
};

struct SgdNesterovStep {  // k: lr, momentum and 1 - dampening of the buffer, momentum
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T&, T&, const T* k) {
    a = a * k[1] + g * k[2];
    p -= k[0] * (g + k[3] * a);
  }
};

struct RmsPropStep {  // k: alpha, 1 - alpha, eps, lr, momentum; a: squares, b: momentum buffer
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T& b, T&, const T* k) {
    a = a * k[0] + g * g * k[1];
    b = b * k[4] + g / (std::sqrt(a) + k[2]);
    p -= k[3] * b;
  }
};

struct RmsPropCenteredStep {  // as RmsPropStep; c: running mean of the gradient
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T& b, T& c, const T* k) {
    a = a * k[0] + g * g * k[1];
    c = c * k[0] + g * k[1];
    b = b * k[4] + g / (std::sqrt(a - c * c) + k[2]);
    p -= k[3] * b;
  }
};

struct AdamaxStep {  // k: beta1, 1 - beta1, beta2, eps, lr / (1 - beta1^t)
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T& b, T&, const T* k) {
    a = a * k[0] + g * k[1];
    T decayed = b * k[2], now = std::abs(g) + k[3];
    b = decayed > now ? decayed : now;
    p -= k[4] * (a / b);
  }
};

struct AdagradStep {  // k: lr of this step, eps
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T&, T&, const T* k) {
    a += g * g;
    p -= k[0] * (g / (std::sqrt(a) + k[1]));
  }
};

struct NAdamStep {  // k: beta1, 1 - beta1, beta2, 1 - beta2, 1 / (1 - beta2^t), eps, rate of the gradient, rate of the average
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T& b, T&, const T* k) {
    a = a * k[0] + g * k[1];
    b = b * k[2] + g * g * k[3];
    T denominator = std::sqrt(b * k[4]) + k[5];
    p -= k[6] * (g / denominator) + k[7] * (a / denominator);
  }
};

struct RAdamStep {  // k: beta1, 1 - beta1, beta2, 1 - beta2, eps, rate divided by the root, rate without it (one of the two is 0)
  template <class T>
  static TD_INLINE void one(T& p, T g, T& a, T& b, T&, const T* k) {
    a = a * k[0] + g * k[1];
    b = b * k[2] + g * g * k[3];
    p -= a * (k[5] / (std::sqrt(b) + k[4]) + k[6]);
  }
};

template <class Step, class T>
TD_INLINE void loop(T* __restrict p, const T* __restrict g, T* __restrict a, T* __restrict b, T* __restrict c, int64_t n,
                    const Scalars<T>& s) {
  const Scalars<T> local = s;
  for (int64_t i = 0; i < n; ++i) {
    T value = p[i] * local.shrink, none = 0;
    T gradient = g[i] * local.sign + local.weight_decay * value;
    Step::one(value, gradient, a ? a[i] : none, b ? b[i] : none, c ? c[i] : none, local.k);
    p[i] = value;
  }
}

// Clones need functions that are no templates: one for each algorithm and type. A state that is not there is null, and counts as
// 0 at every element; the compiler takes the test for it out of the loop.
#define TD_LOOP(NAME, STATES)                                                                                                   \
  TD_CLONES void NAME##_float(float* p, const float* g, float* a, float* b, float* c, int64_t n, const Scalars<float>& s) {     \
    loop<NAME, float>(p, g, STATES > 0 ? a : nullptr, STATES > 1 ? b : nullptr, STATES > 2 ? c : nullptr, n, s);                \
  }                                                                                                                             \
  TD_CLONES void NAME##_double(double* p, const double* g, double* a, double* b, double* c, int64_t n,                          \
                               const Scalars<double>& s) {                                                                      \
    loop<NAME, double>(p, g, STATES > 0 ? a : nullptr, STATES > 1 ? b : nullptr, STATES > 2 ? c : nullptr, n, s);               \
  }

TD_LOOP(AdamStep, 2)
TD_LOOP(AdamMaxStep, 3)
TD_LOOP(SgdStep, 0)
TD_LOOP(SgdMomentumStep, 1)
TD_LOOP(SgdNesterovStep, 1)
TD_LOOP(RmsPropStep, 2)
TD_LOOP(RmsPropCenteredStep, 3)
TD_LOOP(AdamaxStep, 2)
TD_LOOP(AdagradStep, 1)
TD_LOOP(NAdamStep, 2)
TD_LOOP(RAdamStep, 2)

template <class T>
using Loop = void (*)(T*, const T*, T*, T*, T*, int64_t, const Scalars<T>&);

struct Entry {
  int32_t states;
  Loop<float> of_float;
  Loop<double> of_double;
};

// In the order of the managed side's FusedStep.Algorithm.
const Entry entries[] = {
    {2, AdamStep_float, AdamStep_double},       {3, AdamMaxStep_float, AdamMaxStep_double},
    {0, SgdStep_float, SgdStep_double},         {1, SgdMomentumStep_float, SgdMomentumStep_double},
    {1, SgdNesterovStep_float, SgdNesterovStep_double}, {2, RmsPropStep_float, RmsPropStep_double},
    {3, RmsPropCenteredStep_float, RmsPropCenteredStep_double}, {2, AdamaxStep_float, AdamaxStep_double},
    {1, AdagradStep_float, AdagradStep_double}, {2, NAdamStep_float, NAdamStep_double},
    {2, RAdamStep_float, RAdamStep_double},
};

template <class T>
void run(Loop<T> body, at::Tensor* t, const double* scalars) {
  Scalars<T> s(scalars);
  auto p = static_cast<T*>(t[0].data_ptr());
  auto g = static_cast<const T*>(t[1].data_ptr());
  T* state[3];
  for (int k = 0; k < 3; ++k) state[k] = t[2 + k].defined() ? static_cast<T*>(t[2 + k].data_ptr()) : nullptr;
  body(p, g, state[0], state[1], state[2], t[0].numel(), s);
}

bool dense_cpu(const at::Tensor& t) {
  if (!t.device().is_cpu() || t.layout() != c10::kStrided) return false;
  auto type = t.scalar_type();
  return (type == at::kFloat || type == at::kDouble) && t.is_non_overlapping_and_dense();
}

bool laid_out_as(const at::Tensor& t, const at::Tensor& p) {
  return t.device().is_cpu() && t.layout() == c10::kStrided && t.scalar_type() == p.scalar_type() && t.sizes() == p.sizes() &&
         t.strides() == p.strides();
}

}  // namespace

// One step of `count` parameters. `tensors` holds, for each, the parameter and three states (null where there is none);
// `scalars` holds kScalars numbers for each; `status` gets what happened to each.
TD_API int td_optim_step(int32_t algorithm, void* const* tensors, const double* scalars, uint8_t* status, int32_t count) {
  return guarded([&] {
    at::NoGradGuard off;
    auto& entry = entries[algorithm];
    at::Tensor t[5];
    for (int32_t k = 0; k < count; ++k) {
      auto slots = tensors + 4 * k;
      t[0] = borrow(slots[0]);
      auto& gradient = static_cast<Handle>(slots[0])->grad();
      if (!gradient.defined()) {
        status[k] = NoGradient;
        continue;
      }
      bool fused = dense_cpu(t[0]) && gradient.device().is_cpu() && gradient.layout() == c10::kStrided &&
                   gradient.scalar_type() == t[0].scalar_type() && !gradient.is_neg() && !t[0].is_neg();
      for (int s = 0; s < 3; ++s) {
        t[2 + s] = s < entry.states ? borrow(slots[1 + s]) : at::Tensor();
        fused = fused && (!t[2 + s].defined() || laid_out_as(t[2 + s], t[0]));
      }
      if (!fused) {
        status[k] = NotFused;
        continue;
      }
      t[1] = laid_out_as(gradient, t[0]) ? gradient : at::empty_like(t[0]).copy_(gradient);
      if (t[0].scalar_type() == at::kFloat)
        run(entry.of_float, t, scalars + kScalars * k);
      else
        run(entry.of_double, t, scalars + kScalars * k);
      static_cast<Handle>(slots[0])->bump_version();
      status[k] = Done;
    }
  });
}

// Fills the gradients that there are with zeros, in place.
TD_API int td_zero_grads(void* const* handles, int32_t count) {
  return guarded([&] {
    at::NoGradGuard off;
    for (int32_t k = 0; k < count; ++k) {
      auto& gradient = static_cast<Handle>(handles[k])->mutable_grad();
      if (!gradient.defined()) continue;
      if (dense_cpu(gradient)) {
        std::memset(gradient.data_ptr(), 0, gradient.nbytes());
        gradient.unsafeGetTensorImpl()->bump_version();
      } else {
        gradient.zero_();
      }
    }
  });
}

// Drops the gradients.
TD_API int td_drop_grads(void* const* handles, int32_t count) {
  return guarded([&] {
    for (int32_t k = 0; k < count; ++k) {
      auto& gradient = static_cast<Handle>(handles[k])->mutable_grad();
      if (gradient.defined()) gradient.reset();
    }
  });
}

namespace {

// In eight partial sums, which the compiler keeps in vector registers.
template <class T>
TD_INLINE double squares(const T* x, int64_t n) {
  double part[8] = {};
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int l = 0; l < 8; ++l) part[l] += static_cast<double>(x[i + l]) * static_cast<double>(x[i + l]);
  double sum = 0;
  for (; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  for (double s : part) sum += s;
  return sum;
}

template <class T>
TD_INLINE void scale(T* x, int64_t n, T by) {
  for (int64_t i = 0; i < n; ++i) x[i] *= by;
}

TD_CLONES double squares_float(const float* x, int64_t n) { return squares(x, n); }
TD_CLONES double squares_double(const double* x, int64_t n) { return squares(x, n); }
TD_CLONES void scale_float(float* x, int64_t n, float by) { scale(x, n, by); }
TD_CLONES void scale_double(double* x, int64_t n, double by) { scale(x, n, by); }

}  // namespace

// Scales the gradients so that the Euclidean norm of all of them together is at most `max_norm`, and gives the norm from before.
// `*done` is false, and nothing was changed, where a gradient is no dense CPU tensor of float or double.
TD_API int td_clip_grad_norm(void* const* handles, int32_t count, double max_norm, double* norm, bool* done) {
  return guarded([&] {
    *done = false;
    double sum = 0;
    for (int32_t k = 0; k < count; ++k) {
      auto& gradient = static_cast<Handle>(handles[k])->grad();
      if (!gradient.defined()) continue;
      if (!dense_cpu(gradient)) return;
      auto data = gradient.data_ptr();
      auto n = gradient.numel();
      sum += gradient.scalar_type() == at::kFloat ? squares_float(static_cast<const float*>(data), n)
                                                  : squares_double(static_cast<const double*>(data), n);
    }
    *done = true;
    *norm = std::sqrt(sum);
    double by = max_norm / (*norm + 1e-6);
    if (by > 1) return;
    for (int32_t k = 0; k < count; ++k) {
      auto& gradient = static_cast<Handle>(handles[k])->mutable_grad();
      if (!gradient.defined()) continue;
      if (gradient.scalar_type() == at::kFloat)
        scale_float(static_cast<float*>(gradient.data_ptr()), gradient.numel(), static_cast<float>(by));
      else
        scale_double(static_cast<double*>(gradient.data_ptr()), gradient.numel(), by);
      gradient.unsafeGetTensorImpl()->bump_version();
    }
  });
}
