// Inputs as MegEngine's load_and_run takes them: "NAME:SOURCE;NAME:SOURCE".
#pragma once

#include <string>
#include <vector>

#include "tools/tensor_file.h"

namespace tool {

// Where one input comes from. SOURCE is a .npy file, a .ppm or .pgm picture (bytes, 1 x height x width x
// channels), any other picture (as `lite run` takes it), numbers such as 1,2 or [[1,2],[3,4]], whose brackets
// are dimensions, or a shape {1,3,224,224}, which is filled with ones.
struct NamedSource {
  std::string name, source;
};

// The parts of --input. A .json file stands for all the inputs that it names. "data" is the name where none
// is given.
std::vector<NamedSource> split_sources(const std::string& text);

// All that `source` stands for, by name, as `inputs` want them: element types are converted, and a leading
// dimension of 1 goes where the input has one fewer. Failure names the input.
struct NamedArray {
  std::string name;
  Array array;
};
std::vector<NamedArray> read_source(const NamedSource& source, const std::vector<IoInfo>& inputs);

// The batch repeated until there are `batch` of them.
Array with_batch(const Array& a, int64_t batch, const std::string& name);

}  // namespace tool
