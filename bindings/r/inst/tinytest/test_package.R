# What is R's own in the package. LITE_SOURCE is the source tree.
source_tree <- Sys.getenv("LITE_SOURCE")
if (!nzchar(source_tree)) exit_file("LITE_SOURCE is wanted")
digits <- file.path(source_tree, "examples", "data", "digits.onnx")
model <- function(name) file.path(source_tree, "tests", "conformance", "scenario", "models", paste0(name, ".onnx"))
zeros <- array(0, c(1, 1, 8, 8))

# ---- dimensions: an element keeps its indices ----
net <- lite_load(model("rank8"))
x <- array(0:11, c(1, 2, 1, 3, 1, 2, 1, 1))
expect_identical(lite_run(net, list(x = x))$y, aperm(x, 8:1))
lite_close(net)
net <- lite_load(model("two_inputs"))
left <- matrix(c(1, 2, 3, 4, 5, 6), 3, 2)
expect_equal(lite_run(net, list(left = left, right = 0 * left))$difference, left)
expect_equal(lite_run(net, list(left, 0 * left))$difference, left)

# ---- views ----
view <- lite_view(net, "difference")
expect_equal(dim(view), c(3L, 2L))
expect_equal(length(view), 6L)
expect_equal(view[[2, 1]], 2)
expect_equal(view[[4]], 4)
expect_equal(view[3, ], c(3, 6))
expect_equal(as.array(view), left)
expect_equal(as.vector(view), as.vector(left))
expect_stdout(print(view), "difference")
expect_error(view[[4, 1]], "out of bounds")
lite_run(net)
expect_error(view[[1, 1]], "has run again", class = "lite_error_closed")
view <- lite_view(net, "difference")
lite_close(net)
expect_error(as.array(view), "closed", class = "lite_error_closed")
expect_stdout(print(view), "ended")

# ---- in place ----
net <- lite_load(model("dtype_float64"))
x <- c(1, 2, 3)
lite_set_input(net, "x", x, in_place = TRUE)
x[1] <- 100 # R's own copy: the library keeps the one it was given
gc()
expect_equal(lite_run(net)$y, c(2, 4, 6))
lite_set_input(net, "x", c(5, 6))
expect_equal(lite_run(net)$y, c(10, 12))
expect_error(lite_set_input(net, "x", 1:3, in_place = TRUE), class = "lite_error_shape_mismatch")
expect_error(lite_set_input(net, "x", matrix(1, 2, 2), in_place = TRUE), "another order")
lite_close(net)

# ---- what R has and the library has not ----
net <- lite_load(model("dtype_int32"))
expect_identical(lite_run(net, list(x = 1:2))$y, c(2L, 4L))
expect_equal(lite_run(net, list(x = c(TRUE, FALSE)))$y, c(2, 0))
expect_error(lite_run(net, list(x = c(1L, NA))), "NA", class = "lite_error_invalid_argument")
expect_error(lite_run(net, list(x = 1.5)), "no whole number", class = "lite_error_invalid_argument")
expect_error(lite_run(net, list(x = "1")), "numbers", class = "lite_error_shape_mismatch")
expect_error(lite_set_input(net, "x", 1:3, dim = c(2, 2)), "has 4", class = "lite_error_shape_mismatch")
lite_close(net)
net <- lite_load(model("dtype_float16"))
expect_equal(lite_run(net, list(x = c(0.1, 65504, 1e6, 2^-24, -0.5)))$y, -c(0.0999755859375, 65504, Inf, 2^-24, -0.5))
lite_close(net)
net <- lite_load(model("dtype_string"))
expect_error(lite_run(net, list(x = NA_character_)), "NA")
lite_close(net)

