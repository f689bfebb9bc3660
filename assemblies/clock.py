"""Which day it is. A demo and the tests run on a fixed day, so that their pages stay true."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day in the site's time zone, or the one that ``SUITES_TODAY`` fixes."""
    return settings.SUITES_TODAY or timezone.localdate()


def now() -> datetime:
    """This moment, on the site's clock: on a fixed day, the time of day goes on."""
    moment = timezone.now()
    if settings.SUITES_TODAY is None:
        return moment
    return timezone.localtime(moment).replace(
        year=settings.SUITES_TODAY.year,
        month=settings.SUITES_TODAY.month,
        day=settings.SUITES_TODAY.day,
    )
