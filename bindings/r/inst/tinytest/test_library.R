# Finding the library, in processes of their own.
source_tree <- Sys.getenv("LITE_SOURCE")
if (!nzchar(source_tree)) exit_file("LITE_SOURCE is wanted")
temp <- tempfile("lite")
dir.create(temp)
compile <- function(name, source) {
  dir.create(file.path(temp, name))
  file <- file.path(temp, name, "source.c")
  writeLines(source, file)
  library <- file.path(temp, name, "liblite.so.1")
  stopifnot(system2("cc", c("-shared", "-fPIC", "-o", library, file)) == 0)
  library
}
decoy <- compile("decoy", "int decoy(void) { return 0; }")
other <- compile("other", c(
  "const char* LITE_get_last_error(void) { return \"built for version 1.0, this is version 2.7.0\"; }",
  "int LITE_check_version(int major, int minor) { return major == 2 && minor <= 7 ? 0 : -3; }"
))
started <- function(variable, path = "NULL") {
  code <- sprintf("library(lite, lib.loc = '%s'); r <- tryCatch(lite_open(%s), lite_library_error = conditionMessage); cat(r, sep = '\\n')",
                  dirname(system.file(package = "lite")), path)
  home <- setwd(dirname(decoy))
  on.exit(setwd(home))
  paste(system2(file.path(R.home("bin"), "Rscript"), c("-e", shQuote(code)), stdout = TRUE,
                env = c(paste0("LITE_LIBRARY=", variable), paste0("LD_LIBRARY_PATH=", dirname(decoy)))), collapse = "\n")
}
real <- lite_library_path()
expect_equal(started(decoy, shQuote(real)), real)
expect_equal(started(real), real)
missing <- started("/nowhere/liblite.so.1")
expect_true(grepl("\n  /nowhere/liblite.so.1: ", missing, fixed = TRUE) && grepl("LITE_LIBRARY", missing))
expect_true(grepl(paste(other, "cannot be used: built for version 1.0, this is version 2.7.0"), started(other), fixed = TRUE))
expect_true(grepl(paste(decoy, "is not liblite"), started(decoy), fixed = TRUE))
# In the package, before the system's: a copy lies there for this test.
native <- file.path(system.file(package = "lite"), "native")
dir.create(native)
file.copy(real, file.path(native, "liblite.so.1"))
expect_equal(started(""), file.path(native, "liblite.so.1"))
unlink(native, recursive = TRUE)
expect_true(grepl("\n  liblite.so.1: liblite.so.1 is not liblite", started(""), fixed = TRUE))
unlink(temp, recursive = TRUE)
