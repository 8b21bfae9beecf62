"""Ten thousand deliveries with lost replies, retries and doubles: each message answered once, in time."""

import asyncio
import random
import time
from xml.etree import ElementTree

import httpx
import pytest

from tests.ui.channels.platform import APPID, TOKEN, xml
from ui.channels.crypto import sign

SAID = ("群里消息太吵，怎么让它不响", "下一步", "下一步", "下一步")
AT_ONCE = 40


async def deliver(client, urls, body, draw, seconds):
    """Delivers a message until a reply has arrived, as the platform does; the reply that counts is the last one."""
    for attempt in range(3):
        timestamp = str(int(time.time()))
        query = {"signature": sign(TOKEN, timestamp, "1"), "timestamp": timestamp, "nonce": "1"}
        begun = time.monotonic()
        sends = [
            client.post(draw.choice(urls), params=query, content=body.encode())
            for _ in range(2 if draw.random() < 0.1 else 1)
        ]
        cut_off = attempt < 2 and draw.random() < 0.15
        try:
            answers = await asyncio.wait_for(asyncio.gather(*sends), draw.uniform(0, 0.05) if cut_off else 5)
        except (TimeoutError, httpx.TransportError):
            continue
        seconds.append(time.monotonic() - begun)
        if attempt < 2 and draw.random() < 0.1:
            continue
        texts = {ElementTree.fromstring(a.text).findtext("Content") for a in answers}
        assert len(texts) == 1
        return texts.pop()
    return ""


async def play(urls, users, seed):
    """Lets users go through a guide, many at once; gives how many replies were wrong, of how many, and the times."""
    draw, seconds, room = random.Random(seed), [], asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(timeout=10, limits=httpx.Limits(max_connections=2 * AT_ONCE)) as client:

        async def user(name):
            async with room:
                replies = [await deliver(client, urls, xml(name, Content=said), draw, seconds) for said in SAID]
            return sum(not reply.startswith(f"第{n}步") for n, reply in enumerate(replies, 1))

        wrong = await asyncio.gather(*(user(f"o_{seed}_{n}") for n in range(users)))
    return sum(wrong), users * len(SAID), sorted(seconds)


@pytest.mark.slow
def test_ten_thousand_deliveries_lose_nothing_double_nothing_and_are_in_time(serving, home):
    url = serving(home, KEPU_WECHAT_TOKEN=TOKEN, KEPU_WECHAT_APPID=APPID) + "/wechat"
    wrong, messages, seconds = asyncio.run(play([url], 2500, 7))

    assert messages == 10_000
    assert wrong == 0
    assert seconds[-1] < 5


@pytest.mark.slow
def test_while_one_of_three_processes_is_killed_no_message_is_lost_or_doubled(several):
    """nginx stands before them; they share one state in PostgreSQL and one Chroma server."""

    async def kill_one():
        await asyncio.sleep(8)
        several.processes[0].kill()

    async def both():
        return (await asyncio.gather(play([f"{several.url}/wechat"], 400, 11), kill_one()))[0]

    wrong, messages, seconds = asyncio.run(both())
    assert messages == 1600
    assert several.processes[0].wait(5) < 0
    assert wrong == 0
    assert seconds[-1] < 5
