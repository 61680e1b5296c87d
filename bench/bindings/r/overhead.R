# What a run of a small network costs from R: write the input, run, read the output.
#
# usage: Rscript overhead.R MODEL RUNS, prints nanoseconds per run
library(lite)

args <- commandArgs(trailingOnly = TRUE)
runs <- as.integer(args[2])
net <- lite_load(args[1])
x <- matrix(0, 1, 4)
run <- function(runs) {
  total <- 0
  for (i in seq_len(runs)) {
    x[1, 1] <- i %% 8
    total <- total + lite_run(net, list(x = x))$prob[1, 1]
  }
  total
}
invisible(run(runs %/% 10))
seconds <- system.time(stopifnot(run(runs) > 0))[["elapsed"]]
cat(sprintf("%.1f\n", seconds * 1e9 / runs))
