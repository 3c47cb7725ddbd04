"""Anthropic's Message Batches: created, polled, listed, cancelled, deleted, and read as JSON Lines in any order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from workbench.rehearsal.admission import body_of
from workbench.rehearsal.batching import Ask, Batch, Reply, Shelf
from workbench.rehearsal.payload import Body, compact, items, mapping
from workbench.rehearsal.refusals import RefusalError, anthropic
from workbench.rehearsal.replies import anthropic_body, anthropic_endpoint, anthropic_page, fresh

MOST_REQUESTS = 100_000
LARGEST = 256 * 1024 * 1024
_CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class MessageBatches:
    """The batches of every key; `answer` drafts one request."""

    def __init__(self, answer: Callable[[Body, str], Reply]) -> None:
        self._answer = answer
        self._shelf: Shelf[Batch] = Shelf()

    def routes(self) -> list[Route]:
        """Everything below `/v1/messages/batches`."""
        acts = (
            ("POST", "", self._create),
            ("GET", "", self._list),
            ("GET", "/{id}", self._retrieve),
            ("DELETE", "/{id}", self._delete),
            ("POST", "/{id}/cancel", self._cancel),
            ("GET", "/{id}/results", self._results),
        )
        return [
            Route(f"/v1/messages/batches{path}", anthropic_endpoint(act), methods=[method])
            for method, path, act in acts
        ]

    async def _create(self, request: Request, key: str) -> Mapping[str, object]:
        body = await body_of(request, LARGEST)
        for problem in _problems(body):
            raise RefusalError(anthropic(400, problem))
        asks = [
            Ask(custom_id=str(one["custom_id"]), body=mapping(one["params"]))
            for one in map(mapping, items(body["requests"]))
        ]
        batch = Batch(fresh("msgbatch_"), asks, lambda ask: self._drafted(ask, key))
        self._shelf.put(key, batch.id, batch)
        return _shown(batch, request)

    async def _list(self, request: Request, key: str) -> Mapping[str, object]:
        return anthropic_page([_shown(batch, request) for batch in self._shelf.newest_first(key)], request)

    async def _retrieve(self, request: Request, key: str) -> Mapping[str, object]:
        batch = self._found(request, key)
        batch.look()
        return _shown(batch, request)

    async def _cancel(self, request: Request, key: str) -> Mapping[str, object]:
        batch = self._found(request, key)
        if batch.state == "ended":
            raise RefusalError(anthropic(400, f"Batch {batch.id} cannot be canceled because it has already ended."))
        batch.cancel()
        return _shown(batch, request)

    async def _delete(self, request: Request, key: str) -> Mapping[str, object]:
        batch = self._found(request, key)
        if batch.state != "ended":
            raise RefusalError(anthropic(400, f"Batch {batch.id} cannot be deleted while it is being processed."))
        self._shelf.drop(key, batch.id)
        return {"id": batch.id, "type": "message_batch_deleted"}

    async def _results(self, request: Request, key: str) -> Response:
        batch = self._found(request, key)
        if batch.state != "ended":
            raise RefusalError(anthropic(404, f"Batch {batch.id} has no available results."))
        lines = (
            f"{compact({'custom_id': ask.custom_id, 'result': _result(batch, ask)})}\n" for ask in batch.shuffled()
        )
        return StreamingResponse(lines, media_type="application/x-jsonl")

    def _found(self, request: Request, key: str) -> Batch:
        batch = self._shelf.find(key, request.path_params["id"])
        if batch is None:
            raise RefusalError(anthropic(404, f"Batch {request.path_params['id']} not found."))
        return batch

    def _drafted(self, ask: Ask, key: str) -> Reply:
        """The requests' own fields are looked at only now: a batch with nothing but mistakes is accepted too."""
        unfit = [name for name in ("stream", "speed") if ask.body.get(name)]
        if unfit or ask.body.get("max_tokens") == 0:
            refusal = anthropic(400, f"{(*unfit, 'max_tokens: 0')[0]} is not supported in a batch")
            return 400, anthropic_body(refusal, fresh("req_"))
        status, body = self._answer(ask.body, key)
        if status != 200:
            return status, body
        return status, {**body, "usage": {**mapping(body["usage"]), "service_tier": "batch"}}


def _problems(body: Body) -> Iterator[str]:
    """What is wrong with the batch itself."""
    yield from (f"{name}: Extra inputs are not permitted" for name in body if name != "requests")
    asked = [mapping(one) for one in items(body.get("requests"))]
    if not asked:
        yield "requests: Field required" if "requests" not in body else "requests: List should have at least 1 item"
    if len(asked) > MOST_REQUESTS:
        yield f"requests: List should have at most {MOST_REQUESTS} items after validation, not {len(asked)}"
    seen: set[object] = set()
    for place, one in enumerate(asked):
        name = one.get("custom_id")
        if not isinstance(name, str) or _CUSTOM_ID.fullmatch(name) is None:
            yield f"requests.{place}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'"
        if not isinstance(one.get("params"), Mapping):
            yield f"requests.{place}.params: Field required"
        if name in seen:
            yield f"requests.{place}.custom_id: custom_id must be unique within a batch, found “{name}” twice"
        yield from (
            f"requests.{place}.{key}: Extra inputs are not permitted" for key in set(one) - {"custom_id", "params"}
        )
        seen.add(name)


def _shown(batch: Batch, request: Request) -> dict[str, object]:
    """The batch as it stands. Its counts move all at once, when it has ended."""
    counts = {"processing": 0, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
    for ask in batch.asks:
        counts[str(_result(batch, ask)["type"]) if batch.state == "ended" else "processing"] += 1
    status = {"cancelling": "canceling", "ended": "ended"}.get(batch.state, "in_progress")
    ended = batch.state == "ended"
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": status,
        "request_counts": counts,
        "ended_at": _told(batch.ended),
        "created_at": _told(batch.created),
        "expires_at": _told(batch.expires),
        "archived_at": None,
        "cancel_initiated_at": _told(batch.cancelled),
        # Absolute, on the host the client named: the SDK follows it as it is.
        "results_url": f"{request.base_url}v1/messages/batches/{batch.id}/results" if ended else None,
    }


def _result(batch: Batch, ask: Ask) -> dict[str, object]:
    reply = batch.replies.get(ask.custom_id)
    if reply is None:
        return {"type": "canceled" if batch.cancelled is not None else "expired"}
    status, body = reply
    return {"type": "succeeded", "message": body} if status == 200 else {"type": "errored", "error": body}


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
