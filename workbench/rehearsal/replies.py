"""Endpoints that answer at once: who may ask, the vendor's headers, and its shape for what is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate
from typing import Literal
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from workbench.rehearsal.admission import AdmissionError, key_of, refused
from workbench.rehearsal.anthropic_rules import check_version
from workbench.rehearsal.payload import mapping
from workbench.rehearsal.refusals import Refusal, RefusalError, anthropic, mistral

Act = Callable[[Request, str], Awaitable[Response | Mapping[str, object]]]
"""What an endpoint does for a request and its key. Raises AdmissionError or RefusalError."""
Endpoint = Callable[[Request], Awaitable[Response]]

MOST_LISTED = 1000


def fresh(prefix: Literal["req_", "msg_", "toolu_", "msgbatch_"]) -> str:
    """A new id of Anthropic's."""
    return f"{prefix}01{uuid4().hex[:22]}"


def anthropic_headers(request_id: str) -> dict[str, str]:
    """What stands above every answer of Anthropic's."""
    return {
        "date": formatdate(usegmt=True),
        "request-id": request_id,
        "anthropic-organization-id": "00000000-0000-0000-0000-000000000000",
        "anthropic-workspace-id": "wrkspc_rehearsal",
        "cache-control": "no-cache",
    }


def anthropic_body(refusal: Refusal, request_id: str) -> dict[str, object]:
    """An error as Anthropic words it, with the request it belongs to."""
    return {**mapping(refusal.body), "request_id": request_id}


def anthropic_refused(refusal: Refusal, request_id: str) -> Response:
    """The reply to a request Anthropic turns down."""
    told = refusal.under(anthropic_headers(request_id))
    body = told.body if isinstance(told.body, str) else anthropic_body(told, request_id)
    return _sent(body, told)


def anthropic_turned_away(error: AdmissionError, key: str) -> Refusal:
    """What Anthropic says to a request that was not let in."""
    if error.status == 401:
        return anthropic(401, "invalid x-api-key" if key else "x-api-key header is required")
    return anthropic(error.status, error.message)


def anthropic_endpoint(act: Act) -> Endpoint:
    """An endpoint of Anthropic's that asks for a key and a version."""

    async def endpoint(request: Request) -> Response:
        request_id, key = fresh("req_"), key_of(request)
        try:
            _let_in(key)
            check_version(request.headers.get("anthropic-version", ""))
            answer = await act(request, key)
        except AdmissionError as error:
            return anthropic_refused(anthropic_turned_away(error, key), request_id)
        except RefusalError as error:
            return anthropic_refused(error.refusal, request_id)
        return _under(answer, anthropic_headers(request_id))

    return endpoint


def anthropic_page(listed: list[dict[str, object]], request: Request) -> dict[str, object]:
    """The page a request asks for by `limit`, `after_id` and `before_id`. Raises RefusalError."""
    query = request.query_params
    limit = int(query["limit"]) if query.get("limit", "20").isdecimal() and "limit" in query else 20
    if not 1 <= limit <= MOST_LISTED or not query.get("limit", "20").isdecimal():
        raise RefusalError(anthropic(400, f"limit: Input should be between 1 and {MOST_LISTED}"))
    places = {str(one["id"]): place for place, one in enumerate(listed)}
    first, last = 0, len(listed)
    if "after_id" in query:
        first = places.get(query["after_id"], last - 1) + 1
    elif "before_id" in query:
        last = places.get(query["before_id"], 0)
        first = max(0, last - limit)
    shown = listed[first:last][:limit]
    more = first > 0 if "before_id" in query else first + limit < last
    ends = (shown[0]["id"], shown[-1]["id"]) if shown else (None, None)
    return {"data": shown, "has_more": more, "first_id": ends[0], "last_id": ends[1]}


def mistral_headers() -> dict[str, str]:
    """What stands above every answer of Mistral's."""
    return {"date": formatdate(usegmt=True), "mistral-correlation-id": str(uuid4())}


def mistral_refused(refusal: Refusal) -> Response:
    """The reply to a request Mistral turns down."""
    told = refusal.under(mistral_headers())
    return _sent(told.body, told)


def mistral_turned_away(error: AdmissionError) -> Refusal:
    """What Mistral says to a request that was not let in."""
    if error.status == 401:
        return Refusal(status=401, body={"detail": "Invalid API Key"})
    return mistral(error.status, error.message, code="3000")


def mistral_endpoint(act: Act) -> Endpoint:
    """An endpoint of Mistral's that asks for a key."""

    async def endpoint(request: Request) -> Response:
        key = key_of(request)
        try:
            _let_in(key)
            answer = await act(request, key)
        except AdmissionError as error:
            return mistral_refused(mistral_turned_away(error))
        except RefusalError as error:
            return mistral_refused(error.refusal)
        return _under(answer, mistral_headers())

    return endpoint


def _let_in(key: str) -> None:
    if refused(key):
        raise AdmissionError(401, "")


def _under(answer: Response | Mapping[str, object], headers: dict[str, str]) -> Response:
    reply = answer if isinstance(answer, Response) else JSONResponse(answer)
    reply.headers.update(headers)
    return reply


def _sent(body: Mapping[str, object] | str, told: Refusal) -> Response:
    kind = HTMLResponse if isinstance(body, str) else JSONResponse
    return kind(body, status_code=told.status, headers=dict(told.headers))
