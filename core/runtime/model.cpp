#include "core/runtime/model.h"

#include <algorithm>

#include "core/base/mapped_file.h"
#include "core/ops/custom.h"
#include "core/passes/pass.h"

namespace lite {

constexpr size_t kLargeConstant = size_t{64} << 10;

Result<std::shared_ptr<Model>> Model::create(Graph graph, const ModelOptions& options,
                                             std::shared_ptr<PackCache> packs) {
  std::shared_ptr<Model> model(new Model);
  model->options_ = options;
  model->packs_ = packs ? std::move(packs) : std::make_shared<PackCache>();
  if (options.optimise) {
    PassOptions pass_options;
    pass_options.fold_limit_bytes = options.fold_limit_bytes;
    pass_options.isa = options.kernel.isa;
    LITE_TRY(run_passes(graph, declutter_passes(), pass_options, nullptr));
  }
  LITE_TRY(graph.compact());
  LITE_TRY(ops::make_states(graph));
  model->graph_ = std::move(graph);
  for (ValueId v = 0; v < model->graph_.num_values(); ++v)
    if (const Tensor& constant = model->graph_.value(v).constant; constant.defined()) {
      model->weight_bytes_ += constant.bytes();
      // Reading the model has brought in pages around every weight.
      if (constant.bytes() >= kLargeConstant) forget_pages(constant.address(), constant.bytes());
    }
  return model;
}

Result<std::shared_ptr<Model>> Model::create_compiled(CompiledModel compiled, const ModelOptions& options) {
  std::shared_ptr<Model> model(new Model);
  model->options_ = options;
  model->packs_ = std::move(compiled.packs);
  LITE_TRY(ops::make_states(compiled.graph));
  model->graph_ = std::move(compiled.graph);
  model->whole_ = std::move(compiled.whole);
  // They have operators that nothing but a pass makes.
  if (options.optimise) model->specialised_ = std::move(compiled.specialised);
  model->weight_bytes_ = compiled.weight_bytes;
  return model;
}

Result<const Graph*> Model::whole_graph() const {
  if (whole_ == nullptr) return &graph_;
  const std::lock_guard lock(whole_mutex_);
  if (!decoded_) {
    LITE_ASSIGN(decoded_, whole_());
    decoded_->metadata = graph_.metadata;
  }
  return &*decoded_;
}

Model::~Model() = default;

Status Model::check_input(size_t i, const Fact& given) const {
  const Value& declared = input(i);
  const Fact *want = &declared.fact, *got = &given;
  const auto who = [&] { return cat("input '", declared.name, "': "); };
  const auto wrong = [&] {
    return invalid_argument(who(), to_text(graph_, given), " is given, ", to_text(graph_, declared.fact),
                            " is wanted");
  };
  while (want->kind != Kind::kTensor) {
    if (got->kind != want->kind) {
      if (want->kind != Kind::kOptional || !want->element) return wrong();
    } else {
      if (want->dtype != DType::kUndefined && got->dtype != want->dtype) return wrong();
      if (!want->element || !got->element) return ok();
      got = got->element.get();
    }
    want = want->element.get();
  }
  const bool unknown = want->dtype == DType::kUndefined && !want->has_rank;
  if (got->kind != Kind::kTensor) return unknown ? ok() : wrong();
  if (want->dtype != DType::kUndefined && got->dtype != DType::kUndefined && got->dtype != want->dtype)
    return declared.fact.kind != Kind::kTensor
               ? wrong()
               : fail(Code::kShapeMismatch, who(), "element type ", dtype_name(got->dtype), " is given, ",
                      dtype_name(want->dtype), " is wanted");
  if (!want->has_rank || !got->has_rank) return ok();
  bool fits = got->rank() == want->rank();
  for (size_t d = 0; fits && d < got->rank(); ++d)
    fits = want->dims[d] < 0 || got->dims[d] < 0 || got->dims[d] == want->dims[d];
  if (fits) return ok();
  return fail(Code::kShapeMismatch, who(), "shape ", got->dims, " is given, ", to_text(graph_, *want),
              " is wanted");
}

Status Model::check_inputs(std::span<const Fact> inputs) const {
  if (inputs.size() != num_inputs())
    return invalid_argument("the model has ", num_inputs(), " inputs, ", inputs.size(), " given");
  std::vector<int64_t> bound(graph_.symbols.size(), -1);
  for (size_t i = 0; i < inputs.size(); ++i) {
    LITE_TRY(check_input(i, inputs[i]));
    const Fact &want = input(i).fact, &got = inputs[i];
    if (want.kind != Kind::kTensor || !want.has_rank) continue;
    for (size_t d = 0; d < got.rank(); ++d) {
      if (!is_symbol(want.dims[d])) continue;
      const auto symbol = static_cast<size_t>(symbol_index(want.dims[d]));
      if (bound[symbol] >= 0 && bound[symbol] != got.dims[d])
        return fail(Code::kShapeMismatch, "input '", input(i).name, "': shape ", got.dims,
                    " is given, but dimension '", graph_.symbols[symbol], "' is ", bound[symbol],
                    " elsewhere");
      bound[symbol] = got.dims[d];
    }
  }
  return ok();
}

CompileOptions Model::compile_options() const {
  CompileOptions options;
  options.optimise = options_.optimise;
  options.tune = options_.tune;
  options.threads = options_.threads;
  options.kernel = options_.kernel;
  options.fold_limit_bytes = options_.fold_limit_bytes;
  options.arena_limit_bytes = options_.arena_limit_bytes;
  return options;
}

Result<SpecialisedGraph> Model::specialise(std::span<const Fact> inputs) const {
  LITE_TRY(check_inputs(inputs));
  for (const StoredGraph& s : specialised_)
    if (std::equal(s.inputs.begin(), s.inputs.end(), inputs.begin(), inputs.end())) {
      LITE_ASSIGN(Graph graph, s.graph());
      return SpecialisedGraph{s.inputs, std::move(graph)};
    }
  LITE_ASSIGN(const Graph* const whole, whole_graph());
  return Program::specialise(*whole, inputs, compile_options());
}

Result<std::shared_ptr<const Program>> Model::compile(const Program::Specialise& specialised) const {
  return Program::compile(specialised, compile_options(), *packs_);
}

std::shared_ptr<const Program> Model::cached(std::span<const Fact> inputs) {
  for (auto it = cache_.begin(); it != cache_.end(); ++it) {
    if (!std::equal(it->key.begin(), it->key.end(), inputs.begin(), inputs.end())) continue;
    cache_.splice(cache_.begin(), cache_, it);
    return it->program;
  }
  return nullptr;
}

std::shared_ptr<const Program> Model::find_program(std::span<const Fact> inputs) {
  const std::lock_guard lock(mutex_);
  auto found = cached(inputs);
  if (found) ++hits_;
  return found;
}

Result<std::shared_ptr<const Program>> Model::program(std::span<const Fact> inputs) {
  if (auto found = find_program(inputs)) return found;
  LITE_ASSIGN(std::shared_ptr<const Program> made, compile([&] { return specialise(inputs); }));

  const std::lock_guard lock(mutex_);
  ++misses_;
  if (auto p = cached(inputs)) return p;  // another thread was faster
  cache_.push_front({std::vector<Fact>(inputs.begin(), inputs.end()), made, made->own_bytes()});
  if (cache_.size() == 1) packed_once_ = packs_->bytes();
  evict();
  return made;
}

// Weights packed for one program stand for the stored ones; what others needed in other layouts counts.
size_t Model::cached_bytes() const {
  const size_t packed = packs_->bytes();
  size_t bytes = packed - std::min(packed, packed_once_);
  for (const Entry& e : cache_) bytes += e.bytes;
  return bytes;
}

void Model::evict() {
  while (cache_.size() > 1 &&
         (cache_.size() > options_.program_cache_entries || cached_bytes() > options_.program_cache_bytes)) {
    cache_.pop_back();
    ++evictions_;
  }
}

ModelStatistics Model::statistics() const {
  const std::lock_guard lock(mutex_);
  ModelStatistics s;
  s.weight_bytes = weight_bytes_;
  s.packed_bytes = packs_->bytes();
  s.program_bytes = cached_bytes();
  s.programs = cache_.size();
  s.program_hits = hits_;
  s.program_misses = misses_;
  s.program_evictions = evictions_;
  return s;
}

void Model::trim() {
  const std::lock_guard lock(mutex_);
  std::erase_if(cache_, [](const Entry& e) { return e.program.use_count() == 1; });
}

}  // namespace lite
