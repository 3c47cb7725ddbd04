"""What becomes of an answer: how much of it is sent, in which state, and how the stream ends after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from workbench.domain.review import Review
from workbench.rehearsal.payload import Body
from workbench.rehearsal.refusals import Refusal
from workbench.rehearsal.tokens import Piece

Vendor = Literal["anthropic", "mistral"]
BOTH: tuple[Vendor, ...] = ("anthropic", "mistral")

Ending = Literal[
    "complete",
    "truncated",
    "refused",
    "error",
    "cut",
    "reset",
    "clean-end",
    "stall",
    "mute",
    "silent",
    "pings",
    "empty",
    "endless",
    "trickle",
]
"""How a stream ends. `complete`, `truncated` and `refused` are the vendor's own word, the rest are accidents."""
OWN_WORD: frozenset[Ending] = frozenset({"complete", "truncated", "refused", "trickle"})
"""The endings that bring the vendor's closing frames."""

Where = Literal["opening", "piece", "middle", "closing"]
"""Where in a stream an event stands; one of the pieces is the middle one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to fail. `says` is what happens, in a sentence.

    `refusals` are sent instead of a draft, `once` only to the first request of a key and model. `said` writes
    something else than the review. `share` of the answer is sent before the `ending`; `error` is what an ending in
    an error says. `change` makes of each event of a stream what is sent in its place, `headers` go with it, and
    `whole` sends no stream at all. `obeys` does what the dossier says.
    """

    name: str
    says: str
    vendors: tuple[Vendor, ...] = BOTH
    refusals: Mapping[Vendor, Refusal] = field(default_factory=dict["Vendor", Refusal])
    once: bool = False
    said: Callable[[Review], str] | None = None
    calls_tool: bool = True
    share: float = 1.0
    ending: Ending = "complete"
    error: Mapping[Vendor, Body] = field(default_factory=dict["Vendor", Body])
    change: Callable[[bytes, Where], bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    whole: bool = False
    obeys: bool = False


NONE = Fault(name="", says="Nothing goes wrong.")


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


def course(pieces: list[Piece], fault: Fault, max_tokens: int | None) -> Course:
    """What becomes of an answer under a fault and a token limit."""
    if fault.ending != "complete":
        return Course(pieces=tuple(pieces[: round(len(pieces) * fault.share)]), ending=fault.ending)
    fitting = tuple(piece for piece in pieces if max_tokens is None or piece.after <= max_tokens)
    return Course(pieces=fitting, ending="complete" if len(fitting) == len(pieces) else "truncated")
