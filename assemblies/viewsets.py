"""The admin's views of every noun."""

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import (
    SnippetViewSetGroup,
)

from assemblies import panels
from assemblies.fact_viewset import (
    ActionCreateView,
    DomainViewSet,
    FactViewSet,
    PassageCreateView,
)
from assemblies.models import (
    Act,
    Action,
    AnnouncedCount,
    Body,
    Group,
    Measure,
    Passage,
    Recommendation,
    RecommendationKind,
    Regime,
    Role,
    Topic,
    Withdrawal,
)


def standing() -> Column:
    """Whether a fact is published, and as which public number."""

    def said(row) -> str:
        if not row.live:
            return pgettext("fact", "Draft")
        number = getattr(row, "number", None)
        if not isinstance(number, int):
            return pgettext("fact", "Published")
        return gettext("no. %(number)s") % {"number": number}

    return Column("live", label=pgettext_lazy("fact", "Standing"), sort_key="live", accessor=said)


def day(name: str, label) -> Column:
    """A day as a date: "three weeks ago" says too little about a deadline."""
    return Column(
        name,
        label=label,
        sort_key=name,
        accessor=lambda row: date_format(getattr(row, name)) if getattr(row, name) else "",
    )


class ActionViewSet(FactViewSet):
    model = Action
    edit_handler = panels.action
    add_view_class = ActionCreateView
    icon = "history"
    list_related = ("assembly", "body")
    list_display = [
        "__str__",
        standing(),
        "assembly",
        Column("get_kind_display", label=gettext_lazy("Kind"), sort_key="kind"),
        day("happened_last", gettext_lazy("Happened")),
        Column("body", label=gettext_lazy("Body")),
        Column("get_value_display", label=gettext_lazy("Sets")),
    ]
    list_filter = ["assembly", "kind", "axis", "value", "body", "live", "example"]
    ordering = ["live", "-happened_last", "-number"]
    copy_view_enabled = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("assembly", "body", "corrected_by")


class MeasureViewSet(FactViewSet):
    model = Measure
    edit_handler = panels.measure
    icon = "tasks"
    list_related = ("cycle", "lead")
    list_display = [
        "__str__",
        standing(),
        "cycle",
        "lead",
        Column("get_implementation_display", label=gettext_lazy("Implementation")),
        day("deadline", gettext_lazy("Due date")),
    ]
    list_filter = ["cycle__assembly", "cycle", "implementation", "lead", "live", "example"]


class ActViewSet(FactViewSet):
    model = Act
    edit_handler = panels.act
    icon = "doc-full"
    list_related = ("cycle",)
    list_display = [
        "__str__",
        standing(),
        "cycle",
        Column("get_result_display", label=gettext_lazy("Result")),
        day("session_last", gettext_lazy("Session")),
    ]
    list_filter = ["cycle__assembly", "cycle", "result", "live", "example"]


class AnnouncedCountViewSet(FactViewSet):
    model = AnnouncedCount
    edit_handler = panels.announced_count
    icon = "order"
    list_related = ("cycle",)
    list_display = ["__str__", standing(), "cycle", "stated_on"]
    list_filter = ["cycle", "counts", "live"]


class WithdrawalViewSet(FactViewSet):
    model = Withdrawal
    edit_handler = panels.withdrawal
    icon = "no-view"
    list_related = ("recommendation",)
    list_display = ["__str__", standing(), "withdrawn_on"]
    list_filter = ["recommendation__cycle", "live"]


class PassageViewSet(FactViewSet):
    model = Passage
    edit_handler = panels.passage
    add_view_class = PassageCreateView
    icon = "pilcrow"
    list_related = ("recommendation__cycle__assembly__committee", "body")
    list_display = [
        "__str__",
        standing(),
        Column("state.label", label=gettext_lazy("What became of it")),
        Column("body", label=gettext_lazy("Body")),
        day("stated_on", gettext_lazy("Said on")),
    ]
    list_filter = ["recommendation__cycle", "body", "reason", "live", "example"]
    ordering = ["live", "recommendation__cycle", "recommendation__position", "pk"]
    copy_view_enabled = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("replaced_by").prefetch_related("ties")


class RecommendationViewSet(DomainViewSet):
    """The register, to read: a recommendation is edited as a page."""

    model = Recommendation
    icon = "openquote"
    inspect_view_enabled = True
    inspect_view_fields = [
        "reference",
        "title",
        "cycle",
        "kind",
        "group",
        "deciding_body",
        "handed_over_on",
        "response",
        "implementation",
        "opinion",
        "next_due",
        "last_action_on",
        "withdrawn_on",
    ]
    list_related = ("cycle",)
    list_display = [
        "reference",
        "title",
        "cycle",
        Column("get_response_display", label=gettext_lazy("Response"), sort_key="response"),
        Column("get_opinion_display", label=gettext_lazy("Opinion"), sort_key="opinion"),
        day("next_due", gettext_lazy("Next due")),
        day("last_action_on", gettext_lazy("Last action")),
    ]
    list_filter = ["cycle__assembly", "cycle", "kind", "response", "opinion", "topics", "example"]
    ordering = ["cycle", "position"]
    exclude_form_fields = ["page"]
    copy_view_enabled = False


class GroupViewSet(DomainViewSet):
    model = Group
    edit_handler = panels.group
    icon = "folder-open-inverse"
    list_related = ("cycle", "parent")
    list_display = ["__str__", "cycle", "parent"]
    list_filter = ["cycle"]


class KindViewSet(DomainViewSet):
    model = RecommendationKind
    edit_handler = panels.kind
    icon = "tag"
    list_related = ("assembly", "deciding_body")
    list_display = ["__str__", "assembly", "deciding_body"]
    list_filter = ["assembly"]


class BodyViewSet(DomainViewSet):
    model = Body
    edit_handler = panels.body
    icon = "group"
    list_related = ("assembly",)
    list_display = [
        "__str__",
        "acronym",
        Column("get_kind_display", label=gettext_lazy("Kind"), sort_key="kind"),
        "assembly",
    ]
    list_filter = ["kind", "assembly", "example"]


class TopicViewSet(DomainViewSet):
    model = Topic
    edit_handler = panels.topic
    icon = "tag"
    list_display = ["__str__", "slug"]


class RegimeViewSet(DomainViewSet):
    model = Regime
    edit_handler = panels.regime
    icon = "calendar-alt"
    list_display = ["__str__", "silent_after_months", "has_citizens_body"]


class RoleViewSet(DomainViewSet):
    model = Role
    edit_handler = panels.role
    icon = "key"
    list_related = ("group", "assembly", "body")
    list_display = ["__str__", "assembly", "body"]
    list_filter = ["assembly", "name"]


class FollowUpGroup(SnippetViewSetGroup):
    """What happens: the facts, most often used first."""

    menu_label = gettext_lazy("Follow-up")
    menu_icon = "history"
    menu_order = 110
    items = (
        ActionViewSet,
        MeasureViewSet,
        ActViewSet,
        RecommendationViewSet,
        PassageViewSet,
        AnnouncedCountViewSet,
        WithdrawalViewSet,
    )


class ListsGroup(SnippetViewSetGroup):
    """What the owner decides: the lists."""

    menu_label = gettext_lazy("Lists")
    menu_icon = "list-ul"
    menu_order = 120
    items = (
        BodyViewSet,
        TopicViewSet,
        GroupViewSet,
        KindViewSet,
        RegimeViewSet,
        RoleViewSet,
    )
