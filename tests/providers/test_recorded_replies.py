"""Real streams, byte by byte, through the real SDKs: what the drafts must hold is what the recorder found in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers import recorded_rules as rules
from tests.providers.recordings import CUT_STREAMS, CUTS, STREAMS, Case, pieces_of, streamed
from tests.providers.wires import Pieces, drafted, text_of, usage_of
from tests.running import run
from tests.shared_data import needs_shared
from workbench.domain.events import DraftEvent, Failed, Finished, Started

pytestmark = [needs_shared, pytest.mark.skipif(not STREAMS, reason="no stream is among the recordings")]


def replayed(case: Case, body: Pieces) -> list[DraftEvent]:
    return run(drafted(streamed(case, body)))


def told(event: DraftEvent) -> tuple[str, str]:
    match event:
        case Finished():
            return "finished", event.stop
        case Failed():
            return "failed", event.failure
        case _:
            return event.kind, ""


@pytest.mark.parametrize(("case", "cut"), CUT_STREAMS, ids=str)
def test_a_recorded_stream_gives_its_text_usage_and_end(case: Case, cut: str) -> None:
    events = replayed(case, pieces_of(case.body, CUTS[cut](case)))
    first, usage = events[0], usage_of(events)
    assert isinstance(first, Started)
    assert (first.model, first.request_id) == (case.expected["model"], "req_1")
    assert text_of(events) == rules.words(case)
    assert told(events[-1]) == rules.end(case)
    assert (None if usage is None else replace(usage, iterations=())) == rules.tokens(case)


@pytest.mark.parametrize("case", STREAMS, ids=str)
@settings(max_examples=15)
@given(cuts=st.data())
def test_where_the_network_cuts_the_bytes_changes_nothing(case: Case, cuts: st.DataObject) -> None:
    raw = case.body
    ends = cuts.draw(st.sets(st.integers(min_value=1, max_value=len(raw) - 1), max_size=40))
    assert replayed(case, pieces_of(raw, ends)) == replayed(case, Pieces(raw))


@settings(max_examples=80)
@given(case=st.sampled_from(STREAMS or [Case("", "")]), share=st.floats(min_value=0, max_value=0.999))
def test_a_stream_that_just_ends_is_never_a_whole_draft(case: Case, share: float) -> None:
    raw = case.body.rstrip()
    first = raw.index(b"\n\n") + 2
    # Everything but the end mark's last bytes; the padding before it is what the vendor likes.
    upto = first + int((len(raw) - first - 8) * share)
    events = replayed(case, Pieces(raw[:upto]))
    kind, reason = told(events[-1])
    # A broken answer that was going to break anyway may break as it would have.
    assert kind == "failed"
    assert reason == "cut_off" or (kind, reason) == rules.end(case)
    # Before a call begins, what was said beside it is all there is.
    whole = (rules.words(case), str(case.expected.get("text")))
    assert any(words.startswith(text_of(events)) for words in whole)
