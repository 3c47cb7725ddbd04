"""`workbench rehearse`: the rehearsal server on its own, for SDKs and other programs."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Annotated

import typer

from workbench.cli.listening import refuse_strangers, refuse_taken
from workbench.cli.opening import examples
from workbench.cli.printing import console
from workbench.errors import InputError

EXAMPLES = examples(
    "workbench rehearse --port 8600",
    "workbench rehearse --port 8600 --first-token 0 --tokens-per-second 5000     as fast as it goes",
    "workbench rehearse --port 8600 --fault 2=overloaded --fault 5=cut           the second and the fifth draft fail",
)


def rehearse(
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes a free one.")] = 0,
    first_token: Annotated[float, typer.Option(min=0, max=60, help="Seconds to the first token.")] = 0.6,
    tokens_per_second: Annotated[float, typer.Option(min=0.1, max=100_000, help="Pace of one stream.")] = 60,
    faults: Annotated[
        list[str] | None,
        typer.Option("--fault", metavar="N=NAME", help="Fail the N-th draft so; may be repeated; `?` lists the names."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    i_know: Annotated[bool, typer.Option("--i-know", help="Listen where other machines can reach it.")] = False,
) -> None:
    """Serve both vendors' protocols on this machine; answers are composed by rule, no model is called."""
    from workbench.rehearsal.server import serve_forever

    script = _script(faults or [])
    refuse_strangers(host, allowed=i_know, what="the rehearsal server")
    if port:
        refuse_taken(host, port, remedy="Choose another one with --port, or --port 0 for a free one.")
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):  # while it starts or stops: ended is ended
        serve_forever(
            first_token=first_token,
            tokens_per_second=tokens_per_second,
            host=host,
            port=port,
            ready=_introduce,
            script=script,
        )


def _script(faults: Sequence[str]) -> dict[int, str]:
    """Which draft fails how. Raises InputError; `?` prints every fault and ends."""
    from workbench.rehearsal.faults import FAULTS, listed

    if "?" in faults:
        console().print(listed(), soft_wrap=True, markup=False, highlight=False)
        raise typer.Exit
    found: dict[int, str] = {}
    for one in faults:
        number, _, name = one.partition("=")
        if not number.isdecimal() or not int(number) or name not in FAULTS:
            advice = "Write the draft's number and the fault: --fault 2=overloaded. `--fault '?'` lists them."
            raise InputError(f"“{one}” names no fault.", advice, field="--fault")
        found[int(number)] = name
    return found


def _introduce(url: str) -> None:
    out = console()
    for text in (
        f"Rehearsal server: {url}",
        "No model is called; any key will do. Point the SDKs at it:",
        f'  anthropic.Anthropic(api_key="rehearsal", base_url="{url}")      or ANTHROPIC_BASE_URL={url}',
        f'  mistralai.Mistral(api_key="rehearsal", server_url="{url}")',
        f'  workbench.toml: base_url = "{url}" under [providers.claude] or [providers.codestral]',
        "Ctrl-C ends it.",
    ):
        out.print(text, soft_wrap=True)
    out.file.flush()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
