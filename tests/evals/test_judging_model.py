"""A chat model gives its opinion of answers: shown apart, never a gate, whatever it says."""

import json
import socket

import pytest

from evals.generated.server import Reply, model_server, says
from evals.judging_model import FAITHFUL, PLAIN, RELEVANT, open_panel, opinions, sample, verdicts
from evals.run import Given, Outcome
from evals.suite import Case

ANSWER = {"text": "省民政厅负责。", "citations": [{"title": "智慧助老", "quote": "省民政厅按职责分工负责"}]}
OPINION = {
    "truths": ["省民政厅负责"], "claims": ["省民政厅负责", "省水利厅负责"], "statements": ["省民政厅负责"],
    "verdicts": [{"verdict": "yes"}, {"verdict": "no", "reason": "原文没有省水利厅"}],
    "reason": "原文没有省水利厅", "score": 8,
}  # fmt: skip
RUBBISH = [
    says("这个回答挺好的。"), says("{"), says("<think>{}</think>"), says('{"claims": 3, "score": "高"}'),
    says(json.dumps({**OPINION, "verdicts": [1], "score": 80})), says("[" * 3000 + "{" * 3000), says(""),
    Reply(status=500), Reply(raw=b"<html>busy</html>"),
]  # fmt: skip


def judging(server, **more):
    return {"KEPU_LLM_BASE_URL": server.url, "KEPU_LLM_MODEL": "scripted", "KEPU_LLM_MODE": "off", **more}


def test_without_a_model_it_is_said_what_to_set(run):
    finished = run("eval", "who-plain", "--judge", "3")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == "要让对话模型当评委，请先设好 KEPU_LLM_BASE_URL 和 KEPU_LLM_MODEL。\n"


def test_without_its_library_it_is_said_where_to_get_it(run):
    with model_server(says("")) as server:
        finished = run("eval", "who-plain", "--judge", "3", env=judging(server))
    assert (finished.returncode, finished.stdout, server.asked) == (1, "", [])
    assert "kepu-assistant[llm,judge]" in finished.stderr and len(finished.stderr.splitlines()) == 1


def test_the_same_answers_with_citations_are_sampled_every_time():
    given = [Given(f"问{n}", {"text": "", "citations": [{}] * (n % 2)}, ()) for n in range(40)] + [Given("坏", {}, ())]
    outcomes = {"s": [Outcome(Case("s", "n", (), ""), given)]}
    chosen = sample(outcomes, 5)
    assert len(chosen) == 5 and all(g.answer["citations"] for g in chosen)
    assert sample(outcomes, 5) == chosen
    assert len(sample(outcomes, 100)) == 20


@pytest.mark.judge
def test_the_models_opinion_stands_apart_and_leaves_the_verdict_alone(run, tmp_path):
    empty, report, own = tmp_path / "empty", tmp_path / "report", tmp_path / "own"
    empty.mkdir()
    own.mkdir()
    with model_server(says(json.dumps(OPINION, ensure_ascii=False))) as server:
        env = judging(server, HOME=str(own), COLUMNS="120")
        finished = run("eval", "who-plain", "--judge", "2", "--report", report, env=env, cwd=empty)
        asked = json.dumps([a["body"]["messages"] for a in server.asked], ensure_ascii=False)
    assert finished.returncode == 0, finished.stderr
    assert "评委模型的看法" in finished.stdout and "2/2" in finished.stdout
    whole = json.loads((report / "report.json").read_text(encoding="utf-8"))["judging_model"]
    assert {m["metric"]: (m["mean"], m["judged"]) for m in whole["metrics"]} == {
        FAITHFUL: (0.5, 2), RELEVANT: (0.5, 2), PLAIN: (0.8, 2),
    }  # fmt: skip
    assert all(o["question"] in asked and o["reason"] == "原文没有省水利厅" for o in whole["opinions"])
    assert "职责分工负责" in asked and "只供参考" in (report / "report.html").read_text(encoding="utf-8")
    assert list(empty.iterdir()) == [] and not (own / ".deepeval").exists()


@pytest.mark.judge
@pytest.mark.parametrize("reply", RUBBISH)
def test_a_model_that_answers_rubbish_has_not_judged(reply):
    with model_server(reply) as server:
        found = opinions(panel(server), [Given("谁负责", ANSWER, ())], lambda: None)
    assert [(o.score, bool(o.reason)) for o in found] == [(None, True)] * 3
    assert [(v.mean, v.judged, v.of) for v in verdicts(found)] == [(None, 0, 1)] * 3


@pytest.mark.judge
def test_rubbish_and_silence_end_in_a_report_all_the_same(run, tmp_path):
    with model_server(says("挺好的")) as server:
        env = judging(server, COLUMNS="120")
        finished = run("eval", "who-plain", "--judge", "1", "--report", tmp_path, env=env)
    silent = run("eval", "who-plain", "--judge", "1", "--report", tmp_path, env=env)
    for ended in (finished, silent):
        assert ended.returncode == 0, ended.stderr
        assert "0/1" in ended.stdout
    assert "没有评成" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.judge
def test_nothing_but_the_model_is_called(monkeypatch):
    hosts, real = set(), socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: (hosts.add(host), real(host, *a, **k))[1])
    with model_server(says(json.dumps(OPINION))) as server:
        opinions(panel(server), [Given("谁负责", ANSWER, ())], lambda: None)
    assert hosts == {"127.0.0.1"}


def panel(server):
    from assistant.model import open_model

    return open_panel(open_model(server.url, "scripted", "", 10), "scripted")
