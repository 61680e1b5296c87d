// What networks that share a machine take from each other. Models need fixed shapes.
//
//   many_networks two MODEL [SECONDS]            two networks on a thread each, beside one network on two
//   threads many_networks many MODEL [SECONDS]           500 networks of a small model, run from 64 threads
//   many_networks rate MODEL THREADS [SECONDS]   runs a second with so many threads; 0 = as many as the
//   library takes
//
// Random numbers are no part of it: inputs stay as the library allocates them.

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <lite/network.h>

namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<lite::Network> load(const char* model, int threads) {
  auto network = std::make_unique<lite::Network>();
  network->load_model(std::string(model));
  network->set_option("threads", std::to_string(threads));  // 0: as many as the process has CPUs
  network->forward();
  network->wait();
  return network;
}

// Runs that one network made until `stop`.
int64_t run_until(lite::Network& network, const std::atomic<bool>& stop) {
  int64_t runs = 0;
  for (; !stop.load(std::memory_order_relaxed); ++runs) {
    network.forward();
    network.wait();
  }
  return runs;
}

// Runs a second of all the networks together, each on a thread of its own.
double rate(const std::vector<lite::Network*>& networks, double seconds) {
  std::atomic<bool> stop{false};
  std::vector<int64_t> runs(networks.size());
  std::vector<std::thread> threads;
  const auto begin = Clock::now();
  for (size_t i = 0; i < networks.size(); ++i)
    threads.emplace_back([&, i] { runs[i] = run_until(*networks[i], stop); });
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& t : threads) t.join();
  int64_t sum = 0;
  for (const int64_t r : runs) sum += r;
  return static_cast<double>(sum) / std::chrono::duration<double>(Clock::now() - begin).count();
}

int threads_of_process() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("Threads:", 0) == 0) return std::atoi(line.c_str() + 8);
  return 0;
}

// In turns, because other programs run beside this one.
void two(const char* model, double seconds) {
  constexpr int kRounds = 5;
  const auto one = load(model, 2), a = load(model, 1), b = load(model, 1), c = load(model, 2),
             d = load(model, 2);
  std::vector<double> alone, single, both;
  for (int i = 0; i < kRounds; ++i) {
    alone.push_back(rate({one.get()}, seconds / kRounds));
    single.push_back(rate({a.get(), b.get()}, seconds / kRounds));
    both.push_back(rate({c.get(), d.get()}, seconds / kRounds));
  }
  for (auto* list : {&alone, &single, &both}) std::sort(list->begin(), list->end());
  const double base = alone[kRounds / 2];
  std::printf(
      "one network on two threads %.1f/s; two on one thread each %.1f/s (%.2f); two on two threads each "
      "%.1f/s (%.2f)\n",
      base, single[kRounds / 2], single[kRounds / 2] / base, both[kRounds / 2], both[kRounds / 2] / base);
}

void many(const char* model, double seconds) {
  constexpr size_t kNetworks = 500, kThreads = 64;
  std::vector<std::unique_ptr<lite::Network>> networks;
  for (size_t i = 0; i < kNetworks; ++i) networks.push_back(load(model, 0));
  const double alone = rate({networks[0].get()}, seconds / 2);
  const auto on_one = load(model, 1);
  const double alone_on_one = rate({on_one.get()}, seconds / 2);
  std::atomic<bool> stop{false};
  std::vector<int64_t> runs(kThreads);
  std::vector<double> longest(kThreads);
  std::vector<std::thread> threads;
  const auto begin = Clock::now();
  for (size_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (size_t i = t; !stop.load(std::memory_order_relaxed);
           i = i + kThreads < kNetworks ? i + kThreads : t) {
        const auto start = Clock::now();
        networks[i]->forward();
        networks[i]->wait();
        longest[t] = std::max(longest[t], std::chrono::duration<double>(Clock::now() - start).count());
        ++runs[t];
      }
    });
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const int seen = threads_of_process();
  stop = true;
  for (std::thread& t : threads) t.join();
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  int64_t sum = 0;
  for (const int64_t r : runs) sum += r;
  const auto [least, most] = std::minmax_element(runs.begin(), runs.end());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "%zu networks from %zu threads: %.0f runs/s in all; one network alone %.0f/s, on one thread %.0f/s\n",
      kNetworks, kThreads, static_cast<double>(sum) / took, alone, alone_on_one);
  std::printf(
      "runs of a thread: from %lld to %lld; longest run %.1f ms; threads of the process %d (64 callers, "
      "main); %ld MB at most\n",
      static_cast<long long>(*least), static_cast<long long>(*most),
      *std::max_element(longest.begin(), longest.end()) * 1e3, seen, usage.ru_maxrss / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("usage: many_networks two|many|rate MODEL ...\n", stderr), 2;
  const std::string what = argv[1];
  const auto number = [&](int i, double otherwise) { return i < argc ? std::atof(argv[i]) : otherwise; };
  if (what == "two") {
    two(argv[2], number(3, 10));
  } else if (what == "many") {
    many(argv[2], number(3, 10));
  } else {
    const auto network = load(argv[2], static_cast<int>(number(3, 0)));
    std::printf("%.2f\n", rate({network.get()}, number(4, 5)));
  }
}
