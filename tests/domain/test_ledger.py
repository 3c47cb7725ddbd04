"""What an approved quote foretells, as its ledger keeps it through edits, undos and findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.decision import Cell
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.ledger import Event, Foretold, Turn, follow

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
BY_2027 = "By 2027, every build is one file."
IN_A_YEAR = "In 12 months nobody ships two."
PLAIN = "It is a fine thing."


def cell(*sentences: str, days: int = 0) -> Cell:
    """An approved quote of so many days later; without a sentence, a withdrawn one."""
    decided_at = NOON + timedelta(days=days) if sentences else None
    return Cell(
        tool_id=ToolId("loom"),
        persona_id=PersonaId("futurist"),
        text=" ".join(sentences),
        editor="Ann",
        decided_at=decided_at,
    )


class Book:
    """A ledger in memory, kept as the store keeps one."""

    def __init__(self) -> None:
        self.entries: list[Foretold] = []

    def after(self, now: Cell, *, days: int = 0) -> Book:
        at = NOON + timedelta(days=days)
        found = follow(self.entries, now)
        turns: list[tuple[int, Turn]] = [(number, "withdrawn") for number in found.withdrawn]
        for number, kind in turns + [(number, "restored") for number in found.restored]:
            self.record(number, Event(kind=kind, editor="Ann", at=at))
        for one in found.made:
            entry = Foretold(
                number=len(self.entries) + 1,
                tool_id=one.tool_id,
                persona_id=one.persona_id,
                what=one.what,
                when=one.when,
                due=one.due,
                editor=now.editor,
                decided_at=now.decided_at or NOON,
            )
            self.entries.append(entry)
        return self

    def record(self, number: int, event: Event) -> None:
        entry = self.entries[number - 1]
        self.entries[number - 1] = replace(entry, events=(*entry.events, event))

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [(one.when, one.due_on.isoformat(), one.state) for one in self.entries]


def test_an_approved_quotes_dated_predictions_are_kept_with_their_day_and_whose_they_are() -> None:
    book = Book().after(cell(PLAIN, BY_2027, IN_A_YEAR))
    assert book.told == [("By 2027", "2027-12-31", "open"), ("In 12 months", "2027-01-31", "open")]
    first = book.entries[0]
    assert (first.what, first.editor, first.decided_at, first.persona_id) == (BY_2027, "Ann", NOON, "futurist")


def test_an_edit_elsewhere_leaves_a_forecast_as_it_was_said() -> None:
    book = Book().after(cell(IN_A_YEAR)).after(cell(PLAIN, IN_A_YEAR, days=90), days=90)
    assert book.told == [("In 12 months", "2027-01-31", "open")]


def test_a_sentence_that_goes_withdraws_its_forecast_and_a_new_one_makes_its_own() -> None:
    book = Book().after(cell(BY_2027)).after(cell(BY_2027.replace("2027", "2028"), days=1), days=1)
    assert book.told == [("By 2027", "2027-12-31", "withdrawn"), ("By 2028", "2028-12-31", "open")]


def test_an_undo_restores_the_very_forecast_and_approving_the_words_anew_makes_another() -> None:
    first = cell(IN_A_YEAR)
    undone = Book().after(first).after(cell(), days=1).after(first, days=2)
    assert undone.told == [("In 12 months", "2027-01-31", "open")]
    assert [one.kind for one in undone.entries[0].events] == ["withdrawn", "restored"]
    anew = Book().after(first).after(cell(), days=1).after(cell(IN_A_YEAR, days=2), days=2)
    assert anew.told == [("In 12 months", "2027-01-31", "withdrawn"), ("In 12 months", "2027-02-02", "open")]


def test_what_was_judged_is_never_withdrawn_nor_said_again() -> None:
    book = Book().after(cell(BY_2027))
    book.record(1, Event(kind="failed", editor="Bea", at=NOON, note="Two files."))
    assert book.after(cell(PLAIN, days=1), days=1).told == [("By 2027", "2027-12-31", "failed")]
    assert book.after(cell(BY_2027, days=2), days=2).told == [("By 2027", "2027-12-31", "failed")]
    found = book.entries[0].judgement
    assert found is not None
    assert (found.editor, found.note) == ("Bea", "Two files.")
    assert not book.entries[0].stands_in(PLAIN)


def test_a_forecast_past_its_day_is_not_lost_when_its_quote_is_approved_again() -> None:
    book = Book().after(cell(BY_2027)).after(cell(PLAIN, BY_2027, days=900), days=900)
    assert book.told == [("By 2027", "2027-12-31", "open")]


def test_too_early_moves_the_day_and_a_later_finding_corrects() -> None:
    book = Book().after(cell(BY_2027))
    one = book.entries[0]
    assert [one.is_due(date(2027, 12, 31)), one.is_due(date(2028, 1, 1))] == [False, True]
    book.record(1, Event(kind="too_early", editor="Ann", at=NOON, due=date(2029, 6, 1)))
    assert book.told == [("By 2027", "2029-06-01", "open")]
    assert not book.entries[0].is_due(date(2029, 6, 1))
    book.record(1, Event(kind="held", editor="Ann", at=NOON))
    assert not book.entries[0].is_due(date(2030, 1, 1))
    book.record(1, Event(kind="failed", editor="Ann", at=NOON))
    assert book.entries[0].state == "failed"
    assert book.entries[0].due == date(2027, 12, 31)


@pytest.mark.parametrize("quote", [PLAIN, "By 2019 all was said.", "They say “by 2027”."])
def test_a_quote_that_foretells_nothing_keeps_nothing(quote: str) -> None:
    assert Book().after(cell(quote)).told == []


QUOTES = st.lists(st.sampled_from((PLAIN, BY_2027, IN_A_YEAR, "Within a year all change.")), max_size=4)


@given(st.lists(QUOTES, min_size=1, max_size=6))
def test_what_is_open_is_exactly_what_the_quote_says_whatever_came_before(quotes: list[list[str]]) -> None:
    book = Book()
    for day, sentences in enumerate(quotes):
        now = cell(*sentences, days=day)
        book.after(now, days=day)
        standing = [one for one in book.entries if one.state == "open"]
        assert {one.what for one in standing} == set(sentences) - {PLAIN}
        assert len({(one.what, one.when) for one in standing}) == len(standing)
        before = book.told
        assert book.after(now, days=day).told == before
