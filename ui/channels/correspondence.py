"""Correspondence: every message of a chat is answered once, within the channel's time, however often it is delivered.

A message is claimed in the state store before it is answered, and its answer is kept there: a retry, another worker
or the next process gives the same one. What is longer than the channel carries waits under the same number for 继续.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

from assistant import Answer, KepuChain
from assistant.plain import MOST_BYTES, Link, options_of, parts_of, tap, with_more, with_options
from prompts import choices, sentence
from ui.faults import explain
from ui.limits import Quota
from vectorstore.errors import InputError, KepuError
from vectorstore.state import StateStore

_LOG = logging.getLogger(__name__)
HOLD = 4.4
"""Seconds a delivery is held for its answer: the platform gives up after 5."""
_MODEL = 3.5
"""Seconds a chat model has of them."""
_BEAT, _LOOK = 1.0, 0.1
"""Seconds between signs of life of whoever is answering, and between looks for an answer that somebody else gives."""
_PER_MINUTE = 30
"""Messages of one user that are answered in a minute."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be answered: by which channel, to which account, from whom, what makes it this one, what it says.

    `menu` is the number that came back with a tapped link, or "".
    """

    channel: str
    account: str
    user: str
    identity: tuple[str, ...]
    said: str
    menu: str = ""

    @property
    def session(self) -> str:
        """The conversation it belongs to; tells nothing of its user."""
        return f"{self.channel}-{_digest(self.account, self.user)[:40]}"

    @property
    def number(self) -> int:
        """Its own number in the conversation."""
        return int(_digest(*self.identity)[:12], 16)

    @property
    def exchange(self) -> str:
        """The id of the exchange that it begins."""
        return f"{self.session}:{self.number}"


Push = Callable[[str, bool], Awaitable[bool]]
"""Sends a text (worded by a model or not) that was not asked for again; gives whether it was accepted."""


@dataclass(slots=True)
class Correspondence:
    """Answers letters with the chain. `most` is the bytes of one message, `link` what an option becomes."""

    chain: KepuChain
    store: StateStore
    hold: float = HOLD
    most: int = MOST_BYTES
    link: Link = tap
    _work: dict[str, asyncio.Task[dict[str, Any]]] = field(default_factory=dict)
    _late: set[asyncio.Task[None]] = field(default_factory=set)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _quota: Quota = field(default_factory=Quota)

    def welcome(self) -> str:
        """The greeting for somebody who has come, with what can be asked."""
        return with_options(sentence("chat_welcome"), list(choices("chat_examples")), self.link)

    async def reply(self, letter: Letter, push: Push | None = None) -> str:
        """The text to reply with, in time: the answer, or how to get it. With `push` a late answer is sent on."""
        until = time.monotonic() + self.hold
        try:
            body = await self._body(letter, until)
            if body is not None:
                await asyncio.to_thread(self._shown, letter.session, body)
                return str(body["text"])
            work = self._work.get(letter.exchange)
            await asyncio.to_thread(self._point, letter.session, letter.exchange, -1)
        except KepuError as error:
            _LOG.warning("%s: %s", letter.channel, error.code)
            return explain(error) if isinstance(error, InputError) else sentence("chat_busy")
        if push and work:
            task = asyncio.create_task(self._send_on(letter, work, push))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        return sentence("chat_late", more=self.link(sentence("chat_more"), menu=_menu(letter.number, 0)))

    async def forget(self, letter: Letter) -> None:
        """Deletes what is remembered of a user."""
        await asyncio.to_thread(self.store.forget, letter.session)
        await asyncio.to_thread(self.store.forget, _pointer(letter.session))

    async def finish(self) -> None:
        """Waits until everything that was begun is answered and kept."""
        while pending := [*self._work.values(), *self._late]:
            await asyncio.wait(pending)
            await asyncio.sleep(0)

    async def _body(self, letter: Letter, until: float) -> dict[str, Any] | None:
        """What the letter is answered with, by us or by whoever has claimed it; None when that is not there in time."""
        while True:
            task = self._work.get(letter.exchange)
            if task is None and (body := await asyncio.to_thread(self.store.settled, letter.exchange)):
                return body
            if task is None and await asyncio.to_thread(self.store.claim, letter.exchange):
                task = self._begin(letter)
            left = until - time.monotonic()
            if task is not None:
                done, _ = await asyncio.wait({task}, timeout=max(0.0, left))
                return _outcome(task) if done else None
            if left <= _LOOK:
                return None
            await asyncio.sleep(_LOOK)

    def _begin(self, letter: Letter) -> asyncio.Task[dict[str, Any]]:
        task = asyncio.create_task(self._answered(letter))
        self._work[letter.exchange] = task
        task.add_done_callback(lambda _: self._work.pop(letter.exchange))
        return task

    async def _answered(self, letter: Letter) -> dict[str, Any]:
        """Answers a claimed letter, after those before it of the same user, and keeps the answer."""
        lock = self._locks.setdefault(letter.session, asyncio.Lock())
        beating = asyncio.create_task(self._beat(letter.exchange))
        try:
            async with lock:
                draft = await asyncio.to_thread(self.store.draft, letter.session, letter.exchange)
                body = await asyncio.to_thread(self._compose, letter, draft)
                await asyncio.to_thread(self.store.settle, letter.exchange, body, draft, letter.session)
        finally:
            beating.cancel()
        return body

    async def _beat(self, exchange: str) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            await asyncio.to_thread(self.store.hold, exchange)

    async def _send_on(self, letter: Letter, work: asyncio.Task[dict[str, Any]], push: Push) -> None:
        """Sends a late answer; one that was refused stays to be had by 继续."""
        body = await work
        if await push(str(body["text"]), bool(body.get("generated"))):
            await asyncio.to_thread(self._shown, letter.session, body)

    def _compose(self, letter: Letter, draft: str) -> dict[str, Any]:
        if wait := self._quota.wait(letter.session, _PER_MINUTE):
            return self._single(letter, sentence("too_often", seconds=wait))
        if letter.said.strip() == sentence("chat_more") and (body := self._go_on(letter)):
            return body
        asked = {"question": letter.said, "session": draft}
        try:
            answer = self.chain.invoke(asked, {"configurable": {"deadline": _MODEL}})
        except InputError as error:
            return self._single(letter, explain(error))
        return self._whole(letter, answer)

    def _single(self, letter: Letter, said: str) -> dict[str, Any]:
        return {
            "text": said,
            "parts": [said],
            "options": [],
            "generated": False,
            "exchange": letter.exchange,
            "part": 0,
        }

    def _whole(self, letter: Letter, answer: Answer) -> dict[str, Any]:
        body = {
            "parts": parts_of(answer, self.most), "options": options_of(answer), "generated": answer.generated,
            "exchange": letter.exchange, "part": 0,
        }  # fmt: skip
        return {**body, "text": self._part(body, 0)}

    def _go_on(self, letter: Letter) -> dict[str, Any] | None:
        """The next part of a long answer, or of the one the tapped link names; None when nothing is left."""
        place = self._tapped(letter) or self._next(letter.session)
        if place is None:
            return None
        exchange, part = place
        body = self._settled_soon(exchange)
        if body is None:
            return self._single(letter, sentence("chat_lost"))
        if part >= len(body["parts"]):
            return None
        return {**body, "text": self._part(body, part), "part": part}

    def _tapped(self, letter: Letter) -> tuple[str, int] | None:
        number, part = letter.menu[:-2], letter.menu[-2:]
        return (f"{letter.session}:{number}", int(part)) if number.isdecimal() and part.isdecimal() else None

    def _next(self, session: str) -> tuple[str, int] | None:
        pointer = self.store.get(_pointer(session))
        return (pointer["exchange"], pointer["shown"] + 1) if pointer else None

    def _settled_soon(self, exchange: str) -> dict[str, Any] | None:
        """What an exchange was answered with, waited for while somebody is at it; None for one that is not there."""
        until = time.monotonic() + _MODEL
        while (body := self.store.settled(exchange)) is None and time.monotonic() < until:
            if not self.store.begun(exchange):
                return None
            time.sleep(_LOOK)
        return body

    def _part(self, body: dict[str, Any], part: int) -> str:
        """One part as it is sent: with the link to the next, or with what can be asked after the last."""
        said = body["parts"][part]
        if part + 1 == len(body["parts"]):
            return with_options(said, body["options"], self.link, self.most)
        number = int(body["exchange"].rsplit(":", 1)[1])
        more = self.link(sentence("chat_more"), menu=_menu(number, part + 1))
        return with_more(said, body["generated"], more)

    def _shown(self, session: str, body: dict[str, Any]) -> None:
        """Notes how far a long answer has been shown; what comes after a whole one is no continuation."""
        if body["part"] + 1 < len(body["parts"]):
            self._point(session, body["exchange"], body["part"])
        elif self.store.get(_pointer(session)):
            self.store.forget(_pointer(session))

    def _point(self, session: str, exchange: str, shown: int) -> None:
        self.store.put(_pointer(session), {"exchange": exchange, "shown": shown})


def _outcome(task: asyncio.Task[dict[str, Any]]) -> dict[str, Any]:
    """What a finished task gave. A defect of ours is logged and told as being busy; a known error is raised."""
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, KepuError):
        raise error
    _LOG.error("a message was not answered", exc_info=error)
    return {"text": sentence("chat_busy"), "parts": [""], "part": 0}


def _pointer(session: str) -> str:
    return f"{session}-rest"


def _menu(number: int, part: int) -> str:
    return f"{number}{part:02d}"


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
