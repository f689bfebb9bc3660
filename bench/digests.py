"""How fast digests leave against raw SMTP on one connection, and how those due are found.

    .venv/bin/python bench/digests.py                        10,000 digests; 1,000,000 subscriptions
    .venv/bin/python bench/digests.py --mails 1000 --subscriptions 100000

The sink is a mail server in a process of its own that counts and forgets. ``raw`` hands it one
finished mail again and again; ``digests`` goes the whole way, from the lease of a row to the note
that it left. Both use one connection. A database of its own, thrown away afterwards.
"""

import argparse
import multiprocessing
import os
import resource
import smtplib
import socket
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def sink(port: int) -> None:
    import asyncio

    from aiosmtpd.smtp import SMTP

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            return "250 OK"

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Handler()), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    for _again in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The sink did not start.")


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--subscriptions", type=int, default=1_000_000)
    options = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SUITES_MAILS_A_MINUTE"] = "0"
        os.environ["SUITES_LOG_LEVEL"] = "ERROR"
        process = multiprocessing.Process(target=sink, args=(port,), daemon=True)
        process.start()
        wait_for(port)
        prepare(port)
        deliver(options.mails, port)
        due(options.subscriptions)
        process.terminate()


def prepare(port: int) -> None:
    import django
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DATABASES["default"]["NAME"] = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def readers(number: int, followed: list, start: int = 0, **fields) -> None:
    """So many confirmed addresses, each with one subscription; the things take turns."""
    from django.utils import timezone

    from subscriptions.models import Address, Subscription

    now = timezone.now()
    for begin in range(start, start + number, 5_000):
        some = range(begin, min(begin + 5_000, start + number))
        rows = Address.objects.bulk_create(
            Address(
                email=f"reader{n}@example.org",
                fingerprint=f"{n:064d}",
                languages="nl" if n % 3 == 0 else "fr",
                standing="confirmed",
                confirmed_at=now,
            )
            for n in some
        )
        Subscription.objects.bulk_create(
            Subscription(
                address=row, followed=followed[row.pk % len(followed)], standing="active", **fields
            )
            for row in rows
        )


def deliver(number: int, port: int) -> None:
    from subscriptions import delivery, matching, rounds
    from subscriptions.models import Mail
    from tests.factories import (
        make_followed,
        make_recommendation,
        make_topic,
        make_world,
        publish_action,
    )

    world = make_world()
    topics = [make_topic(f"t{n}") for n in range(20)]
    asked = [make_recommendation(world.cycle, label=str(n), topics=[topics[n]]) for n in range(20)]
    followed = [make_followed(topic) for topic in topics]
    readers(number, followed, watermark=matching.last_number())
    for each in asked:
        for kind in ("decision", "outcome", "end", "referral", "merge"):
            text = {"fr": "Deux guichets ouvrent. " * 12, "nl": "Twee loketten openen. " * 12}
            publish_action(each, kind=kind, text=text)
    begun = time.perf_counter()
    rounds.send_now()
    written = time.perf_counter() - begun
    few = number // 10
    assert delivery.deliver(limit=few, seconds=1e9).sent == few
    before = megabytes()
    mail = Mail.objects.select_related("address").first()
    raw = delivery.Writer().letter(mail, mail.address).to(mail, mail.address).raw
    smtp = smtplib.SMTP("127.0.0.1", port)
    smtp.ehlo()
    took, base = Watch(), Watch()
    worker = delivery.Worker(delivery.Outcome())
    # By turns, so that whatever else the machine does slows both down alike.
    raws = 0
    while True:
        with took:
            for _twice in range(2):
                mails = worker.lease(delivery.LEASED)
                worker.send_all(mails)
        if not mails:
            break
        with base:
            for _again in range(2 * delivery.LEASED):
                smtp.sendmail("a@example.org", ["b@example.org"], raw)
        raws += 2 * delivery.LEASED
    smtp.quit()
    sent = worker.outcome.sent
    assert sent == number - few
    assert not Mail.objects.queued().exists()
    rate, most = sent / took.wall, raws / base.wall
    print(f"{number} digests of five changes, {len(raw):,} bytes each")
    print(f"  written into the outbox   {number / written:8.0f} a second")
    print(f"  raw SMTP, one connection  {most:8.0f} a second")
    print(f"  digests, one connection   {rate:8.0f} a second: {rate / most:.2f} of raw")
    print(f"  of the processor's time, for one: {took.cpu / sent * 1e3:.2f} ms", end=", ")
    print(f"raw {base.cpu / raws * 1e3:.2f} ms")
    print(f"  memory: {before:.0f} MB after a tenth of them, {megabytes():.0f} MB after all")


class Watch:
    """Adds up how long something takes."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def __enter__(self) -> None:
        self.begun = time.perf_counter(), time.process_time()

    def __exit__(self, *_problem) -> None:
        self.wall += time.perf_counter() - self.begun[0]
        self.cpu += time.process_time() - self.begun[1]


def due(number: int) -> None:
    from django.db import connection

    from subscriptions import rounds
    from subscriptions.models import Followed, Subscription

    Followed.objects.bulk_create(
        Followed(kind="recommendation", key=1_000_000 + n, touched=10) for n in range(2_000)
    )
    followed = list(Followed.objects.filter(kind="recommendation"))
    readers(number, followed, start=20_000_000, watermark=10)
    Followed.objects.filter(pk__in=[row.pk for row in followed[:20]]).update(touched=11)
    touched = list(Followed.objects.filter(touched__gt=0).values_list("pk", "touched"))[:100]
    asked = Subscription.objects.due("weekly", touched).order_by().values_list("address")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        sql, values = asked.query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = [row[-1] for row in cursor.fetchall()]
    number = Subscription.objects.count()
    print(f"Due among {number:,} subscriptions, for each of {len(touched)} things:")
    print("  " + next(line for line in plan if "subscription_due" in line))
    assert not any(line.startswith("SCAN") for line in plan), "all subscriptions are read"
    begun = time.perf_counter()
    found = len(rounds.due_addresses("weekly"))
    first = time.perf_counter() - begun
    print(f"  {found:,} found in {first:.1f} s, {len(touched):,} things a query")


if __name__ == "__main__":
    main()
