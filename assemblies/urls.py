"""The addresses of facts and lists, below ``/fr/`` or ``/nl/``, each in its language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from assemblies import views
from assemblies.pages import taxonomy

app_name = "assemblies"
urlpatterns = [
    path("r/<str:reference>", views.reference, name="reference"),
    path("r/<str:reference>/", views.reference),
    path(_("measures/<str:reference>/"), views.measure, name="measure"),
    path(_("acts/<str:reference>/"), views.act, name="act"),
    path(_("timeline/<int:number>/"), views.action, name="action"),
    path(_("bodies/"), taxonomy.bodies, name="bodies"),
    path(_("bodies/<slug:slug>/"), taxonomy.body, name="body"),
    path(_("topics/"), taxonomy.topics, name="topics"),
    path(_("topics/<slug:slug>/"), taxonomy.topic, name="topic"),
]
