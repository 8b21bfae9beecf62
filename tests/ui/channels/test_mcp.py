"""The official MCP client against `kepu mcp` and against `/mcp`."""

import asyncio
import http.client
import json
import os
from urllib.parse import urlsplit

import httpx
import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client

from tests.conftest import KEPU

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
JSON = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(params=["stdio", "http"])
def server(request, home):
    """What a client connects to: the started command, or the address of the serving process."""
    if request.param == "http":
        return request.getfixturevalue("open_service") + "/mcp"
    return stdio_client(
        StdioServerParameters(command=str(KEPU), args=["mcp"], env={**os.environ, "KEPU_HOME": str(home)})
    )


def with_client(server, use):
    async def run():
        async with Client(server) as client:
            return await use(client)

    return asyncio.run(run())


def test_an_assistant_finds_the_tools_asks_and_goes_on(server):
    async def use(client):
        tools = {t.name: t for t in (await client.list_tools()).tools}
        first = await client.call_tool("ask", {"question": "智慧助老服务由哪些部门负责", "session": "mcp-1"})
        second = await client.call_tool("ask", {"question": "谁牵头", "session": "mcp-1"})
        return tools, first, second

    tools, first, second = with_client(server, use)
    assert set(tools) == {"ask", "duties", "clause"}
    assert all(t.annotations.read_only_hint and t.description for t in tools.values())
    answer = first.structured_content
    assert len([d for d in answer["duties"] if d["role"] == "responsible"]) == 6
    assert json.loads(first.content[0].text)["text"] == answer["text"]
    assert {d["role"] for d in second.structured_content["duties"]} == {"lead"}


def test_the_register_and_the_clauses_are_whole_and_mistakes_are_explained(server, library):
    async def use(client):
        return [
            await client.call_tool("duties", {}),
            await client.call_tool("duties", {"department": "省科协", "role": "牵头"}),
            await client.call_tool("clause", {"path": "二（四）1", "notice": "赣府发〔2021〕29号"}),
            await client.call_tool("duties", {"department": "省太空局"}),
            await client.call_tool("clause", {"path": "九(九)9"}),
            await client.call_tool("ask", {"question": "问" * 2001}),
        ]

    whole, leads, clause, *mistakes = with_client(server, use)
    assert whole.structured_content["count"] == len(whole.structured_content["duties"]) == 224
    assert {d["department"] for d in leads.structured_content["duties"]} == {"省科协"}
    [read] = clause.structured_content["clauses"]
    assert read["text"] == library.current().register.clause(read["notice"], "二(四)1").text
    assert "省民政厅" in {d["department"] for d in read["duties"]}
    assert all(m.is_error for m in mistakes)
    assert ["省太空局" in mistakes[0].content[0].text, "九(九)9" in mistakes[1].content[0].text] == [True, True]
    assert "2000" in mistakes[2].content[0].text


def test_a_tool_that_does_not_exist_is_an_error_of_the_protocol_or_the_call(server):
    async def use(client):
        try:
            return (await client.call_tool("forget", {})).is_error
        except MCPError:
            return True

    assert with_client(server, use)


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [({"Host": "evil.example"}, 2, 403), ({"Origin": "https://evil.example"}, 2, 403), ({}, 10_000_000, 413)],
)
def test_pages_of_others_and_huge_bodies_are_refused(open_service, headers, size, status):
    connection = http.client.HTTPConnection(urlsplit(open_service).netloc)
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
    connection.putrequest("POST", "/mcp", skip_host="Host" in headers)
    for name, value in {**sent, "Content-Length": str(size)}.items():
        connection.putheader(name, value)
    connection.endheaders(b"{}" if size == 2 else None)
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_with_keys_the_tools_need_one(keyed, headers):
    assert httpx.post(f"{keyed}/mcp", json=PING, headers={**JSON, **headers}).status_code == 401


def test_without_keys_a_forwarded_call_is_refused(open_service):
    assert httpx.post(f"{open_service}/mcp", json=PING, headers={**JSON, "Via": "proxy"}).status_code == 403
