"""Runs programs of an extension module, in a process of its own: what C does wrong may end it.

python child.py LIBRARY.so PRELUDE NAME..     prints a line of JSON for each: name, lines
"""

import contextlib
import ctypes
import importlib.machinery
import importlib.util
import io
import json
import sys
from pathlib import Path
from types import ModuleType


def library(path: Path) -> ModuleType:
    """The extension module that has the code of all."""
    name = path.stem
    loader = importlib.machinery.ExtensionFileLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def load(code: ModuleType, name: str) -> ModuleType:
    """Run the body of one module, as its shim would."""
    address = ctypes.pythonapi.PyCapsule_GetPointer
    address.restype = ctypes.c_void_p
    address.argtypes = [ctypes.py_object, ctypes.c_char_p]
    capsule = getattr(code, f"init_{name}")
    start = address(capsule, f"{code.__name__}.init_{name}".encode())
    module: ModuleType = ctypes.PYFUNCTYPE(ctypes.py_object)(start)()
    sys.modules[name] = module
    return module


def main() -> None:
    """Run them, and tell of each before the next begins."""
    path, prelude, *names = sys.argv[1:]
    code = library(Path(path).absolute())
    if hasattr(code, f"init_{prelude}"):
        load(code, prelude)
    for name in names:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            try:
                load(code, name).main()
            except Exception as error:  # noqa: BLE001  (the difference is told)
                print(f"{type(error).__name__}: {error}")  # noqa: T201
        sys.stdout.write(json.dumps([name, output.getvalue().split("\n")[:-1]]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
