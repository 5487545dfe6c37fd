"""refusals.py KERNEL: what a kernel cannot take is refused and said, and the session goes on with its variables."""
import json
import sys

from client import Session

session = Session(sys.argv[1])
client = session.client
session.run("var kept = 41;")
kernel, process = session.manager.provisioner.process.pid, session.cells_process()


def send(kind, content, header=None):
    """Sends a message of these bytes, signed; its id."""
    header = header or json.dumps(client.session.msg_header(kind), default=str).encode()
    parts = [header, b"{}", b"{}", content]
    client.shell_channel.socket.send_multipart([b"<IDS|MSG>", client.session.sign(parts), *parts])
    return json.loads(header).get("msg_id") if b"\\u" not in header else None


def reply_to(request, timeout=120):
    while True:
        message = client.get_shell_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def peak_megabytes(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024


def goes_on(what):
    session.expect(session.value("kept + 1") == "42" and session.cells_process() == process, f"{what}: the session goes on")


for what, header in [
    ("half of a surrogate pair in a header", b'{"msg_id": "a", "msg_type": "kernel_info_request", "session": "\\ud800"}'),
    ("a name that comes twice in a header", b'{"msg_id": "a", "msg_id": "b", "msg_type": "kernel_info_request"}'),
    ("a nested name that comes twice", b'{"msg_id": "a", "msg_type": "kernel_info_request", "x": {"a": 1, "a": 2}}'),
]:
    send("", b"{}", header)
    goes_on(what)

for what, content in [
    ("half of a surrogate pair in code", b'{"code": "var s = \\"\\ud800\\";"}'),
    ("a name that comes twice", b'{"code": "1", "code": "2"}'),
    ("deep JSON", b'{"code": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    ("no JSON", b"{"),
]:
    for kind in ("execute_request", "complete_request", "is_complete_request"):
        reply = reply_to(send(kind, content))
        session.expect(reply["status"] == "error" and "cannot be read" in reply["evalue"], f"{what} in {kind} is answered", reply)
    goes_on(what)

deep = "var x = " + "(" * 50_000 + "1" + ")" * 50_000 + ";"
reply, outputs = session.run(deep)
session.expect(reply["status"] == "error" and "200 brackets" in reply["evalue"], "50,000 brackets are refused", reply)
session.expect(reply_to(client.is_complete(deep))["status"] == "unknown", "whether they are complete is unknown")
session.expect(client.complete(deep, len(deep), reply=True, timeout=120)["content"]["matches"] == [], "nothing completes them")
session.expect(not client.inspect(deep, 9, reply=True, timeout=120)["content"]["found"], "and nothing is known of them")
goes_on("brackets")

before = peak_megabytes(kernel)
for size, words in [(2_000_000, "at most 1000000 characters"), (50_000_000, "at most 16777216 are expected")]:
    code = "//" + "x" * size
    reply, outputs = session.run(code)
    session.expect(reply["status"] == "error" and words in reply["evalue"], f"{size} characters are refused", reply["evalue"][:200])
    session.expect([kind for kind, _ in outputs] == ["error"], "and the reader sees it", str(outputs)[:200])
# Received, 50 MB are held once or twice; parsed, they were thousands.
session.expect(peak_megabytes(kernel) - before < 600, "without the memory of parsing them", peak_megabytes(kernel) - before)
goes_on("long code")

begun = session.begin("while (true) ;")
requests = [client.execute(f"{i};") for i in range(3000)]
refused = [client.get_shell_msg(timeout=120) for _ in range(2000)]
session.expect(all("wait already" in message["content"]["evalue"] for message in refused), "a queue that is full refuses more, at once")
session.manager.interrupt_kernel()
session.ended(begun)
for _ in range(1000):
    client.get_shell_msg(timeout=120)
goes_on("3,000 cells at once")

session.expect("\ufffd" in session.run('Console.WriteLine("a\\ud800");')[1][0][1]["text"], "half of a surrogate pair that is printed is told")
session.expect(session.manager.is_alive() and session.value("1 + 1") == "2", "and the next cell works")
session.end()
