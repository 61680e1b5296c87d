#include <algorithm>
#include <cstdio>
#include <sstream>

#include "core/ir/graph.h"
#include "core/ir/op_def.h"

namespace lite {
namespace {

std::string ref(const Graph& g, ValueId v) {
  if (v == kNoValue) return "_";
  const std::string& name = g.value(v).name;
  return name.empty() ? cat("%", v) : "%" + name;
}

std::string number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", v);
  return text;
}

void write_elements(std::ostream& s, const Tensor& t) {
  s << '{';
  for (int64_t i = 0; i < t.elements(); ++i) {
    if (i != 0) s << ',';
    if (t.dtype() == DType::kString)
      s << '"' << t.strings()[static_cast<size_t>(i)] << '"';
    else if (is_float(t.dtype()))
      s << number(t.float_at(i));
    else
      s << t.int_at(i);
  }
  s << '}';
}

void write_tensor(std::ostream& s, const Tensor& t) {
  s << dtype_name(t.dtype()) << t.dims();
  if (t.elements() <= 8 && !types::kComplex.has(t.dtype())) write_elements(s, t);
}

template <class T>
void write_list(std::ostream& s, const std::vector<T>& list) {
  s << '[';
  for (size_t i = 0; i < list.size(); ++i) {
    if (i != 0) s << ',';
    if constexpr (std::is_same_v<T, float>)
      s << number(static_cast<double>(list[i]));
    else
      s << list[i];
  }
  s << ']';
}

void write_graph(std::ostream& s, const Graph& g, const std::string& indent);

void write_attr(std::ostream& s, const Graph& g, const Attr& a, const std::string& indent) {
  s << a.name << '=';
  if (const auto* i = std::get_if<int64_t>(&a.data)) s << *i;
  if (const auto* f = std::get_if<float>(&a.data)) s << number(static_cast<double>(*f));
  if (const auto* t = std::get_if<std::string>(&a.data)) s << '"' << *t << '"';
  if (const auto* l = std::get_if<std::vector<int64_t>>(&a.data)) write_list(s, *l);
  if (const auto* l = std::get_if<std::vector<float>>(&a.data)) write_list(s, *l);
  if (const auto* l = std::get_if<std::vector<std::string>>(&a.data)) write_list(s, *l);
  if (const auto* t = std::get_if<Tensor>(&a.data)) write_tensor(s, *t);
  if (const auto* l = std::get_if<std::vector<Tensor>>(&a.data)) s << l->size() << " tensors";
  if (const auto* f = std::get_if<Fact>(&a.data)) s << to_text(g, *f);
  if (const auto* b = std::get_if<Attr::Graphs>(&a.data)) {
    s << "{\n";
    write_graph(s, **b, indent + "  ");
    s << indent << '}';
  }
}

void write_graph(std::ostream& s, const Graph& g, const std::string& indent) {
  for (const ValueId v : g.inputs)
    s << indent << "input " << ref(g, v) << ": " << to_text(g, g.value(v).fact) << '\n';
  for (const Capture& c : g.captures)
    s << indent << "capture " << ref(g, c.inner) << " = in[" << c.input << "]\n";
  for (NodeId id = 0; id < g.num_nodes(); ++id) {
    if (!g.alive(id)) continue;
    const Node& n = g.node(id);
    s << indent;
    for (size_t i = 0; i < n.out.size(); ++i) s << (i != 0 ? ", " : "") << ref(g, n.out[i]);
    s << " = " << n.op->name << '(';
    for (size_t i = 0; i < n.in.size(); ++i) {
      if (i != 0) s << ", ";
      const ValueId v = n.in[i];
      if (v != kNoValue && g.value(v).is_constant())
        write_tensor(s, g.value(v).constant);
      else
        s << ref(g, v);
    }
    s << ')';
    if (!n.attrs.empty()) {
      s << " {";
      for (size_t i = 0; i < n.attrs.size(); ++i) {
        if (i != 0) s << ", ";
        write_attr(s, g, n.attrs[i], indent);
      }
      s << '}';
    }
    for (size_t i = 0; i < n.out.size(); ++i)
      if (n.out[i] != kNoValue) s << (i == 0 ? " : " : ", ") << to_text(g, g.value(n.out[i]).fact);
    s << '\n';
  }
  for (const ValueId v : g.outputs) s << indent << "output " << ref(g, v) << '\n';
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string to_text(const Graph& g, const Fact& f) {
  if (f.kind != Kind::kTensor)
    return cat(kind_name(f.kind), "(", f.kind == Kind::kMap ? dtype_name(f.dtype) : "",
               f.kind == Kind::kMap ? ", " : "", f.element ? to_text(g, *f.element) : std::string("?"), ")");
  std::ostringstream s;
  s << dtype_name(f.dtype);
  if (!f.has_rank) {
    s << "[...]";
    return s.str();
  }
  s << '[';
  for (size_t i = 0; i < f.dims.size(); ++i) {
    if (i != 0) s << ',';
    const int64_t d = f.dims[i];
    if (d >= 0) {
      s << d;
    } else if (is_symbol(d) && static_cast<size_t>(symbol_index(d)) < g.symbols.size() &&
               !g.symbols[static_cast<size_t>(symbol_index(d))].empty()) {
      s << g.symbols[static_cast<size_t>(symbol_index(d))];
    } else {
      s << '?';
    }
  }
  s << ']';
  return s.str();
}

std::string attrs_text(const Node& node) {
  std::vector<std::string> list;
  for (const Attr& a : node.attrs) {
    std::ostringstream s;
    write_attr(s, Graph(), a, "");
    list.push_back(s.str());
  }
  std::sort(list.begin(), list.end());
  std::string text;
  for (const std::string& a : list) text += (text.empty() ? "" : " ") + a;
  return text;
}

std::string dump_text(const Graph& graph) {
  std::ostringstream s;
  s << "graph " << graph.name << '\n';
  write_graph(s, graph, "  ");
  return s.str();
}

std::string dump_dot(const Graph& g) {
  std::ostringstream s;
  s << "digraph \"" << escaped(g.name) << "\" {\n  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n"
    << "  edge [fontname=\"sans-serif\", fontsize=8];\n";
  for (const ValueId v : g.inputs)
    s << "  v" << v << " [label=\"" << escaped(g.value(v).name) << "\\n"
      << escaped(to_text(g, g.value(v).fact)) << "\", shape=ellipse];\n";
  for (NodeId id = 0; id < g.num_nodes(); ++id) {
    if (!g.alive(id)) continue;
    const Node& n = g.node(id);
    s << "  n" << id << " [label=\"" << n.op->name << "\\n" << escaped(n.name) << "\"];\n";
    for (const ValueId v : n.in) {
      if (v == kNoValue || g.value(v).is_constant()) continue;
      const NodeId from = g.value(v).producer;
      if (from != kNoNode)
        s << "  n" << from;
      else
        s << "  v" << v;
      s << " -> n" << id << " [label=\"" << escaped(to_text(g, g.value(v).fact)) << "\"];\n";
    }
  }
  for (size_t i = 0; i < g.outputs.size(); ++i) {
    const ValueId v = g.outputs[i];
    s << "  o" << i << " [label=\"" << escaped(g.value(v).name) << "\", shape=ellipse];\n";
    if (g.value(v).producer != kNoNode) s << "  n" << g.value(v).producer << " -> o" << i << ";\n";
  }
  s << "}\n";
  return s.str();
}

}  // namespace lite
