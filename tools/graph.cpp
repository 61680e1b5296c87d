// lite graph: the graph as text, dot, JSON or, where Graphviz is installed, a picture.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

struct Args {
  Common common;
  std::string output;
  bool imported = false;
};

// Runs Graphviz's dot without a shell, so that file names need no quoting.
void render(const std::string& dot_file, const std::string& format, const std::string& output) {
  const pid_t child = fork();
  if (child < 0) throw Failure(kFile, "cannot start 'dot'");
  if (child == 0) {
    const std::string type = "-T" + format;
    execlp("dot", "dot", type.c_str(), "-o", output.c_str(), dot_file.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    throw Failure(kFile, "writing '" + output +
                             "' needs the program 'dot' (package graphviz); .dot, .txt and .json do not");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Failure(kFile, "'dot' failed on '" + output + "'");
}

void graph(const Args& a) {
  Net net;
  a.common.load(net);
  const std::filesystem::path out = a.output;
  const std::string ending = out.extension().string();
  const bool picture = ending == ".svg" || ending == ".png" || ending == ".pdf";
  const char* format = a.common.json || ending == ".json" ? "json"
                       : picture || ending == ".dot"      ? "dot"
                                                          : "text";
  const std::string text = net.graph(a.imported ? "imported" : "optimized", format);
  if (a.output.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return;
  }
  const std::string file = picture ? a.output + ".dot" : a.output;
  std::ofstream f(file);
  f << text;
  if (!f.flush()) throw Failure(kFile, "'" + file + "': cannot be written");
  f.close();
  if (!picture) return;
  render(file, ending.substr(1), a.output);
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

}  // namespace

void add_graph(CommandLine& line) {
  auto args = std::make_shared<Args>();
  Command command = line.add_subcommand("graph", "Write the graph: .svg, .png, .pdf, .dot, .json or .txt");
  args->common.add_to(command, false);
  command.remove_option("--option");
  command.option("--option", args->common.options, "Setting KEY=VALUE; may be repeated");
  command.option("-o,--output", args->output, "File to write; without it text goes to stdout");
  command.flag("--before", args->imported, "The graph as imported, before passes");
  command.callback([args] { graph(*args); });
}

}  // namespace tool
