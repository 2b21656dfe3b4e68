"""Tables: rows of delimited text and of workbooks, and what their columns are called."""
