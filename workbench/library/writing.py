"""Writes content files whole or not at all: what a reader finds is the old text or the new one."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from workbench.errors import LibraryError


def write_text(path: Path, text: str) -> None:
    """Put `text` in place of what the file holds, on the disk itself when this returns. Raises LibraryError."""
    try:
        target = path.resolve()
        handle, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(text.encode("utf-8"))
                out.flush()
                os.fsync(out.fileno())
            # mkstemp's own mode keeps everybody else out.
            Path(made).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
            Path(made).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(made).unlink()
            raise
        _settle(target.parent)
    except OSError as error:
        raise LibraryError(
            str(path),
            f"the file cannot be written ({error.strerror}).",
            "It is as it was, and your text is still on the screen: see to the disk or to who may write there, "
            "and save again.",
        ) from None


def fill(folder: Path, source: Path) -> None:
    """Make `folder` with the Markdown files of `source`, all of them or none. Raises LibraryError."""
    if folder.is_dir() and any(folder.iterdir()):
        raise LibraryError(
            str(folder),
            "other files are here already, and none of the workbench's.",
            f"Nothing was saved: move them elsewhere, or set `{folder.name}` in workbench.toml to another folder with "
            f"copies of the files in {source}.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            made.chmod(0o755)
            for path in source.glob("*.md"):
                shutil.copyfile(path, made / path.name)
            made.rename(folder)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise LibraryError(
            str(folder),
            f"the folder cannot be made ({error.strerror}).",
            "Nothing was saved: see to the disk or to who may write there, and save again.",
        ) from None


def _settle(folder: Path) -> None:
    """Have the folder's new entry on the disk, too, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
