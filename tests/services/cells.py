"""Drafts put straight into the store, and the short way to decide about them."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes import FakeClock, a_dossier, an_answer
from tests.services.test_live import a_draft
from workbench.domain.draft import Draft, State
from workbench.domain.ids import Digest, DraftId, PersonaId, ProviderName, ToolId
from workbench.domain.interest import Makers
from workbench.ports import Check, Library, Store
from workbench.services.backgrounds import Backgrounds
from workbench.services.checking import Checking
from workbench.services.deciding import Deciding, Signature
from workbench.services.guarding import ConflictGuard
from workbench.services.remarking import Remarking

TOOL = ToolId("a-tool")
BUILDER = PersonaId("builder")
ANN = Signature(editor="Ann")


def a_remarking(library: Library, *checks: Check) -> Remarking:
    """Remarks by these checks."""
    return Remarking(checking=Checking(checks=checks), backgrounds=Backgrounds(library=library))


class Desk(Deciding):
    """Decisions, and drafts to decide about."""

    def __init__(
        self, *, store: Store, clock: FakeClock, makers: Makers | None = None, guard: ConflictGuard | None = None
    ) -> None:
        super().__init__(store=store, clock=clock, makers=makers, guard=guard)
        self.store = store
        self.clock = clock

    def draft(
        self,
        *said: str,
        text: str | None = None,
        state: State = "done",
        tool: ToolId = TOOL,
        persona: PersonaId = BUILDER,
        rehearsal: bool = False,
        dossier_digest: Digest | None = None,
    ) -> Draft:
        """A stored draft that says `said`, or whose answer is `text`."""
        with self.store.writing() as repositories:
            take = repositories.drafts.next_take(tool, persona, "claude")
            dossier = repositories.tools.latest(tool) or a_dossier(tool)
            origin = replace(
                a_draft().origin,
                id=DraftId(self.clock.new_id()),
                tool_id=tool,
                persona_id=persona,
                provider=ProviderName("claude"),
                take=take,
                rehearsal=rehearsal,
                dossier_digest=dossier_digest or dossier.digest,
            )
            answer = text if text is not None else an_answer(*said)
            made = Draft(origin=origin, state=state, text=answer, model_reported="claude-of-the-day")
            repositories.drafts.add(made)
        return made
