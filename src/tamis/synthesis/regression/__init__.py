"""Meta-regression: designs from columns or a formula, models, permutation, diagnostics."""
