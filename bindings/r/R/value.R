# Values that are not plain tensors: a list is a sequence, NULL an optional that holds nothing, and a named vector or list a
# map, whose keys are the names.

.kinds <- c("tensor", "sequence", "optional", "map")

# The type of an input, level by level from the outermost.
.value_type <- function(network, name) {
  lapply(.Call(C_value_types, network$pointer, match(name, names(network$inputs)) - 1L), function(level) {
    list(kind = .kinds[level[[1]] + 1L], dtype = level[[2]], shape = if (level[[3]] == 0) double())
  })
}

.invalid <- function(...) .stop(-1L, sprintf(...), "LITE_INVALID_ARGUMENT")

# A value of the library's. `who` begins messages.
.build <- function(x, levels, who) {
  level <- levels[[1]]
  inner <- levels[-1]
  innermost <- levels[[length(levels)]]$dtype
  switch(level$kind,
    tensor = {
      if (!is.atomic(x) || is.null(x)) .invalid("%s is a tensor: an array is wanted, not %s", who, class(x)[1])
      if (is.character(x) != (level$dtype == "string")) .invalid("%s is a tensor of %s, not of %s", who, level$dtype, typeof(x))
      .Call(C_value_of_tensor, x, level$dtype, .dim_of(x, level, NULL))
    },
    sequence = {
      if (!is.list(x)) .invalid("%s is a sequence: a list is wanted, not %s", who, class(x)[1])
      elements <- lapply(seq_along(x), function(i) .build(x[[i]], inner, sprintf("%s[[%d]]", who, i)))
      .Call(C_value_of_elements, elements, innermost)
    },
    optional = .Call(C_value_of_optional, if (!is.null(x)) .build(x, inner, who), innermost),
    map = {
      keys <- names(x)
      if (length(x) == 0) keys <- character()
      if (is.null(keys)) .invalid("%s is a map: a named vector or list is wanted, and has no names", who)
      if (level$dtype != "string") {
        numbers <- suppressWarnings(as.numeric(keys))
        if (anyNA(numbers)) .invalid("%s is a map from %s: the name '%s' is none", who, level$dtype, keys[is.na(numbers)][1])
        keys <- numbers
      }
      x <- unname(x)
      values <- if (is.atomic(x) && inner[[1]]$kind == "tensor") .Call(C_value_of_tensor, x, innermost, as.double(length(x)))
      else .build(as.list(x), c(list(list(kind = "sequence")), inner), who)
      .Call(C_value_of_map, keys, level$dtype, values)
    }
  )
}

# What a value of the library's is in R; a copy.
.take <- function(value) {
  switch(.kinds[.Call(C_value_kind, value) + 1L],
    tensor = .Call(C_value_tensor, value),
    sequence = lapply(.Call(C_value_elements, value), .take),
    optional = {
      elements <- .Call(C_value_elements, value)
      if (length(elements)) .take(elements[[1]])
    },
    map = {
      keys <- .Call(C_value_keys, value)
      # Whole numbers as they are, not as 1e+05.
      if (is.numeric(keys)) keys <- format(keys, scientific = FALSE, trim = TRUE, digits = 17)
      stats::setNames(.take(.Call(C_value_values, value)), keys)
    }
  )
}
