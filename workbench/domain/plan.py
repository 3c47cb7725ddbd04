"""The request as data, before any SDK: segments in order, where the cache breakpoints stand.

Order decides the bill: what stays the same longest goes first. A layout says which order; `workbench.domain.forecast`
prices them for a matrix of drafts, and the planner takes the cheapest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate, groupby
from typing import Any, Literal

from workbench.domain.dossier import Dossier
from workbench.domain.ids import Digest, DraftId
from workbench.domain.models import Lifetime
from workbench.domain.persona import Exemplar, Persona
from workbench.domain.prompt import Prompt
from workbench.domain.review import REVIEW_SCHEMA
from workbench.domain.text import digest

Kind = Literal["house", "briefs", "brief", "dossier", "ask", "answer", "note"]
Role = Literal["system", "user", "assistant"]

MAX_TOKENS = 4000
"""Room for the longest useful answer: a 180-word review is about 600 tokens of JSON, thinking comes on top."""
RUNAWAY_FACTOR = 4
"""An answer longer than this many times the length band's upper end is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an answer must look like: a JSON Schema by name, and the tool it is handed in by where a tool carries it."""

    name: str
    schema: Mapping[str, Any]
    tool: str
    says: str


REVIEW = Shape(
    name="review",
    schema=REVIEW_SCHEMA,
    tool="submit_review",
    says="Hands in the finished review. Call it exactly once; it is the only way to answer.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of the prompt. `breakpoint`: cache everything up to its end for this long; None: no breakpoint."""

    kind: Kind
    role: Role
    text: str
    breakpoint: Lifetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """What a cache keeps: everything up to the end of segment `place`, known by its digest, for its lifetime."""

    place: int
    digest: Digest
    lifetime: Lifetime


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one request says, and the shape of its answer: of every draft's the review's.

    `previous` is the id of an earlier message with the same prefixes: a vendor that explains cache misses compares
    the two. `made_of` are the digests of the prompts that were filled. Neither is part of what the model is told.
    """

    segments: tuple[Segment, ...]
    cache_key: str
    max_tokens: int = MAX_TOKENS
    shape: Shape = field(default=REVIEW, compare=False)
    previous: str = field(default="", compare=False)
    made_of: tuple[Digest, ...] = field(default=(), compare=False)

    @cached_property
    def digest(self) -> Digest:
        """Identifies what the model is told."""
        return digest("\x00".join(f"{part.kind}\x00{part.text}" for part in self.segments))

    @cached_property
    def prefixes(self) -> tuple[Prefix, ...]:
        """What this request writes to the cache or reads from it, shortest first."""
        running, found = sha256(), list[Prefix]()
        for place, part in enumerate(self.segments):
            running.update(f"\x00{part.role}\x00{len(part.text)}\x00{part.text}".encode("utf-8", "surrogatepass"))
            if part.breakpoint is not None:
                found.append(Prefix(place=place, digest=Digest(running.hexdigest()), lifetime=part.breakpoint))
        return tuple(found)

    @property
    def characters(self) -> int:
        """Length of everything the model is told."""
        return sum(len(part.text) for part in self.segments)

    @property
    def turns(self) -> list[tuple[Role, list[Segment]]]:
        """The conversation: who speaks, and the segments with text that make up the turn."""
        said = (part for part in self.segments if part.text)
        return [(role, list(parts)) for role, parts in groupby(said, key=_role)]

    def above(self, minimum: int, tokens: Sequence[int]) -> Plan:
        """The plan without the breakpoints whose prefix has fewer than `minimum` tokens; `tokens` per segment."""
        kept = [
            part if part.breakpoint is None or total >= minimum else replace(part, breakpoint=None)
            for part, total in zip(self.segments, accumulate(tokens), strict=True)
        ]
        return replace(self, segments=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An order of segments, and which of them end with a breakpoint. `name` is what the screen calls it."""

    name: str
    order: tuple[Kind, ...]
    breakpoints: Mapping[Kind, Lifetime]


SHARED = Layout(
    name="all briefs shared, dossier cached",
    order=("house", "briefs", "dossier", "ask"),
    breakpoints={"briefs": "1h", "dossier": "5m"},
)
"""House rules and every persona's brief for all requests, the dossier for those about one tool."""
ALONE = Layout(
    name="own brief last, dossier cached",
    order=("house", "dossier", "brief", "ask"),
    breakpoints={"house": "1h", "dossier": "5m"},
)
"""House rules for all requests, and of the briefs only the one that is asked for."""
LAYOUTS: tuple[Layout, ...] = (
    SHARED,
    Layout(
        name="all briefs shared, dossier read once",
        order=("house", "briefs", "dossier", "ask"),
        breakpoints={"briefs": "1h"},
    ),
    ALONE,
    Layout(
        name="own brief last, dossier read once",
        order=("house", "dossier", "brief", "ask"),
        breakpoints={"house": "1h"},
    ),
)
"""Every order worth pricing, in the order of preference when two cost the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSet:
    """The seven prompts plans are made of. Slots: house none; brief `id label summary voice beats low high
    banned exemplars`; dossier `marker dossier`; ask `id label beats low high`; note `note`; opinion `beats`; reading
    `quote`."""

    house: Prompt
    brief: Prompt
    dossier: Prompt
    ask: Prompt
    note: Prompt
    opinion: Prompt
    reading: Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What an editor says of an earlier draft, and that draft's answer as whole JSON."""

    draft_id: DraftId
    answer: str
    text: str


def compose(
    prompts: PromptSet,
    personas: Sequence[Persona],
    persona: Persona,
    dossier: Dossier,
    layout: Layout = SHARED,
    note: Note | None = None,
    opinions: Collection[str] = (),
) -> Plan:
    """The plan for `persona`'s draft about `dossier`. All `personas` are known to every plan of a shared layout.

    With a `note` the conversation goes on after the ask, so that every prefix is the one the first take wrote. Beats
    whose ids are in `opinions` may stand on nothing: the ask says so, which is in no prefix.
    Raises SlotError when a prompt and its values do not match.
    """
    texts: dict[Kind, str] = {"house": _house(prompts.house), "dossier": material(prompts.dossier, dossier)}
    if "briefs" in layout.order:
        texts["briefs"] = _briefs(prompts.brief, tuple(personas))
    else:
        texts["brief"] = brief(prompts.brief, persona)
    shared = texts["house"] + texts.get("briefs", "")
    texts["ask"] = asked(prompts.ask, persona)
    used = [prompts.house, prompts.brief, prompts.dossier, prompts.ask]
    if free := [f"`{beat.id}`" for beat in persona.beats if beat.id in opinions]:
        texts["ask"] += f"\n\n{prompts.opinion.fill(beats=', '.join(free))}"
        used.append(prompts.opinion)
    plan = lay_out(layout, texts, cache_key=f"workbench-{digest(shared)[:24]}")
    if note is not None:
        used.append(prompts.note)
    plan = replace(plan, made_of=tuple(one.digest for one in used))
    if note is None:
        return plan
    # Only the draft the note is about, not what led to it: it holds what came of the notes before, and a chain of
    # takes would send every one of them again.
    answer = Segment(kind="answer", role="assistant", text=note.answer)
    said = Segment(kind="note", role="user", text=prompts.note.fill(note=note.text))
    return replace(plan, segments=(*plan.segments, answer, said))


def lay_out(layout: Layout, texts: Mapping[Kind, str], *, cache_key: str) -> Plan:
    """The texts as segments in the layout's order, with its breakpoints. Raises KeyError for a text that is missing."""
    return Plan(
        segments=tuple(
            Segment(
                kind=kind,
                role="system" if kind in {"house", "briefs"} else "user",
                text=texts[kind],
                breakpoint=layout.breakpoints.get(kind),
            )
            for kind in layout.order
        ),
        cache_key=cache_key,
    )


def asked(prompt: Prompt, persona: Persona) -> str:
    """The last line of a request: whose draft this is."""
    return prompt.fill(
        id=persona.id,
        label=persona.label,
        beats=", ".join(f"`{beat.id}`" for beat in persona.beats),
        low=str(persona.band.low),
        high=str(persona.band.high),
    )


@lru_cache(maxsize=64)
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


def _role(part: Segment) -> Role:
    return part.role


# Filled once and shared by every plan that holds them: a run of a thousand drafts keeps one copy.


@lru_cache(maxsize=4)
def _house(prompt: Prompt) -> str:
    return prompt.fill()


@lru_cache(maxsize=4)
def _briefs(prompt: Prompt, personas: tuple[Persona, ...]) -> str:
    return "\n\n".join(brief(prompt, one) for one in personas)


@lru_cache(maxsize=256)
def material(prompt: Prompt, dossier: Dossier) -> str:
    """The dossier between its markers, as JSON in which no vendor text can look like one."""
    return prompt.fill(marker=f"dossier-{dossier.digest[:16]}", dossier=_defused(dossier.as_json()))


def _quoted(exemplar: Exemplar) -> str:
    return f"{exemplar.tool} (verdict: {exemplar.verdict})\n> {exemplar.text}"


def _defused(material: str) -> str:
    """JSON in which no vendor text can look like a tag: `<` and `>` as `\\u003c` and `\\u003e`."""
    return material.replace("<", "\\u003c").replace(">", "\\u003e")
