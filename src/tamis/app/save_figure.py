"""Write a figure to a file: figures are values, and rooms that think touch no disk."""

from __future__ import annotations

import os
from pathlib import Path

from tamis.app.review import write_outside
from tamis.report.figures import Figure, suffix_of

__all__ = ["save_figure"]


def save_figure(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Write a figure in the form that the name of a file asks for, whole or not at all.

    Parameters
    ----------
    figure
        Of ``tamis.report.forest`` or one of its sisters.
    path
        Ends in ``.svg``, ``.pdf`` or ``.png``.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    BadInput
        For another suffix; nothing is written then.
    StorageFailed
        When the disk refuses.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><path/></svg>'
    >>> figure = Figure(kind="forest", title="t", desc="", rows=(), drawing=svg)
    >>> with TemporaryDirectory() as folder:
    ...     save_figure(figure, f"{folder}/forest.pdf").read_bytes()[:5]
    b'%PDF-'
    """
    file = Path(path)
    write_outside(file, figure.encoded(suffix_of(file.name)))
    return file
