"""The log of answers to findings in the database."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench.domain.answer import Answer
from workbench.domain.ids import ToolId
from workbench.domain.text import digest
from workbench.store import codec
from workbench.store.tables import AnswerRow


class SqlAnswers:
    """The `Answers` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, answer: Answer) -> None:
        text = codec.encode(codec.ANSWER, answer, "The answer")
        self._session.add(
            AnswerRow(
                tool_id=answer.tool_id,
                persona_id=answer.persona_id,
                at=answer.at,
                answer=text,
                answer_sha256=digest(text),
            )
        )
        self._session.flush()

    def of_tool(self, tool_id: ToolId) -> list[Answer]:
        rows = self._session.scalars(select(AnswerRow).where(AnswerRow.tool_id == tool_id).order_by(AnswerRow.seq))
        return [_answer(row) for row in rows]


def _answer(row: AnswerRow) -> Answer:
    what = f"Answer {row.seq}, to a finding on {row.persona_id} for {row.tool_id},"
    return codec.decode(codec.ANSWER, codec.opened(row.answer, row.answer_sha256, what), what)
