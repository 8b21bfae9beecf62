"""Notices of every form and file kind: the duties come out as a person reads them (tables in notices/forms.yaml)."""

from pathlib import Path

import pytest
import yaml

from ingest.notice import parse_notice
from ingest.readers.choose import read_one
from tests.ingest.notices.make import write

FORMS = yaml.safe_load((Path(__file__).parent / "notices" / "forms.yaml").read_text(encoding="utf-8"))
FILES = [(form, kind) for form in FORMS for kind in form["as"]]
ROLES = {"l": "lead", "r": "responsible", "c": "cooperate", "p": "locality"}
FLOORS = {"scan": 0.90, "pdf": 0.95}


def expected(table, times=1):
    """(path, department, role) of a table written by hand."""
    out = set()
    for line in table.strip().split("\n") if table.strip() else []:
        for n in range(1, times + 1):
            path, said = line.format(n=n).split(": ", 1)
            for part in said.split(" | "):
                role, *names = part.split()
                out |= {(path, name, ROLES[role]) for name in names}
    return out


def text_of(form):
    lines = form["text"].split("\n")
    return "\n".join(
        x for n in lines for x in ([n.format(n=i) for i in range(1, form["repeat"] + 1)] if "{n}" in n else [n])
    )


def found(notice):
    return {(d.path, d.department, d.role.value) for d in notice.duties}


def f1(want, got):
    return 2 * len(want & got) / (len(want) + len(got)) if want or got else 1.0


def test_there_are_forty_forms():
    assert len(FORMS) >= 40 and len({f["id"] for f in FORMS}) == len(FORMS)


@pytest.mark.parametrize("form, kind", FILES, ids=[f"{f['id']}-{k}" for f, k in FILES])
def test_the_duties_are_those_a_reader_finds(form, kind, tmp_path):
    parsed = parse_notice(read_one(write(text_of(form), kind, tmp_path)).text, form["id"])
    want, got = expected(form["duties"], form.get("repeat", 1)), found(parsed.notice)
    assert f1(want, got) >= FLOORS.get(kind, 0.98), f"missing {sorted(want - got)}, too many {sorted(got - want)}"
    if "others" in form:
        assert [found(o) for o in parsed.others] == [expected(form["others"])]
    if kind != "scan":
        assert {c.path for c in parsed.notice.clauses if c.open_list} == set(form.get("open", []))
    said = " ".join(parsed.notice.warnings)
    assert form["warns"] in said if "warns" in form else said == ""
