import hashlib


def attempt(view: memoryview, task: int) -> object:
    match task:
        case 0:
            return b"abc".find(view)
        case 1:
            return view in b"abc"
        case 2:
            return hashlib.sha256(view).digest_size
        case 3:
            return b"".join([view])
        case 4:
            return b"a" + view
        case _:
            return str(view, "ascii")


def main() -> None:
    stepped = memoryview(b"abcdef")[::2]
    released = memoryview(b"abcdef")
    released.release()
    for view in (stepped, released):
        for task in range(6):
            try:
                print(attempt(view, task))
            except (BufferError, TypeError, ValueError):
                print(task, "refused")
