"""What every request has to bring before a vendor's own rules apply: a key, a body, and perhaps a fault to play."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.requests import Request

from workbench.rehearsal.allowance import Allowance
from workbench.rehearsal.course import Fault, Vendor
from workbench.rehearsal.faults import FAULTS, HEADER, Faults, known, moments, split
from workbench.rehearsal.payload import Body, compact, mapping
from workbench.rehearsal.refusals import RefusalError

LARGEST_BODY = 32 * 1024 * 1024


class AdmissionError(Exception):
    """A request neither vendor would read. `status` is the HTTP status, the message what is wrong."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request that may be judged by a vendor's rules. `model` stands without its suffix."""

    body: Body
    key: str
    model: str
    fault: Fault


class Door:
    """Lets requests in: asks for the key, plays the faults that are refusals, and keeps the rate limits."""

    def __init__(self, faults: Faults, allowance: Allowance) -> None:
        self._faults = faults
        self.allowance = allowance

    async def arrival(self, request: Request, vendor: Vendor, *, drafting: bool) -> Arrival:
        """The request as it came. Raises AdmissionError, and RefusalError for a fault that is a refusal."""
        key = key_of(request)
        if refused(key):
            raise AdmissionError(401, "")
        scripted = self._faults.next() if drafting else ""
        port = request.url.port or 80
        elsewhere = f"http://localhost:{port}{request.url.path}"
        asked = request.headers.get(HEADER, "").strip()
        return self.judge(await body_of(request), key, vendor, asked, scripted, elsewhere=elsewhere)

    def judge(
        self, body: Body, key: str, vendor: Vendor, asked: str = "", scripted: str = "", *, elsewhere: str = ""
    ) -> Arrival:
        """The same for a body that came without HTTP: its fault stands behind the model's name."""
        model, suffix = split(str(body.get("model", "")))
        name = asked or suffix or scripted
        fault = known(name, vendor)
        if fault is None:
            theirs = (one.name for one in FAULTS.values() if vendor in one.vendors)
            raise AdmissionError(400, f"There is no rehearsal fault “{name}”. Known: {', '.join(theirs)}.")
        refusal = self._faults.refusal(fault, vendor, key, model)
        if refusal is not None:
            prompt = compact(body)[:2000]
            raise RefusalError(refusal.filled(key=key, model=model, prompt=prompt, elsewhere=elsewhere, **moments()))
        return Arrival(body=body, key=key, model=model, fault=fault)


def key_of(request: Request) -> str:
    """The key from `x-api-key` or, failing that, from `Authorization: Bearer`; empty when there is none."""
    named = request.headers.get("x-api-key", "")
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    return named or (bearer.strip() if scheme.lower() == "bearer" else "")


def refused(key: str) -> bool:
    """Whether the key opens nothing: none at all, or one that begins with `refused`."""
    return not key or key.startswith("refused")


async def body_of(request: Request, largest: int = LARGEST_BODY) -> Body:
    """The body as JSON. Raises AdmissionError when it is too large or not one JSON object in UTF-8."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > largest:
            raise AdmissionError(413, "Request exceeds the maximum size")
    try:
        body: object = json.loads(raw)
        if b"\\u" in raw:
            compact(body).encode()  # half a surrogate pair cannot be sent back
    except (ValueError, RecursionError):
        raise AdmissionError(400, "The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise AdmissionError(400, "The request body is not a JSON object")
    return mapping(body)
