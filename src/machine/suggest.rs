//! What CPython adds to the last line of a traceback when a name is nearly another one. Lib/traceback.py of CPython 3.12,
//! `_compute_suggestion_error`; 3.10 and 3.11 have the same in C, without the instance's attributes and imports.

use super::object::Object;
use super::value::{Symbol, Value};
use super::{Context, Control, Outcome, symbols, types};

/// What replacing, putting in or taking out a letter counts, and changing only its case.
const MOVE: usize = 2;
const CASE: usize = 1;
/// Longer names and longer lists are not looked through.
const LONGEST: usize = 40;
const MOST: usize = 750;

impl Context<'_> {
    /// Notes in the exception on its way which name was not found, and on which object.
    #[cold]
    pub fn note_name<T>(&mut self, raised: Outcome<T>, name: Symbol, object: Value) -> Outcome<T> {
        if let Err(Control::Raise(exception)) = &raised {
            let text = self.name(name).to_owned();
            let text = self.heap().str(&text);
            self.heap().retain(object);
            if let Some(Object::Exception(e)) = self.machine.heap.object_mut(*exception) {
                e.attributes.set(symbols::MISSED, text);
                e.attributes.set(symbols::MISSED_ON, object);
            }
        }
        raised
    }

    /// A name is not defined: notes what it might have been while its frame is there.
    #[cold]
    pub fn note_undefined(&mut self, control: Control, name: Symbol) -> Control {
        let noted = self.note_name::<()>(Err(control), name, Value::NULL);
        let control = noted.err().unwrap_or(Control::Called);
        if let Control::Raise(exception) = &control {
            self.note_meant(*exception);
        }
        control
    }

    /// The same for a NameError that says which name was missed.
    #[cold]
    pub fn note_meant(&mut self, exception: Value) {
        if !self.is_a(exception, types::NAME_ERROR) {
            return;
        }
        let missed = self.machine.member(exception, "name");
        let Some(missed) = self.machine.heap.text(missed).map(str::to_owned) else {
            return;
        };
        let missed = self.symbol(&missed);
        if self.machine.member(exception, "meant").is_none()
            && let Some(hint) = self.name_meant(missed)
        {
            let hint = self.heap().str(&hint);
            self.machine.set_member(exception, "meant", hint);
        }
    }

    fn name_meant(&mut self, name: Symbol) -> Option<String> {
        let frame = *self.thread.frames.last()?;
        let linked = self.machine.program.codes[frame.code as usize].clone();
        let mut names: Vec<String> = Vec::new();
        let mut own = None;
        for (at, slot) in linked.slots.iter().enumerate() {
            let value = *self.thread.stack.get(frame.base as usize + at)?;
            let value = match self.machine.heap.object(value) {
                Some(Object::Cell(inner)) => *inner,
                _ => value,
            };
            if !value.is_null() {
                names.push(self.name(*slot).to_owned());
                if names.last().is_some_and(|n| n == "self") {
                    own = Some(value);
                }
            }
        }
        if let Some(own) = own
            && self.machine.version.at_least(3, 12)
            && self.names_of(own).iter().any(|n| n == self.name(name))
        {
            return Some(["self.", self.name(name)].concat());
        }
        let module = Value::module(frame.module);
        names.extend(self.names_of(module));
        names.extend(
            crate::syntax::BUILTINS
                .split_whitespace()
                .chain(["None", "False", "True"])
                .map(str::to_owned),
        );
        nearest(self.name(name), &names)
    }

    /// The names that an object has, sorted as `dir` gives them; a module's in their own order.
    fn names_of(&mut self, object: Value) -> Vec<String> {
        let own = self.attributes_dict(object);
        let mut names: Vec<String> = self
            .items(own)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|key| {
                let text = self.machine.heap.text(key).map(str::to_owned);
                self.heap().release(key);
                text
            })
            .collect();
        self.heap().release(own);
        if matches!(object.view(), super::value::View::Module(_)) {
            return names;
        }
        let class = if self.machine.is_class(object) {
            object
        } else {
            self.type_of(object)
        };
        let order = match self.machine.heap.object(class) {
            Some(Object::Class(c)) => c.order.to_vec(),
            _ => vec![class],
        };
        for entry in order {
            match self.machine.heap.object(entry) {
                Some(Object::Class(c)) => {
                    names.extend(c.attributes.0.iter().map(|(n, _)| self.name(*n).to_owned()));
                }
                _ => {
                    let super::value::View::Type(mut number) = entry.view() else {
                        continue;
                    };
                    loop {
                        let methods = &self.machine.natives.methods[number as usize];
                        names.extend(methods.iter().map(|(n, _)| self.name(*n).to_owned()));
                        if number == types::OBJECT {
                            break;
                        }
                        number = types::base(number);
                    }
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// What follows an exception's last line: `. Did you mean: 'append'?`, or nothing.
    /// Without its traceback no name is nearly another one.
    pub fn suggestion(&mut self, exception: Value, by_library: bool, framed: bool) -> String {
        let Some(Object::Exception(e)) = self.machine.heap.object(exception) else {
            return String::new();
        };
        let of = |name| e.attributes.get(name).unwrap_or(Value::NULL);
        let (missed, on, meant) = (
            of(symbols::MISSED),
            of(symbols::MISSED_ON),
            of(symbols::MEANT),
        );
        let since = if self.is_a(exception, types::IMPORT_ERROR) {
            12
        } else {
            10
        };
        if !self.machine.version.at_least(3, since) {
            return String::new();
        }
        let missed = self.machine.heap.text(missed).unwrap_or("").to_owned();
        let mut meant = self
            .machine
            .heap
            .text(meant)
            .filter(|_| framed)
            .map(str::to_owned);
        if meant.is_none() && on.given().is_some() {
            let mut names = self.names_of(on);
            names.sort();
            meant = nearest(&missed, &names);
        }
        // Until 3.12 the library looks itself, and wants a letter of the name to be left as it is.
        if by_library && !self.machine.version.at_least(3, 13) {
            meant = meant.filter(|name| {
                name.starts_with("self.") || distance_of(&missed, name) < missed.chars().count()
            });
        }
        let mut text = meant.map_or(String::new(), |name| {
            [". Did you mean: '", &name, "'?"].concat()
        });
        if self.machine.version.at_least(3, 12)
            && self.is_a(exception, types::NAME_ERROR)
            && is_standard_module(&missed)
        {
            let or = if text.is_empty() { ". Did" } else { " Or did" };
            // 3.12's library forgot to ask.
            let asks = !by_library || self.machine.version.at_least(3, 13);
            let mark = if asks { "?" } else { "" };
            text += &format!("{or} you forget to import '{missed}'{mark}");
        }
        text
    }
}

/// Modules of CPython's library beside those that can be imported here; the rarely used ones are left out.
const OTHER_MODULES: &str = "argparse array ast atexit base64 bisect calendar cmath code csv ctypes datetime decimal difflib dis \
    email fractions gc getpass glob gzip hashlib html http importlib inspect ipaddress json linecache locale mmap numbers pathlib \
    pdb platform pprint profile re sched secrets select selectors shelve shlex shutil socketserver sqlite3 ssl stat statistics \
    struct subprocess tempfile textwrap timeit tkinter tokenize tomllib tracemalloc turtle unicodedata unittest urllib uuid \
    warnings weakref xml zipfile zlib zoneinfo";

fn is_standard_module(name: &str) -> bool {
    // Only scenarios can import that.
    let own = crate::library::source(name).is_some() && name != "workload";
    let native = ["math", "time", "sys", "errno"].contains(&name);
    !name.is_empty()
        && !name.starts_with('_')
        && !name.contains('.')
        && (own || native || OTHER_MODULES.split_whitespace().any(|other| other == name))
}

/// The nearest of some names, the first of several: no more than a third of all the letters may be wrong.
fn nearest(wrong: &str, names: &[String]) -> Option<String> {
    let wrong: Vec<char> = wrong.chars().collect();
    if names.len() > MOST || wrong.len() > LONGEST {
        return None;
    }
    let mut best = usize::MAX;
    let mut found = None;
    for name in names {
        let letters: Vec<char> = name.chars().collect();
        if letters == wrong || letters.len() > LONGEST {
            continue;
        }
        let most = (letters.len() + wrong.len() + 3) * MOVE / 6;
        let distance = distance(&wrong, &letters);
        if best > 0 && distance <= most.min(best - 1) {
            best = distance;
            found = Some(name.clone());
        }
    }
    found
}

fn distance_of(a: &str, b: &str) -> usize {
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    distance(&letters(a), &letters(b))
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).map(|n| n * MOVE).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], (i + 1) * MOVE);
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal
                + match x {
                    _ if x == y => 0,
                    _ if x.eq_ignore_ascii_case(y) => CASE,
                    _ => MOVE,
                };
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + MOVE).min(diagonal + MOVE);
        }
    }
    row[b.len()]
}
