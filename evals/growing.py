"""Growing: a question from use becomes a case of a suite once a person has written what is right."""

from __future__ import annotations

from pathlib import Path

import yaml

from evals.suite import load_suites
from vectorstore.database import guarded
from vectorstore.errors import InputError
from vectorstore.inbox import Item

_WIDTH = 10_000


def add_case(item: Item, expected: str, suite: str, folder: Path) -> Path:
    """Adds a question with what is expected (YAML: `who: 二(四)1`) to `folder/suite.yaml`; gives the file.

    Raises InputError `bad_expectation` when the words are no mapping, and DataFault when the suite would not load:
    then the file stays as it was.
    """
    try:
        expect = yaml.safe_load(expected)
    except yaml.YAMLError as error:
        raise InputError("bad_expectation", said=expected) from error
    if not isinstance(expect, dict):
        raise InputError("bad_expectation", said=expected)
    file = folder / f"{suite}.yaml"
    with guarded(folder):
        folder.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8") if file.is_file() else ""
        case = yaml.safe_dump([{"q": item.question, **expect}], allow_unicode=True, sort_keys=False, width=_WIDTH)
        file.write_text(before + case, encoding="utf-8")
    try:
        load_suites((suite,), folder)
    except InputError:
        file.write_text(before, encoding="utf-8") if before else file.unlink()
        raise
    return file
