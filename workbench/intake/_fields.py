"""The fields a tool may come with, and how named values (JSON, front matter) become a submission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from workbench.domain.dossier import AddedFact
from workbench.domain.submission import Submission
from workbench.domain.text import clean, one_line
from workbench.errors import InputError

REQUIRED = ("name", "description")
OPTIONAL = ("vendor", "category", "tagline", "entry", "url", "community_percent", "community_votes")
COLUMNS = REQUIRED + OPTIONAL
_FACT_KEYS = ("text", "source", "checked_on")
_PUBLISHED = {"community", "community_ship_percent", "panel_ship_percent", "quotes", "facts"}
_COMMUNITY = re.compile(r"(\d{1,3}) ?%?(?: ?\((\d{1,9})(?: votes?)?\))?\Z")
NO_FIGURE = ("", "—", "–", "-")


def key_of(name: str) -> str:
    """`Community-Percent ` → `community_percent`: case, spaces and hyphens do not matter."""
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def quotes_notice(count: int) -> str:
    """Says that a page's quotes were not taken over."""
    what = f"{count} published quotes were" if count != 1 else "published quote was"
    return f"The page's {what} left out: quotes are written here."


def community_of(label: str, name: str) -> tuple[str, str, tuple[str, ...]]:
    """Percentage, votes and notices of `—`, `62%` or `62 % (113)`. A share of nobody knows how many is left out."""
    text = one_line(label.replace("\xa0", " ").replace("\u202f", " "))
    if text in NO_FIGURE:
        return "", "", ()
    found = _COMMUNITY.match(text)
    if found is None:
        return text, "", ()
    if found[2] is None:
        return "", "", (f"The community vote of {shown(name)}, {found[1]} %, names no number of votes: left out.",)
    return found[1], found[2], ()


def fact_of(text: str) -> AddedFact:
    """`text | source | 2026-01-31` as a fact; what is missing stays empty."""
    parts = [part.strip() for part in text.split("|")]
    # A pipe inside the text is the text's: source and date are the last two.
    if len(parts) > 2 and re.fullmatch(r"\d{4}-\d\d-\d\d|", parts[-1]):
        return AddedFact(text=" | ".join(parts[:-2]), source=parts[-2], checked_on=parts[-1])
    if len(parts) > 1:
        return AddedFact(text=" | ".join(parts[:-1]), source=parts[-1])
    return AddedFact(text=parts[0], source="")


def shown(name: str) -> str:
    """A name for a message: short, on one line, nothing hidden."""
    return f"“{one_line(clean(name[:400]).text)[:80]}”"


def unknown_keys(values: Iterable[Mapping[str, object]], known: Iterable[str] = ()) -> list[str]:
    """Keys no field answers to, each once."""
    expected = {*COLUMNS, *_PUBLISHED, *known}
    return sorted({shown(key) for value in values for key in value if key_of(key) not in expected})


def tool_of(value: Mapping[str, object], where: str, line: int | None = None) -> tuple[Submission, tuple[str, ...]]:
    """One tool from named values, and remarks on it. Raises InputError naming the field and `where` it stands."""
    values: dict[str, object] = {}
    for key, one in value.items():
        if key_of(key) in values:
            raise _wrong(where, key_of(key), "is there twice", line)
        values[key_of(key)] = one
    texts = {name: _text(values.get(name), where, name, line) for name in COLUMNS}
    for name in REQUIRED:
        if not texts[name].strip():
            raise _wrong(where, name, "is missing", line)
    notices: tuple[str, ...] = ()
    if not texts["community_percent"] and not texts["community_votes"]:
        label = _community_label(values, where, line)
        texts["community_percent"], texts["community_votes"], notices = community_of(label, texts["name"])
    return Submission(**texts, facts=_facts(values.get("facts"), where, line), line=line), notices


def _community_label(values: Mapping[str, object], where: str, line: int | None) -> str:
    given = values.get("community")
    if not isinstance(given, Mapping):
        label = _text(given, where, "community", line)
        return label or _text(values.get("community_ship_percent"), where, "community_ship_percent", line)
    vote = cast("Mapping[str, object]", given)
    votes = _text(vote.get("votes"), where, "community", line)
    if "percent" in vote:
        return f"{_text(vote['percent'], where, 'community', line)} % ({votes})"
    ships = _text(vote.get("ships"), where, "community", line)
    if not (ships.isascii() and ships.isdigit() and votes.isascii() and votes.isdigit()) or len(votes) > 9:
        raise _wrong(where, "community", "needs numbers for “percent” or “ships”, and for “votes”", line)
    if int(votes) == 0:
        return ""
    return f"{(200 * int(ships[:10]) + int(votes)) // (2 * int(votes))} % ({votes})"


def _facts(value: object, where: str, line: int | None) -> tuple[AddedFact, ...]:
    if value is None or value == "":
        return ()
    if not isinstance(value, list):
        raise _wrong(where, "facts", f"is {_kind(value)}, not a list", line)
    found: list[AddedFact] = []
    for number, item in enumerate(cast("list[object]", value), start=1):
        field = f"facts[{number}]"
        if isinstance(item, str):
            found.append(fact_of(item))
            continue
        if not isinstance(item, Mapping):
            raise _wrong(where, field, f"is {_kind(item)}, not an object with text, source and checked_on", line)
        fact = cast("Mapping[str, object]", item)
        text, source, checked_on = (_text(fact.get(key), where, f"{field}.{key}", line) for key in _FACT_KEYS)
        found.append(AddedFact(text=text, source=source, checked_on=checked_on.strip()))
    return tuple(found)


def _text(value: object, where: str, field: str, line: int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    numeric = field in ("community", "community_percent", "community_votes", "community_ship_percent")
    if numeric and isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if value == int(value) else str(value)
    raise _wrong(where, field, f"is {_kind(value)}, not text", line)


def _kind(value: object) -> str:
    """The value's type in plain words; never the value, which may be huge."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "empty" if value is None else "an object"


def _wrong(where: str, field: str, what: str, line: int | None) -> InputError:
    return InputError(f"{where}: “{field}” {what}.", "Correct it and read the text again.", field=field, line=line)
