"""What a model's price list and its models endpoint do not tell: cache rules, forced tools, thinking, retirement.

One row for each line of models, every figure with its source and the day it was read. A model nobody listed has
no facts: then nothing is promised about its cache, and its own endpoint's word stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Lifetime = Literal["1h", "5m"]
Thinking = Literal["adaptive", "enabled", "between_tools", "disabled"]

SECONDS: dict[Lifetime, int] = {"5m": 300, "1h": 3600}
"""How long a cached prefix lasts from the start of the request that wrote or last read it."""

_DATED = re.compile(r"-(?:\d{8}|latest)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """One model. Tokens throughout; `write_5m`, `write_1h` and `read` are multiples of the plain input price.

    `minimum`: a shorter prefix is silently not cached. `forced_tool`: whether `tool_choice` may name a tool.
    `thinks`: whether it thinks unless told otherwise; `thinking` is what it may be told. `checked` is the day the
    sources were read.
    """

    api: str
    model: str
    minimum: int
    write_5m: float
    write_1h: float
    read: float
    context: int
    longest_answer: int
    forced_tool: bool
    thinks: bool
    thinking: frozenset[Thinking]
    source: str
    checked: date

    @property
    def bills_writes(self) -> bool:
        """Whether a prefix is written to the cache at a price of its own."""
        return self.write_5m != 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A model as its vendor's models endpoint lists it; None and "" where it does not say. Limits are in tokens."""

    id: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    context: int | None = None
    longest_answer: int | None = None
    lifecycle: Literal["active", "deprecated", "retired", ""] = ""
    retires_on: date | None = None
    replacement: str = ""


def facts(api: str, model: str) -> ModelFacts | None:
    """What is known of the model, by its id, its other names or the id without its date; None when not listed."""
    return _BY_ID.get((api, model)) or _BY_ID.get((api, dated(api, model))) or _BY_ID.get((api, _DATED.sub("", model)))


def dated(api: str, model: str) -> str:
    """The model's own id, where this is another name for it; else the name as it is."""
    return _ALIASES.get((api, model), model)


def retirement(api: str, model: str) -> date | None:
    """The day from which the vendor answers for the model no more; None when none is announced, or it is not listed."""
    return _RETIREMENTS.get(_DATED.sub("", model)) if api == "anthropic" else None


_DOCS = "platform.claude.com/docs: prompt-caching, models, whats-new (pages of 2026-08 to 2026-11)"
_MISTRAL = "docs.mistral.ai: prompt-caching, models (2026-08); api.mistral.ai/v1/models as recorded 2026-08"
_READ_ON = date(2026, 11, 22)

# SDK: anthropic 2.12, `DEPRECATED_MODELS`; Mistral announces in its models' cards only.
_RETIREMENTS: dict[str, date] = {
    "claude-1.3": date(2024, 11, 6),
    "claude-1.3-100k": date(2024, 11, 6),
    "claude-instant-1.1": date(2024, 11, 6),
    "claude-instant-1.1-100k": date(2024, 11, 6),
    "claude-instant-1.2": date(2024, 11, 6),
    "claude-2.0": date(2025, 7, 21),
    "claude-2.1": date(2025, 7, 21),
    "claude-3-sonnet": date(2025, 7, 21),
    "claude-3-opus": date(2026, 1, 5),
    "claude-3-5-haiku": date(2026, 2, 19),
    "claude-3-7-sonnet": date(2026, 2, 19),
    "claude-opus-4": date(2026, 6, 15),
    "claude-opus-4-0": date(2026, 6, 15),
    "claude-sonnet-4": date(2026, 6, 15),
    "claude-sonnet-4-0": date(2026, 6, 15),
    "claude-mythos-preview": date(2026, 6, 30),
    "claude-sonnet-4-5": date(2026, 11, 30),
}

