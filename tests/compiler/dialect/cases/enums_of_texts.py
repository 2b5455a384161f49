import json
from enum import StrEnum, auto, unique


@unique
class Method(StrEnum):
    GET = "get"
    PUT = "put"
    DELETE = auto()
    OTHER = "süß"

    @property
    def is_safe(self) -> bool:
        return self is Method.GET

    def with_path(self, path: str) -> str:
        return f"{self} {path}"

    @classmethod
    def default(cls) -> "Method":
        return cls.GET


class Shown(StrEnum):
    A = "a"
    ALIAS = "a"

    def __str__(self) -> str:
        return f"<{self.value}>"


def of_text(text: str) -> str:
    return text.upper() + "/" + text


def kind_of(value: object) -> str:
    match value:
        case Method.GET:
            return "get"
        case Method():
            return f"method {value}"
        case str():
            return f"text {value}"
    return "other"


def choose(text: str) -> int:
    match text:
        case Method.GET | Method.PUT:
            return 1
        case Method.DELETE:
            return 2
        case _:
            return 3


def as_member() -> None:
    print(Method.GET, repr(Method.PUT), Method.DELETE.value, Method.OTHER.name, str(Method.OTHER), len(Method))
    print([method.value for method in Method], list(Method), Method("put"), Method["OTHER"], Method("put") is Method.PUT)
    for wrong in ("patch", "GET", ""):
        try:
            print(Method(wrong))
        except ValueError as error:
            print(error)
    print(Method.GET.is_safe, Method.PUT.is_safe, Method.PUT.with_path("/x"), Method.default(), Method.GET in Method)
    print(isinstance(Method.GET, str), isinstance(Method.GET, Method), type(Method.GET) is Method, type(Method.GET) is str)
    print(Shown.A, f"{Shown.A}", repr(Shown.A), Shown.ALIAS is Shown.A, Shown("a").name, Shown.A.upper())


def as_text() -> None:
    method: Method = Method.GET
    print(method == "get", "get" == method, method != "get", method == Method.PUT, method < "put", "a" < method, method == 1)
    print(method + "!", ">" + method, method * 2, method[0], method[1:], method[::-1], len(method), "e" in method, method in "forget it")
    print(method.upper(), method.encode(), method.replace("g", "b"), method.startswith("ge"), method.split("e"), method.join(["a", "b"]))
    print(",".join([Method.GET, Method.PUT]), ",".join(Method), "-".join(method), sorted([Method.PUT, Method.GET]), max(Method.GET, Method.PUT))
    print(f"{method:>5}|{method!r}|{method!s}", "%s|%r|%5s" % (method, method, method), "{}|{:<4}|".format(method, method), "%s" % method)
    print(of_text(method), kind_of(method), kind_of(Method.PUT), kind_of("get"), kind_of("x"), choose(method), choose("put"), choose("delete"), choose("x"))
    print("forget".endswith(method), "put it".startswith((Method.GET, Method.PUT)), "get it".removeprefix(method), "forget".find(method))
    print(method in ("get", "put"), "put" in (Method.GET, Method.PUT), "put" in [Method.PUT], method in ["get"], "x" in {Method.GET, Method.PUT})
    print([character for character in method], list(Method.OTHER), {*method} == {"g", "e", "t"}, bool(method))
    print(json.dumps({"method": method, "all": list(Method)}), json.loads('"get"') == method)


def as_key() -> None:
    counts: dict[str, int] = {"get": 1}
    counts[Method.GET] += 1
    counts[Method.PUT] = 5
    print(counts["put"], counts[Method.GET], len(counts), counts.get(Method.DELETE, 0), Method.PUT in counts, "put" in counts)
    by_method: dict[Method, str] = {Method.GET: "read", Method.PUT: "write"}
    print(by_method[Method("get")], by_method, [str(key) for key in by_method])
    text: str = Method.PUT
    texts: dict[str, int] = {text: 1}
    texts[text] += 1
    print(texts["put"], texts[text], text is Method.PUT, text == "put", len({text, "put", Method.PUT}), hash(text) == hash("put"))
    names: list[str] = [Method.GET, "x"]
    print("get" in names, names.index("get"), names.count("get"), names == ["get", "x"], "|".join(names))
    anything: object = Method.GET
    if isinstance(anything, str):
        print(anything.upper(), anything + "s")
    if isinstance(anything, Method):
        print(anything.is_safe)


def main() -> None:
    as_member()
    as_text()
    as_key()
    try:
        raise ValueError(Method.GET)
    except ValueError as error:
        print(error, error.args == ("get",))
    print(int("12"), f"{Method.GET + Method.PUT}")
