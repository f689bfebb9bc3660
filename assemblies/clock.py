"""Which day it is. A demo and the tests run on a fixed day, so that their pages stay true."""

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day in the site's time zone, or the one that ``SUITES_TODAY`` fixes."""
    return settings.SUITES_TODAY or timezone.localdate()
