"""Every seam: what the services need from the outside, and nothing of how it is done.

One module for each side of the workbench; all names are imported from here.
"""

from __future__ import annotations

from workbench.ports.clock import Clock
from workbench.ports.following import Exports, Ledger, Reopenings
from workbench.ports.formats import Check, Exporter, Intake, Reader
from workbench.ports.library import Library, WritableLibrary
from workbench.ports.logs import Answers, Readings
from workbench.ports.providers import Adapter, Prices, Provider, ProviderConfig, Secret
from workbench.ports.store import (
    Archive,
    Comparisons,
    Decisions,
    Drafts,
    Editions,
    Opinions,
    Repositories,
    Scratch,
    Sides,
    Store,
)
from workbench.ports.tools import Originals, Revision, Tools, ToolSummary

__all__ = [
    "Adapter",
    "Answers",
    "Archive",
    "Check",
    "Clock",
    "Comparisons",
    "Decisions",
    "Drafts",
    "Editions",
    "Exporter",
    "Exports",
    "Intake",
    "Ledger",
    "Library",
    "Opinions",
    "Originals",
    "Prices",
    "Provider",
    "ProviderConfig",
    "Reader",
    "Readings",
    "Reopenings",
    "Repositories",
    "Revision",
    "Scratch",
    "Secret",
    "Sides",
    "Store",
    "ToolSummary",
    "Tools",
    "WritableLibrary",
]
