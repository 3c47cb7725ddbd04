"""What a check says about a span of text, and what it looks at besides the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.dossier import Dossier
from workbench.domain.persona import Persona

Severity = Literal["note", "warning", "conflict"]
"""`conflict`: the dossier says otherwise; `warning`: worth a change; `note`: worth a look."""
Remedy = Literal["add_source", "reword", "keep"]
"""What an editor may do: add a fact the words can stand on, write it otherwise, or keep it and say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`start` and `end` are character offsets into the quote; both 0 for a finding about the whole of it.

    `evidence` is what the finding rests on: the nearest fact, the words compared with, a count.
    """

    rule: str
    severity: Severity
    reason: str
    start: int = 0
    end: int = 0
    evidence: str = ""
    remedies: tuple[Remedy, ...] = ("reword", "keep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What a review is held against: its lens, its tool's dossier, the lens's approved quotes of other tools, and the
    other lenses. `opinions` are the ids of beats that the editor lets stand on nothing."""

    persona: Persona
    dossier: Dossier
    archive: tuple[str, ...] = ()
    others: tuple[Persona, ...] = ()
    opinions: tuple[str, ...] = ()
