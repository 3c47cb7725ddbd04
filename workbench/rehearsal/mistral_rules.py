"""What Mistral's chat completions refuse, with the status, type and code of the real replies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.rehearsal.payload import Body, items, mapping, texts
from workbench.rehearsal.refusals import Refusal, RefusalError, invalid, mistral

_FIELDS = frozenset(
    [
        "frequency_penalty",
        "guardrails",
        "logprobs",
        "max_tokens",
        "messages",
        "metadata",
        "min_tokens",
        "model",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_logprobs",
        "prompt_mode",
        "random_seed",
        "reasoning_effort",
        "repetition_penalty",
        "response_format",
        "safe_prompt",
        "service_tier",
        "stop",
        "stream",
        "temperature",
        "tool_choice",
        "tools",
        "top_k",
        "top_logprobs",
        "top_prompt_logprobs",
        "top_p",
    ]
)
_MESSAGES: dict[str, frozenset[str]] = {
    "system": frozenset({"role", "content"}),
    "user": frozenset({"role", "content"}),
    "assistant": frozenset({"role", "content", "tool_calls", "prefix"}),
    "tool": frozenset({"role", "content", "tool_call_id", "name"}),
}
_INSIDE: dict[str, frozenset[str]] = {
    "response_format": frozenset({"type", "json_schema"}),
    "response_format.json_schema": frozenset({"name", "description", "schema", "strict"}),
}
_AFTER: dict[str, frozenset[str]] = {
    "system": frozenset({"system", "user", "assistant"}),
    "user": frozenset({"system", "user", "assistant"}),
    "assistant": frozenset({"user", "assistant", "tool"}),
    "tool": frozenset({"tool", "assistant"}),
}
_ORDER = ("invalid_request_message_order", "3230")
_KINDS = ("text", "json_object", "json_schema")
_EXTRA = "Extra inputs are not permitted"
FAMILIES = ("codestral", "mistral", "devstral")


CONTEXT = 256_000
"""Tokens a model takes, by the API's own list of models."""


def too_long(tokens: int) -> Refusal:
    """The reply to a prompt longer than CONTEXT."""
    most = f"too large for model with {CONTEXT} maximum context length"
    message = f"Prompt contains {tokens} tokens and 0 draft tokens, {most}"
    return mistral(400, message, "invalid_request_invalid_args", "3051")


def check(body: Body) -> None:
    """Raises RefusalError for what a request may not say."""
    details = list(_details(body))
    if details:
        raise RefusalError(invalid(details))
    model = str(body["model"])
    if not model.startswith(FAMILIES):
        raise RefusalError(mistral(400, f"Invalid model: {model}", "invalid_model", "1500"))
    _check_turns([mapping(message) for message in items(body["messages"])])
    last = mapping(items(body["messages"])[-1])
    role = last.get("role")
    if role not in ("user", "tool") and not (role == "assistant" and last.get("prefix") is True):
        wanted = "Expected last role User or Tool (or Assistant with prefix True) for serving"
        raise RefusalError(mistral(400, f"{wanted} but got {role}", *_ORDER))
    shape = mapping(body.get("response_format")).get("type")
    if shape == "json_schema" and body.get("tools") and body.get("tool_choice", "auto") != "auto":
        message = "`json_schema` response type with tools is only compatible with `tool_choice: auto`"
        raise RefusalError(mistral(400, message, "invalid_request_invalid_args", "3051"))


def _check_turns(messages: Sequence[Body]) -> None:
    """Who may speak after whom, and that an assistant's turn says or calls something."""
    before, calls = "", 0
    for message in messages:
        role = str(message.get("role"))
        if before in _AFTER and role not in _AFTER[before]:
            raise RefusalError(mistral(400, f"Unexpected role '{role}' after role '{before}'", *_ORDER))
        if before in ("assistant", "tool") and role != "tool" and calls:
            raise RefusalError(mistral(400, "Not the same number of function calls and responses", *_ORDER))
        if role == "assistant":
            calls = len(items(message.get("tool_calls")))
            if not calls and not any(texts(message.get("content"))):
                raise RefusalError(
                    mistral(400, "Assistant message must have either content or tool_calls, but not none.")
                )
        calls -= role == "tool"
        before = role


def _details(body: Body) -> Iterator[dict[str, object]]:
    for name in ("model", "messages"):
        if name not in body:
            yield _detail("missing", "Field required", None, name)
    if "messages" in body and not items(body["messages"]):
        message = "List should have at least 1 item after validation, not 0"
        yield _detail("too_short", message, body["messages"], "messages")
    for name, value in body.items():
        if name not in _FIELDS:
            yield _detail("extra_forbidden", _EXTRA, value, name)
    yield from _inner_details(body)
    heat = body.get("temperature")
    if isinstance(heat, int | float) and not 0 <= heat <= 1.5:
        yield _detail("less_than_equal", "Input should be between 0 and 1.5", heat, "temperature")
    limit = body.get("max_tokens")
    if limit is not None and (not isinstance(limit, int) or limit < 0):
        yield _detail("greater_than_equal", "Input should be greater than or equal to 0", limit, "max_tokens")
    shape = mapping(body.get("response_format"))
    named = shape.get("json_schema")
    if shape.get("type") == "json_schema" and not mapping(named).get("schema"):
        yield _detail("missing", "Field required", named, "response_format", "json_schema", "schema")


def _inner_details(body: Body) -> Iterator[dict[str, object]]:
    """Unknown fields of messages and of the answer's format, which are as strict as the body itself."""
    for place, message in enumerate(map(mapping, items(body.get("messages")))):
        allowed = _MESSAGES.get(str(message.get("role")))
        if allowed is None:
            yield _detail(
                "union_tag_invalid", "Input tag does not match any of the expected tags", message, "messages", place
            )
            continue
        for name in message:
            if name not in allowed:
                yield _detail("extra_forbidden", _EXTRA, message[name], "messages", place, str(message["role"]), name)
    for path, allowed in _INSIDE.items():
        inner = body
        for step in path.split("."):
            inner = mapping(inner.get(step))
        for name in inner:
            if name not in allowed:
                yield _detail("extra_forbidden", _EXTRA, inner[name], *path.split("."), name)
    shape = mapping(body.get("response_format"))
    if shape and shape.get("type", "text") not in _KINDS:
        yield _detail("enum", f"Input should be one of {', '.join(_KINDS)}", shape["type"], "response_format", "type")


def _detail(kind: str, message: str, value: object, *place: str | int) -> dict[str, object]:
    return {"type": kind, "loc": ["body", *place], "msg": message, "input": value}
