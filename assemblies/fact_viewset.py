"""How the admin treats every noun: lists, and facts that are corrected and not changed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    SnippetViewSet,
)

from assemblies import history
from assemblies.enums import Axis, Kind, Stage
from assemblies.finding import find
from assemblies.forms import MissingLanguagesForm
from assemblies.models import (
    Act,
    Action,
    ActionTarget,
    AnnouncedCount,
    Cycle,
    DutyRule,
    Measure,
    Passage,
    Recommendation,
)
from assemblies.permissions import may_speak_for, policy_for
from assemblies.reach import SEEING, WithinReachURLFinder, guarded, within_reach


class DomainIndexView(IndexView):
    """A listing whose filters hold while one searches in it."""

    def search_queryset(self, queryset):
        return find(queryset, self.search_query) if self.is_searching else queryset


class DomainViewSet(SnippetViewSet):
    """A noun in the admin: listings, choosers, forms and revisions ask one policy."""

    chooser_viewset_class = within_reach(SnippetChooserViewSet)
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
    elif isinstance(fact, Passage):
        buttons += _passage_buttons(fact, user, add_url)
    may_translate = policy.user_has_any_permission_for_instance(user, ("translate", "change"), fact)
    if may_translate and MissingLanguagesForm(fact=fact).pairs:
        url = reverse(url_name("languages"), args=[fact.pk])
        buttons.append(Button(_("Add a missing language"), url=url, icon_name="globe"))
    public = getattr(fact, "public_url", "") or getattr(fact, "url", "")
    if public.startswith("/") and not isinstance(fact, AnnouncedCount):
        buttons.append(Button(_("See it on the site"), url=public, icon_name="view"))
    return buttons


def _passage_buttons(passage, user, add_action_url: str) -> list[Button]:
    """Another claim in the place of this one; for the citizens' committee, to contest it."""
    buttons = []
    policy = policy_for(Passage)
    answers = "add" if passage.ties.all() or passage.reason else "view"
    may = policy.user_has_permission_for_instance(user, answers, passage)
    if may and policy.user_has_permission(user, "add") and not hasattr(passage, "replaced_by"):
        url = reverse(passage.snippet_viewset.get_url_name("add"))
        url = f"{url}?replaces={passage.pk}"
        buttons.append(Button(_("Put another in its place"), url=url, icon_name="resubmit"))
    committee = passage.recommendation.cycle.assembly.committee
    others = committee is not None and committee.pk != passage.body_id
    if others and may_speak_for(user, passage.assembly_id, committee):
        url = f"{add_action_url}?contests={passage.pk}"
        buttons.append(Button(_("Contest"), url=url, icon_name="comment"))
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
    """A new action; with ``?corrects=<key>`` the correction of one, filled with what it says.

    With ``?contests=<key>``: the committee's opinion on what is said of a passage. With
    ``?recommendation=``, ``?measure=`` or ``?cycle=``: a step on it, of the ``kind``, ``stage``
    and duty (``answers``) that the address names.
    """

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
        "contests",
        "example",
    )

    def get_initial_form_instance(self):
        instance = super().get_initial_form_instance()
        passage = _named(self.request, "contests", Passage)
        if passage is not None:
            instance = instance or Action()
            instance.assembly = passage.recommendation.cycle.assembly
            instance.kind, instance.body = Kind.OPINION, instance.assembly.committee
            instance.contests = passage
            instance.targets = [ActionTarget(recommendation=passage.recommendation)]
            return instance
        corrected = self._corrected()
        if corrected is None:
            return self._aimed(instance)
        instance = Action(kind=Kind.CORRECTION, corrects=corrected)
        for name in self.COPIED:
            setattr(instance, name, getattr(corrected, name))
        instance.targets = [_fresh(row) for row in corrected.targets.all()]
        instance.sources = [_fresh(row) for row in corrected.sources.all()]
        return instance

    def _aimed(self, instance):
        """A step on what the address names."""
        measure = _named(self.request, "measure", Measure)
        asked = _within_reach(self.request, "recommendation", Recommendation)
        cycle = _within_reach(self.request, "cycle", Cycle)
        thing = measure or asked
        if thing is None and cycle is None:
            return instance
        instance = instance or Action()
        instance.assembly = (thing.cycle if thing is not None else cycle).assembly
        if measure is not None:
            instance.body = measure.lead or measure.announced_by
            instance.targets = [ActionTarget(measure=measure)]
        elif asked is not None:
            instance.body = asked.deciding_body
            instance.targets = [ActionTarget(recommendation=asked)]
        else:
            instance.cycle = cycle
        kind, stage = self.request.GET.get("kind", ""), self.request.GET.get("stage", "")
        if kind in Kind.values:
            instance.kind = kind
        if stage in Stage.values:
            instance.stage = stage
        instance.axis = {Kind.RESPONSE: Axis.RESPONSE, Kind.OUTCOME: Axis.IMPLEMENTATION}.get(
            instance.kind, ""
        )
        rule = self.request.GET.get("answers", "")
        if rule.isdecimal():
            rules = DutyRule.objects.filter(regime=instance.assembly.regime_id)
            instance.answers = rules.filter(pk=rule).first()
        return instance

    def _corrected(self):
        return _named(self.request, "corrects", Action, corrected_by__isnull=True)


class PassageCreateView(CreateView):
    """A new passage; with ``?replaces=<key>`` one in the place of another, filled with its words.

    With ``?recommendation=<key>``: of this recommendation.
    """

    COPIED = ("recommendation", "words", "occurrence", "body", "reason", "reason_text", "example")

    def get_initial_form_instance(self):
        instance = super().get_initial_form_instance()
        instance = instance or Passage()
        replaced = _named(self.request, "replaces", Passage, replaced_by__isnull=True)
        if replaced is not None:
            instance.replaces = replaced
            for name in self.COPIED:
                setattr(instance, name, getattr(replaced, name))
            instance.ties = [_fresh(row) for row in replaced.ties.all()]
        if replaced is None:
            asked = _within_reach(self.request, "recommendation", Recommendation)
            if asked is not None:
                instance.recommendation = asked
        return instance


def _within_reach(request, parameter: str, model):
    """The page's register row that the address names by its key, if the user may see it."""
    key = request.GET.get(parameter, "")
    if not key.isdecimal():
        return None
    reach = policy_for(model).instances_user_has_any_permission_for(request.user, ("view",))
    return reach.filter(pk=key).first()


def _named(request, parameter: str, model, **where):
    """The published fact that the address names by its key, within the user's reach."""
    key = request.GET.get(parameter, "")
    if not key.isdecimal():
        return None
    reach = policy_for(model).instances_user_has_any_permission_for(request.user, SEEING)
    return reach.filter(pk=key, live=True, **where).first()


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
