"""What somebody typed, pasted or uploaded about one tool, and the rules it must pass to become a dossier."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from workbench.domain.dossier import AddedFact, Community, Dossier, Entry, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.injection import Suspicion, across, suspicions
from workbench.domain.orders import SAYS, Kind
from workbench.domain.private import Private, private_things
from workbench.domain.text import clean, digest, first_unusable, one_line, slug
from workbench.errors import InputError

DESCRIPTION_LIMIT = 50_000
"""Longest description in characters, measured before any other work is done on it."""
DESCRIPTION_MINIMUM = 20
"""Shortest description in characters: a draft needs something to stand on."""
LETTERS_MINIMUM = 10
"""Fewest letters in a description: pictures and figures alone tell nothing."""
LINE_LIMIT = 300
"""Longest name, vendor, category or tagline in characters."""
URL_LIMIT = 2_000
"""Longest url in characters."""
_URL = re.compile(r"https?://[^\s<>\"]+\Z")
_TOLD = frozenset({"description", "tagline", "entry"})
"""The sources of what a dossier tells without anybody adding it."""
_SHOWN = 60
"""Characters of a field that a notice repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One tool as it came in, all fields as text. `line` is where it started in its file."""

    name: str
    description: str
    vendor: str = ""
    category: str = ""
    tagline: str = ""
    entry: str = ""
    url: str = ""
    community_percent: str = ""
    community_votes: str = ""
    facts: tuple[AddedFact, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A submission that passed: its dossier, and what the editor should know about it."""

    dossier: Dossier
    notices: tuple[str, ...] = ()


def check(submission: Submission) -> Checked:
    """The dossier this submission makes. Raises InputError naming the field, the line and the remedy."""
    description, hidden = _prose(submission)
    name = _single(submission, "name", submission.name)
    if not name:
        raise InputError(
            "The tool has no name.",
            "Give it one; of a pasted text, a short first line without a full stop is the name.",
            field="name",
            line=submission.line,
        )
    url = submission.url.strip()
    _refuse_unusable(submission, "url", url)
    if url and (len(url) > URL_LIMIT or clean(url).removed or not _URL.match(url)):
        raise InputError(
            f"The url {url!r:.80} is not a web address.",
            "Use http:// or https://, or leave it empty.",
            field="url",
            line=submission.line,
        )
    tool = Tool(
        id=tool_id(name),
        name=name,
        vendor=_single(submission, "vendor", submission.vendor),
        category=_single(submission, "category", submission.category),
        tagline=_single(submission, "tagline", submission.tagline),
        entry=_entry(submission),
        url=url,
        community=_community(submission),
    )
    facts = tuple(_fact(submission, fact) for fact in submission.facts)
    notices = tuple(_notices(tool, description, facts, hidden))
    return Checked(dossier=make_dossier(tool, description, facts), notices=notices)


def check_fact(fact: AddedFact) -> tuple[AddedFact, tuple[str, ...]]:
    """One fact as a dossier may hold it, and what the editor should know about it.

    Raises InputError naming the field (`fact`, `fact source`, `fact date`) and the remedy.
    """
    checked = _fact(Submission(name="", description=""), fact)
    told = checked.source.casefold()
    if told in _TOLD:
        raise InputError(
            f"“{checked.source}” is what the dossier itself calls its {told}.",
            "Name where the fact comes from: a page, a document, a person.",
            field="fact source",
        )
    return checked, tuple(_suspicious([("The fact", f"{checked.text}\n{checked.source}")]))


def tool_id(name: str) -> ToolId:
    """The name's slug; a name without ASCII letters gets one made from its digest."""
    return ToolId(slug(name) or f"tool-{digest(name)[:8]}")


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, whatever their case, their blanks and how their accents are encoded."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return one_line(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()))


def _notices(tool: Tool, description: str, facts: Iterable[AddedFact], hidden: int) -> Iterator[str]:
    """What an editor should know about the text, each thing once."""
    if hidden:
        plural = "s" if hidden > 1 else ""
        yield f"Removed {hidden} invisible character{plural} from the description."
    fields = [
        ("The name", tool.name),
        ("The vendor", tool.vendor),
        ("The category", tool.category),
        ("The tagline", tool.tagline),
        ("The description", description),
        *(("An added fact", f"{fact.text}\n{fact.source}") for fact in facts),
    ]
    yield from _suspicious(fields)


