"""Where the test data beside the checkout is, and the mark for tests that need it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("WORKBENCH_SHARED") or Path(__file__).resolve().parents[2] / "shared")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared test data is not beside this checkout")
