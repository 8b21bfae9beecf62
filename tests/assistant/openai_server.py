"""A server on 127.0.0.1 that speaks the OpenAI chat protocol and answers as it is told, badly when told so."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


@dataclass
class Reply:
    """What one request gets: `pieces` streamed, `wait` seconds before the first and `between` before each other."""

    pieces: list = field(default_factory=list)
    status: int = 200
    headers: dict = field(default_factory=dict)
    wait: float = 0.0
    between: float = 0.0
    cut: bool = False
    raw: bytes | None = None
    deltas: list | None = None


def says(text, **kwargs):
    """A reply that streams `text` a few characters at a time."""
    return Reply([text[i : i + 4] for i in range(0, len(text), 4)], **kwargs)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.asked.append({"at": time.monotonic(), "body": body, "key": self.headers.get("Authorization", "")})
        reply = server.script.pop(0) if len(server.script) > 1 else server.script[0]
        if callable(reply):
            reply = reply(body, self.headers.get("Authorization", ""))
        try:
            time.sleep(reply.wait)
            self._answer(reply)
        except (BrokenPipeError, ConnectionResetError):
            server.hung_up.set()
        self.close_connection = True

    def _answer(self, reply):
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        if reply.status != 200 or reply.raw is not None:
            content = reply.raw if reply.raw is not None else b'{"error": {"message": "scripted", "code": "x"}}'
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for n, delta in enumerate(reply.deltas or ({"content": p} for p in reply.pieces)):
            time.sleep(reply.between if n else 0)
            self.server.sent.append((time.monotonic(), delta))
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        if reply.cut:
            return
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self._event({"choices": [], "usage": USAGE})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, body):
        head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
        self.wfile.write(b"data: " + json.dumps({**head, **body}).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *args):
        """Says nothing."""


@contextmanager
def model_server(*script):
    """A running server; `script` are its replies in order, the last one for ever; a function gets the request and its key. Has `url`, `asked`, `sent`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.script, server.asked, server.sent, server.hung_up = list(script), [], [], threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
