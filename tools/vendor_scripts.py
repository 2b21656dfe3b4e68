"""Build hook: put the browser scripts of others where the pages find them.

They come from packages named in ``[build-system] requires``, are copied when Tamis is installed or
its wheel is built, and are never part of this repository. ``NOTICE`` lists their licences.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Package, file in it, name under which the pages load it.
SCRIPTS = (("django_htmx", "static/django_htmx/htmx-4.min.js", "htmx.js"),)


class VendorScripts(BuildHookInterface):
    """Copies ``SCRIPTS`` into the package before a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Copy the files; a package that has lost one fails the build and says which."""
        del version, build_data
        folder = Path(self.root, "src", "tamis", "web", "static", "vendor")
        folder.mkdir(parents=True, exist_ok=True)
        for package, path, name in SCRIPTS:
            data = files(package).joinpath(path).read_bytes()
            target = folder / name
            if not target.is_file() or target.read_bytes() != data:
                target.write_bytes(data)
