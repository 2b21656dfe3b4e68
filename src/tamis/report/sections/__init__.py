"""One module a part of the report: each turns the content into pieces for its template."""

__all__: list[str] = []
