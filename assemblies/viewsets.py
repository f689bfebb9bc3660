"""The admin's views of every noun: one guard for all of them, one policy, one way to correct."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from assemblies import history, panels
from assemblies.enums import Kind
from assemblies.finding import find
from assemblies.forms import MissingLanguagesForm
from assemblies.models import (
    Act,
    Action,
    AnnouncedCount,
    Body,
    Fact,
    Group,
    Measure,
    Recommendation,
    RecommendationKind,
    Regime,
    Role,
    Topic,
    Withdrawal,
)
from assemblies.permissions import policy_for


def day(name: str, label) -> Column:
    """A day as a date: "three weeks ago" says too little about a deadline."""
    return Column(
        name,
        label=label,
        sort_key=name,
        accessor=lambda row: date_format(getattr(row, name)) if getattr(row, name) else "",
    )


SEEING = ("view", "change", "add", "delete", "publish", "translate")


def guarded(view, model):
    """A view of one object, behind the policy for that object.

    Wagtail asks the policy for the model only; here every view that gets a key asks it for the
    object: reading asks for any permission, writing for "change", publishing for "publish".
    """

    def view_of_one(request, *args, **kwargs):
        key = kwargs.get("pk", args[0] if args else None)
        if key is not None:
            instance = get_object_or_404(model._default_manager, pk=key)
            policy = policy_for(model)
            if not policy.user_has_any_permission_for_instance(request.user, SEEING, instance):
                raise PermissionDenied
            if request.method == "POST" and not may_post(request, policy, instance):
                raise PermissionDenied
            if view_name(request) == "unpublish" and isinstance(instance, Fact) and instance.live:
                messages.error(request, str(history.refuse(instance)))
                return redirect(instance.snippet_viewset.get_url_name("edit"), instance.pk)
        return view(request, *args, **kwargs)

    return view_of_one


def view_name(request) -> str:
    return request.resolver_match.url_name if request.resolver_match else ""


def may_post(request, policy, instance) -> bool:
    """Whether a POST on one object's view is within the user's rights on that object."""
    name = view_name(request)
    user = request.user
    if request.POST.get("action-publish") or name in {"unpublish", "revisions_unschedule"}:
        return policy.user_has_permission_for_instance(user, "publish", instance)
    if name == "delete":
        return policy.user_has_permission_for_instance(user, "delete", instance)
    if name == "languages":
        return policy.user_has_any_permission_for_instance(
            user, ("translate", "change", "publish"), instance
        )
    if name.startswith(("preview", "copy")):
        return True
    if name in {"workflow_action", "collect_workflow_action_data", "edit"}:
        task = getattr(instance, "current_workflow_task", None)
        if task and task.user_can_access_editor(instance, user):
            return True
    return policy.user_has_permission_for_instance(user, "change", instance)


class WithinReachChooserMixin:
    """A chooser that offers what the user's roles reach."""

    def get_object_list(self):
        policy = policy_for(self.model_class)
        return policy.instances_user_has_any_permission_for(self.request.user, ("view",))

    def get_filter_form_class(self):
        class Filter(super().get_filter_form_class()):
            def filter(self, objects):
                query = self.cleaned_data.get("q")
                if not query:
                    return super().filter(objects)
                self.is_searching, self.search_query = True, query
                return find(objects, query)

        return Filter


def _within_reach(viewset_class):
    """Choose views of a chooser viewset, narrowed to the user's reach."""

    class Choose(WithinReachChooserMixin, viewset_class.choose_view_class):
        pass

    class ChooseResults(WithinReachChooserMixin, viewset_class.choose_results_view_class):
        pass

    class Chosen(viewset_class.chosen_view_class):
        def get_object(self, pk):
            policy = policy_for(self.model_class)
            reach = policy.instances_user_has_any_permission_for(self.request.user, ("view",))
            return get_object_or_404(reach, pk=pk)

    class ChosenMultiple(viewset_class.chosen_multiple_view_class):
        def get_objects(self, pks):
            policy = policy_for(self.model_class)
            reach = policy.instances_user_has_any_permission_for(self.request.user, ("view",))
            return reach.filter(pk__in=pks)

    return type(
        viewset_class.__name__ + "WithinReach",
        (viewset_class,),
        {
            "choose_view_class": Choose,
            "choose_results_view_class": ChooseResults,
            "chosen_view_class": Chosen,
            "chosen_multiple_view_class": ChosenMultiple,
        },
    )


