"""A stream under a fault still fits the SDKs' own types, but for what the fault is about and what the wire really has.

Every fault that streams is looked at; those whose bytes nobody could read are listed with their reason.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from anthropic.types import RawMessageStreamEvent
from anthropic.types.shared import ErrorResponse
from mistralai.client import models as mistral

from tests.rehearsal import test_mistral as codestral
from tests.rehearsal.test_faults import see
from tests.rehearsal.test_types import KNOWN, MISTRAL_ERRORS, adapter, strangers
from workbench.rehearsal.course import Vendor
from workbench.rehearsal.faults import FAULTS

UNREADABLE = {
    "bad-json": "an event that is no JSON is what it is for",
    "endless": "it never ends",
    "gzip-bomb": "64 MB of blanks",
    "huge-delta": "20 MB in one event",
    "mute": "nothing comes",
    "pings-only": "no event comes",
    "silent": "nothing comes",
    "stall": "it ends in the middle and stays open; `clean-end` has the same events",
    "trickle": "it takes longer than a test may; its events are everybody's",
    "whole": "one message, and no stream; messages are looked at in test_types",
}
"""Faults whose events are not looked at, and why."""
BEYOND_THE_TYPES: dict[str, set[str]] = {
    "usage-shrinks": {"usage.iterations"},
    "usage-iterations": {"usage.iterations"},
    "usage-renamed": {"usage.num_cached_tokens"},
    "novelties": {"novelty", "choices.novelty", "choices.delta.novelty"},
}
"""Keys no type of the SDKs has. The first three stand in recorded replies (reference: wire.md, “Usage”); the last is
what next year's API may send, and is there to be unknown."""
UNTYPED = {"novelty"}
"""Events, blocks and deltas of a kind no SDK knows; only `novelties` has them."""


def streamed() -> list[tuple[Vendor, str]]:
    return [
        (vendor, name)
        for name, fault in FAULTS.items()
        if not fault.refusals and name not in UNREADABLE
        for vendor in fault.vendors
    ]


def unknown_in(kind: Any, event: dict[str, Any]) -> set[str]:
    """The keys of the event its type does not know. Raises ValidationError when it does not fit."""
    parsed = adapter(kind).validate_json(json.dumps(event), strict=True)
    return {one for one in strangers(event, parsed) if one not in KNOWN}


def is_new(event: dict[str, Any]) -> bool:
    """Whether it is of a kind there is no type for: an event, a block, a delta, or another object of Mistral's."""
    inner = (event, event.get("content_block") or {}, event.get("delta") or {})
    kinds = {str(one.get("type")).removesuffix("_delta") for one in inner} | {str(event.get("object"))}
    later = event.get("type") == "content_block_stop" and event.get("index") == 7
    return bool(kinds & UNTYPED) or later


@pytest.mark.parametrize(("vendor", "name"), streamed(), ids=str)
def test_a_stream_under_a_fault_fits_the_sdks_types(url: str, vendor: Vendor, name: str) -> None:
    offered: dict[str, Any] = {}
    if name.startswith("tool-"):
        offered = {"response_format": None, "tools": [codestral.TOOL], "tool_choice": "any"}
    seen = see(url, vendor, name, **offered)
    assert seen.status == 200
    assert seen.events or name == "empty"
    beyond: set[str] = set()
    for event in seen.events:
        if event.get("type") == "ping" or (name == "novelties" and is_new(event)):
            continue
        if event.get("type") == "error":
            assert unknown_in(ErrorResponse, event) == set()
        elif vendor == "mistral" and "choices" not in event:
            # No type describes an error within a stream; its body is one of those that refusals have.
            assert any(set(event.get("error", event)) <= shape for shape in MISTRAL_ERRORS)
        else:
            kind: Any = RawMessageStreamEvent if vendor == "anthropic" else mistral.CompletionChunk
            beyond |= unknown_in(kind, event)
    assert beyond <= BEYOND_THE_TYPES.get(name, set())


def test_what_is_documented_is_there_and_what_is_left_out_exists() -> None:
    assert set(UNREADABLE) <= set(FAULTS)
    assert set(BEYOND_THE_TYPES) <= {name for _, name in streamed()}
    assert {"thinking", "thinking-redacted", "usage-grows", "content-list", "tool-fragments", "error-mid"} <= {
        name for _, name in streamed()
    }
