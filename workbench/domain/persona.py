"""An editorial lens: a voice, five beats and a length band. One Markdown file each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.ids import Digest, PersonaId

Need = Literal["api", "dated_trend", "limit", "payer", "price", "rival"]
"""A kind of fact without which a beat can only be opinion; `domain.sufficiency` says what each asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One sentence a quote must contain: what it says (`brief`) and how it opens (`opener`).

    `needs` is for the editor who fills the dossier; no model is told of it.
    """

    id: str
    label: str
    brief: str
    opener: str
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A length band in words, both ends included."""

    low: int
    high: int

    def place(self, words: int) -> str:
        """`short`, `within` or `long`."""
        return "short" if words < self.low else "long" if words > self.high else "within"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemplar:
    """An approved quote the models learn the voice from, about a tool that is not under review."""

    tool: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A reviewer's lens. `digest` is of the whole file, so a draft names the version it was written by."""

    id: PersonaId
    label: str
    order: int
    color: str
    summary: str
    beats: tuple[Beat, ...]
    band: Band
    banned: tuple[str, ...]
    voice: str
    exemplars: tuple[Exemplar, ...]
    digest: Digest
