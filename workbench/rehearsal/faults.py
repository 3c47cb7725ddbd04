"""The ways a vendor fails, on request: named by a header or by a suffix of the model's name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

from workbench.rehearsal.tokens import Piece

HEADER = "x-rehearsal-fault"

Fault = Literal[
    "refuse-key",
    "rate-limit",
    "overloaded",
    "error-mid",
    "cut",
    "clean-end",
    "stall",
    "silent",
    "max-tokens",
    "refusal",
    "prose",
    "bad-shape",
    "pings-only",
    "empty",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)

Ending = Literal["complete", "truncated", "refused", "error", "cut", "clean-end", "stall", "silent", "pings", "empty"]
"""How a stream ends. `complete`, `truncated` and `refused` are the vendor's own word, the rest are accidents."""

STRAY = '{"quote":"A quote where sentences were asked for.","score":7}'
"""Valid JSON of the wrong shape."""
ERROR_AFTER = 10
RATE_LIMITED = 1
"""How many requests of a key and model are turned away before one is let in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The pieces that will be sent, and how the stream ends after them."""

    pieces: tuple[Piece, ...]
    ending: Ending

    @property
    def tokens(self) -> int:
        """Output tokens written."""
        return round(self.pieces[-1].after) if self.pieces else 0

    @property
    def text(self) -> str:
        """What arrives."""
        return "".join(piece.text for piece in self.pieces)


def known(name: str) -> Fault | None:
    """The fault of that name, if there is one."""
    return next((fault for fault in FAULTS if fault == name), None)


def asked_for(header: str, model: str) -> tuple[str, str]:
    """The model's own name, and the fault's name as asked for; empty when none was."""
    base, _, suffix = model.partition("+")
    return base, (header.strip() or suffix)


def course(pieces: list[Piece], fault: Fault | None, max_tokens: int | None) -> Course:
    """What becomes of an answer under a fault and a token limit; some text comes before most faults."""
    third = max(1, len(pieces) // 3)
    match fault:
        case "error-mid":
            return Course(pieces=tuple(pieces[:ERROR_AFTER]), ending="error")
        case "cut" | "clean-end" | "stall":
            return Course(pieces=tuple(pieces[:third]), ending=fault)
        case "silent" | "empty":
            return Course(pieces=(), ending=fault)
        case "pings-only":
            return Course(pieces=(), ending="pings")
        case "refusal":
            return Course(pieces=tuple(pieces[:third]), ending="refused")
        case "max-tokens":
            return Course(pieces=tuple(pieces[: 2 * third]), ending="truncated")
        case _:
            fitting = [piece for piece in pieces if max_tokens is None or piece.after <= max_tokens]
            ending: Ending = "complete" if len(fitting) == len(pieces) else "truncated"
            return Course(pieces=tuple(fitting), ending=ending)


class RateLimits:
    """Turns away the first requests of a key and model that ask for it."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, str]] = Counter()

    def turns_away(self, key: str, model: str) -> bool:
        """Whether this request is one too many."""
        self._seen[key, model] += 1
        return self._seen[key, model] <= RATE_LIMITED
