"""The first page: a chat whose sources open, with what can be tapped next, shared, stopped, asked again, deleted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from html import escape
from importlib import resources
from typing import Any

import gradio as gr
from anyio import to_thread

from assistant import Answer, KepuChain
from assistant.privacy import mask
from prompts import sentence
from ui.faults import explain
from ui.language import Say, other, words
from ui.register_page import style
from ui.source_page import BEGINNING, source_link
from vectorstore.errors import KepuError
from vectorstore.inbox import BAD, GOOD, Inbox

_FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
_GREEN = "#0b4f3a"
"""White on it has a contrast of 9:1; Gradio's own emerald has less than the 4.5:1 that is asked of any page."""
_TOGETHER = 16
"""Answers made at the same time; Gradio's own default is one."""
_SAID_BY_SCRIPT = (
    "close", "opening", "failed_to_open", "share", "share_nothing", "link_here", "link_copied", "ask_delete",
)  # fmt: skip
History = list[Any]


def page_options(language: str, public_url: str = "") -> dict[str, Any]:
    """Theme, style and script for mounting; local fonts only, nothing is fetched from outside.

    Links that are shared begin with `public_url`, or with the address the page was opened by.
    """
    theme = gr.themes.Default(
        primary_hue="emerald",
        font=[gr.themes.Font(f) for f in _FONTS],
        font_mono=[gr.themes.Font("monospace")],
        text_size="lg",
    ).set(
        button_primary_background_fill=_GREEN,
        button_primary_background_fill_dark=_GREEN,
        button_primary_background_fill_hover=_GREEN,
        button_primary_background_fill_hover_dark=_GREEN,
        button_primary_text_color="white",
        button_primary_text_color_dark="white",
    )
    say = words(language)
    said: dict[str, Any] = {name: say(name) for name in _SAID_BY_SCRIPT}
    said["address"] = public_url.rstrip("/")
    said["buttons"] = dict(line.split("=") for line in say("gradio_buttons").split("\n"))
    script = _file("chat.js").replace("$words", json.dumps(said, ensure_ascii=False).replace("</", "<\\/"))
    head = f"<style>{style()}{_file('chat.css')}</style><script>{script}</script>"
    return {"theme": theme, "footer_links": [], "run_history": False, "head": head}


def _file(name: str) -> str:
    return (resources.files("ui") / "web" / name).read_text(encoding="utf-8")


def build_page(chain: KepuChain, inbox: Inbox, language: str) -> gr.Blocks:
    """The page as Gradio blocks."""
    say = words(language)
    with gr.Blocks(title=say("app_title"), analytics_enabled=False) as page:
        gr.Markdown(_head(say, language), sanitize_html=False)
        _chat(page, chain, inbox, say)
    page.queue(default_concurrency_limit=_TOGETHER)
    return page


def _head(say: Say, language: str) -> str:
    links = {"/register": "to_register", "/elder": "to_elder", f"/?lang={other(language)}": "to_other_language"}
    nav = "".join(f'<a class="kepu-button" href="{href}">{say(name)}</a>' for href, name in links.items())
    return f'<header class="kepu-head"><h1>{say("app_title")}</h1><nav>{nav}</nav></header>'


def _chat(page: gr.Blocks, chain: KepuChain, inbox: Inbox, say: Say) -> None:
    """The chat with its events: whatever starts an answer shows 停止 in the place of 发送 until it is there."""
    box = gr.Chatbot(
        height="max(240px, calc(100vh - 180px))",
        layout="panel",
        label=say("app_title"),
        show_label=False,
        buttons=["copy"],
        autoscroll=False,
        placeholder=say("page_about"),
        examples=[{"text": example} for example in say("page_examples").split("\n")],
        feedback_options=("Like", "Dislike", *say("feedback_reasons").split("\n")),
    )
    with gr.Row(elem_classes="kepu-row"):
        typed = gr.Textbox(
            placeholder=say("ask_here"), label=say("ask_label"), show_label=False, container=False, scale=8,
            max_lines=4, autofocus=True, elem_id="kepu-typed",
        )  # fmt: skip
        send = gr.Button(say("send"), variant="primary", scale=1, min_width=80, elem_id="kepu-send")
        stop = gr.Button(say("stop"), variant="stop", scale=1, min_width=80, visible=False)
    with gr.Row(elem_classes="kepu-row"):
        again, share, remove = (gr.Button(say(n), size="sm", min_width=80) for n in ("again", "share", "delete_talk"))
    session = gr.Textbox(visible="hidden")
    answer = partial(_answer, chain, say)
    buttons = [send, stop]
    runs: list[Any] = []

    def start(event: Callable[..., Any], asked: Callable[..., Any], inputs: list[Any]) -> None:
        begun = event(asked, inputs, [typed, box], show_progress="hidden", queue=False)
        busy = begun.then(partial(_buttons, True), None, buttons, show_progress="hidden", queue=False, js=_REVEAL)
        run = busy.then(answer, [box, session], box, show_progress="hidden")
        run.then(partial(_buttons, False), None, buttons, show_progress="hidden", queue=False, js=_REVEAL)
        runs.append(run)

    for trigger in (typed.submit, send.click):
        start(trigger, _add, [typed, box])
    start(box.option_select, _add_option, [typed, box])
    start(box.example_select, _add_example, [typed, box])
    start(again.click, _without_answer, [typed, box])
    page.load(None, None, session, js="() => kepu.begin()")
    stop.click(partial(_stopped, say), box, [box, *buttons], cancels=runs, queue=False, show_progress="hidden")
    share.click(None, None, None, js="() => { kepu.share(); return []; }")
    remove.click(
        partial(_forget, chain), [session, box], box, queue=False, show_progress="hidden",
        js="(old, box) => [kepu.remove(old), box]",
    ).then(None, None, session, js="() => kepu.session()")  # fmt: skip

    def note(history: History, asked_in: str, event: gr.LikeData) -> None:
        _note(inbox, history, asked_in, event)

    box.like(note, [box, session], None, show_progress="hidden")


