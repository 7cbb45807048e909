"""An entry for people's calendars, as the file a calendar reads (iCalendar, RFC 5545 and 5546).

It is published, not requested: a request names its attendees, and who is a member is nobody's
business. For the same reason it has no organizer, which RFC 5546 would like in what is published:
with one, Outlook takes the file for an invitation to be answered by mail, and there is no mail.

The time zone comes along as it has been since 1996, so that a calendar that knows no Helsinki shows
the right hour. The same entry said on the same day is the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import icalendar

from dialogs.screens import Own

if TYPE_CHECKING:
    from datetime import date

    from bot.render import Renderer
    from dialogs.announcement import Calendar

HELSINKI: Final = ZoneInfo("Europe/Helsinki")

ALARM: Final = timedelta(minutes=-30)

_TIME_ZONE: Final = """\
BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:STANDARD
DTSTART:19961027T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:EET
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:EEST
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
END:VTIMEZONE
"""


def rendered(entry: Calendar, language: str, renderer: Renderer, today: date) -> bytes:
    """The entry's file in a language. It bears the beginning of `today`: of two files on one day
    the later has the higher sequence."""
    stamp = datetime.combine(today, time.min, HELSINKI)
    words = [renderer.words(one, language, today) for one in (Own(entry.link), *entry.details)]
    summary = renderer.words(entry.summary, language, today)
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", _moment(entry.start))
    event.add("dtend", _moment(entry.end))
    event.add("summary", summary)
    event.add("description", "\n".join(words))
    event.add("location", entry.link)
    event.add("url", entry.link)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if not entry.cancelled:
        event.add_component(_alarm(summary))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Raati//raatibotti//FI")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(icalendar.Timezone.from_ical(_TIME_ZONE))
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


def _alarm(words: str) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", ALARM)
    return alarm


def _moment(moment: datetime) -> datetime:
    """By the wall of Helsinki; the second of two hours that look alike there in UTC, because in the
    file a time that comes twice is the first (RFC 5545, 3.3.5)."""
    local = moment.astimezone(HELSINKI)
    return local.astimezone(UTC) if local.fold else local
