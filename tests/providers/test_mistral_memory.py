"""What mistralai remembers between requests changes no request."""

from __future__ import annotations

from typing import Any

from mistralai.client.models import ResponseFormat
from mistralai.client.utils import serializers

from workbench.providers._mistral_memory import remember

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
