"""Liveness, readiness and figures for whoever runs the service."""

import httpx


def test_the_service_says_that_it_lives_and_is_ready(address):
    assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    ready = httpx.get(f"{address}/readyz").json()
    assert ready["status"] == "ready" and ready["knowledge"] >= 1


def test_figures_count_requests_by_route_and_hold_nothing_of_a_question(address):
    httpx.get(f"{address}/api/duties", params={"department": "省科协"})
    figures = httpx.get(f"{address}/metrics").text
    assert 'kepu_requests_total{method="GET",route="/api/duties",status="200"}' in figures
    assert "省科协" not in figures
