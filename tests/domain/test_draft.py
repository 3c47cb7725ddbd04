"""A draft is the fold of its events."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.draft import ACCEPTABLE, LIVE, USABLE, Draft, Origin, State, advance, fold
from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Started, Stop, Usage, Waiting
from workbench.domain.ids import Digest, DraftId, PersonaId, ProviderName, RunId, ToolId
from workbench.errors import FailureKind

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ORIGIN = Origin(
    id=DraftId("d1"),
    run_id=RunId("r1"),
    tool_id=ToolId("testo"),
    persona_id=PersonaId("builder"),
    provider=ProviderName("claude"),
    model="m",
    take=1,
    dossier_digest=Digest("a"),
    persona_digest=Digest("b"),
    plan_digest=Digest("c"),
    rehearsal=False,
    created_at=NOON,
)
STARTED = Started(model="m-1", request_id="req")
WAITING = Waiting(seconds=8, reason="busy", attempt=2)


def made(*events: DraftEvent) -> Draft:
    return fold(ORIGIN, [(NOON + timedelta(seconds=second), event) for second, event in enumerate(events, start=1)])


def second(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


def test_a_new_draft_is_queued_and_live() -> None:
    draft = made()
    assert (draft.id, draft.state, draft.live, draft.text) == ("d1", "queued", True, "")


def test_a_stream_that_finishes_is_done() -> None:
    draft = made(STARTED, Delta(text="{"), Delta(text="}"), Usage(output_tokens=2), Finished(stop="complete"))
    assert (draft.state, draft.text, draft.live) == ("done", "{}", False)
    assert (draft.model_reported, draft.request_id) == ("m-1", "req")
    assert (draft.started_at, draft.first_text_at, draft.ended_at) == (second(1), second(2), second(5))
    assert draft.usage == Usage(output_tokens=2)


@pytest.mark.parametrize(
    ("stop", "state"),
    [("complete", "done"), ("truncated", "truncated"), ("refused", "refused"), ("stopped", "stopped")],
)
def test_every_stop_has_its_state(stop: Stop, state: State) -> None:
    draft = made(STARTED, Delta(text="x"), Finished(stop=stop, detail="why"))
    assert (draft.state, draft.detail, draft.failure) == (state, "why", None)


@pytest.mark.parametrize(
    ("text", "failure", "state"),
    [
        ("", "unreachable", "failed"),
        ("", "cut_off", "failed"),
        ("x", "cut_off", "interrupted"),
        ("x", "timed_out", "interrupted"),
        ("x", "wrong_shape", "failed"),
        ("x", "process_ended", "interrupted"),
        ("", "process_ended", "interrupted"),
    ],
)
def test_a_failure_keeps_text_that_can_be_used(text: str, failure: FailureKind, state: State) -> None:
    failed = Failed(failure=failure, message="It ended.", remedy="Again.")
    draft = made(STARTED, Delta(text=text), failed)
    assert (draft.state, draft.text, draft.failure, draft.ended_at) == (state, text, failed, second(3))


def test_waiting_is_shown_until_something_comes() -> None:
    waiting = made(WAITING)
    assert (waiting.state, waiting.waiting, waiting.waiting_since) == ("queued", WAITING, second(1))
    for event in (STARTED, Finished(stop="stopped"), Failed(failure="rate_limited", message="m")):
        after = advance(waiting, event, second(2))
        assert (after.waiting, after.waiting_since) == (None, None)


def test_text_without_a_start_streams_too() -> None:
    assert made(Delta(text="x")).state == "streaming"


def test_usage_replaces_what_was_reported_before_even_after_the_end() -> None:
    draft = made(Usage(input_tokens=1), Finished(stop="complete"), Usage(input_tokens=3, output_tokens=4))
    assert draft.usage == Usage(input_tokens=3, output_tokens=4)
    assert draft.state == "done"


def test_the_prompt_is_all_its_tokens() -> None:
    usage = Usage(
        input_tokens=1, cache_read_tokens=2, cache_write_5m_tokens=4, cache_write_1h_tokens=8, output_tokens=16
    )
    assert usage.prompt_tokens == 15


def test_what_may_be_accepted_may_be_used_and_is_over() -> None:
    assert ACCEPTABLE < USABLE
    assert not USABLE & LIVE
    assert not {"refused", "failed"} & USABLE


deltas = st.builds(Delta, text=st.text(max_size=5), kind=st.just("delta"))
ends: st.SearchStrategy[DraftEvent] = st.sampled_from(
    [Finished(stop="complete"), Finished(stop="refused"), Failed(failure="cut_off", message="m")]
)
events: st.SearchStrategy[DraftEvent] = st.one_of(deltas, st.sampled_from([STARTED, WAITING, Usage(input_tokens=1)]))


@given(st.lists(events, max_size=6), ends, st.lists(st.one_of(events, ends), max_size=6))
def test_nothing_but_usage_changes_after_the_end(
    before: list[DraftEvent], end: DraftEvent, after: list[DraftEvent]
) -> None:
    ended = made(*before, end)
    for event in after:
        assert advance(ended, event, second(99)) == (
            ended if not isinstance(event, Usage) else advance(ended, event, second(50))
        )
    assert not ended.live


@given(st.text(), st.lists(st.integers(0, 40)))
def test_where_the_text_is_cut_never_changes_the_draft(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [Delta(text=text[start:end]) for start, end in itertools.pairwise(edges)]
    assert made_at_noon(pieces) == made_at_noon([Delta(text=text)])


def made_at_noon(pieces: list[Delta]) -> Draft:
    whole: list[DraftEvent] = [STARTED, *pieces, Finished(stop="complete")]
    return fold(ORIGIN, [(NOON, event) for event in whole])


def test_what_is_no_event_is_a_bug_at_once() -> None:
    stranger: Any = object()
    with pytest.raises(AssertionError):
        advance(made(), stranger, NOON)
