//! Operators of the program's own. One test at a time registers its own under the one name that the model has.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use lite::{Dtype, Network, Node, Operator, OperatorSpec, Result, Status};

const DOMAIN: &str = "scenario.test";

fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/scenario/models/custom.onnx")
}

fn spec() -> OperatorSpec {
    OperatorSpec::new(DOMAIN, "Shift")
}

/// Unregisters the operator at its end, if that has not been done, and lets the next test begin.
struct Registered {
    registered: bool,
    _one: MutexGuard<'static, ()>,
}

impl Registered {
    fn unregister(&mut self) {
        self.registered = false;
        lite::unregister_operator(DOMAIN, "Shift", 1).unwrap();
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        if self.registered {
            self.unregister();
        }
    }
}

fn register<O: Operator>(spec: OperatorSpec, operator: O) -> Registered {
    static ONE: Mutex<()> = Mutex::new(());
    let guard = ONE.lock().unwrap_or_else(|e| e.into_inner());
    lite::register_operator(spec, operator).unwrap();
    Registered { registered: true, _one: guard }
}

fn run(network: &mut Network) -> Result<Vec<f32>> {
    network.set("x", &[3], &[1f32, 2.0, 3.0])?;
    Ok(network.run()?.get("y")?.as_slice()?.to_vec())
}

/// What the operators here have in common: a function for run, and no state.
struct Plain<F>(F);

