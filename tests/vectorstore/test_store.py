"""The truth and its indexes: whole or not at all, rebuilt when broken, found again by any process."""

import multiprocessing
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date

import chromadb
import pytest

from assistant import KepuChain
from ingest.cards import read_card
from ingest.pipeline import ingest_builtin, ingest_paths
from tests.conftest import KEY, NOTICE, ROOT, silent
from vectorstore import backup
from vectorstore.database import MIGRATIONS
from vectorstore.dense import DenseIndex
from vectorstore.errors import InputError, StoreBusy, StoreError, StoreUnwritable, Unreadable
from vectorstore.library import Library
from vectorstore.records import Tier

COUNTS = {"notices": 1, "clauses": 64, "duties": 224}


ELSEWHERE = """白沙县人民政府关于印发白沙县河道清淤行动方案的通知
白沙府发〔2024〕7号
一、清淤
（一）疏浚入湖河口。（牵头单位：县水利局；责任单位：县交通运输局）
"""


def counts(home):
    found = Library(home).knowledge.counts()
    return {name: found[name] for name in COUNTS}


def test_a_second_ingest_changes_nothing(vectors, tmp_path):
    vectors(tmp_path)
    library = Library(tmp_path)
    stored = len(ingest_builtin(library, silent).stored)
    assert stored > 200
    version = library.knowledge.version()
    again = ingest_builtin(library, silent)
    assert again.stored == [] and len(again.unchanged) == stored and library.knowledge.version() == version


def test_what_was_stored_comes_back_as_it_was_parsed(library):
    from ingest.notice import parse_notice

    parsed = parse_notice(NOTICE.read_text(encoding="utf-8")).notice
    assert library.knowledge.notices() == [parsed]


KILLED = """
import pathlib, sys
from ingest.pipeline import ingest_builtin
from vectorstore.library import Library
home = pathlib.Path(sys.argv[1])
print("ready", flush=True)
ingest_builtin(Library(home), lambda *a: None)
"""


@pytest.mark.parametrize("after", [0.1, 0.7])
def test_an_ingest_killed_at_any_moment_leaves_nothing_half_done(vectors, tmp_path, after):
    vectors(tmp_path)
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    found = counts(tmp_path)
    assert found in (COUNTS, dict.fromkeys(COUNTS, 0))
    library = Library(tmp_path)
    ingest_builtin(library, silent)
    assert counts(tmp_path) == COUNTS
    answer = KepuChain(library, lambda: date(2026, 11, 24)).invoke("银龄科普行动由谁负责")
    assert len(answer.duties) == 5


@pytest.fixture
def one_notice(tmp_path):
    """A data folder that holds the notice alone, without its wordings and the cards: small, and soon rebuilt."""
    ingest_paths(Library(tmp_path), [NOTICE], silent)
    return tmp_path


@pytest.mark.parametrize("damage", ["missing", "garbage", "stale temporary"])
def test_broken_indexes_are_rebuilt_from_the_truth(one_notice, damage):
    for folder in (one_notice / "indexes").iterdir():
        for file in [f for f in folder.rglob("*") if f.is_file()]:
            if damage == "missing":
                file.unlink()
            elif damage == "garbage":
                file.write_bytes(os.urandom(200))
        if damage == "stale temporary":
            folder.rename(folder.with_name(folder.name + ".new"))
    snapshot = Library(one_notice).current()
    assert snapshot.retriever.search("智慧助老", Tier.NOTICE)[0].passage.locator == "二(四)1"
    found = snapshot.retriever.dense().search("智慧助老服务", Tier.NOTICE)
    assert f"clause:{KEY}:二(四)1" in found


def test_another_model_gives_the_dense_index_a_folder_of_its_own(one_notice, tiny_model):
    other = Library(one_notice, model=str(tiny_model))
    assert other.current().retriever.dense().search("老年人", Tier.NOTICE)
    names = [f.name for f in (one_notice / "indexes").iterdir() if f.name.startswith("dense-notice")]
    assert len(names) == 2


def test_vectors_built_twice_find_the_same(library, tmp_path):
    snapshot = library.current()
    cards = [p for p in snapshot.retriever.passages.values() if p.tier is Tier.CARD]
    DenseIndex.build(tmp_path / "again", cards, None)
    one, two = snapshot.retriever.dense(), DenseIndex(tmp_path / "again", None)
    for said in ("微信群太吵", "老年人学用手机", "谁管科技馆", "夏天怎么防中暑", "有人让我转账"):
        assert one.search(said, Tier.CARD) == two.search(said, Tier.CARD)


