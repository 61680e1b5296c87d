# What the C layer makes is protected: R collects all the time. By itself, since a collection takes as long as R has packages.
source_tree <- Sys.getenv("LITE_SOURCE")
if (!nzchar(source_tree)) quit()
library(lite)
folder <- file.path(source_tree, "tests", "conformance", "scenario", "models")

work <- function() {
  net <- lite_load(file.path(folder, "classifier.onnx"))
  stopifnot(length(lite_inputs(net)) == 1, lite_metadata(net)[["labels"]] == "low,middle,high")
  got <- lite_run(net, list(x = matrix(c(1, 0, -1, 0.5), 1)))
  view <- lite_view(net, "prob")
  second <- lite_share(net, options = list(program_cache = "1M"))
  future <- lite_run_async(second, list(x = matrix(0, 2, 4)))
  stopifnot(
    identical(dim(lite_value(future)$prob), c(2L, 3L)), abs(got$prob[1, 1] - 0.834161619) < 1e-5, got$label == 0,
    identical(view[[1, 1]], got$prob[1, 1]), identical(as.array(view), got$prob)
  )
  wrong <- tryCatch(lite_run(net, list(x = matrix(0, 1, 5))), error = identity)
  stopifnot(inherits(wrong, "lite_error_shape_mismatch"), grepl("[1,5] is given", conditionMessage(wrong), fixed = TRUE))
  lite_set_profiling(net)
  lite_run(net, list(x = matrix(0, 1, 4)))
  stopifnot(grepl("Softmax", lite_profile(net)), lite_statistics(net)[["runs"]] == 3, nzchar(lite_graph(net)))
  lite_close(net)

  lite_register_operator("scenario.test", "Shift", function(node, x) x + node$attributes$by)
  net <- lite_load(file.path(folder, "custom.onnx"))
  lite_unregister_operator("scenario.test", "Shift")
  stopifnot(identical(lite_run(net, list(x = c(1, 2)))$y, c(3.5, 4.5)))

  net <- lite_load(file.path(folder, "values.onnx"))
  given <- list(frames = list(c(1, 2), matrix(c(1, 2, 3, 4), 2)), maybe = 7, scores = c(low = 0.25, high = 0.75), names = c("a", "Zo\u00eb"))
  got <- lite_run(net, given)
  wrong <- tryCatch(lite_set_input(net, "frames", list(1, "a")), error = identity)
  stopifnot(identical(unname(got), unname(given)), inherits(wrong, "lite_error_invalid_argument"))
}
work()
# With LITE_TEST_ALL at every allocation, and what is collected is an error when it is used, which takes minutes.
all <- nzchar(Sys.getenv("LITE_TEST_ALL"))
invisible(gctorture2(if (all) 1 else 11, inhibit_release = all))
work()
invisible(gctorture2(0))
