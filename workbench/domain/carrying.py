"""What a tool keeps when it comes in again: nothing that is known is lost because a text does not say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.domain.dossier import AddedFact, Dossier, Tool, make_dossier
from workbench.domain.text import one_line

_SHOWN = 80
"""Characters of a fact that a notice repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The dossier as it would be kept, and what an editor should know about what was carried over or left out."""

    dossier: Dossier
    notices: tuple[str, ...] = ()


def carried(known: Dossier, told: Dossier) -> Carried:
    """`told`, completed by what `known` has and it does not give: fields, and the added facts.

    Facts that `told` brings itself take the place of the known ones; those it leaves out are named. Carried facts keep
    their order, text, source and date, and come last, so they are the same facts to whoever rests on them.
    """
    tool = _completed(known.tool, told.tool)
    before, brought = added_facts(known), added_facts(told)
    kept = _differing(told.tool, tool)
    if before and not brought:
        kept.append(_counted(before))
    notices: list[str] = []
    if kept:
        listed = f"{', '.join(kept[:-1])} and {kept[-1]}" if len(kept) > 1 else kept[0]
        notices.append(f"Not given here, so kept from revision {known.revision}: {listed}.")
    if brought and (lost := _missing(before, brought)):
        shown = one_line(lost[0].text)
        shown = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
        others = " and more" if len(lost) > 1 else ""
        notices.append(
            f"Brings added facts of its own, so {_counted(lost)} of revision {known.revision} will be left out: "
            f"“{shown}”{others}."
        )
    dossier = make_dossier(tool, told.description, brought or before, revision=told.revision)
    return Carried(dossier=dossier, notices=tuple(notices))


def added_facts(dossier: Dossier) -> tuple[AddedFact, ...]:
    """The facts that were added to what the description, the tagline and the entry say."""
    own = make_dossier(dossier.tool, dossier.description).facts
    count = len(own)
    if dossier.facts[:count] != own:  # numbered by a version that cut sentences elsewhere
        own_sources = ("description", "tagline", "entry")
        count = next((at for at, one in enumerate(dossier.facts) if one.source not in own_sources), len(dossier.facts))
    return tuple(
        AddedFact(text=one.text, source=one.source, checked_on=one.checked_on) for one in dossier.facts[count:]
    )


def _completed(known: Tool, told: Tool) -> Tool:
    return replace(
        told,
        vendor=told.vendor or known.vendor,
        category=told.category or known.category,
        tagline=told.tagline or known.tagline,
        entry=told.entry if told.entry is not None else known.entry,
        url=told.url or known.url,
        community=told.community if told.community is not None else known.community,
    )


def _differing(told: Tool, kept: Tool) -> list[str]:
    pairs = {
        "vendor": (told.vendor, kept.vendor),
        "category": (told.category, kept.category),
        "tagline": (told.tagline, kept.tagline),
        "entry": (told.entry, kept.entry),
        "url": (told.url, kept.url),
        "community vote": (told.community, kept.community),
    }
    return [name for name, (one, other) in pairs.items() if one != other]


def _missing(before: Sequence[AddedFact], after: Sequence[AddedFact]) -> list[AddedFact]:
    there = {one_line(one.text).casefold() for one in after}
    return [one for one in before if one_line(one.text).casefold() not in there]


def _counted(facts: Sequence[AddedFact]) -> str:
    return "1 added fact" if len(facts) == 1 else f"{len(facts)} added facts"
