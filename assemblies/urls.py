"""The addresses of facts and lists, below ``/fr/`` or ``/nl/``, each in its language."""

from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _

from assemblies import views
from assemblies.pages import bodies, taxonomy
from assemblies.sharing.views import card

app_name = "assemblies"
urlpatterns = [
    path("r/<str:reference>", views.reference, name="reference"),
    path("r/<str:reference>/", views.reference),
    path(_("measures/<str:reference>/"), views.measure, name="measure"),
    path(_("acts/<str:reference>/"), views.act, name="act"),
    path(_("timeline/<int:number>/"), views.action, name="action"),
    path(_("bodies/"), bodies.bodies, name="bodies"),
    path(_("bodies/<slug:slug>/"), bodies.body, name="body"),
    path(_("topics/"), taxonomy.topics, name="topics"),
    path(_("topics/<slug:slug>/"), taxonomy.topic, name="topic"),
    re_path(
        r"^cards/(?P<name>site|[A-Z0-9.-]{1,60})/(?P<fingerprint>[0-9a-f]{16})\.png$",
        card,
        name="card",
    ),
]
