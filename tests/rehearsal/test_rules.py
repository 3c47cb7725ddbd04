"""What each vendor turns down, and what it takes: in its words, without HTTP."""

from __future__ import annotations

import copy
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rehearsal import test_anthropic, test_mistral
from tests.rehearsal.test_anthropic import TOOL
from tests.rehearsal.test_faults import see
from workbench.rehearsal import anthropic_rules, mistral_rules
from workbench.rehearsal.admission import Door
from workbench.rehearsal.allowance import Allowance, Limits
from workbench.rehearsal.anthropic_api import AnthropicApi
from workbench.rehearsal.course import BOTH, Vendor
from workbench.rehearsal.faults import Faults
from workbench.rehearsal.mistral_api import MistralApi
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.refusals import RefusalError
from workbench.rehearsal.writer import Writer

Body = dict[str, Any]
OLD, NOW = "2023-06-01", "2026-10-21"
LOOSE = {"type": "object", "additionalProperties": False}
SHORT, HOUR = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}


def ask(**changes: Any) -> Body:
    return test_anthropic.body(**changes)


def refusal_of(body: Body, version: str = NOW, *, counting: bool = False) -> str:
    with pytest.raises(RefusalError) as caught:
        anthropic_rules.check(body, version, counting=counting)
    body_sent: Any = caught.value.refusal.body
    assert caught.value.refusal.status == 400
    return str(body_sent["error"]["message"])


def shape(schema: Body) -> Body:
    return {"format": {"type": "json_schema", "schema": schema}}


def text(words: str, **more: Any) -> Body:
    return {"type": "text", "text": words, **more}


def user(*blocks: Body) -> list[Body]:
    return [{"role": "user", "content": list(blocks)}]


def talk(*turns: list[Body]) -> list[Body]:
    """A question, and what was said after it, by turns."""
    said = [{"role": ("assistant", "user")[place % 2], "content": blocks} for place, blocks in enumerate(turns)]
    return [*user(text("Draft.")), *said]


CALL: Body = {"type": "tool_use", "id": "toolu_1", "name": "submit_review", "input": {}}
RESULT: Body = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Handed in."}
THOUGHT: Body = {"type": "thinking", "thinking": "", "signature": "UkVI"}
BUDGET: Body = {"model": "claude-haiku-4-5", "thinking": {"type": "enabled", "budget_tokens": 2000}}


def optional(count: int) -> Body:
    return {**LOOSE, "properties": {f"field{number}": {"type": "string"} for number in range(count)}, "required": []}


