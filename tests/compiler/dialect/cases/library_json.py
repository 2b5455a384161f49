import json
from json import JSONDecodeError, loads
from typing import Any


def main() -> None:
    value: Any = json.loads('{"a": [1, 2.5, "é\\u00e9", null, true], "b": {"c": {}}}')
    print(value, value["a"][2], json.dumps(value), json.dumps(value, sort_keys=True, ensure_ascii=False))
    print(json.dumps([1, "x"], separators=(",", ":")), loads(b"[-0.0, 1e3]"))
    for wrong in ("", "[1,", '{"a" 1}', '"\\x"', "nul", "[1] 2"):
        try:
            print(loads(wrong))
        except JSONDecodeError as error:
            print(error, error.msg, error.pos, error.lineno, error.colno)
    try:
        print(json.dumps({1, 2}))
    except TypeError as not_json:
        print(not_json)
