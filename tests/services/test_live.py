"""What an open page is told: never too little, never twice, whatever it missed."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from tests.fakes import NOON, a_dossier, an_answer
from workbench.domain.draft import Draft, Origin, advance
from workbench.domain.events import Delta, Finished, Started, Waiting
from workbench.domain.ids import DraftId, PersonaId, ProviderName, RunId
from workbench.domain.review import Review, Sentence
from workbench.domain.text import digest
from workbench.services.live import Feed, Patch, Subscription
from workbench.services.reading import read_partial

texts = some.text(max_size=12)
sentences = some.builds(
    Sentence, beat=some.sampled_from(["", "claim", "moat"]), facts=some.lists(texts, max_size=2).map(tuple), text=texts
)
reviews = some.builds(Review, sentences=some.lists(sentences, max_size=4).map(tuple))
answers = some.lists(texts, min_size=1, max_size=4).map(lambda said: an_answer(*said))


def a_draft(draft_id: str = "one") -> Draft:
    dossier = a_dossier()
    origin = Origin(
        id=DraftId(draft_id),
        run_id=RunId("run"),
        tool_id=dossier.tool.id,
        persona_id=PersonaId("builder"),
        provider=ProviderName("claude"),
        model="m",
        take=1,
        dossier_digest=dossier.digest,
        persona_digest=digest("p"),
        plan_digest=digest("q"),
        rehearsal=False,
        created_at=NOON,
    )
    return Draft(origin=origin)


def page_after(page: list[Sentence], patches: list[Patch]) -> list[Sentence]:
    """What a page shows when it has applied the patches as its script does."""
    shown = list(page)
    for one in (change for patch in patches for change in patch.sentences):
        assert one.index <= len(shown), "a patch must not leave a hole"
        before = shown[one.index].text if one.index < len(shown) else ""
        assert one.start <= len(before)
        shown[one.index : one.index + 1] = [
            Sentence(beat=one.beat, facts=one.facts, text=before[: one.start] + one.text)
        ]
    return shown


def watching(feed: Feed, draft: Draft, woken: list[None] | None = None) -> Subscription:
    heard = [] if woken is None else woken
    subscription = feed.subscribe(lambda: heard.append(None))
    subscription.add(draft.id)
    return subscription


@given(answer=answers, cuts=some.sets(some.integers(0, 400)), collected=some.sets(some.integers(0, 400)))
def test_patches_collected_at_any_moments_make_the_review_exactly(
    answer: str, cuts: set[int], collected: set[int]
) -> None:
    feed, draft = Feed(), advance(a_draft(), Started(model="m"), NOON)
    subscription = watching(feed, draft)
    page: list[Sentence] = []
    ends = [*sorted(cut for cut in cuts if cut < len(answer)), len(answer)]
    start = 0
    for number, end in enumerate(ends):
        draft = advance(draft, Delta(text=answer[start:end]), NOON)
        start = end
        feed.publish(draft)
        if number in collected:
            page = page_after(page, subscription.collect())
            assert page == list(read_partial(draft.text).sentences)
    page = page_after(page, subscription.collect())
    assert page == list(read_partial(answer).sentences)
    assert subscription.collect() == []


@given(versions=some.lists(reviews, min_size=1, max_size=5))
def test_a_review_that_is_said_anew_is_shown_anew(versions: list[Review]) -> None:
    feed, draft, page = Feed(), a_draft(), list[Sentence]()
    subscription = watching(feed, draft)
    for review in versions:
        said = json.dumps({"sentences": [one._asdict() for one in review.sentences]})
        feed.publish(replace(draft, text=said))
        page = page_after(page, subscription.collect())
        gone = [Sentence(beat="", facts=(), text="")] * (len(page) - len(review.sentences))
        assert page == [*review.sentences, *gone]


def test_a_fact_that_grows_is_told_although_nothing_else_changed() -> None:
    feed, draft, page = Feed(), a_draft(), list[Sentence]()
    subscription = watching(feed, draft)
    for text in ('{"sentences": [{"beat": "claim", "facts": ["F1', '{"sentences": [{"beat": "claim", "facts": ["F12'):
        feed.publish(replace(draft, state="streaming", text=text))
        page = page_after(page, subscription.collect())
    assert [one.facts for one in page] == [("F12",)]


def test_every_wait_is_told_also_one_that_follows_another() -> None:
    feed, draft = Feed(), a_draft()
    subscription = watching(feed, draft)
    told: list[int] = []
    for attempt in (2, 3):
        draft = advance(draft, Waiting(seconds=3, reason="It is busy.", attempt=attempt), NOON)
        feed.publish(draft)
        told += [patch.draft.waiting.attempt for patch in subscription.collect() if patch.draft.waiting]
    feed.publish(advance(draft, Started(model="m"), NOON))
    (patch,) = subscription.collect()
    assert told == [2, 3]
    assert (patch.draft.waiting, patch.draft.state) == (None, "streaming")


def test_a_page_that_comes_late_gets_all_that_was_said() -> None:
    feed, draft = Feed(), a_draft()
    feed.publish(replace(draft, text=an_answer("One.", "Two.")))
    woken: list[None] = []
    subscription = watching(feed, draft, woken)
    assert len(woken) == 1
    (patch,) = subscription.collect()
    assert [one.text for one in page_after([], [patch])] == ["One.", "Two."]
    assert patch.words == 2


def test_a_page_that_adds_a_draft_again_gets_it_from_the_beginning() -> None:
    feed, draft = Feed(), a_draft()
    feed.publish(replace(draft, text=an_answer("One.")))
    subscription = watching(feed, draft)
    first = subscription.collect()
    subscription.add(draft.id)
    assert subscription.collect() == first


def test_a_draft_nobody_published_gives_no_patch() -> None:
    subscription = watching(Feed(), a_draft())
    assert subscription.collect() == []


def test_a_removed_draft_is_told_no_more_and_wakes_nobody() -> None:
    feed, draft, woken = Feed(), a_draft(), list[None]()
    subscription = watching(feed, draft, woken)
    subscription.collect()
    subscription.remove(draft.id)
    subscription.remove(DraftId("never shown"))
    feed.publish(replace(draft, text=an_answer("One.")))
    assert subscription.collect() == []
    assert len(woken) == 1


def test_a_closed_page_is_woken_no_more() -> None:
    feed, draft, woken = Feed(), a_draft(), list[None]()
    subscription = watching(feed, draft, woken)
    subscription.collect()
    subscription.close()
    subscription.close()
    feed.publish(draft)
    assert len(woken) == 1


def test_other_drafts_do_not_wake_a_page() -> None:
    feed, woken = Feed(), list[None]()
    subscription = watching(feed, a_draft("one"), woken)
    subscription.collect()
    feed.publish(a_draft("two"))
    assert len(woken) == 1


def test_a_thousand_changes_without_a_reader_wake_it_once_and_make_one_patch() -> None:
    feed, draft, woken = Feed(), a_draft(), list[None]()
    subscription = watching(feed, draft, woken)
    for number in range(1000):
        said = an_answer("x" * number + "y" * (number == 999))
        feed.publish(replace(draft, text=said))
    patches = subscription.collect()
    assert len(woken) == 1
    assert [one.text for one in page_after([], patches)] == ["x" * 999 + "y"]
    assert len(patches) == 1


def test_an_end_without_new_text_is_told() -> None:
    feed, draft = Feed(), a_draft()
    feed.publish(draft)
    subscription = watching(feed, draft)
    subscription.collect()
    feed.publish(advance(draft, Finished(stop="stopped"), NOON))
    (patch,) = subscription.collect()
    assert (patch.draft.state, patch.sentences) == ("stopped", ())


def test_two_pages_each_get_everything() -> None:
    feed, draft = Feed(), a_draft()
    one, two = watching(feed, draft), watching(feed, draft)
    feed.publish(replace(draft, text=an_answer("One.")))
    assert one.collect() == two.collect() != []


def test_forgetting_a_draft_twice_is_fine() -> None:
    feed, draft = Feed(), a_draft()
    feed.publish(draft)
    feed.forget(draft.id)
    feed.forget(draft.id)
    assert (feed.get(draft.id), feed.drafts()) == (None, [])
