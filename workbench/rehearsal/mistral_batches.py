"""Mistral's batch jobs: inline requests or files go in, polls move them on, and outputs come inline or as a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.routing import Route

from workbench.rehearsal.admission import body_of
from workbench.rehearsal.batching import Ask, Batch, Reply, Shelf
from workbench.rehearsal.mistral_files import LARGEST, Files, mistral_page, unfit
from workbench.rehearsal.payload import Body, compact, items, mapping
from workbench.rehearsal.refusals import RefusalError, mistral
from workbench.rehearsal.replies import mistral_endpoint

ENDPOINT = "/v1/chat/completions"
MOST_INLINE = 10_000
_FIELDS = frozenset(
    ["agent_id", "endpoint", "input_files", "metadata", "model", "requests", "timeout_hours"],
)
_STATUS = {"waiting": "QUEUED", "under way": "RUNNING", "cancelling": "CANCELLATION_REQUESTED"}


@dataclass(slots=True, kw_only=True)
class Job:
    """A batch under Mistral's name for it. `lines` says where each request stands in its file."""

    batch: Batch
    model: str
    inputs: list[str]
    inline: bool
    metadata: object
    lines: dict[str, str]
    outputs: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    errors: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    output_file: str | None = None
    error_file: str | None = None

    @property
    def status(self) -> str:
        """The job's status; one that ended is known by what became of its requests."""
        if self.batch.state != "ended":
            return _STATUS[self.batch.state]
        if self.batch.cancelled is not None:
            return "CANCELLED"
        if any(ask.expires for ask in self.batch.asks):
            return "TIMEOUT_EXCEEDED"
        return "SUCCESS" if self.outputs else "FAILED"

    def collect(self) -> None:
        """Sort the replies into outputs and errors, once."""
        for ask in self.batch.shuffled():
            if ask.custom_id in self.batch.replies:
                status, body = self.batch.replies[ask.custom_id]
                line: dict[str, object] = {
                    "id": self.lines[ask.custom_id],
                    "custom_id": ask.custom_id,
                    "response": {"status_code": status, "body": body},
                    "error": None if status == 200 else {"message": str(body.get("message", body.get("detail")))},
                }
                (self.outputs if status == 200 else self.errors).append(line)

    def shown(self, *, outputs: bool) -> dict[str, object]:
        """The job as the API shows it; `outputs` with what came of it, once it has ended."""
        batch, found = self.batch, len(self.batch.replies)
        failed = Counter(str(mapping(line["error"])["message"]) for line in self.errors)
        return {
            "id": batch.id,
            "object": "batch",
            "input_files": self.inputs,
            "metadata": self.metadata,
            "endpoint": ENDPOINT,
            "model": self.model,
            "agent_id": None,
            "output_file": self.output_file,
            "error_file": self.error_file,
            "errors": [{"message": message, "count": count} for message, count in failed.items()],
            "outputs": self.outputs if outputs and batch.state == "ended" else None,
            "status": self.status,
            "created_at": int(batch.created.timestamp()),
            "total_requests": 0 if batch.state == "waiting" else len(batch.asks),
            "completed_requests": found,
            "succeeded_requests": sum(1 for status, _ in batch.replies.values() if status == 200),
            "failed_requests": sum(1 for status, _ in batch.replies.values() if status != 200),
            "started_at": _seconds(batch.started),
            "completed_at": _seconds(batch.ended),
        }


