"""The command line as officials and scripts use it, and what it says to bad input."""

import csv
import io
import json
import os
import re
import resource
import subprocess

import openpyxl
import pytest
from docx import Document

from tests.conftest import KEPU, KEY, NOTICE

AGED = {"省委宣传部", "省民政厅", "省卫生健康委", "省教育厅", "省广电局", "省科协"}


def one_line(finished):
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert len(finished.stderr.strip().splitlines()) == 1, finished.stderr
    return finished.stderr


def test_ask_prints_departments_clause_and_verbatim_source(run):
    said = run("ask", "智慧助老服务由哪些部门负责").stdout.replace("\n", "")
    assert all(name in said for name in AGED)
    assert "二(四)1" in said
    assert "省广电局、省科协按照职责分工负责" in said
    assert KEY in said


def test_ask_json_is_the_answer_object(run):
    answer = json.loads(run("ask", "--json", "智慧助老服务由哪些部门负责").stdout)
    assert answer["kind"] == "duty"
    assert {d["department"] for d in answer["duties"] if d["role"] == "responsible"} == AGED


def test_jsonl_answers_every_line_and_survives_broken_ones(run):
    lines = [
        '{"id":1,"question":"智慧助老归谁"}',
        "不是JSON",
        "[]",
        '{"id":2}',
        '{"id":"三","question":"省科协牵头哪些"}',
    ]
    given = [json.loads(line) for line in run("ask", "--jsonl", input="\n".join(lines) + "\n").stdout.splitlines()]
    assert [("error" in g, g.get("id")) for g in given] == [
        (False, 1), (True, None), (True, None), (True, 2), (False, "三"),
    ]  # fmt: skip


def test_a_session_goes_on_in_the_next_process_and_belongs_to_nobody_else(run):
    run("ask", "--session", "cli-1", "智慧助老服务由哪些部门负责")
    answer, stranger = (
        json.loads(run("ask", "--session", session, "--json", "原文怎么说的").stdout) for session in ("cli-1", "cli-2")
    )
    assert any(c["locator"] == "二(四)1" for c in answer["citations"])
    assert not any(c["locator"] == "二(四)1" for c in stranger["citations"])


def test_duties_of_a_department_in_every_format(run, tmp_path, expected):
    listed = {path for path, clause in expected.items() if "省科协" in (*clause["responsible"], *clause["leads"])}
    rows = json.loads(run("duties", "--department", "科协", "--format", "json").stdout)
    assert {r["path"] for r in rows} == listed
    read = list(csv.DictReader(io.StringIO(run("duties", "--department", "科协", "--format", "csv").stdout)))
    assert {r["path"] for r in read} == listed
    for form in ("xlsx", "docx", "csv", "json"):
        assert run("duties", "--department", "科协", "--format", form, "-o", tmp_path / f"a.{form}").returncode == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet.max_row > 1
    assert Document(str(tmp_path / "a.docx")).tables
    table = run("duties", "--department", "科协", "--role", "牵头").stdout
    assert f"{sum('省科协' in c['leads'] for c in expected.values())}条" in table


def test_parse_prints_the_notice_without_storing_it(run, tmp_path):
    parsed = json.loads(run("parse", NOTICE, "--json", home=tmp_path / "none").stdout)
    assert len(parsed["clauses"]) == 64
    assert not (tmp_path / "none").exists()


def test_status_tells_what_is_held(run):
    status = run("status", env={"KEPU_LLM_API_KEY": "sk-very-secret"}).stdout
    assert re.search(r"clauses\W+64\b", status)
    assert "KEPU_EMBEDDING" in status
    assert "sk-very-secret" not in status


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.txt", b"", "空文件"),
        ("图.txt", bytes(range(256)) * 50, "不是文字"),
        ("大.txt", b"a" * 21_000_000, "20MB"),
        ("没有.txt", None, "找不到"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_line(run, home, tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = (home / "knowledge.db").stat().st_mtime_ns
    finished = run("ingest", tmp_path / name)
    assert finished.returncode == 1
    assert name in finished.stderr
    assert said in finished.stderr
    assert (home / "knowledge.db").stat().st_mtime_ns == before


def test_a_notice_in_another_encoding_is_the_same_notice(run, tmp_path):
    (tmp_path / "通知.txt").write_bytes(NOTICE.read_text(encoding="utf-8").encode("gb18030"))
    utf8, other = (json.loads(run("parse", f, "--json").stdout) for f in (NOTICE, tmp_path / "通知.txt"))
    assert utf8 == other


def test_a_question_that_is_too_long_is_told_so(run):
    assert "太长" in one_line(run("ask", "智慧助老归谁" * 1700))


@pytest.mark.parametrize("question", ["😀👍🏽", "？？？", " ", "\u200b", "a" * 1900, "%s {0} ${HOME}"])
def test_odd_questions_get_a_plain_answer(run, question):
    answer = json.loads(run("ask", "--json", question).stdout)
    assert answer["kind"] in {"clarify", "refusal", "chat"}
    assert answer["duties"] == []


def test_nul_bytes_are_no_part_of_a_question(run):
    answer = json.loads(run("ask", "--jsonl", input='{"question":"智慧\\u0000助老归谁"}\n').stdout)
    assert {d["department"] for d in answer["duties"] if d["role"] == "responsible"} == AGED


def test_a_data_folder_that_cannot_be_written_is_named(run, tmp_path):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file/home") in one_line(run("ask", "你好", home=tmp_path / "file/home"))


def test_a_full_disk_is_told_and_the_file_is_named(run):
    assert "/dev/full" in one_line(run("duties", "--format", "csv", "-o", "/dev/full"))


def test_no_room_for_the_data_folder_leaves_nothing_half_done(vectors, tmp_path, run):
    vectors(tmp_path / "home")

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    finished = subprocess.run(
        [str(KEPU), "ingest"], capture_output=True, text=True, preexec_fn=little_room,
        env={**os.environ, "KEPU_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    one_line(finished)
    assert run("ingest", home=tmp_path / "home").returncode == 0
    assert "省民政厅" in run("ask", "智慧助老归谁", home=tmp_path / "home").stdout


def test_the_default_path_loads_no_torch(run):
    code = "import sys; from ui.cli import main; sys.argv=['kepu','ask','智慧助老归谁']\ntry: main()\nexcept SystemExit: pass\nassert 'torch' not in sys.modules"
    finished = subprocess.run(
        [str(KEPU.parent / "python"), "-c", code], capture_output=True, text=True, env={**os.environ}
    )
    assert finished.returncode == 0, finished.stderr


def test_eval_writes_a_report(run, tmp_path):
    finished = run("eval", "who-plain", "--report", tmp_path / "report")
    assert finished.returncode == 0
    assert list((tmp_path / "report").iterdir())


def test_the_ways_of_joining_signals_are_compared(run):
    table = run("eval", "--compare", "who-plain").stdout
    assert "倒数排名" in table
