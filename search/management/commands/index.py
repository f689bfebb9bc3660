"""``manage.py index``: the search's index built anew, compared with the database, or caught up."""

from django.core.management.base import BaseCommand, CommandError

from search import engines, indexing


class Command(BaseCommand):
    help = (
        "Builds the index of the public search anew, while readers go on searching. --check says "
        "what in it differs from the database, and repairs it; --catch-up gives an engine outside "
        "the database what it missed."
    )

    def add_arguments(self, parser):
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--check", action="store_true", help="compare, repair what differs")
        one.add_argument("--catch-up", action="store_true", help="only what was missed")

    def handle(self, *args, **options):
        engine = engines.current()
        try:
            if options["catch_up"]:
                self.stdout.write(f"{engine.catch_up()} entries written.")
                return
            if options["check"]:
                self.compare(engine)
                return
            engines.named("database").prepare()
            self.entries()
            engine.rebuild()
        except engines.Unavailable as error:
            raise CommandError(f"The search engine can’t be reached: {error}") from error
        self.stdout.write("The index is built.")

    def entries(self, *, anew=True):
        seen = changed = 0
        for seen, changed in indexing.rebuild(anew=anew):
            if seen % 1000 < 200:
                self.stdout.write(f"  {seen} entries looked at, {changed} written")
        self.stdout.write(f"{seen} entries looked at, {changed} written.")

    def compare(self, engine):
        wrong = indexing.differences()
        if wrong:
            for name, number in wrong.items():
                self.stdout.write(f"{name}: {number}")
            self.entries(anew=False)
        behind = engine.missing()
        if behind:
            self.stdout.write(f"missing in the engine, or outdated there: {behind}")
            engine.rebuild()
        if wrong or behind:
            raise CommandError("The index differed from the database. It was repaired.")
        self.stdout.write("The index says what the database says.")
