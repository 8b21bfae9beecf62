"""A server on 127.0.0.1 that speaks the OpenAI chat protocol and answers as it is told, badly when told so."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


@dataclass
class Reply:
    """What one request gets: `pieces` streamed, `wait` seconds before the first and `between` before each other.

    `cut` ends the stream without its end; `raw` is sent as the whole body, `deltas` in place of pieces of content.
    """

    pieces: list[str] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    between: float = 0.0
    cut: bool = False
    raw: bytes | None = None
    deltas: list[dict[str, Any]] | None = None


Scripted = Reply | Callable[[dict[str, Any], str], Reply]
"""A reply, or a function that makes one of the request's body and its key."""


def says(text: str, **kwargs: Any) -> Reply:
    """A reply that streams `text` a few characters at a time."""
    return Reply([text[i : i + 4] for i in range(0, len(text), 4)], **kwargs)


class ModelServer(ThreadingHTTPServer):
    """The server: `script` is what is still to be said, `asked` and `sent` what went in and out, with the time."""

    daemon_threads = True

    def __init__(self, script: list[Scripted]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.asked: list[dict[str, Any]] = []
        self.sent: list[tuple[float, dict[str, Any]]] = []
        self.hung_up = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/v1"

    def next_reply(self, body: dict[str, Any], key: str) -> Reply:
        """What the next request gets; the last of the script for ever."""
        reply = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return reply if isinstance(reply, Reply) else reply(body, key)


def _completion(said: str) -> dict[str, Any]:
    """A whole answer as the protocol has it."""
    choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [choice],
        "usage": USAGE,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_POST(self) -> None:
        """Answers one request."""
        key = self.headers.get("Authorization", "")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"at": time.monotonic(), "body": body, "key": key})
        reply = self.server.next_reply(body, key)
        try:
            time.sleep(reply.wait)
            self._answer(reply, streamed=bool(body.get("stream")))
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()
        self.close_connection = True

    def _answer(self, reply: Reply, streamed: bool) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        if reply.status != 200 or reply.raw is not None:
            self._whole(reply.raw if reply.raw is not None else b'{"error": {"message": "scripted", "code": "x"}}')
        elif streamed:
            self._stream(reply)
        else:
            self._whole(json.dumps(_completion("".join(reply.pieces))).encode())

    def _whole(self, content: bytes) -> None:
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, reply: Reply) -> None:
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

    def _event(self, body: dict[str, Any]) -> None:
        head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
        self.wfile.write(b"data: " + json.dumps({**head, **body}).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def model_server(*script: Scripted) -> Iterator[ModelServer]:
    """A running server; `script` are its replies in order, the last one for ever."""
    server = ModelServer(list(script))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
