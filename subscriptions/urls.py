"""The addresses of following, below ``/fr/`` or ``/nl/``."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from subscriptions import follow_views, manage_views

app_name = "subscriptions"
urlpatterns = [
    path(_("follow/"), follow_views.follow, name="follow"),
    path(_("follow/confirm/<str:token>/"), follow_views.confirm, name="confirm"),
    path(_("follow/mine/<str:token>/"), manage_views.manage, name="manage"),
    path(_("follow/mine/<str:token>/erase/"), manage_views.erase, name="erase"),
    path(_("follow/mine/<str:token>/data.json"), manage_views.export, name="export"),
    path(_("follow/stop/<str:token>/"), manage_views.stop, name="stop"),
    path(_("follow/mail/<str:token>/"), follow_views.read, name="read"),
]
