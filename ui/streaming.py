"""An answer as server-sent events: `sentence` for each that may be shown, then `answer` with the whole object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain as joined

from assistant import Answer, KepuChain


def events(chain: KepuChain, asked: dict[str, str]) -> Iterator[str]:
    """The events, ready to be sent. What is wrong with the question is raised here, before the first is sent."""
    parts = chain.sentences(asked)
    first = next(parts)
    return (_event(part) for part in joined([first], parts))


def _event(part: str | Answer) -> str:
    name, data = ("sentence", {"text": part}) if isinstance(part, str) else ("answer", part.to_dict())
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
