"""The timeline's address, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from timeline import views
from timeline.numbers import numbers

app_name = "timeline"
urlpatterns = [
    path(_("timeline/"), views.timeline, name="timeline"),
    # Below the page of an assembly or a cycle, wherever that is in the tree.
    path(_("<path:path>/figures/"), numbers, name="numbers"),
]
