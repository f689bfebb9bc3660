from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = _("Timeline")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assemblies import additions
        from timeline import subject

        additions.register("assembly", subject.added)
        additions.register("cycle", subject.added)
