"""The whole workbench in one place: real keys or rehearsal, a new workspace or an old one, and a clean end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeClock
from workbench import providers
from workbench.bootstrap import Workbench, build
from workbench.clock import SystemClock
from workbench.domain.ids import ToolId
from workbench.errors import KeyMissingError, SettingsError, WorkspaceError
from workbench.lineup import choose_providers
from workbench.plugins import discover
from workbench.ports import Adapter, ProviderConfig
from workbench.services.deciding import Signature
from workbench.settings import Settings, load

ROOT = Path(__file__).resolve().parents[1]
FAST = {"first_token": 0, "tokens_per_second": 100_000}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without keys and settings."""
    for name in list(os.environ):
        if name.startswith(("WORKBENCH_", "ANTHROPIC_", "MISTRAL_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def some_settings(folder: Path, **overrides: Any) -> Settings:
    return load(**({"workspace": folder / "workbench.db", "rehearsal": FAST} | overrides))


@contextmanager
def built(settings: Settings, *, create: bool = True) -> Generator[Workbench, None, None]:
    bench = build(settings, create=create)
    try:
        yield bench
    finally:
        bench.close()


def chosen(settings: Settings) -> tuple[dict[str, ProviderConfig], dict[str, str], bool]:
    adapters: list[Adapter] = discover(providers, "ADAPTER")
    return choose_providers(settings, {one.api: one for one in adapters})


CLAUDE, CODESTRAL = "ANTHROPIC_API_KEY", "MISTRAL_API_KEY"


@pytest.mark.parametrize(
    ("mode", "keys", "drafting", "rehearsing"),
    [
        ("auto", [], ["claude", "codestral"], True),
        ("auto", [CLAUDE], ["claude"], False),
        ("auto", [CODESTRAL], ["codestral"], False),
        ("auto", [CLAUDE, CODESTRAL], ["claude", "codestral"], False),
        ("always", [], ["claude", "codestral"], True),
        ("always", [CLAUDE, CODESTRAL], ["claude", "codestral"], True),
        ("never", [], [], False),
        ("never", [CODESTRAL], ["codestral"], False),
    ],
)
def test_real_models_and_rehearsal_are_never_mixed(
    home: Path, monkeypatch: pytest.MonkeyPatch, mode: str, keys: list[str], drafting: list[str], rehearsing: bool
) -> None:
    for key in keys:
        monkeypatch.setenv(key, f"sk-{key.lower()}")
    ready, idle, is_rehearsal = chosen(some_settings(home, rehearsal={"mode": mode}))
    assert (list(ready), is_rehearsal) == (drafting, rehearsing)
    assert {one.rehearsal for one in ready.values()} <= {rehearsing}
    reals = [] if rehearsing else [one.key.reveal() for one in ready.values()]
    assert reals == ([] if rehearsing else [f"sk-{key.lower()}" for key in keys])
    missing = {"claude": f"{CLAUDE} is not set", "codestral": f"{CODESTRAL} is not set"}
    assert idle == ({} if rehearsing else {name: why for name, why in missing.items() if name not in drafting})


def test_no_real_key_ever_reaches_the_rehearsal(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLAUDE, "sk-real")
    ready, _, _ = chosen(some_settings(home, rehearsal={"mode": "always"}))
    assert {(one.key.reveal(), one.base_url) for one in ready.values()} == {("rehearsal", "")}


def test_an_endpoint_of_ones_own_needs_no_key(home: Path) -> None:
    local = {"api": "mistral", "model": "m", "base_url": "http://127.0.0.1:1"}
    ready, idle, rehearsing = chosen(some_settings(home, providers={"local": local}))
    assert (ready["local"].base_url, ready["local"].key.reveal()) == ("http://127.0.0.1:1", "none")
    assert (idle, rehearsing) == ({}, False)


@pytest.mark.parametrize(
    ("api", "extra", "maker"),
    [
        ("anthropic", {}, "Anthropic"),
        ("mistral", {}, "Mistral"),
        ("mistral", {"base_url": "https://codestral.mistral.ai/v1"}, "Mistral"),
        ("mistral", {"base_url": "http://127.0.0.1:1"}, ""),
        ("mistral", {"base_url": "https://mistral.ai.example.org"}, ""),
        ("mistral", {"base_url": "http://127.0.0.1:1", "vendor": "Alibaba"}, "Alibaba"),
    ],
)
@pytest.mark.parametrize("mode", ["always", "never"])
def test_a_model_s_maker_is_the_api_s_vendor_at_its_own_address_or_as_set(
    home: Path, monkeypatch: pytest.MonkeyPatch, mode: str, api: str, extra: dict[str, str], maker: str
) -> None:
    monkeypatch.setenv(CLAUDE, "sk-a")
    monkeypatch.setenv(CODESTRAL, "sk-b")
    one = {"api": api, "model": "m", **extra}
    ready, _, _ = chosen(some_settings(home, providers={"one": one}, rehearsal={"mode": mode}))
    assert ready["one"].vendor == maker


def test_masking_is_on_unless_the_settings_turn_it_off(home: Path) -> None:
    with built(some_settings(home)) as bench:
        assert bench.masking.masked(None)
        assert "Codestral" in bench.masking.names
        (first, *_) = bench.planning.providers
        assert bench.makers.configured[first.name, first.model] == first.vendor
    with built(some_settings(home, review={"masked": False})) as bench:
        assert not bench.masking.masked(None)


def test_the_vendors_key_never_goes_to_an_endpoint_of_ones_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CODESTRAL, "sk-the-vendors")
    local = {"api": "mistral", "model": "m", "base_url": "http://127.0.0.1:1"}
    ready, _, _ = chosen(some_settings(home, providers={"local": local}))
    assert ready["local"].key.reveal() == "none"


def test_an_endpoint_with_a_key_of_its_own_waits_for_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = {"api": "mistral", "model": "m", "base_url": "http://127.0.0.1:1", "key_name": "GATEWAY_KEY"}
    never = {"mode": "never"}
    settings = some_settings(home, providers={"gateway": gateway}, rehearsal=never)
    assert chosen(settings) == ({}, {"gateway": "GATEWAY_KEY is not set"}, False)
    monkeypatch.setenv("GATEWAY_KEY", "g-1")
    assert chosen(settings)[0]["gateway"].key.reveal() == "g-1"


def test_a_disabled_provider_neither_drafts_nor_rehearses(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_PROVIDERS__CODESTRAL__ENABLED", "false")
    monkeypatch.setenv("WORKBENCH_PROVIDERS__CODESTRAL__API", "mistral")
    monkeypatch.setenv("WORKBENCH_PROVIDERS__CODESTRAL__MODEL", "codestral-2508")
    ready, idle, _ = chosen(some_settings(home))
    assert "codestral" not in ready.keys() | idle.keys()


@pytest.mark.parametrize(
    ("provider", "complaint"),
    [
        ({"api": "openai", "model": "m"}, "providers.mine.api is “openai”, which no provider file speaks. Use one of"),
        ({"api": "mistral", "model": "m", "mood": "gay"}, "providers.mine.mood is not a setting of “mistral”"),
        ({"api": "anthropic", "model": "m", "mod": "tool"}, "providers.mine.mod is not a setting of “anthropic”"),
    ],
)
def test_a_setting_no_provider_knows_is_named(home: Path, provider: dict[str, str], complaint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        chosen(some_settings(home, providers={"mine": provider}))
    assert complaint in str(caught.value)


def test_a_broken_key_stops_the_start_and_is_not_printed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLAUDE, "sk-secret two")
    with pytest.raises(SettingsError, match=CLAUDE) as caught:
        chosen(some_settings(home))
    assert "secret" not in str(caught.value)


def test_a_new_workspace_starts_with_the_sample_tools_and_an_old_one_keeps_its_own(home: Path) -> None:
    with built(some_settings(home)) as bench, bench.store.reading() as repositories:
        names = {one.tool.name for one in repositories.tools.summaries()}
        assert repositories.tools.count() == 2
    with built(some_settings(home), create=False) as bench, bench.store.reading() as repositories:
        assert {one.tool.name for one in repositories.tools.summaries()} == names
        assert repositories.tools.count() == 2


def test_a_new_workspace_can_start_empty(home: Path) -> None:
    with built(some_settings(home, sample=False)) as bench, bench.store.reading() as repositories:
        assert repositories.tools.count() == 0


def test_a_workspace_that_must_exist_is_not_made(home: Path) -> None:
    with pytest.raises(WorkspaceError):
        build(some_settings(home), create=False)
    assert not (home / "workbench.db").exists()


def test_without_keys_and_rehearsal_everything_works_but_drafting(home: Path) -> None:
    with built(some_settings(home, rehearsal={"mode": "never"})) as bench:
        assert set(bench.idle) == {"claude", "codestral"}
        with bench.store.reading() as repositories:
            dossier = repositories.tools.latest(repositories.tools.summaries()[0].tool.id)
        assert dossier is not None
        with pytest.raises(KeyMissingError, match=f"claude: {CLAUDE} is not set"):
            bench.planning.jobs(dossier)


def test_a_rehearsed_draft_goes_all_the_way_to_a_page(home: Path) -> None:
    with built(some_settings(home)) as bench:
        with bench.store.reading() as repositories:
            tools = [one.tool.id for one in repositories.tools.summaries()]
            dossiers = [one for tool_id in tools if (one := repositories.tools.latest(tool_id)) is not None]
        jobs = [job for one in dossiers for job in bench.planning.jobs(one, personas=["builder"])]
        drafts = bench.drafting.start(jobs)
        bench.drafting.wait(one.id for one in drafts)
        seen = [bench.drafting.get(one.id) for one in drafts]
        assert [(one.draft.state, one.draft.origin.rehearsal) for one in seen] == [("done", True)] * 4
        assert all(one.review.words > 20 for one in seen)
        for snapshot in seen:
            bench.deciding.accept(snapshot.draft.id, "ship", Signature(editor="Ann"))
        page = bench.publishing.page(bench.publishing.comparison(ToolId(tools[0]), ToolId(tools[1])))
        assert page.unseconded == ()  # one of the tools is its provider's maker's, but no model wrote
        assert (page.rehearsal, [card.panel for card in page.cards]) == (True, [100, 100])
        files = [bench.publishing.export(page, one.name) for one in bench.publishing.exporters]
        assert all(b"ehearsal" in file.data for file in files)
    assert not [one.name for one in threading.enumerate() if one.name == "drafting"]


def test_a_workbench_takes_the_clock_it_is_given(home: Path) -> None:
    clock = FakeClock()
    bench = build(some_settings(home), clock=clock)
    with bench.store.reading() as repositories:
        assert {one.changed_at for one in repositories.tools.summaries()} == {clock.now()}
    bench.close()


def test_ids_sort_by_the_time_they_were_made() -> None:
    class Clock(SystemClock):
        at = datetime(2026, 11, 23, tzinfo=UTC)

        def now(self) -> datetime:
            return self.at

    clock, ids = Clock(), list[str]()
    for year in (2026, 2027, 2040, 2100):
        clock.at = datetime(year, 1, 1, tzinfo=UTC)
        ids.append(clock.new_id())
    assert ids == sorted(ids)
    assert {len(one) for one in ids} == {16}
    assert all(set(one) <= set("0123456789abcdefghijklmnopqrstuvwxyz") for one in ids)
    assert len({clock.new_id() for _ in range(1000)}) == 1000


def test_the_clock_tells_the_time_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


KILLED_WHILE_SAMPLING = """
import sys, time
from pathlib import Path
from workbench.bootstrap import build
from workbench.library.files import FileLibrary
from workbench.settings import Settings

def sample():
    yield from FileLibrary.real_sample()[:1]
    print("sampling", flush=True)
    time.sleep(600)

FileLibrary.real_sample, FileLibrary.sample = staticmethod(FileLibrary.sample), staticmethod(sample)
build(Settings(workspace=Path(sys.argv[1])))
"""


def test_a_process_killed_while_it_adds_the_sample_leaves_no_workspace_without_one(home: Path) -> None:
    path = home / "workbench.db"
    command = [sys.executable, "-c", KILLED_WHILE_SAMPLING, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sampling\n"
        process.kill()
        process.wait()
    assert not path.exists()
    with built(some_settings(home)) as bench, bench.store.reading() as repositories:
        assert repositories.tools.count() == 2
    assert sorted(one.name for one in home.iterdir() if one.name.startswith("workbench.db")) == [
        "workbench.db",
        "workbench.db.owners",
    ]
