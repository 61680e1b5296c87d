// Tensors in files: numpy's .npy (format versions 1 to 3, C order), and pictures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lite.h"
#include "tools/net.h"

namespace tool {

struct Array {
  LiteDataType dtype = LITE_FLOAT;
  std::vector<int64_t> dims;
  std::vector<unsigned char> data;
};

Array read_npy(const std::string& path);
void write_npy(const std::string& path, LiteDataType dtype, const std::vector<int64_t>& dims,
               const void* data, size_t bytes);

// The file name for a tensor of that name, whatever it is called.
std::string npy_file_name(std::string name);

// A picture as it is: uint8, 1 x height x width x channels.
Array read_pixels(const std::string& path);

// A picture as the model's input wants it: N,C,H,W or N,H,W,C, 1 or 3 channels, scaled to the input's height
// and width (the picture's own where the model leaves them open). Floats are in 0..1, or with `imagenet`
// normalised by that data set's mean and deviation; bytes stay 0..255.
Array read_image(const std::string& path, const IoInfo& input, bool imagenet);

// Numbers drawn from a fixed seed: normal for floats, small for integers. Unknown dimensions become 1.
Array random_array(const IoInfo& input, uint32_t seed);

// Fills input `info` from "random", a .npy file or a picture; `keep` must outlive the run.
Array load_input(const std::string& source, const IoInfo& info, bool imagenet, uint32_t seed);

}  // namespace tool
