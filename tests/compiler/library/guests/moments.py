"""What datetime makes of the request: a text of ISO 8601, a newline, microseconds."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime


def answer(request: bytes) -> list[str]:
    text, _, number = request.decode().partition("\n")
    delta = timedelta(microseconds=int(number))
    lines = [f"{delta} {delta!r} {-delta} {delta.total_seconds()} {abs(delta)}"]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        moment = epoch + delta
        lines.append(f"{moment} {moment.timestamp()} {moment.strftime('%a %j %y %I %p %u')}")
        lines.append(format_datetime(moment, usegmt=True))
        lines.append(str(parsedate_to_datetime(format_datetime(moment))))
        parsed = datetime.fromisoformat(text)
        lines.append(f"{parsed!r} {parsed.isoformat()} {parsed.weekday()} {parsed.toordinal()}")
        lines.append(f"{parsed + delta} {parsed == moment}")
        if parsed.tzinfo is not None:
            lines.append(f"{moment - parsed} {parsed < moment} {parsed.astimezone(UTC)}")
    except (ValueError, OverflowError) as error:
        lines.append(str(error))
    return lines