# docs.mistral.ai and api.mistral.ai/v1/models as recorded 2026-08; the bare name is the one the price lists use.
_ALIASES = {
    ("mistral", name): "codestral-2508"
    for name in ("codestral", "codestral-latest", "mistral-code-latest", "mistral-code-fim-latest")
}

_ALWAYS: frozenset[Thinking] = frozenset({"adaptive"})
_SONNET_5_5: frozenset[Thinking] = frozenset({"adaptive", "between_tools"})
_OPTIONAL: frozenset[Thinking] = frozenset({"adaptive", "disabled"})
_MANUAL: frozenset[Thinking] = frozenset({"enabled", "disabled"})
_BOTH: frozenset[Thinking] = frozenset({"adaptive", "enabled", "disabled"})


def _claude(
    model: str,
    minimum: int,
    read: float,
    thinking: frozenset[Thinking],
    *,
    thinks: bool = True,
    forced: bool = True,
    small: bool = False,
) -> ModelFacts:
    return ModelFacts(
        api="anthropic",
        model=model,
        minimum=minimum,
        write_5m=1.25,
        write_1h=2.0,
        read=read,
        context=200_000 if small else 1_000_000,
        longest_answer=64_000 if small else 128_000,
        forced_tool=forced,
        thinks=thinks,
        thinking=thinking,
        source=_DOCS,
        checked=_READ_ON,
    )


def _mistral(model: str, *, context: int = 128_000) -> ModelFacts:
    # No surcharge for writing, a tenth for reading, blocks of 64 tokens. The API's card says 256k for Codestral,
    # the model's own page 128k: the smaller one is safe.
    return ModelFacts(
        api="mistral",
        model=model,
        minimum=64,
        write_5m=1.0,
        write_1h=1.0,
        read=0.1,
        context=context,
        longest_answer=context,
        forced_tool=True,
        thinks=False,
        thinking=frozenset(),
        source=_MISTRAL,
        checked=_READ_ON,
    )


MODELS: tuple[ModelFacts, ...] = (
    _claude("claude-fable-5-2", 512, 0.025, _ALWAYS, forced=False),
    _claude("claude-mythos-5-2", 512, 0.025, _ALWAYS, forced=False),
    _claude("claude-fable-5-1", 512, 0.025, _ALWAYS, forced=False),
    _claude("claude-mythos-5-1", 512, 0.025, _ALWAYS, forced=False),
    _claude("claude-fable-5", 512, 0.1, _ALWAYS),
    _claude("claude-mythos-5", 512, 0.1, _ALWAYS),
    _claude("claude-mythos-preview", 2048, 0.1, _ALWAYS, forced=False),
    _claude("claude-opus-5-5", 512, 0.05, _ALWAYS, forced=False),
    _claude("claude-opus-5", 512, 0.1, _OPTIONAL),
    _claude("claude-opus-4-8", 1024, 0.1, _OPTIONAL, thinks=False),
    _claude("claude-opus-4-7", 2048, 0.1, _OPTIONAL, thinks=False),
    _claude("claude-opus-4-6", 4096, 0.1, _BOTH, thinks=False),
    _claude("claude-opus-4-5", 4096, 0.1, _MANUAL, thinks=False, small=True),
    _claude("claude-sonnet-5-5", 512, 0.05, _SONNET_5_5, forced=False),
    _claude("claude-sonnet-5", 1024, 0.1, _OPTIONAL),
    _claude("claude-sonnet-4-6", 1024, 0.1, _BOTH, thinks=False),
    _claude("claude-sonnet-4-5", 1024, 0.1, _MANUAL, thinks=False, small=True),
    _claude("claude-haiku-5-5", 512, 0.1, _OPTIONAL),
    _claude("claude-haiku-4-5", 4096, 0.1, _MANUAL, thinks=False, small=True),
    _mistral("codestral-2508"),
    _mistral("codestral-latest"),
    _mistral("devstral-2512"),
    _mistral("mistral-medium-latest"),
)

_BY_ID = {(one.api, one.model): one for one in MODELS}
