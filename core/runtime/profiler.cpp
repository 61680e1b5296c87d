#include "core/runtime/profiler.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "core/compile/program.h"

namespace lite {
namespace {

double milliseconds(Profiler::Clock::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

std::string shapes_of(const Program& p, const Program::Step& step) {
  std::ostringstream s;
  const auto list = [&](const std::vector<uint32_t>& ids) {
    bool first = true;
    for (const uint32_t id : ids) {
      if (id == Program::kNone) continue;
      if (!first) s << ' ';
      first = false;
      s << p.slots()[id].fact.dims;
    }
  };
  list(step.in);
  s << "->";
  list(step.out);
  return s.str();
}

std::string json_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

void Profiler::enable(size_t capacity) {
  enabled_ = true;
  capacity_ = std::max<size_t>(1, capacity);
  next_ = 0;
  ring_.clear();
  sums_.clear();
  runs_ = 0;
  run_ms_ = 0;
  start_ = Clock::now();
}

void Profiler::record(const Program* program, uint32_t step, Clock::time_point begin, Clock::time_point end) {
  const Event event{program, step, begin, end};
  if (ring_.size() < capacity_)
    ring_.push_back(event);
  else
    ring_[next_ % capacity_] = event;
  ++next_;
  const double ms = milliseconds(end - begin);
  for (Sum& s : sums_) {
    if (s.program != program || s.step != step) continue;
    ++s.calls;
    s.total_ms += ms;
    s.min_ms = std::min(s.min_ms, ms);
    return;
  }
  sums_.push_back({program, step, 1, ms, ms});
}

void Profiler::record_run(Clock::time_point begin, Clock::time_point end) {
  ++runs_;
  run_ms_ += milliseconds(end - begin);
}

std::vector<Profiler::Row> Profiler::rows() const {
  double total = 0;
  for (const Sum& s : sums_) total += s.total_ms;
  std::vector<Row> rows;
  for (const Sum& s : sums_) {
    const Program::Step& step = s.program->steps()[s.step];
    Row r;
    r.name = step.node.name;
    r.op = step.node.op->name;
    r.kernel = step.kernel_name;
    r.shapes = shapes_of(*s.program, step);
    r.calls = s.calls;
    r.total_ms = s.total_ms;
    r.min_ms = s.min_ms;
    r.share = total > 0 ? s.total_ms / total : 0;
    r.flops = step.flops;
    r.bytes = step.bytes;
    rows.push_back(std::move(r));
  }
  return rows;
}

std::string Profiler::table(double peak_gflops, double peak_gbs) const {
  std::vector<Row> list = rows();
  std::sort(list.begin(), list.end(), [](const Row& a, const Row& b) { return a.total_ms > b.total_ms; });
  std::ostringstream s;
  char line[512];
  std::snprintf(line, sizeof line, "%6s %9s %9s %8s %6s  %-18s %-22s %s\n", "share", "avg ms", "min ms",
                "GFLOP/s", "limit", "operator", "kernel", "node");
  s << line;
  double steps_ms = 0;
  for (const Row& r : list) {
    steps_ms += r.total_ms;
    const double gflops = r.min_ms > 0 ? r.flops / r.min_ms / 1e6 : 0,
                 gbs = r.min_ms > 0 ? r.bytes / r.min_ms / 1e6 : 0;
    double limit = 0;  // the share of whichever limit is nearer
    if (peak_gflops > 0) limit = gflops / peak_gflops;
    if (peak_gbs > 0) limit = std::max(limit, gbs / peak_gbs);
    std::snprintf(line, sizeof line, "%5.1f%% %9.4f %9.4f %8.1f %5.0f%%  %-18s %-22s %s %s\n", 100 * r.share,
                  r.total_ms / static_cast<double>(r.calls), r.min_ms, gflops, 100 * limit, r.op.c_str(),
                  r.kernel.c_str(), r.name.c_str(), r.shapes.c_str());
    s << line;
  }
  std::snprintf(line, sizeof line, "%zu steps, %llu runs, %.4f ms a run, %.2f%% outside kernels\n",
                list.size(), static_cast<unsigned long long>(runs_),
                runs_ > 0 ? run_ms_ / static_cast<double>(runs_) : 0,
                run_ms_ > 0 ? 100 * (run_ms_ - steps_ms) / run_ms_ : 0);
  s << line;
  return s.str();
}

std::string Profiler::chrome_trace() const {
  std::ostringstream s;
  s << "{\"traceEvents\":[";
  const size_t first = next_ > ring_.size() ? next_ % ring_.size() : 0;
  char times[96];
  for (size_t i = 0; i < ring_.size(); ++i) {
    const Event& e = ring_[(first + i) % ring_.size()];
    const Program::Step& step = e.program->steps()[e.step];
    std::snprintf(times, sizeof times, "\"ts\":%.3f,\"dur\":%.3f", 1e3 * milliseconds(e.begin - start_),
                  1e3 * milliseconds(e.end - e.begin));
    s << (i == 0 ? "" : ",") << "\n{\"name\":\"" << json_escaped(step.node.name) << "\",\"cat\":\""
      << step.node.op->name << "\",\"ph\":\"X\",\"pid\":1,\"tid\":1," << times << ",\"args\":{\"kernel\":\""
      << step.kernel_name << "\",\"shapes\":\"" << shapes_of(*e.program, step)
      << "\",\"flops\":" << step.flops << ",\"bytes\":" << step.bytes << "}}";
  }
  s << "\n]}\n";
  return s.str();
}

}  // namespace lite
