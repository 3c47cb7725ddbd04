"""Sides are drawn by lot once for each cell; nothing of a draft's text names its drafter."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fakes import WilfulStore, a_dossier
from tests.services.cells import BUILDER, TOOL
from workbench.domain.dossier import AddedFact, make_dossier
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.interest import Makers
from workbench.services.masking import Masking

LENSES = [PersonaId(f"lens-{number}") for number in range(200)]
MAKERS = Makers({("claude", "claude-sonnet-5-5"): "Anthropic", ("codestral", "codestral-2508"): "Mistral"})


@pytest.fixture
def masking(store: WilfulStore) -> Masking:
    return Masking(store=store, on=True, makers=MAKERS)


def test_an_order_once_drawn_is_everybody_s(masking: Masking, store: WilfulStore) -> None:
    drawn = masking.sides(TOOL, LENSES, ["claude", "codestral"])
    again = Masking(store=store, on=True).sides(TOOL, LENSES, ["codestral", "claude"])
    assert again == drawn


def test_each_cell_has_its_own_lot(masking: Masking) -> None:
    orders = Counter(masking.sides(TOOL, LENSES, ["claude", "codestral"]).values())
    assert set(orders) == {("claude", "codestral"), ("codestral", "claude")}
    assert min(orders.values()) > 50  # fewer happen once in ten billion runs


def test_all_missing_cells_are_drawn_in_one_write_and_then_only_read(masking: Masking, store: WilfulStore) -> None:
    masking.sides(TOOL, LENSES, ["claude", "codestral"])
    assert store.attempts == 1
    store.refusing = True
    masking.sides(TOOL, LENSES, ["claude", "codestral"])
    assert store.attempts == 1


def test_a_new_provider_comes_last_and_one_not_asked_for_keeps_its_place(masking: Masking) -> None:
    (first,) = masking.sides(TOOL, [BUILDER], ["claude", "codestral"]).values()
    (more,) = masking.sides(TOOL, [BUILDER], ["new", "claude", "codestral"]).values()
    assert more == (*first, "new")
    assert masking.sides(TOOL, [BUILDER], ["new", first[1]])[BUILDER] == (first[1], "new")
    assert masking.sides(TOOL, [BUILDER], ["codestral", "claude"])[BUILDER] == first


def test_nothing_asked_is_nothing_drawn(masking: Masking, store: WilfulStore) -> None:
    assert masking.sides(TOOL, [], ["claude"]) == {}
    assert masking.sides(ToolId("nobody"), [BUILDER], []) == {BUILDER: ()}
    assert store.attempts == 0


def test_names_are_hidden_but_for_those_the_dossier_speaks_of(masking: Masking) -> None:
    dossier = make_dossier(a_dossier().tool, "It builds.", (AddedFact(text="Rival: Claude.", source="Anthropic"),))
    said = "Claude by Anthropic beats Codestral."
    assert masking.hide(said, dossier, whole=True) == "Claude by Anthropic beats ▇▇▇."
    assert masking.hide(said, a_dossier(), whole=True) == "▇▇▇ by ▇▇▇ beats ▇▇▇."
    assert masking.hide("It builds with Codes", dossier, whole=False) == "It builds with "


def test_masking_can_be_off(store: WilfulStore) -> None:
    assert Masking(store=store, on=True).masked(None)
    assert not Masking(store=store, on=False).masked(None)
