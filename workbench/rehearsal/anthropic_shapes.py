"""Anthropic's strict bodies: which fields an object may have and what an output schema may say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.rehearsal.payload import Body, items, mapping

EXTRA = "Extra inputs are not permitted"
_BLOCKS: dict[str, frozenset[str]] = {
    "text": frozenset({"type", "text", "cache_control", "citations"}),
    "image": frozenset({"type", "source", "cache_control", "transformations"}),
    "document": frozenset({"type", "source", "cache_control", "citations", "context", "title"}),
    "tool_use": frozenset({"type", "id", "input", "name", "cache_control", "caller", "toolset_name"}),
    "tool_result": frozenset({"type", "tool_use_id", "cache_control", "content", "is_error", "toolset_name"}),
    "thinking": frozenset({"type", "thinking", "signature"}),
    "redacted_thinking": frozenset({"type", "data"}),
}
_TOOL = frozenset(
    [
        "allowed_callers",
        "cache_control",
        "defer_loading",
        "description",
        "eager_input_streaming",
        "input_examples",
        "input_schema",
        "name",
        "strict",
        "type",
    ]
)
_THINKING: dict[str, frozenset[str]] = {
    "adaptive": frozenset({"type", "display"}),
    "between_tools": frozenset({"type"}),
    "disabled": frozenset({"type"}),
    "enabled": frozenset({"type", "budget_tokens", "display"}),
}
_CHOICE: dict[str, frozenset[str]] = {
    "auto": frozenset({"type", "disable_parallel_tool_use"}),
    "any": frozenset({"type", "disable_parallel_tool_use"}),
    "tool": frozenset({"type", "name", "disable_parallel_tool_use"}),
    "none": frozenset({"type"}),
}
_ONE_OF: dict[str, tuple[str, ...]] = {
    "service_tier": ("auto", "standard_only"),
    "speed": ("standard", "fast"),
    "output_config.effort": ("low", "medium", "high", "xhigh", "max"),
}
_UNSUPPORTED = frozenset(
    [
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maximum",
        "minLength",
        "minimum",
        "multipleOf",
    ]
)
STRICT_TOOLS, OPTIONAL, UNIONS = 20, 24, 16


def problems(body: Body) -> Iterator[str]:
    """What is wrong with the objects inside a request, in the API's words and order."""
    yield from _extra(body.get("metadata"), frozenset({"user_id"}), "metadata")
    yield from _tagged(body.get("thinking"), _THINKING, "thinking")
    yield from _tagged(body.get("tool_choice"), _CHOICE, "tool_choice")
    yield from _extra(body.get("output_config"), frozenset({"effort", "format"}), "output_config")
    yield from _extra(body.get("diagnostics"), frozenset({"previous_message_id"}), "diagnostics")
    yield from _choice_problems(body)
    for place, tool in enumerate(map(mapping, items(body.get("tools")))):
        if tool.get("type", "custom") == "custom":
            yield from _extra(tool, _TOOL, f"tools.{place}.custom")
    for place, block in enumerate(items(body.get("system"))):
        yield from _extra(block, _BLOCKS["text"], f"system.{place}")
    for place, message in enumerate(map(mapping, items(body.get("messages")))):
        yield from _extra(message, frozenset({"role", "content"}), f"messages.{place}")
        for number, block in enumerate(items(message.get("content"))):
            yield from _tagged(block, _BLOCKS, f"messages.{place}.content.{number}")
    yield from _schemas(body)


def _choice_problems(body: Body) -> Iterator[str]:
    flat = {**body, "output_config.effort": mapping(body.get("output_config")).get("effort")}
    for name, allowed in _ONE_OF.items():
        if flat.get(name) is not None and flat[name] not in allowed:
            yield f"{name}: Input should be {_listed(allowed)}"
    if not isinstance(body.get("stream", False), bool):
        yield "stream: Input should be a valid boolean"
    previous = mapping(body.get("diagnostics")).get("previous_message_id")
    if previous is not None and not str(previous).startswith("msg_"):
        yield "diagnostics.previous_message_id: Input should be the id of a message"


