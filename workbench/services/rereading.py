"""Has an approved quote read again by another vendor's model, and keeps what of its word counts.

Off unless the settings ask for it. What a reading costs is charged to the day, and a reading outlives the screen that
asked for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

from workbench.domain import models
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier
from workbench.domain.forecast import Forecast, foresee, without_cache
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.domain.second_reading import Reading, judged, plan_of, read_rows
from workbench.domain.text import digest
from workbench.errors import DecisionError, SettingsError, UnknownNameError, WorkbenchError
from workbench.ports import Clock, Library, Prices, ProviderConfig, Repositories, Store
from workbench.services.counting import Counting
from workbench.services.deciding import cells_of
from workbench.services.drafting import Drafting
from workbench.services.planning import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A reading before it starts: who reads what, and what it should cost (US dollars; None: nobody knows)."""

    job: Job
    cell: Cell

    @property
    def cost(self) -> Decimal | None:
        """What it should cost."""
        return self.job.forecast.cost if self.job.forecast is not None else None


class Rereading:
    """Prepares readings, starts them and keeps them. Safe from any thread."""

    def __init__(
        self,
        *,
        on: bool,
        store: Store,
        library: Library,
        providers: Mapping[str, ProviderConfig],
        drafting: Drafting,
        counting: Counting,
        prices: Prices,
        clock: Clock,
    ) -> None:
        self.on = on
        self._store = store
        self._library = library
        self._providers = providers
        self._drafting = drafting
        self._counting = counting
        self._prices = prices
        self._clock = clock
        self._waiting = ThreadPoolExecutor(4, thread_name_prefix="rereading")
        self._lock = threading.Lock()
        self._under_way: dict[tuple[ToolId, PersonaId], DraftId] = {}
        self._failed: dict[tuple[ToolId, PersonaId], str] = {}

    def prepare(self, tool_id: ToolId, persona_id: PersonaId) -> Prepared:
        """The reading of the quote that stands in this cell.

        Raises SettingsError while it is off or nobody but the drafter could read, DecisionError where no quote
        stands, UnknownNameError, LibraryError, SlotError and StoreError.
        """
        if not self.on:
            raise SettingsError(
                "A second reading is off.", "Set review.model_pass = true; each one is a request to the other provider."
            )
        with self._store.reading() as repositories:
            dossier = repositories.tools.latest(tool_id)
            cell = cells_of(repositories, tool_id).get(persona_id) or Cell(tool_id=tool_id, persona_id=persona_id)
            drafter = self._drafter(repositories, cell)
        if dossier is None:
            raise UnknownNameError("tool", tool_id)
        if not cell.approved:
            raise DecisionError("No quote stands here yet.", "Accept or edit a draft first: what is read is the quote.")
        reader = self._reader(drafter)
        lens = next((one for one in self._library.personas() if one.id == persona_id), None)
        if lens is None:
            raise UnknownNameError("persona", persona_id, [one.id for one in self._library.personas()])
        return Prepared(job=self._job(dossier, lens, reader, cell.text), cell=cell)

    def start(self, prepared: Prepared, *, editor: str) -> Future[Reading | None]:
        """Start it; one that is under way is not started twice. The future has the reading once it is kept, None
        where it failed. Raises BudgetError and StoreError."""
        key = (prepared.cell.tool_id, prepared.cell.persona_id)
        with self._lock:
            self._failed.pop(key, None)
            for draft in self._drafting.replay([prepared.job], editor=editor):
                self._under_way[key] = draft.id
            draft_id = self._under_way.get(key)
        if draft_id is None:
            raise DecisionError("Another text of this cell is just being tried out.", "Try again in a moment.")
        return self._waiting.submit(self._finish, key, draft_id, prepared, editor)

    def under_way(self, tool_id: ToolId, persona_id: PersonaId) -> DraftId | None:
        """The stream of the reading that is under way."""
        return self._under_way.get((tool_id, persona_id))

    def failed(self, tool_id: ToolId, persona_id: PersonaId) -> str:
        """Why the last reading came to nothing; empty when it did not."""
        return self._failed.get((tool_id, persona_id), "")

    def of(self, cell: Cell) -> Reading | None:
        """The newest reading of the quote that stands here. Raises StoreError."""
        with self._store.reading() as repositories:
            found = repositories.readings.of_tool(cell.tool_id)
        own = [one for one in found if one.persona_id == cell.persona_id and one.text == digest(cell.text)]
        return own[-1] if own else None

    def close(self) -> None:
        """Wait for nobody: what is not kept yet is given up with its stream."""
        self._waiting.shutdown(wait=True, cancel_futures=True)

    def _job(self, dossier: Dossier, lens: Persona, reader: ProviderConfig, quote: str) -> Job:
        plan = plan_of(self._library.prompts(), dossier, quote)
        sized = self._counting.size(reader, [plan])
        [usage] = foresee(sized, models.facts(reader.api, reader.model), ())
        now = self._clock.now()
        forecast = Forecast(
            usage=usage,
            cost=self._prices.cost(reader.api, reader.model, usage, now),
            uncached=self._prices.cost(reader.api, reader.model, without_cache(usage), now),
            counted=sized[0].counted,
        )
        return Job(dossier=dossier, persona=lens, provider=reader, plan=plan, forecast=forecast)

    def _finish(
        self, key: tuple[ToolId, PersonaId], draft_id: DraftId, prepared: Prepared, editor: str
    ) -> Reading | None:
        try:
            self._drafting.wait([draft_id])
            return self._kept(draft_id, prepared, editor)
        except WorkbenchError as error:
            self._failed[key] = str(error)
        except Exception:
            log.exception("A second reading was lost by a fault of ours")
            self._failed[key] = "The second reading was lost by a fault of ours. The log says more."
        finally:
            self._under_way.pop(key, None)
        return None

    def _kept(self, draft_id: DraftId, prepared: Prepared, editor: str) -> Reading | None:
        draft, job, cell = self._drafting.get(draft_id).draft, prepared.job, prepared.cell
        if draft.state != "done":
            why = f"{draft.failure.message} {draft.failure.remedy}" if draft.failure is not None else ""
            self._failed[cell.tool_id, cell.persona_id] = why or f"The second reading was {draft.state}."
            return None
        rows, refused = judged(read_rows(draft.text), cell.text, job.dossier)
        reading = Reading(
            tool_id=cell.tool_id,
            persona_id=cell.persona_id,
            text=digest(cell.text),
            rows=rows,
            refused=refused,
            provider=job.provider.name,
            model=draft.model_reported or job.provider.model,
            prompt=job.plan.digest,
            cost=draft.cost,
            rehearsal=job.provider.rehearsal,
            editor=editor,
            at=self._clock.now(),
        )
        with self._store.writing() as repositories:
            repositories.archive.put(reading.prompt, "\n\n".join(one.text for one in job.plan.segments))
            repositories.readings.append(reading)
        return reading

    def _drafter(self, repositories: Repositories, cell: Cell) -> ProviderConfig | None:
        draft = repositories.drafts.get(cell.draft_id) if cell.draft_id is not None else None
        return self._providers.get(draft.origin.provider) if draft is not None else None

    def _reader(self, drafter: ProviderConfig | None) -> ProviderConfig:
        """Another vendor's model, else another model's; a quote by hand may be read by any."""
        others = [one for one in self._providers.values() if drafter is None or one.name != drafter.name]
        if not others:
            raise SettingsError(
                "Nobody but its own drafter could read this quote again.", "Set another provider's key, or add one."
            )
        return next((one for one in others if drafter is None or one.api != drafter.api), others[0])
