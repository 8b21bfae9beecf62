"""The chat model as it is called here: streamed, within a time, tried again once, left alone when it keeps failing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Event
from typing import TYPE_CHECKING, Any, cast

import pybreaker
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

_NO_KEY = "none"
"""Sent to servers that ask for no key (Ollama, vLLM): the client insists on one."""
_TRIES = 2
_PAUSE = 0.2
"""Seconds before the second try when the server names none."""
_FAILURES, _REST = 3, 30.0
"""After so many failures in a row the model is not asked for so many seconds."""
_LONGEST, _MOST_TOKENS = 8000, 2000
"""Characters after which an output counts as endless, thoughts included; what the server is told."""
_AT_ONCE = 16
_PASSING = {408, 409, 425, 429, 500, 502, 503, 504}


class ModelFault(Exception):
    """The model gave no usable output. `reason` is a short code for the log: deadline, refused, status_429, …"""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class Usage:
    """What one wording has cost so far."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(slots=True)
class _Call:
    """One request under way: its pieces, where they stop, whether any has come."""

    messages: list[BaseMessage]
    until: float
    usage: Usage
    pieces: Queue[str | None] = field(default_factory=Queue)
    stop: Event = field(default_factory=Event)
    begun: bool = False


def open_model(base_url: str, name: str, key: str, deadline: float) -> BaseChatModel:
    """A model behind an OpenAI-compatible address; `key` may be "".

    A request that takes longer than `deadline` seconds is given up. Its length is limited by `max_tokens`, which every
    such server knows, where the client would send the newer `max_completion_tokens`.
    Raises ImportError when langchain-openai is not installed.
    """
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        base_url=base_url, model=name, api_key=SecretStr(key or _NO_KEY), timeout=deadline, max_retries=0,
        temperature=0, stream_usage=True, extra_body={"max_tokens": _MOST_TOKENS},
    )  # fmt: skip


class ModelCaller:
    """Calls any BaseChatModel from threads of its own, so that the caller never waits longer than it wants to."""

    def __init__(self, model: BaseChatModel) -> None:
        self._model = model
        self._breaker = pybreaker.CircuitBreaker(fail_max=_FAILURES, reset_timeout=_REST)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="model")

    def stream(self, messages: list[BaseMessage], until: float, usage: Usage) -> Iterator[str]:
        """The pieces of the output as they come, until `until` on the monotonic clock. Raises ModelFault."""
        call = _Call(messages, until, usage)
        done = self._threads.submit(self._ask, call)
        done.add_done_callback(lambda _: call.pieces.put(None))
        try:
            yield from _arriving(call)
        finally:
            call.stop.set()
        _raise_fault(done)

    def _ask(self, call: _Call) -> None:
        again = retry_if_exception(lambda error: _worth_another(error, call))
        for attempt in Retrying(stop=stop_after_attempt(_TRIES), wait=_pause, retry=again, reraise=True):
            with attempt:
                self._breaker.call(self._read, call)

    def _read(self, call: _Call) -> None:
        call.usage.calls += 1
        with closing(cast(Any, self._model.stream(call.messages))) as chunks:
            for chunk in chunks:
                if call.stop.is_set():
                    return
                _count(chunk, call.usage)
                if chunk.text:
                    call.begun = True
                    call.pieces.put(str(chunk.text))


def _arriving(call: _Call) -> Iterator[str]:
    length = 0
    while True:
        try:
            piece = call.pieces.get(timeout=max(0.0, call.until - time.monotonic()))
        except Empty:
            raise ModelFault("deadline") from None
        if piece is None:
            return
        length += len(piece)
        if length > _LONGEST:
            raise ModelFault("endless")
        yield piece


def _count(chunk: AIMessageChunk, usage: Usage) -> None:
    if counted := chunk.usage_metadata:
        usage.input_tokens += counted["input_tokens"]
        usage.output_tokens += counted["output_tokens"]


def _raise_fault(done: Future[None]) -> None:
    if error := done.exception():
        raise ModelFault(_reason(error)) from error


def _reason(error: BaseException) -> str:
    if isinstance(error, pybreaker.CircuitBreakerError):
        return "resting"
    status = getattr(error, "status_code", None)
    if status is not None:
        return f"status_{status}"
    return "refused" if _is_transport(error) else "broken"


def _is_transport(error: BaseException | None) -> bool:
    """Whether a connection failed, whichever HTTP library the model's package uses."""
    while error is not None:
        if isinstance(error, OSError) or any(c.__name__ == "TransportError" for c in type(error).__mro__):
            return True
        error = error.__cause__
    return False


def _worth_another(error: BaseException, call: _Call) -> bool:
    """Whether a second try may help: the failure passes, nothing has been shown, and there is time for it."""
    if call.begun or call.stop.is_set() or time.monotonic() + _asked_pause(error) >= call.until:
        return False
    return getattr(error, "status_code", None) in _PASSING or _is_transport(error)


def _pause(state: RetryCallState) -> float:
    return _asked_pause(state.outcome.exception()) if state.outcome else _PAUSE


def _asked_pause(error: BaseException | None) -> float:
    """Seconds to wait: what Retry-After says, where it is a number."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    asked = str(headers.get("retry-after", ""))
    return float(asked) if asked.replace(".", "", 1).isdigit() else _PAUSE
