"""Answers a second and the slowest hundredth of the real service, beside a bare FastAPI route in the same run.

Both are processes of their own; the users here ask one question after another over a connection that stays open,
each in a session of his own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from evals.pages import served

_USERS = (1, 10, 100)
_SECONDS, _WARM_UP = 2.5, 0.5
"""How long each number of users asks, and how much of that at the beginning is not counted."""
_BARE = """
import sys, fastapi, uvicorn
app = fastapi.FastAPI()
app.get("/")(lambda: {})
@app.post("/api/ask")
def constant(asked: dict):
    return {"text": "a constant"}
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second, and milliseconds of the middle and of the slowest hundredth."""

    a_second: float
    p50: float
    p99: float


def compare_service(home: Path, questions: Sequence[str]) -> None:
    """Prints one line a number of users; `home` is a filled data folder."""
    kepu = [str(Path(sys.executable).parent / "kepu"), "serve", "--port"]
    with served(kepu, {"KEPU_HOME": str(home)}) as ours, served([sys.executable, "-c", _BARE], {}) as bare:
        for users in _USERS:
            one, other = (asyncio.run(_asked(url, questions, users)) for url in (ours, bare))
            sys.stdout.write(
                f"{f'service / bare route, {users} users':42} {one.a_second / other.a_second:7.2f}"
                f"   ({one.a_second:.0f} / {other.a_second:.0f} answers a second,"
                f" p50 {one.p50:.1f} / {other.p50:.1f} ms, p99 {one.p99:.1f} / {other.p99:.1f} ms)\n"
            )


async def _asked(url: str, questions: Sequence[str], users: int) -> Rate:
    begun = time.perf_counter()
    ends = await asyncio.gather(*(_user(url, questions, n, begun + _SECONDS) for n in range(users)))
    counted = sorted((end - start) * 1000 for each in ends for start, end in each if start > begun + _WARM_UP)
    rate = len(counted) / (_SECONDS - _WARM_UP)
    return Rate(rate, counted[len(counted) // 2], counted[int(0.99 * (len(counted) - 1))])


async def _user(url: str, questions: Sequence[str], number: int, until: float) -> list[tuple[float, float]]:
    """When each of a user's questions was asked and answered. Raises RuntimeError when one was not answered."""
    address, spent, n = urlsplit(url), [], number
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    while (start := time.perf_counter()) < until:
        writer.write(_request(questions[n % len(questions)], f"bench-{number}"))
        await _read_answer(reader)
        spent.append((start, time.perf_counter()))
        n += 1
    writer.close()
    return spent


def _request(question: str, session: str) -> bytes:
    body = json.dumps({"question": question, "session": session}).encode()
    head = f"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


async def _read_answer(reader: asyncio.StreamReader) -> None:
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    if b" 200 " not in status:
        raise RuntimeError(status.decode())
