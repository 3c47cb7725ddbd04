"""Recognises the publication's own comparison page, pasted as text, by its structure and never by its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from workbench.domain.comparison import FOOTER, SCORECARD_HEADING
from workbench.domain.submission import Submission
from workbench.intake._fields import NO_FIGURE, community_of, quotes_notice
from workbench.ports import Intake

_FIGURE = re.compile(r"(?:—|–|-|\d{1,3} ?%(?: ?\(\d{1,9}(?: votes?)?\))?)\Z")
_SHORT = 120
_VERSUS = " vs "


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that holds something, with its number in the pasted text."""

    number: int
    text: str


def read_page(text: str) -> Intake | None:
    """The page's tools, its quotes left out; None when the text is not such a page."""
    lines = [
        Line(number=number, text=stripped)
        for number, raw in enumerate(text.split("\n"), start=1)
        # Our own text export adds its labels as lines in brackets.
        if (stripped := raw.replace("\xa0", " ").strip()) and not (stripped[0] == "[" and stripped[-1] == "]")
    ]
    figures = [index for index in range(1, len(lines) - 4) if _is_tool(lines, index)]
    if not figures:
        return None
    end = _end(lines, figures[-1] + 5)
    title = _title(lines[: figures[0]])
    heads = [_head(lines, index, title) for index in figures]
    stops = [*(head.start for head in heads[1:]), end]
    submissions: list[Submission] = []
    notices: list[str] = []
    for index, head, stop in zip(figures, heads, stops, strict=True):
        share, votes, remarks = community_of(lines[index + 1].text, head.name)
        notices.extend(remarks)
        entry = lines[index + 3].text
        submissions.append(
            Submission(
                name=head.name,
                description=_joined(lines[index + 5 : stop]),
                category=head.category,
                tagline=head.tagline,
                entry="" if entry in NO_FIGURE else entry,
                community_percent=share,
                community_votes=votes,
                line=lines[head.start].number,
            )
        )
    quotes = sum(line.text.startswith("“") for line in lines[end:])
    if quotes:
        notices.insert(0, quotes_notice(quotes))
    return Intake(submissions=tuple(submissions), notices=tuple(notices))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    start: int
    category: str
    name: str
    tagline: str


def _is_tool(lines: list[Line], index: int) -> bool:
    """Whether the panel figure of a tool stands at `index`: figure, label, figure, label, entry, label."""
    labels = [lines[index + step].text.casefold() for step in (0, 2, 4)]
    return labels == ["panel ship", "community", "entry"] and all(
        _FIGURE.match(lines[index + step].text) for step in (-1, 1)
    )


def _title(lines: list[Line]) -> str:
    return next((line.text for line in lines if _VERSUS in line.text), "")


def _head(lines: list[Line], index: int, title: str) -> _Head:
    """What stands above a tool's figure: category, name, tagline. The title says which line is the name,
    since category and tagline may be missing."""
    figure = index - 1
    near = range(figure - 1, max(figure - 4, -1), -1)
    named = next((at for at in near if _names(lines[at].text, title)), None)
    at = named if named is not None else max(figure - 2, 0)
    tagline = " ".join(line.text for line in lines[at + 1 : figure])
    above = at - 1
    # A category is a short line; what stands there instead is the deck or the description before.
    has_category = above >= 0 and len(lines[above].text) <= _SHORT and not lines[above].text.endswith((".", "?"))
    category = lines[above].text if has_category and lines[above].text != title else ""
    return _Head(start=above if category else at, category=category, name=lines[at].text, tagline=tagline)


def _names(text: str, title: str) -> bool:
    return title.startswith(text + _VERSUS) or title.endswith(_VERSUS + text)


def _end(lines: list[Line], start: int) -> int:
    """Where the last description ends: at the scorecard, else the first quote or the footer, else with the text."""
    rest = [line.text for line in lines[start:]]
    heading = next((at for at, text in enumerate(rest) if text.casefold() == SCORECARD_HEADING.casefold()), None)
    if heading is not None:
        return start + heading
    return start + next((at for at, text in enumerate(rest) if text.startswith("“") or text == FOOTER[0]), len(rest))


def _joined(lines: list[Line]) -> str:
    """The lines with the paragraphs they were pasted in."""
    text = lines[0].text if lines else ""
    for before, line in pairwise(lines):
        text += ("\n" if line.number == before.number + 1 else "\n\n") + line.text
    return text