CIRCLE: Body = {
    **LOOSE,
    "properties": {"next": {"$ref": "#/$defs/Node"}},
    "required": ["next"],
    "$defs": {"Node": {**LOOSE, "properties": {"next": {"$ref": "#/$defs/Node"}}, "required": ["next"]}},
}
UNIONS: Body = {
    **LOOSE,
    "properties": {f"field{number}": {"anyOf": [{"type": "string"}, {"type": "null"}]} for number in range(17)},
    "required": [f"field{number}" for number in range(17)],
}
WARM = {"max_tokens": 0, "output_config": None}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"messages": [{"role": "user", "content": "x", "name": "me"}]}, "messages.0.name: Extra inputs"),
        ({"messages": user(text("x", weight=2))}, "messages.0.content.0.weight: Extra inputs"),
        ({"messages": user({"type": "novel"})}, "messages.0.content.0: Input tag 'novel'"),
        ({"system": [text("x", weight=2)]}, "system.0.weight: Extra inputs"),
        ({"tools": [{**TOOL, "weight": 2}]}, "tools.0.custom.weight: Extra inputs"),
        ({"metadata": {"team": "desk"}}, "metadata.team: Extra inputs"),
        ({"thinking": {"type": "between_tools", "display": "omitted"}}, "thinking.between_tools.display: Extra"),
        ({"thinking": {"type": "deep"}}, "thinking: Input tag 'deep'"),
        ({"service_tier": "gold"}, "service_tier: Input should be 'auto' or 'standard_only'"),
        ({"output_config": {"effort": "huge"}}, "output_config.effort: Input should be 'low', 'medium', 'high'"),
        ({"output_config": {"form": {}}}, "output_config.form: Extra inputs"),
        ({"stream": "yes"}, "stream: Input should be a valid boolean"),
        ({"diagnostics": {"previous": None}}, "diagnostics.previous: Extra inputs"),
        ({"diagnostics": {"previous_message_id": "req_1"}}, "diagnostics.previous_message_id"),
        ({"tool_choice": {"type": "auto"}}, "may only be specified while providing tools"),
        ({"tools": [TOOL, TOOL]}, "Tool names must be unique"),
        ({"tools": [{**TOOL, "name": "sub mit"}]}, "String should match pattern"),
        (
            {
                "model": "claude-haiku-5-5",
                "thinking": None,
                "tools": [TOOL],
                "tool_choice": {"type": "tool", "name": "x"},
            },
            "Tool 'x' not found",
        ),
        ({"tools": [TOOL], "tool_choice": {"type": "tool", "name": "submit_review"}}, "not supported for this model"),
        ({"model": "claude-opus-5-5", "thinking": {"type": "disabled"}}, '"thinking.type.disabled" is not supported'),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, '"thinking.type.enabled" is not supported'),
        ({"output_config": {"effort": "max"}}, 'is not supported at effort "max"'),
        ({"model": "claude-haiku-4-5", "thinking": {"type": "adaptive"}}, '"thinking.type.adaptive" is not supported'),
        ({"model": "claude-haiku-4-5", "thinking": {"type": "enabled"}}, "budget_tokens: Field required"),
        ({"model": "claude-haiku-4-5", "thinking": {"type": "enabled", "budget_tokens": 9}}, "or equal to 1024"),
        ({"model": "claude-haiku-4-5", "thinking": {"type": "enabled", "budget_tokens": 4000}}, "must be greater than"),
        ({"messages": [{"role": "assistant", "content": "{"}]}, "assistant message prefill"),
        ({"messages": talk([CALL])}, "messages.1: `tool_use` ids were found without `tool_result` blocks immediately"),
        ({"messages": talk([CALL], [text("x")])}, "immediately after: toolu_1. Each `tool_use` block"),
        ({"messages": talk([CALL], [text("x"), RESULT])}, "immediately after: toolu_1. Each `tool_use` block"),
        ({"messages": talk([text("x")], [RESULT])}, "unexpected `tool_use_id` found in `tool_result` blocks: toolu_1"),
        ({"messages": talk([CALL], [RESULT], [CALL], [RESULT])}, "`tool_use` ids must be unique"),
        ({"messages": user(CALL)}, "`tool_use` blocks can only be in `assistant` messages"),
        ({"messages": talk([RESULT], [text("x")])}, "`tool_result` blocks can only be in `user` messages"),
        ({"messages": talk([{**CALL, "id": "a.b"}], [text("x")])}, "tool_use.id: String should match pattern"),
        ({"messages": talk([{**CALL, "input": "{}"}], [RESULT])}, "tool_use.input: Input should be a valid dictionary"),
        ({"messages": talk([{"type": "tool_use", "id": "a"}], [RESULT])}, "content.0.tool_use.name: Field required"),
        ({**BUDGET, "messages": talk([CALL], [RESULT, text("x")])}, "Expected `thinking` or `redacted_thinking`, but"),
        ({"temperature": 1.0}, "temperature: Extra inputs"),
        ({"top_p": 0.5}, "top_p: Extra inputs"),
        ({"messages": user(text("x", citations=[{"type": "char_location"}]))}, "citations: Extra inputs"),
        ({"messages": user(text("", cache_control=SHORT))}, "non-empty"),
        ({"system": [text("", cache_control=SHORT)]}, "cache_control cannot be set for empty text blocks"),
        (
            {"system": [text("x", cache_control=SHORT)] * 5},
            "A maximum of 4 blocks with cache_control may be provided. Found 6",
        ),
        ({"cache_control": SHORT, "system": [text("x", cache_control=HOUR)] * 3}, "Found 5"),
        ({"system": [text("x", cache_control=SHORT), text("y", cache_control=HOUR)]}, "must not come after"),
        ({"system": [text("x", cache_control={"type": "ephemeral", "ttl": "2h"})]}, "ttl of '5m' or '1h'"),
        ({"cache_control": HOUR, "messages": user(text("x", cache_control=SHORT))}, "with a different ttl"),
        ({"output_config": shape({})}, "output_config.format.schema: Field required"),
        ({"output_config": {"format": {"type": "xml"}}}, "Input should be 'json_schema'"),
        ({"output_config": shape(optional(25))}, "too many optional parameters (25)"),
        ({"output_config": shape(UNIONS)}, "too many parameters with union types (17)"),
        ({"output_config": shape(CIRCLE)}, "Circular reference detected in schema definitions: Node -> Node"),
        (
            {"output_config": shape({**LOOSE, "properties": {"n": {"type": "integer", "minimum": 1}}})},
            "For 'integer' type, property 'minimum' is not supported",
        ),
        (
            {"output_config": shape({**LOOSE, "properties": {"n": {"type": "array", "minItems": 2}}})},
            "'minItems' values other than 0 or 1",
        ),
        ({"tools": [{**TOOL, "name": f"tool{number}"} for number in range(21)]}, "Too many strict tools (21)"),
        ({**WARM, "stream": True}, "max_tokens: 0 is not supported with stream"),
        ({"max_tokens": 0}, "max_tokens: 0 is not supported with output_config.format"),
        ({**WARM, "tools": [TOOL], "tool_choice": {"type": "any"}}, "0 is not supported with a forced tool_choice"),
        ({**WARM, "thinking": {"type": "enabled", "budget_tokens": 2000}}, "0 is not supported with thinking.enabled"),
    ],
    ids=lambda one: one[:40] if isinstance(one, str) else "",
)
def test_a_message_may_not_say_this(changes: Body, words: str) -> None:
    assert words in refusal_of(ask(**changes))


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({}, NOW),
        ({"temperature": 0.5, "top_k": 5}, OLD),
        ({"messages": user(text("x", citations=[{"type": "char_location"}]))}, OLD),
        (WARM, NOW),
        ({"diagnostics": {"previous_message_id": None}}, NOW),
        ({"diagnostics": {"previous_message_id": "msg_1"}}, NOW),
        ({"model": "claude-haiku-5-5", "thinking": None, "tools": [TOOL], "tool_choice": {"type": "any"}}, NOW),
        ({"model": "claude-haiku-4-5", "thinking": None, "messages": [{"role": "assistant", "content": "{"}]}, NOW),
        ({"model": "claude-haiku-4-5", "thinking": {"type": "enabled", "budget_tokens": 2000}}, NOW),
        ({"cache_control": SHORT, "messages": user(text("x", cache_control=SHORT))}, NOW),
        ({"output_config": shape(optional(24))}, NOW),
        ({"messages": talk([text("{}")], [text("x")])}, NOW),
        ({"messages": talk([CALL], [RESULT, text("x")]), "tools": [TOOL]}, NOW),
        ({**BUDGET, "messages": talk([text("{}")], [text("x")])}, NOW),
        ({**BUDGET, "messages": talk([THOUGHT, CALL], [RESULT, text("x")]), "tools": [TOOL]}, NOW),
        ({"tools": [TOOL], "tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}, NOW),
    ],
)
def test_a_message_may_say_that(changes: Body, version: str) -> None:
    body = ask(**changes)
    anthropic_rules.check(body, version, counting=False)
    assert body["model"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "max_tokens: Extra inputs"),
        ({"max_tokens": None, "stream": True}, "stream: Extra inputs"),
        ({"max_tokens": None, "diagnostics": {}}, "diagnostics: Extra inputs"),
        ({"max_tokens": None, "top_p": 1}, "top_p: Extra inputs"),
        ({"max_tokens": None, "tools": [TOOL], "tool_choice": {"type": "any"}}, "not supported for this model"),
        ({"max_tokens": None, "messages": [{"role": "assistant", "content": "x"}]}, "prefill"),
    ],
)
def test_the_counter_is_as_strict(changes: Body, words: str) -> None:
    assert words in refusal_of(ask(**changes), counting=True)


