import base64
import binascii
import hashlib
import hmac
import struct
import zlib


def first_line(view: memoryview) -> memoryview:
    for index, byte in enumerate(view):
        if byte == 10:
            return view[:index]
    return view


def kind_of(view: memoryview) -> str:
    match view:
        case []:
            return "empty"
        case [one]:
            return f"one {one}"
        case [first, *rest]:
            return f"{first} and {len(rest)}"
    return "no sequence"


def cut(data: bytes) -> None:
    view = memoryview(data)
    print(len(view), view[0], view[-1], bytes(view[1:3]), view[2:].tobytes(), view[1:4][1:][0])
    print(bytes(view[::2]), view[::-1].tobytes(), list(view[4:1:-2]), view[::-1][::2].tolist())
    print(bytes(view[10:]), bytes(view[3:1]), bytes(view[:-2]), bytes(view[None:2]), len(view[9:2]))
    print(view[::2][1], view[::2][-1], view[::3][1:].tobytes(), view[True])
    print(view.hex(), view.hex("-"), view[1:].hex(":", 2), view[::2].hex())
    print(view.nbytes, view.itemsize, view.format, view.readonly, view.ndim, view.shape, view.strides)
    print(view[::2].nbytes, view[::2].shape, view[::2].strides, view[::2].contiguous, view.contiguous)
    print(view.c_contiguous, view[::-1].f_contiguous, view.obj == data, view[1:].obj == data)
    print(view[:1][::2].contiguous, view.tobytes("C"), view.tobytes(order=None))
    for none in (view[:0], view[:0][::2], view[5:1:2], view[::-1][:0]):
        print(none.contiguous, bytes(none), none == b"", len(none), none.strides)


def walk(view: memoryview) -> None:
    print(list(view), tuple(view), sum(view), max(view), sorted(view, reverse=True), set(view) == {*view})
    print([byte + 1 for byte in view], list(reversed(view)), list(enumerate(view))[:2], list(zip(view, view[1:])))
    print(97 in view, 5 in view, b"a" in view, 97 not in view, bool(view), bool(view[:0]), not view)
    first, second, *others = view
    print(first, second, others)
    walker = iter(view)
    print(next(walker), next(walker), list(walker), next(walker, None))


def compare(view: memoryview) -> None:
    same = memoryview(b"-abcdef-")[1:-1]
    print(view == b"abcdef", b"abcdef" == view, view == same, view != same, view is same, view == view[:3])
    print(view == bytearray(b"abcdef"), bytearray(b"abcdef") == view, view[::2] == b"ace", b"ace" == view[::2])
    print(view[::2] == same[::2], view[::-1] == same, view == b"", view[:0] == b"", view == b"abcdeg")
    some: list[object] = [1, "abcdef", None, b"abcdef", [97]]
    print([view == other for other in some], [view != other for other in some])
    print(hash(view) == hash(b"abcdef"), hash(view[::2]) == hash(b"ace"), {view: 1}[same], {b"ace": 2}.get(b"ace"))
    names: dict[object, str] = {b"abc": "short", b"abcdef": "long"}
    print(names[view], names[view[:3]], names.get(view[:2]), same in {view}, b"abcdef" in {view})


def pass_on(view: memoryview) -> None:
    print(b"".join([view[:2], b"-", view[4:]]), b"<" + view + b">", bytearray(b"x") + view, bytearray(view[1:3]))
    grown = bytearray(b">")
    grown += view[:2]
    grown.extend(view[2:4])
    grown[0:1] = view[4:]
    print(grown, bytearray(view[::2]), bytes(view[::2]))
    print(b"xabcdefy".find(view), view in b"xabcdefy", b"abcdefgh".startswith(view), b"abcabc".count(view[:3]))
    print(b"1abcdef2".split(view), b"abcdefg".removeprefix(view), b"aXa".replace(view[:1], view[1:3]), b"ab1".strip(view))
    print(str(view, "utf-8"), str(view[2:4], "ascii"), int.from_bytes(view[:2], "big"), int.from_bytes(view[4:], "little", signed=True))
    print(struct.unpack_from(">HB", view, 1), struct.unpack("2s4s", view), list(struct.iter_unpack("<H", view)))
    print(hashlib.sha256(view).hexdigest()[:12], zlib.crc32(view), zlib.crc32(view[2:], 7), binascii.crc32(view))
    print(hmac.digest(view, view[1:], "sha256").hex()[:12], hmac.compare_digest(view, b"abcdef"))
    print(base64.b64encode(view), base64.b64decode(memoryview(b"YWI=")), binascii.hexlify(view), base64.urlsafe_b64encode(view[1:]))
    digest = hashlib.sha256()
    digest.update(view[:3])
    digest.update(view[3:])
    print(digest.hexdigest() == hashlib.sha256(b"abcdef").hexdigest())


def refuse(view: memoryview, index: int, step: int) -> None:
    try:
        print(view[index])
    except IndexError as error:
        print(error)
    try:
        print(view[::step])
    except ValueError as error:
        print(error)
    try:
        view[0] = 1
    except TypeError as error:
        print(error)
    try:
        view[0:2] = b"xy"
    except TypeError as error:
        print(error)
    for wrong in ("text", 3, None, [1]):
        try:
            print(memoryview(wrong))  # type: ignore[arg-type]
        except TypeError as error:
            print(error)
    for task in (0, 1, 2, 3):
        try:
            if task == 0:
                print(view + b"a")  # type: ignore[operator]
            elif task == 1:
                print(view < view)  # type: ignore[operator]
            elif task == 2:
                print(view * 2)  # type: ignore[operator]
            else:
                print(view["a"])  # type: ignore[call-overload]
        except TypeError as error:
            print(error)


def let_go(data: bytes) -> None:
    with memoryview(data) as view:
        part = view[1:]
        print(view[0], part[0])
    walker = iter(part)
    print(next(walker))
    for task in range(8):
        try:
            match task:
                case 0:
                    print(len(view))
                case 1:
                    print(view[0])
                case 2:
                    print(list(view))
                case 3:
                    print(view.tobytes())
                case 4:
                    print(hash(view))
                case 5:
                    print(view.nbytes)
                case 6:
                    print(memoryview(view))
                case _:
                    print(bool(view))
        except ValueError as error:
            print(error)
    print(view == data, view == view, data == view, bytes(part), repr(view)[:20])
    view.release()
    part.release()
    try:
        print(next(walker))
    except ValueError as error:
        print(error)


def main() -> None:
    view = memoryview(b"abcdef")
    cut(b"abcdef")
    walk(view)
    compare(view)
    pass_on(view)
    refuse(view, 6, 0)
    let_go(b"abc")
    print(bytes(first_line(memoryview(b"GET /\nHost: x"))), len(first_line(view)))
    print(kind_of(view), kind_of(view[:0]), kind_of(view[2:3]), repr(view).startswith("<memory at 0x"))
    anything: object = view[::2]
    print(isinstance(anything, memoryview), isinstance(view, bytes), type(view) is memoryview, type(anything) is memoryview)
    if isinstance(anything, memoryview):
        print(anything.tolist(), view.toreadonly() == view, memoryview(anything).tolist())
    print(memoryview.__name__, type(anything).__name__)
