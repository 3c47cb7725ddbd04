"""Every way a vendor can fail, met by the real providers over HTTP: what the editor gets to see then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.providers.rehearsed import (
    LIMIT,
    Outcome,
    drafting,
    outcome,
    provider,
    rehearsal,
    vendors_of,
)
from tests.providers.wires import KEY, PLAN, usage_of
from tests.running import run
from workbench.domain.events import Failed, Finished, Iteration, Started, Usage
from workbench.domain.review import WrongShapeError
from workbench.errors import FailureKind
from workbench.providers._failures import LONGEST_QUOTE
from workbench.rehearsal.faults import FAULTS
from workbench.services.reading import read_whole

BOTH = ("claude", "codestral")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with rehearsal() as address:
        yield address


def failed(kind: FailureKind, found: Outcome) -> Failed:
    assert found.failure.failure == kind
    assert found.failure.remedy
    return found.failure


FINAL: dict[str, FailureKind] = {
    "refuse-key": "key_refused",
    "refuse-key-other": "key_refused",
    "not-allowed": "not_allowed",
    "unknown-model": "unknown_model",
    "unknown-model-404": "unknown_model",
    "retired-model": "unknown_model",
    "unpaid": "spend_limit",
    "spend-limit": "spend_limit",
    "no-allowance": "not_allowed",
    "no-allowance-tokens": "not_allowed",
    "no-allowance-10-seconds": "not_allowed",
    "no-allowance-month": "not_allowed",
    "no-allowance-by-size": "not_allowed",
    "no-allowance-old": "not_allowed",
    "too-large": "too_long",
    "too-long": "too_long",
    "invalid": "bad_request",
    "invalid-bare": "bad_request",
    "invalid-text": "bad_request",
    "html": "not_a_provider",
    "redirect": "not_a_provider",
    "whole": "not_a_provider",
}
REMEDIES: dict[FailureKind, str] = {
    "key_refused": "_API_KEY",
    "not_allowed": "vendor's console",
    "unknown_model": "`workbench models`",
    "spend_limit": "Raise the limit",
    "too_long": "Shorten the tool's description",
    "bad_request": "Check the settings",
    "not_a_provider": "proxy or portal",
}


@pytest.mark.parametrize(("name", "fault"), vendors_of(*FINAL))
def test_what_no_wait_can_cure_is_said_at_once_with_the_next_step(url: str, name: str, fault: str) -> None:
    found = outcome(provider(name, url, fault))
    failure = failed(FINAL[fault], found)
    assert found.raised is not None
    assert not found.raised.retryable
    assert found.pauses == []
    assert REMEDIES[failure.failure] in failure.remedy
    assert "{" not in failure.message
    assert "<" not in failure.message


@pytest.mark.parametrize(("name", "fault"), vendors_of("unknown-model", "retired-model"))
def test_a_model_that_is_gone_is_named(url: str, name: str, fault: str) -> None:
    inner = provider(name, url, fault)
    assert inner.config.model in outcome(inner).failure.message


@pytest.mark.parametrize(("name", "fault"), vendors_of("rate-limit"))
def test_a_limit_is_waited_out_and_the_draft_comes_whole(url: str, name: str, fault: str) -> None:
    found = outcome(provider(name, url, fault, key=f"sk-once-{name}-0123456789"))
    assert found.pauses == [1.0]
    assert [kind for kind in found.kinds if kind != "usage"] == ["waiting", "started", "delta", "finished"]
    assert read_whole(found.text).sentences


@pytest.mark.parametrize(
    ("fault", "pauses"), [("rate-limit-date", [30.0, 30.0]), ("rate-limit-ms", [1.5, 1.5])], ids=["by date", "by ms"]
)
@pytest.mark.parametrize("name", BOTH)
def test_a_wish_is_read_by_the_servers_own_clock(url: str, name: str, fault: str, pauses: list[float]) -> None:
    found = outcome(provider(name, url, fault))
    failed("rate_limited", found)
    assert found.pauses == pytest.approx(pauses, abs=1.0)


@pytest.mark.parametrize(
    ("fault", "words"), [("rate-limit-hour", "rate limited until "), ("rate-limit-years", "rate limited for days")]
)
@pytest.mark.parametrize("name", BOTH)
def test_a_wish_beyond_our_patience_ends_the_draft_with_the_time_in_words(
    url: str, name: str, fault: str, words: str
) -> None:
    found = outcome(provider(name, url, fault))
    assert words in failed("rate_limited", found).message
    assert found.pauses == []


PASSING: dict[str, FailureKind] = {
    "rate-limit-soon": "rate_limited",
    "rate-limit-negative": "rate_limited",
    "rate-limit-bare": "rate_limited",
    "bare-error": "rate_limited",
    "capacity": "overloaded",
    "server-error": "provider_error",
    "bad-gateway": "provider_error",
    "gateway-timeout": "timed_out",
    "unavailable": "overloaded",
    "overloaded": "overloaded",
    "empty": "empty_answer",
}


@pytest.mark.parametrize(("name", "fault"), vendors_of(*PASSING))
def test_what_may_pass_is_tried_twice_more_with_growing_pauses(url: str, name: str, fault: str) -> None:
    found = outcome(provider(name, url, fault))
    failed(PASSING[fault], found)
    first, second = found.pauses
    assert 1 <= first <= 2 <= second <= 3
    assert found.kinds == ["waiting", "failed"]


BROKEN: dict[str, FailureKind] = {
    "error-mid": "overloaded",
    "error-api": "provider_error",
    "error-rate": "rate_limited",
    "cut": "cut_off",
    "reset": "cut_off",
    "clean-end": "cut_off",
    "bad-json": "cut_off",
    "bad-utf8": "cut_off",
    "huge-delta": "too_much_text",
    "gzip-bomb": "too_much_text",
    "endless": "too_much_text",
}


@pytest.mark.parametrize(("name", "fault"), vendors_of(*BROKEN))
def test_a_stream_that_breaks_keeps_its_text_and_is_not_tried_again(url: str, name: str, fault: str) -> None:
    found = outcome(provider(name, url, fault))
    failed(BROKEN[fault], found)
    assert found.text.startswith('{"sentences"')
    assert len(found.text) <= LIMIT
    assert found.pauses == []


@pytest.mark.parametrize(("name", "fault"), vendors_of("error-first"))
def test_an_error_event_before_the_first_text_is_tried_again(url: str, name: str, fault: str) -> None:
    found = outcome(provider(name, url, fault))
    assert [kind for kind in found.kinds if kind != "usage"] == [*["started", "waiting"] * 2, "started", "failed"]
    assert found.raised is None


@pytest.mark.parametrize(("name", "fault"), vendors_of("mute", "silent", "pings-only"))
def test_an_endpoint_that_says_nothing_runs_into_our_first_clock(url: str, name: str, fault: str) -> None:
    failure = failed("timed_out", outcome(provider(name, url, fault), first_text=0.2, attempts=1))
    assert "drafting.first_text" in failure.remedy


@pytest.mark.parametrize(("name", "fault"), vendors_of("stall"))
def test_a_stream_that_halts_runs_into_the_clock_between_texts_and_keeps_its_text(
    url: str, name: str, fault: str
) -> None:
    found = outcome(provider(name, url, fault), gap=0.2)
    assert "drafting.gap" in failed("timed_out", found).remedy
    assert found.text.startswith('{"sentences"')


@pytest.mark.parametrize(("name", "fault"), vendors_of("trickle"))
def test_a_stream_that_trickles_runs_into_the_clock_of_the_whole_draft(url: str, name: str, fault: str) -> None:
    assert "drafting.whole" in failed("timed_out", outcome(provider(name, url, fault), whole=0.4, attempts=1)).remedy


@pytest.mark.parametrize(("name", "fault"), vendors_of("max-tokens", "max-tokens-empty"))
def test_an_answer_cut_at_its_token_limit_is_truncated_and_shown(url: str, name: str, fault: str) -> None:
    found = outcome(provider(name, url, fault))
    assert found.last == Finished(stop="truncated")
    assert bool(found.text) is (fault == "max-tokens")


@pytest.mark.parametrize("fault", ["refusal", "refusal-empty"])
def test_a_refusal_is_the_models_own_end_with_its_category(url: str, fault: str) -> None:
    found = outcome(provider("claude", url, fault))
    assert found.last == Finished(stop="refused", detail="general_harms")
    assert found.pauses == []


def test_where_there_is_no_refusal_an_error_as_the_reason_is_one(url: str) -> None:
    found = outcome(provider("codestral", url, "refusal"))
    failed("provider_error", found)
    assert found.text


WHOLE = (
    "delta-first",
    "novelties",
    "start-twice",
    "gzip",
    "deprecated",
    "content-list",
    "thinking",
    "thinking-redacted",
    "thinking-empty",
    "diagnosis-pending",
    "usage-grows",
    "usage-shrinks",
    "usage-iterations",
    "usage-scant",
    "usage-renamed",
)


@pytest.mark.parametrize(("name", "fault"), vendors_of(*WHOLE))
def test_what_is_only_odd_does_no_harm(url: str, name: str, fault: str) -> None:
    found = outcome(provider(name, url, fault))
    assert found.last == Finished(stop="complete")
    assert read_whole(found.text).sentences
    assert sum(isinstance(event, Started) for event in found.events) == 1


@pytest.mark.parametrize("fault", ["", "delta-first", "novelties", "thinking", "usage-iterations"])
def test_the_same_goes_for_an_answer_in_a_tool(url: str, fault: str) -> None:
    found = outcome(provider("claude", url, fault, mode="tool"))
    assert found.last == Finished(stop="complete")
    assert read_whole(found.text).sentences


@pytest.mark.parametrize("name", BOTH)
def test_text_sent_twice_is_shown_twice(url: str, name: str) -> None:
    once, twice = (outcome(provider(name, url, fault)) for fault in ("", "twice"))
    assert len(twice.text) == 2 * len(once.text)


STRAY = ("prose", "bad-shape", "bad-verdict", "no-sentences", "two-objects", "prose-around")


@pytest.mark.parametrize(("name", "fault"), vendors_of(*STRAY))
def test_an_answer_of_the_wrong_shape_is_kept_as_it_is_and_passes_for_no_review(
    url: str, name: str, fault: str
) -> None:
    found = outcome(provider(name, url, fault))
    assert found.last == Finished(stop="complete")
    with pytest.raises(WrongShapeError):
        read_whole(found.text)


def test_prose_in_the_place_of_a_tool_is_readable_and_no_review(url: str) -> None:
    found = outcome(provider("claude", url, "prose", mode="tool"))
    assert "prose" in failed("wrong_shape", found).message
    assert found.text == outcome(provider("claude", url, "prose")).text


@pytest.mark.parametrize("name", BOTH)
def test_a_proper_end_without_a_word_is_an_empty_answer(url: str, name: str) -> None:
    found = outcome(provider(name, url, "no-text"))
    assert failed("empty_answer", found) == found.last
    assert found.text == ""


def test_one_provider_that_fails_leaves_the_others_draft_whole(url: str) -> None:
    async def both() -> tuple[Outcome, Outcome]:
        down, up = provider("claude", url, "cut"), provider("codestral", url)
        return await asyncio.gather(drafting(down), drafting(up))

    down, up = run(both())
    failed("cut_off", down)
    assert up.last == Finished(stop="complete")


@pytest.mark.parametrize("name", BOTH)
def test_an_error_that_echoes_key_and_prompt_tells_neither(url: str, name: str) -> None:
    message = failed("bad_request", outcome(provider(name, url, "echo"))).message
    assert KEY not in message
    assert "••••" in message
    assert len(message) < LONGEST_QUOTE + 100


def test_a_bill_of_several_passes_is_kept_pass_by_pass(url: str) -> None:
    usage = usage_of(outcome(provider("claude", url, "usage-iterations")).events)
    assert usage is not None
    first, advisor = usage.iterations
    assert advisor == Iteration(model="claude-opus-4-8", input_tokens=2543, output_tokens=18)
    assert first.model == ""
    assert usage.input_tokens == first.input_tokens + 2543
    assert usage.output_tokens == first.output_tokens + 18


@pytest.mark.parametrize(("fault", "grown"), [("usage-grows", True), ("usage-scant", False)])
def test_the_last_count_wins_and_what_it_leaves_out_stays(url: str, fault: str, grown: bool) -> None:
    plain, odd = (usage_of(outcome(provider("claude", url, one)).events) for one in ("", fault))
    assert isinstance(plain, Usage)
    assert isinstance(odd, Usage)
    assert odd.input_tokens == (404_500 if grown else plain.input_tokens)
    assert odd.output_tokens == plain.output_tokens


@pytest.mark.parametrize("name", BOTH)
def test_the_vendor_counts_and_lists_in_rehearsal(url: str, name: str) -> None:
    async def asked() -> tuple[int | None, list[str]]:
        inner = provider(name, url)
        try:
            return await inner.count(PLAN), [card.id for card in await inner.models()]
        finally:
            await inner.close()

    counted, listed = run(asked())
    assert counted
    assert provider(name, url).config.model in listed


def test_every_fault_is_met() -> None:
    met = {*FINAL, *PASSING, *BROKEN, *WHOLE, *STRAY, "rate-limit", "rate-limit-date", "rate-limit-ms"}
    met |= {"rate-limit-hour", "rate-limit-years", "error-first", "mute", "silent", "pings-only", "stall", "trickle"}
    met |= {"max-tokens", "max-tokens-empty", "refusal", "refusal-empty", "twice", "no-text", "echo"}
    # Here only for who offers a tool; they are met in tests of the calls themselves.
    met |= {"tool-fragments", "tool-no-index"}
    assert set(FAULTS) <= met


def test_the_prefixes_are_written_ahead_in_rehearsal_where_a_tool_carries_the_answer(url: str) -> None:
    async def warmed(mode: str) -> Usage | None:
        inner = provider("claude", url, mode=mode)
        try:
            return await inner.warm(PLAN)
        finally:
            await inner.close()

    usage = run(warmed("tool"))
    assert usage is not None
    assert (usage.prompt_tokens > 0, usage.output_tokens) == (True, 0)
    assert run(warmed("schema")) is None
