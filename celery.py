"""The worker's command line (`python celery.py worker`), as manage.py is Django's.

It bears the library's name and the root leads `sys.path`, so an `import celery` anywhere finds this
file first. When imported it therefore steps aside: the library is looked up on the path without
this folder and takes its place. The Celery app itself lives in exchange/celery_app.py.
"""

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def step_aside() -> None:
    """Put the installed library into `sys.modules["celery"]`. Raises ImportError when there is none."""
    elsewhere = [entry for entry in sys.path if Path(entry or os.curdir).resolve() != ROOT]
    spec = PathFinder.find_spec("celery", elsewhere)
    if spec is None or spec.loader is None:
        raise ImportError("the celery library is not installed", name="celery")
    library = module_from_spec(spec)
    sys.modules["celery"] = library
    spec.loader.exec_module(library)


def main() -> None:
    """Hand the arguments to the library's own command line, with our app filled in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.local")
    from celery.bin.celery import main as run

    sys.argv = ["celery", "--app", "exchange.celery_app", *sys.argv[1:]]
    sys.exit(run())


step_aside()

if __name__ == "__main__":
    main()
