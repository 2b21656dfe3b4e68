# Computes the effects of this review again with the R package metafor.
# Run it in the folder that holds metafor.csv:  Rscript metafor.R
# No datum is written in this script: all of them come from metafor.csv.
#
# One study alone gets its effect and a normal interval here; the report prints the small-sample
# interval that it names, so for one study the estimates agree and the limits need not.

library(metafor)

rows <- read.csv("metafor.csv", stringsAsFactors = FALSE, fileEncoding = "UTF-8")

effects_of <- function(d) {
  measure <- d$measure[1]
  if (all(!is.na(d$yi))) {
    return(escalc(measure = "GEN", yi = yi, vi = vi, data = d, slab = study))
  }
  if (all(!is.na(d$xi))) {
    return(escalc(measure = "PLO", xi = xi, ni = ni, data = d, slab = study))
  }
  if (all(!is.na(d$m1i))) {
    return(escalc(measure = measure, m1i = m1i, sd1i = sd1i, n1i = n1i,
                  m2i = m2i, sd2i = sd2i, n2i = n2i, data = d, slab = study))
  }
  escalc(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, slab = study)
}

summary_of <- function(d, effects) {
  level <- as.numeric(d$level[1]) * 100
  if (d$kind[1] == "single-arm") {
    return(rma.glmm(measure = "PLO", xi = d$xi, ni = d$ni, level = level))
  }
  method <- if (d$method[1] == "FE") "EE" else d$method[1]
  if (method == "EE") {
    return(rma(yi, vi, data = effects, method = method, level = level))
  }
  rma(yi, vi, data = effects, method = method, test = d$test[1], level = level)
}

shown <- function(effects) {
  table <- as.data.frame(summary(effects))[, c("study", "yi", "sei", "ci.lb", "ci.ub")]
  print(table, row.names = FALSE)
}

for (id in unique(rows$synthesis)) {
  d <- rows[rows$synthesis == id, ]
  cat("\n==", id, "(", d$kind[1], ",", d$measure[1], ",", d$method[1], ")\n")
  effects <- effects_of(d)
  shown(effects)
  if (nrow(d) > 1 && !(d$method[1] %in% c("one-study", "series"))) {
    if (d$kind[1] == "single-arm" && !requireNamespace("lme4", quietly = TRUE)) {
      cat("The model of these proportions needs the R package lme4: install it and run again.\n")
    } else {
      print(summary_of(d, effects))
    }
  }
}
