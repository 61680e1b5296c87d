# Networks: loading, describing, closing.

.make <- function(device, device_id, threads, options) {
  .ensure()
  device <- match.arg(device, names(.devices))
  network <- structure(
    list(pointer = .Call(C_make, .devices[[device]], as.integer(device_id)), kept = new.env(parent = emptyenv())),
    class = "lite_network"
  )
  for (key in names(options)) lite_set_option(network, key, options[[key]])
  if (!"threads" %in% names(options)) lite_set_option(network, "threads", threads)
  network
}

.describe <- function(network) {
  network$inputs <- .infos(network, FALSE)
  network$outputs <- .infos(network, TRUE)
  network
}

.infos <- function(network, output) {
  kinds <- c("tensor", "sequence", "optional", "map")
  infos <- lapply(.Call(C_infos, network$pointer, output), function(x) {
    shape <- x[[6]]
    if (!is.null(shape)) {
      open <- shape < 0
      shape[open] <- NA
      names(shape) <- ifelse(open, x[[7]], NA)
      if (!any(open)) names(shape) <- NULL
    }
    list(name = x[[1]], dtype = x[[2]], shape = shape, kind = kinds[x[[3]] + 1L], type = x[[4]], has_default = x[[5]])
  })
  names(infos) <- vapply(infos, `[[`, "", "name")
  infos
}

lite_load <- function(model, threads = 1, options = list(), device = "cpu", device_id = -1, format = NULL,
                      base_directory = NULL, max_bytes = 0, max_nodes = 0, key = NULL) {
  network <- .make(device, device_id, threads, options)
  .load(network, model, format, base_directory, max_bytes, max_nodes, key, FALSE)
  .describe(network)
}

lite_check <- function(model, options = list(), device = "cpu", device_id = -1, format = NULL,
                       base_directory = NULL, max_bytes = 0, max_nodes = 0, key = NULL) {
  network <- .make(device, device_id, 1, options)
  .load(network, model, format, base_directory, max_bytes, max_nodes, key, TRUE)
  lite_close(network)
}

.load <- function(network, model, format, base_directory, max_bytes, max_nodes, key, check_only) {
  stopifnot(is.null(key) || is.raw(key), is.numeric(max_bytes), max_bytes >= 0, is.numeric(max_nodes), max_nodes >= 0)
  if (!is.raw(model) && !is.character(model)) stop("a model is a file's path or its bytes, as raw", call. = FALSE)
  if (!is.raw(model)) model <- enc2utf8(path.expand(model))
  tryCatch(
    .Call(C_load, network$pointer, model, format, base_directory, max_bytes, max_nodes, key, check_only),
    lite_error = function(e) {
      e$unsupported <- stats::setNames(
        as.data.frame(.Call(C_unsupported, network$pointer), stringsAsFactors = FALSE),
        c("name", "op_type", "domain", "reason")
      )
      lite_close(network)
      stop(e)
    }
  )
  .flush_log()
}

lite_share <- function(network, threads = 1, options = list()) {
  second <- .make("cpu", -1, threads, options)
  .Call(C_share, second$pointer, .pointer(network))
  .describe(second)
}

lite_close <- function(network) {
  .Call(C_close, .pointer(network))
  rm(list = ls(network$kept), envir = network$kept)
  invisible()
}

lite_is_closed <- function(network) .Call(C_is_closed, .pointer(network))

lite_inputs <- function(network) network$inputs

lite_outputs <- function(network) network$outputs

lite_metadata <- function(network) .Call(C_metadata, .pointer(network))

lite_statistics <- function(network = NULL) {
  .ensure()
  .Call(C_statistics, .pointer(network))
}

lite_set_profiling <- function(network, enabled = TRUE) {
  stopifnot(isTRUE(enabled) || isFALSE(enabled))
  .Call(C_set_profiling, .pointer(network), enabled)
  invisible(network)
}

lite_profile <- function(network, format = c("table", "json", "trace")) .Call(C_profile, .pointer(network), match.arg(format))

lite_graph <- function(network, stage = c("optimized", "imported"), format = c("text", "dot", "json")) {
  .Call(C_graph, .pointer(network), match.arg(stage), match.arg(format))
}

lite_trim <- function(network = NULL) {
  .ensure()
  .Call(C_trim, .pointer(network))
  invisible(network)
}

.shape_text <- function(shape) {
  if (is.null(shape)) return("[...]")
  open <- is.na(shape)
  text <- as.character(shape)
  text[open] <- ifelse(is.na(names(shape)[open]), "?", names(shape)[open])
  paste0("[", paste(text, collapse = ","), "]")
}

.info_text <- function(info) {
  paste0(info$name, ": ", if (info$kind == "tensor") paste0(info$dtype, .shape_text(info$shape)) else info$type)
}

format.lite_network <- function(x, ...) {
  if (lite_is_closed(x)) return("<lite_network, closed>")
  side <- function(infos) paste(vapply(infos, .info_text, ""), collapse = ", ")
  paste0("<lite_network (", side(x$inputs), ") -> (", side(x$outputs), ")>")
}

print.lite_network <- function(x, ...) {
  cat(format(x), "\n", sep = "")
  invisible(x)
}

summary.lite_network <- function(object, ...) {
  print(object)
  print(lite_statistics(object))
  invisible(object)
}
