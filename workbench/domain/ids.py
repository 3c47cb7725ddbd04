"""Names for the strings that identify things, so that one is never passed for another."""

from __future__ import annotations

from typing import NewType

ToolId = NewType("ToolId", str)
"""Slug of the tool's name, unique in a workspace: `codestral-2-1`."""
PersonaId = NewType("PersonaId", str)
"""File name of the persona without `.md`."""
ProviderName = NewType("ProviderName", str)
"""Key of the provider in the settings."""
DraftId = NewType("DraftId", str)
RunId = NewType("RunId", str)
ComparisonId = NewType("ComparisonId", str)
"""Both tool ids in alphabetical order around `--vs--`: a slug holds no double hyphen, so no two pairs share one."""
Digest = NewType("Digest", str)
"""sha256 as 64 hex digits."""
