"""What Anthropic refuses of a conversation with tools: who may call, and that each call is followed by its result."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.rehearsal.payload import Body, items, mapping

_ID = re.compile(r"[a-zA-Z0-9_-]+")
_SPEAKER = {"tool_use": "assistant", "tool_result": "user"}
_NEEDS = {"tool_use": ("id", "name", "input"), "tool_result": ("tool_use_id",)}
_THOUGHT = frozenset({"thinking", "redacted_thinking"})


def problems(body: Body) -> Iterator[str]:
    """What is wrong with the calls and results of a request, in the API's words."""
    calls: list[str] = []
    pending: list[str] = []
    for place, message in enumerate(map(mapping, items(body.get("messages")))):
        blocks = [mapping(block) for block in items(message.get("content"))]
        for number, block in enumerate(blocks):
            yield from _block_problems(f"messages.{place}.content.{number}", block, message.get("role"), pending)
        # Only results at the very start of the next message count: after a text they come too late.
        first = next((n for n, block in enumerate(blocks) if block.get("type") != "tool_result"), len(blocks))
        open_calls = set(pending) - {str(block.get("tool_use_id")) for block in blocks[:first]}
        if open_calls:
            yield _unanswered(place - 1, open_calls)
        pending = [str(block.get("id")) for block in blocks if block.get("type") == "tool_use"]
        if len({*calls, *pending}) < len(calls) + len(pending):
            yield f"messages.{place}.content: `tool_use` ids must be unique"
        calls += pending
    if pending:
        yield _unanswered(len(items(body.get("messages"))) - 1, set(pending))


def thinking_problem(body: Body) -> str:
    """With a thinking budget a call comes back with the thoughts that led to it; empty when all is well."""
    contents = [items(mapping(message).get("content")) for message in items(body.get("messages"))]
    kinds = [str(mapping(next(iter(content), None)).get("type")) for content in contents]
    if mapping(body.get("thinking")).get("type") != "enabled" or kinds[-1] != "tool_result" or kinds[-2] in _THOUGHT:
        return ""
    return (
        f"messages.{len(kinds) - 2}.content.0.type: Expected `thinking` or `redacted_thinking`, but found "
        f"`{kinds[-2]}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block "
        "(preceeding the lastmost set of `tool_use` and `tool_result` blocks)."
    )


def _block_problems(place: str, block: Body, role: object, pending: list[str]) -> Iterator[str]:
    kind = str(block.get("type"))
    speaker = _SPEAKER.get(kind)
    if speaker is None:
        return
    if role != speaker:
        yield f"{place}: `{kind}` blocks can only be in `{speaker}` messages"
    yield from (f"{place}.{kind}.{name}: Field required" for name in _NEEDS[kind] if name not in block)
    name = _NEEDS[kind][0]
    if not _ID.fullmatch(str(block.get(name))):
        yield f"{place}.{kind}.{name}: String should match pattern '^{_ID.pattern}$'"
    if kind == "tool_use" and not isinstance(block.get("input"), dict):
        yield f"{place}.tool_use.input: Input should be a valid dictionary"
    if kind == "tool_result" and block.get("tool_use_id") not in pending:
        yield (
            f"{place}: unexpected `tool_use_id` found in `tool_result` blocks: {block.get('tool_use_id')}. Each "
            "`tool_result` block must have a corresponding `tool_use` block in the previous message."
        )


def _unanswered(place: int, calls: set[str]) -> str:
    return (
        f"messages.{place}: `tool_use` ids were found without `tool_result` blocks immediately after: "
        f"{', '.join(sorted(calls))}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
        "message."
    )
