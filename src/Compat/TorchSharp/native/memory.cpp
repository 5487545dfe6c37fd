// Keeps freed memory in the process. A training step frees all of its tensors at once; glibc then gives the top of the heap, and every
// block that it had mapped by itself, back to the system, and the next step pays a page fault for each of its pages. Whoever has set
// glibc's own variables is left alone.
#include <cstdlib>
#include <cstring>

#if defined(__GLIBC__)
#include <malloc.h>

namespace {

struct KeepFreedMemory {
  KeepFreedMemory() {
    auto tunables = std::getenv("GLIBC_TUNABLES");
    if (std::getenv("MALLOC_TRIM_THRESHOLD_") || std::getenv("MALLOC_MMAP_THRESHOLD_") || (tunables && std::strstr(tunables, "glibc.malloc")))
      return;
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
  }
} keep_freed_memory;

}  // namespace
#endif
