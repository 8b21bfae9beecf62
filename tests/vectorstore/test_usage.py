"""Usage by day: counts over restarts and processes, and nothing else."""

from concurrent.futures import ThreadPoolExecutor

from vectorstore.usage import Count, Usage

NOON = 1_795_500_000.0
DAY = 86_400.0


def test_answers_are_counted_by_day_kind_and_reason_over_restarts(tmp_path):
    now = [NOON]
    for kind, refusal in (("duty", ""), ("duty", ""), ("refusal", "medical")):
        Usage(tmp_path, clock=lambda: now[0]).count(kind, refusal)
    now[0] += DAY
    usage = Usage(tmp_path, clock=lambda: now[0])
    usage.count("duty")
    newest, *older = usage.days()
    assert newest == Count(newest.day, "duty", "", 1)
    assert {(c.kind, c.refusal, c.answers) for c in older} == {("duty", "", 2), ("refusal", "medical", 1)}
    assert older[0].day < newest.day


def test_old_days_are_not_shown(tmp_path):
    now = [NOON]
    usage = Usage(tmp_path, clock=lambda: now[0])
    usage.count("chat")
    now[0] += 40 * DAY
    assert usage.days() == []


def test_several_at_once_lose_none(tmp_path):
    stores = [Usage(tmp_path, clock=lambda: NOON) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: stores[n % 4].count("science"), range(40)))
    assert [c.answers for c in stores[0].days()] == [40]
