# Operators written in R.

.state$operators <- new.env(parent = emptyenv())
.state$number <- 0L

lite_register_operator <- function(domain, name, run, inputs = 1, outputs = 1, since_version = 1, pure = FALSE,
                                   same_as_input = FALSE) {
  .ensure()
  stopifnot(is.function(run), length(inputs) %in% 1:2, length(outputs) %in% 1:2)
  .forget_released()
  .state$number <- .state$number + 1L
  bounds <- function(n) as.integer(ifelse(is.infinite(n), -1, n))[c(1, length(n))]
  .Call(C_register_operator, .state$number, .text(domain), .text(name), c(as.integer(since_version), bounds(inputs), bounds(outputs)),
        as.integer(pure) + 2L * as.integer(same_as_input))
  assign(as.character(.state$number), run, envir = .state$operators)
  invisible()
}

lite_unregister_operator <- function(domain, name, since_version = 1) {
  .ensure()
  .Call(C_unregister_operator, .text(domain), .text(name), as.integer(since_version))
  .forget_released()
  invisible()
}

# The library holds on to an operator as long as a network uses it.
.forget_released <- function() {
  while (!is.null(id <- .Call(C_take_released))) rm(list = as.character(id), envir = .state$operators)
}

# Called by the C layer. NULL, or the code and the text of a failure.
.operate <- function(id, context) {
  tryCatch({
    run <- get(as.character(id), envir = .state$operators)
    node <- list(
      name = .Call(C_operator_name, context),
      attributes = .Call(C_operator_attributes, context),
      should_stop = function() .Call(C_operator_should_stop, context)
    )
    results <- do.call(run, c(list(node), .Call(C_operator_inputs, context)), quote = TRUE)
    if (!is.list(results)) results <- list(results)
    wanted <- .Call(C_operator_output_count, context)
    if (length(results) != wanted) stop(sprintf("%d outputs are given, the node has %d", length(results), wanted))
    for (i in seq_along(results)) {
      x <- results[[i]]
      if (is.null(x)) stop(sprintf("output %d is NULL", i))
      .Call(C_operator_put, context, i - 1L, x, .dim_of(x, list(), NULL))
    }
    NULL
  }, error = function(e) list(if (inherits(e, "lite_error")) e$code else 2L, enc2utf8(conditionMessage(e))))
}
