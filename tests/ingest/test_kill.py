"""Files whose ingest is killed at random moments: each is stored whole or not at all, and the next ingest ends it."""

import random
import signal
import subprocess
import sys
import time

import pytest

from ingest.pipeline import ingest_paths
from tests.conftest import NOTICE, silent
from tests.ingest.test_readers import write_docx
from vectorstore.library import Library

INGEST = """
import sys
from pathlib import Path
from ingest.pipeline import ingest_paths
from vectorstore.library import Library
if __name__ == "__main__":
    print("begun", flush=True)
    ingest_paths(Library(Path(sys.argv[1])), [Path(sys.argv[2])], lambda *_: None)
"""
KILLS, FILES = 200, 12


@pytest.mark.slow
def test_files_killed_at_random_moments_are_whole_or_absent_and_come_back(tmp_path):
    chance = random.Random(8)
    folder = tmp_path / "in"
    folder.mkdir()
    words = NOTICE.read_text(encoding="utf-8")
    for n in range(FILES):
        lines = words.replace("〔2021〕29号", f"〔2021〕{100 + n}号").split("\n")
        write_docx(folder / f"{n:02}.docx", [line for line in lines if line.strip()])
    home = tmp_path / "home"
    for _ in range(KILLS):
        command = [sys.executable, "-c", INGEST, str(home), str(folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(chance.uniform(0, 3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        held = Library(home).knowledge.notices()
        assert all(len(notice.duties) == 224 for notice in held)
        if len(held) == FILES:
            Library(home).forget(f"{chance.randrange(FILES):02}.docx")
    report = ingest_paths(Library(home), [folder], silent)
    assert report.failed == [] and len(report.stored) + len(report.unchanged) == FILES
    assert [len(n.duties) for n in Library(home).current().register.notices.values()] == [224] * FILES
