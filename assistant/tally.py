"""Tally: what has come of asking the chat model since the process began. Numbers only, no text."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from assistant.answer import Wording


class Tally:
    """Counts wordings and rewritten questions as they end, from any thread.

    `outcomes` says how often each came, under `wording` and `rewriting`.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.calls = 0
        self.input_tokens = 0
        self.output_tokens = 0
        self.cached = 0
        self.seconds = 0.0

    def count(self, task: str, wording: Wording) -> None:
        """Counts one `wording` or `rewriting`; seconds are those spent on the model, whatever came of it."""
        with self._lock:
            self.outcomes[task, wording.outcome] += 1
            self.calls += wording.calls
            self.input_tokens += wording.input_tokens
            self.output_tokens += wording.output_tokens
            self.cached += wording.cached
            self.seconds += wording.ms / 1000

    def counted(self) -> dict[tuple[str, str], int]:
        """A copy of the outcomes, safe to read while others count."""
        with self._lock:
            return dict(self.outcomes)
