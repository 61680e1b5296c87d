//! What the scenario does not say: how this package in particular behaves.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use lite::{Dtype, Loader, Model, Network, Status, Tensor, TensorRef, Value};

fn model_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/conformance/scenario/models/{name}.onnx"))
}

fn network(name: &str) -> Network {
    Network::load(model_path(name)).unwrap()
}

const FOREVER: i64 = 1_000_000_000_000;

fn counting() -> Network {
    let mut network = network("count");
    network.set("times", &[], &[FOREVER]).unwrap();
    network.set("start", &[], &[0f32]).unwrap();
    network
}

#[test]
fn what_was_lent_must_be_given_again() {
    let mut n = network("two_inputs");
    n.set("right", &[1, 2], &[1f32, 2.0]).unwrap();
    for left in [[5f32, 5.0], [7.0, 7.0]] {
        let outputs = n.run_with(&[("left", TensorRef::new(&[1, 2], &left).unwrap())]).unwrap();
        assert_eq!(outputs.at(0).unwrap().as_slice::<f32>().unwrap(), [left[0] - 1.0, left[1] - 2.0]);
    }
    let error = n.run().err().unwrap();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(error.to_string().contains("'left' was lent"), "{error}");
    // Memory that was lent is not written to.
    let lent = vec![3f32, 3.0];
    n.run_with(&[("left", TensorRef::new(&[1, 2], &lent).unwrap())]).unwrap();
    n.set("left", &[1, 2], &[9f32, 9.0]).unwrap();
    assert_eq!(lent, [3.0, 3.0]);
    assert_eq!(n.run().unwrap().get("difference").unwrap().as_slice::<f32>().unwrap(), [8.0, 7.0]);
}

/// Outputs may outlive what was lent, so they must lie elsewhere.
#[test]
fn outputs_are_not_what_was_lent() {
    let mut n = network("rank8");
    let dims = [1, 2, 1, 3, 1, 2, 1, 1];
    let lent: Vec<i32> = (0..12).collect();
    let outputs = n.run_with(&[("x", TensorRef::new(&dims, &lent).unwrap())]).unwrap();
    let y = outputs.at(0).unwrap().as_slice::<i32>().unwrap();
    assert!(!lent.as_ptr_range().contains(&y.as_ptr()));

    let mut n = network("identity");
    let lent = vec![1f32, 2.0, 3.0, 4.0];
    let outputs = n.run_with(&[("x", TensorRef::new(&[4], &lent).unwrap())]).unwrap();
    let y = outputs.at(0).unwrap().as_slice::<f32>().unwrap();
    assert_eq!(y, lent);
    assert!(!lent.as_ptr_range().contains(&y.as_ptr()));
}

#[test]
fn inputs_written_in_place_keep_what_they_hold() {
    let mut n = network("scalar");
    let x = n.input_mut::<f32>("x", &[]).unwrap();
    assert_eq!(x, [0.0]);
    x[0] = 3.0;
    for _ in 0..2 {
        assert_eq!(n.run().unwrap().at(0).unwrap().as_slice::<f32>().unwrap(), [9.0]);
    }
    assert_eq!(n.input_mut::<f32>("x", &[]).unwrap(), [3.0]);
}

#[test]
fn mistakes_are_errors() {
    let mut n = network("classifier");
    let message = |r: lite::Result<()>| r.err().unwrap().to_string();
    assert!(message(n.set("x", &[1, 4], &[0f32; 3])).contains("3 elements are given, a shape of [1, 4] has 4"));
    assert!(message(n.set("y", &[1], &[0f32])).contains("there is no input 'y'; there are 'x'"));
    assert!(message(n.set("x\0", &[1], &[0f32])).contains("there is no input"));
    assert!(message(n.set::<f32>("x", &[usize::MAX, 2], &[])).contains("too large"));
    assert!(message(n.set("x", &[1; 65], &[0f32])).contains("64 are the most"));
    assert!(message(n.set_strings("x", &[2], &["a"])).contains("1 strings are given"));
    assert!(message(n.set_option("a\0b", "1")).contains("NUL"));
    n.set("x", &[1, 4], &[0f32; 4]).unwrap();
    let outputs = n.run().unwrap();
    assert!(outputs.get("nothing").err().unwrap().to_string().contains("there are 'prob', 'label'"));
    assert_eq!(outputs.at(2).err().unwrap().status(), Status::NotFound);
    let error = outputs.get("prob").unwrap().as_slice::<f64>().err().unwrap();
    assert_eq!(error.status(), Status::ShapeMismatch);
    assert!(error.to_string().contains("float32, not of float64"), "{error}");
    assert!(outputs.get("label").unwrap().strings().is_err());
    let bytes = [0u64; 2];
    // SAFETY: the array's bytes.
    let bytes = unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast::<u8>(), 16) };
    assert!(TensorRef::from_bytes(Dtype::F32, &[1], &bytes[1..5]).is_err());
    assert!(TensorRef::from_bytes(Dtype::I4, &[3], &bytes[1..3]).is_ok());
}

