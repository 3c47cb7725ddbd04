"""A plan as Anthropic's system and messages: segments as blocks with their cache breakpoints, turn by turn."""

from __future__ import annotations

import json
from typing import Any

from workbench.domain.plan import Plan, Segment
from workbench.domain.text import digest
from workbench.providers._claude_events import TOOL


def system(plan: Plan) -> list[dict[str, Any]]:
    """The blocks of the system prompt."""
    return [_block(part) for role, parts in plan.turns if role == "system" for part in parts]


def messages(plan: Plan, *, calls: bool) -> list[dict[str, Any]]:
    """The conversation. `calls`: an earlier answer was a call of the tool, and what follows starts with its result."""
    found: list[dict[str, Any]] = []
    called = ""
    for role, parts in plan.turns:
        if role == "system":
            continue
        blocks = [_block(part) for part in parts]
        if role == "assistant" and calls:
            answer = "".join(part.text for part in parts)
            # The id the vendor gave is not kept; any will do that the result names too.
            called = f"toolu_{digest(answer)[:24]}"
            blocks = [{"type": "tool_use", "id": called, "name": TOOL, "input": json.loads(answer)}]
        elif called:
            blocks.insert(0, {"type": "tool_result", "tool_use_id": called, "content": "Handed in."})
            called = ""
        found.append({"role": role, "content": blocks})
    return found


def _block(part: Segment) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": part.text}
    if part.breakpoint is not None:
        block["cache_control"] = {"type": "ephemeral", "ttl": part.breakpoint}
    return block
