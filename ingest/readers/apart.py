"""Files from elsewhere are opened in a process of their own, which is ended when it takes too much.

A server process is started once and has the readers' libraries in memory; each file is read by a copy of it.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import sys
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from threading import Lock
from types import ModuleType

from ingest.readers.choose import PLAIN, read_one
from ingest.readers.guard import check_file
from ingest.readers.limits import set_limits
from ingest.readers.reading import Reading
from vectorstore.errors import Unreadable

SECONDS, SECONDS_PER_MEGABYTE = 60, 30
"""How long a file may take: a scan of some pages is slow, a small file that is slow was made to be."""

_MOST_SAID = 100_000_000
_STARTING = Lock()
_log = logging.getLogger(__name__)


def read_apart(path: Path) -> Reading:
    """The text of one file, read by a process of its own; plain text is read here.

    Raises Unreadable as `read_one` does, and when the process takes too long, needs too much memory or dies.
    """
    if path.suffix.lower() in PLAIN:
        return read_one(path)
    check_file(path)
    seconds = SECONDS + SECONDS_PER_MEGABYTE * path.stat().st_size // 1_000_000
    ours, theirs = _context().Pipe(duplex=False)
    process = _context().Process(target=_read_here, args=(theirs, path, seconds), daemon=True)
    _start(process)
    theirs.close()
    try:
        return _heard(ours, path, seconds)
    finally:
        _end(process)
        ours.close()


@lru_cache(maxsize=1)
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["docx", "openpyxl", "pdfplumber", "pypdfium2", "lxml.html", __name__])
    return context


def _start(process: ForkServerProcess) -> None:
    """Starts a process that knows nothing of the program that asks.

    Python 3.11 and 3.12 would run that program's main module anew in each one (0.3 seconds a file of a large ingest).
    """
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main


def _heard(ours: Connection, path: Path, seconds: int) -> Reading:
    """What the process says: the text, or the error that it met."""
    if not ours.poll(seconds):
        raise Unreadable("too_slow", path=path.name, seconds=seconds)
    try:
        said = json.loads(ours.recv_bytes(_MOST_SAID))
    except (EOFError, OSError) as error:
        _log.info("the reader of %s died without a word", path)
        raise Unreadable("damaged_file", path=path.name) from error
    if "code" in said:
        raise Unreadable(said["code"], **said["data"])
    return Reading(**said)


def _end(process: ForkServerProcess) -> None:
    """Ends the process with all that it has started."""
    if process.is_alive() and process.pid is not None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
    process.join()


def _read_here(theirs: Connection, path: Path, seconds: int) -> None:
    """The work of the process: reads one file within limits and says what came of it."""
    os.setsid()
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # people get one sentence, not what a library prints before it dies
    set_limits(seconds)
    try:
        reading = read_one(path)
        said: dict[str, object] = {"text": reading.text, "hidden": reading.hidden}
    except Unreadable as error:
        said = {"code": error.code, "data": error.data}
    except MemoryError:
        said = {"code": "too_much_memory", "data": {"path": path.name}}
    theirs.send_bytes(json.dumps(said).encode())
