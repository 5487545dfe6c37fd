"""hub.py ADDRESS NOTEBOOK KERNEL ANSWERS.json QUESTION USER PASSWORD [USER PASSWORD ...]: students of a JupyterHub, all at once, each through its HTTP interface.

Each logs in, starts a server, opens NOTEBOOK, starts a kernel for it, runs every cell over the websocket with the answers (cell id -> source) put in,
and saves it. Then the kernel is asked the QUESTION, a cell. Prints a JSON object: user -> what came of it.
"""
import asyncio
import concurrent.futures
import json
import re
import sys
import time
import uuid
from urllib.parse import quote, urlsplit

import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

address, notebook, kernel, answers, question = sys.argv[1:6]
users = list(zip(sys.argv[6::2], sys.argv[7::2]))
with open(answers, encoding="utf-8") as file:
    answers = json.load(file)


class Student:
    def __init__(self, name, password):
        self.name, self.web = name, requests.Session()
        page = self.web.get(f"{address}/hub/login", timeout=30)
        page.raise_for_status()
        form = {"username": name, "password": password}
        if "_xsrf" in self.web.cookies:
            form["_xsrf"] = self.web.cookies.get("_xsrf", path="/hub/") or self.web.cookies["_xsrf"]
        page = self.web.post(f"{address}/hub/login?next=%2Fhub%2Fhome", data=form, timeout=60)
        if not page.url.endswith("/hub/home"):
            raise RuntimeError(f"{name} is not let in: {page.status_code} {page.url} {re.sub('<[^>]*>', ' ', page.text)[-500:]}")
        self.own = f"{address}/user/{name}"

    def serve(self, seconds=120):
        """Starts this student's server, and waits until it answers."""
        self.web.get(f"{address}/hub/spawn", timeout=60)
        end = time.time() + seconds
        while True:
            page = self.web.get(f"{self.own}/tree", timeout=60)   # the way over the hub's permission, with the server's own cookies at its end
            if page.ok and page.url.startswith(f"{self.own}/"):
                break
            if time.time() > end:
                raise RuntimeError(f"{self.name}'s server did not start: {page.status_code} {page.url} {page.text[-500:]}")
            time.sleep(0.5)

    def ask(self, method, path, **options):
        # The cookie against forged requests; where the hub has one too, the server's has the longer path.
        token = [c.value for c in sorted(self.web.cookies, key=lambda c: -len(c.path)) if c.name == "_xsrf" and f"/user/{self.name}/".startswith(c.path)]
        headers = {"X-XSRFToken": token[0], "Referer": f"{self.own}/tree"} if token else {}
        answer = self.web.request(method, f"{self.own}/api/{path}", headers=headers, timeout=120, **options)
        if not answer.ok:
            raise RuntimeError(f"{self.name}: {method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.text else None

    async def run(self, kernel_id, codes):
        """Runs cells in a kernel; the outputs of each."""
        url = f"{self.own}/api/kernels/{kernel_id}/channels".replace("http", "ws", 1)
        request = requests.Request("GET", url.replace("ws", "http", 1))
        cookies = self.web.prepare_request(request).headers["Cookie"]
        host = urlsplit(address)
        socket = await websocket_connect(HTTPRequest(url, headers={"Cookie": cookies, "Origin": f"{host.scheme}://{host.netloc}"}), max_message_size=1 << 28)
        shown = []
        for code in codes:
            header = {"msg_id": uuid.uuid4().hex, "session": uuid.uuid4().hex, "username": self.name, "msg_type": "execute_request", "version": "5.3", "date": ""}
            await socket.write_message(json.dumps({
                "channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "buffers": [],
                "content": {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False}}))
            outputs, waiting = [], {"reply", "idle"}
            while waiting:
                text = await asyncio.wait_for(socket.read_message(), 120)
                if text is None:
                    raise RuntimeError(f"{self.name}: the kernel's socket was closed")
                message = json.loads(text)
                kind, content = message["header"]["msg_type"], message["content"]
                if message["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                if kind == "execute_reply":
                    waiting.discard("reply")
                elif kind == "status" and content["execution_state"] == "idle":
                    waiting.discard("idle")
                elif kind == "stream":
                    outputs.append({"output_type": "stream", **content})
                elif kind in ("display_data", "execute_result", "error"):
                    content.pop("transient", None)
                    outputs.append({"output_type": kind, **content})
            shown.append(outputs)
        socket.close()
        return shown


def work(name, password):
    begun = time.time()
    student = Student(name, password)
    student.serve()
    served = time.time()
    path = "contents/" + quote(notebook)
    model = student.ask("GET", path, params={"content": "1"})
    session = student.ask("POST", "sessions", json={"path": notebook, "name": "", "type": "notebook", "kernel": {"name": kernel}})
    cells = [cell for cell in model["content"]["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        cell["source"] = answers.get(cell["id"], cell["source"])
    shown = asyncio.run(student.run(session["kernel"]["id"], [cell["source"] for cell in cells] + [question]))
    for n, (cell, outputs) in enumerate(zip(cells, shown), 1):
        cell["outputs"], cell["execution_count"] = outputs, n
    student.ask("PUT", path, json={"type": "notebook", "format": "json", "content": model["content"]})
    saved = student.ask("GET", path, params={"content": "1"})["content"]
    student.ask("DELETE", f"sessions/{session['id']}")
    return {
        "cells": len(cells),
        "errors": [f"{cell['id']}: {output['evalue']}" for cell in cells for output in cell["outputs"] if output["output_type"] == "error"],
        "saved": [cell["outputs"] for cell in saved["cells"] if cell["cell_type"] == "code"] == shown[:-1],
        "answer": "".join(output.get("text", "") + str(output.get("data", {}).get("text/plain", "")) + output.get("evalue", "") for output in shown[-1]),
        "server_seconds": round(served - begun, 1),
        "seconds": round(time.time() - begun, 1),
    }


with concurrent.futures.ThreadPoolExecutor(len(users)) as pool:
    futures = {name: pool.submit(work, name, password) for name, password in users}
    print(json.dumps({name: future.result() for name, future in futures.items()}))
