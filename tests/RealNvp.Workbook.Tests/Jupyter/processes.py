"""processes.py KERNEL RESTARTS KILLS: after restarts, killed cell processes, a killed kernel and a killed client no process is left."""
import os
import signal
import subprocess
import sys

from client import Session, alive, kernels_of_this_test, until

kernel, restarts, kills = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
session = Session(kernel)
session.expect(session.value('Environment.GetEnvironmentVariable("DOTNET_TieredPGO") ?? "unset"') == "unset", "cells keep what speeds them up")
for i in range(restarts):
    if i % 2 == 0:
        session.begin("while (true) ;")  # one that is still under way would run in the next kernel
    session.manager.restart_kernel(now=i % 3 == 2)
    session.client.wait_for_ready(timeout=120)
session.expect(until(lambda: len(kernels_of_this_test()) == 2), f"after {restarts} restarts there is one kernel, and its cells", kernels_of_this_test())

for i in range(kills):
    process = session.cells_process()
    running = session.begin("while (true) ;") if i % 2 == 0 else None  # a cell that has not begun would run in the next process
    os.kill(process, signal.SIGKILL)
    if not until(lambda: not alive(process)):
        break
    if running:
        session.ended(running)
session.expect(session.value("1 + 1") == "2", f"after {kills} killed cell processes the next cell works")
session.expect(until(lambda: len(kernels_of_this_test()) == 2), "there is one kernel, and its cells", kernels_of_this_test())

session.begin("while (true) ;")
session.manager.restart_kernel(now=True)
session.client.wait_for_ready(timeout=120)
os.kill(session.manager.provisioner.pid, signal.SIGKILL)
session.client.stop_channels()
print("ok: a kernel was killed" if until(lambda: not kernels_of_this_test()) else sys.exit(f"FAILED: cells outlive their kernel {kernels_of_this_test()}"))

script = "import sys; from client import Session; s = Session(sys.argv[1]); s.begin('while (true) ;'); print('begun', flush=True); import time; time.sleep(1000)"
client = subprocess.Popen([sys.executable, "-c", script, kernel], stdout=subprocess.PIPE, cwd=os.path.dirname(os.path.abspath(__file__)))
client.stdout.readline()
both = len(kernels_of_this_test()) == 2
client.kill()
client.wait()
print("ok: a client was killed" if both and until(lambda: not kernels_of_this_test()) else sys.exit(f"FAILED: a kernel outlives its client {kernels_of_this_test()}"))
