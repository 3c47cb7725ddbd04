"""Changes to the events of a stream: what a broken server, an odd model or next year's API would send instead."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import cast

from workbench.rehearsal.course import Fault, Where
from workbench.rehearsal.payload import compact, items, mapping
from workbench.rehearsal.playback import Frame, Script

Event = dict[str, object]
Change = Callable[[bytes, Where], bytes]
Tell = Callable[[Event], Event]

_END = b"\n\n"
_MARK = "\ue000"
HUGE = 20_000_000
"""Characters of the delta that is too large."""
BOMB = 64_000_000
"""Bytes a small compressed body becomes."""


def spoilt(script: Script, fault: Fault) -> Script:
    """The script with each of its events changed as the fault says, and compressed when its headers say so."""
    change, squeeze = fault.change or _unchanged, zlib.compressobj(level=1, wbits=31)
    squeezed = "content-encoding" in fault.headers
    if squeezed:
        change = _compressing(change, squeeze)
    elif fault.change is None:
        return script
    middle = len(script.frames) // 3
    opening = _each(script.opening, "opening", change)
    frames = tuple(
        Frame(data=_each(frame.data, "middle" if place == middle else "piece", change), after=frame.after)
        for place, frame in enumerate(script.frames)
    )
    closing = _each(script.closing, "closing", change) + (squeeze.flush() if squeezed else b"")
    return replace(script, opening=opening, frames=frames, closing=closing)


def editing(edit: Callable[[Event, Where], Iterable[Event | bytes]]) -> Change:
    """A change of events read as JSON; what is no JSON stays as it is."""

    def change(raw: bytes, where: Where) -> bytes:
        head, _, data = raw.partition(b"data: ")
        if not data.startswith(b"{"):
            return raw
        event: Event = json.loads(data)
        found = list(edit(event, where))
        named = head.startswith(b"event:")
        return raw if found == [event] else b"".join(_written(one, named=named) for one in found)

    return change


def cut_json(raw: bytes, where: Where) -> bytes:
    """The middle event ends in the middle of its JSON."""
    return raw[: len(raw) // 2] + _END if where == "middle" else raw


def broken_text(event: Event, where: Where) -> Iterator[Event | bytes]:
    """The middle delta holds bytes that are no UTF-8."""
    if where != "middle":
        yield event
        return
    sound = _written(_saying(event, _MARK), named="type" in event)
    yield sound.replace(_MARK.encode(), b"\xff\xc3")


def huge(event: Event, where: Where) -> Iterator[Event | bytes]:
    """The middle delta is HUGE."""
    yield _saying(event, "x" * HUGE) if where == "middle" else event


def bomb(raw: bytes, where: Where) -> bytes:
    """A comment of BOMB blanks before the middle event: next to nothing, compressed."""
    return b": " + b" " * BOMB + b"\n" + raw if where == "middle" else raw


def without_starts(event: Event, where: Where) -> Iterator[Event | bytes]:
    """Deltas of a block, or of a role, that never started."""
    started = event.get("type") == "content_block_start" or (where == "opening" and "choices" in event)
    if not started:
        yield event


def without_blocks(event: Event, _where: Where) -> Iterator[Event | bytes]:
    """A message with no block at all."""
    if not str(event.get("type")).startswith(("content_block", "ping")):
        yield event


def twice(*kinds: str) -> Callable[[Event, Where], Iterator[Event | bytes]]:
    """Events of these kinds come twice; Mistral's first chunk is its `start`, any other with text a `delta`."""

    def edit(event: Event, where: Where) -> Iterator[Event | bytes]:
        kind = str(event.get("type") or ("start" if where == "opening" else "delta"))
        yield event
        if kind in kinds and (kind != "delta" or _choice(event).get("finish_reason") is None):
            yield event

    return edit


def novel(event: Event, where: Where) -> Iterator[Event | bytes]:
    """Unknown keys everywhere, and before the middle a comment, an unknown event and an unknown block."""
    later = {"novelty": {"since": "next year"}}
    if where == "middle":
        yield b": a comment\n\n"
        if "type" in event:
            block = {"index": 7, "content_block": {"type": "novelty", "state": "new"}}
            yield {"type": "novelty", **later}
            yield {"type": "content_block_start", **block}
            yield {"type": "content_block_delta", "index": 7, "delta": {"type": "novelty_delta", "state": "newer"}}
            yield {"type": "content_block_stop", "index": 7}
        else:
            yield {"id": event.get("id"), "object": "novelty", "choices": [], **later}
    if choice := _choice(event):
        event = {**event, "choices": [{**choice, **later, "delta": {**mapping(choice.get("delta")), **later}}]}
    yield {**event, **later}


