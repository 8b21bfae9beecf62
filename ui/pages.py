"""The first page: a chat whose sources open, and the whole register with its filters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import partial
from importlib import resources
from typing import Any
from uuid import uuid4

import gradio as gr

from assistant import Answer, KepuChain
from assistant.compose import ROLE_NAMES
from assistant.privacy import mask
from prompts import choices, sentence
from ui.faults import explain
from ui.pictures import bars, matrix, network
from ui.register import select
from ui.register_page import EXPORTS, style
from ui.source_page import source_link
from vectorstore.errors import KepuError
from vectorstore.inbox import BAD, GOOD, Inbox
from vectorstore.library import Library
from vectorstore.records import Role

_FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
_ANY = "全部"
_REMEMBERED = (
    "<script>try { if (localStorage.getItem('kepu-mode') === 'elder') location.replace('/elder'); } catch {}</script>"
)
"""Whoever chose the page for older people gets it the next time too."""
_GREEN = "#0b4f3a"
"""White on it has a contrast of 9:1; Gradio's own emerald has less than the 4.5:1 that is asked of any page."""


def page_options() -> dict[str, Any]:
    """Theme and style for mounting; local fonts only, nothing is fetched from outside."""
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
    css = (resources.files("ui") / "web" / "page.css").read_text(encoding="utf-8") + style()
    return {"theme": theme, "css": css, "footer_links": [], "run_history": False, "head": _REMEMBERED}


def build_page(chain: KepuChain, library: Library, inbox: Inbox) -> gr.Blocks:
    """The page as Gradio blocks."""
    with gr.Blocks(title=sentence("app_title"), analytics_enabled=False) as page:
        gr.HTML(f'<header class="kepu-head"><h1>{sentence("app_title")}</h1>{_to_elder()}</header>')
        with gr.Tab(sentence("tab_chat")):
            _chat(chain, inbox)
        with gr.Tab(sentence("tab_register")):
            _register(library)
    return page


def _to_elder() -> str:
    return f'<a class="kepu-button" href="/elder">{sentence("to_elder")}</a>'


def _chat(chain: KepuChain, inbox: Inbox) -> None:
    session = gr.State(lambda: uuid4().hex)
    box = gr.Chatbot(
        height="62vh",
        layout="panel",
        label=sentence("tab_chat"),
        show_label=False,
        buttons=["copy"],
        autoscroll=False,
        feedback_options=("Like", "Dislike", *choices("feedback_reasons")),
    )
    with gr.Row():
        typed = gr.Textbox(
            placeholder=sentence("ask_here"),
            label=sentence("ask_label"),
            show_label=False,
            scale=8,
            autofocus=True,
        )
        send = gr.Button(sentence("send"), variant="primary", scale=1, min_width=88)
    gr.Examples([[c] for c in choices("page_examples")], inputs=typed, label=sentence("examples"))
    answer = partial(_answer, chain)

    def note(history: list[Any], event: gr.LikeData) -> None:
        _note(inbox, history, event)

    box.like(note, box, None, show_progress="hidden")
    for start in (typed.submit, send.click):
        start(_add, [typed, box], [typed, box], show_progress="hidden").then(
            answer, [box, session], box, show_progress="hidden"
        )
    box.option_select(_add_option, box, box, show_progress="hidden").then(
        answer, [box, session], box, show_progress="hidden"
    )


def _note(inbox: Inbox, history: list[Any], event: gr.LikeData) -> None:
    """Keeps what somebody thought of an answer, with the question before it."""
    at = event.index if isinstance(event.index, int) else event.index[0]
    asked = next((said(m["content"]) for m in reversed(history[:at]) if m["role"] == "user"), "")
    good = event.liked is True or event.liked == "Like"
    reason = event.liked if isinstance(event.liked, str) and event.liked not in ("Like", "Dislike") else ""
    inbox.put(GOOD if good else BAD, mask(asked).text, said(history[at]["content"]), reason)