def test_a_model_takes_and_gives_so_many_tokens_and_no_more(url: str) -> None:
    haiku: Body = {"model": "claude-haiku-4-5", "thinking": None}
    assert "64001 > 64000" in refusal_of(ask(**haiku, max_tokens=64_001))
    long = "word " * 300_000
    claude = see(url, "anthropic", **haiku, messages=[{"role": "user", "content": long}])
    codestral = see(url, "mistral", messages=[{"role": "user", "content": long}])
    assert (claude.status, codestral.status) == (400, 400)
    assert "> 200000 maximum" in claude.message
    assert "too large for model with 256000 maximum context length" in codestral.message


@pytest.mark.parametrize("version", ["", "2030-01-01"])
def test_a_version_nobody_speaks_is_refused(version: str) -> None:
    assert refusal_of(ask(), version).startswith("anthropic-version: ")


@pytest.mark.parametrize(
    ("changes", "kind", "place"),
    [
        ({"seed": 7}, "extra_forbidden", ["body", "seed"]),
        (
            {"messages": [{"role": "user", "content": "x", "name": "me"}]},
            "extra_forbidden",
            ["body", "messages", 0, "user", "name"],
        ),
        ({"messages": [{"role": "poet", "content": "x"}]}, "union_tag_invalid", ["body", "messages", 0]),
        (
            {"response_format": {"type": "json_object", "form": 1}},
            "extra_forbidden",
            ["body", "response_format", "form"],
        ),
        ({"response_format": {"type": "xml"}}, "enum", ["body", "response_format", "type"]),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "R", "schema": {"a": 1}, "x": 1}}},
            "extra_forbidden",
            ["body", "response_format", "json_schema", "x"],
        ),
        ({"max_tokens": -1}, "greater_than_equal", ["body", "max_tokens"]),
    ],
)
def test_mistral_names_each_field_it_does_not_take(changes: Body, kind: str, place: list[object]) -> None:
    with pytest.raises(RefusalError) as caught:
        mistral_rules.check(test_mistral.body(**changes))
    body: Any = caught.value.refusal.body
    detail = body["message"]["detail"][0]
    assert (caught.value.refusal.status, detail["type"], detail["loc"]) == (422, kind, place)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200_000) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.just("type"), inner, max_size=3)
    ),
    max_leaves=6,
)
BODIES: dict[Vendor, Body] = {
    "anthropic": ask(
        tools=[TOOL],
        tool_choice={"type": "auto"},
        metadata={"user_id": "u"},
        diagnostics={"previous_message_id": None},
        cache_control=SHORT,
    ),
    "mistral": test_mistral.body(tools=[test_mistral.TOOL], tool_choice="auto", prompt_cache_key="k", temperature=0.2),
}


