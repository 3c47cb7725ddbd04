"""Reads pasted text: the publication's comparison page, or tools described in plain prose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbench.domain.submission import Submission
from workbench.errors import InputError
from workbench.intake._fields import community_of, fact_of, key_of
from workbench.intake._page import read_page
from workbench.ports import Intake

TEXT_LIMIT = 500_000
"""Longest pasted text in characters, measured before any other work is done on it."""
_SHORT = 120
_FEW_WORDS = 3
_RULE = re.compile(r"\s*(?:-{3,}|={3,})\s*\Z")
_FIELD = re.compile(r"\s*(?:[-*]\s+)?([A-Za-z]+)\s*:\s*(.*)\Z")
_SINGLE = frozenset({"name", "vendor", "category", "tagline", "entry", "url", "community"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteReader:
    """Plain text, one tool or several separated by a line of `---` or `===`."""

    name: str = "paste"
    suffixes: tuple[str, ...] = field(default=())

    def read(self, text: str) -> Intake:
        """Raises InputError when there is no text, or far too much of it."""
        if len(text) > TEXT_LIMIT:
            raise InputError(
                f"The text has {len(text):,} characters; the limit is {TEXT_LIMIT:,}.", "Paste fewer tools at once."
            )
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            raise InputError("There is nothing to read.", "Paste a tool's description.")
        page = read_page(text)
        if page is not None:
            return page
        submissions: list[Submission] = []
        notices: list[str] = []
        for start, lines in _chunks(text.split("\n")):
            submission, remarks = _tool(start, lines)
            submissions.append(submission)
            notices.extend(remarks)
        if not submissions:
            raise InputError("The text holds nothing but lines.", "Paste a tool's description.")
        return Intake(submissions=tuple(submissions), notices=tuple(notices))


READER = PasteReader()


def _chunks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """The text between separating lines, each with the number of its first line that holds something."""
    chunks: list[tuple[int, list[str]]] = []
    first, held = 0, list[str]()
    for number, line in enumerate([*lines, "---"], start=1):
        last = number > len(lines)
        if not _RULE.match(line):
            if held or line.strip():
                first = first if held else number
                held.append(line)
        elif last or not _underlines(held):
            if held:
                chunks.append((first, held))
            held = []
    return chunks


def _underlines(held: list[str]) -> bool:
    """Whether a rule under these lines belongs to a heading: a name alone is no tool yet."""
    return len(held) == 1 and _is_short(held[0]) and _FIELD.match(held[0]) is None


def _tool(start: int, lines: list[str]) -> tuple[Submission, tuple[str, ...]]:
    """A tool from its lines: fields, name and tagline as far as they are there, the rest is the description."""
    values, facts = dict[str, str](), list[str]()
    body = 0
    while body < len(lines):
        if not (not lines[body].strip() or _take_field(lines[body], values, facts) or _take_head(lines, body, values)):
            break
        body += 1
    rest: list[str] = []
    for line in lines[body:]:
        found = _FIELD.match(line)
        # A fact is told from prose by its parts; anywhere below the head it may follow the description.
        if found is not None and key_of(found[1]) == "fact" and "|" in found[2]:
            facts.append(found[2])
        else:
            rest.append(line)
    name = values.get("name", "")
    share, votes, notices = community_of(values.pop("community", ""), name)
    described = values.pop("description", "")
    description = "\n".join([described, *rest] if described else rest).strip()
    submission = Submission(
        **{"name": "", **values},
        description=description,
        community_percent=share,
        community_votes=votes,
        facts=tuple(fact_of(fact) for fact in facts),
        line=start,
    )
    return submission, notices


def _take_field(line: str, values: dict[str, str], facts: list[str]) -> bool:
    """Keep a `Key: value` line we know; False for any other, and for a key that came before."""
    found = _FIELD.match(line)
    if found is None or "description" in values:
        return False
    key, value = key_of(found[1]), found[2].strip()
    if key == "fact":
        facts.append(value)
        return True
    if key not in _SINGLE | {"description"} or key in values:
        return False
    values[key] = value
    return True


def _take_head(lines: list[str], index: int, values: dict[str, str]) -> bool:
    """Keep a name, then a tagline, when the line looks like one and something is left to be the description."""
    key = "name" if not values.get("name") else "tagline"
    following = lines[index + 1].strip() if index + 1 < len(lines) else ""
    wrapped = following[:1].islower() and not (key == "name" and _names(lines[index].strip(), following))
    if "description" in values or values.get(key) or not _is_short(lines[index]) or wrapped:
        return False
    left = any(line.strip() and _FIELD.match(line) is None for line in lines[index + 1 :])
    if key == "tagline" and not left:
        return False
    values[key] = re.sub(r"^\s*#{1,6}\s+", "", lines[index]).strip()
    return True


def _names(line: str, following: str) -> bool:
    """Whether a line over a lower-case one is a name and not the sentence's own beginning: the next line says it
    again, or it is a few words that begin small themselves (`uv`, `vercel ai sdk`)."""
    if following.casefold().startswith(line.casefold()):
        return True
    return line[:1].islower() and len(line.split()) <= _FEW_WORDS and not line.endswith(",")


def _is_short(line: str) -> bool:
    text = line.strip()
    return 0 < len(text) <= _SHORT and not text.endswith((".", "。"))
