"""From the proxy's callbacks to the contexts.

The functions bear the names of the ABI and take and return ints only; the compiler exports them
and the test host calls them. A program exports the callbacks that it overrides, because each one
costs the proxy a call per request:

    always                   proxy_on_context_create, proxy_on_configure, proxy_on_delete
    proxy_on_vm_start        when PluginContext.on_vm_start is overridden
    proxy_on_done            PluginContext.on_done or HttpContext.on_done
    proxy_on_tick            PluginContext.on_tick
    proxy_on_log             HttpContext.on_log
    proxy_on_request_*,      HttpContext.on_request_headers and so on, one each
    proxy_on_response_*

Parts of `pal` that a program imports dispatch their own callbacks, and a few of these in place of
this module: `pal.parts`, `pal.timers`, `pal.http_callout`, `pal.grpc_callout`, `pal.queues`,
`pal.tcp`, `pal.access_log` (mixer2/compiler/callbacks.py). Compiled programs whose contexts
remember nothing have neither `proxy_on_context_create` nor `proxy_on_delete` (`pal.roots`).

Law: no exception leaves a callback, since it would take down every plugin of the VM. It is logged
with its traceback, counted, and then the plugin's error policy says what becomes of the request.

Source: Proxy-Wasm ABI 0.2.1, "Callbacks"; the order of calls is Envoy's.
"""

# ruff: noqa: ARG001, BLE001 - the ABI says the arguments, and no exception may leave a callback

from typing import Final

from pal import attributes, failure, hostcalls, log, metrics, registry, status
from pal.abi import BUFFER_PLUGIN_CONFIGURATION, NO_GRPC_STATUS
from pal.action import (
    BODY_CONTINUE,
    BODY_HOLD,
    HEADERS_CONTINUE,
    HEADERS_STOP_ALL,
    TRAILERS_CONTINUE,
    TRAILERS_HOLD,
    ErrorPolicy,
    body_status,
    headers_status,
    trailers_status,
)
from pal.context import HttpContext, PluginContext
from pal.errors import ConfigurationError, PalError
from pal.stat_names import stat_name

ERRORS_METRIC: Final = "mixer2_callback_errors_total"
"""Counter, by plugin, of the callbacks that raised."""

ERROR_DETAILS: Final = "mixer2_callback_error"
"""Response code details of the status 500 that ErrorPolicy.REFUSE answers with."""

_REFUSED: Final = 0
_ACCEPTED: Final = 1


class PluginFactory:
    """Makes the plugin's context for one more configuration."""

    def create(self) -> PluginContext:
        """A new plugin context."""
        raise NotImplementedError


class _State:
    """What one VM holds."""

    def __init__(self) -> None:
        self.factory = PluginFactory()


_state: Final = _State()


def register(factory: PluginFactory) -> None:
    """Say which plugin this program is; once, before the first callback."""
    _state.factory = factory


def reset() -> None:
    """Forget everything, as a new VM would."""
    _state.factory = PluginFactory()
    registry.clear()
    metrics.reset()


def add_plugin(root_id: int) -> None:
    """Make a plugin context."""
    try:
        registry.add_plugin(root_id, _state.factory.create())
    except Exception as error:
        report(error)


def proxy_on_vm_start(root_id: int, configuration_size: int) -> int:
    """The VM starts for a plugin; 0 refuses its configuration."""
    plugin = registry.plugin(root_id)
    if plugin is None:
        return _REFUSED
    try:
        return _ACCEPTED if plugin.on_vm_start() else _REFUSED
    except Exception as error:
        report(error)
    return _REFUSED


def proxy_on_configure(root_id: int, configuration_size: int) -> int:
    """Hand a plugin its configuration; 0 refuses it."""
    plugin = registry.plugin(root_id)
    if plugin is None:
        return _REFUSED
    if configuration_size > 0:
        configuration = hostcalls.get_buffer_bytes(
            BUFFER_PLUGIN_CONFIGURATION, 0, configuration_size
        )
        if configuration is None:
            log.error(f"no configuration to read: {status.name(hostcalls.last_status())}")
            return _REFUSED
        plugin.configuration = configuration
    try:
        if plugin.on_configure():
            return _ACCEPTED
        log.error("configuration refused: on_configure returned False")
    except ConfigurationError as refusal:
        log.error(f"configuration refused: {refusal}")
    except Exception as error:
        report(error)
    return _REFUSED


def proxy_on_context_create(context_id: int, parent_id: int) -> None:
    """Make a plugin context (without parent) or a stream's context."""
    if parent_id == 0:
        add_plugin(context_id)
        return
    plugin = registry.plugin(parent_id)
    if plugin is None:
        return
    try:
        registry.add_stream(context_id, plugin.create_http_context())
    except Exception as error:
        report(error)
        if plugin.error_policy is ErrorPolicy.REFUSE:
            registry.refuse(context_id, answered=False)


