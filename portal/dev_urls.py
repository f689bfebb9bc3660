"""The addresses in development: those of the site, and the developers' own."""

from django.urls import path

from portal import components, dev_mail
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("_components/<slug:language>/", components.show, name="components"),
    path("_mail/", dev_mail.mails, name="dev_mails"),
    path("_mail/now/", dev_mail.now, name="dev_mails_now"),
    path("_mail/<str:name>/", dev_mail.mail, name="dev_mail"),
    path("_mail/<str:name>/page/", dev_mail.page, name="dev_mail_page"),
    *site,
]
