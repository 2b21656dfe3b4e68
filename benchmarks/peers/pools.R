# metafor answers the jobs of benchmarks/synthesis.py; see pools.py for what a line says.
suppressPackageStartupMessages(library(metafor))
cat("ready metafor", as.character(packageVersion("metafor")), "\n")
invisible(flush(stdout()))
lines <- file("stdin", "r")
repeat {
  line <- readLines(lines, n = 1)
  if (length(line) == 0) break
  job <- strsplit(line, " ")[[1]]
  held <- scan(job[1], quiet = TRUE)
  k <- as.integer(job[2])
  times <- as.integer(job[4])
  y <- matrix(held[seq(1, length(held), 2)], nrow = k)
  v <- matrix(held[seq(2, length(held), 2)], nrow = k)
  answer <- tryCatch({
    start <- proc.time()
    for (again in seq_len(times)) {
      out <- lapply(seq_len(ncol(y)), function(r) {
        fit <- rma(y[, r], v[, r], method = job[3], test = "knha")
        c(fit$beta, fit$se, fit$ci.lb, fit$ci.ub, fit$tau2)
      })
    }
    used <- proc.time() - start
    paste(c(sum(used[1:2]), sprintf("%.17g", unlist(out))), collapse = " ")
  }, error = function(e) paste("error", gsub("\n", " ", conditionMessage(e))))
  cat(answer, "\n", sep = "")
  invisible(flush(stdout()))
}
