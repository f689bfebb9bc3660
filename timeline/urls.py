"""The timeline's addresses, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from timeline import feeds, views

app_name = "timeline"
urlpatterns = [
    path(_("timeline/"), views.timeline, name="timeline"),
    path(_("timeline/feed/"), feeds.feed, name="feed"),
]
