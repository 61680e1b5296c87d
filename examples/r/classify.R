# usage: Rscript classify.R MODEL PLOT.pdf SCAN.pgm...
#
# Classifies scans, all in one batch, and draws each with the probabilities of its digits.
library(lite)

args <- commandArgs(trailingOnly = TRUE)
if (length(args) < 3) stop("usage: Rscript classify.R MODEL PLOT.pdf SCAN.pgm...", call. = FALSE)
scans <- args[-(1:2)]

# The text form of PGM: "P2", width, height, the value of white, the values row by row.
read_pgm <- function(file) {
  words <- scan(file, "", quiet = TRUE)
  if (length(words) != 4 + 64 || words[1] != "P2") stop(file, " is not a PGM of 8 x 8 in text", call. = FALSE)
  matrix(as.numeric(words[-(1:4)]) / 255, 8, 8, byrow = TRUE)
}

pictures <- lapply(scans, read_pgm)
batch <- array(0, c(length(scans), 1, 8, 8))
for (i in seq_along(pictures)) batch[i, 1, , ] <- pictures[[i]]

net <- lite_load(args[1])
prob <- lite_run(net, list(data = batch))$prob
lite_close(net)

for (i in seq_along(scans)) {
  digit <- which.max(prob[i, ]) - 1
  cat(sprintf("%d %.1f %% %s\n", digit, 100 * prob[i, digit + 1], scans[i]))
}

pdf(args[2], width = 6, height = 2 * length(scans))
par(mfrow = c(length(scans), 2), mar = c(2, 2, 1, 1))
for (i in seq_along(scans)) {
  image(t(pictures[[i]][8:1, ]), col = gray.colors(256, 1, 0), axes = FALSE)
  barplot(prob[i, ], names.arg = 0:9, ylim = c(0, 1))
}
invisible(dev.off())
