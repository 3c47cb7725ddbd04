"""How far a tool has come: a mark for each persona's cell, and the shelf of the desk it stands on."""

from __future__ import annotations

from typing import Literal

Mark = Literal["settled", "reopened", "approved", "drafted", "streaming", "rejected", "failed"]
"""Where a cell stands: approved with a verdict; approved, and a fact it rests on has changed; approved without a
verdict; a draft waits for a decision; drafts stream; every usable draft was rejected; no draft is usable. A cell nobody
drafted has no mark."""
Shelf = Literal["progress", "second", "reopened", "ready", "undrafted"]
"""A tool somebody has begun and that is not ready; one of those with a quote that needs a second look; one of those
with a quote whose facts have changed; one with every quote and verdict and nothing left to look at; one nobody has
begun."""
SHELVES: tuple[Shelf, ...] = ("progress", "second", "reopened", "ready", "undrafted")
APART: tuple[Shelf, ...] = ("progress", "ready", "undrafted")
"""Shelves that share no tool and hold every one: what is to be looked at again is a part of the progress."""
APPROVED: frozenset[Mark] = frozenset({"settled", "reopened", "approved"})
"""A cell with a quote."""
UNDECIDED: frozenset[Mark] = frozenset({"drafted", "approved", "reopened"})
"""What an editor can decide at once."""
