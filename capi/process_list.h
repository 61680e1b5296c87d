// All networks of the process, for what is done to all of them.
#pragma once

#include "lite-c/process_c.h"

namespace lite::capi {

class NetworkObject;

namespace process {

void add(NetworkObject* network);
// With the last one the library's threads end.
void remove(NetworkObject* network) noexcept;
// Gives back what idle networks need not keep.
void trim_all();
// Of all networks together.
void add_statistics(LiteStatistics& sum);
// True while a network runs.
bool any_running();

}  // namespace process
}  // namespace lite::capi
