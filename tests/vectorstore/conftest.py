"""A tiny real transformer model, made on the spot and read offline; a real PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest

from tests.ui.conftest import free_port


@pytest.fixture(scope="session")
def cluster():
    """The address of a PostgreSQL server that is started for the run and stopped after it; root starts it as postgres."""
    folder = Path(tempfile.mkdtemp(prefix="kepu-pg-"))
    options, port = {}, free_port()
    if os.geteuid() == 0:
        options["user"] = "postgres"
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def pg(*args):
        subprocess.run([str(a) for a in args], check=True, stdout=subprocess.DEVNULL, cwd=folder, **options)

    pg("initdb", "-D", data, "-U", "kepu", "-A", "trust", "--no-sync")
    pg("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-p {port} -h 127.0.0.1 -k {folder}", "start")
    yield f"127.0.0.1:{port}"
    pg("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def postgresql(cluster):
    """The URL of an empty database."""
    name, (host, port) = f"d{uuid4().hex}", cluster.split(":")
    subprocess.run(["createdb", "-h", host, "-p", port, "-U", "kepu", name], check=True)
    return f"postgresql+psycopg://kepu@{cluster}/{name}"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    from sentence_transformers import SentenceTransformer, models
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = sorted(set("智慧助老服务由哪些部门负责年人科普银龄行动省协一二三四五"))
    vocab = folder / "vocab.txt"
    vocab.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]), encoding="utf-8")
    bert = folder / "bert"
    config = BertConfig(
        vocab_size=len(letters) + 5, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(bert)
    BertTokenizerFast(vocab_file=str(vocab)).save_pretrained(bert)
    word = models.Transformer(str(bert))
    SentenceTransformer(modules=[word, models.Pooling(32)], device="cpu").save(str(folder / "model"))
    return folder / "model"
