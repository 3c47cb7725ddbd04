"""Anthropic's frames, byte for byte as the wire has them: named events, compact JSON, padding blanks."""

from __future__ import annotations

from typing import Literal
from zlib import crc32

from workbench.rehearsal.anthropic_models import THINKING_TOKENS
from workbench.rehearsal.course import OWN_WORD, Course, Ending
from workbench.rehearsal.payload import Body, compact, quoted
from workbench.rehearsal.playback import Frame

PING = b'event: ping\ndata: {"type": "ping"}\n\n'
Carrier = Literal["text", "tool"]

_STOPS: dict[Ending, str] = {"truncated": "max_tokens", "refused": "refusal"}


def frame(data: dict[str, object]) -> bytes:
    """One event. The blanks before the last brace hide how long it is; they are on the real wire too."""
    return _framed(str(data["type"]), compact(data))


def opening(message: dict[str, object], carrier: Carrier, block: dict[str, object], *, thinking: bool) -> bytes:
    """Everything before the first piece: the message, a thinking block that shows nothing, the answer's block."""
    sent = [frame({"type": "message_start", "message": message})]
    index = 0
    if thinking:
        hidden = {"type": "thinking", "thinking": "", "signature": ""}
        sent += [
            frame({"type": "content_block_start", "index": 0, "content_block": hidden}),
            PING,
            frame({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": ""}}),
            frame(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "UkVI"}}
            ),
            frame({"type": "content_block_stop", "index": 0}),
        ]
        index = 1
    sent.append(frame({"type": "content_block_start", "index": index, "content_block": block}))
    sent += [] if thinking else [PING]
    if carrier == "tool":
        sent.append(_piece("", carrier, index))
    return b"".join(sent)


def pieces(course: Course, carrier: Carrier, *, thinking: bool) -> tuple[Frame, ...]:
    """The answer's deltas; thinking takes its time first."""
    ahead = THINKING_TOKENS if thinking else 0
    index = 1 if thinking else 0
    return tuple([Frame(data=_piece(piece.text, carrier, index), after=ahead + piece.after) for piece in course.pieces])


def closing(course: Course, carrier: Carrier, usage: dict[str, object], error: Body, *, thinking: bool) -> bytes:
    """What ends the stream: the provider's word, an error event, or nothing."""
    if course.ending == "error":
        return frame({**error})
    if course.ending not in OWN_WORD:
        return b""
    sent: list[bytes] = []
    # A tool call cut by the token limit is never closed on the real wire.
    if not (course.ending == "truncated" and carrier == "tool"):
        sent.append(frame({"type": "content_block_stop", "index": 1 if thinking else 0}))
    sent.append(frame({"type": "message_delta", "delta": stop(course, carrier), "usage": usage}))
    sent.append(frame({"type": "message_stop"}))
    return b"".join(sent)


def stop(course: Course, carrier: Carrier) -> dict[str, object]:
    """Why the message stopped, as `message_delta` says it."""
    refusal = {"type": "refusal", "category": "general_harms", "explanation": "A rehearsed refusal."}
    return {
        "stop_reason": _STOPS.get(course.ending, "tool_use" if carrier == "tool" else "end_turn"),
        "stop_sequence": None,
        "stop_details": refusal if course.ending == "refused" else None,
    }


def _piece(text: str, carrier: Carrier, index: int) -> bytes:
    # Most of a stream is these: written out, they cost a tenth of what building and encoding objects costs.
    delta = '"input_json_delta","partial_json"' if carrier == "tool" else '"text_delta","text"'
    head = f'{{"type":"content_block_delta","index":{index},"delta":{{"type":{delta}:'
    return _framed("content_block_delta", f"{head}{quoted(text)}}}}}")


def _framed(kind: str, text: str) -> bytes:
    blanks = " " * (crc32(text.encode()) % 16)
    return f"event: {kind}\ndata: {text[:-1]}{blanks}}}\n\n".encode()
