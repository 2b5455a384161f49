"""TCP connections."""

from collections.abc import Mapping

from tests.conformance.case import Case, Connection
from tests.conformance.probe import Call, Round, Rounds, call

END = 0xFFFFFFFF
_CALLBACKS = [
    "on_context_create",
    "on_new_connection",
    "on_downstream_data",
    "on_upstream_data",
    "on_downstream_connection_close",
    "on_upstream_connection_close",
    "on_log",
    "on_done",
    "on_delete",
]
_PATHS = (
    "source.absent plugin_name request.size request.total_size response.size response.flags "
    "response.code upstream.num_endpoints xds.cluster_name xds.cluster_metadata "
    "xds.listener_direction xds.filter_chain_name xds.route_name xds.upstream_host_metadata "
    "request.path request.headers request.protocol connection.mtls "
    "connection.requested_server_name metadata filter_state xds.node.id"
)


def read(buffer: int) -> list[Call]:
    return [call("get_buffer_bytes", buffer, 0, 100)]


def connection(
    name: str,
    *steps: str,
    early_data: bool = False,
    changed: Mapping[str, Rounds] | None = None,
) -> Case:
    """Every callback, those with data reading it; `changed` ones do something else."""
    callbacks: dict[str, Rounds] = {callback: [] for callback in _CALLBACKS}
    callbacks["on_downstream_data"] = read(2)
    callbacks["on_upstream_data"] = read(3)
    return Case(name, {**callbacks, **(changed or {})}, Connection(steps, early_data))


def attributes(callback: str) -> Case:
    calls = [call("get_property", path.replace(".", "\0")) for path in _PATHS.split()]
    script = Connection(("> abc", "< defg", ">|", "<|"))
    return Case(f"attributes of a connection in {callback}", {callback: calls}, script)


CASES = [
    connection(
        "a conversation that the client ends", "> hello", "< world", "> more", ">|", "< tail", "<|"
    ),
    connection("a conversation that the upstream ends", "> hello", "< world", "<|", "> late", ">|"),
    connection("a connection that the client resets", "> hello", ">x"),
    connection("a server that speaks first", "< greet", "> a", ">|", "<|"),
    connection(
        "bytes of the client that are held come again with the next",
        *("> a", "> b", "> c", "> d", ">|", "<|"),
        changed={"on_downstream_data": [Round(read(2), 1), Round(read(2), 1), Round(read(2), 0)]},
    ),
    connection(
        "bytes of the client that are held to the end are lost",
        *("> a", "> b", ">|", "<|"),
        changed={"on_downstream_data": Round(read(2), 1)},
    ),
    connection(
        "bytes of the upstream that are held come again with the next",
        *("< a", "< b", "< c", "< d", ">|", "<|"),
        changed={"on_upstream_data": [Round(read(3), 1), Round(read(3), 1), Round(read(3), 0)]},
    ),
    connection(
        "a connection held in on_new_connection never shows data",
        *("> a", "> b", ">|", "<|"),
        changed={"on_new_connection": Round([], 1)},
    ),
    connection(
        "with early data a held connection shows data and goes on with it",
        *("> a", "> b", ">|", "<|"),
        early_data=True,
        changed={"on_new_connection": Round([], 1)},
    ),
    connection(
        "with early data a held connection can wait for more",
        *("> a", "> b", "> c", ">|", "<|"),
        early_data=True,
        changed={
            "on_new_connection": Round([], 1),
            "on_downstream_data": [Round(read(2), 1), Round(read(2), 0)],
        },
    ),
    connection(
        "with early data bytes can be held of a connection that went on",
        *("> a", "> b", "> c", ">|", "<|"),
        early_data=True,
        changed={"on_downstream_data": [Round(read(2), 1), Round(read(2), 0)]},
    ),
    connection(
        "bytes can be edited at their ends",
        *("> a", "< b", ">|", "<|"),
        changed={
            "on_downstream_data": [
                call("set_buffer_bytes", 2, 0, 0, b"<"),
                call("set_buffer_bytes", 2, END, 0, b">"),
                call("set_buffer_bytes", 2, 1, 1, b"x"),
                *read(2),
            ],
            "on_upstream_data": [call("set_buffer_bytes", 3, 0, END, b"replaced")],
        },
    ),
    connection(
        "continue_stream in on_new_connection that holds",
        *("> a", ">|", "<|"),
        changed={"on_new_connection": Round([call("continue_stream", 2)], 1)},
    ),
    connection(
        "continue_stream in on_downstream_data that holds",
        *("> a", "> b", ">|", "<|"),
        changed={"on_downstream_data": Round([call("continue_stream", 2)], 1)},
    ),
    connection(
        "close_stream of the downstream",
        *("> a", "> b", ">|", "<|"),
        changed={"on_downstream_data": [call("close_stream", 2)]},
    ),
    connection(
        "close_stream of the upstream closes the same connection",
        *("> a", "> b", ">|", "<|"),
        changed={"on_downstream_data": [call("close_stream", 3)]},
    ),
    connection(
        "close_stream in on_new_connection",
        *("> a", "> b", ">|", "<|"),
        changed={"on_new_connection": [call("close_stream", 2)]},
    ),
    connection(
        "what belongs to HTTP does nothing",
        *("> a", ">|", "<|"),
        changed={
            "on_new_connection": [
                call("get_header_map_value", 0, "x"),
                call("get_header_map_pairs", 0),
                call("get_buffer_bytes", 0, 0, 10),
                call("send_local_response", 403, "", "", b"", -1),
                call("continue_stream", 0),
                call("continue_stream", 1),
                call("continue_stream", 3),
                call("close_stream", 0),
            ]
        },
    ),
    *map(attributes, ("on_new_connection", "on_downstream_data", "on_upstream_data", "on_log")),
]
