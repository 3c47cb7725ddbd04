"""Wording that asserts something which could be looked up, though it holds no value of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.domain.claim import Kind
from workbench.domain.grounding.words import EMPTY, Word, words

_PHRASES: dict[Kind, str] = {
    "mechanism": """header, payload, endpoint, parameter, layer, transport, protocol, websocket, socket, schema,
        object, server-side, client-side, per-request, per-call, per-session, opt in, invalidation, eviction, expiry,
        cache hit, cache miss, hit rate, prefix, distributed, replicated, sharded, asynchronous, queue, webhook,
        plugin, plug-in, middleware, sandbox, container, embedding, vector, weights, quantized, fine-tuned, trained
        on, training data, fallback, retries, rate limit, throughput, benchmark, compiler, kernel, daemon, proxy,
        gateway, encryption, encrypted, authentication, telemetry, on-premise, self-hosted, self-hosting, offline,
        locally, data residency, uptime, multimodal, images, audio, code-only, text-only, english-only, read-only,
        cloud-only, api-only, context switching, autocomplete, indexing, index, syntax tree, grammar, deterministic,
        idempotent, config file, callback, binding, decorator, system prompt, round trip, handshake, timeout,
        checkpoint, snapshot, rollback, migration, replica, lock file, binary, single file, dependency tree, static
        analysis, type checker, hallucinate, memory footprint, cold start, exactly-once, at-least-once, at-most-once,
        hosted version, hosted, managed service, self-managed, multi-tenant, single-tenant, air-gapped, in-memory, on
        disk, written in, compiles to, built on top of, backed by, powered by, under the hood, single-threaded,
        multi-threaded, garbage collector, transaction, write-ahead log, journal, checksum, compression, bytecode,
        zero-copy, zero-downtime, backpressure, failover, hot reload, type-safe, schemaless, role-based, single
        sign-on, audit log, soc 2, hipaa, gdpr, end-to-end, service level, battle-tested, production-ready, stores,
        stored in, falls back to, degrades, latency, cached by, integrates with, compatible with, drop-in, works with,
        plugs into, connects to, stateful, stateless, event-driven, scheduler, worker, thread pool, connection pool,
        query planner, storage engine, column store, cluster, control plane, data plane, sidecar, driver, runtime,
        interpreter, virtual machine, dashboard, ingestion, pipeline step, context length, knowledge cutoff, token
        limit""",
    "market": """budget, discount, discounted, discounting, margin, billing cycle, invoice, per-token, per-seat,
        per-user, token price, api price, price advantage, price war, priced as, priced at, priced per, priced by,
        sku, enterprise sales, sales team, sales force, market share, lock-in, locked in, flywheel, switching costs,
        procurement, revenue, venture funding, churn, go-to-market, customer base, installed base, network effect,
        profitable, sell tokens, sell api tokens, sold tokens, sell on tokens, sold on tokens, sell seats, sold by the
        seat, sell by the seat, sold per, sells per, sell credits, sell access, charge for, charge by, charge per,
        charge a, pay per, pays per, pay by the, pays by the, pay for the, metered, usage-based, per-token price,
        per-seat price, per-user price, per-call price, per-token fee, price increase, price cut, price drop, free
        users, paying customers, annual contract, renewal, upsell, gross margin, market leader, dominant, industry
        standard, de facto, widely used, widely adopted, popular, mindshare, headcount, purchase order, line item,
        enterprise buyers, enterprise customers, reseller, marketplace, community edition, acquired by, fee, bills
        for, bills by, overage, credit card, free trial users, quota, volume discount, price line, list price, flat
        rate, price tag, per-event, per-project, backed by investors, owns the, own the""",
    "comparison": """than, versus, vs, unlike, outperform, beat, is behind, far behind, falls behind, lags, lags
        behind, ahead of, catching up, leading, lead, incumbent, comparable, on par, compared, compare, crowded,
        outpace, overtake, trails, edge over, advantage over, head start, parity, comes close, come close, second to
        none, similar to, the same as, equivalent to, rivals have, competitors have, rivals offer, competitors offer,
        rivals charge, competitors charge, better, worse, cheaper, slower, weaker, stronger, better than, worse than,
        cheaper than, slower than, weaker than, stronger than, does everything, also-ran, alternative to""",
    "superlative": """largest, fastest, cheapest, biggest, longest, smallest, slowest, strongest, highest, lowest, the
        only, the first to, state of the art, best in class, the best, the most, the leading, the least, minimum
        viable, unmatched, unrivalled, unique, by far, first of its kind, one of a kind, of its kind, most popular,
        unparalleled, unbeatable, the sole, the easiest, the simplest, the safest, the newest, the oldest""",
    "universal": """no other, no competitor, no rival, no vendor, no provider, no alternative, no model, no tool, none
        of, nobody else, no one else, nothing else, every other, every competitor, every major, always, never,
        guaranteed, unlimited, without limit, without limits, no limit, all of them, across all, in every case""",
    "time": """for months, for years, for weeks, months ago, years ago, weeks ago, last month, last year, last
        quarter, this year, this quarter, recently, since launch, at launch, day one, first billing, first month,
        first week, first day, first year, generally available, general availability, public beta, private beta, in
        beta, in preview, deprecated, end of life, already, no longer, just shipped, just launched, maintenance mode,
        legacy, discontinued, sunset, since its, for a year, for ten years, every release, each release, for a decade,
        so far, to date, not yet, yet to, overnight""",
}
_SWEEPING = frozenset({"every", "all", "most", "each"})
_GROUPS = frozenset(
    one.stem
    for one in words(
        """team company developer engineer vendor rival competitor user customer shop startup enterprise provider
        organization organisation business bank agency programmer analyst editor model database framework"""
    )
)
"""“Every data team” speaks for more than anybody asked."""
ALIKE = {"seat": "user"}
"""Stems of one thing."""


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
_FAR = 3
"""“Every data team”: so many words at most."""
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
        length, kind = _length(found, at)
        if length:
            # “than” means nothing without the word before it, which is what a fact has to say.
            first = at - 1 if at and found[at].stem == "than" else at
            last = at + length - 1
            if found[first].text.lower() not in _MERELY:
                spelled = tuple(one.stem for one in found[at : last + 1])
                telling = tuple(one.stem for one in found[first : last + 1] if one.text.lower() not in EMPTY)
                # “Code-only” is more than code.
                stems = spelled if kind in _WHOLE or "only" in spelled else telling or spelled
                stems = tuple(ALIKE.get(one, one) for one in stems)
                yield Cue(found[first].start, found[last].end, kind, stems, _is_aim(found, at))
        at += length or 1


def _length(found: Sequence[Word], at: int) -> tuple[int, Kind]:
    """How many words the longest phrase that begins here has, and its kind; none when none does.

    No phrase goes across a mark.
    """
    sweeping = found[at].text.lower() in _SWEEPING
    if found[at].stem not in _FIRST and not sweeping:
        return 0, "universal"
    spelled: tuple[str, ...] = ()
    longest = 0
    kind: Kind = "universal"
    for size, one in enumerate(found[at : at + _LONGEST], start=1):
        if size > 1 and one.start - found[at + size - 2].end != 1:
            break
        spelled += (one.stem,)
        if spelled in _KINDS:
            longest, kind = size, _KINDS[spelled]
        elif sweeping and one.stem in _GROUPS and size <= _FAR:
            longest, kind = size, "universal"
    return longest, kind


def _is_aim(found: Sequence[Word], at: int) -> bool:
    """Whether it is what somebody sets out “to maximize”, which asserts nothing."""
    return at >= 2 and found[at - 2].text.lower() == "to" and not found[at - 1].text.lower().endswith("ing")
