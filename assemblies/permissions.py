"""One permission policy of ours: the assembly of the object, and the role of the user there.

Listings, choosers, forms, revisions, histories and previews of the admin all ask it. Pages follow
Wagtail's own page permissions, which :func:`grant` writes for the same roles.
"""

from django.contrib.auth.models import Group as UserGroup
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission
from wagtail.permission_policies.base import ModelPermissionPolicy

from assemblies.enums import CITIZENS_BODIES
from assemblies.models.role import Role, RoleName

ALL = frozenset({"view", "add", "change", "delete", "publish"})
DRAFT = frozenset({"view", "add", "change", "delete"})
VIEW = frozenset({"view"})

#: What each role may do with facts and with the assembly's lists.
FACT_ACTIONS = {
    RoleName.PUBLISHER: ALL,
    RoleName.EDITOR: DRAFT,
    RoleName.SERVICE: VIEW,
    RoleName.COMMITTEE: VIEW,
    RoleName.TRANSLATOR: VIEW | {"translate"},
}
#: Follow-up actions and passages: services draft their own, the committee publishes its own.
ACTION_ACTIONS = {
    **FACT_ACTIONS,
    RoleName.SERVICE: DRAFT,
    RoleName.COMMITTEE: ALL,
}
LIST_ACTIONS = {
    RoleName.PUBLISHER: DRAFT,
    RoleName.EDITOR: VIEW | {"add", "change"},
    RoleName.SERVICE: VIEW,
    RoleName.COMMITTEE: VIEW,
    RoleName.TRANSLATOR: VIEW | {"translate"},
}
#: Lists that all assemblies share (topics, regimes): administrators write them.
SHARED_ACTIONS = dict.fromkeys(RoleName, VIEW)


def roles_of(user) -> list[Role]:
    """The roles of a user, through the groups they are in; read once for each request."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_assembly_roles"):
        user._assembly_roles = list(
            Role.objects.filter(group__user=user).select_related("body").distinct()
        )
    return user._assembly_roles


def may_speak_for(user, assembly_id: int, body) -> bool:
    """Whether a user may enter what this body does or says.

    What drawn citizens say is entered, corrected and withdrawn by their own role only; a service
    speaks for its own body; publishers and editors for every other body of their assembly.
    """
    if user.is_superuser and user.is_active:
        return True
    for role in roles_of(user):
        if role.assembly_id != assembly_id:
            continue
        if body.kind in CITIZENS_BODIES:
            if role.name == RoleName.COMMITTEE:
                return True
            continue
        own = role.name == RoleName.SERVICE and role.body_id == body.pk
        if own or role.name in (RoleName.PUBLISHER, RoleName.EDITOR):
            return True
    return False


class AssemblyPolicy(ModelPermissionPolicy):
    """Who may do what with the objects of one model.

    ``path`` is the look-up from the object to its assembly; empty for lists that all share.
    """

    def __init__(self, model, path: str, actions: dict = FACT_ACTIONS):
        super().__init__(model)
        self.path = path
        self.actions = actions

    def allowed(self, role: Role, actions) -> bool:
        return bool(self.actions[role.name] & set(actions))

    # -- on the model -------------------------------------------------------------------------

    def user_has_permission(self, user, action):
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user, actions):
        if not user.is_active:
            return False
        if user.is_superuser:
            return True
        return any(self.allowed(role, actions) for role in roles_of(user))

    # -- on one object ------------------------------------------------------------------------

    def assembly_of(self, instance):
        if not self.path:
            return None
        return instance.assembly_id

    def user_has_permission_for_instance(self, user, action, instance):
        if not user.is_active:
            return False
        if user.is_superuser:
            return True
        roles = [role for role in roles_of(user) if self.allowed(role, [action])]
        if not self.path or (instance.pk is None and not self._placed(instance)):
            return bool(roles)
        assembly = self.assembly_of(instance)
        if assembly is None:
            # Shared by several assemblies: everybody reads it, administrators write it.
            return bool(roles) and action == "view"
        roles = [role for role in roles if role.assembly_id == assembly]
        return any(self.allowed_on(role, action, instance) for role in roles)

    def allows_result(self, user, action, instance) -> bool:
        """Whether a form may leave an object so; what has no assembly yet is one that all share."""
        if instance.pk is None and self._may_be_shared() and instance.assembly_id is None:
            return user.is_superuser and user.is_active
        return self.user_has_permission_for_instance(user, action, instance)

    def _placed(self, instance) -> bool:
        try:
            return self.assembly_of(instance) is not None
        except models.ObjectDoesNotExist:
            return False

    def allowed_on(self, role, action, instance) -> bool:
        """A narrower rule of one model, once the role allows the action in general."""
        return True

    def instances_user_has_any_permission_for(self, user, actions):
        rows = self.model._default_manager.all()
        if not user.is_active:
            return rows.none()
        if user.is_superuser:
            return rows
        roles = [role for role in roles_of(user) if self.allowed(role, actions)]
        if not roles:
            return rows.none()
        if not self.path:
            return rows
        own = models.Q(**{f"{self.path}__in": {role.assembly_id for role in roles}})
        if self._may_be_shared() and "view" in actions:
            own |= models.Q(**{f"{self.path}__isnull": True})
        return rows.filter(own)

    def _may_be_shared(self) -> bool:
        return self.path == "assembly" and self.model._meta.get_field("assembly").null

    def users_with_any_permission(self, actions):
        from django.contrib.auth import get_user_model

        names = [name for name, allowed in self.actions.items() if allowed & set(actions)]
        return (
            get_user_model()
            .objects.filter(
                models.Q(is_superuser=True) | models.Q(groups__roles__name__in=names),
                is_active=True,
            )
            .distinct()
        )


class RegisterPolicy(AssemblyPolicy):
    """A register row is written by its page and by the projection; nobody edits it, only reads."""

    def user_has_any_permission(self, user, actions):
        return "view" in actions and super().user_has_any_permission(user, ["view"])

    def user_has_permission_for_instance(self, user, action, instance):
        return action == "view" and super().user_has_permission_for_instance(user, action, instance)


class ActionPolicy(AssemblyPolicy):
    """What a body does or says: whoever may speak for that body, in the object's assembly."""

    def allowed_on(self, role, action, instance):
        # A missing language is added beside what was said; nothing of it changes.
        if action in ("view", "translate") or not instance.body_id:
            return True
        body = instance.body
        if body.kind in CITIZENS_BODIES:
            return role.name == RoleName.COMMITTEE
        if role.name == RoleName.COMMITTEE:
            return False
        if role.name == RoleName.SERVICE:
            return role.body_id == body.pk
        return True


