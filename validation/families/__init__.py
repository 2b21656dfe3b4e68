"""Answers of the product to the cases of an oracle, one module a group of families."""
