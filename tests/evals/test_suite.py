"""A suite file with faults is refused with the file and line of each."""

import pytest

from evals.suite import load_suites
from vectorstore.errors import DataFault, InputError


def test_every_fault_is_named_with_its_line(tmp_path):
    (tmp_path / "坏.yaml").write_text(
        "- q: 好的\n  kind: duty\n- kind: duty\n- q: 多了\n  nonsense: 1\n", encoding="utf-8"
    )
    with pytest.raises(DataFault) as failed:
        load_suites(folder=tmp_path)
    assert [fault.split(":")[1] for fault in failed.value.data["faults"]] == ["3", "4"]


def test_an_unknown_suite_is_named(tmp_path):
    with pytest.raises(InputError) as failed:
        load_suites(("没有",), tmp_path)
    assert failed.value.code == "unknown_suite"
