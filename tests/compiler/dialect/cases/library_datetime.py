import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, formatdate, parsedate_to_datetime

CET = timezone(timedelta(hours=1), "CET")
ODD = timezone(-timedelta(hours=3, minutes=30, seconds=15))
ISO = ["2024-02-29", "2024-02-29T23:59:60Z", "2023-02-29", "20240229T010203Z", "2024-02-29 01:02:03.5"]
ISO += ["2024-02-29T01:02:03.1234567+05:30", "2024-02-29T01", "2024-02-29T01:02-01:00:30.000001", "x"]
ISO += ["2024-13-01", "2024-1-01", "2024-02-29T", "2024-02-29T1:02", "2024-02-29T01:02:03,25z", ""]
ISO += ["2024-02-29T24:00:00", "2024-02-29T01:0203", "2024-02-29T01:02:03+25:00", "0001-01-01T00:00:00Z"]
HTTP = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
HTTP += ["Thu, 29 Feb 2024 01:02:03 +0530", "29 Feb 2024 01:02 -0000", "Sun, 31 Feb 2024 00:00:00 GMT"]
HTTP += ["nonsense", "", "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT"]


def main() -> None:
    for day in (1, 59, 60, 61, 366, 36524, 146097, 146098, 719163, 738945, 3652059):
        moment = datetime(1, 1, 1) + timedelta(days=day - 1)
        print(moment, moment.toordinal(), moment.weekday(), moment.strftime("%j %a %b"))
    for text in ISO:
        try:
            point = datetime.fromisoformat(text)
            print(repr(point), point.isoformat(), point, hash(point) == hash(point))
        except ValueError as error:
            print(error)
    point = datetime(2024, 2, 29, 13, 5, 9, 1234, tzinfo=timezone.utc)
    print(repr(point), point.timestamp(), point.astimezone(CET), point.astimezone(ODD), point.tzname())
    print(point.strftime("%A %B %d %e %H %I %p %M %S %f %y %Y-%m %z %Z %F %T %u %w %%"), point.utcoffset())
    for spec in ("auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"):
        print(point.isoformat(timespec=spec), point.replace(microsecond=0).isoformat(" ", spec))
    print(point == point.astimezone(CET), point < point + timedelta(microseconds=1), point.replace(year=2028))
    print(point - datetime(1970, 1, 1, tzinfo=UTC), point - timedelta(days=60, hours=3), CET, ODD, repr(ODD))
    print(repr(timezone.utc), repr(CET), timezone.utc == timezone(timedelta(0)), point.isoweekday())
    print(datetime.fromtimestamp(1709211909.25, timezone.utc), datetime.fromtimestamp(-1, CET))
    for wrong in ((0, 1, 1), (2023, 13, 1), (2023, 2, 29), (10000, 1, 1)):
        try:
            print(datetime(wrong[0], wrong[1], wrong[2]))
        except ValueError as error:
            print(error)
    try:
        print(datetime(2024, 1, 1) < point)
    except TypeError as mixed:
        print(mixed, datetime(2024, 1, 1) == point)
    try:
        print(point + timedelta(days=3_000_000))
    except OverflowError as outside:
        print(outside)
    delta = timedelta(days=1, hours=2, minutes=3, seconds=4.5, milliseconds=6, weeks=1)
    print(delta, repr(delta), delta.total_seconds(), -delta, abs(-delta), delta * 2, repr(-delta))
    print(delta.days, delta.seconds, delta.microseconds, timedelta(seconds=0.1), bool(timedelta()), repr(timedelta()))
    print(timedelta(hours=1) < timedelta(minutes=61), timedelta(hours=1) == timedelta(minutes=60))
    for text in HTTP:
        try:
            print(repr(parsedate_to_datetime(text)))
        except ValueError as error:
            print(error)
        except TypeError as no_date:
            print(no_date)
    print(format_datetime(point, usegmt=True), format_datetime(point.astimezone(CET)), formatdate(0))
    print(formatdate(784111777, usegmt=True), format_datetime(datetime(2024, 1, 1)))
    print(time.time() >= 0, time.time_ns() >= 0, datetime.now(timezone.utc).tzinfo)