DOOR = Door(Faults({}), Allowance(Limits()))
SERVERS: dict[Vendor, AnthropicApi | MistralApi] = {
    "anthropic": AnthropicApi(Pace(first_token=0, tokens_per_second=1000), DOOR, Writer()),
    "mistral": MistralApi(Pace(first_token=0, tokens_per_second=1000), DOOR, Writer()),
}


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path into a JSON value but the empty one."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(cast("dict[str | int, object]", value).items())
    elif isinstance(value, list):
        inner = list(enumerate(cast("list[object]", value)))
    below = [(*path, key) for key, _ in inner]
    return below + [deeper for key, part in inner for deeper in places(part, (*path, key))]


@settings(deadline=None, max_examples=150)
@given(data=st.data(), vendor=st.sampled_from(BOTH))
def test_any_value_anywhere_is_an_answer_or_a_refusal(data: st.DataObject, vendor: Vendor) -> None:
    body = copy.deepcopy(BODIES[vendor])
    *way, last = data.draw(st.sampled_from(places(body)))
    whole: Any = body
    for step in way:
        whole = whole[step]
    whole[last] = data.draw(values)
    server = SERVERS[vendor]
    status, told = server.answer(body, "key")
    assert status in {200, 400, 404, 422}, told
    assert "id" in told or {"error", "message"} & set(told)