class WithinReachURLFinder(ModelAdminURLFinder):
    """Lists of usage name what the user may see, and count the rest as private."""

    def get_edit_url(self, instance):
        if self.user and not self.permission_policy.user_has_any_permission_for_instance(
            self.user, SEEING, instance
        ):
            return None
        return self.construct_edit_url(instance)


class DomainIndexView(IndexView):
    """A listing whose filters hold while one searches in it."""

    def search_queryset(self, queryset):
        return find(queryset, self.search_query) if self.is_searching else queryset


class DomainViewSet(SnippetViewSet):
    """A noun in the admin: listings, choosers, forms and revisions ask one policy."""

    chooser_viewset_class = _within_reach(SnippetChooserViewSet)
    index_view_class = DomainIndexView
    list_per_page = 50

    @property
    def permission_policy(self):
        return policy_for(self.model)

    #: What a row of the list names from other tables.
    list_related: tuple[str, ...] = ()

    def get_queryset(self, request):
        policy = self.permission_policy
        rows = policy.instances_user_has_any_permission_for(request.user, SEEING)
        return rows.select_related(*self.list_related) if self.list_related else rows

    def construct_view(self, view_class, **kwargs):
        return guarded(super().construct_view(view_class, **kwargs), self.model)

    @property
    def url_finder_class(self):
        """How the admin finds an object's form, and whether it may tell a user of it at all."""
        return type(
            "WithinReachURLFinder",
            (WithinReachURLFinder,),
            {
                "permission_policy": self.permission_policy,
                "edit_url_name": self.get_url_name("edit"),
            },
        )


def buttons_of(fact, user) -> list[Button]:
    """What can still be done with a published fact, by this user."""
    if not fact.live:
        return []
    buttons = []
    policy = policy_for(type(fact))
    url_name = fact.snippet_viewset.get_url_name
    add_url = reverse(Action.snippet_viewset.get_url_name("add"))
    if isinstance(fact, Action):
        may = policy.user_has_permission_for_instance(user, "add", fact)
        if may and not hasattr(fact, "corrected_by"):
            buttons.append(
                Button(_("Correct"), url=f"{add_url}?corrects={fact.pk}", icon_name="undo")
            )
    elif isinstance(fact, Measure | Act | AnnouncedCount) and policy_for(
        Action
    ).user_has_permission(user, "add"):
        buttons.append(Button(_("Correct by an action"), url=add_url, icon_name="undo"))
    may_translate = policy.user_has_any_permission_for_instance(user, ("translate", "change"), fact)
    if may_translate and MissingLanguagesForm(fact=fact).pairs:
        url = reverse(url_name("languages"), args=[fact.pk])
        buttons.append(Button(_("Add a missing language"), url=url, icon_name="globe"))
    public = getattr(fact, "public_url", "") or getattr(fact, "url", "")
    if public.startswith("/") and not isinstance(fact, AnnouncedCount):
        buttons.append(Button(_("See it on the site"), url=public, icon_name="view"))
    return buttons


class FactIndexView(DomainIndexView):
    """Facts, drafts first; each with what can be done with it."""

    def get_list_more_buttons(self, instance):
        return [
            *super().get_list_more_buttons(instance),
            *buttons_of(instance, self.request.user),
        ]


