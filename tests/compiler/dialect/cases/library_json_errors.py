import json


def main() -> None:
    docs = [
        '{"a": [1, 2.5, null, true, false, "x\\u00e9\\ud83d\\ude00"], "b": {}}',
        "[]",
        " 1 ",
        '"\\n\\t\\"\\/"',
        "-0",
        "1e5",
        "-1.5E-3",
        "[1,]",
        '{"a":}',
        "{a:1}",
        "nul",
        "",
        "[1 2]",
        '"abc',
        '"\x01"',
        "01",
        "1.",
        "+1",
        "[",
        '{"a" 1}',
        "NaN",
        "Infinity",
        '"\\ud800"',
        '{"a":1,"a":2}',
        "[1]x",
        "\ufeff1",
        '"\\x"',
        "4611686018427387903",
    ]
    for d in docs:
        try:
            print(repr(json.loads(d)))
        except json.JSONDecodeError as e:
            print(e, e.msg, e.pos, e.lineno, e.colno)
    v = {"k": [1, 2.0, None, True, 'é\n"\\\x01😀'], "n": {"x": -0.0, "y": 1e100}, "t": [1, [2]]}
    print(
        json.dumps(v),
        json.dumps(v, sort_keys=True, separators=(",", ":")),
        json.dumps(v, ensure_ascii=False),
    )
    print(
        json.dumps([]),
        json.dumps({}),
        json.dumps("x"),
        json.dumps(None),
        json.dumps(1.5),
        json.dumps({1: 2, True: 3, None: 4, 1.5: 5}),
        json.dumps((1, 2)),
    )
    for bad in ({(1, 2): 3}, {1}, b"x"):
        try:
            print(json.dumps(bad))
        except TypeError as e:
            print(e)
