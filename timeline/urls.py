"""The timeline's addresses, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from timeline import feeds, views
from timeline.agenda import agenda
from timeline.calendar import calendar
from timeline.changes import changes
from timeline.expected import expected
from timeline.numbers import numbers

app_name = "timeline"
urlpatterns = [
    path(_("timeline/"), views.timeline, name="timeline"),
    path(_("timeline/feed/"), feeds.feed, name="feed"),
    path(_("expected/<slug:slug>/"), expected, name="expected"),
    path(_("expected/<slug:slug>/calendar.ics"), calendar, name="calendar"),
    path(_("expected/<slug:slug>/agenda/"), agenda, name="agenda"),
    # Below the page of an assembly or a cycle, wherever that is in the tree.
    path(_("<path:path>/figures/"), numbers, name="numbers"),
    path(_("<path:path>/changes/"), changes, name="changes"),
]
