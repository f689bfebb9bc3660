from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from django.core.checks import Tags, register

        from portal import checks
        from portal.frame_table import FrameTable
        from portal.schedule import JOBS
        from subscriptions import clockwork
        from translations import tables

        register(checks.languages_have_catalogues, Tags.translation)
        register(checks.catalogues_are_whole, Tags.translation, deploy=True)
        clockwork.register(JOBS)
        tables.add(FrameTable())
