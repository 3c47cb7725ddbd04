"""Reads an Anthropic request as what it is to us: an assignment to answer, and a prefix to cache."""

from __future__ import annotations

from dataclasses import replace

from workbench.domain.review import Review, as_json
from workbench.rehearsal import anthropic_models as models
from workbench.rehearsal import tokens
from workbench.rehearsal.anthropic_rules import blocks
from workbench.rehearsal.caching import Lifetime, Part
from workbench.rehearsal.course import Fault
from workbench.rehearsal.obeying import obey
from workbench.rehearsal.payload import Body, compact, items, mapping, texts
from workbench.rehearsal.second import reading, reads
from workbench.rehearsal.writer import Writer

_RUNS = frozenset({"tool_use", "tool_result"})
_MEDIUM = frozenset({"claude-opus-5-5", "claude-haiku-5-5"})
"""Models whose effort is medium unless told otherwise; the others' is high."""


def answer_pieces(body: Body, writer: Writer, model: str, fault: Fault, tool: Body) -> list[tokens.Piece]:
    """The answer as it will be cut: JSON where a shape was asked for, prose where none was."""
    messages = map(mapping, items(body.get("messages")))
    said = [(str(one.get("role")), "\n\n".join(_said(one.get("content")))) for one in messages]
    shape = mapping(mapping(body.get("output_config")).get("format")).get("schema") or tool.get("input_schema")
    if reads(shape):
        return tokens.cut(reading(said), tokens.EAGER if tool else tokens.TEXT)
    system = "\n\n".join(texts(body.get("system")))
    review = writer.write(system, said, model)
    if fault.obeys:
        review = obey(review, system, "\n\n".join(text for _, text in said))
    shaped = bool(tool) or mapping(body.get("output_config")).get("format") is not None
    text = fault.said(review) if fault.said else as_json(review) if shaped else review.quote
    if not tool:
        return tokens.cut(text, tokens.TEXT)
    if tool.get("eager_input_streaming") is True:
        return tokens.cut(text, tokens.EAGER)
    return tokens.hold_back(tokens.cut(text, tokens.BUFFERED), _value_ends(review, text))


def _said(content: object) -> list[str]:
    """A message's texts, and what it calls its tools with."""
    calls = [block["input"] for block in map(mapping, items(content)) if block.get("type") == "tool_use"]
    return [*texts(content), *map(compact, calls)]


def _value_ends(review: Review, text: str) -> list[int]:
    """Where the top-level values end: a tool that is not eager gets them one by one, each whole."""
    marks = ("verdict", "confidence", "reason") if as_json(review) == text else ()
    return [*(text.rindex(f',"{mark}":') for mark in marks), len(text)]


def tool_of(body: Body) -> Body:
    """The tool the answer goes into; empty when there is none or the answer's format is asked for."""
    if mapping(body.get("output_config")).get("format") is not None:
        return {}
    if mapping(body.get("tool_choice")).get("type") == "none":
        return {}
    return next((tool for tool in map(mapping, items(body.get("tools"))) if tool.get("name")), {})


def parts(body: Body) -> list[Part]:
    """The prompt in prefix order: tools, system, messages; settings that only break the messages stand with those."""
    found: list[Part] = []
    system = body.get("system")
    if isinstance(system, str):
        body = {**body, "system": [{"type": "text", "text": system}]}
    messages = [mapping(message) for message in items(body.get("messages"))]
    listed = [
        {**one, "content": [{"type": "text", "text": one["content"]}]} if isinstance(one.get("content"), str) else one
        for one in messages
    ]
    settings, before = compact(_settings(body)), ""
    for place, block in blocks({**body, "messages": listed}):
        bare = {name: value for name, value in block.items() if name != "cache_control"}
        section, number, *_ = place.split(".")
        said = (settings, listed[int(number)].get("role")) if section == "messages" else ()
        kind, text = str(block.get("type")), block.get("text")
        found.append(
            Part(
                identity=f"{place}{said}{compact(bare)}",
                tokens=tokens.tokens_in(text if isinstance(text, str) else compact(bare)),
                lifetime=_lifetime(block.get("cache_control")),
                continues=kind == before and kind in _RUNS,
            )
        )
        before = kind
    whole = _lifetime(body.get("cache_control"))
    if whole is not None and found:
        found[-1] = replace(found[-1], lifetime=found[-1].lifetime or whole)
    return found


def scope(body: Body, key: str, model: str) -> str:
    """What keeps caches apart: the key's workspace, the model and its speed, and the answer's format."""
    shape = mapping(body.get("output_config")).get("format")
    return "\x00".join((key, model, str(body.get("speed") or "standard"), compact(shape)))


def _settings(body: Body) -> list[object]:
    """What breaks only the messages when it changes; a default that is said is like one left out."""
    model = str(body.get("model")).partition("+")[0]
    thinking = body.get("thinking") or {"type": "adaptive" if models.thinks(model, {}) else "disabled"}
    effort = mapping(body.get("output_config")).get("effort") or ("medium" if model in _MEDIUM else "high")
    return [body.get("tool_choice") or {"type": "auto"}, thinking, effort]


def _lifetime(control: object) -> Lifetime | None:
    if not control:
        return None
    return "1h" if mapping(control).get("ttl") == "1h" else "5m"
