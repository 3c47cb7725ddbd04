from __future__ import annotations

from tests.rehearsal.prompting import FACTS, LENSES, system_text, user_text
from workbench.rehearsal.composer import compose
from workbench.rehearsal.writer import Writer

SYSTEM = system_text(LENSES)
USER = user_text(LENSES[0], FACTS)


def test_asked_again_the_writer_finds_other_words_for_the_same_facts() -> None:
    writer = Writer()
    takes = [writer.write(SYSTEM, [("user", USER)], "codestral-2508") for _ in range(3)]
    assert len({take.quote for take in takes}) == 3
    assert {ref for take in takes for one in take.sentences for ref in one.facts} <= {f"F{n}" for n in range(1, 99)}


def test_a_first_take_depends_on_nothing_but_the_request() -> None:
    busy = Writer()
    busy.write(SYSTEM, [("user", user_text(LENSES[1], FACTS))], "codestral-2508")
    assert busy.write(SYSTEM, [("user", USER)], "codestral-2508") == compose(SYSTEM, USER, "codestral-2508")
