"""Reads the assignment back out of the prompt: whose lens, which beats, how long, and the dossier's facts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache

from workbench.domain.persona import Band, Beat
from workbench.domain.text import one_line
from workbench.rehearsal.payload import Body, items, mapping

_LENS = re.compile(r"lens `([^`\n]+)`", re.IGNORECASE)
_SECTION = re.compile(r"^## Lens `(?P<id>[^`\n]+)`: (?P<label>.*)$", re.MULTILINE)
_BEAT = re.compile(
    r"^[ \t]*\d+\. `(?P<id>[^`\n]+)` \((?P<label>.*?)\): (?P<brief>[^\n]*?)[ \t]*Opens “(?P<opener>[^\n]*)”\.?[ \t]*$",
    re.MULTILINE,
)
_NAMED_BEATS = re.compile(r"beats, in\s+order: ((?:`[^`\n]+`(?:,\s+)?)+)")
_BAND = re.compile(r"(\d{1,6}) to (\d{1,6})\s+words")
_BANNED = re.compile(r"^(?:Never use|Not to be used): (.*)$", re.MULTILINE)
_QUOTED = re.compile(r"“([^”]+)”")
_MATERIAL = re.compile(r"<(?P<marker>[\w-]+)>\s*(?P<json>\{.*\})\s*</(?P=marker)>", re.DOTALL)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instruction|prompt|previous|above|rules?)"
    r"|\b(?:answer|respond|reply|write|say|return) (?:only|with)\b|\bverdict\b",
    re.IGNORECASE,
)

DEFAULT_BAND = Band(low=130, high=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A fact as the prompt gives it."""

    ref: str
    text: str
    source: str

    @property
    def vendors(self) -> bool:
        """Whether it is the vendor's own word."""
        return self.source in {"description", "tagline"}

    @property
    def orders(self) -> bool:
        """Whether it talks to its reader about the review instead of about the tool."""
        return _ORDER.search(self.text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One lens and one dossier, as far as the prompt names them."""

    lens: str
    label: str
    about: str
    beats: tuple[Beat, ...]
    band: Band
    banned: tuple[str, ...]
    tool: str
    facts: tuple[Given, ...]


def read(system: str, user: str) -> Assignment | None:
    """The assignment; None when the prompt names no lens or no beats. Vendor text can name neither."""
    material = _MATERIAL.search(user)
    outside = user if material is None else user[: material.start()] + user[material.end() :]
    named = _LENS.findall(outside)
    if not named:
        return None
    lens = str(named[-1])
    label, section = _section(system, lens)
    beats = _beats(section) or _beats_by_name(outside)
    if not beats:
        return None
    dossier = _parsed(material["json"]) if material is not None else {}
    banned = _BANNED.search(section)
    return Assignment(
        lens=lens,
        label=label,
        about=section.partition("\n\n")[0],
        beats=beats,
        band=_band(section) or _band(outside) or DEFAULT_BAND,
        banned=tuple(_QUOTED.findall(banned[1])) if banned is not None else (),
        tool=_text(mapping(dossier.get("tool")).get("name")) or "this tool",
        facts=_facts(dossier),
    )


@lru_cache(maxsize=64)
def _section(system: str, lens: str) -> tuple[str, str]:
    heads = list(_SECTION.finditer(system))
    for place, head in enumerate(heads):
        if head["id"] == lens:
            end = heads[place + 1].start() if place + 1 < len(heads) else len(system)
            return head["label"].strip(), system[head.end() : end].strip()
    return lens, ""


@lru_cache(maxsize=64)
def _beats(section: str) -> tuple[Beat, ...]:
    return tuple(
        Beat(id=one["id"], label=one["label"], brief=one["brief"], opener=one_line(one["opener"]))
        for one in _BEAT.finditer(section)
    )


def _beats_by_name(asked: str) -> tuple[Beat, ...]:
    named = _NAMED_BEATS.search(asked)
    ids = re.findall(r"`([^`]+)`", named[1]) if named is not None else []
    return tuple(Beat(id=one, label=one, brief="", opener=f"On the {re.sub(r'[-_]+', ' ', one)},") for one in ids)


def _band(text: str) -> Band | None:
    found = _BAND.search(text)
    return Band(low=int(found[1]), high=int(found[2])) if found is not None and int(found[1]) <= int(found[2]) else None


def _parsed(raw: str) -> Body:
    try:
        return mapping(json.loads(raw))
    except ValueError:
        return {}


def facts_in(said: str) -> tuple[Given, ...]:
    """The facts of the dossier a prompt holds; none when it holds none."""
    material = _MATERIAL.search(said)
    return _facts(_parsed(material["json"])) if material is not None else ()


def _facts(dossier: Body) -> tuple[Given, ...]:
    found: list[Given] = []
    for item in items(dossier.get("facts")):
        fact = mapping(item)
        ref, text = _text(fact.get("id")), _text(fact.get("text"))
        if ref and re.search(r"\w", text):
            found.append(Given(ref=ref, text=text, source=_text(fact.get("source"))))
    return tuple(found)


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""
