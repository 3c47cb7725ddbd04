"""Prose with strict `$slots`: a missing, unknown or unused one is an error, never a silent blank."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from workbench.domain.ids import Digest
from workbench.errors import SlotError


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One file of `prompts/`. `path` is for messages only."""

    id: str
    path: str
    text: str
    digest: Digest

    @property
    def slots(self) -> frozenset[str]:
        """The slots the text names. Raises SlotError when a `$` starts nothing."""
        template = Template(self.text)
        if not template.is_valid():
            raise SlotError(self.path, "", "a “$” here starts no slot.", "Write “$$” for a dollar sign.")
        return frozenset(template.get_identifiers())

    def fill(self, **values: str) -> str:
        """The text with every slot filled. Raises SlotError for a missing or an unknown slot."""
        for name in sorted(self.slots - values.keys()):
            known = ", ".join(f"${slot}" for slot in sorted(values)) or "none"
            raise SlotError(self.path, name, "nothing fills it.", f"Slots of this prompt: {known}.")
        for name in sorted(values.keys() - self.slots):
            raise SlotError(self.path, name, "the text never uses it.", f"Add ${name} to the prompt.")
        return Template(self.text).substitute(values)
