"""An app server without the seconds that imports take: forked from a process that has them behind it.

That process is the standard library's fork server: it runs no thread and has opened nothing, so what is forked from
it goes on as a fresh interpreter would. The command's own start is tested in `tests/cli/test_serving.py`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "alembic.autogenerate",
        "anthropic",
        "mistralai.client",
        "pandas",
        "sqlalchemy.dialects.sqlite",
        "streamlit.web.bootstrap",
        "streamlit.web.cli",
        "workbench.bootstrap",
        "workbench.cli.app",
    ]
)


def workbench(*arguments: str, folder: Path, environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """Run `workbench ARGUMENTS` in that folder and environment, with all it prints added to the log."""
    process = _FORKS.Process(target=_run, args=(arguments, folder, dict(environment), log), daemon=True)
    process.start()
    return process


def _run(arguments: tuple[str, ...], folder: Path, environment: dict[str, str], log: Path) -> None:
    with log.open("ab") as out:
        for stream in (1, 2):
            os.dup2(out.fileno(), stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    from workbench.cli.app import main

    sys.argv = ["workbench", *arguments]
    main()
