"""A sheet to fill in: screening, values, appraisals or grades as a table that `record` takes."""
