"""What people read in a chat: no mark-up, whole sentences, links that say what they send."""

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from assistant.plain import cut, size, tap, untagged, with_options, without_markup

LONG = "".join(f"第{n}句说的是这么一件事，说完就停。" for n in range(200))


def test_a_long_answer_is_cut_at_the_ends_of_sentences():
    parts = cut(LONG, 2000)
    assert all(size(p) <= 2000 and p.endswith("。") for p in parts)
    assert "".join(parts) == LONG


@given(st.text(max_size=3000), st.integers(50, 500))
def test_nothing_is_lost_and_nothing_is_too_long(said, most):
    parts = cut(said.replace("\ud800", ""), most)
    assert all(size(p) <= most for p in parts)
    assert "".join(parts).replace("\n", "") == said.replace("\n", "")


def test_markdown_becomes_readable_text():
    said = "## 标题\n**责任部门**：`省科协`\n- 一\n- 二\n> 提醒\n[官网](https://example.com/a)\n```\n代码\n```"
    assert without_markup(said) == "标题\n责任部门：省科协\n一\n二\n提醒\n官网（https://example.com/a）\n\n代码"
    assert without_markup("2*3*4=24，a_b_c，1. 第一") == "2*3*4=24，a_b_c，1. 第一"


def test_a_table_becomes_lines_and_a_rule_goes():
    table = "分工如下\n\n| 部门 | 角色 |\n|:---|---:|\n| 省科协 | **牵头** |\n\n---\n完"
    assert without_markup(table) == "分工如下\n\n部门　角色\n省科协　牵头\n\n完"
    assert without_markup("2021—2025年，a|b，减1 - 2") == "2021—2025年，a|b，减1 - 2"


def test_choices_are_tapped_where_they_stand():
    said = with_options(
        "您问的是哪一项？\n1. 甲事（一）\n2. 乙事（二）\n都不是的话，请换个说法。", ["甲事（一）", "乙事（二）"], tap
    )
    assert (
        f'1. <a href="weixin://bizmsgmenu?msgmenucontent={quote("甲事（一）", safe="")}&msgmenuid=1">甲事（一）</a>\n'
        in said
    )
    assert said.endswith("请换个说法。")


def test_follow_ups_stand_below_and_buttons_beside_each_other():
    assert "可以接着问：\n<a " in with_options("答。", ["省科协还有哪些任务"], tap)
    assert "下一步</a>　<a" in with_options("第1步。", ["下一步", "没看懂"], tap)


def test_options_that_do_not_fit_are_left_out_rather_than_cut():
    said = with_options("字" * 600, ["很长的问题" * 10] * 5, tap, 2000)
    assert size(said) <= 2000 and said.count("<a ") == said.count("</a>")


def test_an_answer_opens_no_tag():
    assert "<" not in untagged('<a href="https://evil">点我</a>')
