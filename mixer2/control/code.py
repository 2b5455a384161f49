"""The code of filters: a .wasm as it is, a .py as the compiler makes it."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Container, Iterable
from pathlib import Path

from mixer2.control.errors import CodeError
from mixer2.control.watch import stamp_of

_MOST_BYTES = 64 << 20


class CodeFiles:
    """The modules of filters, read or built again only when a file changed."""

    def __init__(self) -> None:
        self._modules: dict[Path, tuple[object, bytes]] = {}

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
        made = await (_built(path) if path.suffix == ".py" else asyncio.to_thread(_read, path))
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


async def _built(path: Path) -> bytes:
    """Compile in a process of its own: the compiler would keep this one from answering nodes."""
    await asyncio.to_thread(_read, path)
    with tempfile.TemporaryDirectory(prefix="mixer2-") as folder:
        output = Path(folder, "filter.wasm")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mixer2", "build", str(path), "--output", str(output)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            _, said = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            lines = said.decode(errors="replace").strip().splitlines()
            # The last line counts the errors.
            raise CodeError("\n".join(lines[:-1] or lines) or f"{path}: does not compile")
        return await asyncio.to_thread(_read, output)
