def find(d: dict[str, str], default: str | None) -> str | None:
    return d.get("k", default)
def main() -> None:
    print(find({}, None), find({"k": "v"}, None), find({}, "d"))
