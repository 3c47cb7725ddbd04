"""The request as data, before any SDK: segments in order, where the cache breakpoints stand.

Order decides the bill: what stays the same longest goes first. House rules and every persona's brief are
shared by all requests of a library version (kept 1 h), the dossier by the requests about one tool (5 min),
and only the last line, whose draft this is, is new each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.domain.dossier import Dossier
from workbench.domain.ids import Digest
from workbench.domain.persona import Exemplar, Persona
from workbench.domain.prompt import Prompt
from workbench.domain.text import digest

Kind = Literal["house", "briefs", "dossier", "ask"]
Lifetime = Literal["1h", "5m"]

MAX_TOKENS = 4000
"""Room for the longest useful answer: a 180-word review is about 600 tokens of JSON, thinking comes on top."""
RUNAWAY_FACTOR = 4
"""An answer longer than this many times the length band's upper end is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of the prompt. `breakpoint`: cache everything up to its end for this long; None: no breakpoint."""

    kind: Kind
    role: Literal["system", "user"]
    text: str
    breakpoint: Lifetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one draft's request says. The schema of the answer is `review.REVIEW_SCHEMA`, always."""

    segments: tuple[Segment, ...]
    cache_key: str
    max_tokens: int = MAX_TOKENS

    @property
    def digest(self) -> Digest:
        """Identifies what the model is told."""
        return digest("\x00".join(f"{part.kind}\x00{part.text}" for part in self.segments))

    def texts(self, role: Literal["system", "user"]) -> list[str]:
        """The texts of one role, in order."""
        return [part.text for part in self.segments if part.role == role]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSet:
    """The four prompts a plan is made of. Slots: house none; brief `id label summary voice beats low high
    banned exemplars`; dossier `marker dossier`; ask `id label beats low high`."""

    house: Prompt
    brief: Prompt
    dossier: Prompt
    ask: Prompt


def compose(prompts: PromptSet, personas: Sequence[Persona], persona: Persona, dossier: Dossier) -> Plan:
    """The plan for `persona`'s draft about `dossier`. All `personas` go into the shared prefix.

    Raises SlotError when a prompt and its values do not match.
    """
    house = prompts.house.fill()
    briefs = "\n\n".join(brief(prompts.brief, one) for one in personas)
    material = prompts.dossier.fill(marker=f"dossier-{dossier.digest[:16]}", dossier=_defused(dossier.as_json()))
    ask = prompts.ask.fill(
        id=persona.id,
        label=persona.label,
        beats=", ".join(f"`{beat.id}`" for beat in persona.beats),
        low=str(persona.band.low),
        high=str(persona.band.high),
    )
    return Plan(
        segments=(
            Segment(kind="house", role="system", text=house),
            Segment(kind="briefs", role="system", text=briefs, breakpoint="1h"),
            Segment(kind="dossier", role="user", text=material, breakpoint="5m"),
            Segment(kind="ask", role="user", text=ask),
        ),
        cache_key=f"workbench-{digest(house + briefs)[:24]}",
    )


def brief(prompt: Prompt, persona: Persona) -> str:
    """One persona's brief: voice, beats with ids and openers, length band, banned words, exemplars."""
    return prompt.fill(
        id=persona.id,
        label=persona.label,
        summary=persona.summary,
        voice=persona.voice,
        beats="\n".join(
            f"{number}. `{beat.id}` ({beat.label}): {beat.brief} Opens “{beat.opener}”."
            for number, beat in enumerate(persona.beats, start=1)
        ),
        low=str(persona.band.low),
        high=str(persona.band.high),
        banned=", ".join(f"“{word}”" for word in persona.banned) or "none",
        exemplars="\n\n".join(_quoted(one) for one in persona.exemplars),
    )


def _quoted(exemplar: Exemplar) -> str:
    return f"{exemplar.tool} (verdict: {exemplar.verdict})\n> {exemplar.text}"


def _defused(material: str) -> str:
    """JSON in which no vendor text can look like a tag: `<` and `>` as `\\u003c` and `\\u003e`."""
    return material.replace("<", "\\u003c").replace(">", "\\u003e")
