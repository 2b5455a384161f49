from typing import TypedDict, NotRequired, Required


class Movie(TypedDict):
    title: str
    year: int
    tags: NotRequired[list[str]]


class Partial(TypedDict, total=False):
    a: int
    b: Required[str]


def show(m: Movie) -> str:
    return f"{m['title']} {m['year']} {m.get('tags', [])} {'tags' in m}"


def main() -> None:
    m: Movie = {"title": "T", "year": 1999}
    print(show(m), m)
    m["tags"] = ["x"]
    m["year"] += 1
    print(show(m), sorted(m.keys()), len(m))
    p = Partial(b="q")
    p["a"] = 3
    print(p, p.get("a"), p.get("zz"))
    del p["a"]
    try:
        print(p["a"])
    except KeyError as e:
        print("key", e)
    for k, v in m.items():
        print(k, v)
    n = m.copy()
    n.update({"year": 5})
    print(m == n, {**m}, m | {"year": 3})
    print(m.setdefault("year", 4), m.pop("tags", None))
