//! The table goes through every public function: their names are read from the source.

use std::path::Path;

use syn::visit::Visit;
use syn::{ImplItemFn, ItemFn, ItemMod, ItemTrait, TraitItem, Visibility};

use crate::support::path;

#[derive(Default)]
struct PublicFunctions(Vec<String>);

impl<'ast> Visit<'ast> for PublicFunctions {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if matches!(item.vis, Visibility::Public(_)) {
            self.0.push(item.sig.ident.to_string());
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if matches!(item.vis, Visibility::Public(_)) {
            self.0.push(item.sig.ident.to_string());
        }
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        if !matches!(item.vis, Visibility::Public(_)) {
            return;
        }
        for function in &item.items {
            if let TraitItem::Fn(function) = function {
                self.0.push(function.sig.ident.to_string());
            }
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        // Sealed traits and inline tests are no part of the surface.
        if item.ident != "sealed" && item.ident != "tests" {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

/// The text of every Rust file below a folder.
fn sources(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            // The private numerics are reached through what is public.
            let is_private = entry.file_name().is_some_and(|name| name == "math");
            all.extend(if is_private { Vec::new() } else { sources(&entry) });
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            all.push(std::fs::read_to_string(&entry).unwrap());
        }
    }
    all
}

#[test]
fn every_public_function_is_called_here() {
    let mut public = PublicFunctions::default();
    for source in sources(&path("src")) {
        public.visit_file(&syn::parse_file(&source).unwrap());
    }
    public.0.sort_unstable();
    public.0.dedup();
    assert!(public.0.len() > 80, "the source is read: {:?}", public.0);
    let here = sources(&path("tests/hostile")).concat();
    // A name is called, or handed on as a function.
    let is_called = |name: &String| {
        ["(", ")", ",", "::<"].iter().any(|after| {
            here.contains(&format!(".{name}{after}")) || here.contains(&format!("::{name}{after}"))
        }) || here.contains(&format!(" {name}("))
            || here.contains(&format!("({name}("))
    };
    let left: Vec<_> = public.0.iter().filter(|name| !is_called(name)).collect();
    assert!(left.is_empty(), "not in the table of hostile values: {left:?}");
}
