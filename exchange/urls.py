"""The address of the readers' page on open data, in each language; the files: ``data_urls``."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from exchange import data_page

app_name = "exchange"
urlpatterns = [path(_("data/"), data_page.open_data_page, name="open_data")]
