// Work on a GPU, captured as a graph and launched again as a whole: the host then issues one call in place of thousands. Built where libtorch has
// CUDA and the toolkit's headers are there (TD_CUDA_GRAPHS, see CMakeLists.txt); elsewhere td_graph_available says no.
#include "td.h"

#include <memory>
#include <stdexcept>

#if defined(TD_CUDA_GRAPHS)
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/cuda.h>
#endif

using namespace td;

#if defined(TD_CUDA_GRAPHS)

namespace {

// A graph, and the stream that the host worked on before its capture began.
struct Captured {
  at::cuda::CUDAGraph graph;
  c10::cuda::CUDAStream outer = c10::cuda::getCurrentCUDAStream();
};

}  // namespace

TD_API bool td_graph_available() { return torch::cuda::is_available(); }

// From here to td_graph_end, what this thread issues on the current device is recorded and not run; memory comes from the graph's own pool.
TD_API int td_graph_begin(void** out) {
  return guarded([&] {
    auto captured = std::make_unique<Captured>();
    torch::cuda::synchronize(captured->outer.device_index());
    c10::cuda::CUDACachingAllocator::emptyCache();  // what the pool is going to hold was cached outside it
    c10::cuda::setCurrentCUDAStream(c10::cuda::getStreamFromPool(false, captured->outer.device_index()));
    try {
      captured->graph.capture_begin();
    } catch (...) {
      c10::cuda::setCurrentCUDAStream(captured->outer);
      throw;
    }
    *out = captured.release();
  });
}

TD_API int td_graph_end(void* captured) {
  auto self = static_cast<Captured*>(captured);
  auto status = guarded([&] { self->graph.capture_end(); });
  guarded([&] { c10::cuda::setCurrentCUDAStream(self->outer); });
  return status;
}

// On the current stream; returns before the work is done.
TD_API int td_graph_replay(void* captured) {
  return guarded([&] { static_cast<Captured*>(captured)->graph.replay(); });
}

TD_API void td_graph_delete(void* captured) {
  guarded([&] { delete static_cast<Captured*>(captured); });
}

#else

namespace {

int unavailable() {
  return guarded([] { throw std::runtime_error("this build of libtorch_dispatch has no CUDA graphs"); });
}

}  // namespace

TD_API bool td_graph_available() { return false; }
TD_API int td_graph_begin(void**) { return unavailable(); }
TD_API int td_graph_end(void*) { return unavailable(); }
TD_API int td_graph_replay(void*) { return unavailable(); }
TD_API void td_graph_delete(void*) {}

#endif
