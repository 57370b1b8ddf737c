//! Imports: modules of the simulated library, compiled when first imported.

use super::frame::{After, Frame};
use super::link::Origin;
use super::program::Import;
use super::value::{Symbol, Value, View};
use super::{Context, Control, Outcome, symbols, types};
use crate::library;

impl Context<'_> {
    /// `import name`: the innermost module of a dotted name. `Called` while its body runs.
    pub fn import(&mut self, name: Symbol) -> Outcome {
        let text = self.name(name).to_owned();
        let text = match text.strip_prefix('.') {
            Some(rest) => self.absolute_name(rest),
            None => text,
        };
        // A package's own body runs before those of its parts.
        if let Some((package, _)) = text.rsplit_once('.')
            && !package.is_empty()
            && self.machine.find_module(package).is_none()
        {
            let symbol = self.symbol(package);
            let depth = self.thread.frames.len();
            match self.import(symbol) {
                Err(super::Control::Called) => {
                    let module = self.finish_now(depth)?;
                    self.heap().release(module);
                }
                other => {
                    other?;
                }
            }
        }
        if let Some(module) = self.machine.find_module(&text) {
            return Ok(Value::module(module));
        }
        let Some(code) = library::module(&text) else {
            let message = ["No module named '", &text, "'"].concat();
            let raised = self.error(types::MODULE_NOT_FOUND_ERROR, &message);
            if let Err(Control::Raise(exception)) = raised {
                let name = self.heap().str(&text);
                self.machine.set_member(exception, "name", name);
            }
            return raised;
        };
        let module = self.machine.add_module(&text, Origin::Library);
        self.machine.modules[module as usize].state = Import::Running;
        self.machine.bind_parent(&text, module);
        let code = match code {
            Ok(code) => code,
            Err(problem) => {
                let message = [
                    "the library module '",
                    &text,
                    "' does not compile:\n",
                    &problem,
                ]
                .concat();
                return self.reject(&message, "this is a bug of Interleave");
            }
        };
        let code = self.machine.link(&code, module, Origin::Library);
        let own_name = self.heap().str(&text);
        self.machine.bind_global(module, symbols::NAME, own_name);
        let base = self.thread.stack.len();
        let slots = self.machine.program.codes[code as usize].slots.len();
        self.thread.stack.resize(base + slots, Value::NULL);
        let frame = Frame {
            code,
            base: base as u32,
            module,
            after: After::Import { module },
            ..Frame::default()
        };
        let depth = self.thread.frames.len();
        // What the library's modules do when they are imported is no part of the program: it takes no time.
        let executed = self.machine.executed;
        let result = match self.push_frame(frame) {
            Err(Control::Called) => self.finish_now(depth),
            other => other,
        };
        self.machine.executed = executed;
        result
    }

    /// `.locks` seen from a module of the package `asyncio` is `asyncio.locks`.
    fn absolute_name(&self, relative: &str) -> String {
        let module = self.thread.frames.last().map_or(0, |f| f.module);
        let name = self.name(self.machine.modules[module as usize].name);
        let package = if library::is_package(name) {
            name
        } else {
            name.rsplit_once('.').map_or("", |(p, _)| p)
        };
        match relative.is_empty() {
            true => package.to_owned(),
            false => [package, ".", relative].concat(),
        }
    }

    /// `ImportStar`: what this version has of the public names of the module on top.
    pub fn import_star(&mut self, into: usize) -> Outcome<()> {
        let module = self.thread.pop();
        let View::Module(number) = module.view() else {
            return Ok(());
        };
        let of = self
            .name(self.machine.modules[number as usize].name)
            .to_owned();
        for name in library::names(&of, &self.machine.natives.clone()) {
            let beside = BESIDE.iter().find(|(module, _)| *module == of);
            if name.starts_with('_')
                || beside.is_some_and(|(_, names)| names.split(' ').any(|it| it == name))
            {
                continue;
            }
            let name = self.symbol(name);
            let mut found = self.module_attribute(number, name);
            if found.is_none() {
                found = self.lazy_attribute(number, name)?;
            }
            let value = match found {
                Some(value) => self.heap().retain(value),
                None => match self.late_attribute(number, name)? {
                    Some(value) => value,
                    None => continue,
                },
            };
            self.set_own_attribute(Value::module(into as u16), name, value)?;
        }
        Ok(())
    }

    /// `ImportFrom`: `module -> module attribute`.
    pub fn import_from(&mut self, name: Symbol) -> Outcome<()> {
        let module = self.thread.peek(1);
        let View::Module(number) = module.view() else {
            return Ok(());
        };
        let mut found = self.module_attribute(number, name);
        if found.is_none() {
            found = self.lazy_attribute(number, name)?;
        }
        if let Some(value) = found {
            self.heap().retain(value);
            self.thread.push(value);
            return Ok(());
        }
        if let Some(value) = self.late_attribute(number, name)? {
            self.thread.push(value);
            return Ok(());
        }
        // A part of a package that was not imported yet.
        let package = self
            .name(self.machine.modules[number as usize].name)
            .to_owned();
        let full = [&package, ".", self.name(name)].concat();
        if library::source(&full).is_some() {
            let symbol = self.symbol(&full);
            let value = self.import(symbol)?;
            self.thread.push(value);
            return Ok(());
        }
        let text = [
            "cannot import name '",
            self.name(name),
            "' from '",
            &package,
            "'",
        ]
        .concat();
        self.error(types::IMPORT_ERROR, &text)
    }
}

