// Packs that contradict the format, and what must be said about each.
#pragma once

#include <string>
#include <vector>

namespace lite::test {

struct HostilePack {
  std::string name;
  std::string bytes;
  std::string message;  // a part of the error's
};

std::vector<HostilePack> hostile_packs();

}  // namespace lite::test
