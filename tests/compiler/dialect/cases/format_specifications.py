def main() -> None:
    n, x, s, b = -1234567, 3.14159265, "héllo", True
    print(
        f"{n:,} {n:_} {n:>+15,d} {n:015d} {n:<15d}| {n:^15d}| {n:=+15d} {255:#x} {255:#X} {255:#010b} {255:o} {n:e} {n:.2f} {65:c} {n:n}"
    )
    print(
        f"{x:.3} {x:10.4f}| {x:<10.1f}| {x:+.2e} {x:%} {x:.1%} {x:g} {1e20:g} {1e-10:g} {1e16} {1e15} {x:010.3f} {-x:=10.2f} {x:_^12.2f} {1234567.891:,.2f} {0.0:g} {float('inf'):f} {float('nan'):08.2f} {x!r:>12}"
    )
    print(f"{s:>10} {s:*<8} {s:^9}| {s:.3} {s!a} {s!r:>12} {b} {b:d} {b:>6} {b!s:>6}")
    w, p = 12, 3
    print(f"{x:{w}.{p}f} {s:{'>'}{w}} {n:{w}}")
    print(f"{{}} {{{n}}} {n=} {x=:.2f} {s = !s}")
    print(
        "%d %5d %-5d| %05d %+d %x %X %o %#x %c %c %s %r %a %% %5.1f %e %G %10s %-10s| %.2s"
        % (
            1,
            2,
            3,
            4,
            5,
            255,
            255,
            8,
            255,
            65,
            "z",
            "s",
            "r",
            "é",
            2.55,
            12345.678,
            1e-10,
            "r",
            "l",
            "cut",
        )
    )
    print("%(a)s %(b)05.1f %(a)r" % {"a": "x", "b": 2.25})
    print("%*d|%-*d|%.*f" % (5, 1, 5, 2, 2, 3.14159))
    print(
        "{} {} {0}".replace("{0}", "").format(1, "a"),
        "{1} {0} {1!r}".format("x", "y"),
        "{a:>5} {c[0]} {c[1]:.1f}".format(a=1, c=[1, 2.55]),
    )
    print("{:>{w}} {:{}}".format(1, "x", 4, w=6), "{!r:^10}".format("q"), "{:,}".format(12345678))
    for spec in (
        "d",
        ".2f",
        ",d",
        "x",
        "z",
        "5z",
        "",
        ">10",
        "c",
        "_x",
        ",x",
        "010",
        "+",
        " ",
        "-",
        "#",
        "s",
        ".3",
        "=+8",
    ):
        for v in (42, 2.5, "ab", True, None):
            try:
                print(repr(format(v, spec)), end_ := spec)
            except (ValueError, TypeError, OverflowError) as e:
                print(spec, type(e).__name__, e)
