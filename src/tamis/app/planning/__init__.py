"""The protocol as a form: fields, tables, edits that keep the file as written, registration."""
