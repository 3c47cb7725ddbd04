"""What Anthropic's Messages API refuses, in its own words and in the order it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.domain.models import facts
from workbench.rehearsal import anthropic_models as models
from workbench.rehearsal import anthropic_shapes as shapes
from workbench.rehearsal import anthropic_turns as turns
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
_NAME = re.compile(r"^[a-zA-Z0-9_-]{1,128}$")
_PREFILLED = ("claude-haiku-4-5", "claude-opus-4-5", "claude-sonnet-4-5")
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


def longest(model: str) -> tuple[int, int]:
    """The most tokens a model takes and gives."""
    found = facts("anthropic", model.partition("+")[0])
    return (found.context, found.longest_answer) if found else (models.MAX_INPUT, models.MAX_OUTPUT)


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
    yield from (f"{name}: {shapes.EXTRA}" for name in body if name not in allowed)
    yield from _limit_problems(body) if not counting else ()
    yield from shapes.problems(body)
    yield from _message_problems(body.get("messages"))
    yield from turns.problems(body)
    yield from _moved_problems(body.get("messages")) if version == models.LATEST else ()
    yield from _breakpoint_problems(body)
    yield from _tool_problems(body)


def _limit_problems(body: Body) -> Iterator[str]:
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or isinstance(limit, bool):
        yield "max_tokens: Input should be a valid integer"
    elif limit < 0:
        yield "max_tokens: Input should be greater than or equal to 0"
    elif limit == 0:
        yield from (f"max_tokens: 0 is not supported with {what}" for what, asked in _warming(body) if asked)
    elif limit > (most := longest(str(body.get("model")))[1]):
        yield f"max_tokens: {limit} > {most}, which is the maximum allowed number of output tokens for this model"


def _warming(body: Body) -> Iterator[tuple[str, bool]]:
    """What a request that only warms the cache may not ask for."""
    yield "stream", body.get("stream") is True
    yield "thinking.enabled", mapping(body.get("thinking")).get("type") == "enabled"
    yield "output_config.format", mapping(body.get("output_config")).get("format") is not None
    yield "a forced tool_choice", _forced(body)


def _message_problems(messages: object) -> Iterator[str]:
    listed = [mapping(message) for message in items(messages)]
    if not listed:
        yield "messages: at least one message is required"
    for place, message in enumerate(listed):
        if message.get("role") not in ("user", "assistant", "system"):
            yield f"messages.{place}.role: Input should be 'user' or 'assistant'"
        found = texts(message.get("content"))
        if not found and not items(message.get("content")):
            yield f"messages.{place}.content: Field required"
        if any(not text for text in found):
            yield "messages: text content blocks must be non-empty"


def _moved_problems(messages: object) -> Iterator[str]:
    """What the latest version of the API no longer takes."""
    for place, message in enumerate(map(mapping, items(messages))):
        for number, block in enumerate(map(mapping, items(message.get("content")))):
            if message.get("role") == "assistant" and block.get("type") == "document":
                yield f"messages.{place}.content.{number}: document blocks are not supported in assistant messages"
            if message.get("role") == "user" and block.get("type") == "text" and block.get("citations"):
                yield f"messages.{place}.content.{number}.citations: {shapes.EXTRA}"


def _breakpoint_problems(body: Body) -> Iterator[str]:
    marked = [(place, mapping(block["cache_control"])) for place, block in blocks(body) if block.get("cache_control")]
    found = len(marked) + (1 if body.get("cache_control") else 0)
    if found > 4:
        yield f"A maximum of 4 blocks with cache_control may be provided. Found {found}."
    short = False
    for place, control in marked:
        lifetime = control.get("ttl", "5m")
        if control.get("type") != "ephemeral" or lifetime not in ("5m", "1h") or set(control) - {"type", "ttl"}:
            yield f"{place}.cache_control: Input should be of type 'ephemeral' with a ttl of '5m' or '1h'"
        if lifetime == "1h" and short:
            yield f"{place}.cache_control.ttl: a ttl='1h' block must not come after a ttl='5m' block"
        short = short or lifetime == "5m"
    for place, block in blocks(body):
        if block.get("cache_control") and block.get("text") == "":
            yield f"{place}.text: cache_control cannot be set for empty text blocks"
    whole = mapping(body.get("cache_control"))
    if whole and marked and marked[-1][1].get("ttl", "5m") != whole.get("ttl", "5m"):
        last = [place for place, _ in blocks(body)][-1]
        if marked[-1][0] == last:
            yield f"cache_control: {last} already has a cache_control with a different ttl"


def _tool_problems(body: Body) -> Iterator[str]:
    names = [str(tool.get("name", "")) for tool in map(mapping, items(body.get("tools")))]
    for place, name in enumerate(names):
        if not _NAME.fullmatch(name):
            yield f"tools.{place}.custom.name: String should match pattern '{_NAME.pattern}'"
    if len(set(names)) < len(names):
        yield "tools: Tool names must be unique."
    choice = mapping(body.get("tool_choice"))
    if choice and not names:
        yield "tool_choice: tool_choice may only be specified while providing tools"
    elif choice.get("type") == "tool" and choice.get("name") not in names:
        yield f"tool_choice.name: Tool '{choice.get('name')}' not found in provided tools"


def _forced(body: Body) -> bool:
    return mapping(body.get("tool_choice")).get("type") in ("any", "tool")


def _thinking_problems(body: Body) -> Iterator[str]:
    thinking = mapping(body.get("thinking"))
    effort = mapping(body.get("output_config")).get("effort")
    if thinking.get("type") in ("disabled", "between_tools") and effort in ("xhigh", "max"):
        yield f'thinking.type: "{thinking["type"]}" is not supported at effort "{effort}"'
    if thinking.get("type") != "enabled":
        return
    budget, limit = thinking.get("budget_tokens"), body.get("max_tokens")
    if not isinstance(budget, int):
        yield "thinking.enabled.budget_tokens: Field required"
    elif budget < 1024:
        yield "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"
    elif isinstance(limit, int) and limit <= budget:
        yield "`max_tokens` must be greater than `thinking.budget_tokens`"
    if _forced(body):
        yield "Thinking may not be enabled when tool_choice forces tool use."


def _model_problems(body: Body, model: str) -> Iterator[str]:
    if _forced(body) and models.refuses_forced_tools(model):
        yield 'tool_choice: type "tool" and "any" are not supported for this model.'
    problem = models.thinking_problem(model, body.get("thinking"))
    if problem:
        yield problem
    yield from _thinking_problems(body)
    if thoughtless := turns.thinking_problem(body):
        yield thoughtless
    last = mapping(next(reversed(items(body.get("messages"))), None))
    if last.get("role") == "assistant" and not model.startswith(_PREFILLED):
        yield "This model does not support assistant message prefill. The conversation must end with a user message."
