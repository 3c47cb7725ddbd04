"""What goes in comes out, character by character and digit by digit."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.samples import NOON, a_dossier, a_draft
from workbench.domain.comparison import Comparison
from workbench.domain.decision import Accepted, Act, Decision, Edited, Rejected, VerdictSet, Withdrawn
from workbench.domain.dossier import AddedFact, Community, Dossier, Entry, Tool, make_dossier
from workbench.domain.draft import Draft
from workbench.domain.events import Failed, Usage, Waiting
from workbench.domain.ids import ComparisonId, Digest, DraftId, PersonaId, ToolId
from workbench.domain.piece import Piece, Working
from workbench.domain.text import digest
from workbench.store.codec import storable
from workbench.store.workspace import SqlStore

FRESH = itertools.count()
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200),
    st.sampled_from(
        ["👩‍👩‍👧‍👦 family", "e\u0301", "שלום\u200f", "𝔘𝔫𝔦", "\ufeffbom", "line\r\nline\ttab", "'; DROP TABLE draft"]
    ),
)
ZONES = st.integers(-12 * 60, 12 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1), timezones=ZONES)  # noqa: DTZ001 - zones are drawn apart
COUNTS = st.integers(0, 2**31 - 1)
USAGES = st.builds(
    Usage,
    input_tokens=COUNTS,
    cache_read_tokens=COUNTS,
    cache_write_5m_tokens=COUNTS,
    cache_write_1h_tokens=COUNTS,
    output_tokens=COUNTS,
)
STATES = ("queued", "streaming", "done", "truncated", "refused", "interrupted", "stopped", "failed")
DRAFTS = st.builds(
    Draft,
    origin=st.builds(lambda: a_draft().origin),
    state=st.sampled_from(STATES),
    text=TEXT,
    model_reported=TEXT,
    request_id=TEXT,
    usage=st.none() | USAGES,
    cost=st.none() | st.decimals(min_value=0, max_value=10_000, allow_nan=False, allow_infinity=False),
    waiting=st.none() | st.builds(Waiting, seconds=st.floats(0, 3600), reason=TEXT, attempt=st.integers(1, 9)),
    waiting_since=st.none() | TIMES,
    failure=st.none()
    | st.builds(Failed, failure=st.sampled_from(["cut_off", "timed_out", "bug"]), message=TEXT, remedy=TEXT),
    detail=TEXT,
    started_at=st.none() | TIMES,
    first_text_at=st.none() | TIMES,
    ended_at=st.none() | TIMES,
)
DRAFT_IDS = st.text("0123456789abcdef", min_size=16, max_size=16).map(DraftId)
PIECES = st.builds(Piece, text=TEXT, beat=TEXT, draft_id=st.none() | DRAFT_IDS, place=st.none() | COUNTS)
PIECE_LISTS = st.lists(PIECES, max_size=4).map(tuple)
VERDICTS = st.sampled_from(["ship", "skip", None])
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(Accepted, draft_id=DRAFT_IDS, text=TEXT, verdict=VERDICTS),
    st.builds(Edited, text=TEXT, draft_id=st.none() | DRAFT_IDS, verdict=VERDICTS, pieces=PIECE_LISTS),
    st.builds(Rejected, draft_id=DRAFT_IDS, reason=st.sampled_from(["off_voice", "other"]), note=TEXT),
    st.builds(VerdictSet, verdict=VERDICTS),
    st.just(Withdrawn()),
)


def a_tool_of_its_own(store: SqlStore) -> ToolId:
    tool_id = f"tool-{next(FRESH)}"
    with store.writing() as repositories:
        repositories.tools.add(a_dossier(tool_id), NOON)
    return ToolId(tool_id)


@settings(deadline=None)
@given(draft=DRAFTS)
def test_a_draft_comes_back_as_it_was(lasting_store: SqlStore, draft: Draft) -> None:
    tool_id = a_tool_of_its_own(lasting_store)
    draft = replace(draft, origin=replace(draft.origin, id=DraftId(f"draft of {tool_id}"), tool_id=tool_id))
    with lasting_store.writing() as repositories:
        repositories.drafts.add(replace(draft, text="", state="queued"))
        repositories.drafts.save([draft])
    with lasting_store.reading() as repositories:
        found = repositories.drafts.get(draft.id)
        assert found == draft
        assert found is not None
        assert str(found.cost) == str(draft.cost)
        assert repositories.drafts.of_tool(tool_id) == [draft]


@settings(deadline=None)
@given(acts=st.lists(ACTS, min_size=1, max_size=6))
def test_decisions_come_back_as_they_were_and_in_order(lasting_store: SqlStore, acts: list[Act]) -> None:
    tool_id = a_tool_of_its_own(lasting_store)
    decisions = [
        Decision(tool_id=tool_id, persona_id=PersonaId("skeptic"), number=number, editor="Zoë 🙂", at=NOON, act=act)
        for number, act in enumerate(acts, start=1)
    ]
    for decision in decisions:
        with lasting_store.writing() as repositories:
            repositories.decisions.append(decision)
    with lasting_store.reading() as repositories:
        assert repositories.decisions.of_tool(tool_id) == decisions


@settings(deadline=None)
@given(
    name=TEXT,
    description=TEXT,
    entry=st.none() | st.sampled_from(Entry),
    community=st.none() | st.builds(Community, ships=COUNTS, votes=COUNTS),
    added=st.lists(st.builds(AddedFact, text=TEXT, source=TEXT, checked_on=TEXT), max_size=3),
)
def test_a_dossier_and_its_listing_come_back_as_they_were(
    lasting_store: SqlStore,
    name: str,
    description: str,
    entry: Entry | None,
    community: Community | None,
    added: list[AddedFact],
) -> None:
    tool = Tool(id=ToolId(f"tool-{next(FRESH)}"), name=name, tagline=name, entry=entry, community=community)
    dossier: Dossier = make_dossier(tool, description, tuple(added))
    with lasting_store.writing() as repositories:
        # A minute later than anything before it: it leads the list.
        repositories.tools.add(dossier, NOON + timedelta(minutes=next(FRESH)))
    with lasting_store.reading() as repositories:
        assert repositories.tools.latest(tool.id) == dossier
        assert repositories.tools.by_digest(tool.id, dossier.digest) == dossier
        assert repositories.tools.summaries(limit=1)[0].tool == tool


@settings(deadline=None)
@given(call=TEXT, call_at=st.none() | TIMES)
def test_a_comparison_comes_back_as_it_was(lasting_store: SqlStore, call: str, call_at: datetime | None) -> None:
    left, right = a_tool_of_its_own(lasting_store), a_tool_of_its_own(lasting_store)
    comparison = Comparison(
        id=ComparisonId(f"{left}-vs-{right}"), left=left, right=right, call=call, call_editor="Zoë", call_at=call_at
    )
    with lasting_store.writing() as repositories:
        saved = repositories.comparisons.save(comparison)
    with lasting_store.reading() as repositories:
        assert repositories.comparisons.get(comparison.id) == saved == replace(comparison, version=1)


@settings(deadline=None)
@given(text=TEXT)
def test_an_archived_text_comes_back_as_it_was(lasting_store: SqlStore, text: str) -> None:
    key = digest(text)
    with lasting_store.writing() as repositories:
        repositories.archive.put(key, text)
        repositories.archive.put(key, text)
    with lasting_store.reading() as repositories:
        assert repositories.archive.get(key) == text
        assert repositories.archive.get(Digest("0" * 64)) is None


@settings(deadline=None)
@given(text=st.text())
def test_any_text_at_all_can_be_stored_and_whole_characters_stay(text: str) -> None:
    kept = storable(text)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\0" not in kept
    assert storable(kept) == kept


def test_an_emoji_cut_in_two_between_deltas_is_whole_in_the_store(store: SqlStore) -> None:
    draft = replace(a_draft(), state="streaming", text="ship it \ud83d\ude80 and a lone \ud83d half")
    with store.writing() as repositories:
        repositories.drafts.add(draft)
    with store.reading() as repositories:
        found = repositories.drafts.get(draft.id)
    assert found is not None
    assert found.text == "ship it 🚀 and a lone \ufffd half"


def test_times_come_back_in_utc(store: SqlStore) -> None:
    told = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    with store.writing() as repositories:
        repositories.drafts.add(replace(a_draft(), started_at=told, cost=Decimal("0.0000001230")))
    with store.reading() as repositories:
        found = repositories.drafts.get(a_draft().id)
    assert found is not None
    assert found.started_at == told
    assert found.started_at is not None
    assert found.started_at.tzinfo is UTC


@settings(deadline=None)
@given(working=st.builds(Working, pieces=PIECE_LISTS, editor=TEXT, revision=st.integers(0, 9)))
def test_what_is_put_together_comes_back_until_it_is_cleared(lasting_store: SqlStore, working: Working) -> None:
    tool_id, persona_id = a_tool_of_its_own(lasting_store), PersonaId("futurist")
    for kept in (Working(pieces=(Piece(text="before"),)), working, None):
        with lasting_store.writing() as repositories:
            repositories.scratch.put(tool_id, persona_id, kept)
        with lasting_store.reading() as repositories:
            assert repositories.scratch.get(tool_id, persona_id) == kept
