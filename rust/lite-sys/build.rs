//! Says where the library is; downloads nothing. The features and variables are explained in README.md.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    for name in ["LITE_LIB_DIR", "LITE_STATIC", "LITE_SOURCE_DIR"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("DOCS_RS").is_some() || feature("LOAD_DYNAMIC") {
        return;
    }
    if feature("BUNDLED") {
        build_from_source();
    } else if let Some(dir) = env::var_os("LITE_LIB_DIR").filter(|d| !d.is_empty()) {
        let dir = Path::new(&dir);
        assert!(dir.is_dir(), "LITE_LIB_DIR is {}, which is no folder", dir.display());
        link(dir, env::var_os("LITE_STATIC").is_some_and(|s| s != "0"));
    } else if let Err(error) = pkg_config::Config::new().range_version("1.0".."2.0").probe("lite") {
        eprintln!(
            "{error}\n\nThe library was not found. Install it, or set LITE_LIB_DIR to the folder that it is in, or choose one of this"
        );
        eprintln!("crate's features: `bundled` builds it from the source tree, `load-dynamic` opens it at run time.");
        std::process::exit(1);
    }
}

fn feature(name: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{name}")).is_some()
}

fn link(dir: &Path, is_static: bool) {
    println!("cargo:rustc-link-search=native={}", dir.display());
    println!("cargo:lib_dir={}", dir.display());
    if !is_static {
        println!("cargo:rustc-link-lib=dylib=lite");
        return;
    }
    println!("cargo:rustc-link-lib=static=lite");
    // Installed beside the static library when that was built with oneDNN.
    if dir.join("liblite_onednn.a").exists() {
        println!("cargo:rustc-link-lib=static=lite_onednn");
    }
    for library in ["mbedcrypto", "stdc++", "m", "pthread", "dl"] {
        println!("cargo:rustc-link-lib=dylib={library}");
    }
}

/// Builds the static library with Meson. oneDNN is taken from where scripts/build-onednn has put it; building that would
/// mean downloading it, so without it the library is built without.
fn build_from_source() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by Cargo"));
    let source = env::var_os("LITE_SOURCE_DIR").map_or_else(|| here.join("../.."), PathBuf::from);
    assert!(
        source.join("meson.build").exists(),
        "the feature `bundled` needs the source tree of the library; {} is none (LITE_SOURCE_DIR names another)",
        source.display()
    );
    for part in ["meson.build", "meson.options", "addons", "capi", "core", "include", "third_party"] {
        println!("cargo:rerun-if-changed={}", source.join(part).display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by Cargo"));
    let (build, prefix) = (out.join("build"), out.join("lite"));
    let mut setup = Command::new("meson");
    setup.arg("setup").arg(&build).arg(&source).arg(format!("--prefix={}", prefix.display()));
    setup.args(["--libdir=lib", "--buildtype=release", "-Donednn=auto"]);
    setup.args(["tests", "tools", "examples", "bindings", "image"].map(|part| format!("-D{part}=disabled")));
    if build.join("build.ninja").exists() {
        setup.arg("--reconfigure");
    }
    run(&mut setup);
    let jobs = env::var("NUM_JOBS").unwrap_or_else(|_| "1".into());
    run(Command::new("meson").args(["compile", "-j", &jobs, "-C"]).arg(&build));
    run(Command::new("meson").args(["install", "--no-rebuild", "-C"]).arg(&build));
    if !prefix.join("lib/liblite_onednn.a").exists() {
        println!("cargo:warning=oneDNN is not built (scripts/build-onednn does it): this library is much slower");
    }
    link(&prefix.join("lib"), true);
}

fn run(command: &mut Command) {
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{command:?} failed: {status}"),
        Err(error) => panic!("{command:?}: {error}; the feature `bundled` needs Meson 1.3, Ninja and a C++20 compiler"),
    }
}
