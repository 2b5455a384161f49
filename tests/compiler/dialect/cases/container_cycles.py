# leaves objects: a list and a dict that contain themselves.
def main() -> None:
    things: list[object] = [1]
    things.append(things)
    print(len(things), things[1] is things)
    table: dict[str, object] = {}
    table["self"] = table
    print(len(table))
