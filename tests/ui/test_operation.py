"""Liveness, readiness and figures for whoever runs the service."""

import httpx


def test_the_service_says_that_it_lives_and_is_ready(open_service):
    assert httpx.get(f"{open_service}/healthz").json() == {"status": "ok"}
    ready = httpx.get(f"{open_service}/readyz").json()
    assert ready["status"] == "ready" and ready["knowledge"] >= 1


def test_figures_count_requests_by_route_and_hold_nothing_of_a_question(open_service):
    httpx.get(f"{open_service}/api/duties", params={"department": "省科协"})
    figures = httpx.get(f"{open_service}/metrics").text
    assert 'kepu_requests_total{method="GET",route="/api/duties",status="200"}' in figures
    assert "省科协" not in figures
