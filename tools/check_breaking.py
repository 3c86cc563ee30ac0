"""Fails when the protos break what was released: `buf breaking` against an earlier commit of this repository.

    python tools/check_breaking.py [--against REF]

Compared with the newest release tag (v*) that HEAD descends from; before the first release, with origin/main,
then main. A clone without any of these (shallow, or a copy without git) has nothing to compare, which is
said and is no failure.
"""

import argparse
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("protos", "server/protos", "buf.yaml")


def _git(*arguments: str) -> bytes | None:
    """What git prints, None when it fails or is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def earlier_state() -> str | None:
    if tag := _git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD"):
        return tag.decode().strip()
    for branch in ("origin/main", "main"):
        if _git("rev-parse", "--verify", "--quiet", f"{branch}^{{commit}}"):
            return branch
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="REF", help="tag, branch or commit; an unknown one is an error")
    asked: str | None = parser.parse_args().against
    reference = asked or earlier_state()
    if reference is None:
        print("    no release tag and no main branch here: nothing to compare with")
        return
    archive = _git("archive", "--format=zip", reference, "--", *MODULES)
    if archive is None:
        if asked:
            sys.exit(f"{reference} is unknown or holds no protos.")
        print(f"    {reference} holds no protos yet: nothing to compare with")
        return
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            files.extractall(folder)
        buf = Path(sys.executable).with_name("buf")
        done = subprocess.run([buf, "breaking", "--against", folder], cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"The protos break {reference}. Add instead of changing, or compare on purpose with BASE=<ref>.")


if __name__ == "__main__":
    main()
