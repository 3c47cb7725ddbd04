"""What somebody typed, pasted or uploaded about one tool, and the rules it must pass to become a dossier."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from workbench.domain.dossier import AddedFact, Community, Dossier, Entry, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.text import clean, digest, first_unusable, one_line, slug
from workbench.errors import InputError

DESCRIPTION_LIMIT = 50_000
"""Longest description in characters, measured before any other work is done on it."""
DESCRIPTION_MINIMUM = 20
"""Shortest description in characters: a draft needs something to stand on."""
LINE_LIMIT = 300
"""Longest name, vendor, category or tagline in characters."""
URL_LIMIT = 2_000
"""Longest url in characters."""
_URL = re.compile(r"https?://[^\s<>\"]+\Z")
_TO_THE_MODEL = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override)\s+(?:(?:all|any|every|everything|the|of|your|my|these|those|other)\s+){0,4}
      (?:(?:previous|prior|above|earlier|preceding|foregoing)\s+(?:system\s+)?
         (?:instructions?|prompts?|rules|guidelines|directions|directives)\b
        |(?<=all\s)instructions?\b|(?<=any\s)instructions?\b|(?<=your\s)(?:system\s+prompt|instructions?|guidelines)\b
        |above\b(?=\s*(?:[.,;:!]|and\b|\Z))|(?<=everything\s)(?:before|so\s+far|you\s+(?:were|have\s+been))\b)
    |(?:\A|(?<=[.!?:;,“"'(\n])|\bnow(?:\s+on)?\b)\s*\byou\s+are\s+(?:now\s+)?(?:the|an?|our)\s+
      (?:(?:senior|chief|ai|helpful|new)\s+)?(?:editor|reviewer|judge|critic|assistant|language\s+model|chatbot)\b
    |\bapprove\s+(?:all|every|each)\s+(?:(?:of|the|these|four)\s+)*(?:drafts?|quotes?|verdicts?|personas?)\b
    |(?:\A|(?<=[.!?:;,“"'\n])|\b(?:and|please|must|should)\b)\s*\bapprove\s+(?:all|everything|it|them\s+all)\s*(?:[.!;]|\Z)
    |\bverdict["'”]?\s*(?::|=|\bis\b|\bmust\s+be\b|\bshould\s+be\b|\bto\b)\s*["'“]?(?:ship|skip)\b
    |\b(?:an?|the|your)\s+["'“]?(?:ship|skip)["'”]?\s+verdict\b
    |\b(?:answer|respond|reply)\s+(?:only\s+)?with\s+(?:only\s+)?["'“`]?(?:ship|skip)\b
    |\b(?:note|message|memo|attention|hint)\s+(?:to|for)\s+(?:the\s+|any\s+)?
      (?:ais?|llms?|(?:language\s+)?models?|ai\s+\w+|reviewers?|editors?)\s*[:,]
    |\b(?:reveal|repeat|leak|print)\s+(?:me\s+)?your\s+(?:system\s+prompt|(?:hidden|initial)\s+instructions)\b
    |\b(?:include|insert|embed|append|put|add|end)\b[^\n]{0,60}https?://[^\n]{0,80}\b(?:in|to|into|with|of)\s+
      (?:your|the|every|each)\s+(?:reviews?|quotes?|drafts?|answers?|repl(?:y|ies))\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Orders about the review. Each needs its object: “ignore rules per file” and “the verdict” are ordinary copy."""
_MARKER = re.compile(
    r"</?\s*(?:dossier|system\b|assistant\b|human\b)[\w-]*\s*>?|<\|\w{1,20}\|>|\[/?INST\]|<</?SYS>>|^\#{1,6}\s*Lens\s+`",
    re.IGNORECASE | re.MULTILINE,
)
_REMOTE = re.compile(r"!\[[^\]\n]{0,200}\]\(\s*<?(?:https?:)?//|<img\b[^>]{0,200}\bsrc\s*=", re.IGNORECASE)
_ADDRESSED = (
    (_TO_THE_MODEL, "speaks to the model", "it is kept as material and decides nothing"),
    (_MARKER, "imitates the prompt's own markers", "it is kept as material and decides nothing"),
    (_REMOTE, "holds a remote image", "it is kept as text and never fetched"),
)
_SHOWN = 60
"""Characters of a field that a notice repeats."""
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


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


def tool_id(name: str) -> ToolId:
    """The name's slug; a name without ASCII letters gets one made from its digest."""
    return ToolId(slug(name) or f"tool-{digest(name)[:8]}")


def _notices(tool: Tool, description: str, facts: Iterable[AddedFact], hidden: int) -> Iterator[str]:
    """What an editor should know about the text, each thing once."""
    if hidden:
        plural = "s" if hidden > 1 else ""
        yield f"Removed {hidden} invisible character{plural} from the description."
    yield from _mixed_scripts(tool.name)
    texts = {
        "The name": [tool.name],
        "The vendor": [tool.vendor],
        "The category": [tool.category],
        "The tagline": [tool.tagline],
        "The description": [description],
        "An added fact": [f"{fact.text}\n{fact.source}" for fact in facts],
    }
    found = (notice for field, held in texts.items() for text in held for notice in _addressed(field, text))
    yield from dict.fromkeys(found)


def _addressed(field: str, text: str) -> Iterator[str]:
    """What in the field is meant for somebody else than its reader, once a kind. Never a reason to refuse it."""
    # One blank at a time: the patterns look for blanks between words, and long runs would cost the square of the text.
    text = "\n".join(one_line(each) for each in text.split("\n") if each.strip())
    for pattern, does, therefore in _ADDRESSED:
        found = pattern.search(text)
        if found is not None:
            words = one_line(found[0])
            shown = f"{words[:_SHOWN]}…" if len(words) > _SHOWN else words
            yield f"{field} {does} (“{shown}”): {therefore}."


def _mixed_scripts(name: str) -> Iterator[str]:
    """A word that takes letters of several alphabets may be another tool's name in disguise."""
    for word in re.findall(r"[^\W\d_]+", name):
        used = {letter: unicodedata.name(letter, "").partition(" ")[0] for letter in word}
        found = [one for one in _SCRIPTS if one in used.values()]
        if len(found) > 1:
            foreign = ", ".join(f"“{one}” is {script.title()}" for one, script in used.items() if script in found[1:])
            shown = f"“{word[:_SHOWN]}” ({foreign})"
            yield f"The name mixes alphabets in {shown}: check that it is the tool's own spelling."


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