def _extra(value: object, allowed: frozenset[str], place: str) -> Iterator[str]:
    yield from (f"{place}.{name}: {EXTRA}" for name in mapping(value) if name not in allowed)


def _tagged(value: object, kinds: dict[str, frozenset[str]], place: str) -> Iterator[str]:
    """An object whose `type` says which fields it has."""
    if value is None:
        return
    kind = mapping(value).get("type")
    if not isinstance(kind, str) or kind not in kinds:
        yield (
            f"{place}: Input tag '{kind}' found using 'type' does not match any of the expected tags: "
            f"{', '.join(repr(one) for one in kinds)}"
        )
        return
    yield from _extra(value, kinds[kind], place if place.startswith("messages") else f"{place}.{kind}")


def _schemas(body: Body) -> Iterator[str]:
    """The limits of what is compiled to a grammar: the output's format and the strict tools, counted together."""
    strict = [
        (f"tools.{place}.custom", mapping(tool.get("input_schema")))
        for place, tool in enumerate(map(mapping, items(body.get("tools"))))
        if tool.get("strict") is True
    ]
    if len(strict) > STRICT_TOOLS:
        yield (
            f"Too many strict tools ({len(strict)}). The maximum number of strict tools supported is {STRICT_TOOLS}."
            " Try reducing the number of tools marked as strict."
        )
    shape = mapping(body.get("output_config")).get("format")
    if shape is not None:
        if mapping(shape).get("type") != "json_schema":
            yield "output_config.format.type: Input should be 'json_schema'"
        if not mapping(mapping(shape).get("schema")):
            yield "output_config.format.schema: Field required"
        strict.append(("output_config.format.schema", mapping(mapping(shape).get("schema"))))
    for place, schema in strict:
        yield from _schema(schema, schema, place, ())
    parts = [part for _, schema in strict for part in _parts(schema)]
    optional = sum(len(set(mapping(p.get("properties"))) - set(map(str, items(p.get("required"))))) for p in parts)
    unions = sum(1 for part in parts if "anyOf" in part or isinstance(part.get("type"), list))
    for found, most, what in (
        (optional, OPTIONAL, "optional parameters"),
        (unions, UNIONS, "parameters with union types"),
    ):
        if found > most:
            yield (
                f"Schemas contains too many {what} ({found}), which would make grammar compilation inefficient."
                f" Reduce the number of {what} in your tool schemas (limit: {most})."
            )


def _schema(schema: Body, whole: Body, place: str, seen: tuple[str, ...]) -> Iterator[str]:
    reference = str(schema.get("$ref", "")).rpartition("/")[2]
    if reference:
        if reference in seen:
            yield (
                f"{place}: Invalid schema: Circular reference detected in schema definitions: "
                f"{' -> '.join((*seen[seen.index(reference) :], reference))}. "
                "Self-referencing or mutually-referencing definitions are not supported."
            )
            return
        target = mapping(mapping(whole.get("$defs")).get(reference))
        yield from _schema(target, whole, place, (*seen, reference))
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield f"{place}: For 'object' type, 'additionalProperties' must be explicitly set to false"
    for name in schema:
        if name in _UNSUPPORTED:
            kind = schema.get("type", "object")
            yield f"{place}: For '{kind}' type, property '{name}' is not supported"
    if schema.get("minItems", 0) not in (0, 1):
        yield f"{place}: For 'array' type, 'minItems' values other than 0 or 1 are not supported"
    for part in _children(schema):
        yield from _schema(part, whole, place, seen)


def _parts(schema: Body) -> Iterator[Body]:
    yield schema
    for part in (*_children(schema), *map(mapping, mapping(schema.get("$defs")).values())):
        yield from _parts(part)


def _children(schema: Body) -> Iterable[Body]:
    listed = [*mapping(schema.get("properties")).values(), *items(schema.get("anyOf")), *items(schema.get("allOf"))]
    return [mapping(part) for part in (*listed, schema.get("items")) if isinstance(part, dict)]


def _listed(names: Iterable[str]) -> str:
    *first, last = (f"'{name}'" for name in names)
    return f"{', '.join(first)} or {last}"
