"""The addresses of the contact form, below ``/fr/`` or ``/nl/``."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from home import contact_views

app_name = "home"
urlpatterns = [
    path("contact/", contact_views.write, name="contact"),
    path(_("contact/sent/"), contact_views.sent, name="contact_sent"),
]
