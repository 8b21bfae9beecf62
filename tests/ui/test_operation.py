"""Liveness, readiness and figures for whoever runs the service."""

import httpx

from assistant import KepuChain
from assistant.model import open_model
from assistant.wording import Mode, Worder
from evals.generated.server import Reply, model_server, says
from tests.ui.conftest import DAY, served
from ui.server import make_service
from ui.settings import Settings
from vectorstore.inbox import Inbox

ALCOHOL = "大人喝酒一天最多喝多少酒精"


def told(figures, name):
    """The value of a figure."""
    return float(figures.split(f"\n{name} ")[1].split("\n")[0])


def test_the_service_says_that_it_lives_and_is_ready(open_service):
    assert httpx.get(f"{open_service}/healthz").json() == {"status": "ok"}
    ready = httpx.get(f"{open_service}/readyz").json()
    assert ready["status"] == "ready" and ready["knowledge"] >= 1


def test_figures_count_requests_by_route_and_hold_nothing_of_a_question(open_service):
    httpx.get(f"{open_service}/api/duties", params={"department": "省科协"})
    figures = httpx.get(f"{open_service}/metrics").text
    assert 'kepu_requests_total{method="GET",route="/api/duties",status="200"}' in figures
    assert "省科协" not in figures


def test_figures_tell_what_the_model_has_cost_and_why_composed_answers_stood(library, state):
    replies = (says("酒能不喝就不喝[1]。"), Reply(status=401), says("大人一天最多喝25克[1]。"))
    with model_server(*replies) as model:
        opened = open_model(model.url, "scripted", "sk-x", 8.0)
        chain = KepuChain(library, lambda: DAY, worder=Worder(opened, "scripted", Mode.ALWAYS))
        settings = Settings(_env_file=None, home=state, today=DAY)
        with served(make_service(chain, library, Inbox(state), settings)) as url:
            for question in (ALCOHOL, ALCOHOL, "声音是怎么传到耳朵里的", "公民具备科学素质的比例目标是多少"):
                httpx.post(f"{url}/api/ask", json={"question": question})
            figures = httpx.get(f"{url}/metrics").text
    assert 'kepu_wordings_total{outcome="worded"} 2.0' in figures
    assert 'kepu_wordings_total{outcome="status_401"} 1.0' in figures
    assert 'kepu_wordings_total{outcome="unfit_' in figures
    assert "kepu_model_cached_total 1.0" in figures
    assert "kepu_model_calls_total 4.0" in figures
    assert told(figures, 'kepu_model_tokens_total{direction="input"}') >= 100
    assert told(figures, 'kepu_model_tokens_total{direction="output"}') >= 20
    assert told(figures, "kepu_model_seconds_total") > 0
    assert "酒" not in figures


def test_without_a_model_there_are_no_figures_of_one(open_service):
    assert "kepu_wordings" not in httpx.get(f"{open_service}/metrics").text
