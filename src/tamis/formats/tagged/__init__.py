"""Tagged lines: RIS, PubMed's own format, and the formats of Ovid, Web of Science and managers."""
