# The library: finding it, its log, and what is the process's.

.state <- new.env(parent = emptyenv())
.state$path <- NULL
.state$log <- NULL

.stop <- function(code, message, name) {
  stop(structure(
    class = c(tolower(sub("^LITE_", "lite_error_", name)), "lite_error", "error", "condition"),
    list(message = if (nzchar(message)) message else name, call = NULL, code = code, name = name)
  ))
}

.candidates <- function() {
  variable <- Sys.getenv("LITE_LIBRARY")
  if (nzchar(variable)) return(normalizePath(variable, mustWork = FALSE))
  c(file.path(system.file(package = "lite"), "native", "liblite.so.1"), "liblite.so.1")
}

.open <- function(files) {
  tried <- character()
  for (file in files) {
    problem <- .Call(C_open, enc2utf8(file))
    if (is.null(problem)) {
      .state$path <- file
      return(invisible(file))
    }
    tried <- c(tried, sprintf("  %s: %s", file, problem))
  }
  stop(structure(
    class = c("lite_library_error", "error", "condition"),
    list(
      message = paste0(
        "the Lite library was not found, or cannot be used; set LITE_LIBRARY to its path, or call lite_open. Tried:\n",
        paste(tried, collapse = "\n")
      ),
      call = NULL, tried = files
    )
  ))
}

.ensure <- function() if (is.null(.state$path)) .open(.candidates())

.onUnload <- function(libpath) library.dynam.unload("lite", libpath)

lite_open <- function(path = NULL) {
  if (is.null(path)) {
    .ensure()
  } else {
    path <- normalizePath(path, mustWork = FALSE)
    if (is.null(.state$path)) .open(path)
    else if (!identical(.state$path, path)) stop("the library is open already, from ", .state$path, call. = FALSE)
  }
  invisible(.state$path)
}

lite_library_path <- function() {
  .ensure()
  .state$path
}

lite_version <- function() {
  .ensure()
  package_version(.Call(C_version))
}

lite_build_info <- function() {
  .ensure()
  .Call(C_build_info)
}

lite_operators <- function() {
  .ensure()
  .Call(C_operators)
}

lite_load_operators <- function(path) {
  .ensure()
  .Call(C_load_operators, enc2utf8(path.expand(path)))
  invisible()
}

lite_options <- function() {
  .ensure()
  columns <- .Call(C_options)
  names(columns) <- c("scope", "key", "type", "default", "description")
  as.data.frame(columns, stringsAsFactors = FALSE)
}

.pointer <- function(network) {
  if (is.null(network)) return(NULL)
  if (!inherits(network, "lite_network")) stop("a network is wanted, as lite_load gives it", call. = FALSE)
  network$pointer
}

.text <- function(value) {
  if (isTRUE(value) || isFALSE(value)) value <- if (value) "on" else "off"
  if (is.numeric(value)) value <- format(value, scientific = FALSE, digits = 15)
  enc2utf8(as.character(value))
}

lite_set_option <- function(network, key, value) {
  .ensure()
  .Call(C_set_option, .pointer(network), .text(key), .text(value))
  invisible(network)
}

lite_get_option <- function(network, key) {
  .ensure()
  .Call(C_get_option, .pointer(network), .text(key))
}

lite_threads <- function(threads = NULL) {
  .ensure()
  if (!is.null(threads)) {
    stopifnot(is.numeric(threads), length(threads) == 1, threads >= 0)
    .Call(C_set_threads, as.integer(threads))
  }
  .Call(C_get_threads)
}

lite_set_decryption_key <- function(method, key) {
  .ensure()
  stopifnot(is.raw(key))
  .Call(C_set_key, .text(method), key)
  invisible()
}

.devices <- c(cpu = 0L, cuda = 1L, default = 7L)

lite_device_count <- function(device = c("cpu", "cuda")) {
  .ensure()
  .Call(C_device_count, .devices[[match.arg(device)]])
}

.levels <- c("debug", "info", "warning", "error", "off")

lite_set_log <- function(log, level = c("error", "debug", "info", "warning", "off")) {
  .ensure()
  level <- match.arg(level)
  stopifnot(is.null(log) || is.function(log))
  .flush_log()
  .state$log <- log
  .Call(C_set_log, !is.null(log), match(level, .levels) - 1L)
  invisible()
}

# Messages come from any thread; R's takes them when a call is over.
.flush_log <- function() {
  log <- .state$log
  if (is.null(log)) return(invisible())
  lines <- .Call(C_take_lines)
  for (i in seq_along(lines[[1]])) log(.levels[lines[[1]][i] + 1L], lines[[2]][i])
  invisible()
}
