"""What of the admin is within a user's reach: views, choosers and links ask for the object."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import ModelAdminURLFinder

from assemblies import history
from assemblies.finding import find
from assemblies.models import (
    Fact,
)
from assemblies.permissions import policy_for

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


def within_reach(viewset_class):
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
