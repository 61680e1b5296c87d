# tests/conformance/scenario, which every language's package executes. LITE_SOURCE is the source tree.
source_tree <- Sys.getenv("LITE_SOURCE")
if (!nzchar(source_tree) || !requireNamespace("jsonlite", quietly = TRUE)) exit_file("LITE_SOURCE and jsonlite are wanted")
folder <- file.path(source_tree, "tests", "conformance", "scenario")
cases <- jsonlite::read_json(file.path(folder, "scenario.json"))$cases

keys <- function(step, known) {
  unknown <- setdiff(names(step), strsplit(known, " ")[[1]])
  if (length(unknown)) stop("a key that this reader does not know: ", paste(unknown, collapse = ", "))
}

# float16 and bfloat16 are given as their bits.
half <- function(bits) {
  exponent <- bits %/% 1024 %% 32
  mantissa <- bits %% 1024
  size <- ifelse(exponent == 31, ifelse(mantissa == 0, Inf, NaN), ifelse(exponent == 0, mantissa * 2^-24, (1024 + mantissa) * 2^(exponent - 25)))
  as.numeric(ifelse(bits >= 32768, -size, size))
}
bfloat16 <- function(bits) {
  vapply(bits, function(b) readBin(as.raw(c(0, 0, b %% 256, b %/% 256)), "numeric", size = 4, endian = "little"), 0)
}

elements <- function(t) {
  data <- if (length(t$data)) unlist(t$data) else if (t$dtype == "string") character() else if (t$dtype == "bool") logical() else double()
  switch(t$dtype, float16 = half(data), bfloat16 = bfloat16(data), data)
}

# Row-major elements as an R array.
array_of <- function(t) {
  shape <- as.numeric(unlist(t$shape))
  x <- elements(t)
  if (length(shape) < 2) return(x)
  aperm(array(x, rev(shape)), rev(seq_along(shape)))
}

fails <- function(error, expr) {
  keys(error, "code name text")
  e <- tryCatch({
    force(expr)
    NULL
  }, lite_error = identity)
  !is.null(e) && e$code == error$code && e$name == error$name && grepl(error$text, conditionMessage(e), fixed = TRUE) &&
    inherits(e, tolower(sub("LITE_", "lite_error_", error$name)))
}

open_case <- function(case) {
  path <- file.path(folder, case$model)
  model <- if (!is.null(case$from)) readBin(path, "raw", file.size(path)) else path
  options <- if (is.null(case$options)) list() else case$options
  key <- if (!is.null(case$key)) as.raw(strtoi(substring(case$key, seq(1, nchar(case$key), 2), seq(2, nchar(case$key), 2)), 16))
  lite_load(model, options = options, key = key)
}

same_infos <- function(got, wanted) {
  ok <- length(got) == length(wanted)
  for (i in seq_along(wanted)) {
    shape <- got[[i]]$shape
    text <- ifelse(is.na(shape), names(shape), as.character(shape))
    ok <- ok && got[[i]]$name == wanted[[i]]$name && got[[i]]$dtype == wanted[[i]]$dtype &&
      identical(as.character(unlist(text)), as.character(unlist(wanted[[i]]$shape)))
  }
  ok
}

# A list for a sequence, what is held or NULL for an optional, a named vector for a map.
value_of <- function(v) {
  if ("sequence" %in% names(v)) {
    keys(v, "dtype sequence")
    lapply(v$sequence, value_of)
  } else if ("optional" %in% names(v)) {
    keys(v, "dtype optional")
    if (!is.null(v$optional)) value_of(v$optional)
  } else if ("keys" %in% names(v)) {
    keys(v, "keys values")
    setNames(value_of(v$values), value_of(v$keys))
  } else {
    keys(v, "dtype shape data")
    array_of(v)
  }
}

give <- function(net, name, t) {
  if (is.null(t$shape)) return(lite_set_input(net, name, value_of(t)))
  keys(t, "dtype shape data")
  lite_set_input(net, name, array_of(t), dim = as.numeric(unlist(t$shape)), dtype = t$dtype)
}

