// lite::ModelPacker: makes MegEngine Lite's packs, source compatible with MegEngine Lite's class, over the C
// API. Failing calls throw lite::Error.
#ifndef LITE_PACK_MODEL_H_
#define LITE_PACK_MODEL_H_

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "../lite-c/pack_c.h"
#include "../lite-c/run_c.h"
#include "error.h"

namespace lite {
inline namespace v1 {

class ModelPacker {
 public:
  /// A path that is empty means that there is no such part.
  ModelPacker(std::string model_path, std::string packed_model_path, std::string info_data_path = "",
              std::string info_algo_policy_path = "", std::string info_binary_cache_path = "")
      : ModelPacker(read(model_path), std::move(packed_model_path), read(info_data_path),
                    read(info_algo_policy_path), read(info_binary_cache_path)) {}
  ModelPacker(std::vector<uint8_t> model_data, std::string packed_model_path,
              std::vector<uint8_t> info_data = {}, std::vector<uint8_t> info_algo_policy_data = {},
              std::vector<uint8_t> info_binary_cache_data = {})
      : model_(std::move(model_data)),
        path_(std::move(packed_model_path)),
        info_(std::move(info_data)),
        cache_(std::move(info_algo_policy_data)),
        binary_cache_(std::move(info_binary_cache_data)) {}

  /// The methods that model and information are encrypted with already, or will be, after set_key. Without
  /// is_fast_run_cache caches are left out.
  void set_header(std::string model_decryption_method = "NONE", std::string info_decryption_method = "NONE",
                  bool is_fast_run_cache = true) {
    model_method_ = std::move(model_decryption_method);
    info_method_ = std::move(info_decryption_method);
    with_cache_ = is_fast_run_cache;
  }

  /// Encrypts what is packed. MegEngine Lite's packer cannot.
  void set_key(std::vector<uint8_t> key) { key_ = std::move(key); }

  /// Writes the file.
  void pack_model() {
    LitePackOptions options = LITE_PACK_OPTIONS_INIT;
    if (key_.empty()) options.flags = LITE_PACK_AS_IS;
    options.model_method = model_method_.c_str();
    options.key_data = key_.data();
    options.key_size = key_.size();
    if (!info_.empty()) {
      options.info_method = info_method_.c_str();
      options.info = info_.data();
      options.info_size = info_.size();
    }
    if (with_cache_) {
      options.cache = cache_.data();
      options.cache_size = cache_.size();
      options.binary_cache = binary_cache_.data();
      options.binary_cache_size = binary_cache_.size();
    }
    char* packed = nullptr;
    size_t size = 0;
    detail::check(LITE_pack_model_memory(model_.data(), model_.size(), &options, &packed, &size));
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file.write(packed, static_cast<std::streamsize>(size));
    file.close();
    LITE_free_string(packed);
    if (!file) throw Error(LITE_IO_ERROR, "cannot write '" + path_ + "'");
  }

 private:
  static std::vector<uint8_t> read(const std::string& path) {
    if (path.empty()) return {};
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Error(LITE_IO_ERROR, "cannot read '" + path + "'");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<uint8_t> model_;
  std::string path_;
  std::vector<uint8_t> info_, cache_, binary_cache_, key_;
  std::string model_method_ = "NONE", info_method_ = "NONE";
  bool with_cache_ = true;
};

}  // namespace v1
}  // namespace lite

#endif
