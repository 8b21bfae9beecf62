"""The notice comes out as a person reads it: the expected table was written by reading, not by running."""

import re

import pytest

from ingest.notice import parse_notice
from tests.conftest import NOTICE
from vectorstore.errors import NotANotice
from vectorstore.records import Role
from vectorstore.text import normalise, squeeze


@pytest.fixture(scope="module")
def notice():
    return parse_notice(NOTICE.read_text(encoding="utf-8")).notice


def same(text):
    return re.sub(r'["\']', "", squeeze(normalise(text))).removeprefix("到")


def departments(notice, path, role):
    return [d.department for d in notice.duties if d.path == path and d.role is role]


def test_the_counts_of_the_notice(notice):
    levels = [c.level for c in notice.clauses]
    assert [levels.count(n) for n in (1, 2, 3)] == [4, 16, 44]
    section_leads = [d for d in notice.duties if d.role is Role.LEAD and d.path.endswith(")")]
    assert len(section_leads) == 15 and len({d.path for d in section_leads}) == 10
    own = [d for d in notice.duties if d.role is Role.RESPONSIBLE]
    assert len(own) == 205 and len({d.path for d in own}) == 36
    assert len({d.department for d in notice.duties}) == 31
    assert notice.warnings == ()


def test_every_clause_has_the_departments_a_reader_finds(notice, expected):
    assert [c.path for c in notice.clauses] == list(expected)
    for clause in notice.clauses:
        want = expected[clause.path]
        assert same(clause.title) == same(want["title"])
        assert departments(notice, clause.path, Role.LEAD) == want["leads"], clause.path
        assert departments(notice, clause.path, Role.RESPONSIBLE) == want["responsible"], clause.path


@pytest.mark.parametrize("field", ["deadlines", "actors"])
def test_deadlines_and_actors_are_those_a_reader_finds(notice, expected, field):
    for clause in notice.clauses:
        found = {same(m.text) for m in getattr(clause, field)}
        assert found == {same(w) for w in expected[clause.path][field]}, clause.path


def test_every_target_stands_in_the_field_of_its_clause(notice, expected):
    for clause in notice.clauses:
        found = [same(m.text) for m in clause.targets]
        wanted = [same(w) for w in expected[clause.path]["targets"]]
        assert len(found) == len(wanted), clause.path
        assert all(w in f for w, f in zip(wanted, found, strict=True)), clause.path


def test_programmes_are_those_a_reader_finds(notice, expected):
    borderline = {"江西省职业技能竞赛", "送培到基层活动"}
    for clause in notice.clauses:
        found = {same(m.text) for m in clause.programmes}
        wanted = {same(w) for w in expected[clause.path]["programmes"]}
        others = {same(w) for w in expected[clause.path].get("other_names", [])}
        assert found - wanted - others <= borderline, clause.path
        assert wanted - found <= borderline, clause.path


def test_the_head_of_the_notice(notice):
    assert notice.number == "赣府发〔2021〕29号"
    assert notice.title == "江西省全民科学素质行动规划纲要实施方案(2021—2025年)"
    assert (notice.issuer, notice.issued, notice.period) == ("江西省人民政府", "2022-01-07", (2021, 2025))


def test_every_field_knows_its_line(notice):
    lines = NOTICE.read_text(encoding="utf-8").split("\n")
    for clause in notice.clauses:
        for mark in (*clause.brackets, *clause.targets, *clause.deadlines, *clause.programmes, *clause.actors):
            assert mark.text[:4] in lines[mark.line - 1], (clause.path, mark)


def test_a_name_broken_by_a_page_is_put_together(notice):
    assert "省卫生健康委" in departments(notice, "三(五)2", Role.RESPONSIBLE)


@pytest.mark.parametrize("text", ["今天天气很好。\n我们去公园。", "购物清单\n1、鸡蛋\n2、牛奶"])
def test_a_text_that_is_no_notice_is_refused(text):
    with pytest.raises(NotANotice):
        parse_notice(text)


def test_a_bracket_without_its_other_half_is_a_warning():
    said = "某县人民政府关于印发某县清淤行动方案的通知\n一、清淤\n（一）修闸门。【牵头：县教育局〔县科技局\n"
    (warning,) = parse_notice(said).notice.warnings
    assert "第3行" in warning and "县教育局" in warning
