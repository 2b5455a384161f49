"""What all connections of a plugin learn together: names of topics, groups of clients."""

from typing import Final

_MAX_ENTRIES: Final = 10_000


class Directory:
    """Names by what stands for them on the wire. Bounded: what is beyond stays unnamed."""

    def __init__(self) -> None:
        self._topics: dict[bytes, str] = {}
        self._groups: dict[str, str] = {}

    def name_topics(self, names: dict[bytes, str]) -> None:
        """Learn names of topics by their ids."""
        for topic_id, name in names.items():
            if topic_id in self._topics or len(self._topics) < _MAX_ENTRIES:
                self._topics[topic_id] = name

    def topic_name(self, topic_id: bytes) -> str:
        """A topic's name, or its id in hexadecimal while nobody has seen the name."""
        return self._topics.get(topic_id) or topic_id.hex()

    def join(self, client_id: str, group: str) -> None:
        """Learn which group a client belongs to."""
        if client_id in self._groups or len(self._groups) < _MAX_ENTRIES:
            self._groups[client_id] = group

    def group_of(self, client_id: str) -> str:
        """The group of a client; empty when it is not known to have one."""
        return self._groups.get(client_id, "")
