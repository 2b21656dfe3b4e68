# Rscript answer.R cases.json answered.json: metafor answers the cases that make.py made.
# Tight control, so that iterations of the engine are no cause of a difference.
suppressPackageStartupMessages({ library(metafor); library(jsonlite) })
asked <- commandArgs(trailingOnly = TRUE)
told <- fromJSON(asked[1], simplifyVector = FALSE)
tight <- list(threshold = 1e-13, tol = 1e-12, maxiter = 20000, tau2.max = 1e7)
word <- function(call, name) sub(paste0(".*", name, "='([^']*)'.*"), "\\1", call)
numbers <- function(x) sapply(x, function(one) if (is.null(one)) NA else as.numeric(one))
part <- function(fit, names) {
  held <- lapply(names, function(name) unname(as.vector(fit[[name]])))
  setNames(held, gsub(".", "_", names, fixed = TRUE))
}
pool <- function(d, call, mods) {
  method <- word(call, "method")
  given <- list(numbers(d$yi), numbers(d$vi), method = method, test = word(call, "test"),
                control = if (method %in% c("REML", "ML", "EB", "PM")) tight else list())
  if (!missing(mods)) given <- c(given, list(mods = mods, intercept = FALSE))
  do.call(rma, given)
}
answer <- list(
  rma.uni.tight = function(d, call) {
    fit <- pool(d, call)
    out <- part(fit, c("k", "beta", "se", "zval", "pval", "ci.lb", "ci.ub", "tau2", "I2", "H2",
                       "QE", "QEp"))
    if (word(call, "test") == "z" && word(call, "method") %in% c("REML", "DL", "PM")) {
      limits <- confint(fit, control = list(tol = 1e-12, tau2.max = 1e5))$random
      out$tau2_qp_lb <- limits["tau^2", "ci.lb"]
      out$tau2_qp_ub <- limits["tau^2", "ci.ub"]
    }
    out$weights <- unname(weights(fit))
    out
  },
  metareg = function(d, call) {
    fit <- pool(d, call, mods = do.call(rbind, lapply(d$X, numbers)))
    part(fit, c("k", "beta", "se", "zval", "pval", "ci.lb", "ci.ub", "tau2", "QE", "QEp", "QM",
                "QMp"))
  },
  escalc = function(d, call) {
    given <- lapply(d[names(d) != "measure"], numbers)
    fit <- do.call(escalc, c(list(measure = d$measure), given))
    list(yi = as.vector(fit$yi), vi = as.vector(fit$vi))
  },
  mh = function(d, call) {
    fit <- do.call(rma.mh, c(list(measure = word(call, "measure"), correct = TRUE),
                             lapply(d, numbers)))
    part(fit, c("k", "beta", "se", "pval", "ci.lb", "ci.ub", "MH", "MHp", "BD", "BDp", "TA", "TAp"))
  },
  peto = function(d, call) {
    fit <- do.call(rma.peto, lapply(d, numbers))
    part(fit, c("k", "beta", "se", "pval", "ci.lb", "ci.ub", "QE", "QEp"))
  }
)
scalar <- function(out) lapply(out, function(x) if (length(x) == 1) unbox(x) else x)
cases <- lapply(told$cases, function(case) {
  out <- suppressWarnings(tryCatch(
    scalar(Filter(length, answer[[case$family]](case$inputs, case$call))),
    error = function(e) list(error = unbox(conditionMessage(e)))
  ))
  list(id = unbox(case$id), outputs = out)
})
engine <- paste("metafor", packageVersion("metafor"), "on", R.version.string)
writeLines(toJSON(list(engine = unbox(engine), answers = cases), digits = NA, na = "null"), asked[2])
