"""The chat model from the settings: named, hidden, off by default, and free when it is off."""

import json
import os
import subprocess
import sys
import time

from evals.generated.server import Reply, model_server, says
from tests.conftest import ROOT

ALCOHOL = "大人喝酒一天最多喝多少酒精"
GOOD = "酒能不喝就不喝[1]。大人要喝，一天的酒精不超过15克[1]。"
KEY = "sk-not-to-be-printed"


def settings(server, **more):
    return {"KEPU_LLM_BASE_URL": server.url, "KEPU_LLM_MODEL": "scripted", "KEPU_LLM_API_KEY": KEY, **more}


def test_status_shows_the_model_and_hides_its_key(run):
    with model_server(says(GOOD)) as server:
        said = run("status", env={**settings(server, KEPU_LLM_MODE="always"), "COLUMNS": "200"}).stdout
    assert "scripted" in said
    assert "always" in said
    assert KEY not in said
    assert "*****" in said


def test_ask_words_an_answer_when_told_to(run):
    with model_server(says(GOOD)) as server:
        answer = json.loads(run("ask", "--json", ALCOHOL, env=settings(server, KEPU_LLM_MODE="always")).stdout)
        plain = json.loads(run("ask", "--json", ALCOHOL, env=settings(server)).stdout)
        off = json.loads(run("ask", "--json", ALCOHOL, env=settings(server, KEPU_LLM_MODE="off")).stdout)
    assert answer["generated_by"] == "llm:scripted"
    assert answer["text"].endswith("（内容由AI生成）")
    assert plain["generated_by"] == off["generated_by"] == "composer"
    assert len(server.asked) == 1


def test_a_local_model_needs_no_key(run):
    with model_server(says(GOOD)) as server:
        env = settings(server, KEPU_LLM_MODE="always", KEPU_LLM_API_KEY="")
        assert json.loads(run("ask", "--json", ALCOHOL, env=env).stdout)["generated_by"] == "llm:scripted"


def test_ask_ends_soon_after_its_answer_when_the_model_hangs(run):
    with model_server(says(GOOD, wait=30)) as server:
        begun = time.monotonic()
        finished = run("ask", ALCOHOL, env=settings(server, KEPU_LLM_MODE="always", KEPU_LLM_DEADLINE="1"))
    assert "酒能不喝就不喝" in finished.stdout
    assert time.monotonic() - begun < 15


def test_ask_answers_when_the_model_is_down(run):
    with model_server(Reply(status=500)) as server:
        finished = run("ask", "--json", ALCOHOL, env=settings(server, KEPU_LLM_MODE="always", KEPU_LLM_DEADLINE="2"))
    answer = json.loads(finished.stdout)
    assert finished.returncode == 0
    assert answer["generated_by"] == "composer"
    assert answer["wording"]["outcome"] == "status_500"


def test_settings_that_make_no_sense_are_said_in_one_line(run):
    for wrong in (
        {"KEPU_LLM_MODE": "sometimes"},
        {"KEPU_LLM_DEADLINE": "0"},
        {"KEPU_LLM_BASE_URL": "http://127.0.0.1:9/v1"},
    ):
        finished = run("ask", ALCOHOL, env=wrong)
        assert finished.returncode == 1
        assert "KEPU_LLM" in finished.stderr
        assert len(finished.stderr.strip().splitlines()) == 1


def test_without_a_model_nothing_of_it_is_imported(home):
    code = (
        "import sys; from ui.desk import open_chain, open_library; from ui.settings import read_settings\n"
        f"s = read_settings(); open_chain(s, open_library(s)).invoke('{ALCOHOL}')\n"
        "print([m for m in ('langchain_openai', 'openai', 'pybreaker', 'assistant.model', 'assistant.wording',"
        " 'assistant.verify', 'torch') if m in sys.modules])"
    )
    env = {**os.environ, "KEPU_HOME": str(home), "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env).stdout.strip() == "[]"
