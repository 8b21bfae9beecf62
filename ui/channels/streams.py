"""Streams: answers that a platform asks for again and again until they are finished, from whichever process it meets.

What an answer has come to is kept in the state store under the stream's id.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from assistant import KepuChain
from assistant.plain import cut, origin
from prompts import sentence
from ui.faults import explain
from vectorstore.errors import InputError, KepuError
from vectorstore.state import StateStore

_LOG = logging.getLogger(__name__)
MOST_BYTES = 20_000
"""UTF-8 bytes of a stream's content; the platform takes 20,480."""
_WAIT, _LOOK, _BEAT = 0.8, 0.02, 1.0
"""Seconds that a question about a stream is held for it to be finished; between looks; between signs of life."""


@dataclass(slots=True)
class Streams:
    """Answers begun once each, by the message; `look` tells how far one has come."""

    chain: KepuChain
    store: StateStore
    _work: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def open(self, identity: tuple[str, ...], user: str, said: str) -> str:
        """The id of the stream that answers a message; a message delivered again gets the same."""
        stream = f"bot-{_digest(*identity)}"
        if stream not in self._work:
            self._begin(stream, f"bot-{_digest(user)}", said)
        return stream

    async def look(self, stream: str) -> tuple[str, bool]:
        """What a stream has come to, and whether that is all; one that nobody answers any more is ended."""
        until = time.monotonic() + _WAIT
        try:
            while (body := await asyncio.to_thread(self.store.settled, stream)) is None and time.monotonic() < until:
                await asyncio.sleep(_LOOK)
            if body is None and stream not in self._work and await asyncio.to_thread(self.store.claim, stream):
                body = {"content": sentence("chat_busy")}
                await asyncio.to_thread(self.store.settle, stream, body)
        except KepuError as error:
            _LOG.warning("stream: %s", error.code)
            return sentence("chat_busy"), True
        return (str(body["content"]), True) if body else (sentence("chat_wait"), False)

    async def finish(self) -> None:
        """Waits until everything that was begun is answered and kept."""
        while pending := [*self._work.values()]:
            await asyncio.wait(pending)
            await asyncio.sleep(0)

    def _begin(self, stream: str, session: str, said: str) -> None:
        task = asyncio.create_task(self._answer(stream, session, said))
        self._work[stream] = task
        task.add_done_callback(lambda _: self._work.pop(stream))

    async def _answer(self, stream: str, session: str, said: str) -> None:
        if not await asyncio.to_thread(self.store.claim, stream):
            return
        beating = asyncio.create_task(self._beat(stream))
        try:
            draft = await asyncio.to_thread(self.store.draft, session, stream)
            content = await asyncio.to_thread(self._content, draft, said)
            await asyncio.to_thread(self.store.settle, stream, {"content": content}, draft, session)
        finally:
            beating.cancel()

    async def _beat(self, stream: str) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            await asyncio.to_thread(self.store.hold, stream)

    def _content(self, session: str, said: str) -> str:
        asked: dict[str, Any] = {"question": said, "session": session}
        try:
            answer = self.chain.invoke(asked)
        except InputError as error:
            return explain(error)
        except KepuError as error:
            _LOG.warning("stream: %s", error.code)
            return sentence("chat_busy")
        options = [f"- {option}" for option in answer.suggestions]
        after = "\n".join((sentence("chat_next"), *options)) if options else ""
        return cut("\n\n".join(filter(None, (answer.markdown, origin(answer), after))), MOST_BYTES)[0]


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:40]
