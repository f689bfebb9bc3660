"""The users of the demo: one for each role."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

from assemblies.models import Assembly, Body, Role, RoleName

#: Public, for a demo that nothing depends on.
PASSWORD = "suites-demo"  # noqa: S105

#: User name, assembly (code), role, and for a service the address of its body.
LOGINS = (
    ("redaction-bruxelles", "BXL", RoleName.PUBLISHER, None),
    ("brouillons-bruxelles", "BXL", RoleName.EDITOR, None),
    ("service-bruxelles", "BXL", RoleName.SERVICE, ""),
    ("comite-bruxelles", "BXL", RoleName.COMMITTEE, None),
    ("vertaling-brussel", "BXL", RoleName.TRANSLATOR, None),
    ("redaction-paris", "PAR", RoleName.PUBLISHER, None),
)


#: Whose admin is in another language than the site's first.
LANGUAGES = {"vertaling-brussel": "nl"}


class Command(BaseCommand):
    help = "Print the log-ins of the demo, one for each role; with --create, make them first."

    def add_arguments(self, parser):
        parser.add_argument("--create", action="store_true", help="make the users and their roles")

    def handle(self, *args, create=False, **options):
        if not settings.SUITES_DEMO_LOGINS:
            raise CommandError(
                _("Their password is public: these log-ins exist on a development site only.")
            )
        if create:
            self.create()
        users = get_user_model().objects
        self.stdout.write(f"{'admin':<22} {PASSWORD}  {_('Administrator: everything')}")
        for name, code, role, _body in LOGINS:
            if users.filter(username=name).exists():
                self.stdout.write(f"{name:<22} {PASSWORD}  {code}, {RoleName(role).label}")

    @transaction.atomic
    def create(self):
        users = get_user_model()
        if not users.objects.filter(username="admin").exists():
            users.objects.create_superuser("admin", "admin@example.org", PASSWORD)
        for name, code, role, body in LOGINS:
            assembly = Assembly.objects.filter(code=code).first()
            if assembly is None or users.objects.filter(username=name).exists():
                continue
            if body == "":
                body = Body.objects.filter(
                    kind__in=("administration", "directorate"), assembly=assembly
                ).first()
                if body is None:
                    continue
            user = users.objects.create_user(name, f"{name}@example.org", PASSWORD)
            UserProfile.objects.update_or_create(
                user=user, defaults={"preferred_language": LANGUAGES.get(name, "")}
            )
            group, _created = Group.objects.get_or_create(name=name)
            user.groups.add(group)
            Role.objects.get_or_create(group=group, assembly=assembly, name=role, body=body)
