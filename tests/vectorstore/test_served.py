"""Vectors on a real Chroma server: the same as in the folder, shared, gone with what is forgotten, never in the way."""

import shutil
import time

import chromadb
import pytest

from ingest.pipeline import ingest_paths
from tests.conftest import NOTICE, chroma_server, free_port, silent
from vectorstore.errors import StoreError
from vectorstore.library import Library
from vectorstore.records import Tier
from vectorstore.served import ServedDenseIndex

ASKED = ("老年人不会用智能机怎么办", "给农民上科技课", "科技馆年报")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with chroma_server(tmp_path_factory.mktemp("chroma"), free_port()) as url:
        yield url


@pytest.fixture(scope="module")
def worded(tmp_path_factory):
    """Makes a data folder that holds the notice with its wordings, with vectors in the folder; gives its library."""
    made = tmp_path_factory.mktemp("worded")
    ingest_paths(Library(made), [NOTICE, NOTICE.with_suffix(".wordings.yaml")], silent)

    def make(folder):
        shutil.copytree(made, folder)
        return Library(folder)

    return make


@pytest.fixture
def served(worded, tmp_path, server):
    """A library whose vectors are on the server."""
    worded(tmp_path / "home")
    library = Library(tmp_path / "home", chroma=server)
    library.build_indexes(silent)
    return library


@pytest.fixture
def canteen(tmp_path):
    """A small library: one document, read with its vectors in the folder, then opened with a server's address."""
    file = tmp_path / "食堂.md"
    file.write_text("# 食堂开放办法\n\n社区食堂每天中午十一点开门，八十岁以上老人送餐上门。\n", encoding="utf-8")
    ingest_paths(Library(tmp_path / "home"), [file], silent)
    return lambda url: Library(tmp_path / "home", chroma=url)


def found_in_documents(library):
    return library.current().retriever.dense().search("老人吃饭", Tier.DOCUMENT)


def client(url):
    return chromadb.HttpClient(port=int(url.rsplit(":", 1)[1]))


def texts(url):
    """Everything that lies on the server."""
    return [said for c in client(url).list_collections() for said in c.get()["documents"]]


def nearest(library, question):
    found = library.current().retriever.dense().search(question, Tier.NOTICE, limit=5)
    return sorted(found, key=found.get, reverse=True)


def test_the_server_finds_what_the_folder_finds(served, worded, tmp_path):
    library = worded(tmp_path / "folder")
    assert isinstance(served.current().retriever.dense(), ServedDenseIndex)
    for question in ASKED:
        assert nearest(served, question) == nearest(library, question)


def test_another_machine_with_the_same_knowledge_finds_the_vectors_ready(served, worded, tmp_path, server):
    worded(tmp_path / "other")
    before = {c.name: c.count() for c in client(server).list_collections()}
    assert nearest(Library(tmp_path / "other", chroma=server), ASKED[0]) == nearest(served, ASKED[0])
    assert {c.name: c.count() for c in client(server).list_collections()} == before


def test_what_a_killed_writer_left_unfinished_is_finished(served, tmp_path, server):
    largest = max(client(server).list_collections(), key=lambda c: c.count())
    whole = largest.count()
    largest.delete(ids=largest.get(limit=100)["ids"])
    Library(tmp_path / "home", chroma=server).build_indexes(silent)
    assert largest.count() == whole


def test_a_service_that_finds_nothing_on_the_server_answers_at_once_and_fills_it(canteen, server):
    library = canteen(server)
    begun = time.monotonic()
    assert found_in_documents(library) == {}
    assert time.monotonic() - begun < 2
    while not found_in_documents(library) and time.monotonic() - begun < 30:
        time.sleep(0.1)
    assert len(found_in_documents(library)) == 1


def test_forgetting_a_document_takes_its_words_from_the_server(served, tmp_path, server):
    file = tmp_path / "秘密.md"
    file.write_text("# 樟树巷办法\n\n樟树巷三号的钥匙放在石狮子下面，这句话要删掉。\n", encoding="utf-8")
    ingest_paths(served, [file], silent)
    assert any("樟树巷" in said for said in texts(server))
    served.forget("秘密.md")
    served.build_indexes(silent)
    assert not any("樟树巷" in said for said in texts(server))


def test_a_server_that_goes_away_takes_no_answer_with_it(canteen, tmp_path):
    with chroma_server(tmp_path / "chroma", free_port()) as url:
        library = canteen(url)
        library.build_indexes(silent)
        assert found_in_documents(library)
    begun = time.monotonic()
    assert found_in_documents(library) == {}
    assert "十一点" in library.current().retriever.search("社区食堂几点开门", Tier.DOCUMENT)[0].passage.text
    assert time.monotonic() - begun < 4
    with pytest.raises(StoreError) as down:
        library.build_indexes(silent)
    assert down.value.code == "chroma_down"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "127.0.0.1", "http://"])
def test_an_address_where_no_server_is_leaves_the_other_signals(filled, tmp_path, url):
    filled(tmp_path)
    library = Library(tmp_path, chroma=url)
    assert library.current().retriever.search("开展智慧助老服务", Tier.NOTICE)[0].passage.locator == "二(四)1"
    assert library.current().retriever.dense().search("智慧助老", Tier.NOTICE) == {}