def _suspicious(fields: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What is strange about these fields, each by itself and together, each thing once."""
    for field, text in fields:
        yield from map(partial(_exposed, field), private_things(text))
    alone = [replace(one, field=field) for field, text in fields for one in _first_of_each_kind(suspicions(text))]
    yield from dict.fromkeys(map(_notice, (*alone, *_first_of_each_kind(across(fields)))))


def _first_of_each_kind(found: Iterable[Suspicion]) -> Iterable[Suspicion]:
    first = dict[Kind, Suspicion]()
    for one in found:
        first.setdefault(one.kind, one)
    return first.values()


def _notice(one: Suspicion) -> str:
    does, therefore = SAYS[one.kind]
    words = one.words if one.kind == "lookalike" else f"(“{_cut(one_line(one.words))}”)"
    return f"{one.field} {does} {words}: {therefore}."


def _exposed(field: str, one: Private) -> str:
    what = "a key" if one.kind == "key" else "an e-mail address"
    return (
        f"{field} holds what looks like {what} (“{_cut(one.shown)}”): all of it is sent to the vendors whose models "
        "draft. Take it out first unless it is public."
    )


def _cut(words: str) -> str:
    return f"{words[:_SHOWN]}…" if len(words) > _SHOWN else words


def _prose(submission: Submission) -> tuple[str, int]:
    raw = submission.description
    if len(raw) > DESCRIPTION_LIMIT:
        raise InputError(
            f"The description has {len(raw):,} characters; the limit is {DESCRIPTION_LIMIT:,}.",
            "Paste the part that describes the tool.",
            field="description",
            line=submission.line,
        )
    _refuse_unusable(submission, "description", raw)
    cleaned = clean(raw)
    if len(cleaned.text) < DESCRIPTION_MINIMUM:
        what = "is empty" if not cleaned.text else f"has only {len(cleaned.text)} characters"
        raise InputError(
            f"The description {what}.",
            f"Give at least {DESCRIPTION_MINIMUM} characters: the drafts rest on it.",
            field="description",
            line=submission.line,
        )
    letters = sum(map(str.isalpha, cleaned.text))
    if letters < LETTERS_MINIMUM:
        raise InputError(
            f"The description has {letters or 'no'} letter{'' if letters == 1 else 's'}.",
            f"Describe the tool in words, at least {LETTERS_MINIMUM} letters of them: the drafts rest on it.",
            field="description",
            line=submission.line,
        )
    return cleaned.text, cleaned.removed


def _single(submission: Submission, field: str, raw: str) -> str:
    _refuse_unusable(submission, field, raw[: LINE_LIMIT * 4])
    text = one_line(clean(raw[: LINE_LIMIT * 4]).text)
    if len(text) > LINE_LIMIT or len(raw) > LINE_LIMIT * 4:
        raise InputError(
            f"The {field} has more than {LINE_LIMIT} characters.",
            "Shorten it; details belong in the description.",
            field=field,
            line=submission.line,
        )
    return text


def _refuse_unusable(submission: Submission, field: str, raw: str) -> None:
    found = first_unusable(raw)
    if found is not None:
        position, what = found
        raise InputError(
            f"The {field} holds {what} at character {position + 1}.",
            "Remove it at the source and paste again.",
            field=field,
            line=submission.line,
        )


def _entry(submission: Submission) -> Entry | None:
    raw = submission.entry.strip()
    if not raw:
        return None
    folded = raw.lower().replace("-", " ")
    found = next((entry for entry in Entry if entry.value.lower() == folded), None)
    if found is None:
        raise InputError(
            f"The entry {raw!r:.40} is unknown.",
            f"Use one of {', '.join(entry.value for entry in Entry)}, or leave it empty.",
            field="entry",
            line=submission.line,
        )
    return found


def _community(submission: Submission) -> Community | None:
    shares, votes = submission.community_percent.strip(" %"), submission.community_votes.strip()
    if not shares and not votes:
        return None
    if not (shares.isascii() and shares.isdigit() and votes.isascii() and votes.isdigit()):
        raise InputError(
            "The community vote needs a whole percentage and a number of votes.",
            "Give both, for example 62 and 113, or leave both empty.",
            field="community",
            line=submission.line,
        )
    if len(shares) > 3 or int(shares) > 100:
        raise InputError(
            f"The community vote is {shares[:12]} %.",
            "Give a percentage from 0 to 100.",
            field="community",
            line=submission.line,
        )
    if len(votes) > 9:
        raise InputError(
            f"The community vote has {len(votes)} digits of votes.",
            "Give the number of votes.",
            field="community",
            line=submission.line,
        )
    count = int(votes)
    return Community(ships=(int(shares) * count + 50) // 100, votes=count)


def _fact(submission: Submission, fact: AddedFact) -> AddedFact:
    text = _single(submission, "fact", fact.text)
    source = _single(submission, "fact source", fact.source)
    if not text or not source:
        raise InputError(
            "A fact needs a text and a source.",
            "Name where it comes from: a page, a document, a person.",
            field="fact",
            line=submission.line,
        )
    checked_on = fact.checked_on.strip()
    if checked_on:
        try:
            checked_on = date.fromisoformat(checked_on).isoformat()
        except ValueError:
            raise InputError(
                f"The date {checked_on!r:.30} of a fact is not a date.",
                "Write it as 2026-11-23.",
                field="fact date",
                line=submission.line,
            ) from None
    return AddedFact(text=text, source=source, checked_on=checked_on)
