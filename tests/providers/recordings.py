"""The recorded replies beside this checkout: which there are, who replays each, and how their bytes are cut."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple, cast

from tests.providers.wires import EVENTS, Pieces, Wire, claude, claude_config, codestral
from tests.shared_data import SHARED
from workbench.ports import Provider

_FOLDER = SHARED / "recordings"
_OF_THE_CONNECTION = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class Case(NamedTuple):
    """One recorded reply: the folder of its vendor, and its own."""

    vendor: str
    name: str

    def __str__(self) -> str:
        return f"{self.vendor}-{self.name}"

    @property
    def meta(self) -> dict[str, Any]:
        """What the recorder noted."""
        return _meta(self)

    @property
    def expected(self) -> dict[str, Any]:
        """What the recorder's own parser found in the body."""
        return cast("dict[str, Any]", self.meta["expected"])

    @property
    def status(self) -> int:
        return int(self.meta["status"])

    @property
    def endpoint(self) -> str:
        """The path it was asked for at, without its query."""
        return str(self.meta["endpoint"]).partition("?")[0]

    @property
    def headers(self) -> dict[str, str]:
        """The recorded headers, but for those about how the bytes travelled."""
        pairs = ((name.lower(), value) for name, value in self.meta["response_headers"])
        return {name: value for name, value in pairs if name not in _OF_THE_CONNECTION}

    @property
    def file(self) -> str:
        """The name of the body's file; it tells what the body is."""
        return next(one.name for one in sorted((_FOLDER / self.vendor / self.name).iterdir()) if one.stem == "response")

    @property
    def body(self) -> bytes:
        return (_FOLDER / self.vendor / self.name / self.file).read_bytes()


@cache
def _meta(case: Case) -> dict[str, Any]:
    path = _FOLDER / case.vendor / case.name / "meta.json"
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))


def usages(case: Case) -> Iterable[tuple[str, dict[str, Any]]]:
    """The model and usage of each answer within a reply, however deep."""
    for line in case.body.decode().splitlines() if case.file == "response.jsonl" else [case.body.decode()]:
        yield from _usages(json.loads(line))


def _usages(value: Any) -> Iterable[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        whole = cast("dict[str, Any]", value)
        if isinstance(whole.get("usage"), dict):
            yield str(whole.get("model")), whole["usage"]
        value = list(whole.values())
    for one in value if isinstance(value, list) else []:
        yield from _usages(one)


ALL = sorted(Case(path.parent.parent.name, path.parent.name) for path in _FOLDER.glob("*/*/meta.json"))
CHATS = {
    "anthropic": ("/v1/messages",),
    "mistral": ("/v1/chat/completions", "/v1/fim/completions", "/v1/agents/completions"),
}


def _chosen(found: Callable[[Case], bool]) -> list[Case]:
    return [case for case in ALL if found(case)]


def _answers(case: Case) -> bool:
    return case.status < 400 and case.endpoint in CHATS[case.vendor]


STREAMS = _chosen(lambda case: _answers(case) and case.file == "response.sse")
MESSAGES = _chosen(lambda case: _answers(case) and case.file == "response.json")
"""Whole answers: what a request without `stream` gets."""
REFUSALS = _chosen(lambda case: case.status >= 400)
LISTS = _chosen(lambda case: case.status < 400 and case.endpoint == "/v1/models")
COUNTS = _chosen(lambda case: case.status < 400 and case.endpoint == "/v1/messages/count_tokens")
BATCHED = _chosen(lambda case: case.status < 400 and "/batch" in case.endpoint and any(usages(case)))
"""Replies of the batch services that hold answers: their usage is read as any other's."""
REPLAYED = frozenset((*STREAMS, *MESSAGES, *REFUSALS, *LISTS, *COUNTS, *BATCHED))
NOT_ASKED_FOR = {
    r"/v1/messages/batches.*|/v1/batch/jobs.*": "drafts are streamed, no batch is ever handed in; the rehearsal "
    "server's own batches are checked in tests/rehearsal/test_batches.py",
    r"/v1/files.*": "nothing is uploaded and nothing fetched",
    r"/v1/models/.+": "models are asked for as a list, never one by one",
    r"/v1/complete": "retired, and never spoken here",
    r"/v1/(conversations|responses|agents|libraries|workflows|skills|sessions|environments)\b.*": "drafts are asked "
    "for as chats",
    r"/v1/(embeddings|moderations|chat/moderations|classifications|chat/classifications|ocr|audio|fine_tuning)\b.*": ""
    "no text",
    r"/v1/organizations\b.*": "the operator's business",
}
"""Why a reply of these endpoints is not replayed."""


def reason_not_to_replay(case: Case) -> str:
    """Why nobody replays it; empty when there is no reason."""
    return next((why for path, why in NOT_ASKED_FOR.items() if re.fullmatch(path, case.endpoint)), "")


# --- replaying -----------------------------------------------------------------------------------------------


def pieces_of(raw: bytes, ends: Iterable[int]) -> Pieces:
    """The bytes, cut at these offsets."""
    at = sorted({end for end in ends if 0 < end < len(raw)})
    return Pieces(*(raw[start:end] for start, end in zip([0, *at], [*at, len(raw)], strict=True)))


def _at_events(case: Case) -> list[int]:
    return [found.end() for found in re.finditer(rb"\r?\n\r?\n", case.body)]


def _anywhere(case: Case) -> list[int]:
    chance = random.Random(len(case.body))
    return chance.sample(range(1, len(case.body)), min(len(case.body) - 1, chance.randint(1, 60)))


def _as_recorded(case: Case) -> list[int]:
    return cast("list[int]", case.meta.get("wire_chunk_ends") or [])


_BYTE_BY_BYTE = 20_000
"""Bytes of the largest body cut at every byte: a test is no place for a million reads."""
CUTS: dict[str, Callable[[Case], list[int]]] = {
    "whole": lambda _: [],
    "at events": _at_events,
    "at every byte": lambda case: list(range(len(case.body))) if len(case.body) <= _BYTE_BY_BYTE else [],
    "anywhere": _anywhere,
    "as recorded": _as_recorded,
}
"""Offsets at which a recorded stream is cut; `as recorded` where the recorder kept the network's own chunks."""
CUT_STREAMS = [(case, cut) for case in STREAMS for cut in CUTS if cut == "whole" or CUTS[cut](case)]


def provider_for(case: Case, wire: Wire) -> Provider:
    """The adapter that reads it. Claude's tool calls are read in tool mode: there the text is the tool's arguments."""
    if case.vendor == "mistral":
        return codestral(wire)
    tool = any(block["type"] == "tool_use" for block in case.expected.get("blocks") or [])
    return claude(wire, claude_config(mode="tool" if tool else "schema"))


def streamed(case: Case, body: Pieces) -> Provider:
    """A provider whose next draft is this stream, under its recorded headers and a trace id of ours."""
    wire = Wire(body=body, headers={**case.headers, **EVENTS, "request-id": "req_1", "mistral-correlation-id": "req_1"})
    return provider_for(case, wire)
