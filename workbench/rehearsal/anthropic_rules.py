"""What Anthropic's Messages API refuses, in its own words and in the order it looks."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.rehearsal import anthropic_models as models
from workbench.rehearsal.payload import Body, items, mapping, texts
from workbench.rehearsal.refusals import RefusalError, anthropic

_COUNTED = frozenset(
    ["cache_control", "messages", "model", "output_config", "speed", "system", "thinking", "tool_choice", "tools"]
)
_MESSAGE = _COUNTED | frozenset(
    [
        "container",
        "diagnostics",
        "inference_geo",
        "max_tokens",
        "metadata",
        "service_tier",
        "stop_sequences",
        "stream",
    ]
)
_SAMPLING = frozenset({"temperature", "top_k", "top_p"})


def check(body: Body, version: str, *, counting: bool) -> None:
    """Raises RefusalError for what a request may not say. `counting`: it goes to the token counter."""
    check_version(version)
    for problem in _problems(body, version, counting=counting):
        raise _bad(problem)
    model = body["model"]
    if not isinstance(model, str) or not models.known(model.partition("+")[0]):
        raise RefusalError(anthropic(404, f"model: {model}"))
    for problem in _model_problems(body, model):
        raise _bad(problem)


def check_version(version: str) -> None:
    """Raises RefusalError for a version of the API nobody speaks."""
    if version not in models.VERSIONS:
        what = f'"{version}" is not a valid version' if version else "header is required"
        raise _bad(f"anthropic-version: {what}")


def blocks(body: Body) -> Iterator[tuple[str, Body]]:
    """Every block that may carry a cache breakpoint, in prefix order, with its place."""
    for number, tool in enumerate(items(body.get("tools"))):
        yield f"tools.{number}", mapping(tool)
    for number, block in enumerate(items(body.get("system"))):
        yield f"system.{number}", mapping(block)
    for place, message in enumerate(items(body.get("messages"))):
        for number, block in enumerate(items(mapping(message).get("content"))):
            yield f"messages.{place}.content.{number}", mapping(block)


def _bad(message: str) -> RefusalError:
    return RefusalError(anthropic(400, message))


def _problems(body: Body, version: str, *, counting: bool) -> Iterator[str]:
    allowed = _COUNTED if counting else _MESSAGE
    if version != models.LATEST:
        allowed |= _SAMPLING
    required = ("model", "messages") if counting else ("model", "max_tokens", "messages")
    yield from (f"{name}: Field required" for name in required if name not in body)
    yield from (f"{name}: Extra inputs are not permitted" for name in body if name not in allowed)
    yield from _limit_problems(body) if not counting else ()
    yield from _message_problems(body.get("messages"))
    yield from _breakpoint_problems(body)
    schema = mapping(mapping(mapping(body.get("output_config")).get("format")).get("schema"))
    yield from _schema_problems(schema, "output_config.format.schema")


def _limit_problems(body: Body) -> Iterator[str]:
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or isinstance(limit, bool):
        yield "max_tokens: Input should be a valid integer"
    elif limit < 1:
        yield "max_tokens: Input should be greater than or equal to 1"
    elif limit > models.MAX_OUTPUT:
        yield f"max_tokens: {limit} > {models.MAX_OUTPUT}, which is the maximum allowed number of output tokens"


def _message_problems(messages: object) -> Iterator[str]:
    listed = [mapping(message) for message in items(messages)]
    if not listed:
        yield "messages: at least one message is required"
    for place, message in enumerate(listed):
        if message.get("role") not in {"user", "assistant"}:
            yield f"messages.{place}.role: Input should be 'user' or 'assistant'"
        found = texts(message.get("content"))
        if not found and not items(message.get("content")):
            yield f"messages.{place}.content: Field required"
        if any(not text for text in found):
            yield "messages: text content blocks must be non-empty"
    if listed and listed[-1].get("role") == "assistant":
        yield ("This model does not support assistant message prefill. The conversation must end with a user message.")


def _breakpoint_problems(body: Body) -> Iterator[str]:
    marked = [(place, mapping(block["cache_control"])) for place, block in blocks(body) if block.get("cache_control")]
    found = len(marked) + (1 if body.get("cache_control") else 0)
    if found > 4:
        yield f"A maximum of 4 blocks with cache_control may be provided. Found {found}."
    short = False
    for place, control in marked:
        lifetime = control.get("ttl", "5m")
        if control.get("type") != "ephemeral" or lifetime not in {"5m", "1h"}:
            yield f"{place}.cache_control: Input should be of type 'ephemeral' with a ttl of '5m' or '1h'"
        if lifetime == "1h" and short:
            yield f"{place}.cache_control.ttl: a ttl='1h' block must not come after a ttl='5m' block"
        short = short or lifetime == "5m"


def _schema_problems(schema: Body, place: str) -> Iterator[str]:
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield f"{place}: For 'object' type, 'additionalProperties' must be explicitly set to false"
    for part in mapping(schema.get("properties")).values():
        yield from _schema_problems(mapping(part), place)
    yield from _schema_problems(mapping(schema["items"]), place) if "items" in schema else ()


def _model_problems(body: Body, model: str) -> Iterator[str]:
    forced = mapping(body.get("tool_choice")).get("type")
    if forced in {"any", "tool"} and models.refuses_forced_tools(model):
        yield 'tool_choice: type "tool" and "any" are not supported for this model.'
    problem = models.thinking_problem(model, body.get("thinking"))
    if problem:
        yield problem
