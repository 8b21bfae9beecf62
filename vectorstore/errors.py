"""Every failure a caller can act on.

KepuError
├── InputError            the caller's input cannot be used (exit status 1, HTTP 400)
│   ├── NotANotice        the file holds no notice
│   ├── Unreadable        the file cannot be read as text
│   ├── DataFault         one or more faults in a data file, each with file and line
│   ├── UnknownName       a department or path that is not in the register
│   ├── QuestionTooLong   over the limit of the contract
│   └── Forged            a message that its sender has not signed or sealed as agreed (HTTP 403)
└── StoreError            the store cannot do its work now (exit status 1, HTTP 503)
    ├── StoreBusy         another process is ingesting
    ├── StoreUnwritable   the data folder cannot be written
    └── StoreFull         no space left

An error carries a code and data, never a sentence: the sentence for people is `prompts/errors.yaml`
under the same code, filled in at the door.
"""

from __future__ import annotations

from typing import Any


class KepuError(Exception):
    """Root of what this program raises on purpose. `code` names the sentence, `data` fills it."""

    code = "failed"

    def __init__(self, code: str | None = None, **data: Any) -> None:
        self.code = code or type(self).code
        self.data = data
        super().__init__(f"{self.code}: {data}" if data else self.code)


class InputError(KepuError):
    """The caller's input cannot be used; the same call will fail again."""

    code = "bad_input"


class NotANotice(InputError):
    """A file that was asked to be parsed as a notice holds none."""

    code = "not_a_notice"


class Unreadable(InputError):
    """A file that cannot be read as text: missing, empty, binary, too large, mis-encoded."""

    code = "unreadable"


class DataFault(InputError):
    """Faults of a data file; `data["faults"]` holds one `file:line: what` string each."""

    code = "data_fault"


class UnknownName(InputError):
    """A department or path the register does not hold; `data["near"]` names the nearest."""

    code = "unknown_name"


class QuestionTooLong(InputError):
    """A question over the limit; `data["limit"]` is the number of characters allowed."""

    code = "question_too_long"


class Forged(InputError):
    """A message that is not signed or sealed as agreed, is for somebody else, or is too old."""

    code = "forged"


class StoreError(KepuError):
    """The store cannot do its work now; the knowledge that was there is untouched."""

    code = "store_failed"


class StoreBusy(StoreError):
    """Another process holds the write lock."""

    code = "store_busy"


class StoreUnwritable(StoreError):
    """The data folder cannot be created or written."""

    code = "store_unwritable"


class StoreFull(StoreError):
    """No space is left where the store writes."""

    code = "store_full"
