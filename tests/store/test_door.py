"""The public door of the room."""

from __future__ import annotations

import subprocess
import sys

import tamis.store


def test_every_name_of_the_door_is_there_and_sorted() -> None:
    assert all(hasattr(tamis.store, name) for name in tamis.store.__all__)
    assert len(set(tamis.store.__all__)) == len(tamis.store.__all__)


def test_migrations_are_loaded_only_when_a_database_needs_them() -> None:
    code = (
        "import sys, tempfile, pathlib; import tamis.store as s\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "assert 'alembic' not in sys.modules\n"
        "s.Index(folder).close(); assert 'alembic' in sys.modules\n"
    )
    again = code.replace("; assert 'alembic' in", "; print(folder); assert 'alembic' in")
    made = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=True)
    second = (
        "import sys, pathlib; import tamis.store as s\n"
        f"s.Index(pathlib.Path({made.stdout.strip()!r})).close()\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", second], check=True)
