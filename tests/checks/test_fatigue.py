from __future__ import annotations

from dataclasses import replace

import pytest

from tests.checks.drafts import BACKGROUND, PERSONA, review
from workbench.checks.fatigue import CHECK
from workbench.domain.finding import Finding
from workbench.domain.persona import Exemplar

ARCHIVE = (
    "The soil is heavy. Every gardener learns to keep the compost heap warm through winter.",
    "The rain is late. They keep a compost heap warm, whatever the neighbours say of it.",
)


def _tired(text: str, *archive: str) -> list[Finding]:
    draft = review(("soil", text))
    found = CHECK.findings(draft, replace(BACKGROUND, archive=archive))
    assert all(f"“{draft.quote[one.start : one.end]}”" in one.reason for one in found)
    return found


def test_a_phrase_of_an_approved_quote_is_named_with_the_quote() -> None:
    (found,) = _tired("Here a gardener learns to keep the compost in a sack.", *ARCHIVE)
    assert found.reason == "An approved quote says “gardener learns to keep the compost”, too."
    assert (found.evidence, found.severity) == (ARCHIVE[0], "note")


def test_the_small_words_between_may_differ_and_more_quotes_weigh_more() -> None:
    (found,) = _tired("One would KEEP that Compost Heap warm.", *ARCHIVE)
    assert found.reason == "2 approved quotes say “KEEP that Compost Heap warm”, too."
    assert (found.severity, found.evidence) == ("warning", ARCHIVE[0])


@pytest.mark.parametrize(
    "text",
    [
        "The compost heap stays warm.",  # three words of matter
        "Keep the compost. Heap warm stones.",  # across two sentences
        "Warm the heap of compost and keep it.",  # in another order
        "",
    ],
)
def test_less_than_a_phrase_passes(text: str) -> None:
    assert _tired(text, *ARCHIVE) == []


def test_an_opener_of_the_lens_may_return() -> None:
    old = "Clay cracks, so the soil is heavy work."
    assert _tired("Wet clay cracks, so the soil is heavy work.", old) == []
    assert len(_tired("The soil is poor, stony; roses climb fences.", "Poor, stony; roses climb fences.")) == 1


def test_a_phrase_of_an_exemplar_is_used_up_as_well() -> None:
    lens = replace(PERSONA, exemplars=(Exemplar(tool="Spade", verdict="ship", text=ARCHIVE[0]),))
    draft = review(("soil", "Keep the compost heap warm."))
    (found,) = CHECK.findings(draft, replace(BACKGROUND, persona=lens))
    assert found.evidence == ARCHIVE[0]
