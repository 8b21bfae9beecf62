"""Prompts and sentences as files: front matter, version, hash."""

from importlib import resources

import pytest

from prompts import sentence, template

NAMES = sorted(f.name.removesuffix(".md") for f in resources.files("prompts").iterdir() if f.name.endswith(".md"))


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_says_what_it_is_for_and_which_version_it_is(name):
    prompt = template(name)
    assert prompt.purpose
    assert prompt.version >= 1
    assert len(prompt.digest) == 12
    filled = prompt.fill(**dict.fromkeys(prompt.inputs, "“{值}”"))
    assert ("“{值}”" in filled) == bool(prompt.inputs)


def test_every_fault_has_a_sentence_for_the_model():
    from assistant.verify import _RULES

    for rule in (*_RULES, "citation", "department", "role"):
        assert sentence(f"fault_{rule}", said="甲")