_REVEAL = "(...all) => { kepu.reveal(); return all; }"
"""Brings the question that was asked last to the top, so that its answer is read from its first line."""


def _buttons(running: bool) -> tuple[Any, Any]:
    return gr.update(visible=not running), gr.update(visible=running)


def _note(inbox: Inbox, history: History, session: str, event: gr.LikeData) -> None:
    """Keeps what somebody thought of an answer, with the question before it."""
    at = event.index if isinstance(event.index, int) else event.index[0]
    asked = next((said(m["content"]) for m in reversed(history[:at]) if m["role"] == "user"), "")
    good = event.liked is True or event.liked == "Like"
    reason = event.liked if isinstance(event.liked, str) and event.liked not in ("Like", "Dislike") else ""
    inbox.put(GOOD if good else BAD, mask(asked).text, said(history[at]["content"]), reason, session)


def said(content: Any) -> str:
    """The words of a chat message, whichever form Gradio gives them."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if isinstance(part, dict))


def _add(typed: str, history: History) -> tuple[str, History]:
    if not typed.strip():
        return "", history
    return "", [*history, {"role": "user", "content": typed}]


def _add_option(typed: str, history: History, event: gr.SelectData) -> tuple[str, History]:
    return typed, [*history, {"role": "user", "content": event.value}]


def _add_example(typed: str, history: History, event: gr.SelectData) -> tuple[str, History]:
    return typed, [*history, {"role": "user", "content": event.value["text"]}]


def _without_answer(typed: str, history: History) -> tuple[str, History]:
    """The chat up to its last question."""
    last = max((n for n, m in enumerate(history) if m["role"] == "user"), default=-1)
    return typed, history[: last + 1]


def _stopped(say: Say, history: History) -> tuple[History, Any, Any]:
    """The chat as far as it came, with a word that it was stopped."""
    if history and history[-1]["role"] == "user":
        history = [*history, {"role": "assistant", "content": say("stopped")}]
    elif history:
        content = f"{said(history[-1]['content'])}\n\n{say('stopped')}"
        history = [*history[:-1], {"role": "assistant", "content": content}]
    return history, *_buttons(False)


def _forget(chain: KepuChain, session: str, history: History) -> History:
    """An empty chat that says so, once everything of a conversation is deleted; nothing when it was not confirmed."""
    if not session:
        return history
    chain.forget(session)
    return [{"role": "assistant", "content": sentence("forgotten")}]


async def _answer(chain: KepuChain, say: Say, history: History, session: str) -> AsyncIterator[History]:
    """Streams an answer by sentences that may be shown, then the whole of it with sources and what to ask next.

    The chain waits in a thread that is left behind when somebody stops: the page is free at once.
    """
    if not history or history[-1]["role"] != "user":
        yield history
        return
    question = said(history[-1]["content"])
    shown = ""
    yield [*history, {"role": "assistant", "content": say("waiting")}]
    try:
        parts = chain.sentences({"question": question, "session": session})
        while (part := await to_thread.run_sync(next, parts, None, abandon_on_cancel=True)) is not None:
            if isinstance(part, Answer):
                yield [*history, _whole(part, say)]
                return
            shown += part + "\n\n"
            yield [*history, {"role": "assistant", "content": shown}]
    except KepuError as error:
        yield [*history, {"role": "assistant", "content": explain(error)}]


def _whole(answer: Answer, say: Say) -> dict[str, Any]:
    """A finished answer as a message: where it comes from, its words and sources, what can be tapped."""
    options = [{"value": s, "label": s} for s in answer.suggestions]
    content = "\n\n".join(filter(None, (_origin(answer), answer.markdown, _chips(answer, say))))
    return {"role": "assistant", "content": content, "options": options}


def _origin(answer: Answer) -> str:
    """Where an answer comes from, for people to see first: the plan or a card; a model says so itself at the end."""
    return f'<span class="kepu-origin">{answer.origin}</span>' if answer.origin else ""


def _chips(answer: Answer, say: Say) -> str:
    """A numbered chip for each source; it opens the verbatim words, and is a link where no script runs."""
    chips: list[str] = []
    for c in {(c.tier, c.source, c.title, c.locator): c for c in answer.citations}.values():
        shown = c.title if c.tier == "card" else f"{c.source} {c.locator}"
        link = escape(source_link(c.tier, c.source, c.locator, c.quote[:BEGINNING] if c.tier == "document" else ""))
        chips.append(f'<a href="{link}"><b>{len(chips) + 1}</b>{escape(shown)}</a>')
    return f'<div class="kepu-chips">{say("sources")} {"".join(chips)}</div>' if chips else ""
