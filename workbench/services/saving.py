"""Keeps streaming text: many drafts in one transaction, every half second and whenever one ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from workbench.domain.draft import REPLAY, Draft
from workbench.domain.ids import DraftId
from workbench.errors import StoreError
from workbench.ports import Store
from workbench.services.live import Feed

log = logging.getLogger(__name__)

SAVE_EVERY = 0.5
"""Seconds between two saves of streaming text; at 80 tokens/s that is under 200 characters a draft."""
SAVE_AGAIN = 30.0
"""Longest pause in seconds between two tries while the store refuses: a full disk is not asked twice a second."""
INSIST = 12.0
"""Seconds a close goes on asking a store that refuses; a try that has begun is waited for."""
INSIST_EVERY = 0.25
KEEP_ENDED = 60.0
"""Seconds a draft that ended stays in the feed, for pages that are still catching up."""


class Saving:
    """Brings the store up to date with the feed. Used on the loop thread only, but for `close`."""

    def __init__(self, *, store: Store, feed: Feed) -> None:
        self._store = store
        self._feed = feed
        self._writer = _writer()
        self._changed: set[DraftId] = set()
        self._set_aside: set[DraftId] = set()
        self._under_way = asyncio.Lock()
        self._urgent: set[DraftId] = set()
        self._woken = asyncio.Event()

    def mark(self, draft_id: DraftId, *, urgent: bool = False) -> None:
        """This draft has changed; `urgent`: store it now, since decisions read the store. A replay is never stored."""
        snapshot = self._feed.get(draft_id)
        if snapshot is not None and snapshot.draft.origin.take == REPLAY:
            return
        self._changed.add(draft_id)
        if urgent:
            self._urgent.add(draft_id)
            self._woken.set()

    async def run(self) -> None:
        """Store what changes until cancelled. What could not be stored is tried again, ever more seldom."""
        clock = asyncio.get_running_loop().time
        pause = SAVE_EVERY
        due = clock() + pause
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), due - clock())
            self._woken.clear()
            urgent, self._urgent = self._urgent, set()
            whole = not urgent or clock() >= due
            try:
                await self.save(None if whole else urgent)
                pause = SAVE_EVERY
            except StoreError as error:
                pause = min(2 * pause, SAVE_AGAIN)
                log.error("Streaming text could not be stored: %s", error)  # noqa: TRY400 - no traceback needed
            except Exception:
                pause = min(2 * pause, SAVE_AGAIN)
                log.exception("Streaming text could not be stored by a fault of ours")
            if whole or pause > SAVE_EVERY:
                due = clock() + pause

    async def save(self, only: set[DraftId] | None = None) -> None:
        """Store what changed, or `only` these of it, in one transaction. Raises StoreError; then it is all still to be
        stored.

        A draft that a fault of ours keeps out is set aside for a while, so that it holds up no other.
        """
        async with self._under_way:  # whoever waits for an end must wait for a write that has begun, too
            ids = self._changed if only is None else self._changed & only
            self._changed = self._changed - ids
            drafts = [one.draft for draft_id in ids if (one := self._feed.get(draft_id)) is not None]
            if not drafts:
                return
            loop = asyncio.get_running_loop()
            try:
                kept_out = await loop.run_in_executor(self._writer, self._write_what_can_be, drafts)
            except BaseException:  # also when cancelled: nobody knows how far that write came
                self._changed |= ids
                raise
            self._set_aside = (self._set_aside - ids) | kept_out
            for draft in drafts:
                if draft.id in kept_out:
                    loop.call_later(SAVE_AGAIN, self.mark, draft.id)
                elif not draft.live:
                    loop.call_later(KEEP_ENDED, self._feed.forget, draft.id)

    async def settle(self, draft_ids: Iterable[DraftId]) -> None:
        """Store what changed, these drafts above all. Raises StoreError as long as one of them is not stored."""
        wanted = set(draft_ids)
        self._changed |= self._set_aside & wanted
        await self.save()
        left = sorted(self._set_aside & wanted)
        if left:
            raise StoreError(
                f"A fault of ours keeps {', '.join(left)} out of the workspace.",
                "Copy the text from the screen; the log says what went wrong.",
            )

    async def insist(self, draft_ids: Iterable[DraftId]) -> None:
        """Settle these before the process ends: a workspace may be busy for a moment. Raises StoreError in the end."""
        clock = asyncio.get_running_loop().time
        until = clock() + INSIST
        while True:
            try:
                await self.save()
                break
            except StoreError:
                if clock() >= until:
                    raise
            await asyncio.sleep(INSIST_EVERY)
        await self.settle(draft_ids)

    def close(self) -> None:
        """End the writer's thread when it has written; whatever is stored later gets a new one."""
        writer, self._writer = self._writer, _writer()
        writer.shutdown()

    def _write_what_can_be(self, drafts: Sequence[Draft]) -> set[DraftId]:
        """Store all of them at once or, should a fault of ours prevent it, one by one. Returns those kept out."""
        try:
            self._write(drafts)
        except StoreError:
            raise
        except Exception:
            log.exception("Drafts could not be stored together by a fault of ours; now one by one")
        else:
            return set()
        kept_out: set[DraftId] = set()
        for draft in drafts:
            try:
                self._write([draft])
            except StoreError:
                raise
            except Exception:
                log.exception("Draft %s could not be stored by a fault of ours", draft.id)
                kept_out.add(draft.id)
        return kept_out

    def _write(self, drafts: Sequence[Draft]) -> None:
        with self._store.writing() as repositories:
            repositories.drafts.save(drafts)


def _writer() -> ThreadPoolExecutor:
    """One thread, which starts with the first write."""
    return ThreadPoolExecutor(1, thread_name_prefix="draft-writer")
