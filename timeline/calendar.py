"""What is expected, as a calendar that programs subscribe to: one all-day event a date."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from icalendar import Calendar, Event

from assemblies.pages.common import directory_of, reader_language, reading, site_url
from assemblies.words import choose
from timeline.expected import assembly_of, gather


@reading
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Every open date of an assembly, late ones included; ids stay the same for ever."""
    lists = directory_of(request)
    assembly = assembly_of(request, lists, slug)
    host = site_url().split("://", 1)[-1]
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", f"-//Suites//{assembly.code}//{reader_language().upper()}")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{gettext('What is expected')}, {assembly.slug}")
    moment = lists.generation[1]
    for duty in gather(lists, assembly, None).open:
        made.add_component(_event(duty, host, moment))
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{assembly.slug}.ics"'
    response["Content-Language"] = reader_language()
    return response


def _event(duty: dict[str, Any], host: str, moment: datetime.datetime | None) -> Event:
    event = Event()
    name = choose(duty["name"])
    mark = f" [{gettext('Example')}]" if duty.get("example") else ""
    event.add("uid", f"{duty['uid']}@{host}")
    event.add("summary", f"{name.text}{mark}", parameters={"language": name.language})
    event.add("dtstart", duty["due"])
    event.add("dtend", duty["due"] + datetime.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if moment is not None:
        event.add("dtstamp", moment)
    event.add("description", str(duty["sentence"]), parameters={"language": reader_language()})
    if duty.get("url"):
        event.add("url", site_url() + duty["url"])
    return event
