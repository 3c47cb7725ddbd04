"""Which drafts were made with a persona or a prompt that is another one by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbench.domain.ageing import Aged, aged
from workbench.domain.draft import Draft
from workbench.domain.ids import Digest, DraftId
from workbench.errors import LibraryError
from workbench.ports import Archive, Library, Store


class Ageing:
    """Holds what drafts were made with against what is on disk now."""

    def __init__(self, *, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    def of(self, drafts: Iterable[Draft]) -> Mapping[DraftId, tuple[Aged, ...]]:
        """What has changed since, for the drafts for which anything has; nothing while a prompt cannot be used, which
        is said elsewhere."""
        try:
            prompts = self._library.prompts()
            personas = {one.id: one for one in self._library.personas()}
        except LibraryError:
            return {}
        found: dict[DraftId, tuple[Aged, ...]] = {}
        texts: dict[str, str] = {}
        with self._store.reading() as repositories:
            for draft in drafts:
                persona = personas.get(draft.origin.persona_id)
                if persona is None:
                    continue
                sent = _sent(repositories.archive, draft, texts)
                if changed := aged(draft.origin, sent, prompts, persona):
                    found[draft.origin.id] = changed
        return found


def _sent(archive: Archive, draft: Draft, texts: dict[str, str]) -> Mapping[str, str]:
    """The texts of a draft's request by kind, from the archive; `texts` keeps those that drafts share."""
    listed = archive.get(draft.origin.plan_digest) or ""
    sent: dict[str, str] = {}
    for line in listed.splitlines():
        kind, _, name = line.partition(" ")
        if name not in texts:
            texts[name] = archive.get(Digest(name)) or ""
        sent[kind] = texts[name]
    return sent
