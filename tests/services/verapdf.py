"""veraPDF, the validator of PDF/UA: got through Maven once, kept in ``var/verapdf``, run with Java.

``python -m tests.services.verapdf`` gets it beforehand, where tests may not reach the network.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var/verapdf"
VERSION = "1.28.2"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>suites</groupId><artifactId>verapdf</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>org.verapdf.apps</groupId><artifactId>greenfield-apps</artifactId>
    <version>{VERSION}</version>
  </dependency></dependencies>
</project>
"""


def missing() -> str:
    """What stands in the way of running it; empty: nothing."""
    if not shutil.which("java"):
        return "Java is not installed (on Debian: apt install default-jre-headless)."
    if not list(FOLDER.glob("lib/greenfield-apps-*.jar")):
        return "veraPDF is not there: run python -m tests.services.verapdf (needs Maven)."
    return ""


def get() -> None:
    """Fetch it, unless it is there."""
    if list(FOLDER.glob(f"lib/greenfield-apps-{VERSION}.jar")):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "pom.xml").write_text(POM)
    command = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
    subprocess.run(command, cwd=FOLDER, check=True, timeout=600)


def verdict(path: Path) -> tuple[bool, str]:
    """Whether a file is PDF/UA-1, and what veraPDF says of it."""
    command = ["java", "-cp", f"{FOLDER}/lib/*", "org.verapdf.apps.GreenfieldCliWrapper"]
    command += ["--flavour", "ua1", "--format", "text", "-v", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout.startswith("PASS"), done.stdout + done.stderr


if __name__ == "__main__":
    get()
    sys.stdout.write(f"{missing() or 'veraPDF is ready.'}\n")
