"""The code of filters: a .wasm as it is, a .py as the compiler makes it."""

import asyncio
from collections.abc import Container, Iterable
from pathlib import Path

from mixer2.control.builder import Builder
from mixer2.control.errors import CodeError
from mixer2.control.watch import stamp_of

_MOST_BYTES = 64 << 20


class CodeFiles:
    """The modules of filters, read or built again only when a file changed."""

    def __init__(self) -> None:
        self._modules: dict[Path, tuple[object, bytes]] = {}
        self._builder = Builder()

    def close(self) -> None:
        """End the process that builds."""
        self._builder.close()

    def changed(self, files: Iterable[Path]) -> None:
        """Forget what is made of these; a filter may import all Python beside it and below."""
        python = [file for file in files if file.suffix == ".py"]
        for path in tuple(self._modules):
            folder = path.absolute().parent
            if path.suffix == ".py" and any(file.is_relative_to(folder) for file in python):
                del self._modules[path]

    async def module_of(self, path: Path) -> bytes:
        """Return the module of a filter, built if it is Python.

        Raises:
            CodeError: there is no such file, or it does not compile.
        """
        stamp = stamp_of(path)
        known = self._modules.get(path)
        if known is not None and stamp is not None and known[0] == stamp:
            return known[1]
        made = await asyncio.to_thread(_read, path)
        if path.suffix == ".py":
            made = await self._builder.build(path)
        self._modules[path] = stamp, made
        return made

    def keep_only(self, paths: Container[Path]) -> None:
        """Forget all other files."""
        self._modules = {path: one for path, one in self._modules.items() if path in paths}


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CodeError(f"{path}: larger than {_MOST_BYTES >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise CodeError(f"{path}: {error.strerror}") from error
