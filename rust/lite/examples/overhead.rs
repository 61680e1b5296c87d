//! What a run of a small network costs from Rust: write the input, run, read the output. See bench/bindings.
//!
//! usage: overhead MODEL RUNS, prints nanoseconds per run

use std::time::Instant;

fn run(network: &mut lite::Network, runs: usize) -> lite::Result<f32> {
    let mut sum = 0.0;
    for i in 0..runs {
        network.input_mut("x", &[1, 4])?[0] = (i & 7) as f32;
        sum += network.run()?.at(0)?.as_slice::<f32>()?[0];
    }
    Ok(sum)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, runs] = arguments.as_slice() else { return Err("usage: overhead MODEL RUNS".into()) };
    let runs: usize = runs.parse()?;
    let mut network = lite::Network::load(model)?;
    run(&mut network, runs / 10)?;
    let begin = Instant::now();
    let sum = run(&mut network, runs)?;
    println!("{:.1}", begin.elapsed().as_nanos() as f64 / runs as f64);
    if sum > 0.0 { Ok(()) } else { Err("nothing came out".into()) }
}
