"""Several processes on one workspace, and one that is killed in the middle of a draft."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.store.samples import TOOL
from workbench.domain.draft import Draft
from workbench.store.workspace import SqlStore

HERE = Path(__file__).resolve().parents[2]


@contextmanager
def child(store: SqlStore, task: str, editor: str = "Ann") -> Generator[subprocess.Popen[str], None, None]:
    command = [sys.executable, "-m", "tests.store.child", str(store.path), task, editor]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert heard(process) == "ready"
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str]) -> str:
    return _pipe(process.stdout).readline().strip()


def tell(process: subprocess.Popen[str], line: str) -> None:
    pipe = _pipe(process.stdin)
    pipe.write(line + "\n")
    pipe.flush()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def orphans(store: SqlStore) -> list[Draft]:
    with store.reading() as repositories:
        return repositories.drafts.orphans()


def test_a_killed_processs_draft_is_an_orphan_with_every_acknowledged_word(store: SqlStore) -> None:
    with child(store, "write") as process:
        acknowledged = [int(heard(process)) for _ in range(50)][-1]
        assert orphans(store) == []
        process.kill()
        process.wait()
        acknowledged = max([acknowledged, *(int(line) for line in _pipe(process.stdout) if line.endswith("\n"))])
    (orphan,) = orphans(store)
    assert len(orphan.text) >= acknowledged
    assert orphan.text == "".join(f"{position % 10}🙂" for position in range(0, len(orphan.text), 2))
    assert orphan.live
    assert orphans(store) == [orphan]


def test_of_two_processes_deciding_at_once_exactly_one_wins(store: SqlStore) -> None:
    with child(store, "race", "Ann") as ann, child(store, "race", "Bob") as bob:
        for number in range(1, 21):
            tell(ann, str(number))
            tell(bob, str(number))
            outcomes = {"Ann": heard(ann), "Bob": heard(bob)}
            winner, loser = sorted(outcomes, key=lambda editor: outcomes[editor] != "saved")
            assert outcomes[winner] == "saved"
            assert outcomes[loser].startswith(f"{winner} saved a decision on builder for a-tool first")
    with store.reading() as repositories:
        assert [decision.number for decision in repositories.decisions.of_tool(TOOL)] == list(range(1, 21))
