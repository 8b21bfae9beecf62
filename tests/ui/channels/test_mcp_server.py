"""The official MCP client uses the tools, over standard input and output and over HTTP."""

import asyncio
import os
import sys

import httpx
import pytest
from mcp import Client, StdioServerParameters

from tests.conftest import ROOT

WHO = "智慧助老服务由哪些部门负责"
HELLO = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
JSON = {"Accept": "application/json, text/event-stream"}


async def used(where):
    """What each tool gives, and the text of an error."""
    async with Client(where) as client:
        tools = {t.name for t in (await client.list_tools()).tools}
        answer = await client.call_tool("ask", {"question": WHO})
        rows = await client.call_tool("duties", {"department": "科协", "role": "牵头"})
        clause = await client.call_tool("read_clause", {"path": "二（四）1"})
        wrong = await client.call_tool("duties", {"department": "省不存在厅"})
    return tools, answer, rows, clause, wrong


def check(found):
    tools, answer, rows, clause, wrong = found
    assert tools == {"ask", "duties", "read_clause"}
    assert answer.structured_content["kind"] == "duty"
    assert {row["department"] for row in rows.structured_content["result"]} == {"省科协"}
    assert "智慧助老" in clause.structured_content["result"][0]["text"]
    assert wrong.is_error and "省不存在厅" in wrong.content[0].text


def test_the_client_uses_the_tools_over_http(open_service):
    check(asyncio.run(used(f"{open_service}/mcp")))


def test_the_client_uses_the_tools_over_standard_input_and_output(home):
    env = {**os.environ, "KEPU_HOME": str(home), "PYTHONPATH": str(ROOT)}
    program = StdioServerParameters(
        command=sys.executable, args=["-c", "from ui.cli import main; main()", "mcp"], env=env
    )
    check(asyncio.run(used(program)))


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_with_keys_the_tools_need_one(keyed, headers):
    assert httpx.post(f"{keyed}/mcp", json=HELLO, headers={**JSON, **headers}).status_code == 401


def test_without_keys_a_forwarded_call_is_refused(open_service):
    assert httpx.post(f"{open_service}/mcp", json=HELLO, headers={**JSON, "Via": "proxy"}).status_code == 403
    assert (
        httpx.post(f"{open_service}/mcp", json=HELLO, headers={**JSON, "Host": "evil.example.com"}).status_code == 403
    )
