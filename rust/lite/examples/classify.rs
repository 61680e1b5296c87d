//! Classifies scans of handwritten digits, on all cores: the model's weights exist once, each thread has a network.
//!
//! usage: classify MODEL SCAN.png...

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lite::{Model, Network, TensorRef};
use rayon::prelude::*;

const SIDE: usize = 8;

/// The grey values of a scan, 0 to 1.
fn read(path: &Path) -> Result<Vec<f32>, Box<dyn Error + Send + Sync>> {
    let mut reader = png::Decoder::new(BufReader::new(File::open(path)?)).read_info()?;
    let mut grey = vec![0; reader.output_buffer_size()];
    let frame = reader.next_frame(&mut grey)?;
    if (frame.width as usize, frame.height as usize, frame.color_type) != (SIDE, SIDE, png::ColorType::Grayscale) {
        return Err(format!("a grey picture of {SIDE} x {SIDE} is wanted").into());
    }
    Ok(grey.iter().map(|&g| f32::from(g) / 255.0).collect())
}

/// The digit, and how likely it is.
fn classify(network: &mut Network, path: &Path) -> Result<(usize, f32), Box<dyn Error + Send + Sync>> {
    let pixels = read(path)?;
    let outputs = network.run_with(&[("data", TensorRef::new(&[1, 1, SIDE, SIDE], &pixels)?)])?;
    let prob = outputs.get("prob")?.as_slice::<f32>()?;
    Ok(prob.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).ok_or("the model gives nothing")?)
}

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [model, scans @ ..] = arguments.as_slice() else {
        eprintln!("usage: classify MODEL SCAN.png...");
        return ExitCode::from(2);
    };
    let model = match Model::load(model) {
        Ok(model) => model,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    // One network for each of rayon's threads; in the order of the scans.
    let results: Vec<_> = scans
        .par_iter()
        .map_init(
            || model.network(),
            |network, scan| match network {
                Ok(network) => classify(network, scan),
                Err(error) => Err(error.clone().into()),
            },
        )
        .collect();
    let mut status = ExitCode::SUCCESS;
    for (scan, result) in scans.iter().zip(results) {
        match result {
            Ok((digit, prob)) => println!("{}: {digit} ({:.1} %)", scan.display(), 100.0 * prob),
            Err(error) => {
                eprintln!("{}: {error}", scan.display());
                status = ExitCode::FAILURE;
            }
        }
    }
    status
}
