# Rscript answer.R cases.json answered.json: metafor answers calls in the oracle's words with its
# iterations and searches brought to their end (control), everything else as in the call.
suppressPackageStartupMessages({ library(metafor); library(jsonlite) })
asked <- commandArgs(trailingOnly = TRUE)
told <- fromJSON(asked[1], simplifyVector = FALSE)
word <- function(call, name, default = "") {
  if (!grepl(paste0(name, "='"), call)) return(default)
  sub(paste0(".*", name, "='([^']*)'.*"), "\\1", call)
}
numbers <- function(x) sapply(x, function(one) if (is.null(one)) NA else as.numeric(one))
control <- function(method) {
  if (!method %in% c("REML", "ML", "EB", "PM")) return(list())
  list(threshold = 1e-13, tol = 1e-12, maxiter = 20000, tau2.max = 1e7)
}
model <- function(d, call, ...) {
  method <- word(call, "method", "REML")
  do.call(rma, list(numbers(d$yi), numbers(d$vi), method = method, test = word(call, "test", "z"),
                    control = control(method), ...))
}
part <- function(fit, names) {
  held <- lapply(names, function(name) unname(as.vector(fit[[name]])))
  setNames(held, gsub(".", "_", names, fixed = TRUE))
}
basic <- c("k", "beta", "se", "zval", "pval", "ci.lb", "ci.ub", "tau2", "I2", "H2", "QE", "QEp")
answer <- list(
  rma.uni = function(d, call) {
    fit <- model(d, call)
    out <- part(fit, c(basic, "se.tau2", "QM", "QMp"))
    names(out)[names(out) == "se_tau2"] <- "se_tau2"
    shown <- predict(fit)
    c(out, list(pi_lb = shown$pi.lb, pi_ub = shown$pi.ub))
  },
  `tau2-ci` = function(d, call) {
    fit <- model(d, call)
    limits <- confint(fit, control = list(tol = 1e-12, tau2.max = 1e7, tau2.min = 0))$random
    out <- list(QP = list(tau2 = unname(limits[1, ]), tau = unname(limits[2, ]),
                          I2 = unname(limits[3, ]), H2 = unname(limits[4, ])))
    if (grepl("PL", call)) {
      out$PL_tau2 <- tryCatch(unname(confint(
        fit, type = "PL", control = list(tol = 1e-12, tau2.max = 1e5, tau2.min = 0)
      )$random[1, ]), error = function(e) NULL)
    }
    out
  },
  metareg = function(d, call) {
    x <- do.call(rbind, lapply(d$X, numbers))
    fit <- model(d, call, mods = x, intercept = FALSE)
    if (!startsWith(call, "cooks")) {
      return(c(part(fit, c(basic, "QM", "QMp")), list(vcov = unname(vcov(fit)))))
    }
    list(cook = unname(cooks.distance(fit)), rstudent = rstudent(fit)$z,
         rstandard = rstandard(fit)$z, hat = unname(hatvalues(fit)))
  },
  sensitivity = function(d, call) {
    fit <- model(d, call)
    kind <- sub("\\(.*", "", call)
    if (kind == "influence") {
      found <- influence(fit)
      out <- as.list(found$inf)
      keep <- c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight")
      out <- setNames(lapply(keep, function(name) as.vector(found$inf[[name]])),
                      gsub(".", "_", keep, fixed = TRUE))
      out$dfbs <- as.vector(found$dfbs[[1]])
      return(out)
    }
    if (kind == "blup") {
      found <- blup(fit)
      return(list(pred = found$pred, se = found$se, pi_lb = found$pi.lb, pi_ub = found$pi.ub))
    }
    found <- if (kind == "cumul") cumul(fit) else leave1out(fit)
    part(found, c("estimate", "se", "pval", "ci.lb", "ci.ub", "Q", "tau2", "I2", "H2"))
  },
  bias = function(d, call) {
    if (startsWith(call, "regtest")) {
      given <- list(numbers(d$yi), numbers(d$vi), control = control("REML"))
      if (length(d$ni)) given$ni <- numbers(d$ni)
      found <- regtest(do.call(rma, given), model = word(call, "model"),
                       predictor = word(call, "predictor"))
      return(list(stat = found$zval, p = found$pval))
    }
    if (startsWith(call, "ranktest")) {
      found <- ranktest(numbers(d$yi), numbers(d$vi))
      return(list(tau = unname(found$tau), p = found$pval))
    }
    found <- trimfill(model(d, call), estimator = word(call, "estimator"), maxiter = 1000)
    # The filled data are fitted anew: trimfill does not hand its control on.
    method <- word(call, "method", "REML")
    whole <- rma(as.vector(found$yi), as.vector(found$vi), method = method,
                 control = control(method))
    c(list(k0 = found$k0, side = found$side), part(whole, basic))
  },
  rma.uni.tight = function(d, call) {
    fit <- model(d, call)
    out <- part(fit, basic)
    if (word(call, "test") == "z" && word(call, "method") %in% c("REML", "DL", "PM")) {
      limits <- confint(fit, control = list(tol = 1e-12, tau2.max = 1e5))$random
      out$tau2_qp_lb <- limits["tau^2", "ci.lb"]
      out$tau2_qp_ub <- limits["tau^2", "ci.ub"]
    }
    out$weights <- unname(weights(fit))
    out
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
  },
  glmm = function(d, call) {
    asked <- word(call, "measure")
    given <- c(list(measure = asked, method = "ML"), lapply(d, numbers))
    if (asked != "PLO") given$model <- word(call, "model")
    part(do.call(rma.glmm, given), c("beta", "se", "ci.lb", "ci.ub", "tau2", "QE.LRT"))
  },
  transform = function(d, call) {
    x <- numbers(d$xi)
    n <- numbers(d$ni)
    fit <- rma(measure = "PFT", xi = x, ni = n, control = control("REML"))
    shown <- predict(fit, transf = transf.ipft.hm, targs = list(ni = n))
    list(pred = shown$pred, ci_lb = shown$ci.lb, ci_ub = shown$ci.ub, pi_lb = shown$pi.lb,
         pi_ub = shown$pi.ub)
  }
)
cases <- lapply(told$cases, function(case) {
  out <- suppressWarnings(tryCatch(
    Filter(length, answer[[case$family]](case$inputs, case$call)),
    error = function(e) list(error = unbox(conditionMessage(e)))
  ))
  list(id = unbox(case$id), outputs = out)
})
engine <- paste("metafor", packageVersion("metafor"), "on", R.version.string)
writeLines(toJSON(list(engine = unbox(engine), answers = cases), digits = NA, na = "null"), asked[2])
