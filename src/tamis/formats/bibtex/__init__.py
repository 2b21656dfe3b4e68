"""BibTeX and BibLaTeX: entries cut out of whatever stands between them, LaTeX read as letters."""
