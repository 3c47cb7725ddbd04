"""The routes of the rehearsal server: both vendors on one port."""

from __future__ import annotations

from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from workbench.rehearsal.admission import Door
from workbench.rehearsal.anthropic_api import AnthropicApi
from workbench.rehearsal.anthropic_batches import MessageBatches
from workbench.rehearsal.faults import HEADER, listed
from workbench.rehearsal.mistral_api import MistralApi
from workbench.rehearsal.mistral_batches import BatchJobs
from workbench.rehearsal.mistral_counter import COUNTER
from workbench.rehearsal.mistral_files import Files
from workbench.rehearsal.model_lists import models
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.writer import Writer

NOTICE = "Rehearsal: no model is called here. Drafts are composed by rule."


def build_app(pace: Pace, door: Door, *, cache_misses: float = 0) -> Starlette:
    """A fresh server with empty caches, behind a door that keeps faults and limits."""
    writer = Writer()
    anthropic = AnthropicApi(pace, door, writer)
    mistral = MistralApi(pace, door, writer, misses=cache_misses)

    files = Files()
    return Starlette(
        routes=[
            Route("/", _notice),
            Route("/v1/messages", anthropic.messages, methods=["POST"]),
            Route("/v1/messages/count_tokens", anthropic.count_tokens, methods=["POST"]),
            Route("/v1/models", models),
            Route("/v1/models/{id}", models),
            *MessageBatches(partial(anthropic.answer, batched=True)).routes(),
            Route("/v1/chat/completions", mistral.chat, methods=["POST"]),
            COUNTER,
            *BatchJobs(partial(mistral.answer, batched=True), files).routes(),
            *files.routes(),
        ],
        exception_handlers={HTTPException: _lost},
    )


async def _notice(_request: Request) -> Response:
    return PlainTextResponse(
        f"{NOTICE}\n\nIt fails on request: by the header {HEADER}, or a model named like model+cut.\n\n{listed()}\n"
    )


async def _lost(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    shape = {"type": "error", "error": {"type": "not_found_error", "message": "The rehearsal has no such endpoint."}}
    return JSONResponse(shape, status_code=status)
