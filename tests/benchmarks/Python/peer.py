"""Times single operators of PyTorch for RealNvp.Benchmarks.

Reads lines "threads N", "slice NAME SECONDS" from stdin; answers each slice with the median nanoseconds a call.
"""
import os
import sys
import time

threads = sys.argv[1] if len(sys.argv) > 1 else "1"
for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[pool] = threads
os.environ["OMP_WAIT_POLICY"] = "passive"

import torch  # noqa: E402

torch.set_num_threads(int(threads))
F = torch.nn.functional
BATCH = 200


def operators(grad):
    a = torch.ones(1, requires_grad=grad)
    b = torch.ones(1)
    m = torch.ones(2, 2, requires_grad=grad)
    w = torch.ones(2, 2, requires_grad=grad)
    c = torch.ones(2, requires_grad=grad)
    mask = torch.tensor([[True, False], [False, True]])
    s = torch.zeros(1)
    return {
        "add": lambda: a + b,
        "sub": lambda: a - b,
        "mul": lambda: a * b,
        "div": lambda: a / b,
        "add number": lambda: a + 1.5,
        "mul number": lambda: a * 1.5,
        "compare": lambda: a > b,
        "exp": lambda: a.exp(),
        "tanh": lambda: a.tanh(),
        "relu": lambda: F.relu(a),
        "neg": lambda: -a,
        "clamp": lambda: a.clamp(-1.0, 1.0),
        "sum": lambda: m.sum(),
        "sum of rows": lambda: m.sum(1),
        "matmul": lambda: m.matmul(w),
        "linear": lambda: F.linear(m, w, c),
        "cat": lambda: torch.cat((m, w), 1),
        "chunk": lambda: m.chunk(2, 1),
        "narrow": lambda: m.narrow(1, 0, 1),
        "where": lambda: torch.where(mask, m, w),
        "in place": lambda: s.add_(b),
    }


tables = {"grad": operators(True), "plain": operators(False)}
print("torch", torch.__version__, flush=True)

for line in sys.stdin:
    mode, seconds, name = line.rstrip("\n").split("|")
    call = tables[mode][name]
    times = []
    with torch.set_grad_enabled(mode == "grad"):
        end = time.perf_counter() + float(seconds)
        while time.perf_counter() < end:
            start = time.perf_counter()
            for _ in range(BATCH):
                call()
            times.append((time.perf_counter() - start) / BATCH)
    times.sort()
    print(f"{times[len(times) // 2] * 1e9:.1f}", flush=True)