class FactEditView(EditView):
    """A draft in its form; a published fact to read, with what can still be done."""

    @cached_property
    def header_more_buttons(self):
        return [*super().header_more_buttons, *buttons_of(self.live_object, self.request.user)]

    def is_valid(self, form):
        valid = super().is_valid(form)
        if not valid and self.live_object.live:
            # Wagtail says only that it is locked; say what to do instead.
            self.produced_error_message = str(history.refuse(self.live_object))
        return valid


class ActionCreateView(CreateView):
    """A new action; with ``?corrects=<key>`` the correction of one, filled with what it says."""

    COPIED = (
        "assembly",
        "stage",
        "happened_first",
        "happened_last",
        "body",
        "title",
        "text",
        "cycle",
        "group",
        "axis",
        "value",
        "opinion_object",
        "link",
        "what_changed",
        "what_is_missing",
        "decision_due",
        "concerned_body",
        "new_deadline",
        "deadline_words",
        "amount",
        "answers",
        "example",
    )

    def get_initial_form_instance(self):
        instance = super().get_initial_form_instance()
        corrected = self._corrected()
        if corrected is None:
            return instance
        instance = Action(kind=Kind.CORRECTION, corrects=corrected)
        for name in self.COPIED:
            setattr(instance, name, getattr(corrected, name))
        instance.targets = [_fresh(row) for row in corrected.targets.all()]
        instance.sources = [_fresh(row) for row in corrected.sources.all()]
        return instance

    def _corrected(self):
        key = self.request.GET.get("corrects", "")
        if not key.isdecimal():
            return None
        reach = policy_for(Action).instances_user_has_any_permission_for(self.request.user, SEEING)
        return reach.filter(pk=key, live=True, corrected_by__isnull=True).first()


def _fresh(row):
    """A copy of a child row that belongs to no fact yet."""
    names = [f.attname for f in row._meta.concrete_fields if f.name not in ("id", row.fact_field)]
    return type(row)(**{name: getattr(row, name) for name in names})


class FactViewSet(DomainViewSet):
    """A fact in the admin."""

    index_view_class = FactIndexView
    edit_view_class = FactEditView
    list_filter: list | dict = []

    @property
    def languages_view(self):
        return guarded(self._add_languages, self.model)

    def _add_languages(self, request, pk):
        """Write the words of a published fact in a language that it lacks."""
        fact = get_object_or_404(self.model, pk=pk, live=True)
        policy = self.permission_policy
        if not policy.user_has_any_permission_for_instance(
            request.user, ("translate", "change", "publish"), fact
        ):
            raise PermissionDenied
        form = MissingLanguagesForm(request.POST or None, fact=fact)
        edit_url = reverse(self.get_url_name("edit"), args=[pk])
        if request.method == "POST" and form.is_valid():
            fact = form.apply()
            revision = fact.save_revision(user=request.user, log_action=True)
            revision.publish(user=request.user, skip_permission_checks=True)
            messages.success(request, _("The texts are published beside the others."))
            return HttpResponseRedirect(edit_url)
        return TemplateResponse(
            request,
            "assemblies/admin/languages.html",
            {
                "form": form,
                "fact": fact,
                "page_title": _("Add a missing language"),
                "page_subtitle": str(fact),
                "header_icon": self.icon,
                "edit_url": edit_url,
            },
        )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("languages/<int:pk>/", self.languages_view, name="languages"),
        ]


class ActionViewSet(FactViewSet):
    model = Action
    edit_handler = panels.action
    add_view_class = ActionCreateView
    icon = "history"
    list_related = ("assembly", "body")
    list_display = [
        "__str__",
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
    list_display = ["__str__", "cycle", "stated_on"]
    list_filter = ["cycle", "counts", "live"]


class WithdrawalViewSet(FactViewSet):
    model = Withdrawal
    edit_handler = panels.withdrawal
    icon = "no-view"
    list_related = ("recommendation",)
    list_display = ["__str__", "withdrawn_on"]
    list_filter = ["recommendation__cycle", "live"]


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
