"""`make setup`: the virtual environment, the locked packages, the compiled core. Standard library only.

Each part is stamped with a digest of what it was made from, so a second run does nothing. What the
system lacks is named with the Debian package that brings it.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)


class SetupError(Exception):
    """The set-up cannot go on; the text says what to install or mend."""


def missing_from_system() -> list[str]:
    """A sentence for each thing the operating system lacks."""
    found = []
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(str(part) for part in sys.version_info[:3])
        found.append(f"Python 3.11 or newer: this is {version} (choose another with PYTHON=python3.x)")
    name = f"python{sys.version_info.major}"
    try:
        import ensurepip  # noqa: F401, PLC0415  # Debian ships it apart
        import venv  # noqa: F401, PLC0415
    except ImportError:
        found.append(f"Python's venv module: apt-get install {name}-venv")
    if not (shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")):
        found.append(f"a C compiler: {'xcode-select --install' if sys.platform == 'darwin' else 'apt-get install gcc'}")
    elif sys.platform == "linux" and not _compiles():
        found.append("the C library's headers: apt-get install libc6-dev")
    if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        found.append(f"Python's C headers: apt-get install {name}-dev")
    return found


def _compiles() -> bool:
    compiler = shutil.which("gcc") or shutil.which("cc") or "clang"
    source = b"#include <stdlib.h>\nint main(void) { return 0; }\n"
    argv = [compiler, "-x", "c", "-fsyntax-only", "-"]
    return subprocess.run(argv, input=source, capture_output=True, check=False).returncode == 0


def digest(paths: Sequence[Path], *extra: str) -> str:
    """What a part was made from: file names and contents, and the interpreter."""
    found = hashlib.sha256(sys.version.encode())
    for text in extra:
        found.update(text.encode() + b"\0")
    for path in sorted(paths):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


@contextlib.contextmanager
def slow_step(text: str) -> Iterator[None]:
    """A line when it begins and one when it is done."""
    begun = time.monotonic()
    print(f"setup: {text} ...", flush=True)
    yield
    print(f"setup: {text}: done in {time.monotonic() - begun:.0f} s", flush=True)


def run(argv: Sequence[str | Path], what: str) -> None:
    """Raises SetupError with the end of the output when the command fails."""
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    environment.pop("PYTHONHOME", None)
    result = subprocess.run(
        [str(part) for part in argv], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if result.returncode != 0:
        tail = "\n".join(result.stdout.splitlines()[-25:])
        raise SetupError(f"{what} failed:\n{tail}")


class Part:
    """One stamped part of the set-up."""

    def __init__(self, name: str, inputs: str) -> None:
        self.stamp = VENV / f".made-{name}"
        self.inputs = inputs

    @property
    def is_made(self) -> bool:
        try:
            return self.stamp.read_text(encoding="ascii") == self.inputs
        except OSError:
            return False

    def made(self) -> None:
        self.stamp.write_text(self.inputs, encoding="ascii")


def make_venv() -> None:
    if not PYTHON.exists():
        with slow_step("making .venv"):
            run([sys.executable, "-m", "venv", "--clear", VENV], "making .venv")


def install(lock: Path) -> None:
    """Exactly the locked packages, each checked against its hash."""
    part = Part(lock.stem, digest([lock]))
    if part.is_made:
        return
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line and line[0].isalnum())
    with slow_step(f"installing {count} locked packages (the slowest step, up to a minute or two)"):
        run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--progress-bar", "off", "--require-hashes", "-r", lock],
            f"installing {lock.name}",
        )
    part.made()


def compile_core() -> None:
    """The matching engine, built in place."""
    core = ROOT / "matcher" / "core"
    sources = [*core.glob("*.py"), *core.glob("*.pxd"), *core.glob("*.h"), ROOT / "setup.py"]
    part = Part("core", digest(sources, *sorted(_processor())))
    if part.is_made and (any(core.glob("*.so")) or len(sources) < 3):
        return
    with slow_step("compiling the core"):
        for stale in [*core.glob("*.so"), *core.glob("*.c")]:
            stale.unlink()
        run([PYTHON, "setup.py", "--quiet", "build_ext", "--inplace"], "compiling the core")
    part.made()


def _processor() -> set[str]:
    """What the compiler may have tuned for, so that a checkout moved to another machine is built anew."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return set()
    return set(text.split()) & {"avx2", "bmi2", "fma", "movbe", "avx512f"}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make setup", description="Make .venv and compile the core.")
    parser.add_argument("--dev", action="store_true", help="also what tests, linters and benchmarks need")
    options = parser.parse_args(argv)
    missing = missing_from_system()
    if missing:
        print("setup: this system lacks", *missing, sep="\n  - ", file=sys.stderr)
        return 1
    with (ROOT / "Makefile").open("rb") as lock:  # two set-ups of one checkout take turns
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            make_venv()
            install(ROOT / ("requirements-dev.lock" if options.dev else "requirements.lock"))
            compile_core()
        except SetupError as error:
            print(f"setup: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