def test_vectors_of_a_further_notice_are_added_to_those_there_and_find_what_new_ones_would(one_notice):
    library = Library(one_notice)
    for place in ("白沙", "青石"):
        (one_notice / f"{place}.txt").write_text(ELSEWHERE.replace("白沙", place), encoding="utf-8")
        ingest_paths(library, [one_notice / f"{place}.txt"], silent)
    snapshot = Library(one_notice).current()
    DenseIndex.build(one_notice / "new", list(snapshot.retriever.passages.values()), None)
    new, held = DenseIndex(one_notice / "new", None), snapshot.retriever.dense()
    for said in ("疏浚入湖河口", "老年人学用手机", "谁管科技馆"):
        for scopes in ((), (KEY,), ("青石府发〔2024〕7号",), (KEY, "白沙府发〔2024〕7号")):
            assert held.search(said, Tier.NOTICE, scopes) == pytest.approx(new.search(said, Tier.NOTICE, scopes))


def test_vectors_that_lack_some_are_not_taken_over(one_notice):
    (folder,) = (one_notice / "indexes").glob("dense-notice-*")
    client = chromadb.PersistentClient(str(folder), chromadb.Settings(anonymized_telemetry=False))
    client.get_collection("kepu-0").delete(ids=client.get_collection("kepu-0").get(limit=20)["ids"])
    (one_notice / "白沙.txt").write_text(ELSEWHERE, encoding="utf-8")
    ingest_paths(Library(one_notice), [one_notice / "白沙.txt"], silent)
    assert len(Library(one_notice).current().retriever.dense().search("智慧助老", Tier.NOTICE, limit=200)) == 66


def test_where_no_vectors_are_nothing_of_the_memory_is_left(one_notice):
    (room,) = (one_notice / "indexes").rglob("data_level0.bin")
    assert room.stat().st_size > 0 and not any(room.read_bytes())  # these few vectors are still in Chroma's log


def test_vectors_of_what_is_forgotten_are_not_taken_over(one_notice):
    library = Library(one_notice)
    (one_notice / "别处.txt").write_text(ELSEWHERE, encoding="utf-8")
    ingest_paths(library, [one_notice / "别处.txt"], silent)
    library.forget("别处.txt")
    library.build_indexes(silent)
    assert not [f for f in (one_notice / "indexes").rglob("*") if f.is_file() and "清淤".encode() in f.read_bytes()]


def hold(path, ready, done):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    ready.set()
    done.wait(30)
    connection.close()


def test_a_second_writer_is_told_to_wait_and_readers_go_on(filled, tmp_path):
    filled(tmp_path)
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=hold, args=(str(tmp_path / "knowledge.db"), ready, done))
    process.start()
    try:
        assert ready.wait(30)
        mine = Library(tmp_path)
        with pytest.raises(StoreBusy), mine.knowledge.writing() as writer:
            writer.put_departments([])
        assert len(mine.current().register.duties()) == 224
    finally:
        done.set()
        process.join()


def test_a_failing_write_keeps_what_was_there(filled, tmp_path):
    library = filled(tmp_path)
    with pytest.raises(ZeroDivisionError), library.knowledge.writing() as writer:
        writer.drop_source(f"builtin:notices/{KEY}.txt")
        raise ZeroDivisionError
    assert counts(tmp_path) == COUNTS


def test_a_new_version_is_noticed_without_a_restart(vectors, tmp_path, monkeypatch):
    vectors(tmp_path)
    monkeypatch.setattr("vectorstore.library._LOOK_EVERY", 0.0)
    reader, writer = Library(tmp_path), Library(tmp_path)
    assert reader.current().register.departments == []
    ingest_builtin(writer, silent)
    assert len(reader.current().register.departments) == 31


def test_a_store_of_a_newer_program_is_left_alone(tmp_path):
    Library(tmp_path).knowledge.close()
    with sqlite3.connect(tmp_path / "knowledge.db") as connection:
        connection.execute("UPDATE meta SET value=? WHERE key='schema'", (str(len(MIGRATIONS) + 1),))
    connection.close()
    with pytest.raises(StoreError) as failed:
        Library(tmp_path)
    assert failed.value.code == "store_newer"