run_step <- function(net, step) {
  for (name in names(step$inputs)) give(net, name, step$inputs[[name]])
  if (!is.null(step$cancel_after_ms)) {
    future <- lite_run_async(net)
    Sys.sleep(step$cancel_after_ms / 1000)
    while (!lite_resolved(future)) {
      lite_cancel(net)
      Sys.sleep(0.001)
    }
    lite_value(future)
  } else if (!is.null(step$asynchronous)) {
    future <- lite_run_async(net)
    lite_value(future)
  } else {
    lite_run(net)
  }
}

same_tensor <- function(net, name, got, wanted) {
  if (is.null(wanted$shape)) return(identical(got, value_of(wanted)))
  keys(wanted, "dtype shape data atol")
  x <- array_of(wanted)
  if (!isTRUE(all.equal(as.numeric(unlist(wanted$shape)), as.numeric(lite_shape(net, name))))) return(FALSE)
  if (!identical(dim(x), dim(got)) || length(x) != length(got)) return(FALSE)
  if (!is.null(wanted$atol)) return(all(abs(x - got) <= wanted$atol))
  # The decimals in the file are of a binary32's neighbourhood.
  if (wanted$dtype == "float32") return(all(abs(x - got) <= 1e-7 * abs(x)))
  if (is.numeric(x)) all(as.numeric(x) == as.numeric(got)) else identical(as.vector(x), as.vector(got))
}

step_holds <- function(net, step) {
  switch(step$do,
    info = {
      keys(step, "do inputs outputs metadata")
      meta <- lite_metadata(net)
      same_infos(lite_inputs(net), step$inputs) && same_infos(lite_outputs(net), step$outputs) &&
        all(vapply(names(step$metadata), function(k) identical(meta[[k]], step$metadata[[k]]), TRUE))
    },
    run = {
      keys(step, "do inputs outputs error asynchronous timeout_ms cancel_after_ms")
      if (!is.null(step$timeout_ms)) {
        lite_set_timeout(net, step$timeout_ms / 1000)
        on.exit(lite_set_timeout(net))
      }
      if (!is.null(step$error)) return(fails(step$error, run_step(net, step)))
      got <- run_step(net, step)
      identical(names(got), names(step$outputs)) &&
        all(vapply(names(got), function(n) same_tensor(net, n, got[[n]], step$outputs[[n]]), TRUE))
    },
    option = {
      keys(step, "do key value read error")
      if (!is.null(step$error)) return(fails(step$error, lite_set_option(net, step$key, step$value)))
      lite_set_option(net, step$key, step$value)
      lite_get_option(net, step$key) == if (is.null(step$read)) step$value else step$read
    },
    statistics = {
      keys(step, "do exactly at_least")
      s <- as.list(lite_statistics(net))
      all(vapply(names(step$exactly), function(n) s[[n]] == step$exactly[[n]], TRUE)) &&
        all(vapply(names(step$at_least), function(n) s[[n]] >= step$at_least[[n]], TRUE))
    },
    profile = {
      keys(step, "do text")
      if (nzchar(step$text)) grepl(step$text, lite_profile(net), fixed = TRUE)
      else !is.null(lite_set_profiling(net, TRUE))
    },
    close = {
      lite_close(net)
      TRUE
    },
    stop("a step that this reader does not know: ", step$do)
  )
}

for (case in cases) {
  keys(case, "name model from options key error steps")
  if (!is.null(case$error)) {
    expect_true(fails(case$error, open_case(case)), info = case$name)
    next
  }
  networks <- list(open_case(case))
  for (step in case$steps) {
    net <- networks[[length(networks)]]
    if (step$do == "share") {
      networks <- c(networks, list(lite_share(net)))
    } else {
      expect_true(step_holds(net, step), info = paste0(case$name, ": ", step$do))
    }
  }
  for (net in networks) lite_close(net)
}
