"""Questions about what a plan or a section holds: its items, how many, targets, programmes, words it mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer, Kind, Line
from assistant.compose import Desk, heading
from assistant.question import Question
from assistant.sets import named
from assistant.sets.show import said, said_clauses
from assistant.sets.view import View, view_of
from prompts import sentence
from vectorstore import text
from vectorstore.records import Clause, Mark, Role

_PARTS = re.compile(r"(?:几|多少)(?:个|大)?(?:大)?部分")
_STAGES = re.compile(r"[几多哪][些个]?(?:步|阶段|环节)")
_ITEMS = re.compile(
    r"(?:几|多少|哪些|哪几|哪[一二三四五六七八九十两]|什么|啥)(?:大|小|个)?(?:项|条|步|方面|任务|条目|内容|工作|行动|工程|措施|事)|分(?:成|为|了|作)?几|下设|包括|包含|含(?:有)?哪|有啥|叫什么|都有|哪[几些](?:大)?[块个]|[几多]少?块|(?:哪|什么|啥)[^，。]{0,6}(?:组成|构成)|"
    + _STAGES.pattern
)
_MENTIONS = re.compile(r"(?:提到|写到|写了|写着|提及|讲到|说到|涉及到|出现|含有|带有)")
_QUOTED = re.compile(r"[\"'《]([^\"'《》]{2,})[\"'》]")
_WORD_FOR_WORDS = re.compile(r"[一二两三四五六七八几\d]个字|字样|这个词|的字|出现|写到?了?着?要?|哪[些几]个?地方")
_WHOLE_TEXT = re.compile(r"(?:正文|全文|文中|原文)(?:里|中)?")
_NAMED_ONES = re.compile(
    r"(?:点[到了]?名|提到|写到|列出|带引号)[^，。]{0,8}(?:计划|工程|品牌|项目|大赛)|(?:所有|全部|各类)的?(?:品牌|计划|项目|大赛)"
)
_DUE = re.compile(r"完成|到期|期限|时限|截止|节点|要做|该做|办完|达到")
_LISTED = re.compile(r"(?:任务|条目)[^，。]{0,4}列|列[^，。]{0,8}(?:任务|条目)")
_WHERE = re.compile(
    r"哪(?:几|些|一)?(?:个)?(?:条|处|项|里|条目|条款|任务|地方|章节)|条目|条款|(?:任务|地方)都?[有是]哪"
)
_ENOUGH = 4
_NUMBERS_ONLY = re.compile(r"量化|数字|数量|定量")
_OF_PERSONS = re.compile(r"(?:人数|人次)[^，。]{0,3}(?:指标|目标|任务)")
_SHARES = re.compile(r"百分(?:比|数|率|之几)[^，。]{0,3}(?:指标|目标)")
_TARGETS = re.compile(
    r"(?:量化|数字|数量|定量|具体|硬)(?:的)?(?:性)?(?:指标|目标|任务)|硬杠杠|"
    + _OF_PERSONS.pattern
    + "|"
    + _SHARES.pattern
)


def answer(question: Question, desk: Desk) -> Answer | None:
    """The answer when what the plan or a section holds is asked for, else None."""
    if question.named:
        return None
    view = view_of(question, desk)
    for family in (_named_ones, _mentions, _due, _targets, _programmes, _parts, _items, _totals):
        if (found := family(question, view)) is not None:
            return found
    return None


def _named_ones(question: Question, view: View) -> Answer | None:
    """The competitions, plans, days that the clauses of a heading name."""
    return named.answer(question, view.tasks, view.desk) if question.scopes else None


def _mentions(question: Question, view: View) -> Answer | None:
    """Which clauses speak of something: its own words must stand in the clause."""
    if not is_mention(question) or question.has("target") or (question.has("programme") and question.scopes):
        return None
    said = _WHOLE_TEXT.sub(" ", question.topic)
    words = _QUOTED.findall(said) or [w.strip("\"'") for w in _WORD_FOR_WORDS.sub(" ", said).split()]
    words = [w for w in words if len(w) > 1]
    if not words:
        return None
    register = view.desk.snapshot.register
    leaves = [c for n in view.desk.notices for c in register.clauses(n) if not register.is_heading(n, c.path)]
    found = [c for c in leaves if all(_speaks_of(c, w) for w in words)]
    if not found:
        return None
    if len(found) == 1 and question.has("text"):
        return None
    head = sentence("set_mentions", words="、".join(words), count=len(found))
    return said_clauses(head, found, view.rows(found), view.desk)


def is_mention(question: Question) -> bool:
    """Whether a question asks where the plan speaks of something."""
    return bool(_MENTIONS.search(question.shape) and _WHERE.search(question.shape))


def _speaks_of(clause: Clause, word: str) -> bool:
    said = text.compact(clause.text)
    if word in said:
        return True
    parts = [w for w in text.words(word) if w not in ("科普", "工作", "活动")]
    return sum(map(len, parts)) >= _ENOUGH and all(p in said for p in parts)


def _targets(question: Question, view: View) -> Answer | None:
    if not question.has("target") or not (_TARGETS.search(question.shape) or question.scopes):
        return None
    of_a_kind = _OF_PERSONS.search(question.shape) or _SHARES.search(question.shape)
    if question.topic_words and not question.scopes and not of_a_kind:
        return None
    tasks_only = question.has("task", "department", "who") or view.scoped
    pool = _clauses(question, view)
    stated = {c.path: _stated(c, question.shape) for c in pool}
    found = [c for c in pool if stated[c.path] and (not tasks_only or c in view.tasks)]
    if not found and not question.scopes:
        return None
    if not found:
        scope = question.scopes[0]
        return said(sentence("set_no_targets", scope=scope.title), [scope], view.desk)
    if question.has("department", "who"):
        return said_clauses(sentence("set_targets", count=len(found)), found, view.rows(found), view.desk)
    lines = "；".join(f"{c.path} {c.title}：{'、'.join(_sentence_of(c, m) for m in stated[c.path])}" for c in found)
    return said(sentence("set_targets", count=len(found)) + lines, found, view.desk)


def _clauses(question: Question, view: View) -> list[Clause]:
    """Every clause within the headings that the question names, or of the whole notices."""
    register = view.desk.snapshot.register
    inside = register.inside(question.scopes)
    return [c for n in view.desk.notices for c in register.clauses(n) if not inside or (n, c.path) in inside]


def _due(question: Question, view: View) -> Answer | None:
    """Which clauses are due in a year."""
    years = set(re.findall(r"20\d\d", question.shape))
    if "今年" in question.shape:
        years.add(str(view.desk.today.year))
    asks = question.has("which", "all", "count") and (_DUE.search(question.shape) or question.has("deadline"))
    if not years or not asks or question.topic_words:
        return None
    found = [c for c in _clauses(question, view) if any(year in mark.text for mark in c.deadlines for year in years)]
    if not found:
        return None
    lines = "；".join(f"{c.path} {c.title}：{'、'.join(_sentence_of(c, m) for m in c.deadlines)}" for c in found)
    return said(sentence("set_due", year="、".join(sorted(years)), count=len(found)) + lines, found, view.desk)


def _stated(clause: Clause, shape: str) -> list[Mark]:
    """The targets of a clause; only those in numbers, of persons or in per cent when such are asked for."""
    wanted = r"%|％|百分之" if _SHARES.search(shape) else r"\d.*[人名]" if _OF_PERSONS.search(shape) else ""
    wanted = wanted or (r"\d" if _NUMBERS_ONLY.search(shape) else "")
    return [m for m in clause.targets if re.search(wanted, m.text)]


def _sentence_of(clause: Clause, mark: Mark) -> str:
    """The stretch between commas in which a target stands."""
    at = clause.text.find(mark.text)
    start = max(clause.text.rfind(stop, 0, at) for stop in "，,。；;") + 1
    ends = [e for stop in "，,。；;" if (e := clause.text.find(stop, at + len(mark.text))) >= 0]
    return clause.text[start : min(ends, default=len(clause.text))].strip()


def _programmes(question: Question, view: View) -> Answer | None:
    if not question.has("programme", "programme_any") or not question.has("which", "all", "text", "programme", "count"):
        return None
    others = question.has("lead", "department", "who", "most", "responsible", "task", "section")
    named_only = bool(_NAMED_ONES.search(question.shape))
    if not (question.scopes or named_only) or (others and not question.has("programme") and not named_only):
        return None
    if question.topic_words and not question.scopes and not named_only:
        return None
    found = [c for c in view.tasks if _named(c)]
    if not found:
        return None
    names = {c.path: _named(c) for c in found}
    lines = "；".join(f"{c.path} {c.title}：{'、'.join(names[c.path])}" for c in found)
    count = sum(map(len, names.values()))
    return said(sentence("set_programmes", count=count) + lines, found, view.desk)


def _named(clause: Clause) -> list[str]:
    """The programmes and other quoted names of a clause, in the order of its text."""
    quoted = re.findall(r"“([^“”]+)”", clause.text)
    names = dict.fromkeys([*(m.text for m in clause.programmes), *quoted])
    kept = [n for n in names if not any(n != other and n in other for other in names)]
    return sorted(kept, key=clause.text.find)


def asks_for_contents(question: Question) -> bool:
    """Whether what the whole plan holds is asked for: its parts, its targets, where it speaks of something."""
    of_a_kind = _OF_PERSONS.search(question.shape) or _SHARES.search(question.shape)
    targets = question.has("target") and _TARGETS.search(question.shape) and (of_a_kind or not question.topic_words)
    items = question.scopes and (_ITEMS.search(question.shape) or named.sorts_asked(question))
    return bool(items or is_mention(question) or _PARTS.search(question.shape) or targets)


def _parts(question: Question, view: View) -> Answer | None:
    if not _PARTS.search(question.shape) or question.scopes:
        return None
    register = view.desk.snapshot.register
    parts = [c for n in view.desk.notices[:1] for c in register.clauses(n) if not c.parent]
    return said_clauses(sentence("set_parts", count=len(parts)), parts, [], view.desk)


def _items(question: Question, view: View) -> Answer | None:
    """What stands below one or several headings."""
    if not question.scopes or question.has("lead", "who", "most", "least", "target"):
        return None
    if question.has("department", "responsible") and not _LISTED.search(question.shape):
        return None
    if not (_ITEMS.search(question.shape) or _LISTED.search(question.shape) or question.has("count", "all")):
        return None
    register = view.desk.snapshot.register
    if len(question.scopes) > 1:
        counted = [(s, [c for c in register.below(s.notice, s.path) if c in view.tasks]) for s in question.scopes]
        lines = "，".join(f"{s.path} {s.title}：{len(tasks)}项" for s, tasks in counted)
        return said(sentence("set_each", lines=lines), list(question.scopes), view.desk, Kind.FACT)
    scope = question.scopes[0]
    children = register.children(scope.notice, scope.path)
    below = children if question.has("section") or not _task_asked(question, children, view) else list(view.tasks)
    head = sentence("set_items", scope=scope.title, count=len(below))
    roles = (Role.LEAD,) if below == children and any(register.is_heading(c.notice, c.path) for c in children) else ()
    answer = said_clauses(head, below, view.rows(below, None, *roles), view.desk)
    if question.has("deadline"):
        dated = [Line("", f"{heading(c)}：{m.text}") for c in below for m in c.deadlines]
        answer = replace(answer, lines=(answer.lines[0], *dated) if dated else answer.lines)
    return answer if answer.duties else replace(answer, kind=Kind.FACT)


def asks_for_items(question: Question) -> bool:
    """Whether the steps or items below a heading are asked for (分几步走, 哪几个阶段)."""
    return bool(_STAGES.search(question.shape)) and not question.has("who", "lead", "department")


def _task_asked(question: Question, children: Sequence[Clause], view: View) -> bool:
    """Whether the tasks further down are meant, not the headings right below."""
    deep = any(view.desk.snapshot.register.is_heading(c.notice, c.path) for c in children)
    return deep and question.has("task") and "行动" not in question.shape and "工程" not in question.shape


def _totals(question: Question, view: View) -> Answer | None:
    if question.scopes or question.topic or question.paths or not question.has("count"):
        return None
    if question.kinds and not question.has("department", "lead"):
        head = sentence("set_headings_total", count=len(view.headings))
        return said_clauses(head, list(view.headings), view.rows(view.headings, None, Role.LEAD), view.desk)
    if question.has("task") or re.search(r"(?:几|多少)(?:项|条)", question.shape):
        head = sentence("set_tasks_total", count=len(view.tasks))
        return said_clauses(head, list(view.tasks), view.rows(view.tasks), view.desk, names=True)
    return None
