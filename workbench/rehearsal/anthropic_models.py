"""What the rehearsal knows of Anthropic's models: what they refuse, when they think, what they cache."""

from __future__ import annotations

from workbench.rehearsal.payload import Body, mapping

LATEST = "2026-10-21"
VERSIONS = frozenset({"2023-06-01", LATEST})
MAX_INPUT = 1_000_000
MAX_OUTPUT = 128_000
THINKING_TOKENS = 90

_REFUSES_FORCED = (
    "claude-opus-5-5",
    "claude-sonnet-5-5",
    "claude-fable-5-1",
    "claude-fable-5-2",
    "claude-mythos-5-1",
    "claude-mythos-5-2",
    "claude-mythos-preview",
)
_ALWAYS_THINKS = ("claude-opus-5-5", "claude-fable", "claude-mythos")
_THINKS = (*_ALWAYS_THINKS, "claude-opus-5", "claude-sonnet-5", "claude-haiku-5-5")
_MINIMUM = (
    (("claude-opus-4-6", "claude-opus-4-5", "claude-haiku-4-5"), 4096),
    (("claude-opus-4-7", "claude-mythos-preview"), 2048),
    (("claude-opus-4-8", "claude-sonnet-4", "claude-sonnet-5"), 1024),
)
_CARDS = (
    ("claude-opus-5-5", "Claude Opus 5.5", "opus", "2026-09-22T00:00:00Z"),
    ("claude-sonnet-5-5", "Claude Sonnet 5.5", "sonnet", "2026-10-07T00:00:00Z"),
    ("claude-haiku-5-5", "Claude Haiku 5.5", "haiku", "2026-10-14T00:00:00Z"),
    ("claude-opus-5", "Claude Opus 5", "opus", "2026-07-24T00:00:00Z"),
    ("claude-sonnet-5", "Claude Sonnet 5", "sonnet", "2026-06-29T00:00:00Z"),
    ("claude-haiku-4-5", "Claude Haiku 4.5", "haiku", "2025-10-01T00:00:00Z"),
)


def known(model: str) -> bool:
    """Whether the model exists here: any Claude does."""
    return model.startswith("claude-")


def refuses_forced_tools(model: str) -> bool:
    """Whether `tool_choice` of type `any` or `tool` is an error."""
    return model.startswith(_REFUSES_FORCED)


def cache_minimum(model: str) -> int:
    """Tokens a prefix needs before it is cached."""
    if model.startswith("claude-sonnet-5-5"):
        return 512
    return next((tokens for names, tokens in _MINIMUM if model.startswith(names)), 512)


def thinks(model: str, thinking: Body) -> bool:
    """Whether a thinking block comes before the answer."""
    asked = thinking.get("type")
    if asked in {"disabled", "between_tools"}:
        return False
    return asked in {"enabled", "adaptive"} or model.startswith(_THINKS)


def thinking_problem(model: str, thinking: object) -> str:
    """What is wrong with the `thinking` setting; empty when nothing is."""
    asked = mapping(thinking).get("type") if thinking is not None else "adaptive"
    if asked not in {"adaptive", "between_tools", "disabled", "enabled"}:
        return "thinking.type: Input should be 'adaptive', 'between_tools', 'disabled' or 'enabled'"
    if asked == "disabled" and model.startswith((*_ALWAYS_THINKS, "claude-sonnet-5-5")):
        return '"thinking.type.disabled" is not supported for this model. Use "thinking.type.between_tools" instead.'
    if asked == "enabled" and model.startswith(_THINKS):
        return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" instead.'
    return ""


def card(model: str, name: str, line: str, created: str) -> dict[str, object]:
    """A model as `/v1/models` shows it."""
    yes = {"supported": True}
    return {
        "type": "model",
        "id": model,
        "display_name": f"{name} (rehearsal)",
        "created_at": created,
        "lifecycle": "active",
        "deprecated_at": None,
        "retires_at": None,
        "line": line,
        "max_input_tokens": MAX_INPUT,
        "max_tokens": MAX_OUTPUT,
        "capabilities": {
            "batch": {"supported": False},
            "structured_outputs": yes,
            "thinking": {"supported": True, "types": {"enabled": {"supported": False}, "adaptive": yes}},
        },
    }


def cards() -> list[dict[str, object]]:
    """Every model of the list."""
    return [card(*one) for one in _CARDS]
