"""`workbench doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.guarding import open_to_others
from workbench.cli.modelling import ask
from workbench.cli.opening import JsonOption, WorkspaceOption, examples, library_of, settings_for
from workbench.cli.printing import console, line, put_json, table
from workbench.cli.serving import home
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.domain.models import ModelCard
    from workbench.ports import ProviderConfig
    from workbench.settings import Settings

EXAMPLES = examples("workbench doctor", "workbench doctor --deep", "workbench doctor --json --workspace ./reviews.db")
LEAST_FREE = 200_000_000
"""Bytes under which a disk is nearly full."""
_PACKAGES = ("review-workbench", "streamlit", "anthropic", "mistralai", "httpx2", "SQLAlchemy", "pydantic")


@dataclass(slots=True, kw_only=True)
class Findings:
    """What was found; `problems` are sentences with their remedies."""

    versions: dict[str, str] = field(default_factory=dict[str, str])
    workspace: dict[str, Any] = field(default_factory=dict[str, Any])
    config: str = ""
    rehearsal: bool | None = None
    providers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ready: list[ProviderConfig] = field(default_factory=list["ProviderConfig"])
    personas: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])


def doctor(
    *,
    deep: Annotated[bool, typer.Option("--deep", help="Also ask each provider's endpoint for its models.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Check versions, workspace, settings, providers, personas and disk; exit code 1 when something is wrong."""
    found = Findings(versions=_versions())
    try:
        settings = settings_for(workspace)
        _config(found)
        for check in (_workspace, _providers, _personas, _disk):
            check(found, settings)
        _models(found, settings, deep=deep)
    except WorkbenchError as error:  # settings nobody can read: nothing else can be said
        found.problems.append(str(error))
    if as_json:
        put_json(_shape(found))
    else:
        _print(found)
    if found.problems:
        raise typer.Exit(1)


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def _config(found: Findings) -> None:
    from workbench.settings import config_file

    file = config_file()
    found.config = str(file.absolute()) if file.is_file() else f"none (it would be {file})"
    # Streamlit looks for the sign-in's secrets where it runs, and at the user's home.
    folders = dict.fromkeys((Path.cwd(), home(), Path.home()))
    found.warnings.extend(open_to_others(file, *(one / ".streamlit" / "secrets.toml" for one in folders)))


def _workspace(found: Findings, settings: Settings) -> None:
    path = settings.workspace.expanduser().absolute()
    found.workspace = {"path": str(path), "state": "not made yet", "tools": None}
    if not path.exists():
        if "workspace" in settings.model_fields_set:
            found.problems.append(f"There is no workspace at {path}. Check the path; the app makes a new one there.")
        return
    from workbench.bootstrap import build

    try:
        bench = build(settings, create=False)
    except WorkbenchError as error:
        found.workspace["state"] = "cannot be opened"
        found.problems.append(str(error))
        return
    try:
        with bench.store.reading() as repositories:
            found.workspace |= {"state": "sound", "tools": repositories.tools.count()}
    finally:
        bench.close()


def _providers(found: Findings, settings: Settings) -> None:
    """Each configured model with why it does or does not draft; of a key only whether it is set."""
    from workbench import providers
    from workbench.lineup import choose_providers
    from workbench.plugins import discover

    adapters = {one.api: one for one in discover(providers, "ADAPTER")}
    try:
        ready, idle, found.rehearsal = choose_providers(settings, adapters)
    except WorkbenchError as error:
        found.problems.append(str(error))
        return
    for name, one in settings.providers.items():
        key_name = one.key_name or adapters[one.api].key_name if one.api in adapters else one.key_name
        state = "rehearsal" if found.rehearsal else "ready" if name in ready else idle.get(name, "not enabled")
        found.providers.append(
            {
                "name": name,
                "api": one.api,
                "model": one.model,
                "key_name": key_name,
                "key_set": bool(key_name and settings.secret(key_name)),
                "state": state if one.enabled else "not enabled",
            }
        )
    found.ready = list(ready.values())
    if not ready:
        why = "; ".join(f"{name}: {reason}" for name, reason in idle.items()) or "none is enabled"
        found.problems.append(f"No provider can draft ({why}). Set a key, or allow rehearsal.")


def _models(found: Findings, settings: Settings, *, deep: bool) -> None:
    """Which configured models are gone or about to go: by our own table, and with `deep` by their endpoints' lists."""
    from workbench.bootstrap import build
    from workbench.services.modelling import notices

    if not found.ready:
        return
    listed: dict[str, Sequence[ModelCard]] = {}
    if deep:
        with TemporaryDirectory() as folder:  # the workspace may be missing or damaged, and is no part of this
            bench = build(settings.model_copy(update={"workspace": Path(folder) / "none.db", "sample": False}))
            try:
                for one in found.ready:
                    listed[one.name], problem = ask(bench, one)
                    if problem:
                        found.problems.append(f"{one.name}: {problem}")
            finally:
                bench.close()
    for notice in notices(found.ready, datetime.now(UTC).date(), listed):
        loud = notice.past and not found.rehearsal  # a rehearsal needs no model
        (found.problems if loud else found.warnings).append(f"{notice.message} {notice.remedy}")


def _personas(found: Findings, settings: Settings) -> None:
    library = library_of(settings)
    try:
        found.personas = [one.id for one in library.personas()]
        library.prompts()
    except WorkbenchError as error:
        found.problems.append(str(error))
        return
    found.problems.extend(library.problems())


def _disk(found: Findings, settings: Settings) -> None:
    folder: Path = settings.workspace.expanduser().absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found.workspace["free_bytes"] = free
    if free < LEAST_FREE:
        found.problems.append(f"Only {free / 1e6:.0f} MB are free at {folder}. Make room before drafting.")


def _shape(found: Findings) -> dict[str, Any]:
    return {
        "ok": not found.problems,
        "problems": found.problems,
        "warnings": found.warnings,
        "versions": found.versions,
        "workspace": found.workspace,
        "config": found.config,
        "rehearsal": found.rehearsal,
        "providers": found.providers,
        "personas": found.personas,
    }


def _print(found: Findings) -> None:
    out = console()
    out.print(" · ".join(f"{name} {value}" for name, value in found.versions.items()), soft_wrap=True)
    if found.workspace:
        free = found.workspace.get("free_bytes", 0) / 1e9
        out.print(
            f"Workspace: {found.workspace['path']}: {found.workspace['state']}, {free:.1f} GB free.", soft_wrap=True
        )
        out.print(f"Settings file: {found.config}", soft_wrap=True)
    if found.providers:
        listed = table("provider", "model", "key", "set", "state")
        for one in found.providers:
            listed.add_row(
                one["name"], line(one["model"]), one["key_name"], "yes" if one["key_set"] else "no", line(one["state"])
            )
        out.print(listed)
    if found.personas:
        out.print(f"Personas: {', '.join(found.personas)}", soft_wrap=True)
    for warning in found.warnings:
        out.print(f"! {line(warning)}", style="yellow", soft_wrap=True)
    for problem in found.problems:
        out.print(f"✗ {line(problem)}", style="red", soft_wrap=True)
    out.print("Everything is in order." if not found.problems else f"Problems: {len(found.problems)}.")