#[test]
fn a_model_is_shared_by_threads() {
    let model = Model::load(model_path("classifier")).unwrap();
    let run = |x: f32| {
        let mut n = model.network().unwrap();
        n.set("x", &[1, 4], &[x; 4]).unwrap();
        n.run().unwrap().get("prob").unwrap().as_slice::<f32>().unwrap().to_vec()
    };
    let alone = run(0.5);
    std::thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| (0..50).for_each(|_| assert_eq!(run(0.5), alone)));
        }
    });
    let n = model.network().unwrap();
    drop(model);
    std::thread::spawn(move || n.statistics().unwrap()).join().unwrap();
}

#[test]
fn bytes_and_external_data_are_kept_as_long_as_the_model() {
    let bytes: Arc<[u8]> = std::fs::read(model_path("classifier")).unwrap().into();
    let other: Arc<[u8]> = vec![0u8; 16].into();
    let model = Loader::new().external_data("weights.bin", other.clone()).load_shared(bytes.clone()).unwrap();
    assert!(Arc::strong_count(&bytes) > 1 && Arc::strong_count(&other) > 1);
    let mut n = model.network().unwrap();
    drop(model);
    n.set("x", &[1, 4], &[0f32; 4]).unwrap();
    n.run().unwrap();
    drop(n);
    assert_eq!((Arc::strong_count(&bytes), Arc::strong_count(&other)), (1, 1));
    // Nothing is kept when loading fails.
    let bad: Arc<[u8]> = b"nothing".to_vec().into();
    assert_eq!(Loader::new().load_shared(bad.clone()).err().unwrap().status(), Status::InvalidModel);
    assert_eq!(Arc::strong_count(&bad), 1);
}

#[derive(Default)]
struct Counter(AtomicUsize, Mutex<Option<std::thread::Thread>>);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        if let Some(thread) = &*self.1.lock().unwrap() {
            thread.unpark();
        }
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let counter = Arc::new(Counter::default());
    *counter.1.lock().unwrap() = Some(std::thread::current());
    let waker = Waker::from(counter.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            assert!(counter.0.load(Ordering::SeqCst) <= 1);
            return result;
        }
        std::thread::park();
    }
}

#[test]
fn a_run_is_a_future() {
    let mut n = network("scalar");
    for x in [2f32, 3.0] {
        n.set("x", &[], &[x]).unwrap();
        let squared = block_on(async {
            let outputs = n.start()?.await?;
            Ok::<_, lite::Error>(outputs.at(0)?.as_slice::<f32>()?[0])
        });
        assert_eq!(squared.unwrap(), x * x);
    }
    // Back to the caller's thread.
    assert_eq!(n.run().unwrap().at(0).unwrap().as_slice::<f32>().unwrap(), [9.0]);
    n.set("x", &[1], &[0f32]).unwrap();
    assert_eq!(block_on(n.start().unwrap()).err().unwrap().status(), Status::ShapeMismatch);
}

#[test]
fn a_future_that_is_dropped_stops_its_run() {
    let mut n = counting();
    let running = n.start().unwrap();
    assert!(!running.is_over());
    drop(running);
    n.set("times", &[], &[2i64]).unwrap();
    assert_eq!(n.run().unwrap().at(0).unwrap().as_slice::<f32>().unwrap(), [2.0]);
}

#[test]
fn a_future_that_is_forgotten_leaves_the_network_busy() {
    let mut n = counting();
    std::mem::forget(n.start().unwrap());
    assert_eq!(n.run().err().unwrap().status(), Status::Busy);
    assert_eq!(n.start().err().unwrap().status(), Status::Busy);
    assert_eq!(n.input_mut::<i64>("times", &[]).err().unwrap().status(), Status::Busy);
    assert_eq!(n.set("times", &[1], &[1i64]).err().unwrap().status(), Status::Busy);
    drop(n); // stops it
}

