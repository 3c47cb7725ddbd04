"""Mistral's chunks, byte for byte as the wire has them: data lines only, padding in `p`, usage in the last one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from workbench.rehearsal.allowance import Standing
from workbench.rehearsal.course import OWN_WORD, Course, Ending
from workbench.rehearsal.payload import Body, compact, quoted
from workbench.rehearsal.playback import Frame, Script

_PADDING = "abcdefghijklmnopqrstuvwxyz0123456789"
_STOPS: dict[Ending, str] = {"complete": "stop", "truncated": "length", "refused": "error", "trickle": "stop"}
_PING = b": still here\n\n"
_DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What will be said, what it costs, what an error in it says, and what to call when it begins."""

    id: str
    model: object
    course: Course
    usage: dict[str, object]
    cost: int
    tool: str
    error: Body
    begin: Callable[[], None]
    standing: dict[str, Standing]


def streamed(answer: Answer) -> Script:
    """The chunks: the role alone, the text, why it stopped together with the usage, and the end marker."""
    ended = answer.course.ending
    role = _chunk(answer, {"role": "assistant", "content": ""}, None, padded=False)
    return Script(
        opening=b"" if ended == "empty" else role,
        frames=_frames(answer),
        closing=_framed(answer.error) if ended == "error" else _DONE if ended in OWN_WORD else b"",
        ending=ended,
        begin=answer.begin,
        ping=_PING,
    )


def _frames(answer: Answer) -> tuple[Frame, ...]:
    """The deltas; the last carries why it stopped and the usage. A tool call comes whole, in one chunk."""
    stop = _STOPS.get(answer.course.ending)
    if answer.tool:
        delta: dict[str, object] = {"tool_calls": [_call(answer)]}
        reason = "tool_calls" if stop == "stop" else stop
        whole = _chunk(answer, delta, reason) if reason else b""
        return (Frame(data=whole, after=float(answer.course.tokens)),)
    chunk = _cut_open(answer)
    found = [Frame(data=chunk(quoted(piece.text)), after=piece.after) for piece in answer.course.pieces]
    if stop is not None:
        found.append(Frame(data=_chunk(answer, {"content": ""}, stop), after=float(answer.course.tokens)))
    return tuple(found)


def _cut_open(answer: Answer) -> Callable[[str], bytes]:
    """The chunk of each piece, given as JSON: written once, since most of a stream is these."""
    mark = "\x00"
    whole = _chunk(answer, {"content": mark}, None, padded=False).decode()
    head, _, tail = whole.partition(quoted(mark))

    def chunk(text: str) -> bytes:
        padding = _padding('{"content":' + text + "}")
        return f'{head}{text}{tail[:-3]},"p":"{padding}"}}\n\n'.encode()

    return chunk


def _call(answer: Answer) -> dict[str, object]:
    function = {"name": answer.tool, "arguments": answer.course.text}
    return {"id": answer.id[:9], "type": "function", "index": 0, "function": function}


def _chunk(answer: Answer, delta: dict[str, object], stop: str | None, *, padded: bool = True) -> bytes:
    data: dict[str, object] = {
        "id": answer.id,
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": answer.model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": stop}],
    }
    if stop is not None:
        data["usage"] = answer.usage
    if padded:
        data["p"] = _padding(compact(delta))
    return _framed(data)


def _framed(data: Body) -> bytes:
    return f"data: {compact(data)}\n\n".encode()


def _padding(delta: str) -> str:
    return _PADDING[: 1 + crc32(delta.encode()) % len(_PADDING)]


def whole(answer: Answer) -> Script:
    """The completion in one piece, ready when its last token is."""
    ended = answer.course.ending
    data = compact(completion(answer)).encode()
    sent = data if ended in OWN_WORD else data[: len(data) // 2] if answer.course.pieces else b""
    frame = Frame(data=sent, after=float(answer.course.tokens))
    return Script(opening=b"", frames=(frame,), closing=b"", ending=ended, begin=answer.begin)


def completion(answer: Answer) -> dict[str, object]:
    """The answer as it comes without a stream."""
    ended = answer.course.ending
    called = bool(answer.tool)
    message = {
        "role": "assistant",
        "tool_calls": [_call(answer)] if called else None,
        "content": "" if called else answer.course.text,
    }
    stop = "tool_calls" if called and ended == "complete" else _STOPS.get(ended, "stop")
    return {
        "id": answer.id,
        "object": "chat.completion",
        "created": int(time.time()),
        "model": answer.model,
        "usage": answer.usage,
        "choices": [{"index": 0, "finish_reason": stop, "message": message}],
    }
