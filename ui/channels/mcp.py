"""The MCP server: other assistants ask, query the register and read clauses, over stdio or streamable HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Response
from pydantic import Field

from assistant import KepuChain
from prompts import sentence
from ui import exports, register
from ui.faults import explain
from vectorstore.errors import KepuError
from vectorstore.library import Library, Snapshot
from vectorstore.records import Clause

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from starlette.types import Receive, Scope, Send

MAX_BODY = 64 * 1024
"""Largest request in bytes: a question has at most 2,000 characters."""
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Tools:
    """What the server offers. Each tool gives a JSON object; an error of ours is said in its one sentence."""

    chain: KepuChain
    library: Library

    def ask(
        self,
        question: Annotated[str, Field(description=sentence("mcp_question"))],
        session: Annotated[str, Field(description=sentence("mcp_session"))] = "",
    ) -> dict[str, Any]:
        """The answer object of the contract."""
        with _said_to_the_model():
            return self.chain.invoke({"question": question, "session": session and f"mcp-{session}"}).to_dict()

    def duties(
        self,
        department: Annotated[str, Field(description=sentence("mcp_department"))] = "",
        role: Annotated[str, Field(description=sentence("mcp_role"))] = "",
        clause: Annotated[str, Field(description=sentence("mcp_clause"))] = "",
    ) -> dict[str, Any]:
        """The rows of the register that fit every filter given, and how many they are."""
        with _said_to_the_model():
            found = register.select(self.library.current(), department, role, clause)
        return {"count": len(found), "duties": exports.rows(found)}

    def clause(
        self,
        path: Annotated[str, Field(description=sentence("mcp_path"))],
        notice: Annotated[str, Field(description=sentence("mcp_notice"))] = "",
    ) -> dict[str, Any]:
        """The clause and what stands below it, in every notice that has one or in one: verbatim text, duties."""
        with _said_to_the_model():
            snapshot = self.library.current()
            found = register.clauses(snapshot, path)
        return {"clauses": [_clause(snapshot, c) for c in found if notice in ("", c.notice)]}


def _clause(snapshot: Snapshot, clause: Clause) -> dict[str, Any]:
    return {
        "notice": clause.notice,
        "source": snapshot.register.notices[clause.notice].title,
        "path": clause.path,
        "title": clause.title,
        "text": clause.text,
        "duties": exports.rows(snapshot.register.of_clause(clause.notice, clause.path)),
    }


@contextmanager
def _said_to_the_model() -> Iterator[None]:
    """Gives an error of ours back as a failed call with its sentence, so that the caller can mend the arguments."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except KepuError as error:
        raise ToolError(explain(error)) from error


def mcp_server(chain: KepuChain, library: Library) -> MCPServer[Any]:
    """The server with its three tools, all of them read-only."""
    from mcp.server import MCPServer
    from mcp.types import ToolAnnotations

    server = MCPServer[Any](
        "kepu", title=sentence("app_title"), instructions=sentence("mcp_about"), log_level="WARNING"
    )
    tools = Tools(chain, library)
    for tool in (tools.ask, tools.duties, tools.clause):
        about = sentence(f"mcp_tool_{tool.__name__}")
        server.add_tool(
            tool, description=about, annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False)
        )
    return server


def mcp_router(chain: KepuChain, library: Library, public_url: str = "") -> APIRouter:
    """`/mcp` by streamable HTTP without sessions, so that any worker can answer any request.

    Only requests addressed to loopback or to the host of `public_url` are answered: a page whose host name was
    rebound to this machine is refused.
    """
    from mcp.server.transport_security import TransportSecuritySettings

    server = mcp_server(chain, library)
    hosts, origins = _own_addresses(public_url)
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=MAX_BODY,
        transport_security=TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins),
    )

    class Handed(Response):
        """Hands the request on to the transport: as a response, so that dependencies of the route hold for it."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await server.session_manager.handle_request(scope, receive, send)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with server.session_manager.run():
            yield

    router = APIRouter(lifespan=running)

    @router.api_route("/mcp", methods=["GET", "POST", "DELETE"], include_in_schema=False)
    async def mcp() -> Response:
        return Handed()

    return router


def _own_addresses(public_url: str) -> tuple[list[str], list[str]]:
    """Host headers and origins that are ours."""
    hosts = [form for host in _LOOPBACK for form in (host, f"{host}:*")]
    origins = [f"http://{host}" for host in hosts]
    public = urlsplit(public_url)
    if public.netloc:
        return [*hosts, public.netloc], [*origins, f"{public.scheme}://{public.netloc}"]
    return hosts, origins
