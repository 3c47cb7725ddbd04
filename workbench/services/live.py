"""What is streaming now, and what each open page has already been told of it.

A draft is published first by the thread that starts it and then by the loop thread alone, so that no two write
one draft at a time; any thread may read, since every value is replaced whole. A subscription holds positions,
not a queue: a slow page gets a bigger patch, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from workbench.domain.draft import Draft, State
from workbench.domain.events import Waiting
from workbench.domain.ids import DraftId
from workbench.domain.review import Review, Sentence
from workbench.services.reading import Read, read_on

_NOTHING = Sentence(beat="", facts=(), text="")


@dataclass(slots=True)
class Snapshot:
    """A draft at one moment. `read` is what was last read of its text, or of an earlier part of it."""

    draft: Draft
    read: Read = field(default=Read(), compare=False, repr=False)

    @property
    def review(self) -> Review:
        """Its text as a review, as far as it has come; read when somebody looks, not whenever something comes."""
        if self.read.text != self.draft.text:
            self.read = read_on(self.read, self.draft.text)
        return self.read.review


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePatch:
    """Characters of sentence `index` from `start` on; `beat` and `facts` as known so far."""

    index: int
    beat: str
    facts: tuple[str, ...]
    start: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What a page must change to show `draft` as it is. `words` counts the whole quote."""

    draft: Draft
    sentences: tuple[SentencePatch, ...]
    words: int
    waiting: Waiting | None = None


class Sight(NamedTuple):
    """What of a draft a page may see."""

    review: Review
    waiting: Waiting | None


View = Callable[[Snapshot], Sight]


@dataclass(frozen=True, slots=True)
class _Seen:
    sentences: tuple[Sentence, ...] = ()
    state: State | None = None
    waiting: Waiting | None = None


def whole(snapshot: Snapshot) -> Sight:
    """All of it."""
    return Sight(snapshot.review, snapshot.draft.waiting)


class Feed:
    """The live drafts of this process."""

    def __init__(self) -> None:
        self._snapshots: dict[DraftId, Snapshot] = {}
        self._subscriptions: set[Subscription] = set()

    def publish(self, draft: Draft) -> None:
        """Show `draft` as it is now to everybody who watches."""
        before = self._snapshots.get(draft.id)
        self._snapshots[draft.id] = Snapshot(draft) if before is None else Snapshot(draft, before.read)
        for one in tuple(self._subscriptions):
            one.wake(draft.id)

    def get(self, draft_id: DraftId) -> Snapshot | None:
        """The newest state of a draft of this process; None when it ended a while ago."""
        return self._snapshots.get(draft_id)

    def drafts(self) -> list[Draft]:
        """Every draft the feed holds."""
        return [one.draft for one in tuple(self._snapshots.values())]

    def forget(self, draft_id: DraftId) -> None:
        """Let go of a draft that has ended and is stored."""
        self._snapshots.pop(draft_id, None)

    def subscribe(self, wake: Callable[[], None]) -> Subscription:
        """A new page. `wake` is called, from any thread, when there is something to collect."""
        subscription = Subscription(self, wake)
        self._subscriptions.add(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        """The page is gone."""
        self._subscriptions.discard(subscription)


class Subscription:
    """One page's positions in the drafts it shows."""

    def __init__(self, feed: Feed, wake: Callable[[], None]) -> None:
        self._feed = feed
        self._wake = wake
        self._seen: dict[DraftId, _Seen] = {}
        self._views: dict[DraftId, View] = {}
        self._armed = False

    def add(self, draft_id: DraftId, view: View = whole) -> None:
        """Show this draft from its beginning, as `view` lets it be seen."""
        self._views[draft_id] = view
        self._seen[draft_id] = _Seen()
        self.wake(draft_id)

    def remove(self, draft_id: DraftId) -> None:
        """Stop showing it."""
        self._seen.pop(draft_id, None)
        self._views.pop(draft_id, None)

    def wake(self, draft_id: DraftId) -> None:
        """Something of `draft_id` changed; pages that do not show it sleep on."""
        if draft_id in self._seen and not self._armed:
            self._armed = True
            self._wake()

    def collect(self) -> list[Patch]:
        """One patch for each draft that changed since the last call."""
        self._armed = False
        patches: list[Patch] = []
        for draft_id, seen in tuple(self._seen.items()):
            snapshot = self._feed.get(draft_id)
            if snapshot is None:
                continue
            sight = self._views.get(draft_id, whole)(snapshot)
            draft = snapshot.draft
            now = _Seen(sentences=sight.review.sentences, state=draft.state, waiting=sight.waiting)
            if now != seen:
                self._seen[draft_id] = now
                patches.append(_patch(draft, sight, seen))
        return patches

    def close(self) -> None:
        """The page is gone."""
        self._feed.drop(self)


def _patch(draft: Draft, sight: Sight, seen: _Seen) -> Patch:
    review = sight.review
    pairs = enumerate(zip_longest(review.sentences, seen.sentences))
    changed = tuple(
        _sentence_patch(index, now or _NOTHING, before or _NOTHING) for index, (now, before) in pairs if now != before
    )
    return Patch(draft=draft, sentences=changed, words=review.words, waiting=sight.waiting)


def _sentence_patch(index: int, now: Sentence, before: Sentence) -> SentencePatch:
    """What is new of a sentence; all of it when what was sent is not its beginning any more."""
    start = len(before.text) if now.text.startswith(before.text) else 0
    return SentencePatch(index=index, beat=now.beat, facts=now.facts, start=start, text=now.text[start:])
