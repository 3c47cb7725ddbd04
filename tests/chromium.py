"""Where Debian's Chromium is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

CHROMIUM = Path(shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium")
"""The shell alone, where it is there: the whole browser draws its own windows, too, and takes twice the time."""


def needed() -> Path:
    """Chromium; the test is skipped where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium-headless-shell)")
    return CHROMIUM
