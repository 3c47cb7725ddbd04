"""Wording that asserts something which could be looked up, though it holds no value of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.domain.claim import Kind
from workbench.domain.grounding.words import EMPTY, Word, words

_PHRASES: dict[Kind, str] = {
    "mechanism": """header, payload, endpoint, parameter, layer, transport, protocol, websocket, socket, schema,
        object, server-side, client-side, per-request, per-call, per-session, opt in, invalidation,
        eviction, expiry, cache hit, cache miss, hit rate, prefix, distributed, replicated, sharded,
        asynchronous, queue, webhook, plugin, plug-in, middleware, sandbox, container, embedding,
        vector, weights, quantized, fine-tuned, trained on, training data, fallback, retries, rate
        limit, throughput, benchmark, compiler, kernel, daemon, proxy, gateway, encryption, encrypted,
        authentication, telemetry, on-premise, self-hosted, self-hosting, offline, locally, data
        residency, uptime, multimodal, images, audio, code-only, text-only, context switching,
        autocomplete, indexing, index, syntax tree, grammar, deterministic, idempotent, config file,
        callback, binding, decorator, system prompt, round trip, handshake, timeout, checkpoint,
        snapshot, rollback, migration, replica, lock file, binary, single file, dependency tree, static
        analysis, type checker, hallucinate, memory footprint, cold start""",
    "market": """budget, discount, discounted, discounting, margin, billing cycle, invoice, per-token, per-seat,
        per-user, token price, api price, price advantage, price war, priced as, priced at, priced per,
        priced by, sku, enterprise sales, sales team, sales force, market share, lock-in, locked in,
        flywheel, switching costs, procurement, revenue, venture funding, churn, go-to-market, customer
        base, installed base, network effect, profitable""",
    "comparison": """than, versus, vs, unlike, outperform, beat, is behind, far behind, falls behind, lags, lags
        behind, ahead of, catching up, leading, lead, incumbent, comparable, on par, compared, compare,
        crowded""",
    "superlative": """largest, fastest, cheapest, biggest, longest, smallest, slowest, strongest, highest, lowest, the
        only, the first to, state of the art, best in class, the best, the most, the leading, the least,
        minimum viable, unmatched, unrivalled, unique""",
    "universal": """no other, no competitor, no rival, no vendor, no provider, no alternative, no model, no tool,
        none of, nobody else, no one else, every other, every competitor, every major, always, never,
        guaranteed, unlimited, all of them, across all""",
    "time": """for months, for years, for weeks, months ago, years ago, weeks ago, last month, last year, last
        quarter, this year, this quarter, recently, since launch, at launch, day one, first billing,
        first month, first week, first day, first year, generally available, general availability,
        public beta, private beta, in beta, in preview, deprecated, end of life, already, no longer""",
}


def _spelled(phrases: str) -> Iterator[tuple[str, ...]]:
    for phrase in phrases.split(","):
        yield tuple(one.stem for one in words(phrase))


_KINDS: dict[tuple[str, ...], Kind] = {
    spelled: kind for kind, phrases in _PHRASES.items() for spelled in _spelled(phrases)
}
_WHOLE: frozenset[Kind] = frozenset({"time", "superlative", "universal"})
"""Of these a fact has to hold every word: “for months” is more than a month."""
_MERELY = frozenset({"rather", "other", "more", "less", "fewer", "than"})
"""Before “than” these compare nothing, or only count."""
_LONGEST = max(map(len, _KINDS))
_FIRST = frozenset(spelled[0] for spelled in _KINDS)


class Cue(NamedTuple):
    """The words that give it away, and the stems a fact has to hold. `aimed`: only named as a purpose."""

    start: int
    end: int
    kind: Kind
    stems: tuple[str, ...]
    aimed: bool


def cues(found: Sequence[Word]) -> Iterator[Cue]:
    """Every cue among the words in order, the longest where several begin; none overlaps another."""
    at = 0
    while at < len(found):
        length = _length(found, at)
        if length:
            # “than” means nothing without the word before it, which is what a fact has to say.
            first = at - 1 if at and found[at].stem == "than" else at
            last = at + length - 1
            if found[first].text.lower() not in _MERELY:
                spelled = tuple(one.stem for one in found[at : last + 1])
                kind = _KINDS[spelled]
                telling = tuple(one.stem for one in found[first : last + 1] if one.text.lower() not in EMPTY)
                stems = spelled if kind in _WHOLE else telling or spelled
                yield Cue(found[first].start, found[last].end, kind, stems, _is_aim(found, at))
        at += length or 1


def _length(found: Sequence[Word], at: int) -> int:
    """How many words the longest phrase that begins here has; none when none does. No phrase goes across a mark."""
    if found[at].stem not in _FIRST:
        return 0
    spelled: tuple[str, ...] = ()
    longest = 0
    for size, one in enumerate(found[at : at + _LONGEST], start=1):
        if size > 1 and one.start - found[at + size - 2].end != 1:
            break
        spelled += (one.stem,)
        if spelled in _KINDS:
            longest = size
    return longest


def _is_aim(found: Sequence[Word], at: int) -> bool:
    """Whether it is what somebody sets out “to maximize”, which asserts nothing."""
    return at >= 2 and found[at - 2].text.lower() == "to" and not found[at - 1].text.lower().endswith("ing")
