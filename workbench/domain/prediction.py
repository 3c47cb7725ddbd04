"""Dated predictions in a quote: what is said to come, by when, and whose quote says so.

Dates are reckoned from the day the quote was written, which the caller knows; a prediction falls due on the last day
its wording allows, so that nobody is held to account too early.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.phrases import own_words
from workbench.domain.text import sentence_spans

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
_MONTH = {name: number for number, name in enumerate((*_MONTHS, "november", "december"), start=1)}
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ROUND = {"a": 1, "an": 1, "a couple of": 2, "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty-six": 36}
_NUMBER = _ROUND | {word: number for number, word in enumerate(_COUNTED, start=1)}
_PARTS = (
    {"early": 3, "mid": 6, "late": 12, "q1": 3, "q2": 6, "q3": 9, "q4": 12, "h1": 6, "h2": 12}
    | {"start": 3, "beginning": 3, "middle": 6, "end": 12, "close": 12, "first half": 6, "second half": 12}
    | {"first quarter": 3, "second quarter": 6, "third quarter": 9, "fourth quarter": 12, "last quarter": 12}
)
"""The month in which a part of a year ends."""
_UNIT = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
"""In months."""

_COUNT = "|".join(sorted(_NUMBER, key=len, reverse=True))
_UP_TO = rf"(?:(?:\d{{1,3}}|{_COUNT})(?:\s(?:to|or)\s|\s?[-–]\s?))?"
"""Of “twelve to eighteen months” the last one counts."""
_SPAN = (
    rf"{_UP_TO}(?P<count>\d{{1,3}}|{_COUNT})\s(?P<unit>day|week|month|quarter|year|decade)s?\b(?!['’-])"
    r"(?!\sof\s(?!(?:launch|release|now|today|this|that|its|the)\b))"
)
"""“Twelve months of logs” are no time to come."""
_YEAR = r"(?P<year>20\d\d|21\d\d)\b(?!-\d|\s?(?:%|tokens|users|lines))"
_OF_MONTH = rf"(?:\d{{1,2}}\s)?(?P<month>{'|'.join(_MONTH)})(?:\s\d{{1,2}})?,?\s"
_OF_PART = rf"(?:the\s)?(?P<part>{'|'.join(_PARTS)})[\s-](?:of\s)?"
_NAMED = rf"(?:{_OF_MONTH}|{_OF_PART})?{_YEAR}"
_ROUGHLY = r"(?:(?:the\s(?:next|coming)|another|about|roughly|less\sthan|under)\s)?"
_FUTURE = r"(?:by|before|until|through|come|no\slater\sthan)\s(?:(?:the\s)?(?:end|close)\sof\s|year-?end\s)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """`what` is the sentence, `start` and `end` where it stands in the quote, `when` its own words for the time.

    `due` is the last day its words allow: from the next one on it can be judged.
    """

    what: str
    start: int
    end: int
    when: str
    due: date
    tool_id: ToolId
    persona_id: PersonaId


def predictions(quote: str, said_on: date, tool_id: ToolId, persona_id: PersonaId) -> tuple[Prediction, ...]:
    """The quote's dated predictions in its order, one for each sentence and day; past and quoted ones are left out."""
    text, sentences = own_words(quote), sentence_spans(quote)
    starts = [start for start, _ in sentences]
    dated = sorted(
        (match.start(), match.group(), due)
        for pattern, reckon in _RECKONED
        for match in pattern.finditer(text)
        if (due := reckon(match, said_on)) is not None and due > said_on
    )
    found = dict[tuple[int, date], Prediction]()
    for place, when, due in dated:
        start, end = sentences[bisect_right(starts, place) - 1]
        one = Prediction(
            what=quote[start:end], start=start, end=end, when=when, due=due, tool_id=tool_id, persona_id=persona_id
        )
        found.setdefault((start, due), one)
    return tuple(found.values())


def _in_a_span(match: re.Match[str], said_on: date) -> date | None:
    """“in 12 months”, “within a year”: counted from the day it was said."""
    written = match["count"].lower()
    count = int(written) if written.isdigit() else _NUMBER[written]
    unit = match["unit"].lower()
    if unit in {"day", "week"}:
        return said_on + timedelta(days=count * (7 if unit == "week" else 1))
    return _months_on(said_on, count * _UNIT[unit])


