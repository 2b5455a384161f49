"""Cycles in a graph: its strongly connected components.

Source: Tarjan, "Depth-first search and linear graph algorithms" (1972), without recursion.
"""

from collections.abc import Mapping


def cycles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """The sets of nodes each of which leads to each, itself included.

    Args:
        graph: Where each node leads to; what it has no entry for is left out.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: set[str] = set()
    stack: list[str] = []
    found: list[set[str]] = []
    for root, called in graph.items():
        if root in index:
            continue
        work = [(root, iter(sorted(called)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in graph:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(sorted(graph[target]))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    if len(component) > 1 or node in graph[node]:
                        found.append(set(component))
    return found
