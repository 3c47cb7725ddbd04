"""The marks of drafts that stream: sentence by sentence, checked beside the stream and never in its way."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from workbench.bootstrap import Workbench
from workbench.domain.ids import DraftId
from workbench.domain.review import Review
from workbench.errors import WorkbenchError
from workbench.services.live import Snapshot
from workbench.ui.marks import Mark, marks_of, plain

_checker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="marks")
"""One check at a time: eight drafts that finish a sentence together must not crowd out the thread that streams them."""


class LiveMarks:
    """The drafts of one page that wait to be checked. Used on the loop that serves the page, and by one task."""

    def __init__(self) -> None:
        self._seen: dict[DraftId, tuple[int, bool]] = {}
        self._due: dict[DraftId, Snapshot] = {}
        self._wake = asyncio.Event()

    def note(self, snapshot: Snapshot) -> None:
        """Have the draft checked if another of its sentences stands, or it has ended."""
        draft = snapshot.draft
        now = (len(standing(snapshot).sentences), draft.live)
        if now != self._seen.get(draft.id, (0, True)):
            self._seen[draft.id] = now
            self._due[draft.id] = snapshot  # a newer state takes the place of one that is still to be checked
            self._wake.set()

    def forget(self, draft_id: DraftId) -> None:
        """The page shows it from its beginning, or no more."""
        self._seen.pop(draft_id, None)
        self._due.pop(draft_id, None)

    async def next(self, bench: Workbench) -> str:
        """The next message to the page: `{"marks": [id, marks]}`."""
        loop = asyncio.get_running_loop()
        while True:
            while not self._due:
                self._wake.clear()
                await self._wake.wait()
            draft_id = next(iter(self._due))
            snapshot = self._due.pop(draft_id)
            try:
                marks = await loop.run_in_executor(_checker, live_marks, bench, snapshot)
            except WorkbenchError:  # the room says it, too: a persona's file is broken, the store is away
                continue
            return json.dumps({"marks": [draft_id, plain(marks)]}, ensure_ascii=False, separators=(",", ":"))


def standing(snapshot: Snapshot) -> Review:
    """What of the draft stands: all of it once it has ended, else all but the sentence that is being written."""
    review = snapshot.review
    if not snapshot.draft.live or review.verdict is not None:
        return review
    return Review(sentences=review.sentences[:-1])


def live_marks(bench: Workbench, snapshot: Snapshot) -> list[Mark]:
    """The marks of what stands, as this cell may show them. Raises StoreError and LibraryError."""
    draft, review = snapshot.draft, standing(snapshot)
    masked = bench.masking.masked(bench.deciding.cells(draft.origin.tool_id).get(draft.origin.persona_id))
    with bench.store.reading() as repositories:
        texts = bench.remarking.on(repositories, draft.origin.tool_id, known=[draft])
        dossier = texts.held(draft)
        remarks = texts.on_sentences(draft, review) if draft.live else texts.on_draft(draft, review=review)
    if dossier is None:
        return []
    hide = partial(bench.masking.hidden, dossier=dossier) if masked else None
    return marks_of(review, remarks, hide=hide, whole=draft.live or draft.state == "done")