def policies() -> dict:
    """The policy of every noun of the domain."""
    from assemblies import models as m

    return {
        m.Action: ActionPolicy(m.Action, "assembly", ACTION_ACTIONS),
        m.Measure: AssemblyPolicy(m.Measure, "cycle__assembly"),
        m.Act: AssemblyPolicy(m.Act, "cycle__assembly"),
        m.AnnouncedCount: AssemblyPolicy(m.AnnouncedCount, "cycle__assembly"),
        m.Withdrawal: AssemblyPolicy(m.Withdrawal, "recommendation__cycle__assembly"),
        m.Passage: ActionPolicy(m.Passage, "recommendation__cycle__assembly", ACTION_ACTIONS),
        m.Group: AssemblyPolicy(m.Group, "cycle__assembly", LIST_ACTIONS),
        m.RecommendationKind: AssemblyPolicy(m.RecommendationKind, "assembly", LIST_ACTIONS),
        m.Body: AssemblyPolicy(m.Body, "assembly", LIST_ACTIONS),
        m.Recommendation: RegisterPolicy(m.Recommendation, "cycle__assembly", SHARED_ACTIONS),
        m.Cycle: RegisterPolicy(m.Cycle, "assembly", SHARED_ACTIONS),
        m.Topic: AssemblyPolicy(m.Topic, "", SHARED_ACTIONS),
        m.Regime: AssemblyPolicy(m.Regime, "", SHARED_ACTIONS),
        m.Role: AssemblyPolicy(m.Role, "assembly", dict.fromkeys(RoleName, frozenset())),
    }


_POLICIES: dict = {}


def policy_for(model) -> AssemblyPolicy:
    """The policy of one model; made once."""
    if not _POLICIES:
        _POLICIES.update(policies())
    return _POLICIES[model]


# -- what Wagtail and Django ask for themselves ------------------------------------------------

#: Page permissions on the assembly's branch, by role.
PAGE_PERMISSIONS = {
    RoleName.PUBLISHER: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
    RoleName.EDITOR: ("add_page", "change_page"),
    RoleName.TRANSLATOR: ("change_page",),
}
#: Uploading and choosing documents and pictures.
COLLECTION_ROLES = {RoleName.PUBLISHER, RoleName.EDITOR, RoleName.SERVICE, RoleName.COMMITTEE}


def groups_of(translation_key):
    """The groups of users that have a role for the assembly with this key."""
    return UserGroup.objects.filter(roles__assembly__translation_key=translation_key).distinct()


@transaction.atomic
def grant(group) -> None:
    """Give a group of users the permissions of Wagtail and Django that follow from its roles.

    Model permissions only open the doors of the admin; which objects are behind them is decided by
    the policies above. Called whenever a role of the group changes; safe to repeat.
    """
    from assemblies import models as m

    roles = list(group.roles.select_related("assembly__page"))
    wanted = set()
    for model, policy in policies().items():
        content_type = ContentType.objects.get_for_model(model)
        actions = set().union(*(policy.actions[role.name] for role in roles)) if roles else set()
        codes = [f"{action}_{model._meta.model_name}" for action in actions]
        wanted |= set(
            Permission.objects.filter(content_type=content_type, codename__in=codes).values_list(
                "pk", flat=True
            )
        )
    if roles:
        wanted.add(
            Permission.objects.get(
                content_type__app_label="wagtailadmin", codename="access_admin"
            ).pk
        )
        if any(role.name in (RoleName.TRANSLATOR, RoleName.PUBLISHER) for role in roles):
            wanted |= set(
                Permission.objects.filter(
                    content_type__app_label="wagtail_localize", codename="submit_translation"
                ).values_list("pk", flat=True)
            )
    ours = Permission.objects.filter(content_type__app_label="assemblies")
    group.permissions.remove(*ours.exclude(pk__in=wanted))
    group.permissions.add(*wanted)

    assemblies = m.AssemblyPage.objects.all()
    GroupPagePermission.objects.filter(group=group, page__in=assemblies).delete()
    for role in roles:
        pages = assemblies.filter(translation_key=role.assembly.translation_key)
        for code in PAGE_PERMISSIONS.get(role.name, ()):
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=code
            )
            for page in pages:
                GroupPagePermission.objects.get_or_create(
                    group=group, page=page, permission=permission
                )
    if any(role.name in COLLECTION_ROLES for role in roles):
        root = Collection.get_first_root_node()
        for app, code in (
            ("wagtaildocs", "add_document"),
            ("wagtaildocs", "choose_document"),
            ("wagtailimages", "add_image"),
            ("wagtailimages", "choose_image"),
        ):
            for found in Permission.objects.filter(content_type__app_label=app, codename=code):
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=root, permission=found
                )
