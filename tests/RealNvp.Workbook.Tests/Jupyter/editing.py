"""editing.py KERNEL: completion and inspection as an editor uses them, while a cell runs, too."""
import sys
import time

from client import Session

session = Session(sys.argv[1])
session.run("var words = new List<string>(); /// A half.\nint Half(int n) => n / 2;")


def completed(code, cursor=None):
    """The code after each match was put in."""
    cursor = len(code) if cursor is None else cursor
    reply = session.client.complete(code, cursor, reply=True, timeout=60)["content"]
    return [code[:reply["cursor_start"]] + match + code[reply["cursor_end"]:] for match in reply["matches"]]


session.expect(completed("words.Ad") == ["words.Add", "words.AddRange"], "only what begins with what was typed, without placeholders", completed("words.Ad"))
session.expect(completed('var s = "\U0001F600"; words.AddR') == ['var s = "\U0001F600"; words.AddRange'], "the range counts code points")
session.expect(completed("words.AddR; 1", 10) == ["words.AddRange; 1"], "in the middle of a line")
session.expect(completed("words.adDr") == ["words.AddRange"], "in another case")
session.expect("words" in completed("wor") and "Half" in completed("Hal"), "what earlier cells declared")
session.expect(completed("#!time\nMath.Sq") == ["#!time\nMath.Sqrt"], "below a directive")
session.expect(completed("#!ti") == ["#!time"], "a directive")
session.expect(completed("#!markdown\nwor") == [], "nothing in text")
session.expect(len(completed("words.")) > 20 and not any("$" in match or "(" in match for match in completed("words.")), "all members, as names")
for code, cursor in [("", 0), ("words.Ad", 0), ("words.Ad", 99), ("}}}", 3), ('"', 1)]:
    session.expect(session.client.complete(code, cursor, reply=True, timeout=60)["content"]["status"] == "ok", f"{code!r} at {cursor} is no error")

described = session.client.inspect("Math.Sqrt(2)", 9, reply=True, timeout=60)["content"]
session.expect(described["found"] and "double Math.Sqrt(double d)" in described["data"]["text/plain"], "a method is described", described)
described = session.client.inspect("Half(2)", 2, reply=True, timeout=60)["content"]
session.expect(described["found"] and "int Half(int n)" in described["data"]["text/plain"], "and one that a cell declared", described)
session.expect(not session.client.inspect("  ", 1, reply=True, timeout=60)["content"]["found"], "nothing is not described")

cell = session.client.execute('Console.WriteLine("begun"); while (true) ;')
while session.client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
    pass
session.expect(completed("words.Ad") == ["words.Add", "words.AddRange"], "while a cell runs, code is completed")
session.expect(session.client.inspect("Math.Sqrt", 9, reply=True, timeout=60)["content"]["found"], "and described")
session.manager.interrupt_kernel()
session.expect(session.client.get_shell_msg(timeout=60)["parent_header"]["msg_id"] == cell, "and the cell goes on until it is interrupted")

updates = [(kind, content["data"]["text/plain"], content["transient"]["display_id"])
           for code in ('var a = display("one"); var b = "two".Display();', 'b.Update("2"); a.Update("1"); b.Update("II");') for kind, content in session.run(code)[1]]
first, second = (entry[2] for entry in updates[:2])
session.expect(updates == [("display_data", "one", first), ("display_data", "two", second), ("update_display_data", "2", second),
                           ("update_display_data", "1", first), ("update_display_data", "II", second)] and first != second,
               "updates bear the ids of what they update, across cells", updates)
session.end()