def said(content: Any) -> str:
    """The words of a chat message, whichever form Gradio gives them."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if isinstance(part, dict))


def _add(typed: str, history: list[Any]) -> tuple[str, list[Any]]:
    if not typed.strip():
        return "", history
    return "", [*history, {"role": "user", "content": typed}]


def _add_option(history: list[Any], event: gr.SelectData) -> list[Any]:
    return [*history, {"role": "user", "content": event.value}]


def _answer(chain: KepuChain, history: list[Any], session: str) -> Iterator[list[Any]]:
    """Streams an answer by sentences that may be shown, then the whole of it with sources and what to ask next."""
    if not history or history[-1]["role"] != "user":
        yield history
        return
    question = said(history[-1]["content"])
    shown = ""
    try:
        for part in chain.sentences({"question": question, "session": session}):
            if isinstance(part, Answer):
                yield [*history, _whole(part)]
                return
            shown += part + "\n\n"
            yield [*history, {"role": "assistant", "content": shown}]
    except KepuError as error:
        yield [*history, {"role": "assistant", "content": explain(error)}]


def _whole(answer: Answer) -> dict[str, Any]:
    """A finished answer as a message: where it comes from, its words and sources, what can be tapped."""
    options = [{"value": s, "label": s} for s in answer.suggestions]
    content = "\n\n".join(filter(None, (_origin(answer), answer.markdown, sources(answer))))
    return {"role": "assistant", "content": content, "options": options}


def _origin(answer: Answer) -> str:
    """Where an answer comes from, for people to see first: the plan or a card; a model says so itself at the end."""
    return f'<span class="kepu-origin">{answer.origin}</span>' if answer.origin else ""


def sources(answer: Answer) -> str:
    """The citations as blocks that open: source and locator outside, verbatim words inside."""
    out = []
    for n, c in enumerate(answer.citations, 1):
        quote = html.escape(re.sub(r"\s+", " ", c.quote))
        link = source_link(c)
        near = f'<p><a href="{html.escape(link)}" target="_blank">{sentence("source_near")}</a></p>' if link else ""
        out.append(f"<details><summary>[{n}] {html.escape(c.source)} {c.locator}</summary>{quote}{near}</details>")
    return "\n".join(out)


def _register(library: Library) -> None:
    snapshot = library.current()
    sections = [f"{c.path} {c.title}" for n in snapshot.register.notices.values() for c in n.clauses if c.level < 3]
    with gr.Row():
        department = gr.Dropdown([_ANY, *snapshot.register.departments], value=_ANY, label="部门")
        role = gr.Dropdown([_ANY, *(ROLE_NAMES[r] for r in Role)], value=_ANY, label="角色")
        section = gr.Dropdown([_ANY, *sections], value=_ANY, label="行动或工程")

    def fill(department: str, role: str, section: str) -> tuple[str, list[list[str]]]:
        chosen = [None if v == _ANY else v for v in (department, role, section.split(" ", maxsplit=1)[0])]
        found = select(library.current(), *chosen)
        rows = [[d.path, d.title, d.department, ROLE_NAMES[d.role]] for d in found]
        return sentence("register_count", count=len(rows)), rows

    text, rows = fill(_ANY, _ANY, _ANY)
    count = gr.Markdown(text)
    table = gr.Dataframe(rows, headers=["条目", "任务", "部门", "角色"], interactive=False, wrap=True, max_height=1200)
    with gr.Row():
        for form, name in EXPORTS.items():
            gr.Button(sentence("export_to", name=name), link=f"/register/export?format={form}", min_width=88)
    duties = snapshot.register.duties()
    with gr.Accordion(sentence("picture_bars"), open=False):
        gr.HTML(bars(duties))
    with gr.Accordion(sentence("picture_network"), open=False):
        gr.HTML(network(snapshot.register, duties))
    with gr.Accordion(sentence("picture_matrix"), open=False):
        gr.HTML(matrix(snapshot.register, duties))
    for control in (department, role, section):
        control.change(fill, [department, role, section], [count, table], show_progress="hidden")
