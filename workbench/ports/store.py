"""The workspace: what is kept, and the transactions it is kept in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from workbench.domain.bill import Charge, Spent
from workbench.domain.comparison import Comparison
from workbench.domain.decision import Decision
from workbench.domain.draft import Draft
from workbench.domain.edition import Edition, FileKind
from workbench.domain.ids import ComparisonId, Digest, DraftId, PersonaId, ToolId
from workbench.domain.piece import Working
from workbench.ports.following import Exports, Ledger, Reopenings
from workbench.ports.logs import Answers, Readings
from workbench.ports.providers import ProviderConfig
from workbench.ports.tools import Originals, Tools


class Drafts(Protocol):
    """Drafts with their text as far as it has come."""

    def add(self, *drafts: Draft) -> None:
        """Keep new drafts; their owner is this process."""
        ...

    def save(self, drafts: Sequence[Draft]) -> None:
        """Bring known drafts up to date."""
        ...

    def get(self, draft_id: DraftId) -> Draft | None:
        """One draft."""
        ...

    def of_tool(self, tool_id: ToolId) -> list[Draft]:
        """A tool's drafts, oldest first."""
        ...

    def next_take(self, tool_id: ToolId, persona_id: PersonaId, provider: str) -> int:
        """The number the next attempt gets: 1 for the first."""
        ...

    def orphans(self) -> list[Draft]:
        """Live drafts whose process is gone."""
        ...

    def charges(self, *, since: datetime, until: datetime | None = None) -> list[Charge]:
        """What the drafts begun from `since` on, and before `until`, cost, and what else was paid for; oldest first."""
        ...

    def spent(self, *, since: datetime) -> list[Spent]:
        """What the drafts begun from `since` on that reported usage took, and what else was paid for: a sum for each
        provider, rehearsed and real apart, in the providers' order. However many there are, none of them is read."""
        ...

    def taken(self, since: datetime, *, rehearsal: bool, apart: Collection[str] = ()) -> dict[str, Decimal]:
        """US dollars by editor, rehearsed or real: what was paid for from `since` on, and what live drafts were
        forecast to cost. Drafts of the runs `apart` are left out. No draft that has ended is read."""
        ...

    def unapproved(self, *, since: datetime) -> bool:
        """Whether a draft was begun from `since` on for a cell that has no quote now."""
        ...

    def charge(self, charge: Charge) -> None:
        """Keep what a request cost that is no draft."""
        ...

    def sizes(self, provider: ProviderConfig, *, limit: int = 50) -> list[tuple[int, int, int]]:
        """Of the newest drafts this model finished: the prompt's characters, its tokens, the answer's tokens."""
        ...


class Decisions(Protocol):
    """The append-only log of what editors did."""

    def append(self, decision: Decision, *, second: str = "", reopened: datetime | None = None) -> None:
        """Keep it, why the cell needs a second editor now, in a word (empty: it needs none), and since when facts its
        quote rests on are no longer so (None: they are).

        Raises ConflictError when the cell already has a decision of that number.
        """
        ...

    def of_tool(self, tool_id: ToolId) -> list[Decision]:
        """A tool's decisions in order."""
        ...

    def quoted(self, persona_id: PersonaId, *, limit: int) -> list[tuple[ToolId, int]]:
        """Where the texts of a persona's approved quotes are: tool and decision, last decided first."""
        ...

    def text(self, tool_id: ToolId, persona_id: PersonaId, number: int) -> str:
        """The text that this decision approved; empty when it approved none."""
        ...


class Comparisons(Protocol):
    """Comparisons; `version` guards against two editors saving at once."""

    def get(self, comparison_id: ComparisonId) -> Comparison | None:
        """One comparison."""
        ...

    def save(self, comparison: Comparison) -> Comparison:
        """Keep it with the next version. Raises ConflictError when `version` is not the stored one."""
        ...

    def begin(self, comparison: Comparison) -> None:
        """Keep a comparison that has no call yet; one that is there stays as it is."""
        ...

    def sign(self, comparison: Comparison) -> None:
        """Keep the sign-off of a stored comparison; its call and its version stay."""
        ...

    def all(self, *, offset: int = 0, limit: int | None = None) -> list[Comparison]:
        """Every comparison, last changed first."""
        ...


class Archive(Protocol):
    """Texts by digest: the persona and the plan a draft was written by, as they were."""

    def put(self, digest: Digest, text: str) -> None:
        """Keep a text; keeping it twice is fine."""
        ...

    def get(self, digest: Digest) -> str | None:
        """The text, or None."""
        ...


class Editions(Protocol):
    """Every version of the personas' and prompts' files that was seen or saved."""

    def add(self, edition: Edition) -> None:
        """Keep it, also where its text was kept before."""
        ...

    def of(self, kind: FileKind, name: str) -> list[Edition]:
        """A file's versions, newest first."""
        ...

    def quotes(self, persona_id: PersonaId) -> dict[Digest, int]:
        """Approved quotes of the persona by the version of it that their drafts were made with."""
        ...

    def used(self, plan: Digest, prompts: Collection[Digest]) -> None:
        """Keep which versions of prompts a plan was made of; keeping it twice is fine."""
        ...

    def quotes_by_prompt(self, versions: Collection[Digest]) -> dict[Digest, int]:
        """Approved quotes by those of these prompts' versions that their drafts' plans were made of."""
        ...


class Scratch(Protocol):
    """What an editor is putting together and has not saved, by cell; not an event, and gone once saved."""

    def put(self, tool_id: ToolId, persona_id: PersonaId, working: Working | None) -> None:
        """Keep it in place of what was kept before; None forgets it."""
        ...

    def get(self, tool_id: ToolId, persona_id: PersonaId) -> Working | None:
        """What was kept, or None."""
        ...


class Sides(Protocol):
    """In which order a cell's providers stand while nobody may know them."""

    def of_tool(self, tool_id: ToolId) -> dict[PersonaId, tuple[str, ...]]:
        """The providers' names by persona, in order; a cell for which no order was drawn is missing."""
        ...

    def put(self, tool_id: ToolId, orders: Mapping[PersonaId, tuple[str, ...]]) -> None:
        """Keep these orders in place of what was kept before."""
        ...


class Opinions(Protocol):
    """Beats that an editor lets be opinion: they need no fact. Append-only, the newest word on a beat counts."""

    def of_tool(self, tool_id: ToolId) -> dict[PersonaId, tuple[str, ...]]:
        """The ids of such beats by persona, in the order they were first marked."""
        ...

    def mark(
        self, tool_id: ToolId, persona_id: PersonaId, beat: str, *, opinion: bool, editor: str, at: datetime
    ) -> None:
        """Keep that the beat may be opinion from now on, or may no longer."""
        ...


class Repositories(Protocol):
    """One transaction's view of the store."""

    @property
    def tools(self) -> Tools: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def comparisons(self) -> Comparisons: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def editions(self) -> Editions: ...
    @property
    def scratch(self) -> Scratch: ...
    @property
    def sides(self) -> Sides: ...
    @property
    def opinions(self) -> Opinions: ...
    @property
    def originals(self) -> Originals: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def reopenings(self) -> Reopenings: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def exports(self) -> Exports: ...


class Store(Protocol):
    """The workspace. Repositories never commit: leaving the block does."""

    def writing(self) -> AbstractContextManager[Repositories]:
        """A write transaction; rolled back when the block raises. Raises StoreError when it stays busy."""
        ...

    def reading(self) -> AbstractContextManager[Repositories]:
        """A read transaction."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