def _named(match: re.Match[str], _: date) -> date | None:
    """“by 2027”, “before March 2028”, “by mid-2027”, “by Q3 2027”: the last day of what it names."""
    month, part = match["month"], match["part"]
    last = _MONTH[month.lower()] if month else _PARTS[part.lower()] if part else 12
    year = int(match["year"])
    # Before a year is by the end of the one before it.
    before = match.group().lower().startswith("before") and "end" not in match.group().lower()
    return _month_end(year, last) if not before else _month_end(year, last - (1 if month else 12))


def _in_named(match: re.Match[str], said_on: date) -> date | None:
    """“in 2028”, “in March 2027”: as above; “in” the year at hand has mostly happened already."""
    at_hand = match["month"] is None and match["part"] is None and int(match["year"]) <= said_on.year
    return None if at_hand else _named(match, said_on)


def _part_of(match: re.Match[str], _: date) -> date | None:
    """“the second half of 2027”: the last day of it."""
    return _month_end(int(match["year"]), _PARTS[match["part"].lower()])


def _mid_decade(_: re.Match[str], said_on: date) -> date | None:
    """“by mid-decade”: the end of the next year that ends with a five."""
    return _month_end(said_on.year // 10 * 10 + (5 if said_on.year % 10 < 5 else 15), 12)


def _iso(match: re.Match[str], _: date) -> date | None:
    try:
        return date.fromisoformat(match["day"])
    except ValueError:
        return None


def _relative(match: re.Match[str], said_on: date) -> date | None:
    """“next year”, “this quarter”, “by the end of the decade”: the last day of it."""
    unit, ahead = match["unit"].lower(), match.group().lower().startswith("next")
    if unit == "decade":
        return _month_end(said_on.year // 10 * 10 + 9 + 10 * ahead, 12)
    if unit == "year":
        return _month_end(said_on.year + ahead, 12)
    size = _UNIT[unit]
    return _month_end(said_on.year, (said_on.month - 1) // size * size + size + size * ahead)


def _month_end(year: int, month: int) -> date | None:
    """The last day of a month; months count on beyond 12 and back below 1. None beyond the calendar."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1]) if 0 < year <= MAXYEAR else None


def _months_on(day: date, months: int) -> date | None:
    last = _month_end(day.year, day.month + months)
    return None if last is None else last.replace(day=min(day.day, last.day))


Reckon = Callable[[re.Match[str], date], date | None]
_RECKONED: tuple[tuple[re.Pattern[str], Reckon], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reckon)
    for pattern, reckon in (
        (
            rf"(?<!ed )\b(?:in|within|over)\s{_ROUGHLY}{_SPAN}",
            _in_a_span,
        ),
        (rf"\b{_SPAN}\s(?:from\snow|on|out|hence)\b", _in_a_span),
        (rf"\b(?:the\s(?:next|coming)|(?:give|allow)\s(?:it|them))\s{_SPAN}", _in_a_span),
        (rf"\bthe\s(?P<part>{'|'.join(one for one in _PARTS if ' ' in one)})\sof\s{_YEAR}", _part_of),
        (r"\b(?:by|before|until|come)\s(?:mid-|the\smiddle\sof\sthe\s)decade\b", _mid_decade),
        (rf"\b{_FUTURE}{_NAMED}", _named),
        (rf"\bin\s{_NAMED}", _in_named),
        (r"\b(?:by|before|on)\s(?P<day>20\d\d-\d\d-\d\d)\b", _iso),
        (r"\bby\s(?:the\s)?(?P<unit>year)(?:['’]s\s|-|\s)end\b", _relative),
        (r"\bnext\s(?P<unit>month|quarter|year|decade)\b", _relative),
        (
            r"\b(?:by|before|within)\s(?:the\s(?:end|close)\sof\s)?(?:this|the)\s(?P<unit>month|quarter|year|decade)\b",
            _relative,
        ),
    )
)
