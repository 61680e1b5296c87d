//! tests/conformance/scenario, which every language's package executes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lite::{Dim, Dtype, Error, Info, Kind, Loader, Network, Outputs, Statistics, TensorRef, TensorView};
use serde_json::{Map, Value};

/// How inputs are given.
#[derive(Clone, Copy)]
enum Given {
    Lent,
    Copied,
}

#[test]
fn with_inputs_lent() {
    all_cases(Given::Lent);
}

#[test]
fn with_inputs_copied() {
    all_cases(Given::Copied);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/scenario")
}

fn all_cases(given: Given) {
    let text = std::fs::read_to_string(folder().join("scenario.json")).unwrap();
    let scenario: Value = serde_json::from_str(&text).unwrap();
    let cases = scenario["cases"].as_array().unwrap();
    assert!(cases.len() > 30);
    for case in cases {
        println!("{}", case["name"]);
        run_case(case, given);
    }
}

fn run_case(case: &Value, given: Given) {
    known(case, &["name", "model", "from", "options", "key", "error", "steps"]);
    if let Some(error) = case.get("error") {
        return fails(error, open(case));
    }
    let mut network = open(case).unwrap();
    let mut shared = None;
    for step in case["steps"].as_array().unwrap() {
        match step["do"].as_str().unwrap() {
            "info" => info(&network, step),
            "run" if step.pointer("/error/name") == Some(&"LITE_CLOSED".into()) => {} // see below
            "run" => run(&mut network, step, given),
            "option" => option(&mut network, step),
            "statistics" => statistics(&network.statistics().unwrap(), step),
            "profile" => profile(&mut network, step),
            "share" => {
                known(step, &["do"]);
                let second = network.model().network().unwrap();
                shared = Some(std::mem::replace(&mut network, second));
            }
            // Dropping closes, and what is dropped cannot be used: no program that would try compiles.
            "close" => known(step, &["do"]),
            other => panic!("a step that this reader does not know: {other}"),
        }
    }
    drop(network);
    drop(shared);
}

fn known(object: &Value, keys: &[&str]) {
    for key in object.as_object().unwrap().keys() {
        assert!(keys.contains(&key.as_str()), "a key that this reader does not know: {key}");
    }
}

fn fails<T>(wanted: &Value, result: Result<T, Error>) {
    known(wanted, &["code", "name", "text"]);
    let error = result.err().expect("it should fail");
    assert_eq!(error.status().code(), wanted["code"], "{error}");
    assert!(error.to_string().contains(wanted["text"].as_str().unwrap()), "{error}");
}

fn open(case: &Value) -> Result<Network, Error> {
    let mut loader = Loader::new();
    for (key, value) in case.get("options").and_then(Value::as_object).unwrap_or(&Map::new()) {
        loader = loader.option(key, value.as_str().unwrap());
    }
    if let Some(key) = case.get("key") {
        let hex = key.as_str().unwrap().as_bytes().chunks(2);
        let key: Vec<u8> = hex.map(|h| u8::from_str_radix(std::str::from_utf8(h).unwrap(), 16).unwrap()).collect();
        loader = loader.key(&key);
    }
    let path = folder().join(case["model"].as_str().unwrap());
    let model = match case.get("from").map(|f| f.as_str().unwrap()) {
        Some("memory") => loader.load_bytes(&std::fs::read(path).unwrap()),
        None => loader.load(path),
        Some(other) => panic!("from {other}"),
    };
    model?.network()
}

fn info(network: &Network, step: &Value) {
    known(step, &["do", "inputs", "outputs", "metadata"]);
    let described = |infos: &[Info]| -> Value { infos.iter().map(describe).collect::<Vec<_>>().into() };
    assert_eq!(described(network.model().inputs()), step["inputs"]);
    assert_eq!(described(network.model().outputs()), step["outputs"]);
    for (key, value) in step.get("metadata").and_then(Value::as_object).unwrap_or(&Map::new()) {
        assert_eq!(network.model().metadata()[key], *value);
    }
}

fn describe(info: &Info) -> Value {
    let dim = |d: &Dim| match d {
        Dim::Fixed(n) => Value::from(*n),
        Dim::Named(name) => name.as_str().into(),
        Dim::Unknown => Value::Null,
    };
    let shape: Vec<Value> = info.shape.as_ref().unwrap().iter().map(dim).collect();
    serde_json::json!({ "name": info.name, "dtype": info.dtype.to_string(), "shape": shape })
}

/// A tensor of the scenario's, its elements as the library has them in memory.
struct Elements {
    dtype: Dtype,
    dims: Vec<usize>,
    words: Vec<u64>, // aligned for every type
    size: usize,
    strings: Vec<String>,
}

