"""The files of editions, below ``/fr/`` or ``/nl/``; their pages stand in the tree."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from booklets import feeds, pages

app_name = "booklets"
urlpatterns = [
    path(_("booklets/feed/"), feeds.feed, name="feed"),
    path(_("booklets/<str:name>"), pages.file, name="file"),
    path(_("booklets/<str:code>/<str:name>"), pages.picture, name="picture"),
]
