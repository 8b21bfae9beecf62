"""The MCP server: tools to ask, to look duties up and to read a clause, on standard input and output or at `/mcp`."""

from __future__ import annotations

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import KepuChain
from assistant.understand import read_path
from prompts import sentence
from ui import exports, register
from ui.access import Access
from ui.faults import explain
from vectorstore.errors import KepuError, UnknownName
from vectorstore.library import Library, Snapshot

_NAME = "kepu"


def make_mcp(chain: KepuChain, library: Library) -> MCPServer[Any]:
    """The server with its tools. What goes wrong is told to the client in the sentence that people get."""
    server: MCPServer[Any] = MCPServer(_NAME, instructions=sentence("mcp_instructions"), log_level="WARNING")

    @server.tool(description=sentence("mcp_ask"), structured_output=True)
    def ask(question: str, session: str = "") -> dict[str, Any]:
        try:
            return chain.invoke({"question": question, "session": f"mcp-{session}" if session else ""}).to_dict()
        except KepuError as error:
            raise ToolError(explain(error)) from error

    @server.tool(description=sentence("mcp_duties"), structured_output=True)
    def duties(department: str = "", role: str = "", clause: str = "") -> list[dict[str, str]]:
        try:
            return exports.rows(register.select(library.current(), department or None, role or None, clause or None))
        except KepuError as error:
            raise ToolError(explain(error)) from error

    @server.tool(description=sentence("mcp_clause"), structured_output=True)
    def read_clause(path: str, notice: str = "") -> list[dict[str, Any]]:
        try:
            return _clauses(library.current(), path, notice)
        except KepuError as error:
            raise ToolError(explain(error)) from error

    return server


def _clauses(snapshot: Snapshot, path: str, notice: str) -> list[dict[str, Any]]:
    """The clause of that path in every notice, or in one. Raises UnknownName `unknown_path` when there is none."""
    wanted = read_path(path)
    found = [snapshot.register.clause(n, wanted) for n in snapshot.register.notices if notice in ("", n)]
    clauses = [
        {
            "notice": c.notice, "path": c.path, "title": c.title, "text": c.text,
            "below": [b.path for b in snapshot.register.children(c.notice, c.path)],
            "duties": exports.rows(snapshot.register.of_clause(c.notice, c.path)),
        }
        for c in found if c
    ]  # fmt: skip
    if not clauses:
        raise UnknownName("unknown_path", name=path, near="—")
    return clauses


class Guarded:
    """ASGI: lets to an application only those who may call the API."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        try:
            self._access.admit(HTTPConnection(scope))
        except HTTPException as error:
            refusal = JSONResponse({"detail": error.detail}, error.status_code, error.headers)
            return await refusal(scope, receive, send)
        return await self._app(scope, receive, send)


def http_app(server: MCPServer[Any]) -> Starlette:
    """The streamable HTTP transport, without sessions so that any process answers any request.

    The keys and the rule for direct calls guard it, so that the transport's own list of hosts is not needed.
    """
    open_hosts = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(stateless_http=True, json_response=True, transport_security=open_hosts)
