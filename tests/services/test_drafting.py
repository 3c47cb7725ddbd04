"""Many drafts at once: each streams, fails and ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.fakes import an_answer, streamed, until
from tests.services.engines import Engine
from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Started, Stop, Usage
from workbench.domain.ids import Digest, DraftId, ToolId
from workbench.domain.plan import Plan
from workbench.errors import LibraryError, ProviderError, UnknownNameError
from workbench.ports import Provider, ProviderConfig
from workbench.services import saving

GOOD = an_answer("The claim holds.", "It ships.")


def test_sixteen_drafts_stream_at_once_and_each_keeps_its_own_text(engine: Engine) -> None:
    gate = asyncio.Event()
    scripted = [
        engine.play(
            name, [Started(model=name), Delta(text=GOOD[:30]), gate, Delta(text=GOOD[30:]), Finished(stop="complete")]
        )
        for name in ("claude", "codestral")
    ]
    drafts = engine.drafting.start(engine.jobs("a-tool", "b-tool"))
    assert len(drafts) == 16
    until(lambda: all(engine.now(one).text == GOOD[:30] for one in drafts))
    assert [one.open_streams for one in scripted] == [8, 8]
    engine.release(gate)
    assert {(one.state, one.text) for one in engine.finish(*drafts)} == {("done", GOOD)}
    assert len({one.origin.run_id for one in drafts}) == 1
    assert [one.open_streams for one in scripted] == [0, 0]


def test_no_more_drafts_of_a_provider_run_at_once_than_allowed(engine: Engine) -> None:
    gate = asyncio.Event()
    engine.drafting._running._concurrency = 2
    slow = engine.play("slow", [Started(model="m"), gate, *streamed(GOOD)[2:]])
    engine.play("quick", streamed(GOOD))
    drafts = engine.drafting.start(engine.jobs())
    quick = [one for one in drafts if one.origin.provider == "quick"]
    waiting = [one for one in drafts if one.origin.provider == "slow"]
    engine.finish(*quick)
    assert slow.open_streams == 2
    assert sorted(engine.now(one).state for one in waiting) == ["queued", "queued", "streaming", "streaming"]
    engine.release(gate)
    assert {one.state for one in engine.finish(*drafts)} == {"done"}


def test_a_provider_is_opened_once_for_all_its_drafts(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    engine.finish(*engine.drafting.start(engine.jobs("a-tool", "b-tool")))
    assert engine.opened == ["claude"]


@pytest.mark.parametrize(
    ("script", "state", "failure"),
    [
        ([ProviderError("overloaded", "It is overloaded.", "Wait.")], "failed", "overloaded"),
        ([Started(model="m"), Delta(text="{"), ProviderError("cut_off", "Gone.")], "interrupted", "cut_off"),
        ([Started(model="m"), Failed(failure="timed_out", message="Silence.")], "failed", "timed_out"),
        ([Started(model="m"), Delta(text="{"), Failed(failure="cut_off", message="Gone.")], "interrupted", "cut_off"),
        ([Started(model="m"), Delta(text="{"), RuntimeError("oops")], "interrupted", "bug"),
        ([ZeroDivisionError()], "failed", "bug"),
        ([LibraryError("a.md", "it is gone.")], "failed", "bug"),
        ([Started(model="m"), Delta(text="{")], "interrupted", "cut_off"),
        ([], "failed", "cut_off"),
    ],
)
def test_one_failure_does_not_end_the_other_drafts(
    engine: Engine, script: list[DraftEvent | Exception], state: str, failure: str
) -> None:
    gate = asyncio.Event()
    engine.play("broken", script)
    engine.play("sound", [*streamed(GOOD)[:3], gate, *streamed(GOOD)[3:]])
    drafts = engine.drafting.start(engine.jobs())
    broken = engine.finish(*(one for one in drafts if one.origin.provider == "broken"))
    assert {(one.state, one.failure.failure if one.failure else "") for one in broken} == {(state, failure)}
    sound = [one for one in drafts if one.origin.provider == "sound"]
    assert all(engine.now(one).live for one in sound)
    engine.release(gate)
    assert {one.state for one in engine.finish(*sound)} == {"done"}


def test_a_fault_of_ours_names_the_draft_and_not_its_own_words(engine: Engine) -> None:
    engine.play("broken", [RuntimeError("key sk-secret")])
    failed = engine.run_one("broken").failure
    assert failed is not None
    assert "sk-secret" not in failed.message + failed.remedy


def test_a_refusal_before_the_stream_keeps_its_remedy(engine: Engine) -> None:
    engine.play("claude", [ProviderError("key_refused", "The key is refused.", "Set another one.")])
    failure = engine.run_one("claude").failure
    assert failure == Failed(failure="key_refused", message="The key is refused.", remedy="Set another one.")


def test_a_provider_that_could_not_be_opened_is_opened_again_for_the_next_take(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    scripted = engine.providers.pop("claude")
    first = engine.run_one("claude")
    assert (first.state, first.failure.failure if first.failure else "") == ("failed", "bug")
    engine.install(scripted)
    assert engine.run_one("claude").state == "done"
    assert engine.opened == ["claude", "claude"]


def test_warmed_providers_are_open_before_their_first_draft(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    engine.drafting.open(["broken", "claude"])
    until(lambda: engine.opened == ["broken", "claude"], "both were opened")
    assert engine.run_one("claude").state == "done"
    assert engine.opened == ["broken", "claude"]


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        (GOOD + GOOD, "wrong_shape"),
        ("Here you are: " + GOOD, "wrong_shape"),
        (GOOD.replace('"ship"', '"SHIP IT!!"'), "wrong_shape"),
        (GOOD.replace("It ships.", "\\ud800 ships."), "wrong_shape"),
        (GOOD.replace("It ships.", "It\\u0000ships."), "wrong_shape"),
        (GOOD.replace("It works.", "\\udc00"), "wrong_shape"),
        ('{"sentences": []}', "wrong_shape"),
        ("[" * 5000, "wrong_shape"),
        ("\n", "wrong_shape"),
        ("", "empty_answer"),
    ],
)
def test_a_whole_answer_of_the_wrong_shape_fails_and_its_text_is_kept(engine: Engine, text: str, failure: str) -> None:
    engine.play("claude", streamed(text, size=100_000))
    draft = engine.run_one("claude")
    assert (draft.state, draft.text) == ("failed", text)
    assert draft.failure is not None
    assert draft.failure.failure == failure


def test_an_emoji_cut_in_two_between_deltas_is_whole_in_the_end(engine: Engine) -> None:
    cut = GOOD.replace("It ships.", "It ships \ud83d\ude00.")
    engine.play("claude", streamed(cut, size=1))
    draft = engine.run_one("claude")
    assert draft.state == "done"
    assert engine.drafting.get(draft.id).review.quote == "The claim holds. It ships 😀."


@pytest.mark.parametrize(
    ("stop", "state"), [("truncated", "truncated"), ("refused", "refused"), ("stopped", "stopped")]
)
def test_other_ends_need_no_whole_review(engine: Engine, stop: Stop, state: str) -> None:
    engine.play("claude", [Started(model="m"), Delta(text='{"sent'), Finished(stop=stop, detail="why")])
    draft = engine.run_one("claude")
    assert (draft.state, draft.text, draft.detail) == (state, '{"sent', "why")


def test_cost_comes_from_the_last_usage_and_the_model_that_answered(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD), model="mystery")
    assert engine.run_one("claude").cost == Decimal("0.2")


def test_an_unknown_price_is_no_price(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD, model="mystery"))
    draft = engine.run_one("claude")
    assert draft.cost is None
    assert draft.usage == Usage(input_tokens=100, output_tokens=50)


def test_a_draft_names_where_it_comes_from(engine: Engine) -> None:
    engine.play("rehearsal", streamed(GOOD))
    job = engine.jobs(personas=["skeptic"])[0]
    (draft,) = engine.drafting.start([job])
    origin = draft.origin
    assert (origin.tool_id, origin.persona_id, origin.provider, origin.model) == (
        "a-tool",
        "skeptic",
        "rehearsal",
        "a-model",
    )
    assert (origin.dossier_digest, origin.persona_digest) == (job.dossier.digest, job.persona.digest)
    assert origin.rehearsal
    with engine.store.reading() as repositories:
        listed = repositories.archive.get(origin.plan_digest) or ""
        segments = [line.split() for line in listed.splitlines()]
        archived = [(kind, repositories.archive.get(Digest(name))) for kind, name in segments]
    assert archived == [(part.kind, part.text) for part in job.plan.segments]
    engine.finish(draft)


def test_asking_for_a_draft_nobody_made_is_an_error(engine: Engine) -> None:
    with pytest.raises(UnknownNameError):
        engine.drafting.get(DraftId("nobody"))


def test_a_tools_drafts_come_oldest_first_whether_live_or_stored(engine: Engine) -> None:
    gate = asyncio.Event()
    engine.play("claude", streamed(GOOD), [Started(model="m"), Delta(text=GOOD[:30]), gate])
    first = engine.run_one("claude")
    engine.drafting.feed.forget(first.id)
    second = engine.start_one("claude")
    engine.until_text(second, GOOD[:30])
    seen = engine.drafting.of_tool(ToolId("a-tool"))
    assert [(one.draft.id, one.draft.text, one.review.words > 0) for one in seen] == [
        (first.id, GOOD, True),
        (second.id, GOOD[:30], False),
    ]


class _Bare(Provider):
    """Streams through an iterator that cannot be closed, and goes on after its last word."""

    def __init__(self, config: ProviderConfig, gate: asyncio.Event) -> None:
        self._config = config
        self._gate = gate

    @property
    def config(self) -> ProviderConfig:
        return self._config

    def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        del plan
        return _Events(self._gate)

    async def close(self) -> None:
        raise OSError("already gone")


class _Events(AsyncIterator[DraftEvent]):
    def __init__(self, gate: asyncio.Event) -> None:
        self._left: list[DraftEvent] = [*reversed(streamed(GOOD))]
        self._late: list[DraftEvent] = [Finished(stop="complete"), Delta(text="more")]
        self._gate = gate

    async def __anext__(self) -> DraftEvent:
        if self._left:
            return self._left.pop()
        await self._gate.wait()
        if self._late:
            return self._late.pop(0)
        raise StopAsyncIteration


def test_what_a_provider_says_long_after_its_end_changes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "KEEP_ENDED", 0)
    gate = asyncio.Event()
    engine.play("claude")
    engine.install(_Bare(engine.configs["claude"], gate))
    draft = engine.start_one("claude")
    until(lambda: engine.drafting.feed.get(draft.id) is None, "the ended draft left the feed")
    engine.release(gate)
    (stored,) = engine.finish(draft)
    assert (stored.state, stored.text) == ("done", GOOD)
    assert engine.now(draft) == stored
