"""Compares a request with an earlier one, as Anthropic's cache diagnostics do: what changed, and what that cost."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from workbench.rehearsal.payload import Body, compact, items, mapping
from workbench.rehearsal.tokens import tokens_in

KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Print:
    """What a later request is compared with, in the order in which it is looked at."""

    model: str
    tools: str
    system: str
    messages: tuple[str, ...]
    settings: str


class Diagnoses:
    """The fingerprints of the requests that asked for diagnostics, by their message's id."""

    def __init__(self) -> None:
        self._prints: OrderedDict[tuple[str, str], _Print] = OrderedDict()

    def tell(self, body: Body, key: str, model: str, message_id: str) -> dict[str, object] | None:
        """The `diagnostics` of a message: None when nobody asked, or nothing differs."""
        asked = body.get("diagnostics")
        if asked is None:
            return None
        now = _print(body, model)
        self._prints[key, message_id] = now
        if len(self._prints) > KEPT:
            self._prints.popitem(last=False)
        previous = mapping(asked).get("previous_message_id")
        if previous is None:
            return None
        before = self._prints.get((key, str(previous)))
        reason = {"type": "previous_message_not_found"} if before is None else _difference(before, now)
        return {"cache_miss_reason": reason} if reason else None


def _print(body: Body, model: str) -> _Print:
    settings = [body.get(name) for name in ("tool_choice", "thinking", "output_config")]
    return _Print(
        model=f"{model}{body.get('speed') or 'standard'}",
        tools=compact(body.get("tools")),
        system=compact(body.get("system")),
        messages=tuple(compact(message) for message in items(body.get("messages"))),
        settings=compact(settings),
    )


def _difference(before: _Print, now: _Print) -> dict[str, object]:
    """The first thing that differs, and about how many tokens of the earlier prompt stand after it."""
    missed = [before.tools, before.system, *before.messages]
    kept = next((n for n, (a, b) in enumerate(zip(before.messages, now.messages, strict=False)) if a != b), None)
    if kept is None and len(now.messages) < len(before.messages):
        kept = len(now.messages)
    for kind, differs, after in (
        ("model_changed", before.model != now.model, 0),
        ("tools_changed", before.tools != now.tools, 0),
        ("system_changed", before.system != now.system, 1),
        ("messages_changed", kept is not None, 2 + (kept or 0)),
    ):
        if differs:
            lost = sum(tokens_in(text) for text in missed[after:] if text != "null")
            return {"type": kind, "cache_missed_input_tokens": lost}
    return {"type": "unavailable"} if before.settings != now.settings else {}
