"""endings.py KERNEL SETUP: what ends the process that runs the cells is told once, and the next cell works. SETUP is a setup.csx."""
import os
import resource
import signal
import sys

from client import Session, alive, until

session = Session(sys.argv[1])
setup = f'#!import "{sys.argv[2]}"\nusing TorchSharp;\n'
matmul = "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"
cells = [
    ("a wrong matmul", setup + "torch.ones(2, 3).matmul(torch.ones(2, 3))", matmul),
    ("a wrong matmul that is caught", setup + "try { torch.matmul(torch.ones(2, 3), torch.ones(2, 3)); } catch { }", matmul),
    ("Environment.Exit", "Console.WriteLine(1); Environment.Exit(7);", "exit code 7"),
    ("endless recursion", "int Deep(int n) => Deep(n + 1) + Deep(n + 2);\nDeep(0)", "the stack overflowed"),
    ("an exception on a thread", 'var t = new System.Threading.Thread(() => throw new Exception("on a thread"));\nt.Start(); t.Join(); while (true) ;', "on a thread"),
    ("FailFast", 'Environment.FailFast("given up");', "given up"),
    ("a kill", "System.Diagnostics.Process.GetCurrentProcess().Kill(); while (true) ;", "SIGKILL"),
]
for what, code, words in cells:
    session.run("var before = 1;")
    process = session.cells_process()
    reply, outputs = session.run(code)
    errors = [content for kind, content in outputs if kind == "error"]
    text = "\n".join(errors[0]["traceback"]) if errors else ""
    session.expect(len(errors) == 1 and reply["status"] == "error" and words in text, f"{what} is told, once", outputs)
    session.expect(f"in cell [{reply['execution_count']}]" in text and "variables are gone" in text and "frame #" not in text,
                   "with the cell, and that variables are gone, without frames of native code", text)
    session.expect(not any("frame #" in content["text"] for kind, content in outputs if kind == "stream"), "nor do they come as output")
    session.expect("CS0103" in session.value("before") and session.value("1 + 1") == "2", "and a fresh process runs the next cell")
    session.expect(session.cells_process() != process and not alive(process), "the old one is gone")

for what, code in [
    ("a cell that fills the memory with arrays", "var all = new List<byte[]>(); while (true) all.Add(new byte[10_000_000]);"),
    ("a tensor that is larger than the memory", setup + "var t = torch.ones(1L << 36);"),
]:
    session.run("var before = 1;")
    process = session.cells_process()
    with open(f"/proc/{process}/oom_score_adj", encoding="utf-8") as score:
        session.expect(int(score.read()) == 900, "where memory is gone, the cells' process goes before its kernel")
    with open(f"/proc/{process}/status", encoding="utf-8") as status:
        data = next(int(line.split()[1]) for line in status if line.startswith("VmData")) << 10
    resource.prlimit(process, resource.RLIMIT_DATA, (data + (300 << 20), resource.RLIM_INFINITY))
    reply, outputs = session.run(code)
    text = "\n".join(line for kind, content in outputs if kind == "error" for line in content["traceback"])
    session.expect(reply["status"] == "error" and "memory" in text.lower(), f"{what} is told", outputs)
    if alive(process):
        resource.prlimit(process, resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        session.expect("variables are gone" in text, "with the end of its process", text)
    session.expect(session.value("1 + 1") == "2", "and the next cell works")

process = session.cells_process()
os.kill(process, signal.SIGKILL)
until(lambda: not alive(process))
text = session.client.get_iopub_msg(timeout=30)
while text["msg_type"] != "stream":
    text = session.client.get_iopub_msg(timeout=30)
session.expect("SIGKILL" in text["content"]["text"] and "variables are gone" in text["content"]["text"], "a kill between two cells is told", text)
session.expect(session.value("1 + 1") == "2", "and the next cell works")
session.end()
