"""The appraisal forms of the workbench: answers, passages, two sealed assessors, comparison."""
