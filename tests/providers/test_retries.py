"""The retries while nothing of a draft has been seen, and never after."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.scripts import (
    DONE,
    FOREVER,
    STARTED,
    TICK,
    Sleeps,
    drafted_by,
    failure_of,
    refusal,
    script_of,
    scripted,
    wrapped,
)
from tests.providers.wires import PLAN
from tests.running import run
from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Usage, Waiting
from workbench.errors import FailureKind, ProviderError
from workbench.providers._scripted import Step
from workbench.providers._wrapping import wrap


def test_a_draft_that_works_is_passed_on_as_it_is() -> None:
    script: list[Step] = [STARTED, Usage(input_tokens=1), Delta(text="{"), Delta(text="}"), DONE]
    sleeps = Sleeps()
    assert run(drafted_by(wrapped(scripted(script), sleeps))) == script
    assert sleeps.seconds == []


def test_a_refusal_is_waited_out_and_the_second_attempt_reads_cleanly() -> None:
    inner = scripted([refusal(after=1)], [STARTED, Delta(text="{}"), DONE])
    sleeps = Sleeps()
    events = run(drafted_by(wrapped(inner, sleeps)))
    assert events == [
        Waiting(seconds=1, reason="It is overloaded.", attempt=2),
        STARTED,
        Delta(text="{}"),
        DONE,
    ]
    assert sleeps.seconds == [1]
    assert inner.plans == [PLAN, PLAN]


def test_a_failure_after_the_start_but_before_the_text_is_tried_again() -> None:
    overloaded = Failed(failure="overloaded", message="It is overloaded.")
    inner = scripted([STARTED, Usage(input_tokens=9), overloaded], [STARTED, Delta(text="{}"), DONE])
    events = run(drafted_by(wrapped(inner, Sleeps())))
    assert [event.kind for event in events] == ["started", "usage", "waiting", "started", "delta", "finished"]


def test_the_start_is_passed_on_while_the_text_is_still_to_come() -> None:
    async def first() -> DraftEvent:
        stream = wrapped(scripted([STARTED, asyncio.Event()]), Sleeps()).stream(PLAN)
        try:
            return await asyncio.wait_for(anext(stream), 5)
        finally:
            await stream.aclose()  # type: ignore[attr-defined]  # the port promises an iterator; ours can be closed

    assert run(first()) == STARTED


@pytest.mark.parametrize("retryable", [True, False])
def test_after_a_start_the_last_refusal_is_an_event_and_never_raised(retryable: bool) -> None:
    inner = scripted([STARTED, refusal(retryable=retryable)])
    events = run(drafted_by(wrapped(inner, Sleeps(), attempts=2)))
    assert failure_of(events) == Failed(failure="overloaded", message="It is overloaded.", remedy="Wait.")
    assert [event.kind for event in events] == [*["started", "waiting"] * retryable, "started", "failed"]


def test_a_refusal_after_the_first_text_is_an_event_and_never_raised() -> None:
    events = run(drafted_by(wrapped(scripted([STARTED, Delta(text="{"), refusal()]), Sleeps())))
    assert [event.kind for event in events] == ["started", "delta", "failed"]


def test_nothing_is_tried_again_after_the_first_text() -> None:
    cut = Failed(failure="cut_off", message="It broke off.")
    inner = scripted([STARTED, Delta(text="{"), cut], [STARTED, Delta(text="{}"), DONE])
    assert run(drafted_by(wrapped(inner, Sleeps()))) == [STARTED, Delta(text="{"), cut]
    assert len(inner.plans) == 1


@pytest.mark.parametrize("kind", ["spend_limit", "not_allowed", "key_refused", "rate_limited"])
def test_a_refusal_marked_final_is_raised_at_once(kind: FailureKind) -> None:
    inner = scripted([refusal(kind, retryable=False)])
    with pytest.raises(ProviderError) as caught:
        run(drafted_by(wrapped(inner, Sleeps())))
    assert caught.value.kind == kind
    assert len(inner.plans) == 1


@pytest.mark.parametrize("kind", ["spend_limit", "wrong_shape", "empty_answer", "too_much_text", "bad_request"])
def test_a_failure_that_another_try_cannot_cure_is_passed_on(kind: FailureKind) -> None:
    script: list[Step] = [STARTED, Failed(failure=kind, message="No.")]
    inner = scripted(script)
    assert run(drafted_by(wrapped(inner, Sleeps()))) == script
    assert len(inner.plans) == 1


def test_a_refusal_or_truncation_without_text_is_an_end_and_not_a_failure() -> None:
    for stop in ("refused", "truncated"):
        script: list[Step] = [STARTED, Finished(stop=stop)]
        assert run(drafted_by(wrapped(scripted(script), Sleeps()))) == script


def test_after_a_wait_the_last_refusal_is_an_event_and_never_raised() -> None:
    inner = scripted([refusal()])
    sleeps = Sleeps()
    events = run(drafted_by(wrapped(inner, sleeps)))
    assert [event.kind for event in events] == ["waiting", "waiting", "failed"]
    assert [event.attempt for event in events if isinstance(event, Waiting)] == [2, 3]
    assert failure_of(events) == Failed(failure="overloaded", message="It is overloaded.", remedy="Wait.")
    assert len(inner.plans) == 3
    first, second = sleeps.seconds
    assert 1 <= first <= 2 <= second <= 3


def test_one_attempt_means_no_retry() -> None:
    inner = scripted([refusal()])
    with pytest.raises(ProviderError):
        run(drafted_by(wrapped(inner, Sleeps(), attempts=1)))
    assert len(inner.plans) == 1


def test_a_wish_for_more_than_is_left_of_the_waiting_is_not_waited_for() -> None:
    sleeps = Sleeps()
    inner = scripted([refusal("rate_limited", after=40)])
    events = run(drafted_by(wrapped(inner, sleeps, attempts=10)))
    assert sleeps.seconds == [40]
    assert re.search(r"It is overloaded: rate limited until \d\d:\d\d \S+\.$", failure_of(events).message)
    assert len(inner.plans) == 2


@pytest.mark.parametrize(
    ("kind", "wish", "words"),
    [
        ("rate_limited", 3600.0, r"rate limited until \d\d:\d\d"),
        ("overloaded", 3600.0, r"not to be asked again until \d\d:\d\d"),
        ("rate_limited", 99_999_999.0, "rate limited for days"),
    ],
)
def test_a_long_wish_is_said_in_words_and_not_waited_for(kind: FailureKind, wish: float, words: str) -> None:
    sleeps = Sleeps()
    inner = scripted([refusal(kind, after=wish)])
    with pytest.raises(ProviderError, match=words) as caught:
        run(drafted_by(wrapped(inner, sleeps)))
    assert (caught.value.kind, caught.value.retry_after) == (kind, wish)
    assert sleeps.seconds == []
    assert len(inner.plans) == 1


def test_where_no_wait_is_named_the_pauses_grow_until_nothing_is_left() -> None:
    sleeps = Sleeps()
    run(drafted_by(wrapped(scripted([refusal()]), sleeps, attempts=10)))
    assert sum(sleeps.seconds) == pytest.approx(60)
    assert all(2**number <= pause < 2**number + 1 for number, pause in enumerate(sleeps.seconds[:-1]))


@settings(deadline=None)
@given(
    wishes=st.lists(st.none() | st.floats(min_value=0, max_value=90), min_size=1, max_size=9),
    attempts=st.integers(min_value=1, max_value=9),
    limit=st.integers(min_value=0, max_value=90),
)
def test_waits_are_bounded_shown_and_counted(wishes: list[float | None], attempts: int, limit: int) -> None:
    sleeps = Sleeps()
    inner = scripted(*(script_of(refusal(after=wish)) for wish in wishes))

    async def draft() -> list[DraftEvent]:
        try:
            return await drafted_by(wrapped(inner, sleeps, attempts=attempts, retry_wait=limit))
        except ProviderError:
            return []

    events = run(draft())
    waits = [event for event in events if isinstance(event, Waiting)]
    assert sum(sleeps.seconds) <= limit + 1e-6
    assert len(inner.plans) <= attempts
    assert [wait.seconds for wait in waits] == sleeps.seconds
    assert all(one.attempt + 1 == next_one.attempt for one, next_one in pairwise(waits))
    assert len(inner.plans) == len(waits) + 1


def test_a_clock_that_runs_out_before_the_first_text_is_tried_again() -> None:
    async def draft() -> list[DraftEvent]:
        inner = scripted([STARTED, asyncio.Event()], [STARTED, Delta(text="{}"), DONE])
        return await drafted_by(wrapped(inner, Sleeps(), first_text=TICK))

    events = run(draft())
    assert [event.kind for event in events] == ["started", "waiting", "started", "delta", "finished"]


def test_a_bug_is_never_retried() -> None:
    inner = scripted([ZeroDivisionError("ours")])
    with pytest.raises(ZeroDivisionError):
        run(drafted_by(wrapped(inner, Sleeps())))
    assert len(inner.plans) == 1


def test_cancelling_during_a_wait_ends_it() -> None:
    async def cancel() -> int:
        inner = scripted([refusal(after=50)])
        provider = wrap(inner, first_text=FOREVER, gap=FOREVER, whole=FOREVER, limit=10, attempts=3, retry_wait=60)
        reader = asyncio.create_task(drafted_by(provider))
        await asyncio.sleep(TICK)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        return len(inner.plans)

    assert run(cancel()) == 1


def test_the_wrapped_provider_keeps_its_configuration_and_closes() -> None:
    inner = scripted([])
    provider = wrapped(inner, Sleeps())
    assert provider.config is inner.config
    run(provider.close())
    assert inner.closed


def test_a_scripted_provider_plays_one_script_per_draft_and_repeats_the_last() -> None:
    inner = scripted([STARTED], [DONE])
    assert [run(drafted_by(inner)) for _ in range(3)] == [[STARTED], [DONE], [DONE]]
    assert run(drafted_by(scripted())) == []
