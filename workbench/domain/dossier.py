"""The thing under review and what we know about it, as numbered facts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from workbench.domain.ids import Digest, ToolId
from workbench.domain.text import digest, sentences


class Entry(StrEnum):
    """How one gets in; not a price."""

    FREE = "Free"
    FREEMIUM = "Freemium"
    TRIAL = "Trial"
    PAID = "Paid"
    OPEN_SOURCE = "Open source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """The readers' vote: `ships` of `votes` would ship it."""

    ships: int
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A developer tool under review. `entry` and `url` may be unknown (None, empty)."""

    id: ToolId
    name: str
    vendor: str = ""
    category: str = ""
    tagline: str = ""
    entry: Entry | None = None
    url: str = ""
    community: Community | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing we know. `checked_on` is an ISO date, empty when nobody checked."""

    number: int
    text: str
    source: str
    checked_on: str = ""

    @property
    def ref(self) -> str:
        """How a draft cites it: `F3`."""
        return f"F{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFact:
    """A fact an editor adds to a description: a price line, a rival, an endpoint."""

    text: str
    source: str
    checked_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One immutable revision of what we know about a tool. `facts` are numbered 1…n without gaps."""

    tool: Tool
    description: str
    facts: tuple[Fact, ...]
    revision: int = 1

    @property
    def digest(self) -> Digest:
        """Changes exactly when what a model would be told changes (votes and revision do not count)."""
        return _digest(self)

    def as_json(self) -> str:
        """The dossier as the models see it: sorted keys, one fact a line, no votes."""
        tool = {
            "name": self.tool.name,
            "vendor": self.tool.vendor,
            "category": self.tool.category,
            "entry": self.tool.entry.value if self.tool.entry is not None else "",
        }
        facts = [
            {"id": fact.ref, "text": fact.text, "source": fact.source, "checked_on": fact.checked_on}
            for fact in self.facts
        ]
        lines = ",\n  ".join(json.dumps(fact, ensure_ascii=False, sort_keys=True) for fact in facts)
        head = json.dumps(tool, ensure_ascii=False, sort_keys=True)
        return f'{{"tool": {head},\n "facts": [\n  {lines}]}}'


def extends(latest: Dossier, earlier: Dossier) -> bool:
    """Whether `latest` only adds facts to `earlier`: every `F1`…`Fn` of it says the same in both."""
    return latest.facts[: len(earlier.facts)] == earlier.facts


def hands_on(dossier: Dossier) -> tuple[Fact, ...]:
    """The hands-on notes: facts whose source begins with “hands-on”, such as `hands-on, Ada, 2026-11-20`.

    Only a person adds one, so it is what lets a sentence speak of experience.
    """
    return tuple(fact for fact in dossier.facts if fact.source.lstrip().casefold().startswith("hands-on"))


@lru_cache(maxsize=256)
def _digest(dossier: Dossier) -> Digest:
    return digest(dossier.as_json())


def make_dossier(tool: Tool, description: str, added: tuple[AddedFact, ...] = (), *, revision: int = 1) -> Dossier:
    """Number what we know: the description's sentences, then the tagline and the entry, then added facts.

    Added facts come last, so that adding one never renumbers what a draft already cites.
    """
    told = [(text, "description", "") for text in sentences(description)]
    if tool.tagline:
        told.append((tool.tagline, "tagline", ""))
    if tool.entry is not None:
        told.append((f"Entry: {tool.entry.value}", "entry", ""))
    told.extend((fact.text, fact.source, fact.checked_on) for fact in added)
    facts = tuple(
        Fact(number=number, text=text, source=source, checked_on=checked_on)
        for number, (text, source, checked_on) in enumerate(told, start=1)
    )
    return Dossier(tool=tool, description=description, facts=facts, revision=revision)
