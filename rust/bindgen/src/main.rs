//! Writes the generated files of `lite-sys`, or with `--check` compares them with what it would write.
//!
//!   types.rs    enumerations (as integers), structs, callbacks, constants
//!   layout.rs   sizes and offsets, asserted at compile time; those of 64-bit targets
//!   linked.rs   the functions, as the linker finds them
//!   dynamic.rs  the same functions over a table that is filled at run time

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, ForeignItem, ForeignItemFn, Item, Pat};

const HEADER: &str = "// Written by `cargo run -p lite-bindgen` from include/lite.h.\n\n";

fn main() -> ExitCode {
    // Of the tree that it runs for, not of the one that it was built in.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").expect("set by `cargo run`");
    let rust = Path::new(&manifest).parent().expect("the workspace");
    let include = rust.parent().expect("the source tree").join("include");
    let target = rust.join("lite-sys/src");
    let check = std::env::args().any(|a| a == "--check");
    let mut stale = false;
    for (name, text) in generate(&include) {
        let path: PathBuf = target.join(name);
        if !check {
            std::fs::write(&path, text).expect("writing");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            eprintln!("{} is not current: cargo run -p lite-bindgen", path.display());
            stale = true;
        }
    }
    ExitCode::from(u8::from(stale))
}

/// Doxygen's words as Markdown.
#[derive(Debug)]
struct Comments;

impl bindgen::callbacks::ParseCallbacks for Comments {
    fn process_comment(&self, comment: &str) -> Option<String> {
        let mut text = String::new();
        for line in comment.lines() {
            let line = line.trim().trim_start_matches("< ");
            let words = line.strip_prefix("@param").and_then(|rest| rest.split_once(']'));
            match (words, line.strip_prefix("@return ")) {
                (Some((direction, rest)), _) => {
                    let (name, about) = rest.trim().split_once(' ').unwrap_or((rest, ""));
                    text += &format!("- `{name}` ({}): {}\n", direction.trim_start_matches('['), about.trim());
                }
                (None, Some(rest)) => text += &format!("\nReturns {rest}\n"),
                (None, None) => text += &format!("{line}\n"),
            }
        }
        Some(text.trim_end().replace('[', "\\[").replace(']', "\\]"))
    }
}

fn generate(include: &Path) -> [(&'static str, String); 4] {
    let text = bindgen::builder()
        .header(include.join("lite.h").to_str().expect("UTF-8"))
        .clang_arg(format!("-I{}", include.display()))
        .allowlist_item("(LITE_|Lite).*")
        // A number from the library need not be an enumerator that this file knows.
        .default_enum_style(bindgen::EnumVariation::Consts)
        .prepend_enum_name(false)
        .layout_tests(true)
        .derive_debug(true)
        .derive_default(false)
        .merge_extern_blocks(true)
        .wrap_unsafe_ops(true)
        .generate_cstr(true)
        .parse_callbacks(Box::new(Comments))
        .formatter(bindgen::Formatter::None)
        .disable_header_comment()
        .generate()
        .expect("bindgen")
        .to_string();
    let mut types = Vec::new();
    let mut layout = Vec::new();
    let mut functions = Vec::new();
    for item in syn::parse_file(&text).expect("Rust").items {
        match item {
            Item::ForeignMod(m) => functions.extend(m.items.into_iter().filter_map(|i| match i {
                ForeignItem::Fn(f) => Some(f),
                _ => None,
            })),
            Item::Const(c) if c.ident == "_" => layout.push(Item::Const(c)),
            other => types.push(other),
        }
    }
    // Documented where documentation is built from.
    let linked = functions.iter().map(|f| ForeignItemFn { attrs: Vec::new(), ..f.clone() });
    [
        ("types.rs", print(quote!(#(#types)*))),
        ("layout.rs", print(quote!(use crate::*; #(#layout)*))),
        ("linked.rs", print(quote!(use crate::*; unsafe extern "C" { #(#linked)* }))),
        ("dynamic.rs", print(dynamic(&functions))),
    ]
}

/// A struct of function pointers, what fills it, and a function of each name that calls through it.
fn dynamic(functions: &[ForeignItemFn]) -> TokenStream {
    let (mut fields, mut loads, mut wrappers) = (Vec::new(), Vec::new(), Vec::new());
    for f in functions {
        let name = &f.sig.ident;
        let symbol = syn::LitCStr::new(&std::ffi::CString::new(name.to_string()).expect("a name"), name.span());
        let inputs = &f.sig.inputs;
        let output = &f.sig.output;
        let attributes = &f.attrs;
        let arguments = inputs.iter().map(|a| match a {
            FnArg::Typed(t) => match &*t.pat {
                Pat::Ident(i) => i.ident.clone(),
                _ => unreachable!("an argument has a name"),
            },
            FnArg::Receiver(_) => unreachable!("a C function has no self"),
        });
        fields.push(quote!(#name: unsafe extern "C" fn(#inputs) #output));
        loads.push(quote!(#name: unsafe { symbol(find, #symbol)? }));
        wrappers.push(quote! {
            #(#attributes)*
            #[inline]
            pub unsafe fn #name(#inputs) #output { unsafe { (table().#name)(#(#arguments),*) } }
        });
    }
    quote! {
        use crate::*;
        use crate::library::{symbol, table};
        pub(crate) struct Table { #(#fields),* }
        impl Table {
            /// # Safety
            /// What `find` returns for a name is that function.
            pub(crate) unsafe fn load(find: &dyn Fn(&std::ffi::CStr) -> *mut std::ffi::c_void)
                -> Result<Self, &'static std::ffi::CStr> {
                Ok(Self { #(#loads),* })
            }
        }
        #(#wrappers)*
    }
}

fn print(tokens: TokenStream) -> String {
    HEADER.to_owned() + &prettyplease::unparse(&syn::parse2(tokens).expect("Rust"))
}
