"""A session with a kernel for the scripts beside this: cells, what comes of them, and the process that runs them."""
import faulthandler
import os
import sys
import threading
import time

from jupyter_client.manager import start_new_kernel

faulthandler.dump_traceback_later(1800, exit=True)  # rather than wait for ever


class Session:
    def __init__(self, kernel):
        self.manager, self.client = start_new_kernel(kernel_name=kernel)

    def run(self, code, interrupt_after=(), timeout=180, **options):
        """The reply to a cell and what came on iopub for it, in order; interrupted after some seconds once it says that it has begun."""
        outputs = []

        def take(message):
            if message["msg_type"] == "stream" and "begun" in message["content"]["text"]:
                for seconds in interrupt_after:
                    threading.Timer(seconds, self.manager.interrupt_kernel).start()
            outputs.append((message["msg_type"], message["content"]))

        reply = self.client.execute_interactive(code, timeout=timeout, output_hook=take, **options)["content"]
        return reply, [(kind, content) for kind, content in outputs if kind not in ("status", "execute_input")]

    def begin(self, code, timeout=120):
        """Sends a cell and comes back as soon as it runs, with what `ended` waits for."""
        request = self.client.execute('Console.WriteLine("begun");\n' + code)
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") == request and "begun" in message["content"].get("text", ""):
                return request

    def ended(self, request, timeout=120):
        """Waits for the end of a cell that was begun: cells that are sent before a client knows of a failure do not run."""
        while self.client.get_shell_msg(timeout=timeout)["parent_header"].get("msg_id") != request:
            pass

    def value(self, code):
        """The text of a cell's value, or of its error."""
        reply, outputs = self.run(code)
        return outputs[-1][1]["data"]["text/plain"] if reply["status"] == "ok" else f"{reply['ename']}: {reply['evalue']}"

    def cells_process(self):
        return int(self.value("Environment.ProcessId"))

    def expect(self, condition, what, details=""):
        if not condition:
            self.manager.shutdown_kernel(now=True)
            sys.exit(f"FAILED: {what} {details}")
        print("ok:", what, flush=True)

    def end(self, now=False):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=now)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def kernels_of_this_test():
    """The processes, of kernels and of cells, that were started with this test's runtime folder in their environment."""
    folder = f"JUPYTER_RUNTIME_DIR={os.environ['JUPYTER_RUNTIME_DIR']}".encode()
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as environment, open(f"/proc/{pid}/cmdline", "rb") as command:
                if folder in environment.read().split(b"\0") and {b"__kernel", b"__cells"} & set(command.read().split(b"\0")) and alive(pid):
                    found.append(int(pid))
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            pass  # it has ended
    return found


def until(condition, seconds=60):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        time.sleep(0.1)
    return condition()
