# Inputs, runs, outputs.

.info <- function(infos, side, name) {
  if (!is.character(name) || length(name) != 1) stop("the name of an ", side, " is wanted, as one text", call. = FALSE)
  info <- infos[[name]]
  if (is.null(info)) {
    .stop(-4L, sprintf("there is no %s '%s'; there are: %s", side, name, paste(names(infos), collapse = ", ")), "LITE_NOT_FOUND")
  }
  info
}

.open_network <- function(network) {
  if (lite_is_closed(network)) .stop(-13L, "the network is closed", "LITE_CLOSED")
}

# An array has its dimensions. A vector has one, or none where the model wants a scalar.
.dim_of <- function(x, info, dim) {
  if (!is.null(dim)) {
    if (prod(dim) != length(x)) {
      .stop(-11L, sprintf("%d elements are given, shape [%s] has %d", length(x), paste(dim, collapse = ","), as.integer(prod(dim))),
            "LITE_SHAPE_MISMATCH")
    }
    return(as.double(dim))
  }
  if (!is.null(base::dim(x))) return(as.double(base::dim(x)))
  if (length(x) == 1 && !is.null(info$shape) && length(info$shape) == 0) double() else as.double(length(x))
}

lite_set_input <- function(network, name, x, dim = NULL, dtype = NULL, in_place = FALSE) {
  .pointer(network)
  .open_network(network)
  info <- .info(network$inputs, "input", name)
  if (info$kind != "tensor") {
    .Call(C_set_input_value, network$pointer, name, .build(x, .value_type(network, name), sprintf("input '%s'", name)))
    return(invisible(network))
  }
  shape <- .dim_of(x, info, dim)
  if (is.null(dtype)) dtype <- info$dtype
  if (in_place) {
    if (!(is.double(x) && dtype == "float64") && !(is.integer(x) && dtype == "int32")) {
      .stop(-11L, sprintf("in place go doubles for float64 and integers for int32; '%s' wants %s", name, dtype), "LITE_SHAPE_MISMATCH")
    }
    if (sum(shape != 1) > 1) {
      .stop(-11L, "in place go arrays with one dimension that is not 1: R has the others in another order", "LITE_SHAPE_MISMATCH")
    }
    .Call(C_use_input, network$pointer, name, x, shape)
    # The library reads R's memory from now on; a second name for it makes R copy before it changes x.
    network$kept[[name]] <- x
    return(invisible(network))
  }
  if (!is.null(network$kept[[name]])) {
    .Call(C_leave_memory, network$pointer, name)
    rm(list = name, envir = network$kept)
  }
  .Call(C_set_input, network$pointer, name, x, dtype, shape)
  invisible(network)
}

lite_shape <- function(network, name) .Call(C_shape, .pointer(network), name)

lite_get_output <- function(network, name) {
  .pointer(network)
  .open_network(network)
  .output(network, .info(network$outputs, "output", name))
}

.output <- function(network, info) {
  if (info$kind == "tensor") .Call(C_get_output, network$pointer, info$name)
  else .take(.Call(C_get_output_value, network$pointer, info$name))
}

.set_inputs <- function(network, inputs) {
  .pointer(network)
  .open_network(network)
  if (!is.list(inputs)) stop("inputs are given in a list, by name or in order", call. = FALSE)
  if (length(inputs) > length(network$inputs)) {
    .stop(-1L, sprintf("%d inputs are given, the model has %d", length(inputs), length(network$inputs)), "LITE_INVALID_ARGUMENT")
  }
  if (length(inputs) > 0 && is.null(names(inputs))) names(inputs) <- names(network$inputs)[seq_along(inputs)]
  for (name in names(inputs)) lite_set_input(network, name, inputs[[name]])
}

.outputs <- function(network) lapply(network$outputs, function(o) .output(network, o))

lite_run <- function(network, inputs = list()) {
  .set_inputs(network, inputs)
  .Call(C_start, network$pointer)
  on.exit(.flush_log())
  .Call(C_wait, network$pointer, Inf)
  .outputs(network)
}

lite_run_async <- function(network, inputs = list()) {
  .set_inputs(network, inputs)
  .Call(C_start, network$pointer)
  structure(list(network = network), class = "lite_future")
}

lite_resolved <- function(future) {
  tryCatch(.Call(C_wait, future$network$pointer, 0), lite_error = function(e) {
    # Whoever asks for the value gets it.
    assign(".failure", e, envir = future$network$kept)
    TRUE
  })
}

lite_value <- function(future, timeout = Inf) {
  network <- future$network
  failure <- network$kept[[".failure"]]
  if (!is.null(failure)) {
    rm(".failure", envir = network$kept)
    stop(failure)
  }
  on.exit(.flush_log())
  if (!.Call(C_wait, network$pointer, timeout)) .stop(-9L, "the run is not over yet", "LITE_TIMED_OUT")
  .outputs(network)
}

print.lite_future <- function(x, ...) {
  cat("<lite_future of ", format(x$network), ">\n", sep = "")
  invisible(x)
}

lite_cancel <- function(network) {
  .Call(C_cancel, .pointer(network))
  invisible(network)
}

lite_set_timeout <- function(network, seconds = Inf) {
  stopifnot(is.numeric(seconds), length(seconds) == 1, seconds > 0)
  .Call(C_set_timeout, .pointer(network), seconds)
  invisible(network)
}

# Views: an output where the library has it. Elements are converted when they are taken.

lite_view <- function(network, name) {
  .pointer(network)
  .open_network(network)
  .info(network$outputs, "output", name)
  structure(list(pointer = .Call(C_view, network$pointer, name), name = name), class = "lite_view")
}

dim.lite_view <- function(x) {
  dims <- .Call(C_view_dim, unclass(x)$pointer)
  if (length(dims) < 2) NULL else as.integer(dims)
}

length.lite_view <- function(x) as.integer(prod(.Call(C_view_dim, unclass(x)$pointer)))

as.array.lite_view <- function(x, ...) {
  elements <- .Call(C_view_read, unclass(x)$pointer)
  if (is.null(dim(elements))) array(elements, length(elements)) else elements
}

as.vector.lite_view <- function(x, mode = "any") as.vector(.Call(C_view_read, unclass(x)$pointer), mode)

`[.lite_view` <- function(x, ...) .Call(C_view_read, unclass(x)$pointer)[...]

# One element, by its indices or, as in an array, by its place in R's order; nothing else is converted.
`[[.lite_view` <- function(x, ...) {
  dims <- .Call(C_view_dim, unclass(x)$pointer)
  at <- c(...)
  if (length(at) == 1 && length(dims) > 1) at <- arrayInd(at, dims)
  if (length(at) != max(length(dims), 1) || any(at < 1) || (length(dims) > 0 && any(at > dims))) stop("subscript out of bounds")
  place <- 0
  for (i in seq_along(dims)) place <- place * dims[i] + at[i] - 1
  .Call(C_view_at, unclass(x)$pointer, place)
}

print.lite_view <- function(x, ...) {
  dims <- tryCatch(.Call(C_view_dim, unclass(x)$pointer), lite_error = function(e) NULL)
  cat("<lite_view of '", unclass(x)$name, "'", if (is.null(dims)) ", ended" else .shape_text(dims), ">\n", sep = "")
  invisible(x)
}
