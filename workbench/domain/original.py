"""What a dossier was made from, as it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from workbench.domain.ids import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The bytes that were pasted, filled in or uploaded: never cleaned, never sent to a model.

    `name` is the file's name, empty for a paste or a form; `format` is the reader's.
    """

    name: str
    format: str
    data: bytes = field(repr=False)

    @property
    def digest(self) -> Digest:
        """sha256 of the bytes."""
        return Digest(sha256(self.data).hexdigest())