impl Context<'_> {
    /// A name of a package that a part of it binds, which is imported only now. Borrowed.
    pub fn lazy_attribute(&mut self, module: u16, name: Symbol) -> Outcome<Option<Value>> {
        let package = self.name(self.machine.modules[module as usize].name);
        let Some(part) = library::lazy_part(package, self.name(name)) else {
            return Ok(None);
        };
        let is_part = part.ends_with(self.name(name));
        let part = self.symbol(part);
        if is_part {
            self.import(part)?;
            return Ok(self.module_attribute(module, name));
        }
        let View::Module(part) = self.import(part)?.view() else {
            return Ok(None);
        };
        let found = self.module_attribute(part, name);
        if let Some(value) = found {
            self.heap().retain(value);
            self.machine.bind_global(module, name, value);
        }
        Ok(found)
    }
}

impl super::Machine {
    pub fn find_module(&self, name: &str) -> Option<u16> {
        let symbol = self.program.names.find(name)?;
        self.modules
            .iter()
            .position(|m| m.name == symbol && !m.user)
            .map(|at| at as u16)
    }

    /// Makes a part an attribute of its package.
    fn bind_parent(&mut self, name: &str, module: u16) {
        let Some((package, part)) = name.rsplit_once('.') else {
            return;
        };
        let Some(package) = self.find_module(package) else {
            return;
        };
        let symbol = self.symbol(part);
        let globals = std::rc::Rc::make_mut(&mut self.modules[package as usize].globals);
        let slot = globals.slot(symbol);
        self.fit_globals(package);
        self.modules[package as usize].slots[slot as usize] = Value::module(module);
    }
}

/// Public names that modules of the library bind and CPython 3.12 has not in their `__all__`.
const BESIDE: &[(&str, &str)] = &[
    ("concurrent.futures", "InvalidStateError"),
    ("contextlib", "AsyncContextDecorator"),
    ("copy", "error"),
    ("logging", "Filterer RootLogger root sys time"),
    (
        "multiprocessing",
        "ForkContext ForkServerContext SpawnContext process",
    ),
    ("queue", "Monitor deque heappop heappush"),
    ("signal", "IntEnum"),
    ("threading", "Monitor activeCount currentThread deque"),
];
