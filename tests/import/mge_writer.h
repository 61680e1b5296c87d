// Writes .mge files of both containers for tests, right and wrong ones.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/import/megengine/schema.h"

namespace lite::test {

namespace mge_fb = lite::mge::fb;

struct MgeTensor {
  std::string name;
  std::vector<uint32_t> shape;
  std::string data = {};
  int8_t type = 0;  // MegEngine's number
  float scale = 0;  // 0: no scale is written
  uint8_t zero = 0;
  uint32_t claimed = UINT32_MAX;  // data_size of the older container when it shall not be that of data
  uint32_t skip = 0;
};

// Makes a parameter; the type and the table.
using MgeParam = std::function<std::pair<mge_fb::OperatorParam, flatbuffers::Offset<void>>(
    flatbuffers::FlatBufferBuilder&)>;

template <class T>
MgeParam mge_param(std::function<flatbuffers::Offset<T>(flatbuffers::FlatBufferBuilder&)> make) {
  return [make](flatbuffers::FlatBufferBuilder& b) {
    // The trait has no definition that a reference could bind to.
    const mge_fb::OperatorParam type = mge_fb::OperatorParamTraits<T>::enum_value;
    return std::pair(type, make(b).Union());
  };
}

struct MgeOpr {
  std::string type;
  std::vector<uint32_t> in;
  std::vector<uint32_t> out;
  MgeParam param = {};
  std::vector<MgeTensor> tensors = {};
  std::string name = {};
  std::vector<std::string> out_names = {};
};

struct MgeModel {
  std::vector<MgeOpr> oprs;
  std::vector<uint32_t> outputs;
  uint32_t version = 2;
  std::string user_info = {};
};

std::string mge_v2(const MgeModel& model);
std::string mge_v1(const MgeModel& model);

// ---- operators that tests use

MgeParam elemwise(uint32_t mode);
MgeOpr mge_input(uint32_t out, const std::string& name, std::vector<uint32_t> shape, int8_t type = 0);
MgeOpr mge_floats(uint32_t out, std::vector<uint32_t> shape, const std::vector<float>& values);
MgeOpr mge_ints(uint32_t out, const std::vector<int32_t>& values);

template <class T>
std::string mge_bytes(const std::vector<T>& v) {
  return std::string(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(T));
}

}  // namespace lite::test
