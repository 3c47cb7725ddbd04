"""build(settings) -> Workbench: the one file that knows every class."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from workbench import checks, exports, intake, providers
from workbench.clock import SystemClock
from workbench.domain.interest import Makers
from workbench.intake._decoding import decode
from workbench.library.beside import library_beside
from workbench.library.files import FileLibrary
from workbench.lineup import Lineup, choose_providers, maker_of
from workbench.opener import Opener
from workbench.plugins import discover
from workbench.ports import Check, Clock, Library, Reader, Store
from workbench.pricing import ListPrices
from workbench.services.ageing import Ageing
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
    ageing: Ageing
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
    adapters = {one.api: one for one in discover(providers, "ADAPTER")}
    lineup = choose_providers(settings, adapters)
    opener = Opener(settings, library, adapters, lineup.configs)
    store = _store(settings, library, clock, create=create)
    budgeting = Budgeting(store=store, clock=clock, budgets=Budgets(**settings.budgets.model_dump()))
    drafting = _drafting(settings, store, opener, clock, budgeting)
    base = _Base(
        settings=settings,
        library=library,
        store=store,
        clock=clock,
        lineup=lineup,
        makers=Makers({(name, one.model): maker_of(one, adapters) for name, one in settings.providers.items()}),
        budgeting=budgeting,
        drafting=drafting,
        counting=Counting(store=store, ask=drafting.ask),
    )
    rereading = _rereading(base)
    with ExitStack() as closing:  # the last of them first, each even if another fails
        for one in (store, opener, rereading, drafting):
            closing.callback(one.close)
        drafting.recover()
        catch_up(store, clock.now())
        return _workbench(base, rereading, closing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What the services are made over."""

    settings: Settings
    library: FileLibrary
    store: Store
    clock: Clock
    lineup: Lineup
    makers: Makers
    budgeting: Budgeting
    drafting: Drafting
    counting: Counting


def _workbench(base: _Base, rereading: Rereading, closing: ExitStack) -> Workbench:
    settings, library, store, clock = base.settings, base.library, base.store, base.clock
    supplying = Supplying(store=store, library=library, clock=clock)
    planning = _planner(base, supplying)
    remarking = Remarking(checking=Checking(checks=_checks()), backgrounds=Backgrounds(library=library))
    masking = Masking(store=store, on=settings.review.masked, makers=base.makers)
    sourcing = Sourcing(store=store, clock=clock)
    publishing = _publishing(base, remarking)
    return Workbench(
        settings=settings,
        library=library,
        authoring=Authoring(library=library, store=store, clock=clock),
        rendering=Rendering(planning=planning, counting=base.counting, prices=ListPrices(), clock=clock),
        replaying=Replaying(store=store, planning=planning, drafting=base.drafting, remarking=remarking),
        importing=_importing(store, clock),
        revealing=Revealing(store=store, readers=_readers(), decode=decode),
        planning=planning(library),
        ageing=Ageing(store=store, library=library),
        supplying=supplying,
        budgeting=base.budgeting,
        drafting=base.drafting,
        deciding=Deciding(store=store, clock=clock, makers=base.makers, guard=_guard(settings, remarking, masking)),
        reopening=Reopening(store=store),
        foretelling=Foretelling(store=store, clock=clock),
        publishing=publishing,
        exporting=Exporting(store=store, publishing=publishing, clock=clock),
        masking=masking,
        makers=base.makers,
        remarking=remarking,
        sourcing=sourcing,
        answering=Answering(store=store, clock=clock, sourcing=sourcing),
        inspecting=_inspecting_tools(base, publishing, supplying, remarking),
        rereading=rereading,
        signing=_signing(base, publishing, remarking),
        desk=Desk(store=store, library=library, clock=clock),
        store=store,
        rehearsing=base.lineup.rehearsing,
        idle=base.lineup.idle,
        close=closing.pop_all().close,  # nothing can fail any more: from here on it is for who asked for it
    )


def _library(settings: Settings) -> FileLibrary:
    return library_beside(settings.workspace, personas=settings.personas, prompts=settings.prompts)


def _store(settings: Settings, library: Library, clock: Clock, *, create: bool) -> Store:
    def furnish(new: Store) -> None:
        if settings.sample:
            importing = _importing(new, clock)
            for text in library.sample():
                importing.commit(importing.preview_text(text, "markdown"))

    return open_store(settings.workspace, create=create, now=clock.now, furnish=furnish)


def _rereading(base: _Base) -> Rereading:
    return Rereading(
        on=base.settings.review.model_pass,
        store=base.store,
        library=base.library,
        providers=base.lineup.configs,
        drafting=base.drafting,
        counting=base.counting,
        prices=ListPrices(),
        clock=base.clock,
    )


def _guard(settings: Settings, remarking: Remarking, masking: Masking) -> ConflictGuard | None:
    if not settings.review.conflicts_block:
        return None
    return ConflictGuard(remarking=remarking, hide=lambda text, dossier: masking.hide(text, dossier, whole=True))


def _signing(base: _Base, publishing: Publishing, remarking: Remarking) -> Signing:
    return Signing(
        store=base.store,
        library=base.library,
        publishing=publishing,
        remarking=remarking,
        clock=base.clock,
        conflicts_block=base.settings.review.conflicts_block,
    )


def _publishing(base: _Base, remarking: Remarking) -> Publishing:
    return Publishing(
        store=base.store,
        library=base.library,
        exporters={one.name: one for one in discover(exports, "EXPORTER")},
        clock=base.clock,
        makers=base.makers,
        second_signoff=base.settings.review.second_signoff,
        remarking=remarking,
    )


def _planner(base: _Base, supplying: Supplying) -> Callable[[Library], Planning]:
    """Planning with one library or another: the one on disk, or one with a text that is not saved."""
    return lambda library: Planning(
        library=library,
        providers=base.lineup.configs,
        idle=base.lineup.idle,
        prices=ListPrices(),
        clock=base.clock,
        counting=base.counting,
        warm=base.drafting.warm,
        opinions=supplying.opinions,
    )


def _drafting(settings: Settings, store: Store, opener: Opener, clock: Clock, budgeting: Budgeting) -> Drafting:
    return Drafting(
        store=store,
        open_provider=opener.open,
        clock=clock,
        prices=ListPrices(),
        budgeting=budgeting,
        concurrency=settings.drafting.concurrency,
        leader_wait=settings.drafting.leader_wait,
    )


def _importing(store: Store, clock: Clock) -> Importing:
    return Importing(store=store, readers=_readers(), decode=decode, clock=clock)


def inspecting(settings: Settings) -> Inspecting:
    """What holds a file against a dossier file: it needs no workspace."""
    return _inspecting(_library(settings))


def _inspecting_tools(
    base: _Base, publishing: Publishing, supplying: Supplying, remarking: Remarking
) -> InspectingTools:
    return InspectingTools(
        store=base.store,
        inspecting=_inspecting(base.library),
        publishing=publishing,
        supplying=supplying,
        remarking=remarking,
    )


def _inspecting(library: Library) -> Inspecting:
    checks = _checks()
    return Inspecting(
        checking=Checking(checks=checks), checks=checks, library=library, readers=_readers(), decode=decode
    )


def _readers() -> dict[str, Reader]:
    return {one.name: one for one in discover(intake, "READER")}


def _checks() -> list[Check]:
    return discover(checks, "CHECK")
