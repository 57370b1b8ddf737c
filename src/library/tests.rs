//! Holds `SUPPORTED.md` to what the registries know.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{MODULES, NATIVE, is_package};
use crate::bytecode::preemption::{PreemptionRules, Version};
use crate::bytecode::{Code, CodeKind, Constant, Instruction};
use crate::machine::setup::Setup;
use crate::machine::{Limits, Machine, types};
use crate::trace::Recorder;

const MARK: &str = "<!-- from the registries -->\n";

fn machine() -> Machine {
    let setup = Setup {
        file: String::new(),
        source: String::new(),
        version: Version::V3_12,
        rules: PreemptionRules::of(Version::V3_12),
        limits: Limits {
            heap: 1 << 20,
            output: 1 << 20,
            tasks: 1,
            recursion: 100,
            instructions: u64::MAX,
        },
        cores: 1,
        recorder: Recorder::off(),
    };
    let code = Code {
        instructions: vec![Instruction::Return],
        ..Code::default()
    };
    Machine::new(setup, &code.into())
}

fn section(title: &str, names: impl IntoIterator<Item = String>) -> String {
    let names: BTreeSet<String> = names
        .into_iter()
        .filter(|name| !name.starts_with('_') && !name.is_empty())
        .collect();
    let mut text = format!("\n**{title}**\n");
    let mut line = String::new();
    for name in &names {
        let word = format!("`{name}`");
        if line.len() + word.len() + 1 > 118 {
            text.push_str(line.trim_end());
            text.push('\n');
            line.clear();
        }
        line.push_str(&word);
        line.push(' ');
    }
    text.push_str(line.trim_end());
    text.push('\n');
    text
}

/// What a module binds at its top level, but for other modules.
fn globals(name: &str, text: &str) -> Vec<String> {
    let code = super::compile(name, text).expect("the library compiles");
    let stored = code.instructions.iter().filter_map(|i| match i {
        Instruction::StoreGlobal(at) => Some(code.names[*at as usize].clone()),
        _ => None,
    });
    let is_module = |name: &String| MODULES.iter().any(|(module, _, _)| module == name);
    stored
        .filter(|bound| !is_module(bound) || bound == name)
        .collect()
}

fn registries() -> String {
    let mut machine = machine();
    let mut text = String::from("\n## Builtins\n");
    let builtins: Vec<&str> = crate::syntax::BUILTINS
        .split_whitespace()
        .filter(|name| {
            let symbol = machine.symbol(name);
            !machine.builtin(symbol).is_null()
        })
        .collect();
    let is_error = |name: &&str| name.starts_with(char::is_uppercase);
    let owned = |name: &str| name.to_owned();
    let functions = builtins.iter().filter(|n| !is_error(n)).map(|n| owned(n));
    text += &section("Functions and types", functions);
    text += &section(
        "Exceptions and constants",
        builtins.iter().filter(|n| is_error(n)).map(|n| owned(n)),
    );
    text += "\n## Methods of built-in types\n";
    for number in [
        types::INT,
        types::FLOAT,
        types::STR,
        types::BYTES,
        types::BYTEARRAY,
        types::LIST,
        types::TUPLE,
        types::DICT,
        types::SET,
        types::FROZENSET,
        types::DEQUE,
        types::GENERATOR,
        types::COROUTINE,
        types::ASYNC_GENERATOR,
    ] {
        let methods = machine.natives.methods[number as usize].iter();
        let names = methods.map(|(_, at)| owned(machine.natives.all[*at as usize].name));
        text += &section(types::name(number), names);
    }
    text += "\n## Modules\n";
    let mut modules: Vec<(&str, Vec<String>)> = MODULES
        .iter()
        .filter(|(name, _, _)| !name.split('.').any(|part| part.starts_with('_')))
        .map(|(name, _, text)| {
            let mut names = globals(name, text);
            for (_, part) in super::LAZY.iter().filter(|(package, _)| package == name) {
                names.extend(globals(part, super::source(part).unwrap_or("")));
            }
            (*name, names)
        })
        .collect();
    for (name, more) in NATIVE {
        let functions = machine
            .natives
            .modules
            .iter()
            .filter(|(module, _)| module == name)
            .flat_map(|(_, list)| list.iter())
            .map(|(_, at)| owned(machine.natives.all[*at as usize].name));
        modules.push((name, functions.chain(more.split(' ').map(owned)).collect()));
    }
    modules.sort();
    for (name, names) in modules {
        // A package of ours may have parts that CPython's has not.
        let has = ["collections.abc", "os.path"].contains(&name);
        if name.contains('.') && !is_package(name) && !has {
            continue;
        }
        text += &section(name, names);
    }
    text
}

#[test]
fn the_page_of_what_is_supported_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/library/SUPPORTED.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let (head, body) = page.split_once(MARK).expect("the mark is there");
    let wanted = registries();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, [head, MARK, &wanted].concat()).expect("it can be written");
        return;
    }
    assert_eq!(
        body, wanted,
        "UPDATE_GOLDEN=1 cargo test --lib supported writes it anew"
    );
}

/// The functions and classes in a module, and how many instructions each has without those that store a docstring.
fn shape(code: &Code, out: &mut Vec<(String, usize)>) {
    let stores = matches!(code.kind, CodeKind::Module | CodeKind::Class);
    let documents = stores && code.docstring.is_some();
    // `pass` takes the place of a docstring that is alone.
    let counted = code.instructions.iter().filter(|i| **i != Instruction::Nop);
    let count = counted.count() - if documents { 2 } else { 0 };
    out.push((code.qualified_name.clone(), count));
    for constant in &code.constants {
        if let Constant::Code(inner) = constant {
            shape(inner, out);
        }
    }
}

#[test]
fn what_is_shipped_is_what_is_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/library");
    for (name, package, text) in MODULES {
        let path = name.replace('.', "/") + if *package { "/__init__.py" } else { ".py" };
        let written = fs::read_to_string(folder.join(&path)).expect("the module is there");
        assert_eq!(*text, super::lean::lean(&written), "{path}");
        let [mut shipped, mut original] = [Vec::new(), Vec::new()];
        for (text, out) in [(text.to_string(), &mut shipped), (written, &mut original)] {
            shape(&super::compile(name, &text).expect("it compiles"), out);
        }
        assert_eq!(shipped, original, "{path}");
    }
}
