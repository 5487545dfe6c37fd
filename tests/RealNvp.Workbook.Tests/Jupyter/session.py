"""A session with the C# kernel as a client has it. session.py KERNEL [RESTARTS]: each step prints one line; a wrong one ends it."""
import faulthandler
import queue
import statistics
import sys
import time

from jupyter_client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

faulthandler.dump_traceback_later(1200, exit=True)  # rather than wait for ever
kernel, restarts = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3


def expect(condition, what, details=""):
    if not condition:
        manager.shutdown_kernel(now=True)
        sys.exit(f"FAILED: {what} {details}")
    print("ok:", what, flush=True)


def run(client, code, timeout=60, **options):
    """The reply to a cell and what came on iopub for it, in order."""
    outputs = []
    reply = client.execute_interactive(code, timeout=timeout, output_hook=outputs.append, **options)
    return reply["content"], [(m["msg_type"], m["content"]) for m in outputs if m["msg_type"] not in ("status", "execute_input")]


def drain(client):
    try:
        while True:
            client.get_iopub_msg(timeout=0.3)
    except queue.Empty:
        pass


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def pid_of(client):
    return int(run(client, "Environment.ProcessId")[1][-1][1]["data"]["text/plain"])


started = time.perf_counter()
manager, client = start_new_kernel(kernel_name=kernel)
run(client, "1 + 1")
print(f"first cell after {time.perf_counter() - started:.2f} s")

times = []
for i in range(30):
    begun = time.perf_counter()
    run(client, f"{i} + 1")
    times.append(1000 * (time.perf_counter() - begun))
print(f"warm cell: median {statistics.median(times):.0f} ms")

times = []
for _ in range(15):
    begun = time.perf_counter()
    reply = client.complete("System.Text.Enc", reply=True, timeout=20)
    times.append(1000 * (time.perf_counter() - begun))
print(f"completion: median {statistics.median(times):.0f} ms")
expect("Encoding" in reply["content"]["matches"], "completion offers a type of a namespace")
reply = client.complete('var s = "\U0001F600"; s.Lengt', reply=True, timeout=20)["content"]
expect(reply["matches"] == ["Length"] and reply["cursor_start"] == 15, "cursors count code points")

_, outputs = run(client, "for (var i = 0; i < 10_000; i++) Console.WriteLine(i);")
expect("".join(c["text"] for _, c in outputs) == "".join(f"{i}\n" for i in range(10_000)), "10,000 lines arrive complete and in order")

_, outputs = run(client, 'Console.Write("a"); display(HTML("<i>b</i>")); Console.Error.Write("c"); Console.Write("d"); 5')
expect([t for t, _ in outputs] == ["stream", "display_data", "stream", "stream", "execute_result"], "outputs keep their order")

_, outputs = run(client, 'var shown = display("one"); shown.Update("two");')
expect([t for t, _ in outputs] == ["display_data", "update_display_data"]
       and len({c["transient"]["display_id"] for _, c in outputs}) == 1, "an update has the display's id")

reply, outputs = run(client, 'int Half(int n)\n{\n    if (n % 2 == 1) throw new ArgumentException("odd");\n    return n / 2;\n}\nHalf(3)')
expect(reply["status"] == "error" and [t for t, _ in outputs] == ["error"] and reply["ename"] == "ArgumentException", "a failing cell gives one error")
expect("line 3" in "\n".join(reply["traceback"]) and "Submission" not in "\n".join(reply["traceback"]), "its traceback has the cell's lines only")

first = client.execute('await Task.Delay(500); throw new Exception("stop here");')
second = client.execute("var never = 1;")
replies = {m["parent_header"]["msg_id"]: m["content"] for m in (client.get_shell_msg(timeout=20), client.get_shell_msg(timeout=20))}
expect((replies[first]["status"], replies[second]["status"]) == ("error", "aborted"), "cells that wait behind a failed one are not run", replies)
drain(client)

answers = []
reply, outputs = run(client, 'await GetInputAsync("name?")', allow_stdin=True,
                     stdin_hook=lambda m: (answers.append(m["content"]["prompt"]), client.input("Ada")))
expect(answers == ["name?"] and outputs[-1][1]["data"]["text/plain"] == "Ada", "a cell's question is answered")
reply, _ = run(client, 'await GetInputAsync("name?")', allow_stdin=False)
expect(reply["status"] == "error" and "takes no input" in reply["evalue"] + "".join(reply["traceback"]), "without input a question fails")

for key, what in ((b"another key", "a message with a forged signature"), (b"", "a message without a signature")):
    stranger = BlockingKernelClient()
    stranger.load_connection_info({**manager.get_connection_info(), "key": key})
    stranger.start_channels()
    stranger.execute("var forged = 1;")
    try:
        answer = stranger.get_shell_msg(timeout=2)
    except queue.Empty:
        answer = None
    stranger.stop_channels()
    expect(answer is None and run(client, "forged")[0]["status"] == "error", f"{what} is not answered and does nothing", answer)
drain(client)

client.execute("var kept = 42; while (true) ;")
time.sleep(3)
manager.interrupt_kernel()
reply = client.get_shell_msg(timeout=30)["content"]
expect(reply["status"] == "error" and "interrupted" in "".join(reply["traceback"]), "an endless cell is interrupted", reply)
drain(client)
expect(run(client, "kept")[1][-1][1]["data"]["text/plain"] == "42", "and what it declared is there")

pids = [pid_of(client)]
for i in range(restarts):
    if i % 2 == 0:
        client.execute("while (true) ;")
    manager.restart_kernel(now=i % 3 == 2)
    client.wait_for_ready(timeout=60)
    pids.append(manager.provisioner.pid)
client.stop_channels()
manager.shutdown_kernel()
end = time.time() + 10
while any(map(alive, pids)) and time.time() < end:
    time.sleep(0.1)
expect(not any(map(alive, pids)) and len(set(pids)) == restarts + 1, f"{restarts} restarts leave no process behind")
