"""How heavy and how quick the chat page is beside Gradio's default ChatInterface: the same browser, the same run."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

_ROUNDS = 5
_SLOW_BYTES = 1_600_000 / 8
"""A slow mobile connection, bytes a second."""
_SLOW_DELAY = 150
"""Its milliseconds to the server and back."""
_STARTING = 120.0
_USABLE = "textarea:visible"
_DEFAULT_INTERFACE = (
    "import sys, gradio; gradio.ChatInterface(lambda message, history: message)"
    ".launch(server_name='127.0.0.1', server_port=int(sys.argv[1]), quiet=True)"
)


@dataclass(frozen=True, slots=True)
class Load:
    """A first visit: bytes transferred, requests, seconds until one can type, and the same on a slow connection."""

    bytes: int
    requests: int
    usable: float
    usable_slow: float


def beside_gradio(home: Path) -> tuple[Load, Load] | None:
    """Medians of first visits to our page and to Gradio's, by turns. None where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    kepu = str(Path(sys.executable).parent / "kepu")
    with (
        served([kepu, "serve", "--port"], {"KEPU_HOME": str(home)}) as ours,
        served([sys.executable, "-c", _DEFAULT_INTERFACE], {}) as theirs,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        visits: dict[str, list[Load]] = {ours: [], theirs: []}
        for round_ in range(_ROUNDS + 1):
            for url, found in visits.items():
                load = _visit(browser, url)
                if round_:
                    found.append(load)
        browser.close()
    return _middle(visits[ours]), _middle(visits[theirs])


def _middle(loads: Sequence[Load]) -> Load:
    return Load(
        round(median(x.bytes for x in loads)), round(median(x.requests for x in loads)),
        median(x.usable for x in loads), median(x.usable_slow for x in loads),
    )  # fmt: skip


def _visit(browser: Any, url: str) -> Load:
    sizes, usable = _opened(browser, url, slow=False)
    _, usable_slow = _opened(browser, url, slow=True)
    return Load(sum(sizes), len(sizes), usable, usable_slow)


def _opened(browser: Any, url: str, slow: bool) -> tuple[list[int], float]:
    """The size of each response of a first visit on a phone, and the seconds until one can type."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    if slow:
        limits = {"downloadThroughput": _SLOW_BYTES, "uploadThroughput": _SLOW_BYTES, "latency": _SLOW_DELAY}
        wire.send("Network.emulateNetworkConditions", {"offline": False, **limits})
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(round(event["encodedDataLength"])))
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(_USABLE)
    usable = time.perf_counter() - begun
    page.wait_for_timeout(1000)
    context.close()
    return sizes, usable


@contextmanager
def served(command: Sequence[str], settings: dict[str, str]) -> Iterator[str]:
    """The address of a server started with a free port as its last argument, stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    server = subprocess.Popen(
        [*command, str(port)], env={**os.environ, **quiet, **settings},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield _answering(f"http://127.0.0.1:{port}/")
    finally:
        server.terminate()
        server.wait(20)


def _answering(url: str) -> str:
    """The address once it answers. Raises TimeoutError when it does not."""
    last = time.monotonic() + _STARTING
    while time.monotonic() < last:
        try:
            urllib.request.urlopen(url).read()
            return url
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)
