# Operators written in R. LITE_SOURCE is the source tree.
source_tree <- Sys.getenv("LITE_SOURCE")
if (!nzchar(source_tree)) exit_file("LITE_SOURCE is wanted")
model <- function(name) file.path(source_tree, "tests", "conformance", "scenario", "models", paste0(name, ".onnx"))
domain <- "scenario.test"

# Registers it, loads a model with it, and hands the network to f.
with_operator <- function(name, run, file, f, ...) {
  lite_register_operator(domain, name, run, ...)
  net <- tryCatch(lite_load(model(file)), finally = lite_unregister_operator(domain, name))
  on.exit(lite_close(net))
  f(net)
}

# ---- what it sees and gives ----
shift <- function(node, x) {
  stopifnot(node$name == "shift", setequal(names(node$attributes), c("by", "label", "names", "order")))
  stopifnot(identical(node$attributes$names, c("a", "b")), identical(node$attributes$order, c(1, 0, 2)), !node$should_stop())
  x + node$attributes$by
}
for (same in c(TRUE, FALSE)) {
  got <- with_operator("Shift", shift, "custom", function(net) {
    first <- lite_run(net, list(x = c(1, 2, 3)))$y
    future <- lite_run_async(net, list(x = c(4, 5)))
    list(first, lite_value(future)$y, lite_run(lite_share(net), list(x = 0))$y)
  }, same_as_input = same)
  expect_equal(got, list(c(3.5, 4.5, 5.5), c(6.5, 7.5), 2.5))
}
repeated <- function(node, x) rep(x, node$attributes$times)
got <- with_operator("Repeat", repeated, "texts", function(net) lite_run(net, list(x = c("a", "b", "Zo\u00eb")))$y)
expect_equal(got, c("a", "a", "Zo\u00eb"))
expect_error(lite_load(model("custom")), class = "lite_error_unsupported")

# ---- what goes wrong is the run's error ----
fails <- function(run, ...) with_operator("Shift", run, "custom", function(net) lite_run(net, list(x = c(1, 2))), ...)
expect_error(fails(function(node, x) stop("not on Sundays")), "'shift': run failed .*not on Sundays")
expect_error(fails(function(node, x) 1:3, same_as_input = TRUE), "output 1 has 2 elements, 3 are given", class = "lite_error_shape_mismatch")
expect_error(fails(function(node, x) list(x, x)), "2 outputs are given, the node has 1")
expect_error(fails(function(node, x) c("a", "b"), same_as_input = TRUE), "numbers are wanted")
expect_error(fails(function(node, x) NULL), "output 1 is NULL")
expect_error(lite_register_operator(domain, "Shift", shift, inputs = c(2, 1)), class = "lite_error_invalid_argument")
lite_register_operator(domain, "Shift", shift)
expect_error(lite_register_operator(domain, "Shift", shift), class = "lite_error_invalid_argument")
lite_unregister_operator(domain, "Shift")
expect_error(lite_unregister_operator(domain, "Shift"), class = "lite_error")

# ---- runs inside runs; nobody waits; cancelled and closed while they ask ----
inner <- lite_load(model("scalar"))
square <- function(node, x) vapply(x, function(v) lite_run(inner, list(x = v))$y, 0)
expect_equal(with_operator("Shift", square, "custom", function(net) lite_run(net, list(x = c(1, 2, 3)))$y), c(1, 4, 9))
lite_close(inner)
plus <- function(node, x) x + node$attributes$by # does not ask whether it should stop, which it may have to
got <- with_operator("Shift", plus, "custom", function(net) {
  future <- lite_run_async(net, list(x = 1))
  lite_cancel(net) # may come before the run has begun
  first <- tryCatch(lite_value(future), lite_error = class)
  lite_set_timeout(net, 0.01)
  late <- lite_run_async(net, list(x = 1))
  Sys.sleep(0.1)
  list(first, tryCatch(lite_value(late), lite_error = class))
})
expect_true(is.list(got[[1]]) || "lite_error_cancelled" %in% got[[1]])
expect_true("lite_error_timed_out" %in% got[[2]])
for (how in c("close", "forget")) {
  with_operator("Shift", plus, "custom", function(net) {
    second <- lite_share(net)
    lite_run_async(second, list(x = 1))
    if (how == "close") lite_close(second)
  })
}
gc()
with_operator("Shift", shift, "custom", function(net) expect_equal(lite_run(net, list(x = 1))$y, 3.5))
lite_register_operator(domain, "Other", shift)
lite_unregister_operator(domain, "Other")
gc()
lite_register_operator(domain, "Other", shift)
lite_unregister_operator(domain, "Other")
expect_true(length(ls(lite:::.state$operators)) <= 1)
