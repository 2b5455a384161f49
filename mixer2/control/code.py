"""The code of filters: a .wasm as it is, a .py as the compiler makes it."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from mixer2.control.errors import CodeError

_MOST_BYTES = 64 << 20


async def module_bytes(path: Path) -> bytes:
    """Return the module of a filter, built if it is Python.

    Raises:
        CodeError: there is no such file, or it does not compile.
    """
    if path.suffix == ".py":
        return await _built(path)
    return await asyncio.to_thread(_read, path)


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
