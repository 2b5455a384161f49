import bisect
import heapq
import itertools
from collections import Counter, OrderedDict, defaultdict, deque
from functools import cache, lru_cache, reduce

calls: list[int] = []


@cache
def square(n: int) -> int:
    calls.append(n)
    return n * n


@lru_cache(maxsize=2)
def cube(n: int) -> int:
    calls.append(-n)
    return n * n * n


def is_small(n: int) -> bool:
    return n < 3


def add(a: int, b: int) -> int:
    return a + b


def parity(n: int) -> int:
    return n % 2


def shown_deque() -> None:
    recent: deque[int] = deque(maxlen=3)
    for n in range(5):
        recent.append(n)
    print(recent, len(recent), recent[0], recent[-1], list(recent), 3 in recent, 9 in recent)
    recent.appendleft(7)
    recent.extendleft([8, 9])
    print(recent, recent.pop(), recent.popleft(), recent, recent == deque([8]), bool(recent), recent.maxlen)
    both: deque[str] = deque("abcdefghij")
    both.rotate(3)
    print(both, both.count("a"))
    both.rotate(-1)
    both.extend(["x", "y"])
    both[0] = "first"
    print(both, both.copy() == both)
    for wrong in range(2):
        try:
            if wrong:
                print(both[99])
            both.clear()
            both.pop()
        except IndexError as error:
            print(error)
    both.extend("ab")
    try:
        for item in both:
            both.append(item)
    except RuntimeError as changed:
        print(changed)


def shown_dicts() -> None:
    order: OrderedDict[str, int] = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
    order.move_to_end("a")
    order.move_to_end("c", last=False)
    print(order, list(order), order["a"], order.get("x"), order.get("x", 5), "a" in order, len(order))
    print(order.popitem(), order.popitem(last=False), order, OrderedDict(), order.setdefault("z", 9))
    print(order.pop("z"), list(order.items()), list(order.values()), order == OrderedDict([("b", 2)]))
    try:
        order.move_to_end("nothing")
    except KeyError as missing:
        print(repr(missing))
    counts = Counter("abracadabra")
    print(counts, counts["a"], counts["x"], counts.most_common(2), counts.total(), len(counts))
    counts.update("xyz")
    counts.subtract("aaa")
    counts["b"] += 5
    print(counts.most_common(), sorted(counts.elements()), Counter() == Counter(""), Counter())
    groups: defaultdict[str, list[int]] = defaultdict(list)
    groups["a"].append(1)
    groups["a"].append(2)
    groups["b"].append(3)
    print(sorted(groups.items()), len(groups), "c" in groups)


def shown_orders() -> None:
    numbers = [1, 3, 3, 5]
    print(bisect.bisect_left(numbers, 3), bisect.bisect_right(numbers, 3), bisect.bisect(numbers, 9))
    bisect.insort(numbers, 4)
    bisect.insort_left(numbers, 0)
    print(numbers, bisect.bisect(["a", "c"], "b"), bisect.bisect_left([1.5, 2.5], 2.0, 1))
    heap: list[tuple[int, str]] = []
    for item in ((3, "c"), (1, "a"), (2, "b"), (0, "z"), (5, "e")):
        heapq.heappush(heap, item)
    print(heap, heapq.heappop(heap), heapq.heappushpop(heap, (9, "x")), heapq.heapreplace(heap, (4, "d")))
    print(heap, heapq.nsmallest(2, heap), heapq.nlargest(2, [5, 1, 9, 3]))
    values = [(7 * n) % 11 for n in range(11)]
    heapq.heapify(values)
    print(values, [heapq.heappop(values) for _ in range(11)])
    try:
        heapq.heappop(values)
    except IndexError as empty:
        print(empty)


def shown_iterators() -> None:
    print(list(itertools.islice(itertools.count(5, 2), 4)), list(itertools.islice("abcdefg", 1, 6, 2)))
    print(list(itertools.chain([1], (2, 3), {4})), list(itertools.repeat("x", 2)))
    print(list(itertools.takewhile(is_small, [1, 2, 3, 1])), list(itertools.dropwhile(is_small, [1, 3, 1])))
    print(list(itertools.accumulate([1, 2, 3], add)), list(itertools.pairwise("abc")))
    print(list(itertools.product([1, 2], "ab")), list(itertools.filterfalse(is_small, [1, 5])))
    print([(key, list(run)) for key, run in itertools.groupby([1, 3, 2, 4, 5], parity)])
    print(list(itertools.islice(itertools.cycle("ab"), 5)), list(itertools.islice("ab", 0)))
    for start, stop, step in ((1, -1, 1), (-1, 2, 1), (0, -3, 1), (0, 3, 0)):
        try:
            print(list(itertools.islice("abc", start, stop, step)))
        except ValueError as wrong:
            print(wrong)
    print(list(itertools.islice("abc", 1, None)), list(itertools.accumulate([], add)))


def main() -> None:
    shown_deque()
    shown_dicts()
    shown_orders()
    shown_iterators()
    calls.clear()
    for n in (2, 3, 2, 4, 2):
        square(n)
        cube(n)
    print(len(calls) in (2, 5, 6, 7), square(3), cube(4), reduce(add, [1, 2, 3], 10))
