"""The pages in a real browser, the API, the register and its files."""

import io
import json
import subprocess
import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit

import openpyxl
import pytest
from docx import Document


def get(url):
    return urllib.request.urlopen(url).read()


def test_the_api_answers_as_the_command_line_does(address):
    body = json.dumps({"question": "智慧助老服务由哪些部门负责"}).encode()
    request = urllib.request.Request(address + "/api/ask", body, {"Content-Type": "application/json"})
    answer = json.loads(urllib.request.urlopen(request).read())
    assert answer["kind"] == "duty"
    assert len([d for d in answer["duties"] if d["role"] == "responsible"]) == 6


def test_the_api_streams_sentences_then_the_whole_answer(address):
    body = json.dumps({"question": "智慧助老服务由哪些部门负责"}).encode()
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    said = urllib.request.urlopen(urllib.request.Request(address + "/api/ask", body, headers)).read().decode()
    events = [dict(line.split(": ", 1) for line in event.split("\n")) for event in said.strip().split("\n\n")]
    assert [e["event"] for e in events][-2:] == ["sentence", "answer"]
    whole = json.loads(events[-1]["data"])
    assert "\n".join(json.loads(e["data"])["text"] for e in events[:-1]) == whole["text"]


def test_a_question_that_is_too_long_is_refused_before_anything_is_streamed(address):
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    request = urllib.request.Request(address + "/api/ask", json.dumps({"question": "长" * 2001}).encode(), headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400


def test_the_api_lists_duties(address):
    rows = json.loads(get(f"{address}/api/duties?department={quote('省科协')}&role=lead"))
    assert {r["department"] for r in rows} == {"省科协"}


def test_a_citation_opens_between_its_neighbours(address):
    body = json.dumps({"question": "智慧助老服务由哪些部门负责"}).encode()
    request = urllib.request.Request(address + "/api/ask", body, {"Content-Type": "application/json"})
    cited = json.loads(urllib.request.urlopen(request).read())["citations"][0]
    place = f"source={quote(cited['source'])}&locator={quote(cited['locator'])}&words={quote(cited['quote'][:9])}"
    found = json.loads(get(f"{address}/api/source?{place}"))
    assert found["here"]["locator"] == "二(四)1" and found["before"] is None
    assert found["after"]["locator"] == "二(四)2" and "健康科普" in found["after"]["text"]
    page = get(f"{address}/source?{place}").decode()
    assert "智慧助老" in page and "后一处：二(四)2" in page
    with pytest.raises(urllib.error.HTTPError) as missing:
        get(f"{address}/api/source?source=x&locator=y")
    assert missing.value.code == 404


def test_the_register_exports_tables_that_open(address):
    book = openpyxl.load_workbook(io.BytesIO(get(f"{address}/register/export?format=xlsx")))
    assert ["序号", "任务"] in [[c.value for c in row][:2] for row in book.worksheets[0].iter_rows()]
    assert Document(io.BytesIO(get(f"{address}/register/export?format=docx"))).tables
    assert len(get(f"{address}/register/export?format=csv").decode("utf-8-sig").splitlines()) == 225


def test_a_question_typed_into_the_page_is_answered_and_nothing_is_fetched_from_outside(address, browser):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    hosts, faults = set(), []
    page.on("request", lambda r: hosts.add(urlsplit(r.url).hostname))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(address)
    box = page.get_by_role("textbox").first
    box.fill("智慧助老服务由哪些部门负责")
    box.press("Enter")
    page.get_by_text("省广电局").first.wait_for(timeout=20000)
    opened = page.locator("details").first
    opened.wait_for(timeout=20000)
    opened.locator("summary").click()
    assert opened.evaluate("e => e.open")
    page.get_by_role("tab").nth(1).click()
    page.get_by_text("224").first.wait_for(timeout=20000)
    page.close()
    assert hosts - {None, ""} == {"127.0.0.1"}
    assert faults == []


def test_the_register_page_needs_no_script(address, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/register?department={quote('省科协')}")
    assert page.get_by_text("省科协").count() > 5
    page.close()


def test_a_handout_is_large_print_and_complete(run, tmp_path):
    file = tmp_path / "讲义.pdf"
    assert run("handout", "wechat-video-call", "-o", file).returncode == 0
    said = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True).stdout
    assert "微信" in said
    assert len(said) > 300
