"""Which process writes which drafts: a lock file each, freed by the system when the process dies."""

from __future__ import annotations

import secrets
import threading
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from workbench.errors import StoreError


def owners_folder(workspace: Path) -> Path:
    """The folder of the lock files beside the workspace file."""
    return workspace.with_name(f"{workspace.name}.owners")


def lock_file(path: Path) -> FileLock:
    """A lock that any thread of the process may release."""
    return FileLock(path, thread_local=False)


class Owners:
    """This process's claim, and a look at everybody else's. Safe from any thread."""

    def __init__(self, workspace: Path) -> None:
        self._folder = owners_folder(workspace)
        self._own = secrets.token_hex(8)
        self._lock: FileLock | None = None
        self._guard = threading.Lock()

    def claim(self) -> str:
        """This process's owner id; from now until `release` the others can see that it lives.

        Raises StoreError when the lock file cannot be made.
        """
        with self._guard:
            if self._lock is None:
                lock = lock_file(self._path(self._own))
                try:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    lock.acquire(timeout=0)
                except OSError as error:
                    raise StoreError(
                        f"The lock file {lock.lock_file} cannot be made: {error.strerror or error}.",
                        "Allow this user to write the workspace's folder.",
                    ) from error
                self._lock = lock
        return self._own

    def alive(self, owner: str) -> bool:
        """Whether that owner's process still runs; this one does."""
        if owner == self._own:
            return True
        path = self._path(owner)
        if not path.is_file():
            return False
        lock = lock_file(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return True
        lock.release()
        # Owner ids are never used again, so nobody waits for this file.
        with suppress(OSError):
            path.unlink()
        return False

    def release(self) -> None:
        """Give up the claim and remove its lock file."""
        with self._guard:
            if self._lock is None:
                return
            self._lock.release()
            self._lock = None
            with suppress(OSError):
                self._path(self._own).unlink()

    def _path(self, owner: str) -> Path:
        return self._folder / f"{owner}.lock"
