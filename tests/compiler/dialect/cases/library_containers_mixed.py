from collections import Counter, OrderedDict, defaultdict, deque
import bisect, heapq, itertools, functools


def main() -> None:
    d = deque([1, 2, 3], maxlen=3)
    d.append(4)
    d.appendleft(0)
    d.rotate(1)
    print(
        d,
        d[0],
        d[-1],
        len(d),
        list(reversed(d)),
        d.pop(),
        d.popleft(),
        2 in d,
        d.maxlen,
        deque("ab") == deque(["a", "b"]),
        d.count(2),
        d,
    )
    try:
        deque[int]().popleft()
    except IndexError as e:
        print(e)
    c = Counter("abracadabra")
    c.update("aaz")
    c["q"] -= 1
    print(
        c.most_common(2),
        c["a"],
        c["nope"],
        sorted(c.elements())[:3],
        sum(c.values()),
        dict(c.items()),
        c.total(),
    )
    dd: defaultdict[str, list[int]] = defaultdict(list)
    dd["a"].append(1)
    dd["b"]
    print(dict(dd.items()), "c" in dd, dd.get("c"), len(dd))
    o = OrderedDict([("a", 1), ("b", 2)])
    o.move_to_end("a")
    o["c"] = 3
    print(list(o.items()), o.popitem(last=False), list(o), o == OrderedDict([("a", 1), ("c", 3)]))
    h = [5, 1, 4]
    heapq.heapify(h)
    heapq.heappush(h, 0)
    print(
        heapq.heappop(h),
        h,
        heapq.nlargest(2, h),
        heapq.nsmallest(2, [3, 1, 2]),
        heapq.heapreplace(h, 9),
        heapq.heappushpop(h, 2),
        h,
    )
    xs = [1, 3, 3, 5]
    print(bisect.bisect(xs, 3), bisect.bisect_left(xs, 3), bisect.bisect_right(xs, 0))
    bisect.insort(xs, 4)
    print(xs)
    print(
        list(itertools.chain([1], "a")),
        list(itertools.islice(itertools.count(5, 2), 3)),
        list(itertools.islice([1, 2, 3, 4], 1, None, 2)),
        list(itertools.takewhile(lambda v: v < 3, xs)),
        list(itertools.dropwhile(lambda v: v < 3, xs)),
        list(itertools.accumulate([1, 2, 3], lambda a, b: a * b)),
        list(itertools.pairwise("abc")),
        list(itertools.product([1, 2], "ab")),
        [(k, list(g)) for k, g in itertools.groupby("aabbc", lambda x: x)],
        list(itertools.repeat("x", 2)),
        list(itertools.filterfalse(lambda v: v % 2 == 1, xs)),
    )
    print(
        functools.reduce(lambda a, b: a + b, [1, 2], 10),
        list(itertools.islice(itertools.cycle("ab"), 5)),
    )