def proxy_on_request_headers(context_id: int, count: int, end_of_stream: int) -> int:
    """Headers of a request."""
    context = registry.stream(context_id)
    if context is None:
        return HEADERS_STOP_ALL if _answer_orphan(context_id) else HEADERS_CONTINUE
    try:
        return headers_status(context.on_request_headers(end_of_stream != 0))
    except Exception as error:
        return HEADERS_STOP_ALL if refuse(context_id, context, error) else HEADERS_CONTINUE


def proxy_on_request_body(context_id: int, size: int, end_of_stream: int) -> int:
    """Bytes of a request's body."""
    context = registry.stream(context_id)
    if context is None:
        return BODY_HOLD if _answer_orphan(context_id) else BODY_CONTINUE
    try:
        return body_status(context.on_request_body(size, end_of_stream != 0))
    except Exception as error:
        return BODY_HOLD if refuse(context_id, context, error) else BODY_CONTINUE


def proxy_on_request_trailers(context_id: int, count: int) -> int:
    """Trailers of a request."""
    context = registry.stream(context_id)
    if context is None:
        return TRAILERS_HOLD if _answer_orphan(context_id) else TRAILERS_CONTINUE
    try:
        return trailers_status(context.on_request_trailers())
    except Exception as error:
        return TRAILERS_HOLD if refuse(context_id, context, error) else TRAILERS_CONTINUE


def proxy_on_response_headers(context_id: int, count: int, end_of_stream: int) -> int:
    """Headers of a response."""
    context = registry.stream(context_id)
    if context is None:
        return HEADERS_STOP_ALL if _answer_orphan(context_id) else HEADERS_CONTINUE
    try:
        return headers_status(context.on_response_headers(end_of_stream != 0))
    except Exception as error:
        return HEADERS_STOP_ALL if refuse(context_id, context, error) else HEADERS_CONTINUE


def proxy_on_response_body(context_id: int, size: int, end_of_stream: int) -> int:
    """Bytes of a response's body."""
    context = registry.stream(context_id)
    if context is None:
        return BODY_HOLD if _answer_orphan(context_id) else BODY_CONTINUE
    try:
        return body_status(context.on_response_body(size, end_of_stream != 0))
    except Exception as error:
        return BODY_HOLD if refuse(context_id, context, error) else BODY_CONTINUE


def proxy_on_response_trailers(context_id: int, count: int) -> int:
    """Trailers of a response."""
    context = registry.stream(context_id)
    if context is None:
        return TRAILERS_HOLD if _answer_orphan(context_id) else TRAILERS_CONTINUE
    try:
        return trailers_status(context.on_response_trailers())
    except Exception as error:
        return TRAILERS_HOLD if refuse(context_id, context, error) else TRAILERS_CONTINUE


def proxy_on_log(context_id: int) -> None:
    """A stream's exchange is over."""
    context = registry.stream(context_id)
    if context is None:
        return
    try:
        context.on_log()
    except Exception as error:
        report(error)


def proxy_on_tick(root_id: int) -> None:
    """A plugin's tick period is over."""
    plugin = registry.plugin(root_id)
    if plugin is None:
        return
    try:
        plugin.on_tick()
    except Exception as error:
        report(error)


def proxy_on_done(context_id: int) -> int:
    """A context is about to go; 0 delays the end of a plugin context."""
    try:
        context = registry.stream(context_id)
        if context is not None:
            context.on_done()
            return 1
        plugin = registry.plugin(context_id)
        if plugin is not None:
            return 1 if plugin.on_done() else 0
    except Exception as error:
        report(error)
    return 1


def proxy_on_delete(context_id: int) -> None:
    """Let go of a context."""
    registry.discard(context_id)


def report(error: Exception) -> None:
    """Log and count an exception that a callback raised."""
    log.error(failure.describe(error))
    try:
        plugin = attributes.get_str("plugin_name") or "unknown"
        metrics.Counter(stat_name(ERRORS_METRIC, ["plugin"], [plugin])).increment()
    except PalError as uncounted:
        log.error(f"not counted in {ERRORS_METRIC}: {uncounted}")


def refuse(context_id: int, context: HttpContext, error: Exception) -> bool:
    """Report an error; True when the stream is now answered with 500 because of it."""
    report(error)
    if context.plugin.error_policy is ErrorPolicy.PASS or registry.is_refused(context_id):
        return False
    _answer(context_id)
    return True


def _answer_orphan(context_id: int) -> bool:
    """Answer a stream whose context could not be made; False when it may pass."""
    if not registry.awaits_answer(context_id):
        return False
    _answer(context_id)
    return True


def _answer(context_id: int) -> None:
    registry.refuse(context_id, answered=True)
    hostcalls.send_local_response(500, ERROR_DETAILS, b"", b"", NO_GRPC_STATUS)
