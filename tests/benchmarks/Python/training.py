"""Times training steps of PyTorch for RealNvp.Benchmarks.

Reads lines "TASK SECONDS" from stdin; answers each with the median and the mean processor milliseconds of a call. Tasks: moons2d, tabular (training steps of a
Real NVP with torch.optim.Adam as it comes), log_prob-moons2d, log_prob-tabular (without gradients). "check-moons2d N" and
"check-tabular N" take N steps and answer with the negative log-likelihood after them.
"""
import math
import os
import sys
import time

threads = sys.argv[1] if len(sys.argv) > 1 else "1"
for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[pool] = threads
os.environ["OMP_WAIT_POLICY"] = "passive"

import torch  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(int(threads))
WORKLOADS = {"moons2d": dict(dim=2, layers=8, hidden=64, batch=256), "tabular": dict(dim=64, layers=10, hidden=256, batch=512)}


def batch(w):
    """The same formula as on the other side: no generator is shared."""
    n = w["batch"] * w["dim"]
    i = torch.arange(n, dtype=torch.float64)
    return (torch.sin(12.9898 * i) * 43758.5453).frac().mul(2).float().reshape(w["batch"], w["dim"])


class RealNvp(nn.Module):
    """b <- b * exp(tanh(s)) + t with (s, t) a network of a; then the halves swap roles."""

    def __init__(self, dim, layers, hidden, **_):
        super().__init__()
        half = dim // 2
        self.dim = dim
        self.nets = nn.ModuleList([nn.Sequential(nn.Linear(half, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, hidden),
                                                 nn.ReLU(inplace=True), nn.Linear(hidden, 2 * half)) for _ in range(layers)])
        for net in self.nets:
            nn.init.zeros_(net[-1].weight)
            nn.init.zeros_(net[-1].bias)

    def log_prob(self, x):
        a, b = x.chunk(2, 1)
        logs = []
        for net in self.nets:
            s, t = net(a).chunk(2, 1)
            s = torch.tanh(s)
            logs.append(s)
            a, b = torch.addcmul(t, b, s.exp()), a
        z = torch.cat([a, b], 1)
        return torch.cat(logs, 1).sum(1) - 0.5 * (z * z).sum(1) - 0.5 * self.dim * math.log(2 * math.pi)


class Training:
    def __init__(self, w):
        torch.manual_seed(1)
        self.model, self.x = RealNvp(**w), batch(w)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)

    def loss(self):
        return -self.model.log_prob(self.x).mean()

    def log_prob(self):
        with torch.no_grad():
            self.model.log_prob(self.x)

    def __call__(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss().backward()
        self.optimizer.step()


trainings = {k: Training(w) for k, w in WORKLOADS.items()}
tasks = {**trainings, **{f"log_prob-{k}": v.log_prob for k, v in trainings.items()}}
print("torch", torch.__version__, flush=True)

for line in sys.stdin:
    task, seconds = line.split()
    if task.startswith("check-"):
        training = trainings[task[6:]]
        for _ in range(int(seconds)):
            training()
        with torch.no_grad():
            print(training.loss().item(), flush=True)
        continue
    call, times = tasks[task], []
    cpu = time.process_time()
    end = time.perf_counter() + float(seconds)
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    cpu = time.process_time() - cpu
    times.sort()
    print(f"{times[len(times) // 2] * 1e3:.5f} {cpu / len(times) * 1e3:.5f}", flush=True)
