"""The faults of an answer on its way: broken connections, broken events, the wrong words, an odd bill."""

from __future__ import annotations

from workbench.domain.review import Review, as_json
from workbench.rehearsal import spoiling
from workbench.rehearsal.course import BOTH, Ending, Fault, Vendor
from workbench.rehearsal.payload import Body, mapping
from workbench.rehearsal.spoiling import Event, editing

_CLAUDE: tuple[Vendor, ...] = ("anthropic",)
_MISTRAL: tuple[Vendor, ...] = ("mistral",)
STRAY = '{"quote":"A quote where sentences were asked for.","score":7}'
"""Valid JSON of the wrong shape."""


def _overloaded(**more: object) -> dict[str, object]:
    return {"type": "error", "error": {**more, "type": "overloaded_error", "message": "Overloaded"}}


def _errors(kind: str, message: str, mistral: Body) -> dict[Vendor, Body]:
    return {
        "anthropic": {"type": "error", "error": {"details": None, "type": kind, "message": message}},
        "mistral": mistral,
    }


_CAPACITY: dict[str, object] = {
    "object": "error",
    "message": "Service tier capacity exceeded for this model.",
    "type": "service_tier_capacity_exceeded",
    "param": None,
    "code": "3505",
    "raw_status_code": 503,
}
_NESTED = {"error": {"message": "Rate limit exceeded", "type": "rate_limited", "code": "1300"}}


def _ends(name: str, says: str, ending: Ending, share: float = 0.33) -> Fault:
    return Fault(name=name, says=says, ending=ending, share=share)


_ENDINGS = (
    _ends("cut", "The connection closes inside the chunked body.", "cut"),
    _ends("reset", "The connection is reset (RST).", "reset"),
    _ends("clean-end", "The body ends as if all were well, without the vendor's own end.", "clean-end"),
    _ends("stall", "Text comes to a halt half way; the connection stays open.", "stall"),
    _ends("mute", "No answer at all, not even its headers.", "mute", 0),
    _ends("silent", "Headers, then nothing.", "silent", 0),
    _ends("pings-only", "Pings, or comments, and never any text.", "pings", 0),
    _ends("empty", "200 and a stream without an event.", "empty", 0),
    _ends("endless", "Text that never ends.", "endless"),
    _ends("trickle", "One byte every 50 ms.", "trickle", 1),
    _ends("max-tokens", "The answer stops at its token limit, in the middle of the JSON.", "truncated", 0.66),
    _ends("max-tokens-empty", "The token limit is reached before any text.", "truncated", 0),
    _ends("refusal", "A refusal after some text: a category, or Mistral's `error` as the reason.", "refused"),
    Fault(
        name="refusal-empty",
        says="A refusal before any text, with no block.",
        ending="refused",
        share=0,
        change=editing(spoiling.without_blocks),
    ),
    Fault(
        name="error-mid",
        says="An error event after some text: overloaded, or capacity.",
        ending="error",
        share=0.33,
        error=_errors("overloaded_error", "Overloaded", _CAPACITY),
    ),
    Fault(
        name="error-first",
        says="An error event before any text: overloaded without details, or an error in an envelope.",
        ending="error",
        share=0,
        error={"anthropic": _overloaded(), "mistral": _NESTED},
    ),
    Fault(
        name="error-api",
        says="An error event after some text: api_error, or a bare detail.",
        ending="error",
        share=0.33,
        error=_errors("api_error", "Internal server error", {"detail": "Internal server error"}),
    ),
    Fault(
        name="error-rate",
        says="An error event after some text: a rate limit.",
        ending="error",
        share=0.33,
        error=_errors("rate_limit_error", "Rate limited", {"message": "Requests rate limit exceeded"}),
    ),
)


def _stray_verdict(review: Review) -> str:
    return as_json(review).replace(f'"verdict":"{review.verdict}"', '"verdict":"SHIP IT!!"')


def _no_sentences(review: Review) -> str:
    return f'{{"verdict":"{review.verdict}","confidence":"{review.confidence}","reason":"None were written."}}'


_WORDS = (
    Fault(name="prose", says="Prose; a tool that was offered is not called.", said=lambda r: r.quote, calls_tool=False),
    Fault(name="bad-shape", says="Valid JSON of another shape.", said=lambda _: STRAY),
    Fault(name="bad-verdict", says="The verdict is “SHIP IT!!”.", said=_stray_verdict),
    Fault(name="no-sentences", says="A verdict without sentences.", said=_no_sentences),
    Fault(name="two-objects", says="The object comes twice.", said=lambda r: as_json(r) * 2),
    Fault(
        name="prose-around",
        says="The object stands fenced between two sentences of prose.",
        said=lambda r: f"Here is the review:\n\n```json\n{as_json(r)}\n```\n\nTell me what to change.",
    ),
    Fault(name="no-text", says="A proper end without a word; a tool called with no arguments.", said=lambda _: ""),
)


