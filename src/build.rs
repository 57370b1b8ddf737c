//! Embeds every scenario: a file dropped into `scenarios/` is listed, shipped and tested. So is every module of the library.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[path = "library/lean.rs"]
mod lean;

#[path = "scenario/block.rs"]
#[allow(dead_code)]
mod block;
#[path = "scenario/toml.rs"]
#[allow(dead_code)]
mod toml;

use block::Block;
use toml::{Entry, Value};

/// What stands in the generated list, by key.
struct Scenario {
    id: String,
    path: String,
    values: BTreeMap<String, Value>,
}

fn main() {
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    // The explorer's package lies further down.
    let mut folders = Path::new(&package).ancestors();
    let root = folders.find(|it| it.join("scenarios").is_dir());
    let root = root.expect("there is a folder scenarios");
    let folder = root.join("scenarios");
    for source in [
        "scenarios",
        "src/build.rs",
        "src/library",
        "src/scenario/block.rs",
        "src/scenario/toml.rs",
    ] {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    let mut scenarios: Vec<Scenario> = fs::read_dir(&folder)
        .expect("there is a folder scenarios")
        .map(|file| file.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|it| it == "py"))
        .filter(|path| !path.ends_with("workload.py"))
        .map(|path| read(&path))
        .collect();
    // Chapters stand in the order of their first scenarios.
    let mut chapters: BTreeMap<String, u64> = BTreeMap::new();
    for scenario in &scenarios {
        let order = scenario.order();
        let first = chapters.entry(scenario.text("chapter")).or_insert(order);
        *first = order.min(*first);
    }
    scenarios.sort_by_cached_key(|it| {
        let chapter = it.text("chapter");
        (chapters[&chapter], chapter, it.order(), it.id.clone())
    });
    let output = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(
        Path::new(&output).join("scenarios.rs"),
        generate(&scenarios),
    )
    .expect("the output folder can be written");
    let mut modules = BTreeMap::new();
    library(&root.join("src/library"), "", &mut modules);
    let mut list = String::from("const MODULES: &[(&str, bool, &str)] = &[\n");
    for (name, (package, text)) in modules {
        writeln!(list, "    ({name:?}, {package}, {text:?}),").expect("a string takes all");
    }
    fs::write(Path::new(&output).join("library.rs"), list + "];\n")
        .expect("the output folder can be written");
}

/// The modules of a folder by name: whether each is a package, and its text.
fn library(folder: &Path, package: &str, modules: &mut BTreeMap<String, (bool, String)>) {
    for entry in fs::read_dir(folder).expect("the library is there") {
        let path = entry.expect("the folder can be read").path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = match package {
            "" => stem.to_string(),
            _ => [package, ".", &stem].concat(),
        };
        if path.is_dir() {
            library(&path, &name, modules);
        } else if path.extension().is_some_and(|it| it == "py") {
            let text = fs::read_to_string(&path).expect("a module can be read");
            let text = lean::lean(&text);
            match &*stem {
                "__init__" => modules.insert(package.to_owned(), (true, text)),
                _ => modules.insert(name, (false, text)),
            };
        }
    }
}

fn read(path: &Path) -> Scenario {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let block = match Block::find(&text) {
        Ok(Some(block)) => block,
        Ok(None) => panic!("{name} has no header"),
        Err(fault) => panic!("{name}: {}", fault.message),
    };
    let mut faults = Vec::new();
    let entries = toml::read(&block.text, &mut faults);
    if let Some(fault) = faults.first() {
        panic!(
            "{name}: {} at {:?}",
            fault.message,
            &block.text[fault.place.clone()]
        );
    }
    let top = |it: Entry| it.table.is_empty().then_some((it.key, it.value));
    Scenario {
        id: path
            .file_stem()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned(),
        path: name,
        values: entries.into_iter().filter_map(top).collect(),
    }
}

impl Scenario {
    fn text(&self, key: &str) -> String {
        match self.values.get(key) {
            Some(Value::Text(text)) => text.clone(),
            _ => panic!("{}: the header has no text {key:?}", self.path),
        }
    }

    fn texts(&self, key: &str) -> Vec<&str> {
        let Some(Value::List(items)) = self.values.get(key) else {
            panic!("{}: the header has no list {key:?}", self.path);
        };
        items
            .iter()
            .filter_map(|item| match item {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    fn order(&self) -> u64 {
        match self.values.get("order") {
            Some(Value::Bare(order)) => order.parse().expect("the order is a whole number"),
            _ => panic!("{}: the header has no number \"order\"", self.path),
        }
    }
}

fn generate(scenarios: &[Scenario]) -> String {
    let mut index = String::from("const INDEX: &[Entry] = &[\n");
    let mut texts = String::from("const TEXTS: &[&str] = &[\n");
    for scenario in scenarios {
        let runtimes: String = scenario
            .texts("runtimes")
            .iter()
            .map(|id| match *id {
                "asyncio" => "Runtime::Asyncio, ",
                "threads" => "Runtime::Threads, ",
                "free-threaded" => "Runtime::FreeThreaded, ",
                _ => panic!("{}: there is no runtime {id:?}", scenario.path),
            })
            .collect();
        writeln!(
            index,
            "    Entry {{ id: {:?}, title: {:?}, chapter: {:?}, runtimes: &[{runtimes}] }},",
            scenario.id,
            scenario.text("title"),
            scenario.text("chapter"),
        )
        .expect("a string takes all");
        writeln!(texts, "    include_str!({:?}),", scenario.path).expect("a string takes all");
    }
    index + "];\n" + &texts + "];\n"
}
