"""Run the whole story on loopback, in a temporary home."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from canaries.core.text import visible
from canaries.installation.session import say, tell

SECTION = "Start"


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path), help="An empty folder to work in (default: a temporary one)."
)
def command(folder: Path | None) -> None:
    """Plant bait in a small service, have an intruder and an insider use it, catch, alert, prove: half a minute."""
    from canaries.core.errors import HomeError
    from listener.demo.scenario import Story

    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="trapline-demo-"))
    elif folder.exists() and any(folder.iterdir()):
        raise HomeError(f"{folder} is not empty", hint="give an empty folder with --folder")
    folder.mkdir(parents=True, exist_ok=True)
    story = Story(folder.resolve(), tell)
    hits = story.run()
    tell("")
    tell("Timeline")
    for hit in hits:
        source = hit["source"]
        tell(
            f"  {hit['observed_at']}  {hit['kind']:<12} {hit['facet']:<12} from {source['ip']} port {source['port']}"
        )
    tell("")
    tell(f"Dossier: {visible(str(story.dossier))}")
    say(f"Everything is in {folder}; remove it when you have looked.")
    say("Next: README.md, 'First real bait in five minutes'.")
