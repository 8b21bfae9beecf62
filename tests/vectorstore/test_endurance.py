"""What takes minutes: an ingest killed again and again, a thousand notices, a very long conversation."""

import random
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from assistant import KepuChain
from evals.bench import renumbered
from ingest.pipeline import ingest_builtin, ingest_paths
from tests.conftest import KEPU, KEY, silent
from vectorstore.library import Library
from vectorstore.records import Role
from vectorstore.state import StateStore

pytestmark = pytest.mark.slow

KILLS = 60
NOTICES = 1000
TURNS = 5000
TODAY = date(2026, 11, 24)

INGEST = """
import pathlib, sys
from ingest.pipeline import ingest_builtin, ingest_paths
from vectorstore.library import Library
library = Library(pathlib.Path(sys.argv[1]))
print("ready", flush=True)
if len(sys.argv) > 2:
    ingest_paths(library, [pathlib.Path(sys.argv[2])], lambda *a: None)
else:
    ingest_builtin(library, lambda *a: None)
"""


def killed(seconds, *args):
    """Runs the ingest and kills it that long after it began to write."""
    process = subprocess.Popen([sys.executable, "-c", INGEST, *map(str, args)], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_sixty_kills_at_random_moments_never_lose_the_old_knowledge(tmp_path):
    chance = random.Random(20211108)
    home, file = tmp_path / "home", tmp_path / "食堂.md"
    ingest_builtin(Library(home), silent)
    for n in range(KILLS):
        file.write_text(f"# 食堂办法\n\n第{n}版：社区食堂中午开门，八十岁以上老人送餐上门。\n", encoding="utf-8")
        killed(chance.uniform(0.0, 1.5), home, file)
        library = Library(home)
        found = library.knowledge.counts()
        assert (found["notices"], found["clauses"], found["duties"]) == (1, 64, 224)
        answer = KepuChain(library, lambda: TODAY).invoke("银龄科普行动由谁负责")
        assert [d.path for d in answer.duties].count("二(四)3") == 4 and answer.duties[-1].role is Role.LEAD
        library.knowledge.close()
    ingest_paths(Library(home), [file], silent)
    answer = KepuChain(Library(home), lambda: TODAY).invoke("社区食堂几点开门，八十岁老人送不送餐")
    assert f"第{KILLS - 1}版" in answer.citations[0].quote
    assert sum(f.stat().st_blocks * 512 for f in home.rglob("*") if f.is_file()) < 200_000_000


def test_a_first_ingest_killed_over_and_over_is_whole_in_the_end(tmp_path):
    chance = random.Random(2035)
    for _ in range(20):
        killed(chance.uniform(0.0, 12.0), tmp_path)  # reading, words, vectors: each is met
    done = subprocess.run(
        [str(KEPU), "ask", "智慧助老归谁"], env={"KEPU_HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.startswith("责任部门：")
    assert Library(tmp_path).knowledge.counts()["duties"] == 224


def test_a_thousand_notices_answer_from_the_one_that_is_meant(tmp_path):
    library = Library(tmp_path)
    ingest_builtin(library, silent)
    built_in = library.knowledge.notices()[0]
    with library.knowledge.writing() as writer:
        for n in range(1, NOTICES):
            writer.put_notice(renumbered(built_in, n))
    library.build_indexes(silent)
    snapshot = library.current()
    assert len(snapshot.register.duties()) == 224 * NOTICES
    chain = KepuChain(library, lambda: TODAY, region="江西省")
    home_answer = chain.invoke("智慧助老归谁")
    assert {d.notice for d in home_answer.duties} == {KEY}
    other = chain.invoke("某7市的方案里智慧助老归谁")
    assert {d.notice for d in other.duties} == {"某府发〔2021〕7号"}
    assert [d.department for d in other.duties] == [d.department for d in home_answer.duties]


def test_five_thousand_turns_stay_small_and_right(library, tmp_path):
    store = StateStore(tmp_path)
    chain = KepuChain(library, lambda: TODAY, store)
    asked = ("省农科院有哪些任务", "第二条还有谁", "都没有牵头的吗", "微信群消息太吵怎么关", "下一步")
    for n in range(TURNS):
        answer = chain.invoke({"question": asked[n % len(asked)], "session": "甲"})
        if n % len(asked) == 1:
            assert {d.path for d in answer.duties if d.role is Role.RESPONSIBLE} == {"二(二)3"}
    assert answer.step == 2
    assert len(str(store.get("甲"))) < 6000
