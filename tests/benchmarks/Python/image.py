"""Times training steps of a multi-scale Real NVP in PyTorch, written as one writes it by hand, for RealNvp.Benchmarks.

image.py [threads] [cpu|cuda] [batch]. Reads lines "float32 SECONDS" or "bfloat16 SECONDS" (autocast; training steps) or "log_prob SECONDS" (evaluation)
from stdin; answers each with the median and the mean processor milliseconds of a call. The model has the couplings of
Flows.MultiScale([1, 32, 32], scales: 3, width: 32, blocks: 2): the same convolutions, batch norms and weight norms in their networks. It lacks the mask among a
network's inputs and the batch norm after each coupling. torch.optim.Adam as it comes.
"""
import math
import os
import statistics
import sys
import time

threads = sys.argv[1] if len(sys.argv) > 1 else "1"
for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[pool] = threads
os.environ["OMP_WAIT_POLICY"] = "passive"

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

torch.set_num_threads(int(threads))
SIZE, WIDTH, SCALES = 32, 32, 3
DEVICE = sys.argv[2] if len(sys.argv) > 2 else "cpu"
BATCH = int(sys.argv[3]) if len(sys.argv) > 3 else 32
AT_ONCE = 1 if DEVICE == "cpu" else 20  # steps between two looks at the clock: a GPU works on while the host goes ahead


def conv(channels, maps, kernel):
    return nn.utils.weight_norm(nn.Conv2d(channels, maps, kernel, padding=kernel // 2))


class Block(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.inner = nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv(maps, maps, 3), nn.BatchNorm2d(maps), nn.ReLU(), conv(maps, maps, 3))

    def forward(self, h):
        return h + self.inner(h)


class Network(nn.Module):
    """From the kept part to log-scale and shift; a residual network with a skip from every stage."""

    def __init__(self, channels, maps):
        super().__init__()
        self.norm, self.head = nn.BatchNorm2d(channels, affine=False), conv(2 * channels, maps, 3)
        self.blocks = nn.ModuleList([Block(maps) for _ in range(2)])
        self.skips = nn.ModuleList([conv(maps, maps, 1) for _ in range(3)])
        self.tail = nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv(maps, 2 * channels, 1))
        nn.init.zeros_(self.tail[-1].weight_g)
        nn.init.zeros_(self.tail[-1].bias)

    def forward(self, x):
        x = self.norm(x)
        h = self.head(F.relu(torch.cat([x, -x], 1)))
        total = self.skips[0](h)
        for block, skip in zip(self.blocks, self.skips[1:]):
            h = block(h)
            total = total + skip(h)
        raw, shift = self.tail(total).chunk(2, 1)
        return torch.tanh(raw), shift


class Checkerboard(nn.Module):
    def __init__(self, channels, size, maps, odd):
        super().__init__()
        i = torch.arange(size)
        self.register_buffer("keep", ((i[:, None] + i) % 2 == odd).float())
        self.net = Network(channels, maps)

    def forward(self, x):
        kept = x * self.keep
        s, t = self.net(kept)
        s = s * (1 - self.keep)
        return kept + (x + t) * torch.exp(s) * (1 - self.keep), s.flatten(1).sum(1)


class Channels(nn.Module):
    def __init__(self, channels, maps, swapped):
        super().__init__()
        self.swapped, self.net = swapped, Network(channels // 2, maps)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.swapped:
            a, b = b, a
        s, t = self.net(a)
        b = (b + t) * torch.exp(s)
        return torch.cat([b, a] if self.swapped else [a, b], 1), s.flatten(1).sum(1)


class MultiScale(nn.Module):
    def __init__(self):
        super().__init__()
        self.scales = nn.ModuleList()
        channels, size, maps = 1, SIZE, WIDTH
        for k in range(SCALES):
            last = k == SCALES - 1
            boards = nn.ModuleList([Checkerboard(channels, size, maps, i % 2) for i in range(4 if last else 3)])
            halves = nn.ModuleList([] if last else [Channels(4 * channels, 2 * maps, bool(i % 2)) for i in range(3)])
            self.scales.append(nn.ModuleList([boards, halves]))
            channels, size, maps = 2 * channels, size // 2, 2 * maps

    def log_prob(self, x):
        u = 0.05 + 0.9 * (x + torch.rand_like(x)) / 256
        h = torch.logit(u)
        log = -(u.log() + (1 - u).log()).flatten(1).sum(1)
        latents = []
        for boards, halves in self.scales:
            for coupling in boards:
                h, more = coupling(h)
                log = log + more
            if len(halves):
                h = F.pixel_unshuffle(h, 2)
                for coupling in halves:
                    h, more = coupling(h)
                    log = log + more
                h, done = h.chunk(2, 1)
                latents.append(done.flatten(1))
        z = torch.cat(latents + [h.flatten(1)], 1)
        return log - 0.5 * (z * z).sum(1) - 0.5 * z.shape[1] * math.log(2 * math.pi)


torch.manual_seed(1)
model = MultiScale().to(DEVICE)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
batches = [torch.randint(256, (BATCH, 1, SIZE, SIZE)).float().to(DEVICE) for _ in range(4)]
print("torch", torch.__version__, torch.cuda.get_device_name() if DEVICE != "cpu" else "on the CPU", flush=True)


def step(k, low):
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast(DEVICE, torch.bfloat16, enabled=low):
        loss = -model.log_prob(batches[k % 4]).mean()
    loss.backward()
    optimizer.step()


def log_prob(k):
    with torch.no_grad():
        model.log_prob(batches[k % 4])


for line in sys.stdin:
    task, seconds = line.split()
    model.train(task != "log_prob")
    times, cpu, begin = [], time.process_time(), time.perf_counter()
    while time.perf_counter() - begin < float(seconds) or len(times) < 2:
        start = time.perf_counter()
        for k in range(AT_ONCE):
            log_prob(k) if task == "log_prob" else step(k, task == "bfloat16")
        if DEVICE != "cpu":
            torch.cuda.synchronize()
        times.append((time.perf_counter() - start) / AT_ONCE)
    print(f"{1e3 * statistics.median(times):.3f} {1e3 * (time.process_time() - cpu) / (len(times) * AT_ONCE):.3f}", flush=True)
