"""A key goes into one header of one request and nowhere else: not into logs, tracebacks, messages or the store."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.providers.rehearsed import drafting, outcome, provider, rehearsal
from tests.providers.scripts import Sleeps, wrapped
from tests.providers.wires import PLAN
from tests.running import run
from workbench.bootstrap import Workbench, build
from workbench.domain.ids import PersonaId
from workbench.errors import ProviderError
from workbench.services.deciding import Signature
from workbench.settings import BudgetSettings, ProviderSettings, Settings
from workbench.store.backups import back_up

CANARY = "sk-canary-4f1c9a7be2d05836"
BOTH = ("claude", "codestral")
FAULTS = ("", "echo", "refuse-key", "cut", "clean-end", "html", "server-error", "bad-json", "prose")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with rehearsal() as address:
        yield address


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger there is at DEBUG, as somebody would set them who looks for a fault."""
    named = [one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    before = [(one, one.level) for one in named]
    for one in named:
        one.setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for one, level in before:
        one.setLevel(level)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter()
    return "\n".join(f"{formatter.format(record)} {record.args!r}" for record in caplog.records)


async def everything_asked(name: str, url: str, fault: str) -> None:
    inner = provider(name, url, fault, key=CANARY)
    await inner.models()
    await drafting(inner)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", BOTH)
def test_no_log_record_holds_the_key(
    url: str, name: str, fault: str, everything_logged: pytest.LogCaptureFixture
) -> None:
    run(everything_asked(name, url, fault))
    assert everything_logged.records
    assert CANARY not in logged(everything_logged)


@pytest.mark.parametrize("fault", ["", "echo", "novelties", "cut"])
@pytest.mark.parametrize("name", BOTH)
def test_a_log_at_its_most_talkative_holds_no_prompt_and_no_answer(
    url: str, name: str, fault: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_DEBUG", "true")
    with caplog.at_level(logging.DEBUG):
        run(everything_asked(name, url, fault))
    assert caplog.records
    assert "As the builder." not in logged(caplog)
    assert "sentences" not in logged(caplog)


@pytest.mark.parametrize("fault", ["echo", "refuse-key", "html", "server-error"])
@pytest.mark.parametrize("name", BOTH)
def test_no_traceback_holds_the_key_even_with_its_locals(url: str, name: str, fault: str) -> None:
    async def caught() -> ProviderError | None:
        outer = wrapped(provider(name, url, fault, key=CANARY), Sleeps(), attempts=1)
        try:
            _ = [event async for event in outer.stream(PLAN)]
        except ProviderError as error:
            return error
        finally:
            await outer.close()
        return None

    error = run(caught())
    assert error is not None
    told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "ProviderError" in told
    assert CANARY not in told + repr(error) + repr(vars(error))


@pytest.mark.parametrize("name", BOTH)
def test_looking_at_a_provider_shows_no_key(url: str, name: str) -> None:
    async def looked() -> str:
        inner = provider(name, url, key=CANARY)
        outer = wrapped(inner, Sleeps())
        _ = [event async for event in outer.stream(PLAN)]
        seen = f"{inner!r} {vars(inner)!r} {inner.config!r} {outer!r} {vars(outer)!r} {inner.config.key!s}"
        await outer.close()
        return seen

    assert CANARY not in run(looked())


@pytest.mark.parametrize("name", BOTH)
def test_no_message_and_no_event_holds_the_key(url: str, name: str) -> None:
    for fault in FAULTS:
        found = outcome(provider(name, url, fault, key=CANARY))
        assert CANARY not in f"{found.events!r} {found.raised!r} {found.raised!s}"


def pages_of(bench: Workbench, words: str) -> bytes:
    """Every format's export of a page whose quotes are these words."""
    with bench.store.reading() as repositories:
        left, right = [one.tool.id for one in repositories.tools.summaries()][:2]
    for tool_id in (left, right):
        bench.deciding.edit(tool_id, PersonaId("builder"), words, Signature(editor="Ann"), verdict="ship")
    page = bench.publishing.page(bench.publishing.comparison(left, right))
    return b"".join(bench.publishing.export(page, one.name).data for one in bench.publishing.exporters)


def test_no_plan_store_backup_or_export_ever_sees_a_key(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY_KEY", CANARY)
    models = {"claude": ("anthropic", "claude-sonnet-5-5+echo"), "codestral": ("mistral", "codestral-2508+echo")}
    settings = Settings(
        workspace=tmp_path / "work.db",
        providers={
            name: ProviderSettings(api=api, model=model, base_url=url, key_name="CANARY_KEY")
            for name, (api, model) in models.items()
        },
        budgets=BudgetSettings(run=None, day=None),
    )
    bench = build(settings)
    try:
        with bench.store.reading() as repositories:
            dossier = repositories.tools.latest(repositories.tools.summaries()[0].tool.id)
        assert dossier is not None
        jobs = bench.planning.jobs(dossier, personas=["builder"])
        drafts = bench.drafting.start(jobs)
        bench.drafting.wait(one.id for one in drafts)
        failures = [bench.drafting.get(one.id).draft.failure for one in drafts]
        exported = pages_of(bench, " ".join(one.message for one in failures if one is not None))
    finally:
        bench.close()
    copy = back_up(settings.workspace, "now", datetime.now(UTC))
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert copy in tmp_path.rglob("*.db")
    assert exported.count(b"rejected with") >= 10  # in each of five formats, for each tool
    assert CANARY.encode() not in held + exported
    with closing(sqlite3.connect(settings.workspace)) as database:
        dump = "\n".join(database.iterdump())
    assert dump.count("rejected with") >= 2
    assert CANARY not in dump + repr(jobs) + repr(settings)
