//! The repr of what is known by its name and its address.

use std::rc::Rc;

use super::super::native::is_wrapper;
use super::super::object::{GeneratorKind, Object};
use super::super::value::{Handle, Value, View};
use super::super::{Context, Outcome, types};
use super::float::float_text;
use super::hash::address;
use super::text::{hexadecimal, quote, quote_bytes};

impl Context<'_> {
    /// The qualified name of a function's or generator's code.
    fn code_name(&self, code: u32) -> Rc<crate::bytecode::Code> {
        self.machine.program.codes[code as usize].code.clone()
    }

    /// What is known by its name and its address.
    pub(super) fn write_other(
        &mut self,
        value: Value,
        handle: Handle,
        out: &mut String,
    ) -> Outcome<()> {
        match self.machine.heap.get(handle) {
            Object::Function(f) => {
                let linked = &self.machine.program.codes[f.code as usize];
                let name = self.machine.qualified_name(value);
                let text = match (self.machine.counterpart(linked), name.rsplit_once('.')) {
                    (None, _) => ["<function ", &name, &at(handle), ">"].concat(),
                    (Some(_), None) => ["<built-in function ", &name, ">"].concat(),
                    (Some(_), Some((of, name))) => {
                        let kind = match is_wrapper(None, name) {
                            true => "<slot wrapper '",
                            false => "<method '",
                        };
                        let module = self.machine.modules[f.module as usize].name;
                        let module = self.name(module);
                        [kind, name, "' of '", module, ".", of, "' objects>"].concat()
                    }
                };
                out.push_str(&text);
            }
            Object::Class(_) => {
                let name = self.machine.class_text(value);
                out.push_str(&["<class '", &name, "'>"].concat());
            }
            Object::Generator(g) => {
                let kind = match g.kind {
                    GeneratorKind::Generator => "generator",
                    GeneratorKind::Coroutine => "coroutine",
                    GeneratorKind::AsyncGenerator => "async_generator",
                };
                let code = self.code_name(g.frame.code);
                out.push_str(
                    &[
                        "<",
                        kind,
                        " object ",
                        &code.qualified_name,
                        &at(handle),
                        ">",
                    ]
                    .concat(),
                );
            }
            Object::Method(pair) => {
                let [function, object] = **pair;
                let natives = self.machine.natives.clone();
                let (name, in_c, whole) =
                    match (function.view(), self.machine.heap.object(function)) {
                        (View::Native(number), _) => {
                            let native = &natives.all[number as usize];
                            let class = native.python_class();
                            let whole = [class.unwrap_or(""), ".", native.name].concat();
                            (native.name, class.is_none(), whole)
                        }
                        (_, Some(Object::Function(f))) => {
                            let linked = &self.machine.program.codes[f.code as usize];
                            let in_c = self.machine.counterpart(linked).is_some();
                            let whole = self.machine.qualified_name(function);
                            (self.name(linked.name), in_c, whole.to_string())
                        }
                        _ => {
                            write_object("method", handle, out);
                            return Ok(());
                        }
                    };
                if !in_c {
                    out.push_str(&["<bound method ", &whole, " of "].concat());
                    self.write_repr(object, out)?;
                    out.push('>');
                    return Ok(());
                }
                let wrapper = match function.view() {
                    View::Native(number) => natives.all[number as usize].is_wrapper(),
                    _ => is_wrapper(None, name),
                };
                let start = match wrapper {
                    true => ["<method-wrapper '", name, "'"],
                    false => ["<built-in method ", name, ""],
                };
                let class = self.type_of(object);
                // Of a class made by a statement C knows no module.
                let kind = match self.machine.is_in_c(class) || class.as_object().is_none() {
                    true => self.machine.class_path(class),
                    false => self.machine.class_name(class).to_owned(),
                };
                let place = object
                    .as_object()
                    .map_or_else(|| " at 0x7f0000000000".into(), at);
                out.push_str(&[&start.concat(), " of ", &kind, " object", &place, ">"].concat());
            }
            Object::Future(_) => self.write_future(value, out)?,
            Object::Handle(_) => out.push_str(&self.handle_text(value)),
            Object::Loop(l) => {
                let word = |truth| if truth { "True" } else { "False" };
                let (running, closed, debug) = (word(l.running), word(l.closed), word(l.debug));
                out.push_str(&format!(
                    "<_UnixSelectorEventLoop running={running} closed={closed} debug={debug}>"
                ));
            }
            Object::Lock(lock) => {
                let (held, kind) = (
                    lock.count > 0,
                    if lock.reentrant {
                        "_thread.RLock"
                    } else {
                        "_thread.lock"
                    },
                );
                let detail = if lock.reentrant {
                    let owner = match self.machine.threads.get(lock.owner as usize) {
                        Some(_) if lock.owner == self.number => self.thread.ident,
                        Some(thread) => thread.ident,
                        None => 0,
                    };
                    let owner = if held { owner } else { 0 };
                    [
                        " owner=",
                        &owner.to_string(),
                        " count=",
                        &lock.count.to_string(),
                    ]
                    .concat()
                } else {
                    String::new()
                };
                let state = if held { "<locked " } else { "<unlocked " };
                out.push_str(&[state, kind, " object", &detail, &at(handle), ">"].concat());
            }
            Object::StaticMethod(inner) | Object::ClassMethod(inner) => {
                let (inner, kind) = (*inner, self.short_name(value));
                out.push_str(&["<", &kind, "("].concat());
                self.write_repr(inner, out)?;
                out.push_str(")>");
            }
            Object::Super(pair) => {
                let [class, object] = **pair;
                let name = self.machine.class_name(class).to_owned();
                let kind = self.type_name(object);
                out.push_str(&["<super: <class '", &name, "'>, <", &kind, " object>>"].concat());
            }
            _ => {
                let kind = self.machine.class_path(self.type_of(value));
                write_object(&kind, handle, out);
            }
        }
        Ok(())
    }

    /// The repr of a value that is no container, without running code of the program: of an instance its class and address.
    pub fn plain_repr(&self, value: Value) -> String {
        match value.view() {
            View::Int(i) => i.to_string(),
            View::Float(f) => float_text(f),
            View::Bool(true) => "True".into(),
            View::Bool(false) => "False".into(),
            View::None => "None".into(),
            View::NotImplemented => "NotImplemented".into(),
            View::Ellipsis => "Ellipsis".into(),
            View::Type(number) => ["<class '", types::qualified_name(number), "'>"].concat(),
            View::Native(number) => {
                let native = &self.machine.natives.all[number as usize];
                match native.method_of {
                    Some(of) if !native.class_method => [
                        if native.is_wrapper() {
                            "<slot wrapper '"
                        } else {
                            "<method '"
                        },
                        native.name,
                        "' of '",
                        types::qualified_name(of),
                        "' objects>",
                    ]
                    .concat(),
                    _ => ["<built-in function ", native.name, ">"].concat(),
                }
            }
            View::Module(number) => {
                let name = self.machine.modules[number as usize].name;
                ["<module '", self.name(name), "' (built-in)>"].concat()
            }
            View::Turn(_) => String::from("<turn>"),
            View::Thing(number) => ["<thing ", &number.to_string(), ">"].concat(),
            View::Null => "<NULL>".into(),
            View::Object(handle) => {
                let mut out = String::new();
                match self.machine.heap.get(handle) {
                    Object::Str(text) => quote(&text.text, false, &mut out),
                    Object::Bytes(bytes) => quote_bytes(bytes, &mut out),
                    Object::BigInt(big) => out = big.text(10),
                    _ => write_object(
                        &self.machine.class_text(self.type_of(value)),
                        handle,
                        &mut out,
                    ),
                }
                out
            }
        }
    }
}

/// ` at 0x7f...`
fn at(handle: Handle) -> String {
    [" at 0x", &hexadecimal(address(handle.0))].concat()
}

fn write_object(kind: &str, handle: Handle, out: &mut String) {
    out.push_str(&["<", kind, " object", &at(handle), ">"].concat());
}
