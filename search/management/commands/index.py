"""``manage.py index``: the search's index built anew, compared with the database, or caught up."""

from django.core.management.base import BaseCommand, CommandError

from search import attachments, engines, indexing


def _engines():
    """The database's own index, by which followed searches are matched, and the one in use."""
    return dict.fromkeys((engines.named("database"), engines.current()))


class Command(BaseCommand):
    help = (
        "Builds the index of the public search anew, while readers go on searching. --check says "
        "what in it differs from the database, repairs it and fails; --mend does so silently; "
        "--catch-up gives an engine outside the database what it missed."
    )

    def add_arguments(self, parser):
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--check", action="store_true", help="compare, repair what differs")
        one.add_argument("--mend", action="store_true", help="repair what differs, and succeed")
        one.add_argument("--catch-up", action="store_true", help="only what was missed")

    def handle(self, *args, **options):
        engine = engines.current()
        try:
            if options["catch_up"]:
                self.stdout.write(f"{engine.catch_up()} entries written.")
                return
            if options["check"] or options["mend"]:
                differed = self.compare()
                if differed and options["check"]:
                    raise CommandError("The index differed from the database. It was repaired.")
                return
            engines.named("database").prepare()
            self.entries()
            for each in _engines():
                each.rebuild()
        except engines.Unavailable as error:
            raise CommandError(f"The search engine can’t be reached: {error}") from error
        self.stdout.write("The index is built.")

    def entries(self, *, anew=True):
        seen = changed = 0
        for seen, changed in indexing.rebuild(anew=anew):
            if seen % 1000 < 200:
                self.stdout.write(f"  {seen} entries looked at, {changed} written")
        self.stdout.write(f"{seen} entries looked at, {changed} written.")

    def compare(self):
        wrong = indexing.differences()
        if wrong:
            for name, number in wrong.items():
                self.stdout.write(f"{name}: {number}")
            self.entries(anew=False)
        behind = 0
        for engine in _engines():
            if number := engine.missing():
                self.stdout.write(f"missing in the engine, or outdated there: {number}")
                engine.rebuild()
                behind += number
        if waiting := attachments.unread():
            self.stdout.write(f"files that nobody has read: {len(waiting)}; the worker is asked to")
            attachments.ask_for(waiting)
        if not wrong and not behind:
            self.stdout.write("The index says what the database says.")
        return bool(wrong or behind)
