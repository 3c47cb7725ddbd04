"""Mistral's files, as far as batches need them: uploaded, listed, looked up, read and deleted."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workbench.rehearsal.batching import Shelf
from workbench.rehearsal.refusals import RefusalError, invalid, mistral
from workbench.rehearsal.replies import mistral_endpoint

LARGEST = 512 * 1024 * 1024
PURPOSES = ("fine-tune", "batch", "ocr", "agentic_safety")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file on Mistral's side. `sample` is what its lines are, `source` who made it."""

    id: str
    name: str
    content: bytes
    created: int
    purpose: str = "batch"
    sample: str = "batch_request"
    source: str = "upload"

    def shown(self) -> dict[str, object]:
        """The file as the API shows it."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": self.created,
            "filename": self.name,
            "purpose": self.purpose,
            "sample_type": self.sample,
            "num_lines": sum(1 for line in self.content.splitlines() if line.strip()),
            "mimetype": "application/jsonl",
            "source": self.source,
            "signature": None,
            "expires_at": None,
            "visibility": "workspace",
        }


class Files:
    """The files of every key."""

    def __init__(self) -> None:
        self._shelf: Shelf[File] = Shelf()

    def routes(self) -> list[Route]:
        """Everything below `/v1/files`."""
        acts = (
            ("POST", "", self._upload),
            ("GET", "", self._list),
            ("GET", "/{id}", self._retrieve),
            ("DELETE", "/{id}", self._delete),
            ("GET", "/{id}/content", self._content),
        )
        return [Route(f"/v1/files{path}", mistral_endpoint(act), methods=[method]) for method, path, act in acts]

    def keep(self, key: str, name: str, content: bytes, *, sample: str, source: str, purpose: str = "batch") -> File:
        """A new file of the key's."""
        file = File(
            id=str(uuid4()),
            name=name,
            content=content,
            created=int(time.time()),
            sample=sample,
            source=source,
            purpose=purpose,
        )
        self._shelf.put(key, file.id, file)
        return file

    def found(self, key: str, name: str) -> File:
        """The key's file of that id. Raises RefusalError."""
        file = self._shelf.find(key, name)
        if file is None:
            raise RefusalError(mistral(404, f"No file matches the given query: {name}", "not_found_error", "1900"))
        return file

    async def _upload(self, request: Request, key: str) -> Mapping[str, object]:
        async with request.form(max_files=1, max_part_size=LARGEST) as form:
            file, purpose = form.get("file"), str(form.get("purpose") or "fine-tune")
            if file is None or isinstance(file, str):
                raise unfit("missing", "Field required", None, "file")
            if purpose not in PURPOSES:
                raise unfit("enum", f"Input should be one of {PURPOSES}", purpose, "purpose")
            content = await file.read()
            sample = "batch_request" if purpose == "batch" else "instruct"
            kept = self.keep(
                key, file.filename or "file.jsonl", content, sample=sample, source="upload", purpose=purpose
            )
        return kept.shown()

    async def _list(self, request: Request, key: str) -> Mapping[str, object]:
        purpose = request.query_params.get("purpose")
        files = [one.shown() for one in self._shelf.newest_first(key) if purpose in {None, one.purpose}]
        return mistral_page(files, request)

    async def _retrieve(self, request: Request, key: str) -> Mapping[str, object]:
        return {**self.found(key, request.path_params["id"]).shown(), "deleted": False}

    async def _delete(self, request: Request, key: str) -> Mapping[str, object]:
        file = self.found(key, request.path_params["id"])
        self._shelf.drop(key, file.id)
        return {"id": file.id, "object": "file", "deleted": True}

    async def _content(self, request: Request, key: str) -> Response:
        return Response(self.found(key, request.path_params["id"]).content, media_type="application/octet-stream")


def mistral_page(listed: list[dict[str, object]], request: Request) -> dict[str, object]:
    """The page a request asks for by `page` and `page_size`. Raises RefusalError."""
    asked = [request.query_params.get("page", "0"), request.query_params.get("page_size", "100")]
    if not all(one.isdecimal() for one in asked):
        raise unfit("int_parsing", "Input should be a valid integer", asked, "page")
    page, size = map(int, asked)
    return {"object": "list", "data": listed[page * size :][:size], "total": len(listed)}


def unfit(kind: str, message: str, value: object, *place: str | int) -> RefusalError:
    """The 422 for one field."""
    detail = {"type": kind, "loc": ["body", *place], "msg": message, "input": value}
    return RefusalError(invalid([detail]))
