"""Tokens before anything is sent: the vendor's count where it has one, else what the model's own drafts told."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.fakes import WilfulStore, a_config
from tests.services.engines import Engine
from tests.services.test_live import a_draft
from workbench.domain.draft import Draft
from workbench.domain.events import Usage
from workbench.domain.ids import DraftId
from workbench.domain.plan import Plan, Segment
from workbench.errors import ProviderError, SettingsError
from workbench.ports import Provider
from workbench.providers._scripted import ScriptedProvider
from workbench.services import counting
from workbench.services.counting import Counting

BESIDES = 40
"""Tokens that go with every request of `Counter`."""


class Counter(ScriptedProvider):
    """Counts a token for each word; `refuses` holds texts it will not count."""

    def __init__(self, *refuses: str) -> None:
        super().__init__(a_config())
        self.refuses = refuses
        self.asked: list[str] = []

    async def count(self, plan: Plan) -> int | None:
        system, asked = plan.segments
        self.asked.append(asked.text)
        if asked.text in self.refuses:
            raise ProviderError("rate_limited", "Too many counts.")
        return BESIDES + len(f"{system.text} {asked.text}".split())


class Silent(ScriptedProvider):
    """Never answers."""

    async def count(self, plan: Plan) -> int | None:
        await asyncio.Event().wait()
        return await super().count(plan)


def plan(*texts: str) -> Plan:
    return Plan(segments=tuple(Segment(kind="house", role="user", text=text) for text in texts), cache_key="")


def counting_by(engine: Engine, provider: Provider) -> Counting:
    engine.install(provider)
    return Counting(store=engine.store, ask=engine.drafting.ask)


def test_a_text_is_sized_by_its_length_until_something_better_is_known() -> None:
    (sized,) = Counting().size(a_config(), [plan("abcd" * 10, "abc", "")])
    assert (sized.tokens, sized.counted) == ((10, 1, 0), False)


def test_the_vendors_count_replaces_the_length_and_what_goes_with_every_request_is_in_the_first_part(
    engine: Engine,
) -> None:
    made = counting_by(engine, Counter())
    told = plan("one two three", "four five")
    made.count(a_config(), [told])
    (sized,) = made.size(a_config(), [told])
    assert (sized.tokens, sized.counted) == ((3 + BESIDES, 2), True)


def test_each_text_is_counted_once(engine: Engine) -> None:
    counter = Counter()
    made = counting_by(engine, counter)
    made.count(a_config(), [plan("one", "two"), plan("one", "three")])
    made.count(a_config(), [plan("three", "four")])
    made.count(a_config(), [plan("four", "one")])
    assert sorted(counter.asked) == [".", ".", "four", "one", "three", "two"]


def test_the_count_of_one_model_is_not_anothers(engine: Engine) -> None:
    made = counting_by(engine, Counter())
    made.count(a_config(), [plan("one")])
    (sized,) = made.size(a_config("codestral"), [plan("one")])
    assert not sized.counted


def test_what_the_vendor_refuses_to_count_stays_an_estimate(engine: Engine) -> None:
    made = counting_by(engine, Counter("abcd efgh"))
    made.count(a_config(), [plan("one", "abcd efgh")])
    (sized,) = made.size(a_config(), [plan("one", "abcd efgh")])
    assert (sized.tokens, sized.counted) == ((1 + BESIDES, 3), False)


def test_a_vendor_without_a_counter_is_asked_once_and_no_more(engine: Engine) -> None:
    made = counting_by(engine, ScriptedProvider(a_config()))
    made.count(a_config(), [plan("abcd")])
    (sized,) = made.size(a_config(), [plan("abcd")])
    assert (sized.tokens, sized.counted) == ((1,), False)


def test_a_vendor_that_does_not_answer_is_not_waited_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PATIENCE", 0.05)
    made = counting_by(engine, Silent(a_config()))
    made.count(a_config(), [plan("abcd")])
    assert made.size(a_config(), [plan("abcd")])[0].counted is False


def test_a_provider_that_cannot_be_opened_is_an_estimate() -> None:
    def ask(*_: object) -> object:
        raise SettingsError("No such mode.")

    made = Counting(ask=ask)  # type: ignore[arg-type]  # it never returns
    made.count(a_config(), [plan("abcd")])
    assert made.size(a_config(), [plan("abcd")])[0].counted is False


def test_no_more_texts_are_counted_at_a_time_than_the_limit(engine: Engine) -> None:
    counter = Counter()
    made = counting_by(engine, counter)
    texts = [f"text {number}" for number in range(counting.MOST_ASKED + 10)]
    made.count(a_config(), [plan(*texts)])
    assert sorted(counter.asked) == sorted([".", *texts[: counting.MOST_ASKED]])


def test_counts_are_forgotten_before_they_fill_the_memory(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_REMEMBERED", 2)
    made = counting_by(engine, Counter())
    made.count(a_config(), [plan("one", "two")])
    made.count(a_config(), [plan("three")])
    assert [each.counted for each in made.size(a_config(), [plan("one"), plan("three")])] == [False, True]


def test_a_models_own_drafts_tell_how_many_characters_a_token_has(store: WilfulStore) -> None:
    keep(store, returned("a", characters=900, tokens=300), returned("b", characters=300, tokens=100))
    keep(store, returned("c", characters=100, tokens=100, model="another"))
    made = Counting(store=store)
    assert made.size(a_config(model="m"), [plan("x" * 300)])[0].tokens == (100,)
    assert made.size(a_config(model="never drafted"), [plan("x" * 300)])[0].tokens == (75,)
    assert made.size(a_config("codestral", model="m"), [plan("x" * 300)])[0].tokens == (75,)


def returned(draft_id: str, *, characters: int, tokens: int, model: str = "m") -> Draft:
    draft = a_draft(draft_id)
    origin = replace(draft.origin, id=DraftId(draft_id), model=model, characters=characters)
    return replace(draft, origin=origin, state="done", usage=Usage(input_tokens=tokens))


def keep(store: WilfulStore, *drafts: Draft) -> None:
    with store.writing() as repositories:
        for take, one in enumerate(drafts, start=1):
            repositories.drafts.add(
                replace(one, origin=replace(one.origin, take=take + 10 * (one.origin.model != "m")))
            )