class BatchJobs:
    """The jobs of every key; `answer` drafts one request."""

    def __init__(self, answer: Callable[[Body, str], Reply], files: Files) -> None:
        self._answer = answer
        self._files = files
        self._shelf: Shelf[Job] = Shelf()

    def routes(self) -> list[Route]:
        """Everything below `/v1/batch/jobs`."""
        acts = (
            ("POST", "", self._create),
            ("GET", "", self._list),
            ("GET", "/{id}", self._retrieve),
            ("DELETE", "/{id}", self._delete),
            ("POST", "/{id}/cancel", self._cancel),
        )
        return [Route(f"/v1/batch/jobs{path}", mistral_endpoint(act), methods=[method]) for method, path, act in acts]

    async def _create(self, request: Request, key: str) -> Mapping[str, object]:
        body = await body_of(request, LARGEST)
        _check(body)
        inline = [mapping(one) for one in items(body.get("requests"))]
        inputs = [str(one) for one in items(body.get("input_files"))]
        if inline:
            content = "".join(f"{compact(one)}\n" for one in inline).encode()
            inputs = [self._files.keep(key, "requests.jsonl", content, sample="batch_request", source="mistral").id]
        name, model = str(uuid4()), str(body["model"])
        asked = [
            (f"batch-{name[:8]}-{file[:8]}-{offset}", ask)
            for file in inputs
            for offset, ask in _asks(self._files.found(key, file).content, model)
        ]
        lines = {ask.custom_id: line for line, ask in asked}
        if len(lines) < len(asked):
            raise RefusalError(mistral(400, "Each `custom_id` may stand in a job once", code="3051"))
        asks = [ask for _, ask in asked]
        batch = Batch(name, asks, lambda ask: self._drafted(ask, key), hours=float(str(body.get("timeout_hours", 24))))
        job = Job(
            batch=batch,
            model=model,
            inputs=inputs,
            inline=bool(inline),
            metadata=body.get("metadata"),
            lines=lines,
        )
        self._shelf.put(key, name, job)
        return job.shown(outputs=False)

    async def _list(self, request: Request, key: str) -> Mapping[str, object]:
        query = request.query_params
        statuses = query.getlist("status")
        jobs = [
            job.shown(outputs=False)
            for job in self._shelf.newest_first(key)
            if query.get("model") in {None, job.model} and (not statuses or job.status in statuses)
        ]
        return mistral_page(jobs[::-1] if query.get("order_by") == "created" else jobs, request)

    async def _retrieve(self, request: Request, key: str) -> Mapping[str, object]:
        job = self._found(request, key)
        before = job.batch.state
        job.batch.look()
        if job.batch.state == "ended" != before:
            job.collect()
            job.output_file = self._written(key, job, job.outputs, "result")
            job.error_file = self._written(key, job, job.errors, "error")
        return job.shown(outputs=job.inline or request.query_params.get("inline") == "true")

    async def _cancel(self, request: Request, key: str) -> Mapping[str, object]:
        job = self._found(request, key)
        if job.batch.state == "ended":
            raise RefusalError(mistral(400, f"Batch job {job.batch.id} is {job.status} already"))
        job.batch.cancel()
        return job.shown(outputs=False)

    async def _delete(self, request: Request, key: str) -> Mapping[str, object]:
        job = self._found(request, key)
        if job.batch.state != "ended":
            raise RefusalError(mistral(400, f"Batch job {job.batch.id} is {job.status}: cancel it first"))
        self._shelf.drop(key, job.batch.id)
        return {"id": job.batch.id, "object": "batch", "deleted": True}

    def _found(self, request: Request, key: str) -> Job:
        job = self._shelf.find(key, request.path_params["id"])
        if job is None:
            raise RefusalError(mistral(404, f"Batch job {request.path_params['id']} not found", "not_found_error"))
        return job

    def _written(self, key: str, job: Job, lines: list[dict[str, object]], what: str) -> str | None:
        if not lines:
            return None
        content = "".join(f"{compact(line)}\n" for line in lines).encode()
        name = f"{job.batch.id}_{what}s.jsonl"
        return self._files.keep(key, name, content, sample=f"batch_{what}", source="mistral").id

    def _drafted(self, ask: Ask, key: str) -> Reply:
        return self._answer({name: value for name, value in ask.body.items() if name != "stream"}, key)


def _check(body: Body) -> None:
    """Raises RefusalError for what a job may not say; its requests are judged when their turn comes."""
    for name in body:
        if name not in _FIELDS:
            raise unfit("extra_forbidden", "Extra inputs are not permitted", body[name], name)
    if body.get("endpoint") != ENDPOINT:
        kind = "missing" if "endpoint" not in body else "enum"
        raise unfit(kind, f"Input should be '{ENDPOINT}'", body.get("endpoint"), "endpoint")
    inline, files = items(body.get("requests")), items(body.get("input_files"))
    if bool(inline) == bool(files):
        raise RefusalError(mistral(400, "Give either `requests` or `input_files`", code="3051"))
    if len(inline) > MOST_INLINE:
        raise unfit("too_long", f"List should have at most {MOST_INLINE} items", len(inline), "requests")
    for place, one in enumerate(inline):
        if not isinstance(mapping(one).get("body"), Mapping):
            raise unfit("missing", "Field required", one, "requests", place, "body")
    if not isinstance(body.get("model"), str):
        raise RefusalError(mistral(400, "Give the `model` of the job", "invalid_model", "1500"))
    hours = body.get("timeout_hours", 24)
    if not isinstance(hours, int) or not 1 <= hours <= 7 * 24:
        raise unfit("less_than_equal", "Input should be between 1 and 168", hours, "timeout_hours")
    for name, value in mapping(body.get("metadata")).items():
        if len(name) > 32 or not isinstance(value, str) or len(value) > 512:
            raise unfit("string_too_long", "String should have at most 512 characters", value, "metadata", name)


def _asks(content: bytes, model: str) -> Iterator[tuple[int, Ask]]:
    """The requests of a file, each with the byte it begins at. Raises RefusalError."""
    offset = 0
    for place, line in enumerate(content.splitlines(keepends=True)):
        if line.strip():
            try:
                one: Any = json.loads(line)
            except ValueError:
                raise RefusalError(mistral(400, f"Invalid JSON in line {place + 1} of the file", code="3051")) from None
            asked = mapping(mapping(one).get("body"))
            if not asked:
                raise RefusalError(mistral(400, f"No `body` in line {place + 1} of the file", code="3051"))
            custom_id = mapping(one).get("custom_id")
            name = str(place) if custom_id is None else str(custom_id)
            yield offset, Ask(custom_id=name, body={**asked, "model": model})
        offset += len(line)


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment is not None else None
