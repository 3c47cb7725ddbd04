"""What mistralai remembers between requests changes no request."""

from __future__ import annotations

import logging
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

import pytest
from mistralai.client import Mistral
from mistralai.client.models import ResponseFormat
from mistralai.client.utils import serializers

from tests.providers.wires import Wire, codestral, codestral_stream, drafted
from tests.running import run
from workbench.domain.events import Finished
from workbench.providers import _mistral_memory
from workbench.providers._mistral_memory import REPLACED, disarm, remember, replace

SENT: dict[str, Any] = {"type": "json_schema", "json_schema": {"name": "review", "schema": {"type": "object"}}}


def test_a_class_is_made_once_for_each_kind_of_value_and_reads_the_same() -> None:
    before = serializers.unmarshal(SENT, ResponseFormat | None)
    remember()
    made = vars(serializers)["create_model"]
    first, second = (made("Unmarshaller", body=(ResponseFormat | None, ...)) for _ in range(2))
    assert first is second
    assert made("Marshaller", body=(ResponseFormat | None, ...)) is not first
    assert serializers.unmarshal(SENT, ResponseFormat | None) == before


def test_a_type_nobody_can_look_up_is_still_read() -> None:
    class Unhashable(type):
        __hash__ = None  # type: ignore[assignment] # that is the point

    class Odd(int, metaclass=Unhashable):
        pass

    remember()
    made = vars(serializers)["create_model"]
    config = {"arbitrary_types_allowed": True}
    assert made("Unmarshaller", body=(Odd, ...), __config__=config)(body=Odd(3)).body == 3


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, name, _ in REPLACED])
def test_every_place_there_is_to_replace_is_there(module: str, name: str) -> None:
    """Fails with a newer SDK that has another inside: then measure what it costs, and put its new places in."""
    assert name in vars(import_module(module))


@pytest.mark.parametrize(
    ("module", "name"),
    [("mistralai.client.utils.serializers", "gone_since"), ("mistralai.client.gone_since", "create_model")],
    ids=["a name", "a module"],
)
def test_a_place_that_is_gone_is_left_out_and_said(module: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    made: list[object] = []
    with caplog.at_level(logging.WARNING):
        replace([(module, name, made.append)])
    assert made == []
    assert f"{module}.{name}" in caplog.text


def test_a_class_made_of_other_parts_is_made_each_time() -> None:
    remember()
    made = vars(serializers)["create_model"]
    first, second = made("Other", content=(int, ...)), made("Other", content=(str, ...))
    assert (first(content=3).content, second(content="three").content) == (3, "three")


@pytest.mark.parametrize("inside", [{}, {"_hooks": SimpleNamespace()}, {"_hooks": None}])
def test_hooks_that_are_gone_are_no_error(inside: dict[str, object], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        disarm(cast("Mistral", SimpleNamespace(sdk_configuration=SimpleNamespace(**inside))))
    assert len(caplog.records) == 3


def test_a_draft_comes_whole_from_an_sdk_with_another_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = [(f"{module}_gone", name, instead) for module, name, instead in REPLACED]
    monkeypatch.setattr(_mistral_memory, "REPLACED", tuple(gone))
    monkeypatch.setattr("workbench.providers.codestral.remember", remember.__wrapped__)
    assert run(drafted(codestral(Wire(body=codestral_stream("{}")))))[-1] == Finished(stop="complete")
