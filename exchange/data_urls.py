"""The addresses of open data as files, at the root of the site.

A file is the same for everybody, with all languages in it: it has one address, in none of them.
"""

from django.urls import path

from exchange import views

app_name = "data"
urlpatterns = [
    path("suites.zip", views.everything, name="everything"),
    path("schemas/<slug:table>.json", views.schema, name="schema"),
    path("<str:reference>.json", views.as_json, name="json"),
    path("<str:reference>/<slug:table>.csv", views.as_csv, name="csv"),
]
