"""What a matrix of drafts should cost: each request's tokens as they would be billed, in the order they leave.

The arithmetic of a prefix cache: a request reads the longest of its prefixes that an earlier one wrote, writes
the rest up to its last breakpoint, and pays the plain price for what follows. Source of the rules: the vendors'
prompt-caching pages (see `workbench.domain.models`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from workbench.domain.events import Iteration, Usage
from workbench.domain.ids import Digest
from workbench.domain.models import Lifetime, ModelFacts
from workbench.domain.plan import LAYOUTS, Kind, Layout, Plan, Segment

TOKENS_PER_DRAFT = 550
"""A 155-word review as JSON, until a model's own answers tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A plan, the tokens of each of its segments, and of the answer it will get. `counted`: the segments by the vendor;
    otherwise they are estimated from their length."""

    plan: Plan
    tokens: tuple[int, ...]
    answer: int = TOKENS_PER_DRAFT
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What one draft should cost, kept with it. `cost` and `uncached` are US dollars, None if the price is unknown;
    `uncached` is the same request without a cache."""

    usage: Usage
    cost: Decimal | None
    uncached: Decimal | None
    counted: bool


def foresee(requests: Iterable[Sized], facts: ModelFacts | None, warm: Iterable[Digest] = ()) -> list[Usage]:
    """Each request's tokens as they would be billed, one after the other; `warm` prefixes can be read at once.

    Nothing is read or written for a model without facts.
    """
    known = set(warm)
    found: list[Usage] = []
    for request in requests:
        prefixes = request.plan.prefixes if facts is not None else ()
        totals = list(accumulate(request.tokens))
        whole = totals[-1] if totals else 0
        read, written = 0, dict[Lifetime, int]()
        reached = 0
        for prefix in prefixes:
            end = totals[prefix.place]
            if prefix.digest in known:
                read, written = end, {}
            else:
                written[prefix.lifetime] = written.get(prefix.lifetime, 0) + end - reached
            reached = end
            known.add(prefix.digest)
        bills = facts is not None and facts.bills_writes
        hour, short = (written.get("1h", 0), written.get("5m", 0)) if bills else (0, 0)
        found.append(
            Usage(
                input_tokens=whole - read - hour - short,
                cache_read_tokens=read,
                cache_write_5m_tokens=short,
                cache_write_1h_tokens=hour,
                output_tokens=request.answer,
            )
        )
    return found


def weight(usages: Sequence[Usage], facts: ModelFacts | None) -> float:
    """What these prompts cost in plain input tokens; comparing layouts needs no price."""
    if facts is None:
        return float(sum(one.prompt_tokens for one in usages))
    return sum(
        one.input_tokens
        + facts.read * one.cache_read_tokens
        + facts.write_5m * one.cache_write_5m_tokens
        + facts.write_1h * one.cache_write_1h_tokens
        for one in usages
    )


def without_cache(usage: Usage) -> Usage:
    """The same request if nothing were cached."""
    passes = tuple(
        Iteration(model=one.model, input_tokens=one.prompt_tokens, output_tokens=one.output_tokens)
        for one in usage.iterations
    )
    return Usage(input_tokens=usage.prompt_tokens, output_tokens=usage.output_tokens, iterations=passes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The tokens of everything a board's requests are made of: `lenses` holds each persona's brief and ask."""

    house: int
    briefs: int
    lenses: tuple[tuple[int, int], ...]
    dossiers: tuple[int, ...]


def cheapest(matrix: Matrix, facts: ModelFacts, layouts: Sequence[Layout] = LAYOUTS) -> Layout:
    """The layout whose requests, one for each lens and dossier and with nothing cached before, weigh least."""
    return min(layouts, key=lambda one: weight(foresee(outline(matrix, one, facts), facts), facts))


def outline(matrix: Matrix, layout: Layout, facts: ModelFacts) -> list[Sized]:
    """The matrix's requests in that layout, dossier by dossier; their texts only tell one part from another."""
    found: list[Sized] = []
    for place, dossier in enumerate(matrix.dossiers):
        for lens, (brief, ask) in enumerate(matrix.lenses):
            tokens: Mapping[Kind, int] = {
                "house": matrix.house,
                "briefs": matrix.briefs,
                "brief": brief,
                "dossier": dossier,
                "ask": ask,
            }
            own: Mapping[Kind, str] = {"brief": str(lens), "dossier": str(place), "ask": str(lens)}
            parts = tuple(
                Segment(kind=kind, role="user", text=own.get(kind, ""), breakpoint=layout.breakpoints.get(kind))
                for kind in layout.order
            )
            sizes = tuple(tokens[kind] for kind in layout.order)
            found.append(Sized(plan=Plan(segments=parts, cache_key="").above(facts.minimum, sizes), tokens=sizes))
    return found
