//! The plan of the house: a module imports only from floors below it, and nothing of the outside world.
// A test that cannot read its own input has failed.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// The rooms and their floors; the crate's root stands above them all.
const FLOORS: [(&str, u8); 16] = [
    ("error", 0),
    ("parallel", 0),
    ("quantity", 1),
    ("time", 1),
    ("money", 1),
    ("math", 1),
    ("estimate", 2),
    ("present_value", 2),
    ("transition", 2),
    ("survival", 3),
    ("transactions", 3),
    ("tiering", 4),
    ("lifetime", 4),
    ("churn", 4),
    ("satisfaction", 4),
    ("growth", 4),
];

/// What a pure library does not touch.
const OUTSIDE: [&str; 8] = ["fs", "io", "net", "env", "process", "thread", "time", "os"];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|&(_, floor)| floor)
}

/// What a path in one file of `room` breaks, or `None`.
fn fault(room: &str, path: &[String]) -> Option<String> {
    let written = path.join("::");
    let (root, rest) = path.split_first()?;
    let next = rest.first()?;
    match root.as_str() {
        "std" | "core" if OUTSIDE.contains(&next.as_str()) => {
            Some(format!("{room} reaches outside: {written}"))
        }
        "crate" if next == room => None,
        "crate" => match (floor(room), floor(next)) {
            (_, None) => Some(format!("{room} names {written} by the root, not by its room")),
            (Some(own), Some(other)) if other < own => None,
            _ => Some(format!("{room} climbs up or across: {written}")),
        },
        _ => None,
    }
}

/// Collects the faults of one file.
struct Inspector {
    room: String,
    /// The module the visitor stands in, from the crate's root.
    module: Vec<String>,
    faults: Vec<String>,
}

impl Inspector {
    fn inspect(room: &str, module: &[&str], source: &str) -> Vec<String> {
        let module = module.iter().map(ToString::to_string).collect();
        let mut inspector = Self { room: room.to_owned(), module, faults: Vec::new() };
        let file = syn::parse_file(source).unwrap();
        if !is_test(&file.attrs) {
            inspector.visit_file(&file);
        }
        inspector.faults
    }

    /// `super::` and `self::` written out from the root.
    fn absolute(&self, path: &[String]) -> Vec<String> {
        let mut base = self.module.clone();
        let mut rest = path;
        let mut relative = false;
        while let Some((first, tail)) = rest.split_first() {
            match first.as_str() {
                "super" => {
                    base.pop();
                }
                "self" => {}
                _ => break,
            }
            relative = true;
            rest = tail;
        }
        if !relative {
            return path.to_vec();
        }
        ["crate".to_owned()].into_iter().chain(base).chain(rest.iter().cloned()).collect()
    }

    fn check(&mut self, path: &[String]) {
        self.faults.extend(fault(&self.room, &self.absolute(path)));
    }

    fn check_use(&mut self, tree: &syn::UseTree, prefix: &[String]) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.check_use(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.check(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.check(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.check(&[prefix, &["*".to_owned()]].concat()),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.check_use(item, prefix));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Inspector {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            self.module.push(item.ident.to_string());
            syn::visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.check_use(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.check(&segments);
        syn::visit::visit_path(self, path);
    }
}

/// Whether `#[cfg(test)]` stands over it.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|ident| ident == "test")
    })
}

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn no_stairs_back_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rooms_seen = std::collections::BTreeSet::new();
    let mut faults = Vec::new();
    for file in source_files(&root) {
        let relative = file.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Vec<&str> = relative.iter().map(|part| part.to_str().unwrap()).collect();
        if module == ["lib"] {
            continue;
        }
        if module.last() == Some(&"mod") {
            module.pop();
        }
        let room = module[0];
        assert!(floor(room).is_some(), "{room} has no floor");
        rooms_seen.insert(room.to_owned());
        let source = fs::read_to_string(&file).unwrap();
        faults.extend(Inspector::inspect(room, &module, &source));
    }
    assert_eq!(rooms_seen.len(), FLOORS.len(), "a room of the plan is missing");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_inspector_sees_every_way_up() {
    let faults = |source: &str| Inspector::inspect("money", &["money"], source).len();
    assert_eq!(faults("use crate::error::{Error, Result};"), 0);
    assert_eq!(faults("use crate::lifetime::BgNbd;"), 1);
    assert_eq!(faults("use crate::{error::Error, time::{TimeUnit, Horizon}};"), 2, "grouped");
    assert_eq!(faults("use super::tiering::Pyramid;"), 1, "relative");
    assert_eq!(
        faults("mod inner { use super::super::churn::Churn; use super::Sum; }"),
        1,
        "nested"
    );
    assert_eq!(faults("fn f() -> crate::churn::Churn { crate::churn::new() }"), 2, "in place");
    assert_eq!(faults("use crate::estimate::*;"), 1, "glob");
    assert_eq!(faults("use crate::Horizon;"), 1, "by the root");
    assert_eq!(faults("fn f() { std::fs::read(\"x\"); let t = std::time::Instant::now(); }"), 2);
    assert_eq!(faults("#[cfg(test)] mod tests { use crate::lifetime::BgNbd; }"), 0, "tests may");
    assert_eq!(faults("#![cfg(test)] use crate::lifetime::BgNbd;"), 0, "files of tests may");
}