#[test]
fn guards_stop_runs_and_end() {
    let mut n = counting();
    let canceller = n.canceller();
    let over = &AtomicUsize::new(0);
    std::thread::scope(|s| {
        let guard = canceller.on_drop();
        s.spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            drop(guard);
            while over.load(Ordering::SeqCst) == 0 {
                canceller.cancel();
                std::thread::yield_now();
            }
        });
        let result = n.run().map(drop);
        over.store(1, Ordering::SeqCst);
        assert_eq!(result.err().unwrap().status(), Status::Cancelled);
    });
    {
        let mut limited = n.limited(Duration::from_millis(10)).unwrap();
        assert_eq!(limited.run().err().unwrap().status(), Status::TimedOut);
        assert_ne!(limited.option("timeout_us").unwrap(), "0");
    }
    assert_eq!(n.option("timeout_us").unwrap(), "0");
    let canceller = n.canceller();
    canceller.on_drop().disarm();
    drop(n);
    canceller.cancel();
}

#[test]
fn what_cannot_run_is_listed() {
    let nodes = Loader::new().unsupported(model_path("not_an_operator")).unwrap();
    assert_eq!((nodes.len(), nodes[0].op_type.as_str(), nodes[0].name.as_str()), (1, "Frobnicate", "f"));
    assert!(Loader::new().unsupported(model_path("classifier")).unwrap().is_empty());
    let bytes = std::fs::read(model_path("not_an_operator")).unwrap();
    assert_eq!(Loader::new().unsupported_bytes(&bytes).unwrap(), nodes);
    assert_eq!(Loader::new().unsupported(model_path("missing")).err().unwrap().status(), Status::NotFound);
}

#[test]
fn devices_are_chosen_and_counted() {
    assert_eq!(lite::Device::Cpu.count().unwrap(), 1);
    assert!(Loader::new().device(lite::Device::Cpu, None).load(model_path("classifier")).is_ok());
    if lite::Device::Cuda.count().unwrap() == 0 {
        assert!(Loader::new().device(lite::Device::Cuda, Some(0)).load(model_path("classifier")).is_err());
    }
}

#[test]
fn options_operators_and_versions_are_told() {
    let options = lite::options().unwrap();
    let threads = options.iter().find(|o| o.key == "threads" && !o.process).unwrap();
    assert_eq!((threads.kind.as_str(), threads.default.as_str()), ("int", "1"));
    assert!(lite::operators().unwrap().contains("\"Conv\""));
    let (major, minor, _) = lite::version().unwrap();
    assert_eq!((major, minor), (1, 0));
    assert!(lite::build_info().unwrap().contains("version"));
    lite::set_option("spin_us", "40").unwrap();
    assert_eq!(lite::option("spin_us").unwrap(), "40");
    assert!(lite::threads().unwrap() >= 1);
    lite::release_memory().unwrap();
    lite::statistics().unwrap();
}

