"""Answers that come later than the platform waits: told so, had by 继续, or sent on where the account may."""

import time
from contextlib import asynccontextmanager, contextmanager

import pytest
from fastapi import FastAPI

from assistant import KepuChain
from evals.generated.server import model_server, says
from tests.ui.channels.platform import APPID, TOKEN, Platform, customer_service, links, xml
from tests.ui.conftest import DAY, served
from ui.channels.callbacks import envelope
from ui.channels.correspondence import Correspondence
from ui.channels.wechat import wechat_router
from ui.channels.wechat_api import CustomerService
from ui.desk import open_worder
from ui.settings import Settings
from vectorstore.state import StateStore

WHO = "智慧助老服务由哪些部门负责"


@pytest.fixture
def late(library, tmp_path):
    """Serves the account with no time to answer in (or `hold` seconds), with or without a customer service."""

    @contextmanager
    def start(api=None, hold=0.001, worder=None, most=2000):
        store = StateStore(tmp_path)
        letters = Correspondence(KepuChain(library, lambda: DAY, store, worder=worder), store, hold=hold, most=most)

        @asynccontextmanager
        async def living(_):
            yield
            await letters.finish()

        app = FastAPI(lifespan=living)
        service = CustomerService(api, APPID, "secret") if api else None
        app.include_router(wechat_router(envelope(TOKEN, APPID), letters, service))
        with served(app) as url:
            yield Platform(url)

    return start


def until(found, seconds=5):
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.02)
    return found()


def test_a_late_answer_is_had_by_going_on(late):
    with late() as hurried:
        told = hurried.say(WHO)
        assert "还在查" in told
        (more,) = links(told)
    with late(hold=4) as patient:
        assert patient.tap(more).startswith("责任部门：省委宣传部")
    with late() as hurried:
        hurried.say(WHO, "o_said")
    with late(hold=4) as patient:
        assert patient.say("继续", "o_said").startswith("责任部门：省委宣传部")


def test_a_late_answer_is_sent_on_once(late):
    with customer_service() as wechat, late(wechat.url) as hurried:
        message = xml(Content=WHO)
        assert "还在查" in hurried.deliver(message)
        (sent,) = until(wechat.sent)
        assert sent["touser"] == "o_user" and sent["text"]["content"].startswith("责任部门：省委宣传部")
        assert "aimsgcontext" not in sent
        hurried.deliver(message)
        time.sleep(0.2)
        assert len(wechat.sent()) == 1


def test_an_answer_that_wechat_refuses_to_send_is_not_counted_as_sent(late):
    with customer_service(48001) as wechat:
        with late(wechat.url) as hurried:
            hurried.say(WHO)
            assert until(wechat.sent)
            hurried.say("省农科院有哪些任务")
            time.sleep(0.3)
            assert len(wechat.sent()) == 1
        with late(wechat.url, hold=4) as patient:
            assert patient.say("继续").startswith("省农科院共参与2项任务")


def test_a_stale_token_is_fetched_again_once(late):
    with customer_service(42001, 0) as wechat, late(wechat.url) as hurried:
        hurried.say(WHO)
        assert until(lambda: len(wechat.sent()) == 2)
        tokens = [path for path, _ in wechat.got if "custom/send" in path]
        assert len(set(tokens)) == 2
        assert [body["force_refresh"] for path, body in wechat.got if "stable_token" in path] == [False, False]


def test_what_a_model_has_worded_says_so_in_every_part_and_to_wechat(late):
    said = "酒能不喝就不喝[1]。大人要喝，一天的酒精不超过15克[1]。"
    with model_server(says(said)) as model, customer_service() as wechat:
        named = {"llm_base_url": model.url, "llm_model": "scripted", "llm_api_key": "sk-x", "llm_mode": "always"}
        worder = open_worder(Settings(_env_file=None, **named))
        with late(wechat.url, worder=worder, most=340) as hurried:
            hurried.say("大人喝酒一天最多喝多少酒精")
            (sent,) = until(wechat.sent)
    first = sent["text"]["content"]
    assert sent["aimsgcontext"] == {"is_ai_msg": 1}
    assert "（内容由AI生成）\n回复“<a" in first and len(first.encode()) <= 340
    with late(hold=4, most=340) as patient:
        assert "（内容由AI生成）" in patient.say("继续")


@pytest.mark.parametrize("code", [45015, 45047, 45011, 40164])
def test_a_refusal_for_now_leaves_the_account_trying_later(late, code):
    with customer_service(code) as wechat, late(wechat.url) as hurried:
        hurried.say(WHO)
        assert until(wechat.sent)
        hurried.say("省农科院有哪些任务")
        assert until(lambda: len(wechat.sent()) == 2)


def test_a_server_that_is_down_costs_no_answer(late):
    with late("http://127.0.0.1:9") as hurried:
        hurried.say(WHO)
    with late(hold=4) as patient:
        assert patient.say("继续").startswith("责任部门")


def test_a_message_whose_server_was_killed_is_answered_on_the_retry(late, tmp_path):
    """The claim of a server that gives no sign of life is taken over."""
    from ui.channels.correspondence import Letter

    message = xml(Content=WHO)
    fields = {"identity": ("gh_us", "o_user", message.split("<MsgId><![CDATA[")[1].split("]]>")[0])}
    assert StateStore(tmp_path).claim(Letter("wechat", "gh_us", "o_user", said=WHO, **fields).exchange)
    with late(hold=4.4) as patient:
        assert patient.deliver(message).startswith("责任部门")
