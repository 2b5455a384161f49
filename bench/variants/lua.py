"""Lua: Envoy's own scripting."""

from pathlib import Path

from bench.variants.variant import TYPE, Absent, Chain, Setting, Variant
from bench.works import F1, F2, F3, Work

_LUA = "envoy.extensions.filters.http.lua.v3.Lua"
_SCRIPTS = Path(__file__).with_name("lua")


def lua_f1(work: Work = F1) -> Variant:
    """A script that counts and adds a header."""
    return _script("f1", work)


def lua_f2() -> Variant:
    """A script that counts and times, as far as Lua sees."""
    return _script("f2", F2, note="no callback at log: sizes are content-lengths, flags are 0")


def lua_f3() -> Absent:
    """Lua has no data that workers share."""
    return Absent("Lua", F3, "each worker has its own Lua state; there is no shared data")


def _script(name: str, work: Work, note: str = "") -> Variant:
    def chain(_: Setting) -> Chain:
        source = {"inline_string": (_SCRIPTS / f"{name}.lua").read_text(encoding="utf-8")}
        return Chain(
            filters=tuple(
                {
                    "name": f"bench.lua_{number}",
                    "typed_config": {"@type": TYPE + _LUA, "default_source_code": source},
                }
                for number in range(work.stack)
            )
        )

    return Variant("Lua", work, chain, note=note)
