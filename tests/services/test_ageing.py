"""A draft says when the persona or the prompts it was made with have changed since, and is silent otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes import FakeLibrary, a_prompt, an_answer, streamed
from tests.services.engines import Engine
from workbench.domain.ageing import Aged, says
from workbench.domain.draft import Draft
from workbench.domain.plan import PromptSet
from workbench.domain.text import digest
from workbench.errors import LibraryError
from workbench.services.ageing import Ageing


class EditedLibrary(FakeLibrary):
    """A library in which a prompt reads otherwise, or cannot be used, from some moment on."""

    changed: dict[str, str] | None = None

    def prompts(self) -> PromptSet:
        found = super().prompts()
        for name, text in (self.changed or {}).items():
            if not text:
                raise LibraryError(f"{name}.md", "the file is empty.")
            found = replace(found, **{name: a_prompt(name, text)})
        return found


@pytest.fixture
def library(library: FakeLibrary) -> EditedLibrary:
    return EditedLibrary(*library.lenses)


@pytest.fixture
def drafted(engine: Engine) -> Draft:
    engine.play("claude", streamed(an_answer("It runs.")))
    return engine.run_one("claude")


def changes(engine: Engine, draft: Draft) -> tuple[Aged, ...]:
    return Ageing(store=engine.store, library=engine.library).of([draft]).get(draft.id, ())


def test_a_draft_made_with_todays_texts_is_of_today(engine: Engine, drafted: Draft) -> None:
    assert changes(engine, drafted) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("house", "Other house rules."),
        ("brief", "Anew: $id $label $summary $voice $beats $low $high $banned $exemplars"),
        ("ask", "Anew: $id $label $beats $low $high"),
    ],
)
def test_a_prompt_that_reads_otherwise_is_told(
    engine: Engine, library: EditedLibrary, drafted: Draft, name: str, text: str
) -> None:
    library.changed = {name: text}
    assert changes(engine, drafted) == ("prompt",)


def test_a_persona_that_reads_otherwise_is_told_and_not_taken_for_a_prompt(
    engine: Engine, library: EditedLibrary, drafted: Draft
) -> None:
    builder, *others = library.lenses
    library.lenses = [replace(builder, voice="Plainer.", digest=digest("anew")), *others]
    assert changes(engine, drafted) == ("persona",)
    library.changed = {"house": "Other house rules."}
    assert says(changes(engine, drafted)) == "persona and prompt changed since"


def test_another_lens_may_change_without_a_word_of_this_one(
    engine: Engine, library: EditedLibrary, drafted: Draft
) -> None:
    builder, skeptic, *others = library.lenses
    library.lenses = [builder, replace(skeptic, voice="Plainer.", digest=digest("anew")), *others]
    assert changes(engine, drafted) == ()


def test_nothing_is_told_of_a_lens_that_is_gone_or_of_prompts_nobody_can_use(
    engine: Engine, library: EditedLibrary, drafted: Draft
) -> None:
    library.changed = {"house": ""}
    assert changes(engine, drafted) == ()
    library.changed = None
    library.lenses = library.lenses[1:]
    assert changes(engine, drafted) == ()
