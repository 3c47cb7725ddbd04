"""Models that go: said sixty days ahead, louder when they are gone, with what to do."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import date

import pytest

from tests.fakes import a_config
from tests.services.engines import Engine
from workbench.domain.models import MODELS, ModelCard
from workbench.errors import ProviderError
from workbench.ports import ProviderConfig
from workbench.providers._scripted import ScriptedProvider
from workbench.services import modelling
from workbench.services.modelling import cards, known, notices

TODAY = date(2026, 11, 23)
GOING = a_config(model="claude-sonnet-4-5")
STAYING = a_config(model="claude-sonnet-5-5")
CODESTRAL = replace(a_config("codestral", model="codestral-2508"), api="mistral")


class Listing(ScriptedProvider):
    async def models(self) -> tuple[ModelCard, ...]:
        return (ModelCard(id="claude-sonnet-5-5", name="Claude Sonnet 5.5"),)


@pytest.mark.parametrize(
    ("day", "said", "past"),
    [
        (date(2026, 10, 1), "retires on 2026-11-30, in 60 days.", False),
        (date(2026, 11, 29), "retires on 2026-11-30, in 1 day.", False),
        (date(2026, 11, 30), "has been retired since 2026-11-30: its drafts fail.", True),
        (date(2027, 1, 1), "has been retired since 2026-11-30: its drafts fail.", True),
    ],
)
def test_a_model_is_warned_of_sixty_days_ahead_and_louder_when_it_is_gone(day: date, said: str, past: bool) -> None:
    (found,) = notices([GOING, STAYING], day)
    assert found.message == f"claude: claude-sonnet-4-5 {said}"
    assert found.past is past
    assert "Set providers.claude.model" in found.remedy


def test_what_stays_or_goes_later_is_not_mentioned() -> None:
    assert notices([STAYING, CODESTRAL, a_config(model="qwen3-coder")], TODAY) == []
    assert notices([GOING], date(2026, 9, 30)) == []


@pytest.mark.parametrize(
    ("card", "said", "past"),
    [
        (ModelCard(id="codestral-2508", retires_on=date(2026, 12, 1)), "retires on 2026-12-01, in 8 days.", False),
        (ModelCard(id="codestral-2508", lifecycle="retired"), "is retired: its drafts fail.", True),
        (ModelCard(id="codestral-2508", lifecycle="deprecated"), "is deprecated; its vendor names no day.", False),
        (ModelCard(id="x", aliases=("codestral-2508",), lifecycle="retired"), "is retired: its drafts fail.", True),
    ],
)
def test_the_endpoints_own_word_counts_too(card: ModelCard, said: str, past: bool) -> None:
    (found,) = notices([CODESTRAL], TODAY, {"codestral": [card]})
    assert (found.message, found.past) == (f"codestral: codestral-2508 {said}", past)


def test_the_vendors_replacement_is_the_remedy() -> None:
    card = ModelCard(id="codestral-2508", lifecycle="retired", replacement="codestral-2612")
    assert "providers.codestral.model to codestral-2612" in notices([CODESTRAL], TODAY, {"codestral": [card]})[0].remedy


def test_a_deprecated_model_that_goes_much_later_is_left_alone() -> None:
    card = ModelCard(id="codestral-2508", lifecycle="deprecated", retires_on=date(2028, 1, 1))
    assert notices([CODESTRAL], TODAY, {"codestral": [card]}) == []


def test_a_model_its_endpoint_does_not_list_is_named_with_what_it_does() -> None:
    (found,) = notices([CODESTRAL], TODAY, {"codestral": [ModelCard(id="codestral-2601")]})
    assert found.message == "codestral: its endpoint does not list the model codestral-2508."
    assert "codestral-2601" in found.remedy
    assert found.past


def test_an_endpoint_that_lists_nothing_says_nothing() -> None:
    assert notices([CODESTRAL], TODAY, {"codestral": []}) == []


def test_cards_and_our_own_facts_stand_side_by_side() -> None:
    card = ModelCard(id="claude-haiku-4-5-20251001", context=150_000)
    (found,) = known("anthropic", [card])
    assert found.card == card
    assert found.facts is not None
    assert found.facts.minimum == 4096
    assert (found.context, found.longest_answer) == (150_000, 64_000)


def test_without_cards_our_own_table_is_listed() -> None:
    assert [one.model for one in known("mistral")] == [one.model for one in MODELS if one.api == "mistral"]
    gone = {one.model: one.retires_on for one in known("anthropic") if one.retires_on is not None}
    assert gone["claude-sonnet-4-5"] == date(2026, 11, 30)


def test_a_model_nobody_knows_has_no_limits() -> None:
    (found,) = known("mistral", [ModelCard(id="llama")])
    assert (found.facts, found.context, found.longest_answer, found.retires_on) == (None, None, None, None)


def test_an_endpoint_is_asked_through_the_engine(engine: Engine) -> None:
    engine.install(Listing(STAYING))
    assert [card.name for card in cards(engine.drafting.ask, "claude")] == ["Claude Sonnet 5.5"]


def test_an_endpoint_that_does_not_answer_is_a_provider_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelling, "PATIENCE", 0.01)
    with pytest.raises(ProviderError, match="did not list its models"):
        cards(lambda _name, _call: Future(), "claude")


def test_a_config_without_any_model_known_is_no_notice() -> None:
    own = ProviderConfig(name="own", api="anthropic", model="llama", key=STAYING.key, base_url="http://127.0.0.1:1")
    assert notices([own], TODAY) == []
