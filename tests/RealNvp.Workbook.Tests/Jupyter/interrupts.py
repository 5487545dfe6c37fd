"""interrupts.py KERNEL SETUP: what runs is stopped, and the session kept where that can be. SETUP is a setup.csx."""
import sys

from client import Session, alive

session = Session(sys.argv[1])
begun = 'Console.WriteLine("begun"); '
session.run(f'#!import "{sys.argv[2]}"\nusing TorchSharp;\nvar kept = 42; var lockable = new object();')
process = session.cells_process()


def interrupted(what, code, after=(0.5,), **options):
    reply, outputs = session.run(code, after, **options)
    errors = [content for kind, content in outputs if kind == "error"]
    text = "\n".join(reply.get("traceback", []))
    session.expect(len(errors) == 1 and "interrupted" in text, f"{what} is interrupted", (reply, outputs))
    return reply, text


def session_is_kept():
    session.expect(session.value("kept") == "42" and session.cells_process() == process, "and the session is kept")


session.manager.interrupt_kernel()
while True:
    message = session.client.get_iopub_msg(timeout=60)
    if message["parent_header"].get("msg_type") == "interrupt_request" and message["content"].get("execution_state") == "idle":
        break
session.expect(session.value("kept") == "42", "an interrupt while nothing runs does no harm")
for what, code in [
    ("an endless loop", begun + "while (true) ;"),
    ("a loop that catches everything", begun + "while (true) { try { while (true) ; } catch { } }"),
    ("a loop after an await", begun + "await Task.Delay(10); while (true) ;"),
    ("a loop in a function that is awaited", "async Task Loop() { await Task.Delay(10); while (true) ; }\n" + begun + "await Loop();"),
    ("a sleep without end", begun + "System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite);"),
    ("a wait without end", begun + "lock (lockable) System.Threading.Monitor.Wait(lockable);"),
    ("a delay without end", begun + "await Task.Delay(-1);"),
    ("a loop of delays", begun + "while (true) await Task.Delay(10);"),
    ("printing without end", begun + "while (true) { Console.WriteLine(1); System.Threading.Thread.Sleep(1); }"),
    ("native work", begun + "while (true) torch.mm(torch.ones(500, 500), torch.ones(500, 500));"),
]:
    interrupted(what, code)
    session_is_kept()

reply, text = interrupted("a loop on the third line", "var mine = 7;\n" + begun + "\nwhile (true) ;")
session.expect("line 3" in text, "its error names the line", text)
session.expect(session.value("mine") == "7", "what the cell had declared is there")
interrupted("a cell that is interrupted twice", begun + "while (true) ;", after=(0.5, 0.52))
session.run("await Task.Delay(1500);")  # the second interrupt may have come after the cell's end: then it is this one's
session_is_kept()
session.expect(session.run("await Task.Delay(1500); 5")[1][-1][1]["data"]["text/plain"] == "5", "and nothing comes after it")

answers = []
interrupted("a question for input", begun + 'await GetInputAsync("name?")', allow_stdin=True, stdin_hook=lambda m: answers.append(m))
session_is_kept()
reply, outputs = session.run('await GetInputAsync("name?")', allow_stdin=True, stdin_hook=lambda m: session.client.input("Ada"))
session.expect(len(answers) == 1 and outputs[-1][1]["data"]["text/plain"] == "Ada", "and the next question is answered")

lock = ('using System.Runtime.InteropServices;\n[DllImport("libc")] static extern int pthread_mutex_lock(nint mutex);\n'
        "var mutex = Marshal.AllocHGlobal(64); for (var i = 0; i < 8; i++) Marshal.WriteInt64(mutex, 8 * i, 0);\npthread_mutex_lock(mutex);\n")
reply, text = interrupted("native code that does not return", lock + begun + "pthread_mutex_lock(mutex)")
session.expect("without its process" in text and "variables are gone" in text, "its process is ended, and that is said", text)
session.expect("CS0103" in session.value("kept") and not alive(process), "the variables are gone")
session.expect(session.value("1 + 1") == "2", "and the next cell works")
session.end()
