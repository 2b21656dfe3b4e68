"""Effect sizes by the kind of row they come from: counts, means, proportions, rates, pairs."""
