"""A public retrieval set is run from a folder; one that is none is refused in a sentence."""

import json

import pytest

TEXTS = {"d1": "台风来临前要关好门窗，收起阳台上的花盆。", "d2": "水稻抽穗期要防治稻飞虱。", "d3": "博物馆周一闭馆。"}
QUERIES = {"q1": "刮台风前阳台的花盆要不要收", "q2": "稻飞虱什么时候治"}


@pytest.fixture
def public(tmp_path):
    folder = tmp_path / "CovidRetrieval"
    folder.mkdir()
    for name, rows in (("corpus", TEXTS), ("queries", QUERIES)):
        lines = (json.dumps({"_id": id_, "text": said}, ensure_ascii=False) for id_, said in rows.items())
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n", encoding="utf-8")
    return folder


def test_a_public_set_is_measured_beside_published_figures(run, public):
    done = run("eval", "--data", public)
    assert done.returncode == 0, done.stderr
    assert "100.0%" in done.stdout and "已发表" in done.stdout and "69.0%" in done.stdout


def test_a_folder_that_is_no_set_is_named(run, tmp_path):
    failed = run("eval", "--data", tmp_path)
    assert failed.returncode == 1 and str(tmp_path.name) in failed.stderr and "corpus.jsonl" in failed.stderr
