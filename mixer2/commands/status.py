"""`mixer2 status`: every node and filter of a running server."""

import json
from typing import Annotated, Any

import typer

from mixer2.commands.server_url import ServerUrl


def status(
    server: ServerUrl = "http://127.0.0.1:18002",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for scripts.")] = False,
) -> None:
    """Show what every node runs; the exit code is 1 while some node refuses something."""
    import asyncio

    from mixer2.control.client import fetch_status
    from mixer2.control.errors import ControlError

    try:
        found = asyncio.run(fetch_status(server))
    except ControlError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        _show(found)
    if found["server"]["problems"] or any(node["rejections"] for node in found["nodes"]):
        raise typer.Exit(1)


def _show(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    server = found["server"]
    console.print(f"[bold]{server['mesh']}[/]  read {server['loaded']}", highlight=False)
    for problem in server["problems"]:
        console.print(Text(f"refused: {problem}", style="red"))

    filters = Table("filter", "wanted", "module", "nodes", "rollout", title_justify="left")
    for one in found["filters"]:
        nodes = ", ".join(f"{count} {state}" for state, count in one["nodes"].items())
        filters.add_row(
            one["name"], one["wanted"], one["digest"][:12], nodes, _rollout(one["rollout"])
        )
    console.print(filters)

    table = Table("node", "filter", "state", "wanted", "in use", "since", "vm")
    for node in found["nodes"]:
        name = node["id"] if node["connected"] else f"{node['id']} (gone)"
        for one in node["filters"] or [None]:
            if one is None:
                table.add_row(name, "", "", "", "", "", "")
                continue
            colour = {"in use": "green", "refused": "red"}.get(one["state"], "yellow")
            state = Text(one["state"], style=colour)
            if one["reason"]:
                state.append(f": {one['reason']}")
            since = (one["since"] or "")[:19]
            table.add_row(
                *(name, one["name"], state, one["wanted"], one["in_use"] or "", since, one["vm"])
            )
            name = ""
    console.print(table)
    for node in found["nodes"]:
        for one in node["rejections"]:
            if one["type"] != "ECDS":
                what = f"{node['id']} refuses {one['type']} {one['name']}: {one['reason']}"
                console.print(Text(what, style="red"))


def _rollout(rollout: dict[str, Any] | None) -> str:
    if rollout is None:
        return ""
    if rollout["state"] in {"running", "paused"}:
        waiting = f", {rollout['waiting']}" if rollout["waiting"] else ""
        return f"{rollout['state']}: {rollout['progress']}{waiting}"
    why = f": {rollout['why']}" if rollout["why"] else ""
    return f"{rollout['state'].replace('_', ' ')}{why}"