#[test]
fn the_graph_and_the_model_can_be_printed() {
    let mut n = network("classifier");
    assert!(n.graph("imported", "text").unwrap().contains("Gemm"));
    let text = "Model(x: float32[batch,4] -> prob: float32[batch,3], label: int64[batch])";
    assert_eq!(format!("{:?}", n.model()), text);
    n.set("x", &[1, 4], &[0f32; 4]).unwrap();
    assert_eq!(format!("{:?}", n.run().unwrap()), r#"{"prob": Ok(float32[1, 3]), "label": Ok(int64[1])}"#);
    n.trim().unwrap();
}

#[test]
fn values_of_tensors_go_in_and_out() {
    let mut n = network("dtype_string");
    let value = Value::Tensor(Tensor::strings(&[2], &["a", "Zoë"]).unwrap());
    n.set_value("x", &value).unwrap();
    let Value::Tensor(y) = n.run().unwrap().value("y").unwrap() else { panic!("a tensor") };
    drop(n);
    assert_eq!(y.view().strings().unwrap(), ["a", "Zoë"]);
    assert_eq!(format!("{y:?}"), "string[2]");
}

/// A tensor of numbers as a value.
fn floats(dims: &[usize], data: &[f32]) -> Value {
    Value::Tensor(Tensor::new(dims, data).unwrap())
}

#[test]
fn values_of_all_kinds_go_in_and_out() {
    let mut n = network("values");
    assert_eq!(n.model().inputs()[0].to_string(), "frames: seq(tensor(float))");
    let error = n.set("frames", &[1], &[1f32]).err().unwrap();
    assert!(error.to_string().contains("see set_value()"), "{error}");
    let names = || Tensor::strings(&[2], &["low", "Zoë"]).unwrap();
    let frames = Value::Sequence(Dtype::F32, vec![floats(&[2], &[1.0, 2.0]), floats(&[0], &[])]);
    n.set_value("frames", &frames).unwrap();
    n.set_value("scores", &Value::Map(names(), floats(&[2], &[0.25, 0.75]).into())).unwrap();
    n.set_value("names", &Value::Tensor(names())).unwrap();
    for maybe in [None, Some(7.0)] {
        let given = Value::Optional(Dtype::F32, maybe.map(|x| floats(&[], &[x]).into()));
        n.set_value("maybe", &given).unwrap();
        let outputs = n.run().unwrap();
        let error = outputs.get("maybe_out").err().unwrap();
        assert!(error.to_string().contains("see value()"), "{error}");
        let Value::Optional(Dtype::F32, got) = outputs.value("maybe_out").unwrap() else { panic!("an optional") };
        let got = got.map(|v| match *v {
            Value::Tensor(t) => t.view().as_slice::<f32>().unwrap()[0],
            other => panic!("{other:?}"),
        });
        assert_eq!(got, maybe);
    }
    let outputs = n.run().unwrap();
    assert_eq!(
        format!("{:?}", outputs.value("frames_out").unwrap()),
        "Sequence(F32, [Tensor(float32[2]), Tensor(float32[0])])"
    );
    assert_eq!(format!("{:?}", outputs.value("scores_out").unwrap()), "Map(string[2], Tensor(float32[2]))");
    assert_eq!(outputs.get("names_out").unwrap().strings().unwrap(), ["low", "Zoë"]);
    assert_eq!(outputs.value("nothing").err().unwrap().status(), Status::NotFound);
    let error = n.set_value("frames", &Value::Sequence(Dtype::F32, vec![Value::Tensor(names())])).err().unwrap();
    assert_eq!(error.status(), Status::InvalidArgument);
}

#[test]
fn tensors_go_to_dlpack_and_back() {
    let tensor = Tensor::new(&[2, 2], &[1f32, 2.0, 3.0, 4.0]).unwrap();
    let address = tensor.view().as_slice::<f32>().unwrap().as_ptr();
    let managed = tensor.into_dlpack().unwrap();
    // SAFETY: it is what was just made.
    let back = unsafe { Tensor::from_dlpack(managed) }.unwrap();
    assert_eq!(back.view().as_slice::<f32>().unwrap().as_ptr(), address);
    assert_eq!(back.view().shape().unwrap(), [2, 2]);
    let mut n = network("identity");
    n.set_value("x", &Value::Tensor(Tensor::new(&[1], &[7f32]).unwrap())).unwrap();
    let Value::Tensor(y) = n.run().unwrap().value("y").unwrap() else { panic!("a tensor") };
    // SAFETY: as above.
    let y = unsafe { Tensor::from_dlpack(y.into_dlpack().unwrap()) }.unwrap();
    drop(n);
    assert_eq!(y.view().as_slice::<f32>().unwrap(), [7.0]);
    assert!(Tensor::strings(&[1], &["a"]).unwrap().into_dlpack().is_err());
    // SAFETY: nothing is what it says.
    assert_eq!(unsafe { Tensor::from_dlpack(std::ptr::null_mut()) }.err().unwrap().status(), Status::InvalidArgument);
}

#[test]
fn the_process_has_a_key() {
    let locked = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/scenario/models/locked.lite");
    let key: Vec<u8> = (0..32).collect();
    lite::set_decryption_key("AES_256_GCM", &key).unwrap();
    Model::load(locked).unwrap();
    lite::set_decryption_key("AES_256_GCM", &[0; 32]).unwrap();
    assert_eq!(Model::load(locked).err().unwrap().status(), Status::InvalidModel);
    let loader = Loader::new().key(&key);
    assert!(format!("{loader:?}").contains("key: given"));
    loader.load(locked).unwrap().network().unwrap();
    assert!(loader.unsupported(locked).unwrap().is_empty());
    for (method, key, status) in
        [("AES_256_GCM", &key[1..], Status::InvalidArgument), ("ROT13", &key, Status::NotFound)]
    {
        assert_eq!(lite::set_decryption_key(method, key).err().unwrap().status(), status);
    }
}

#[test]
fn messages_go_to_the_logger() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    lite::set_logger(Some(Box::new(move |level, text| sink.lock().unwrap().push((level, text.to_owned()))))).unwrap();
    lite::set_log_level(lite::LogLevel::Info).unwrap();
    network("classifier");
    lite::set_log_level(lite::LogLevel::Error).unwrap();
    lite::set_logger(None).unwrap();
    // Other tests load models, too.
    let (level, text) = &seen.lock().unwrap()[0];
    assert_eq!(*level, lite::LogLevel::Info);
    assert!(text.starts_with("a model is loaded: "), "{text}");
    assert_eq!(Arc::strong_count(&seen), 1);
}