impl<F: Fn(&mut Node<'_>) -> Result<()> + Send + Sync + 'static> Operator for Plain<F> {
    type State = ();

    fn create(&self, _: &Node<'_>) -> Result<()> {
        Ok(())
    }

    fn run(&self, (): &(), node: &mut Node<'_>) -> Result<()> {
        self.0(node)
    }
}

#[derive(Default)]
struct Counts {
    created: AtomicUsize,
    dropped: AtomicUsize,
}

struct Shift(Arc<Counts>);

struct By(f32, Arc<Counts>);

impl Drop for By {
    fn drop(&mut self) {
        self.1.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

impl Operator for Shift {
    type State = By;

    fn create(&self, node: &Node<'_>) -> Result<By> {
        self.0.created.fetch_add(1, Ordering::SeqCst);
        Ok(By(node.float("by")?.unwrap_or(1.0), self.0.clone()))
    }

    fn infer(&self, node: &mut Node<'_>) -> Result<()> {
        let x = node.input(0)?;
        node.set_output(0, x.dtype, x.shape)
    }

    fn run(&self, by: &By, node: &mut Node<'_>) -> Result<()> {
        let x = node.input(0)?.data::<f32>()?;
        let pool = node.pool();
        let y: Vec<_> = node.output::<f32>(0)?.iter_mut().map(Mutex::new).collect();
        pool.for_each(x.len(), |i| {
            **y[i].lock().unwrap() = x[i] + by.0;
            Ok(())
        })
    }
}

#[test]
fn operators_run_and_are_dropped() {
    let counts = Arc::new(Counts::default());
    let mut registered = register(spec(), Shift(counts.clone()));
    assert_eq!(lite::register_operator(spec(), Shift(counts.clone())).err().unwrap().status(), Status::InvalidArgument);
    let mut first = Network::load(model()).unwrap();
    let mut second = first.model().network().unwrap();
    assert_eq!(run(&mut first).unwrap(), [3.5, 4.5, 5.5]);
    registered.unregister(); // networks go on
    drop(first);
    assert_eq!(run(&mut second).unwrap(), [3.5, 4.5, 5.5]);
    assert_eq!((counts.created.load(Ordering::SeqCst), counts.dropped.load(Ordering::SeqCst)), (1, 0));
    drop(second);
    assert_eq!(counts.dropped.load(Ordering::SeqCst), 1);
    assert_eq!(Arc::strong_count(&counts), 1);
    assert_eq!(Network::load(model()).err().unwrap().status(), Status::Unsupported);
}

#[test]
fn outputs_can_be_allocated_in_the_run() {
    let _registered = register(
        spec(),
        Plain(|node: &mut Node<'_>| {
            let x = node.input(0)?.data::<f32>()?;
            node.allocate::<f32>(0, &[x.len()])?.copy_from_slice(x);
            Ok(())
        }),
    );
    assert_eq!(run(&mut Network::load(model()).unwrap()).unwrap(), [1.0, 2.0, 3.0]);
}

#[test]
fn operators_see_their_node() {
    let _registered = register(
        spec().same_as_input(),
        Plain(|node: &mut Node<'_>| {
            assert_eq!((node.name()?.as_str(), node.input_count()?, node.output_count()?), ("shift", 1, 1));
            assert_eq!(node.attributes()?, ["by", "label", "names", "order"]);
            assert_eq!(node.ints("order")?.unwrap(), [1, 0, 2]);
            assert_eq!(node.strings("label")?.unwrap(), ["up"]);
            assert_eq!(node.strings("names")?.unwrap(), ["a", "b"]);
            assert_eq!((node.int("missing")?, node.floats("missing")?, node.strings("missing")?), (None, None, None));
            assert!(node.tensor("missing")?.is_none());
            assert_eq!(node.int("label").err().unwrap().status(), Status::InvalidArgument);
            assert!(!node.input(1)?.is_present());
            let x = node.input(0)?;
            assert_eq!((x.dtype, x.shape), (Some(Dtype::F32), Some(&[3i64][..])));
            assert_eq!(x.data::<i64>().err().unwrap().status(), Status::ShapeMismatch);
            assert!(node.output_if_wanted::<f32>(1)?.is_none());
            assert_eq!(node.output::<u8>(0).err().unwrap().status(), Status::ShapeMismatch);
            assert_eq!(node.pool().threads()?, 1);
            node.output::<f32>(0)?.fill(0.0);
            Ok(())
        }),
    );
    assert_eq!(run(&mut Network::load(model()).unwrap()).unwrap(), [0.0; 3]);
}

#[test]
fn errors_and_panics_are_the_run_s() {
    type Run = fn(&mut Node<'_>) -> Result<()>;
    let cases: [(Run, Option<Status>, &str); 5] = [
        (|_| Err(lite::Error::new(Status::ShapeMismatch, "too long")), Some(Status::ShapeMismatch), "too long"),
        (|_| panic!("oh"), Some(Status::Unknown), "panic: oh"),
        (|_| Ok(()), None, "shift"),
        (
            |node| {
                node.pool().for_each(5, |i| match i {
                    2 => Err(lite::Error::new(Status::Io, "the third does not work")),
                    _ => Ok(()),
                })
            },
            Some(Status::Io),
            "the third does not work",
        ),
        (|node| node.pool().for_each(2, |_| panic!("oh")), Some(Status::Unknown), "panic in a task"),
    ];
    for (call, status, text) in cases {
        let _registered = register(spec(), Plain(call));
        let error = run(&mut Network::load(model()).unwrap()).err().unwrap();
        assert!(error.to_string().contains(text), "{error}");
        assert!(status.is_none_or(|s| s == error.status()), "{error}");
    }
}

#[test]
fn operators_are_told_to_stop() {
    let _registered = register(
        spec().same_as_input(),
        Plain(|node: &mut Node<'_>| {
            loop {
                node.pool().check_stop()?;
            }
        }),
    );
    let mut network = Network::load(model()).unwrap();
    network.set_timeout(Some(Duration::from_millis(5))).unwrap();
    assert_eq!(run(&mut network).err().unwrap().status(), Status::TimedOut);
}

#[test]
fn libraries_that_are_none_are_refused() {
    // SAFETY: there is no such library.
    let error = unsafe { lite::load_operator_library("/nothing.so") }.err().unwrap();
    assert_eq!(error.status(), Status::NotFound);
    assert_eq!(lite::unregister_operator(DOMAIN, "Nothing", 1).err().unwrap().status(), Status::NotFound);
}
