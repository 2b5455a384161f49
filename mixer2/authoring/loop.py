"""Run a filter, and run it again whenever the author saves."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from mixer2.authoring.changes import changes
from mixer2.authoring.configuration import read_configuration
from mixer2.authoring.console import AuthorConsole
from mixer2.authoring.errors import RunError
from mixer2.authoring.exchange import Request, exchange
from mixer2.authoring.profile import Module, Profile, build
from mixer2.authoring.session import Session, session
from mixer2.compiler import CompileError
from mixer2.component.errors import ComponentError
from mixer2.envoy.errors import EnvoyError

_LOG_PERIOD_S = 0.2
_STATS_PERIOD_S = 1.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the author asked for.

    Attributes:
        source: The filter.
        configuration: Its configuration file; YAML becomes JSON.
        upstream: URL of the service behind Envoy; an echo when there is none.
        port: Where Envoy takes requests; 0 for a port that the system picks.
        request: To send after each delivery, headers shown; None for none.
        watch: Build and deliver again on every save; else until the first delivery only.
        profile: How the filter is built.
    """

    source: Path
    configuration: Path | None
    upstream: str | None
    port: int
    request: Request | None
    watch: bool
    profile: Profile = Profile.AOT


async def run(options: RunOptions, console: AuthorConsole) -> None:
    """Run until cancelled.

    Raises:
        CompileError: the filter cannot be compiled, before anything was started.
        RunError: what was asked for is not to be had.
        EnvoyError: Envoy is missing, or does not start.
    """
    artefact = await _built(options, console)
    console.built(len(artefact.wasm), artefact.seconds)
    configuration = read_configuration(options.configuration)
    running = session(
        options.upstream,
        port=options.port,
        code=artefact.wasm,
        source=options.source,
        configuration=configuration,
    )
    async with AsyncExitStack() as stack:
        with console.progress("starting Envoy"):
            live, first = await stack.enter_async_context(running)
        console.delivered(first)
        console.serving(await live.proxy_url(), live.envoy.admin.url)
        await _try_request(options, live, console)
        if not options.watch:
            await asyncio.sleep(_LOG_PERIOD_S)
            console.log(live.envoy.log())
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_show_log(live, console))
            tasks.create_task(_show_stats(live, console))
            tasks.create_task(_until_envoy_ends(live))
            tasks.create_task(_redeliver(options, live, console, artefact))


async def _built(options: RunOptions, console: AuthorConsole) -> Module:
    with console.progress(f"compiling {options.source.name}"):
        try:
            return await asyncio.to_thread(build, options.source, options.profile)
        except ComponentError as error:
            raise RunError(str(error)) from error


async def _redeliver(
    options: RunOptions, live: Session, console: AuthorConsole, running: Module
) -> None:
    """Build and deliver on every save. What cannot be built or read changes nothing."""
    async for changed in changes(options.source, options.configuration):
        saved = _saved(changed)
        try:
            built = await _built(options, console)
            configuration = read_configuration(options.configuration)
        except CompileError as error:
            console.refused_by_compiler([str(d) for d in error.diagnostics])
            continue
        except RunError as error:
            console.problem(str(error))
            continue
        if built.digest != running.digest:
            console.built(len(built.wasm), built.seconds)
        running = built
        with console.progress("handing it to Envoy"):
            delivery = await live.deliver(built.wasm, options.source.stem, configuration)
        console.delivered(delivery, saved)
        await _try_request(options, live, console)


def _saved(paths: set[Path]) -> float | None:
    """When the latest of some files was written, in seconds since 1970; None when all are gone."""
    times = []
    for path in paths:
        # Editors put another file in its place just now.
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return max(times, default=None)


async def _try_request(options: RunOptions, live: Session, console: AuthorConsole) -> None:
    """Send the request that the author wants to see, and show both sides of it."""
    if options.request is None:
        return
    url = await live.proxy_url()
    try:
        console.exchange(await exchange(url, options.request, live.echo))
    except (aiohttp.ClientError, OSError) as error:
        console.problem(f"{options.request.method} {url}{options.request.path}: {error}")


async def _show_log(live: Session, console: AuthorConsole) -> None:
    while True:
        console.log(live.envoy.log())
        await asyncio.sleep(_LOG_PERIOD_S)


async def _show_stats(live: Session, console: AuthorConsole) -> None:
    admin = live.envoy.admin
    while True:
        try:
            console.stats(await admin.stats("^wasmcustom"))
            console.histograms(await admin.histograms("^wasmcustom"))
        except EnvoyError:
            # It has ended, and that is told.
            return
        await asyncio.sleep(_STATS_PERIOD_S)


async def _until_envoy_ends(live: Session) -> None:
    code = await live.envoy.wait()
    raise RunError(f"Envoy ended with code {code}")
