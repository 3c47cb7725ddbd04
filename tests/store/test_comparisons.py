"""Comparisons: the version decides between two editors."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from tests.store.samples import NOON, a_dossier
from workbench.domain.comparison import Comparison
from workbench.domain.ids import ComparisonId, Digest, ToolId
from workbench.errors import ConflictError
from workbench.store.workspace import SqlStore, open_store

PAIR = Comparison(id=ComparisonId("a-vs-b"), left=ToolId("a"), right=ToolId("b"), call="A.", call_editor="Ann")


def ticking() -> Callable[[], datetime]:
    seconds = iter(range(1_000_000))
    return lambda: NOON + timedelta(seconds=next(seconds))


@pytest.fixture
def pairs(tmp_path: Path) -> Generator[SqlStore, None, None]:
    store = open_store(tmp_path / "pairs.db", create=True, now=ticking())
    with store.writing() as repositories:
        for tool_id in ("a", "b", "c"):
            repositories.tools.add(a_dossier(tool_id), NOON)
    yield store
    store.close()


def save(store: SqlStore, comparison: Comparison) -> Comparison:
    with store.writing() as repositories:
        return repositories.comparisons.save(comparison)


def test_a_comparison_is_begun_once_and_its_first_call_is_no_conflict(pairs: SqlStore) -> None:
    begun = replace(PAIR, call="", call_editor="")
    for one in (begun, replace(begun, left=PAIR.right, right=PAIR.left)):
        with pairs.writing() as repositories:
            repositories.comparisons.begin(one)
    with pairs.reading() as repositories:
        assert repositories.comparisons.all() == [begun]
    assert save(pairs, PAIR).version == 1
    with pairs.writing() as repositories:
        repositories.comparisons.begin(begun)
    with pairs.reading() as repositories:
        assert repositories.comparisons.get(PAIR.id) == replace(PAIR, version=1)


def test_a_sign_off_is_kept_and_the_next_call_leaves_it_to_lapse(pairs: SqlStore) -> None:
    saved = save(pairs, PAIR)
    signed = replace(saved, signed_by="Ann", signed_at=NOON, signed_digest=Digest("d" * 64), statement="I read it.")
    with pairs.writing() as repositories:
        repositories.comparisons.sign(signed)
    again = save(pairs, replace(saved, call="B."))
    with pairs.reading() as repositories:
        assert repositories.comparisons.get(PAIR.id) == replace(signed, call="B.", version=again.version)


def test_comparisons_come_in_pages(pairs: SqlStore) -> None:
    first = save(pairs, PAIR)
    other = save(pairs, replace(PAIR, id=ComparisonId("a-vs-c"), right=ToolId("c")))
    with pairs.reading() as repositories:
        assert repositories.comparisons.all(limit=1) == [other]
        assert repositories.comparisons.all(offset=1, limit=1) == [first]


def test_each_save_gives_the_next_version(pairs: SqlStore) -> None:
    first = save(pairs, PAIR)
    second = save(pairs, replace(first, call="B."))
    assert (first.version, second.version) == (1, 2)
    with pairs.reading() as repositories:
        assert repositories.comparisons.get(PAIR.id) == second
        assert repositories.comparisons.get(ComparisonId("nothing")) is None


@pytest.mark.parametrize("stale", [0, 2, 7])
def test_a_version_that_is_not_the_stored_one_is_refused(pairs: SqlStore, stale: int) -> None:
    stored = save(pairs, PAIR)
    with pytest.raises(ConflictError, match="Ann saved the comparison a-vs-b first, on 2026-11-22 at 12:00 UTC"):
        save(pairs, replace(stored, version=stale, call="Mine."))
    with pairs.reading() as repositories:
        assert repositories.comparisons.all() == [stored]


def test_a_comparison_that_is_gone_is_not_made_again_in_silence(pairs: SqlStore) -> None:
    with pytest.raises(ConflictError, match="not in the workspace any more"):
        save(pairs, replace(PAIR, version=3))


def test_the_last_changed_comparison_leads(pairs: SqlStore) -> None:
    first = save(pairs, PAIR)
    other = save(pairs, replace(PAIR, id=ComparisonId("a-vs-c"), right=ToolId("c")))
    with pairs.reading() as repositories:
        assert repositories.comparisons.all() == [other, first]
    first = save(pairs, first)
    with pairs.reading() as repositories:
        assert repositories.comparisons.all() == [first, other]


def test_of_two_threads_saving_at_once_exactly_one_wins(pairs: SqlStore) -> None:
    current = save(pairs, PAIR)
    for _ in range(10):
        barrier = Barrier(2)

        def attempt(call: str, *, base: Comparison = current, barrier: Barrier = barrier) -> Comparison | None:
            barrier.wait()
            try:
                return save(pairs, replace(base, call=call))
            except ConflictError:
                return None

        with ThreadPoolExecutor(2) as pool:
            won = [saved for saved in pool.map(attempt, ("left", "right")) if saved is not None]
        assert len(won) == 1
        (current,) = won
        with pairs.reading() as repositories:
            assert repositories.comparisons.get(PAIR.id) == current
