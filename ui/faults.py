"""An error of ours as one sentence for people."""

from __future__ import annotations

from prompts import has_sentence, sentence
from vectorstore.errors import DataFault, KepuError

_SHOWN = 5


def explain(error: KepuError) -> str:
    """The Chinese sentence for an error: what, where, what to do. One line."""
    data = dict(error.data)
    if isinstance(error, DataFault):
        faults = data["faults"]
        data = {"count": len(faults), "faults": "；".join(faults[:_SHOWN])}
    name = error.code if has_sentence(error.code) else "failed"
    return " ".join(sentence(name, **{"reason": "", "path": "", **data}).split())
