"""The addresses in development: those of the site, and the developers' own."""

from django.urls import path

from portal import components
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("_components/<slug:language>/", components.show, name="components"), *site]
