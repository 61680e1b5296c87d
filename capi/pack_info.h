// The information in MegEngine Lite's packs, as its parser "LITE_default" understands it.
#pragma once

#include <string>
#include <string_view>

#include "capi/config.h"

namespace lite::capi {

// Changes `config` by what the JSON text says and sets `extra_info` to its "extra_info" as JSON, if it has
// that. Leaves both alone when the text says that it is not valid. `model` is the pack's name for the model,
// which the text must agree with. INVALID_MODEL names the member that is wrong; values are shown unless
// `secret`.
Outcome parse_default_info(std::string_view text, const std::string& model, bool secret,
                           NetworkConfig* config, std::string* extra_info);

// The "name" in such a text; "" when it has none.
std::string name_in_info(std::string_view text);

}  // namespace lite::capi
