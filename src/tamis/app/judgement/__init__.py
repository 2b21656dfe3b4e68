"""From events to judgements: risk of bias, certainty, claims, trust in the sources."""
