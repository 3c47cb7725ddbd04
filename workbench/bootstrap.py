"""build(settings) -> Workbench: the one file that knows every class."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import checks, exports, intake, providers
from workbench.domain.edition import FileKind
from workbench.domain.interest import Makers
from workbench.domain.plan import RUNAWAY_FACTOR
from workbench.errors import DuplicateToolError
from workbench.intake._decoding import decode
from workbench.library.builtin import builtin_personas, builtin_prompts
from workbench.library.files import FileLibrary
from workbench.lineup import choose_providers, maker_of
from workbench.plugins import discover
from workbench.ports import Adapter, Check, Clock, Library, Provider, ProviderConfig, Reader, Store
from workbench.pricing import ListPrices
from workbench.providers._wrapping import wrap
from workbench.services.answering import Answering
from workbench.services.authoring import Authoring
from workbench.services.backgrounds import Backgrounds
from workbench.services.budgeting import Budgeting, Budgets
from workbench.services.checking import Checking
from workbench.services.counting import Counting
from workbench.services.deciding import Deciding
from workbench.services.desk import Desk
from workbench.services.drafting import Drafting
from workbench.services.exporting import Exporting
from workbench.services.foretelling import Foretelling, catch_up
from workbench.services.guarding import ConflictGuard
from workbench.services.importing import Importing
from workbench.services.inspecting import Inspecting
from workbench.services.inspecting_tools import InspectingTools
from workbench.services.masking import Masking
from workbench.services.planning import Planning
from workbench.services.publishing import Publishing
from workbench.services.remarking import Remarking
from workbench.services.rendering import Rendering
from workbench.services.reopening import Reopening
from workbench.services.replaying import Replaying
from workbench.services.rereading import Rereading
from workbench.services.revealing import Revealing
from workbench.services.signing import Signing
from workbench.services.sourcing import Sourcing
from workbench.services.supplying import Supplying
from workbench.settings import Settings
from workbench.store.workspace import open_store

if TYPE_CHECKING:
    from workbench.rehearsal.server import RehearsalServer

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CHARACTERS_PER_WORD = 14
"""Of JSON: six of prose, and the braces, keys and citations around it."""


class SystemClock:
    """The `Clock` port over the machine's clock and randomness."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def new_id(self) -> str:
        """Nine characters of milliseconds, seven of chance."""
        milliseconds = int(self.now().timestamp() * 1000)
        head = ""
        for _ in range(9):
            milliseconds, digit = divmod(milliseconds, 36)
            head = _DIGITS[digit] + head
        return head + "".join(secrets.choice(_DIGITS) for _ in range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """Everything a screen or a command needs. `idle` says why a configured provider does not draft; `makers` knows
    who makes the models behind drafts."""

    settings: Settings
    library: Library
    authoring: Authoring
    rendering: Rendering
    replaying: Replaying
    importing: Importing
    revealing: Revealing
    planning: Planning
    supplying: Supplying
    budgeting: Budgeting
    drafting: Drafting
    deciding: Deciding
    reopening: Reopening
    foretelling: Foretelling
    publishing: Publishing
    exporting: Exporting
    masking: Masking
    makers: Makers
    remarking: Remarking
    sourcing: Sourcing
    answering: Answering
    inspecting: InspectingTools
    rereading: Rereading
    signing: Signing
    desk: Desk
    store: Store
    rehearsing: bool
    idle: dict[str, str]
    close: Callable[[], None]


def build(settings: Settings, *, create: bool = True, clock: Clock | None = None) -> Workbench:
    """The workbench over the workspace of `settings`; a new workspace gets the sample tools.

    Raises WorkspaceError (missing and `create` is False, foreign, damaged, newer) and SettingsError.
    """
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # request lines hold nothing we need
    clock = clock or SystemClock()
    library = _library(settings)
    adapters = {one.api: one for one in _adapters()}
    configs, idle, rehearsing = choose_providers(settings, adapters)
    opener = _Opener(settings, library, adapters, configs)
    sample = settings.sample and not settings.workspace.exists()
    store = open_store(settings.workspace, create=create, now=clock.now)
    makers = Makers({(name, one.model): maker_of(one, adapters) for name, one in settings.providers.items()})
    budgeting = Budgeting(store=store, clock=clock, budgets=Budgets(**settings.budgets.model_dump()))
    drafting = _drafting(settings, store, opener.open, clock, budgeting)
    importing = Importing(store=store, readers=_readers(), decode=decode, clock=clock)
    counting = Counting(store=store, ask=drafting.ask)
    supplying = Supplying(store=store, library=library, clock=clock)
    planning = _planner(configs, idle, clock, counting, drafting, supplying)
    remarking = Remarking(checking=Checking(checks=_checks()), backgrounds=Backgrounds(library=library))
    masking = Masking(store=store, on=settings.review.masked, makers=makers)
    publishing = _publishing(settings, store, library, clock, makers, remarking)
    rereading = _rereading(settings, store, library, configs, drafting, counting, clock)
    closing = _closing(store, opener, drafting, rereading)
    with _closed_unless_ready(closing):
        drafting.recover()
        catch_up(store, clock.now())
        _add_sample(library, importing, wanted=sample)
    return Workbench(
        settings=settings,
        library=library,
        authoring=Authoring(library=library, store=store, clock=clock),
        rendering=Rendering(planning=planning, counting=counting, prices=ListPrices(), clock=clock),
        replaying=Replaying(store=store, planning=planning, drafting=drafting, remarking=remarking),
        importing=importing,
        revealing=Revealing(store=store, readers=_readers(), decode=decode),
        planning=planning(library),
        supplying=supplying,
        budgeting=budgeting,
        drafting=drafting,
        deciding=Deciding(store=store, clock=clock, makers=makers, guard=_guard(settings, remarking, masking)),
        reopening=Reopening(store=store),
        foretelling=Foretelling(store=store, clock=clock),
        publishing=publishing,
        exporting=Exporting(store=store, publishing=publishing, clock=clock),
        masking=masking,
        makers=makers,
        remarking=remarking,
        sourcing=(sourcing := Sourcing(store=store, clock=clock)),
        answering=Answering(store=store, clock=clock, sourcing=sourcing),
        inspecting=_inspecting_tools(store, library, publishing, supplying, remarking),
        rereading=rereading,
        signing=_signing(settings, store, library, publishing, remarking, clock),
        desk=Desk(store=store, library=library, clock=clock),
        store=store,
        rehearsing=rehearsing,
        idle=idle,
        close=closing.close,
    )


def _rereading(
    settings: Settings,
    store: Store,
    library: Library,
    configs: dict[str, ProviderConfig],
    drafting: Drafting,
    counting: Counting,
    clock: Clock,
) -> Rereading:
    return Rereading(
        on=settings.review.model_pass,
        store=store,
        library=library,
        providers=configs,
        drafting=drafting,
        counting=counting,
        prices=ListPrices(),
        clock=clock,
    )


def _closing(store: Store, opener: _Opener, drafting: Drafting, rereading: Rereading) -> ExitStack:
    """What ends with the workbench, closed in the reverse order of this, each even if another fails."""
    closing = ExitStack()
    closing.callback(store.close)
    closing.callback(opener.close)
    closing.callback(rereading.close)
    closing.callback(drafting.close)
    return closing


def _guard(settings: Settings, remarking: Remarking, masking: Masking) -> ConflictGuard | None:
    if not settings.review.conflicts_block:
        return None
    return ConflictGuard(remarking=remarking, hide=lambda text, dossier: masking.hide(text, dossier, whole=True))


def _signing(
    settings: Settings, store: Store, library: Library, publishing: Publishing, remarking: Remarking, clock: Clock
) -> Signing:
    return Signing(
        store=store,
        library=library,
        publishing=publishing,
        remarking=remarking,
        clock=clock,
        conflicts_block=settings.review.conflicts_block,
    )


@contextmanager
def _closed_unless_ready(closing: ExitStack) -> Generator[None]:
    """Closes everything when the block raises."""
    with ExitStack() as unless_ready:
        unless_ready.callback(closing.close)
        yield
        unless_ready.pop_all()


def _publishing(
    settings: Settings, store: Store, library: Library, clock: Clock, makers: Makers, remarking: Remarking
) -> Publishing:
    return Publishing(
        store=store,
        library=library,
        exporters={one.name: one for one in discover(exports, "EXPORTER")},
        clock=clock,
        makers=makers,
        second_signoff=settings.review.second_signoff,
        remarking=remarking,
    )


def _planner(
    configs: dict[str, ProviderConfig],
    idle: dict[str, str],
    clock: Clock,
    counting: Counting,
    drafting: Drafting,
    supplying: Supplying,
) -> Callable[[Library], Planning]:
    """Planning with one library or another: the one on disk, or one with a text that is not saved."""

    def planning(library: Library) -> Planning:
        return Planning(
            library=library,
            providers=configs,
            idle=idle,
            prices=ListPrices(),
            clock=clock,
            counting=counting,
            warm=drafting.warm,
            opinions=supplying.opinions,
        )

    return planning


def _library(settings: Settings) -> FileLibrary:
    """The personas and prompts of the folders that are set; else the built-in ones, until one is saved and lies beside
    the workspace from then on."""
    own: dict[FileKind, Path] = {}
    if settings.personas is None:
        own["persona"] = settings.workspace.with_name("personas")
    if settings.prompts is None:
        own["prompt"] = settings.workspace.with_name("prompts")
    return FileLibrary(settings.personas or builtin_personas(), settings.prompts or builtin_prompts(), own=own)


def _drafting(
    settings: Settings, store: Store, open_provider: Callable[[str], Provider], clock: Clock, budgeting: Budgeting
) -> Drafting:
    return Drafting(
        store=store,
        open_provider=open_provider,
        clock=clock,
        prices=ListPrices(),
        budgeting=budgeting,
        concurrency=settings.drafting.concurrency,
        leader_wait=settings.drafting.leader_wait,
    )


def _add_sample(library: Library, importing: Importing, *, wanted: bool) -> None:
    for text in library.sample() if wanted else ():
        with suppress(DuplicateToolError):  # another process made the workspace at the same moment
            importing.commit(importing.preview_text(text, "markdown"))


def inspecting(settings: Settings) -> Inspecting:
    """What holds a file against a dossier file: it needs no workspace."""
    return _inspecting(_library(settings))


def _inspecting_tools(
    store: Store, library: Library, publishing: Publishing, supplying: Supplying, remarking: Remarking
) -> InspectingTools:
    return InspectingTools(
        store=store,
        inspecting=_inspecting(library),
        publishing=publishing,
        supplying=supplying,
        remarking=remarking,
    )


def _inspecting(library: Library) -> Inspecting:
    checks = _checks()
    return Inspecting(
        checking=Checking(checks=checks), checks=checks, library=library, readers=_readers(), decode=decode
    )


def _adapters() -> list[Adapter]:
    return discover(providers, "ADAPTER")


def _readers() -> dict[str, Reader]:
    return {one.name: one for one in discover(intake, "READER")}


def _checks() -> list[Check]:
    return discover(checks, "CHECK")


class _Opener:
    """Opens providers when they are first needed; with the first rehearsal one, the rehearsal server too."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        adapters: dict[str, Adapter],
        configs: dict[str, ProviderConfig],
    ) -> None:
        self._settings = settings
        self._library = library
        self._adapters = adapters
        self._configs = configs
        self._lock = threading.Lock()
        self._server: RehearsalServer | None = None

    def open(self, name: str) -> Provider:
        """The provider, behind our clocks and our retries."""
        config = self._configs[name]
        if config.rehearsal:
            config = replace(config, base_url=self._rehearsal_url())
        clocks = self._settings.drafting
        longest = max(one.band.high for one in self._library.personas())
        return wrap(
            self._adapters[config.api].open(config),
            first_text=clocks.first_text,
            gap=clocks.gap,
            whole=clocks.whole,
            limit=longest * RUNAWAY_FACTOR * _CHARACTERS_PER_WORD,
            attempts=clocks.attempts,
            retry_wait=clocks.retry_wait,
        )

    def close(self) -> None:
        """Stop the rehearsal server, if it runs."""
        if self._server is not None:
            self._server.stop()

    def _rehearsal_url(self) -> str:
        with self._lock:
            if self._server is None:
                from workbench.rehearsal.server import RehearsalServer

                pace = self._settings.rehearsal
                self._server = RehearsalServer(first_token=pace.first_token, tokens_per_second=pace.tokens_per_second)
                self._server.start()
            return self._server.url
