#include "tests/import/mge_writer.h"

#include "core/import/megengine/type_id.h"

namespace lite::test {
namespace {

using flatbuffers::FlatBufferBuilder;

flatbuffers::Offset<mge_fb::DType> dtype(FlatBufferBuilder& b, const MgeTensor& t) {
  if (t.scale == 0) return mge_fb::CreateDType(b, t.type);
  const auto p = mge_fb::CreateLinearQuantizationParam(b, t.scale, t.zero);
  return mge_fb::CreateDType(b, t.type, mge_fb::DTypeParam::LinearQuantizationParam, p.Union());
}

std::string sized(const FlatBufferBuilder& b) {
  return std::string(reinterpret_cast<const char*>(b.GetBufferPointer()), b.GetSize());
}

template <class T>
void put(std::string& s, T v) {
  s.append(reinterpret_cast<const char*>(&v), sizeof(v));
}

}  // namespace

std::string mge_v2(const MgeModel& model) {
  FlatBufferBuilder b;
  std::vector<flatbuffers::Offset<mge_fb::OperatorV2>> oprs;
  std::vector<std::string> names;
  for (const MgeOpr& o : model.oprs) {
    std::vector<flatbuffers::Offset<mge_fb::TensorV2>> tensors;
    for (const MgeTensor& t : o.tensors) {
      const auto name = b.CreateString(t.name);
      const auto shape = b.CreateVector(t.shape);
      const auto type = dtype(b, t);
      const auto data = b.CreateVector(reinterpret_cast<const uint8_t*>(t.data.data()), t.data.size());
      mge_fb::TensorV2Builder tb(b);
      tb.add_name(name);
      tb.add_shape(shape);
      tb.add_dtype(type);
      if (!t.data.empty()) tb.add_data(data);
      tensors.push_back(tb.Finish());
    }
    const auto param =
        o.param ? o.param(b) : std::pair(mge_fb::OperatorParam::NONE, flatbuffers::Offset<void>());
    const auto type = b.CreateString(o.type), name = b.CreateString(o.name);
    const auto in = b.CreateVector(o.in), out = b.CreateVector(o.out);
    const auto list = b.CreateVector(tensors);
    mge_fb::OperatorV2Builder ob(b);
    ob.add_type(type);
    ob.add_name(name);
    ob.add_param_type(param.first);
    ob.add_param(param.second);
    ob.add_inputs(in);
    ob.add_outputs(out);
    ob.add_tensors(list);
    ob.add_opr_version(2);
    oprs.push_back(ob.Finish());
    for (size_t i = 0; i < o.out.size(); ++i)
      names.push_back(i < o.out_names.size() ? o.out_names[i] : std::string());
  }
  std::vector<flatbuffers::Offset<mge_fb::MiddleTensor>> middle;
  for (const std::string& n : names) middle.push_back(mge_fb::CreateMiddleTensor(b, b.CreateString(n)));
  std::vector<flatbuffers::Offset<mge_fb::OutputV2>> outputs;
  for (const uint32_t v : model.outputs) outputs.push_back(mge_fb::CreateOutputV2(b, v, v));
  const auto metadata = mge_fb::CreateMetadataV2(b, true, false, 0, b.CreateString(model.user_info));
  const auto all = b.CreateVector(oprs);
  const auto tensors = b.CreateVector(middle);
  const auto ends = b.CreateVector(outputs);
  b.FinishSizePrefixed(mge_fb::CreateModel(b, 101300, model.version, all, tensors, ends, 0, 0, metadata),
                       "mgv2");
  return sized(b);
}

std::string mge_v1(const MgeModel& model) {
  FlatBufferBuilder b;
  std::string data;
  std::vector<flatbuffers::Offset<mge_fb::OperatorV1>> oprs;
  for (const MgeOpr& o : model.oprs) {
    std::vector<flatbuffers::Offset<mge_fb::TensorV1>> tensors;
    for (const MgeTensor& t : o.tensors) {
      const auto size = t.claimed == UINT32_MAX ? static_cast<uint32_t>(t.data.size()) : t.claimed;
      const auto name = b.CreateString(t.name);
      const auto shape = b.CreateVector(t.shape);
      tensors.push_back(mge_fb::CreateTensorV1(b, name, shape, 0, dtype(b, t), size, t.skip));
      data += t.data;
    }
    const auto param =
        o.param ? o.param(b) : std::pair(mge_fb::OperatorParam::NONE, flatbuffers::Offset<void>());
    std::vector<flatbuffers::Offset<flatbuffers::String>> names;
    for (const std::string& n : o.out_names) names.push_back(b.CreateString(n));
    const auto in = b.CreateVector(o.in);
    const auto list = b.CreateVector(tensors);
    const auto out_names = b.CreateVector(names);
    const auto name = b.CreateString(o.name);
    mge_fb::OperatorV1Builder ob(b);
    ob.add_type_id(mge::type_id(o.type));
    ob.add_param_type(param.first);
    ob.add_param(param.second);
    ob.add_inputs(in);
    if (!names.empty()) ob.add_output_name(out_names);
    ob.add_tensors(list);
    ob.add_name(name);
    oprs.push_back(ob.Finish());
  }
  std::vector<mge_fb::OutputV1> outputs;
  for (const uint32_t v : model.outputs) outputs.emplace_back(v, v);
  const auto metadata = mge_fb::CreateMetadataV1(b, true, false, b.CreateString(model.user_info));
  const auto all = b.CreateVector(oprs);
  const auto ends = b.CreateVectorOfStructs(outputs);
  b.FinishSizePrefixed(mge_fb::CreateGraph(b, 101300, 0, 0, all, ends, metadata), "mgb1");
  std::string file = "MGBC";
  put<uint64_t>(file, 0);
  put<uint32_t>(file, 0);
  put<uint64_t>(file, data.size());
  return file + data + sized(b);
}

MgeParam elemwise(uint32_t mode) {
  return mge_param<mge_fb::Elemwise>(
      [mode](FlatBufferBuilder& b) { return mge_fb::CreateElemwise(b, mode); });
}

MgeOpr mge_input(uint32_t out, const std::string& name, std::vector<uint32_t> shape, int8_t type) {
  MgeTensor t{name, std::move(shape)};
  t.type = type;
  return {"Host2DeviceCopy",
          {},
          {out},
          mge_param<mge_fb::Host2DeviceCopy>(
              [](FlatBufferBuilder& b) { return mge_fb::CreateHost2DeviceCopy(b); }),
          {t},
          name,
          {name}};
}

MgeOpr mge_floats(uint32_t out, std::vector<uint32_t> shape, const std::vector<float>& values) {
  return {"ImmutableTensor", {}, {out}, {}, {{"", std::move(shape), mge_bytes(values)}}};
}

MgeOpr mge_ints(uint32_t out, const std::vector<int32_t>& values) {
  MgeTensor t{"", {static_cast<uint32_t>(values.size())}, mge_bytes(values)};
  t.type = 4;
  return {"ImmutableTensor", {}, {out}, {}, {t}};
}

}  // namespace lite::test
