"""What Anthropic's models refuse, when they think and what they cache, from the facts the workbench itself goes by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workbench.domain.models import MODELS, ModelFacts, Thinking, facts, retirement
from workbench.rehearsal.payload import Body, mapping

LATEST = "2026-10-21"
VERSIONS = frozenset({"2023-06-01", LATEST})
MAX_INPUT = 1_000_000
MAX_OUTPUT = 128_000
THINKING_TOKENS = 90

_MODES: tuple[Thinking, ...] = ("adaptive", "between_tools", "disabled", "enabled")
_INSTEAD: tuple[Thinking, ...] = ("between_tools", "adaptive", "enabled")
_NOTICE = timedelta(days=60)
"""From a model's deprecation to its retirement, at least."""


def known(model: str) -> bool:
    """Whether the model exists here: any Claude does that has not been retired."""
    return model.startswith("claude-") and lifecycle(model.partition("+")[0]) != "retired"


def refuses_forced_tools(model: str) -> bool:
    """Whether `tool_choice` of type `any` or `tool` is an error."""
    found = _facts(model)
    return found is not None and not found.forced_tool


def cache_minimum(model: str) -> int:
    """Tokens a prefix needs before it is cached."""
    found = _facts(model)
    return found.minimum if found is not None else 512


def thinks(model: str, thinking: Body) -> bool:
    """Whether a thinking block comes before the answer."""
    asked = thinking.get("type")
    if asked in {"disabled", "between_tools"}:
        return False
    found = _facts(model)
    return asked in {"enabled", "adaptive"} or (found is not None and found.thinks)


def thinking_problem(model: str, thinking: object) -> str:
    """What is wrong with the `thinking` setting; empty when nothing is."""
    if thinking is None:
        return ""
    asked = next((mode for mode in _MODES if mode == mapping(thinking).get("type")), None)
    if asked is None:
        return "thinking.type: Input should be 'adaptive', 'between_tools', 'disabled' or 'enabled'"
    found = _facts(model)
    if found is None or asked in found.thinking:
        return ""
    instead = next(mode for mode in _INSTEAD if mode in found.thinking)
    return f'"thinking.type.{asked}" is not supported for this model. Use "thinking.type.{instead}" instead.'


def lifecycle(model: str) -> str:
    """Where a model stands today: `active`, `deprecated` once its last day is set, `retired` after it."""
    day = retirement("anthropic", model)
    if day is None:
        return "active"
    return "deprecated" if datetime.now(UTC).date() < day else "retired"


def cards() -> list[dict[str, object]]:
    """Every model there is or was, as `/v1/models` shows it."""
    return [_card(one) for one in MODELS if one.api == "anthropic"]


def _facts(model: str) -> ModelFacts | None:
    return facts("anthropic", model.partition("+")[0])


def _card(one: ModelFacts) -> dict[str, object]:
    _, line, *number = one.model.split("-")
    day = retirement("anthropic", one.model)
    yes, no = {"supported": True}, {"supported": False}
    return {
        "type": "model",
        "id": one.model,
        "display_name": f"Claude {line.capitalize()} {'.'.join(number).capitalize()} (rehearsal)",
        "created_at": "1970-01-01T00:00:00Z",  # the vendor's own word for “not known”
        "lifecycle": lifecycle(one.model),
        "deprecated_at": f"{day - _NOTICE}T00:00:00Z" if day is not None else None,
        "retires_at": f"{day}T00:00:00Z" if day is not None else None,
        "line": line,
        "max_input_tokens": one.context,
        "max_tokens": one.longest_answer,
        "capabilities": {
            "batch": yes,
            "citations": no,
            "code_execution": no,
            "context_management": no,
            "effort": {**no, "low": no, "medium": no, "high": no, "xhigh": no, "max": no},
            "image_input": no,
            "pdf_input": no,
            "server_tools": {**no, "code_execution": no, "web_search": no},
            "structured_outputs": yes,
            "thinking": {**yes, "types": {mode: {"supported": mode in one.thinking} for mode in _MODES}},
        },
    }