def test_a_folder_that_is_a_file_cannot_be_a_home(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnwritable):
        Library(tmp_path / "file" / "home")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.txt", b"", "empty_file"),
        ("二进制.txt", b"\x00\x01\x02" * 500, "binary_file"),
        ("乱码.txt", bytes(range(128, 256)) * 20, "bad_encoding"),
    ],
)
def test_a_bad_file_is_named_and_the_good_ones_are_stored(tmp_path, name, content, code):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(content)
    (folder / "好.txt").write_bytes(NOTICE.read_bytes())
    library = Library(tmp_path / "home")
    report = ingest_paths(library, [folder], silent)
    assert [(error.code, name in path) for path, error in report.failed] == [(code, True)]
    assert report.stored == ["好.txt"] and counts(tmp_path / "home") == COUNTS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_notice_is_read_in_any_usual_encoding(tmp_path, encoding):
    file = tmp_path / "通知.txt"
    file.write_bytes(NOTICE.read_text(encoding="utf-8").encode(encoding))
    library = Library(tmp_path / "home")
    ingest_paths(library, [file], silent)
    assert counts(tmp_path / "home") == COUNTS


def test_a_file_that_is_no_notice_becomes_a_document(filled, tmp_path):
    file = tmp_path / "食堂.md"
    file.write_text("# 食堂开放办法\n\n社区食堂每天中午十一点开门，八十岁以上老人送餐上门。\n", encoding="utf-8")
    library = filled(tmp_path / "home")
    ingest_paths(library, [file], silent)
    answer = KepuChain(library, lambda: date(2026, 11, 24)).invoke("社区食堂几点开门，八十岁老人送不送餐")
    assert answer.citations[0].tier == "document" and "送餐上门" in answer.citations[0].quote


def test_forgetting_a_document_removes_its_words_from_every_file(one_notice, tmp_path_factory):
    file = tmp_path_factory.mktemp("in") / "秘密.md"
    file.write_text("# 樟树巷办法\n\n樟树巷三号的钥匙放在石狮子下面，这句话要删掉。\n", encoding="utf-8")
    home, library = one_notice, Library(one_notice)
    ingest_paths(library, [file], silent)
    assert library.forget("秘密.md") == ["秘密.md"]
    library.build_indexes(silent)
    library.knowledge.scrub()
    kept = [f for f in home.rglob("*") if f.is_file() and "石狮子".encode() in f.read_bytes()]
    assert kept == [] and library.current().documents == {}


def test_the_users_own_card_stands_in_the_place_of_the_built_in_one(tmp_path):
    own = (ROOT / "ingest/corpus/cards/nature/sound.md").read_text(encoding="utf-8")
    file = tmp_path / "sound.md"
    file.write_text(re.sub(r"(?m)^answer:.*$", "answer: 声音靠空气传，本馆有演示。", own), encoding="utf-8")
    library = Library(tmp_path / "home")
    with library.knowledge.writing() as writer:
        writer.put_card(read_card(own, "sound.md"), "builtin:cards/nature/sound.md")
    ingest_paths(library, [file], silent)
    assert library.current().cards["sound"].answer == "声音靠空气传，本馆有演示。"
    library.forget(str(file.resolve()))
    assert Library(tmp_path / "home").current().cards["sound"].answer != "声音靠空气传，本馆有演示。"


def test_a_backup_brings_everything_back(filled, tmp_path):
    library = filled(tmp_path / "a")
    kept = backup.save(library.knowledge, tmp_path / "all.zip")
    other = Library(tmp_path / "b")
    assert backup.load(other.knowledge, tmp_path / "all.zip") == kept
    assert other.knowledge.notices() == library.knowledge.notices()
    assert other.knowledge.cards() == library.knowledge.cards()


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_a_file_that_is_no_backup_changes_nothing(filled, tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    library = filled(tmp_path / "home")
    with pytest.raises(InputError):
        backup.load(library.knowledge, tmp_path / "x.zip")
    assert counts(tmp_path / "home") == COUNTS


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "大.txt"
    with file.open("wb") as out:
        out.truncate(50_000_000)
    report = ingest_paths(Library(tmp_path / "home"), [file], silent)
    assert report.failed[0][1].code == "too_large"


def test_a_path_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(Unreadable):
        ingest_paths(Library(tmp_path / "home"), [tmp_path / "没有"], silent)
