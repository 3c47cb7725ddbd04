"""What every request has to bring before a vendor's own rules apply: a key, a body, and perhaps a fault to play."""

from __future__ import annotations

import json

from starlette.requests import Request

from workbench.rehearsal.faults import FAULTS, asked_for, known
from workbench.rehearsal.payload import Body, compact, mapping

LARGEST_BODY = 32 * 1024 * 1024


class AdmissionError(Exception):
    """A request neither vendor would read. `status` is the HTTP status, the message what is wrong."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def key_of(request: Request) -> str:
    """The key from `x-api-key` or, failing that, from `Authorization: Bearer`; empty when there is none."""
    named = request.headers.get("x-api-key", "")
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    return named or (bearer.strip() if scheme.lower() == "bearer" else "")


def refused(key: str, fault: str) -> bool:
    """Whether the key opens nothing: none at all, one that begins with `refused`, or a fault that says so."""
    return not key or key.startswith("refused") or fault == "refuse-key"


async def body_of(request: Request) -> Body:
    """The body as JSON. Raises AdmissionError when it is too large or not one JSON object in UTF-8."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST_BODY:
            raise AdmissionError(413, "Request exceeds the maximum size")
    try:
        body: object = json.loads(raw)
        compact(body).encode()
    except (ValueError, RecursionError):
        raise AdmissionError(400, "The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise AdmissionError(400, "The request body is not a JSON object")
    return mapping(body)


def fault_of(header: str, model: str) -> tuple[str, str]:
    """The model without a suffix, and the fault asked for. Raises AdmissionError for a fault nobody knows."""
    base, fault = asked_for(header, model)
    if fault and known(fault) is None:
        raise AdmissionError(400, f"There is no rehearsal fault “{fault}”. Known: {', '.join(FAULTS)}.")
    return base, fault
