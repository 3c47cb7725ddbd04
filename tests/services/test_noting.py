"""A note about a draft: what it may say, and which drafts one can be about."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes import FakeLibrary, a_dossier, an_answer, streamed
from tests.services.engines import Engine
from tests.services.test_live import a_draft
from tests.services.test_planning import LONG, planning, real
from workbench.domain.draft import USABLE, Draft, State
from workbench.domain.ids import PersonaId, ProviderName
from workbench.domain.plan import Plan
from workbench.errors import InputError, UnknownNameError
from workbench.services.noting import NOTE_LIMIT, note_on
from workbench.services.reading import closed, read_partial

WHOLE = an_answer("The claim holds.", "It costs little.")
STATES: tuple[State, ...] = ("queued", "streaming", "refused", "failed")


def drafted(text: str = WHOLE, state: State = "done", provider: str = "claude") -> Draft:
    draft = a_draft()
    origin = replace(draft.origin, persona_id=PersonaId("builder"), provider=ProviderName(provider))
    return replace(draft, origin=origin, state=state, text=text)


def test_a_note_is_cleaned_and_stands_beside_the_answer_as_it_is_stored() -> None:
    note = note_on(drafted(), "  more\u200b concrete\r\non price ")
    assert note is not None
    assert (note.text, note.answer, note.draft_id) == ("more concrete\non price", WHOLE, drafted().id)


@pytest.mark.parametrize("blank", ["", "  \n", "\u200b"])
def test_a_blank_note_is_no_note(blank: str) -> None:
    assert note_on(drafted(), blank) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [("x" * (NOTE_LIMIT + 1), "501 characters; the limit is 500"), ("a\0b", "NUL"), ("a\ud83d", "surrogate")],
)
def test_what_is_no_note_is_refused_by_its_field(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        note_on(drafted(), text)
    assert caught.value.field == "note"


@pytest.mark.parametrize("draft", [*(drafted(state=state) for state in STATES), drafted("{", "stopped")], ids=str)
def test_only_a_draft_with_text_an_editor_may_use_can_be_answered(draft: Draft) -> None:
    with pytest.raises(InputError, match=f"Draft {draft.id} is {draft.state}") as caught:
        note_on(draft, "Shorter.")
    assert caught.value.field == "note"


@given(some.text(some.characters(codec="utf-8"), min_size=1), some.integers(0, 200), some.sampled_from(sorted(USABLE)))
def test_an_answer_that_was_cut_off_is_closed_and_loses_no_word(said: str, cut: int, state: State) -> None:
    text = an_answer("Seen: " + said)[:cut]
    whole = closed(text)
    assert read_partial(whole) == read_partial(json.dumps(json.loads(whole)))
    assert read_partial(whole).quote == read_partial(text).quote
    if read_partial(text).quote:
        note = note_on(drafted(text, state), "Shorter.")
        assert note is not None
        assert json.loads(note.answer)["sentences"]


def test_no_verdict_is_made_up_for_an_answer_that_never_gave_one() -> None:
    assert set(json.loads(closed(WHOLE[: WHOLE.index('"verdict"')]))) == {"sentences"}


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(part.role, part.text) for part in plan.segments[-2:]]


def test_another_take_with_a_note_continues_the_plan_of_any_other(library: FakeLibrary) -> None:
    made = planning(library)
    job = made.again(a_dossier(), drafted(), "More on price.")
    [plain] = made.jobs(a_dossier(), personas=["builder"], providers=["claude"])
    assert job.cell == plain.cell
    assert job.plan.segments[:-2] == plain.plan.segments
    assert told(job.plan) == [("assistant", WHOLE), ("user", "<note>More on price.</note>")]


def test_another_take_without_a_note_is_an_ordinary_job(library: FakeLibrary) -> None:
    made = planning(library)
    assert [made.again(a_dossier(), drafted())] == made.jobs(a_dossier(), personas=["builder"], providers=["claude"])


def test_another_take_needs_the_provider_to_be_there_still(library: FakeLibrary) -> None:
    with pytest.raises(UnknownNameError, match="provider called “gone”"):
        planning(library).again(a_dossier(), drafted(provider="gone"), "More on price.")


@pytest.mark.parametrize("provider", ["claude", "codestral"])
def test_a_note_costs_what_it_adds_and_the_prefix_is_read(library: FakeLibrary, provider: str) -> None:
    made = real(library)
    board = made.plan(made.jobs(LONG))
    warm = {prefix.digest for job in board.jobs for prefix in job.plan.prefixes}
    again = real(library, warm=lambda _: warm)
    [plain] = again.plan(again.jobs(LONG, personas=["builder"], providers=[provider])).jobs
    [noted] = again.plan([again.again(LONG, drafted(provider=provider), "More on price.")]).jobs
    assert plain.forecast is not None
    assert noted.forecast is not None
    assert noted.plan.prefixes == plain.plan.prefixes
    usage, before = noted.forecast.usage, plain.forecast.usage
    assert usage.cache_read_tokens == before.cache_read_tokens > 0
    assert usage.cache_write_5m_tokens + usage.cache_write_1h_tokens == 0
    added = sum(len(part.text) for part in noted.plan.segments[-2:]) / 4
    assert usage.input_tokens - before.input_tokens == pytest.approx(added, abs=2)
    assert again.plan([noted]).jobs == (noted,)


def test_the_note_is_kept_with_the_take_that_answers_it(engine: Engine) -> None:
    scripted = engine.play("claude", streamed(WHOLE), streamed(an_answer("It costs $5.")))
    engine.play("codestral")
    first = engine.run_one("claude")
    made = planning(engine.library, engine.configs)
    job = made.again(a_dossier(), first, " More on price. ")
    (second,) = engine.finish(*engine.drafting.start([job]))
    assert (second.origin.note, second.origin.follows, second.origin.take) == ("More on price.", first.id, 2)
    assert (first.origin.note, first.origin.follows) == ("", None)
    assert told(scripted.plans[-1])[0] == ("assistant", WHOLE)
    with engine.store.reading() as repositories:
        archived = repositories.archive.get(second.origin.plan_digest)
    assert archived is not None
    assert [line.split()[0] for line in archived.splitlines()][-2:] == ["answer", "note"]
