"""Ten thousand documents of several kinds: ingested, killed on the way, ingested on; how long and how much memory."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from ingest.pipeline import corpus
from vectorstore.knowledge import Knowledge

MANY = 10_000
_SEED, _SENTENCES = 8, 14
_KINDS = ("txt", "md", "txt", "html", "txt", "md", "txt", "docx")
_MEGABYTE = 1 << 20
_KILOBYTES_IN_MEGABYTE = 1024


def ingest_many(folder: Path, many: int = MANY) -> None:
    """Prints one line: seconds, the largest process, the kill on the way, and what is held in the end."""
    (folder / "in").mkdir()
    write_documents(folder / "in", many)
    begun = time.perf_counter()
    killed_at = _killed(folder, many // 3)
    killed_after = time.perf_counter() - begun
    peak = _finished(folder)
    seconds = time.perf_counter() - begun
    held = Knowledge(folder / "home").counts()["documents"]
    size = sum(f.stat().st_blocks * 512 for f in (folder / "home").rglob("*") if f.is_file())
    sys.stdout.write(
        f"{f'{many} documents, killed once on the way':42} {seconds:7.0f} s ({many / seconds:.0f} a second; killed at "
        f"{killed_at} after {killed_after:.0f} s; {held} held in the end; largest process {peak:.0f} MB; "
        f"data folder {size / _MEGABYTE:.0f} MB)\n"
    )


def write_documents(folder: Path, many: int) -> None:
    """Files of plain text, Markdown, web pages and Word, each of other sentences of the cards."""
    chance = random.Random(_SEED)
    sentences = _sentences()
    for n in range(many):
        kind = _KINDS[n % len(_KINDS)]
        said = [f"第{n}号资料：{chance.choice(sentences)}", *chance.choices(sentences, k=_SENTENCES)]
        _write(folder / f"{n:05}.{kind}", f"社区科普资料第{n}号", said)


def _sentences() -> list[str]:
    cards = (file.read_text(encoding="utf-8") for file in sorted((corpus() / "cards").rglob("*.md")))
    found = {s.strip() for card in cards for s in re.findall(r"[^\s。：:\-][^\n。：:]{11,59}。", card)}
    return sorted(found)


def _write(path: Path, title: str, said: list[str]) -> None:
    if path.suffix == ".docx":
        import docx

        document = docx.Document()
        document.add_heading(title)
        for paragraph in said:
            document.add_paragraph(paragraph)
        document.save(str(path))
        return
    if path.suffix == ".html":
        body = f"<h1>{title}</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in said)
        text = f"<html><body>{body}</body></html>"
    else:
        text = ("# " if path.suffix == ".md" else "") + "\n\n".join([title, *said])
    path.write_text(text, encoding="utf-8")


def _started(folder: Path) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).parent / "kepu"), "ingest", str(folder / "in")]
    return subprocess.Popen(command, env={**os.environ, "KEPU_HOME": str(folder / "home")}, stdout=subprocess.DEVNULL)


def _killed(folder: Path, after: int) -> int:
    """Starts an ingest and kills it when so many documents are stored; gives how many there are then."""
    process = _started(folder)
    knowledge = Knowledge(folder / "home")
    while knowledge.counts()["documents"] < after and process.poll() is None:
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return knowledge.counts()["documents"]


def _finished(folder: Path) -> float:
    """Ingests to the end; gives the megabytes that the largest of its processes held in memory at most."""
    _, status, used = os.wait4(_started(folder).pid, 0)
    if status:
        raise SystemExit("the ingest failed")
    return used.ru_maxrss / _KILOBYTES_IN_MEGABYTE


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        ingest_many(Path(made), int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