# ---- networks ----
net <- lite_load(digits)
expect_equal(format(net), "<lite_network (data: float32[batch,1,8,8]) -> (prob: float32[batch,10])>")
expect_stdout(print(net), "batch")
expect_stdout(summary(net), "weight_bytes")
wanted <- lite_run(net, list(data = zeros))$prob
expect_equal(dim(wanted), c(1L, 10L))
second <- lite_share(net, threads = 2)
expect_equal(lite_get_option(second, "threads"), "2")
lite_close(net)
lite_close(net)
expect_true(lite_is_closed(net))
expect_equal(format(net), "<lite_network, closed>")
expect_error(lite_run(net), "closed", class = "lite_error_closed")
expect_equal(lite_run(second, list(data = zeros))$prob, wanted)
expect_error(lite_run(second, list(date = zeros)), "there are: data", class = "lite_error_not_found")
expect_error(lite_run("net"), "lite_load")
expect_true(grepl("Conv", lite_graph(second, "imported")))
lite_set_profiling(second)
lite_run(second)
expect_true(grepl("traceEvents", lite_profile(second, "trace")))
lite_set_profiling(second, FALSE)
lite_trim(second)
expect_equal(lite_statistics(second)[["arena_bytes"]], 0)
expect_equal(lite_run(second)$prob, wanted)
future <- lite_run_async(second)
expect_stdout(print(future), "lite_future")
expect_error(lite_run(second), class = "lite_error_busy")
expect_equal(lite_value(future)$prob, wanted)
lite_close(second)

e <- tryCatch(lite_load(model("not_an_operator")), lite_error_unsupported = identity)
expect_equal(e$unsupported$op_type, "Frobnicate")
expect_error(lite_load(digits, max_nodes = 3), class = "lite_error_limit_exceeded")
if (lite_device_count("cuda") == 0) expect_error(lite_load(digits, device = "cuda"), class = "lite_error")

# ---- time limits, waiting ----
net <- lite_load(model("count"))
future <- lite_run_async(net, list(times = 1e12, start = 0))
expect_false(lite_resolved(future))
expect_error(lite_value(future, timeout = 0.01), "not over", class = "lite_error_timed_out")
while (!lite_resolved(future)) lite_cancel(net)
expect_error(lite_value(future), class = "lite_error_cancelled")
lite_set_timeout(net, 0.02)
expect_error(lite_run(net), class = "lite_error_timed_out")
lite_set_timeout(net)
future <- lite_run_async(net)
lite_close(net) # stops the run
expect_true(lite_is_closed(net))

# ---- the process ----
expect_true(lite_version() >= "1.0.0")
expect_true(grepl("version", lite_build_info()))
expect_true(grepl("Conv", lite_operators()))
options <- lite_options()
expect_equal(options$default[options$key == "threads" & options$scope == "network"], "1")
before <- lite_threads()
expect_equal(lite_threads(3), 3L)
expect_equal(lite_threads(0), before)
key <- options$key[options$scope == "process"][1]
lite_set_option(NULL, key, lite_get_option(NULL, key))
expect_error(lite_set_option(NULL, "colour", "red"), class = "lite_error_invalid_argument")
lines <- character()
lite_set_log(function(level, text) lines <<- c(lines, paste(level, text)), "info")
lite_close(lite_load(digits))
lite_set_log(NULL)
lite_close(lite_load(digits))
expect_equal(length(lines), 1L)
expect_true(grepl("^info a model is loaded", lines))
expect_error(lite_open("/another/liblite.so"), "open already")
expect_equal(lite_open(lite_library_path()), lite_library_path())

# ---- networks that nobody closes ----
cycle <- function() {
  n <- lite_load(digits)
  lite_run(n, list(data = zeros))
  lite_view(n, "prob")[[1, 1]]
}
# By hand, for more of them: LITE_CYCLES=100000.
cycles <- as.integer(Sys.getenv("LITE_CYCLES", "1000"))
most <- 0
for (i in seq_len(cycles)) {
  cycle()
  # R's collector does not see the library's memory.
  if (i %% 50 == 0) gc()
  most <- max(most, lite_statistics()[["weight_bytes"]])
}
gc()
expect_equal(lite_statistics()[["weight_bytes"]], 0)
expect_true(most < 60 * file.size(digits))