def _changed(name: str, says: str, change: spoiling.Change, vendors: tuple[Vendor, ...] = BOTH) -> Fault:
    return Fault(name=name, says=says, change=change, vendors=vendors)


_EVENTS = (
    _changed("bad-json", "An event whose JSON breaks off.", spoiling.cut_json),
    _changed("bad-utf8", "A delta with bytes that are no UTF-8.", editing(spoiling.broken_text)),
    _changed("huge-delta", "A delta of 20 MB.", editing(spoiling.huge)),
    _changed("delta-first", "Deltas of a block or a role that never started.", editing(spoiling.without_starts)),
    _changed("novelties", "Events, blocks and keys nobody knows yet.", editing(spoiling.novel)),
    _changed("twice", "Every delta comes twice.", editing(spoiling.twice("content_block_delta", "delta"))),
    _changed("start-twice", "The start comes twice.", editing(spoiling.twice("message_start", "start"))),
    Fault(
        name="gzip",
        says="A compressed body, though none was asked for.",
        headers={"content-encoding": "gzip"},
    ),
    Fault(
        name="gzip-bomb",
        says="A small compressed body that becomes 64 MB.",
        headers={"content-encoding": "gzip"},
        change=spoiling.bomb,
    ),
    Fault(name="whole", says="200 and the whole answer as JSON where a stream was asked for.", whole=True),
    Fault(
        name="deprecated",
        says="A healthy stream from a model that is deprecated.",
        vendors=_MISTRAL,
        headers={"x-model-deprecation-timestamp": "2026-12-31T00:00:00Z"},
    ),
    _changed("content-list", "Content in lists, thinking first.", editing(spoiling.listed), _MISTRAL),
    _changed("tool-fragments", "A tool call in pieces without id and name.", editing(spoiling.fragments), _MISTRAL),
    _changed("tool-no-index", "A tool call without index and type.", editing(spoiling.unnumbered), _MISTRAL),
)

_THOUGHT: Event = {"type": "thinking_delta", "thinking": "Weighing the dossier."}
_SIGNED: Event = {"type": "signature_delta", "signature": "UkVI"}
_THINKING: Event = {"type": "thinking", "thinking": "", "signature": ""}
_REDACTED: Event = {"type": "redacted_thinking", "data": "UkVIRUFSU0FM"}


def _grown(usage: Event) -> Event:
    return {**usage, "input_tokens": 404_500}


def _shrunk(usage: Event) -> Event:
    moved = {name: usage.get(name) for name in ("input_tokens", "cache_read_input_tokens", "output_tokens")}
    iteration = {"type": "compaction", **moved, "cache_creation_input_tokens": 83}
    return {**usage, "cache_read_input_tokens": 0, "iterations": [iteration]}


def _iterated(usage: Event) -> Event:
    first = {"type": "message", **{name: value for name, value in usage.items() if name.endswith("_tokens")}}
    advisor = {"type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 2543, "output_tokens": 18}
    return {**usage, "iterations": [first, advisor]}


def _scant(usage: Event) -> Event:
    return {name: value for name, value in usage.items() if name == "output_tokens"}


def _renamed(usage: Event) -> Event:
    details = mapping(usage.get("prompt_tokens_details"))
    rest = {name: value for name, value in usage.items() if name != "prompt_tokens_details"}
    return {**rest, "num_cached_tokens": details.get("cached_tokens")}


def _billed(name: str, says: str, tell: spoiling.Tell, vendors: tuple[Vendor, ...] = _CLAUDE) -> Fault:
    return _changed(name, says, editing(spoiling.counted(tell)), vendors)


def _thinks(name: str, says: str, block: Event, *deltas: Event) -> Fault:
    return _changed(name, says, editing(spoiling.after_block(block, *deltas)), _CLAUDE)


_VENDORS_OWN = (
    _thinks("thinking", "A thinking block with text comes first.", _THINKING, _THOUGHT, _SIGNED),
    _thinks("thinking-redacted", "A redacted thinking block comes first.", _REDACTED),
    _thinks("thinking-empty", "A thinking block with a signature and no text comes first.", _THINKING, _SIGNED),
    _changed("diagnosis-pending", "The cache's diagnosis is still pending.", editing(spoiling.undiagnosed), _CLAUDE),
    _billed("usage-grows", "The last usage counts far more input than the first.", _grown),
    _billed("usage-shrinks", "The last usage has no cache reads; they stand in its iterations.", _shrunk),
    _billed("usage-iterations", "The usage comes in iterations, one of them by another model.", _iterated),
    _billed("usage-scant", "The last usage counts only output, or is not there at all.", _scant, BOTH),
    _billed("usage-renamed", "Cached tokens under their older name.", _renamed, _MISTRAL),
)

SPOILT: tuple[Fault, ...] = (*_ENDINGS, *_WORDS, *_EVENTS, *_VENDORS_OWN)
