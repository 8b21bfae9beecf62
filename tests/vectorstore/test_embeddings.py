"""One embedding interface: the default without torch, any sentence-transformers folder offline."""

import subprocess
import sys

import pytest
from langchain_core.embeddings import Embeddings

from vectorstore import embeddings
from vectorstore.errors import InputError


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def test_the_default_puts_everyday_words_beside_the_terms_they_stand_for():
    model = embeddings.load()
    assert isinstance(model, Embeddings)
    child, youth, rumour = model.embed_documents(["小朋友", "青少年", "科学辟谣平台"])
    assert cosine(child, youth) > cosine(child, rumour)
    assert cosine(child, child) == pytest.approx(1, abs=1e-2)


def test_sentence_transformers_reads_the_default_folder_too():
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(embeddings.default_folder()), device="cpu").encode("智慧助老")
    assert cosine(theirs.tolist(), embeddings.load().embed_query("智慧助老")) == pytest.approx(1, abs=1e-2)


def test_a_transformer_folder_is_loaded_offline(tiny_model):
    model = embeddings.load(str(tiny_model))
    assert isinstance(model, Embeddings)
    assert len(model.embed_query("智慧助老")) == 32


def test_a_model_that_does_not_exist_is_said_not_to(tmp_path):
    with pytest.raises(InputError) as failed:
        embeddings.load(str(tmp_path / "none"))
    assert failed.value.code == "embedding_unloadable"


def test_a_changed_model_has_another_fingerprint(tiny_model):
    before = embeddings.fingerprint(str(tiny_model))
    config = tiny_model / "note.json"
    config.write_text("{}")
    assert embeddings.fingerprint(str(tiny_model)) != before
    config.unlink()


def test_answering_imports_no_torch(home):
    code = f"""
import sys, datetime, pathlib
from vectorstore.library import Library
from assistant import KepuChain
chain = KepuChain(Library(pathlib.Path({str(home)!r})), lambda: datetime.date(2026, 11, 24))
for asked in ("智慧助老谁负责", "庄稼人学手艺归谁管", "搞研究的瞎编数据谁来管"):
    chain.invoke(asked)
assert "torch" not in sys.modules and "sentence_transformers" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