impl Elements {
    fn new(tensor: &Value) -> Self {
        known(tensor, &["dtype", "shape", "data", "atol"]);
        let dims = tensor["shape"].as_array().unwrap().iter().map(|d| d.as_u64().unwrap() as usize).collect();
        let data = tensor["data"].as_array().unwrap();
        let (int, float) = (|v: &Value| v.as_i64().unwrap(), |v: &Value| v.as_f64().unwrap());
        let each = |f: &dyn Fn(&Value) -> Vec<u8>| data.iter().flat_map(f).collect::<Vec<u8>>();
        let (dtype, bytes) = match tensor["dtype"].as_str().unwrap() {
            "float32" => (Dtype::F32, each(&|v| (float(v) as f32).to_ne_bytes().into())),
            "float64" => (Dtype::F64, each(&|v| float(v).to_ne_bytes().into())),
            "float16" => (Dtype::F16, each(&|v| (int(v) as u16).to_ne_bytes().into())),
            "bfloat16" => (Dtype::BF16, each(&|v| (int(v) as u16).to_ne_bytes().into())),
            "int8" => (Dtype::I8, each(&|v| (int(v) as i8).to_ne_bytes().into())),
            "int16" => (Dtype::I16, each(&|v| (int(v) as i16).to_ne_bytes().into())),
            "int32" => (Dtype::I32, each(&|v| (int(v) as i32).to_ne_bytes().into())),
            "int64" => (Dtype::I64, each(&|v| int(v).to_ne_bytes().into())),
            "uint8" => (Dtype::U8, each(&|v| (int(v) as u8).to_ne_bytes().into())),
            "uint16" => (Dtype::U16, each(&|v| (int(v) as u16).to_ne_bytes().into())),
            "uint32" => (Dtype::U32, each(&|v| (int(v) as u32).to_ne_bytes().into())),
            "uint64" => (Dtype::U64, each(&|v| (int(v) as u64).to_ne_bytes().into())),
            "bool" => (Dtype::Bool, each(&|v| vec![u8::from(v.as_bool().unwrap())])),
            "string" => (Dtype::String, Vec::new()),
            other => panic!("dtype {other}"),
        };
        let mut padded = bytes.clone();
        padded.resize(bytes.len().next_multiple_of(8), 0);
        let words = padded.chunks(8).map(|c| u64::from_ne_bytes(c.try_into().unwrap())).collect();
        let strings = if dtype == Dtype::String { data } else { &Vec::new() };
        let strings = strings.iter().map(|v| v.as_str().unwrap().to_owned()).collect();
        Self { dtype, dims, words, size: bytes.len(), strings }
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the words' bytes.
        let bytes: &[u8] = unsafe { std::slice::from_raw_parts(self.words.as_ptr().cast(), self.words.len() * 8) };
        &bytes[..self.size]
    }

    fn tensor(&self) -> Result<TensorRef<'_>, Error> {
        TensorRef::from_bytes(self.dtype, &self.dims, self.bytes())
    }
}

/// What an input or output is in the scenario.
enum Input {
    Tensor(Elements),
    Other(lite::Value),
}

impl Input {
    fn new(network: &Network, name: &str, value: &Value) -> Self {
        let tensor = network.model().inputs().iter().all(|i| i.name != name || i.kind == Kind::Tensor);
        if tensor && value.get("shape").is_some() {
            Self::Tensor(Elements::new(value))
        } else {
            Self::Other(other(value))
        }
    }
}

/// A sequence, optional or map, or a tensor of one of the types that the scenario has in them.
fn other(value: &Value) -> lite::Value {
    let dtype = |v: &Value| match v["dtype"].as_str().unwrap() {
        "float32" => Dtype::F32,
        "string" => Dtype::String,
        other => panic!("dtype {other}"),
    };
    if let Some(elements) = value.get("sequence") {
        known(value, &["dtype", "sequence"]);
        return lite::Value::Sequence(dtype(value), elements.as_array().unwrap().iter().map(other).collect());
    }
    if let Some(element) = value.get("optional") {
        known(value, &["dtype", "optional"]);
        return lite::Value::Optional(dtype(value), (!element.is_null()).then(|| other(element).into()));
    }
    if let Some(keys) = value.get("keys") {
        known(value, &["keys", "values"]);
        let lite::Value::Tensor(keys) = other(keys) else { panic!("keys are a tensor") };
        return lite::Value::Map(keys, other(&value["values"]).into());
    }
    let tensor = Elements::new(value);
    lite::Value::Tensor(match tensor.dtype {
        Dtype::String => lite::Tensor::strings(&tensor.dims, &tensor.strings).unwrap(),
        _ => {
            assert_eq!(tensor.dtype, Dtype::F32);
            let data: Vec<f32> = tensor.bytes().chunks(4).map(|c| f32::from_ne_bytes(c.try_into().unwrap())).collect();
            lite::Tensor::new(&tensor.dims, &data).unwrap()
        }
    })
}

fn same_value(got: &lite::Value, wanted: &Value) {
    match got {
        lite::Value::Sequence(dtype, elements) => {
            assert_eq!(dtype.to_string(), wanted["dtype"]);
            let wanted = wanted["sequence"].as_array().unwrap();
            assert_eq!(elements.len(), wanted.len());
            elements.iter().zip(wanted).for_each(|(g, w)| same_value(g, w));
        }
        lite::Value::Optional(dtype, element) => {
            assert_eq!(dtype.to_string(), wanted["dtype"]);
            assert_eq!(element.is_none(), wanted["optional"].is_null());
            element.iter().for_each(|g| same_value(g, &wanted["optional"]));
        }
        lite::Value::Map(keys, values) => {
            same_tensor(&keys.view(), &Elements::new(&wanted["keys"]), None);
            same_value(values, &wanted["values"]);
        }
        lite::Value::Tensor(tensor) => same_tensor(&tensor.view(), &Elements::new(wanted), None),
    }
}