def after_block(block: Event, *deltas: Event) -> Callable[[Event, Where], Iterator[Event | bytes]]:
    """Another block comes before the answer's."""

    def edit(event: Event, _where: Where) -> Iterator[Event | bytes]:
        if "index" in event:
            event = {**event, "index": cast("int", event["index"]) + 1}
        yield event
        if event.get("type") == "message_start":
            yield {"type": "content_block_start", "index": 0, "content_block": block}
            for delta in deltas:
                yield {"type": "content_block_delta", "index": 0, "delta": delta}
            yield {"type": "content_block_stop", "index": 0}

    return edit


def counted(tell: Tell) -> Callable[[Event, Where], Iterator[Event | bytes]]:
    """The last usage is told otherwise; Mistral's leaves the chunk when nothing is left of it."""

    def edit(event: Event, _where: Where) -> Iterator[Event | bytes]:
        if "usage" not in event:
            yield event
            return
        usage = tell(dict(mapping(event["usage"])))
        rest = {name: value for name, value in event.items() if name != "usage"}
        yield {**rest, "usage": usage} if usage else rest

    return edit


def undiagnosed(event: Event, _where: Where) -> Iterator[Event | bytes]:
    """A message whose diagnosis has not come."""
    message = mapping(event.get("message"))
    yield {**event, "message": {**message, "diagnostics": {"cache_miss_reason": None}}} if message else event


def listed(event: Event, where: Where) -> Iterator[Event | bytes]:
    """Mistral's content as lists: a chunk of thinking first, then lists of text and strings in turn."""
    choice = _choice(event)
    text = mapping(choice.get("delta")).get("content")
    if where == "opening":
        yield event
        thought = [{"type": "thinking", "thinking": [{"type": "text", "text": "Weighing it."}]}]
        yield _with_delta(event, {"content": thought})
    elif isinstance(text, str) and text and len(text) % 2:
        yield _with_delta(event, {"content": [{"type": "text", "text": text}]})
    else:
        yield event


def fragments(event: Event, _where: Where) -> Iterator[Event | bytes]:
    """A tool call in pieces, as guest models send it: id and name first, then arguments with neither."""
    calls = [mapping(call) for call in items(mapping(_choice(event).get("delta")).get("tool_calls"))]
    if not calls:
        yield event
        return
    call, function = calls[0], mapping(calls[0].get("function"))
    text, size = str(function.get("arguments")), 40
    first = {**call, "id": f"chatcmpl-tool-{call.get('id')}", "function": {**function, "arguments": ""}}
    quiet = {"index": 0, "type": "function"}
    pieces = [
        {**quiet, "function": {"name": "", "arguments": text[at : at + size]}} for at in range(0, len(text), size)
    ]
    for piece in (first, *pieces):
        part = _with_delta(event, {"tool_calls": [piece]})
        part = {**part, "choices": [{**_choice(part), "finish_reason": None}]}
        yield {name: value for name, value in part.items() if name != "usage"}
    yield _with_delta(event, {"content": ""})


def unnumbered(event: Event, _where: Where) -> Iterator[Event | bytes]:
    """A tool call without index and type, as in older recordings."""
    calls = [mapping(call) for call in items(mapping(_choice(event).get("delta")).get("tool_calls"))]
    bare = [{name: value for name, value in call.items() if name in {"id", "function"}} for call in calls]
    yield _with_delta(event, {"content": None, "tool_calls": bare}) if bare else event


def _unchanged(raw: bytes, _where: Where) -> bytes:
    return raw


def _compressing(change: Change, squeeze: zlib._Compress) -> Change:
    def compressed(raw: bytes, where: Where) -> bytes:
        return squeeze.compress(change(raw, where)) + squeeze.flush(zlib.Z_SYNC_FLUSH)

    return compressed


def _each(data: bytes, where: Where, change: Change) -> bytes:
    return b"".join(change(event + _END, where) for event in data.split(_END) if event)


def _written(event: Event | bytes, *, named: bool) -> bytes:
    if isinstance(event, bytes):
        return event
    head = f"event: {event['type']}\n" if named else ""
    return f"{head}data: {compact(event)}\n\n".encode()


def _choice(event: Event) -> Event:
    return dict(mapping(next(iter(items(event.get("choices"))), None)))


def _with_delta(event: Event, delta: Event) -> Event:
    return {**event, "choices": [{**_choice(event), "delta": delta}]}


def _saying(event: Event, text: str) -> Event:
    """The delta with another text, in whichever field its text stands."""
    if "choices" not in event:
        delta = mapping(event.get("delta"))
        name = "partial_json" if "partial_json" in delta else "text"
        return {**event, "delta": {**delta, name: text}}
    calls = items(mapping(_choice(event).get("delta")).get("tool_calls"))
    if not calls:
        return _with_delta(event, {"content": text})
    call = mapping(calls[0])
    return _with_delta(event, {"tool_calls": [{**call, "function": {**mapping(call["function"]), "arguments": text}}]})
