"""The words of the search, in the admin: kept by whoever may change lists."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import Concept


class ConceptViewSet(SnippetViewSet):
    model = Concept
    icon = "search"
    menu_label = _("Words of the search")
    panels = [FieldPanel("words")]
    list_display = ["__str__"]
    ordering = ["pk"]
    copy_view_enabled = False


register_snippet(ConceptViewSet)