fn run(network: &mut Network, step: &Value, given: Given) {
    known(step, &["do", "inputs", "outputs", "error", "asynchronous", "timeout_ms", "cancel_after_ms"]);
    let milliseconds = |key| step.get(key).map(|t: &Value| Duration::from_millis(t.as_u64().unwrap()));
    let inputs = step["inputs"].as_object().unwrap();
    let inputs: Vec<_> = inputs.iter().map(|(name, v)| (name.as_str(), Input::new(network, name, v))).collect();
    network.set_timeout(milliseconds("timeout_ms")).unwrap();
    std::thread::scope(|scope| {
        let over = std::sync::mpsc::channel::<()>();
        if let Some(after) = milliseconds("cancel_after_ms") {
            let canceller = network.canceller();
            scope.spawn(move || {
                let mut wait = after;
                while over.1.recv_timeout(wait) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                    canceller.cancel();
                    wait = Duration::from_millis(1);
                }
            });
        }
        let asynchronous = step.get("asynchronous").is_some_and(|a| a.as_bool().unwrap());
        let result = execute(network, &inputs, given, asynchronous);
        drop(over.0);
        match step.get("error") {
            Some(error) => fails(error, result),
            None => same(&result.unwrap(), step["outputs"].as_object().unwrap()),
        }
    });
    network.set_timeout(None).unwrap();
}

fn execute<'n>(
    network: &'n mut Network,
    inputs: &[(&str, Input)],
    given: Given,
    asynchronous: bool,
) -> Result<Outputs<'n>, Error> {
    let mut lent = Vec::new();
    for (name, input) in inputs {
        let input = match input {
            Input::Tensor(tensor) => tensor,
            Input::Other(value) => {
                network.set_value(name, value)?;
                continue;
            }
        };
        match given {
            _ if input.dtype == Dtype::String => network.set_strings(name, &input.dims, &input.strings)?,
            Given::Lent if !asynchronous => lent.push((*name, input.tensor()?)),
            _ => network.set_tensor(name, input.tensor()?)?,
        }
    }
    if asynchronous { network.start()?.wait() } else { network.run_with(&lent) }
}

fn same(outputs: &Outputs<'_>, wanted: &Map<String, Value>) {
    assert_eq!(outputs.len(), wanted.len());
    for (name, value) in wanted {
        match value.get("shape") {
            Some(_) => same_tensor(&outputs.get(name).unwrap(), &Elements::new(value), value.get("atol")),
            None => same_value(&outputs.value(name).unwrap(), value),
        }
    }
}

fn same_tensor(got: &TensorView<'_>, wanted: &Elements, atol: Option<&Value>) {
    assert_eq!((got.dtype().unwrap(), got.shape().unwrap()), (wanted.dtype, wanted.dims.clone()));
    if wanted.dtype == Dtype::String {
        assert_eq!(got.strings().unwrap(), wanted.strings);
    } else if let Some(atol) = atol {
        let wanted = wanted.bytes().chunks(4).map(|c| f32::from_ne_bytes(c.try_into().unwrap()));
        for (g, w) in got.as_slice::<f32>().unwrap().iter().zip(wanted) {
            assert!(f64::from((g - w).abs()) <= atol.as_f64().unwrap(), "{g} is not {w}");
        }
    } else {
        assert_eq!(got.as_bytes().unwrap(), wanted.bytes());
    }
}

fn option(network: &mut Network, step: &Value) {
    known(step, &["do", "key", "value", "read", "error"]);
    let (key, value) = (step["key"].as_str().unwrap(), step["value"].as_str().unwrap());
    match (step.get("error"), network.set_option(key, value)) {
        (Some(error), result) => fails(error, result),
        (None, result) => {
            result.unwrap();
            assert_eq!(network.option(key).unwrap(), *step.get("read").unwrap_or(&step["value"]));
        }
    }
}

fn statistics(statistics: &Statistics, step: &Value) {
    known(step, &["do", "exactly", "at_least"]);
    let value = |name: &str| match name {
        "programs" => statistics.programs,
        "program_hits" => statistics.program_hits,
        "runs" => statistics.runs,
        "weight_bytes" => statistics.weight_bytes,
        other => panic!("statistics: {other}"),
    };
    for (name, wanted) in step["exactly"].as_object().unwrap() {
        assert_eq!(value(name), *wanted, "{name}");
    }
    for (name, least) in step["at_least"].as_object().unwrap() {
        assert!(value(name) >= least.as_u64().unwrap(), "{name}");
    }
}

fn profile(network: &mut Network, step: &Value) {
    known(step, &["do", "text"]);
    match step["text"].as_str().unwrap() {
        "" => network.set_profiling(true).unwrap(),
        text => assert!(network.profile("table").unwrap().contains(text)),
    }
}
