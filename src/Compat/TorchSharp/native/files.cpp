// libtorch's own tensor files.
#include "td.h"

#include <torch/serialize.h>

using namespace td;

TD_API int td_save(void* handle, const char* path) {
  return guarded([&] { torch::save(borrow(handle), std::string(path)); });
}

TD_API int td_load(const char* path, void** out) {
  return guarded([&] {
    at::Tensor t;
    torch::load(t, std::string(path));
    *out = release(std::move(t));
  });
}
