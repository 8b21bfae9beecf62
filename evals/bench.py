"""`make bench`: how fast, as ratios measured in one run. Nothing here passes or fails.

Answers in process beside the plain chain of most tutorials (recursive splitter of 500 characters, Chroma similarity
search with the same embedding), set questions beside who-questions, a register of many notices beside one, the cold
start of `kepu ask` beside `import chromadb`, the service under load beside a bare FastAPI route, each reader beside
the library under it, ten thousand documents ingested, and the chat page beside Gradio's default ChatInterface in a
browser.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant import KepuChain
from evals.baselines import plain_chain
from evals.bench_documents import ingest_many
from evals.bench_readers import compare_readers
from evals.bench_service import compare_service
from evals.pages import beside_gradio
from evals.suite import load_suites
from ingest.pipeline import ingest_builtin
from vectorstore.library import Library
from vectorstore.records import Notice

_ROUNDS = 3
_TUTORIAL = 4
"""Chunks that the tutorials' chain asks for."""
_MANY = 100
"""Notices of the large register; 1,000 with `--many 1000` (several minutes of building)."""


def main(many: int = _MANY) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        library = Library(home / "one")
        ingest_builtin(library, _silent)
        chain = KepuChain(library, lambda: date(2026, 11, 24))
        who, sets = _questions("who-plain"), _questions("sets")
        ours, plain = _paired(chain.invoke, plain_chain(home / "plain", _TUTORIAL), who)
        _say("answer p50 / plain chain p50", _middle(ours) / _middle(plain), _middle(ours), _middle(plain))
        _say("answer p99 / plain chain p99", _high(ours) / _high(plain), _high(ours), _high(plain))
        asked_sets, asked_who = _paired(chain.invoke, chain.invoke, sets, who)
        _say(
            "set question p50 / who p50",
            _middle(asked_sets) / _middle(asked_who),
            _middle(asked_sets),
            _middle(asked_who),
        )
        large = KepuChain(_large(home / "many", many), lambda: date(2026, 11, 24))
        much, little = _paired(large.invoke, chain.invoke, [*who[:60], *sets[:60]])
        _say(f"{many} notices / one notice, p50", _middle(much) / _middle(little), _middle(much), _middle(little))
        ask = _process([str(Path(sys.executable).parent / "kepu"), "ask", "智慧助老归谁"], home / "one")
        bare = _process([sys.executable, "-c", "import chromadb"], home / "one")
        _say("cold `kepu ask` / `import chromadb`", ask / bare, ask, bare)
        compare_service(home / "one", _mixed("who-plain", "sets", "cards"))
        (home / "files").mkdir()
        compare_readers(home / "files")
        (home / "documents").mkdir()
        ingest_many(home / "documents")
        _say_pages(home / "one")


def _say_pages(home: Path) -> None:
    """Our chat page beside Gradio's own, where there is a browser to look with."""
    if (loads := beside_gradio(home)) is None:
        sys.stdout.write("chat page / Gradio ChatInterface: no chromium here\n")
        return
    ours, theirs = loads
    for what, unit, one, other in (
        ("bytes", "KB", ours.bytes / 1000, theirs.bytes / 1000),
        ("requests", "", ours.requests, theirs.requests),
        ("usable", "s", ours.usable, theirs.usable),
        ("usable at 1.6 Mbit/s", "s", ours.usable_slow, theirs.usable_slow),
    ):
        sys.stdout.write(
            f"{f'chat page / ChatInterface, {what}':42} {one / other:7.2f}   ({one:.2f} / {other:.2f} {unit})\n"
        )


def _silent(_what: str, _done: int, _of: int) -> None:
    pass


def _questions(suite: str) -> list[str]:
    return [case.turns[0].question for case in load_suites((suite,))[suite]]


def _mixed(*suites: str) -> list[str]:
    return [question for each in zip(*map(_questions, suites), strict=False) for question in each]


def _paired(
    one: Callable[[str], Any], other: Callable[[str], Any], asked: Sequence[str], asked_other: Sequence[str] = ()
) -> tuple[list[float], list[float]]:
    """Milliseconds of each question of both, asked in turn; the first round only warms up."""
    ours: list[float] = []
    theirs: list[float] = []
    others = asked_other or asked
    for round_ in range(_ROUNDS):
        for n, question in enumerate(asked):
            spent = _timed(one, question), _timed(other, others[n % len(others)])
            if round_:
                ours.append(spent[0])
                theirs.append(spent[1])
    return ours, theirs


def _timed(ask: Callable[[str], Any], question: str) -> float:
    begun = time.perf_counter()
    ask(question)
    return (time.perf_counter() - begun) * 1000


def _large(folder: Path, many: int) -> Library:
    """A library with `many` notices: the built-in one under other numbers, other departments unchanged."""
    library = Library(folder)
    ingest_builtin(library, _silent)
    built_in = library.knowledge.notices()[0]
    for n in range(1, many):
        with library.knowledge.writing() as writer:
            writer.put_notice(renumbered(built_in, n))
    library.build_indexes(_silent)
    return library


def renumbered(notice: Notice, n: int) -> Notice:
    """A notice as that of another place: its own number, title and region, the same clauses and departments."""
    number = f"某府发〔2021〕{n}号"
    return replace(
        notice, number=number, title=f"某{n}市全民科学素质行动方案", region=f"某{n}市",
        clauses=tuple(replace(c, notice=number) for c in notice.clauses),
        duties=tuple(replace(d, notice=number) for d in notice.duties),
    )  # fmt: skip


def _process(command: Sequence[str], home: Path) -> float:
    """The median of five runs as a whole process, in milliseconds."""
    spent = []
    for _ in range(6):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "KEPU_HOME": str(home)})
        spent.append((time.perf_counter() - begun) * 1000)
    return _middle(spent[1:])


def _middle(spent: Sequence[float]) -> float:
    return sorted(spent)[len(spent) // 2]


def _high(spent: Sequence[float]) -> float:
    return sorted(spent)[int(0.99 * (len(spent) - 1))]


def _say(what: str, ratio: float, ours: float, theirs: float) -> None:
    sys.stdout.write(f"{what:42} {ratio:7.2f}   ({ours:.2f} ms / {theirs:.2f} ms)\n")


if __name__ == "__main__":
    main(int(sys.argv[sys.argv.index("--many") + 1]) if "--many" in sys.argv else _MANY)
