"""Reading environment variables, with defaults for a local site."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def request_timeout() -> float:
    """REQUEST_TIMEOUT: the seconds that the server may work on one request."""
    return float(env.str("REQUEST_TIMEOUT", "") or 30)


def limit_statements() -> None:
    """Have the statements of web requests end in time to answer with a page, unless STATEMENT_TIMEOUT says otherwise.

    Call it before the settings are read.
    """
    if not env.str("STATEMENT_TIMEOUT", ""):
        os.environ["STATEMENT_TIMEOUT"] = str(request_timeout() / 2)


def data_dir() -> Path:
    """The folder for what must survive a restart (database, secret key), created if missing."""
    path = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or a random key stored in `folder` for its owner only, so that sessions survive a restart."""
    if given := env.str("SECRET_KEY", ""):
        return given
    path = folder / "secret_key"
    if not path.exists():
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: use its key
        finally:
            draft.unlink()
    return path.read_text().strip()
