"""Cohorts: which nodes get a new version at a step.

A node's place in the order is a hash of its id and the filter's name: the same at every step, so
that a later step has all nodes of the earlier ones, and another for every filter, so that it is not
always the same nodes that go first.
"""

from hashlib import sha256


def place_of(filter_name: str, node_id: str) -> float:
    """Return a node's place among all nodes, from 0 to 100 exclusive."""
    digest = sha256(f"{filter_name}\0{node_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * 100 / 2**64
