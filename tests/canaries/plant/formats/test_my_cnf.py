"""MySQL: a group that is read only when asked for by its suffix."""

from __future__ import annotations

from tests.canaries.plant.formats import readers
from tests.canaries.plant.formats.forms import text_after

OLD = "[client]\nuser=root\npassword=placeholder\n"


def test_the_client_reads_it_with_the_suffix_only(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "my.cnf"
    path.write_text(text_after(".my.cnf", OLD, "mysql"))
    suffix = path.read_text().partition("[client_")[2].partition("]")[0]
    assert readers.run("my_print_defaults", f"--defaults-file={path}", "client").split() == [
        "--user=root",
        "--password=placeholder",
    ]
    asked = readers.run(
        "my_print_defaults", f"--defaults-file={path}", f"--defaults-group-suffix=_{suffix}", "client"
    )
    assert "--host=" in asked
