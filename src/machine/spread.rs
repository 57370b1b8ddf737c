//! Calls with stars: `f(*arguments, **keywords)`, and what is said when they cannot be spread. CPython 3.12, Python/ceval.c,
//! CALL_FUNCTION_EX, check_args_iterable, format_kwargs_error.

use super::attribute::Found;
use super::call::Arguments;
use super::frame::After;
use super::object::Object;
use super::value::{Symbol, Value, View};
use super::{Context, Control, Outcome, symbols, types};
use crate::bytecode::Instruction;

pub(super) const NO_ARGUMENTS: &str = " argument after * must be an iterable, not ";

impl Context<'_> {
    /// `SpreadToTuple`: the iterable n-th from the top becomes a tuple.
    pub(super) fn spread_to_tuple(&mut self, n: usize) -> Outcome<()> {
        let spread = self.thread.peek(n);
        if matches!(self.machine.heap.object(spread), Some(Object::Tuple(_))) {
            return Ok(());
        }
        let items = match self.items(spread) {
            Err(Control::Raise(e))
                if self.is_a(e, types::TYPE_ERROR) && !self.is_iterable(spread) =>
            {
                self.heap().release(e);
                let callable = self.thread.peek(n + 2);
                self.not_spread(callable, NO_ARGUMENTS, spread)
            }
            other => other,
        };
        let tuple = self.heap().tuple(items?);
        let at = self.thread.stack.len() - n;
        self.thread.stack[at] = tuple;
        self.heap().release(spread);
        Ok(())
    }

    /// Whether the list that is being made is that of a call's arguments.
    pub(super) fn makes_arguments(&self) -> bool {
        let frame = self.thread.frames.last();
        frame.is_some_and(|frame| {
            let code = &self.machine.program.codes[frame.code as usize].code;
            let rest = code.instructions[frame.pc as usize..].iter();
            let mut rest = rest.skip_while(|it| **it != Instruction::ListToTuple);
            let call =
                rest.find(|it| matches!(it, Instruction::Call(_) | Instruction::CallStar(_)));
            matches!(call, Some(Instruction::CallStar(_)))
        })
    }

    /// `CallStar`: `callable NULL tuple [dict]`.
    pub fn call_star(&mut self, keywords: bool) -> Outcome {
        let dict = if keywords {
            self.thread.pop()
        } else {
            Value::NULL
        };
        let tuple = self.thread.pop();
        let receiver = self.thread.pop();
        let callable = self.thread.pop();
        let items = self.items(tuple);
        self.heap().release(tuple);
        let mut values = match items {
            Ok(items) => items,
            Err(e) => {
                self.heap().release_all([dict, callable]);
                return Err(e);
            }
        };
        let mut names = Vec::new();
        let entries: Vec<(Value, Value)> = match self.machine.heap.object(dict) {
            Some(Object::Dict(d)) => d.iter().map(|e| (e.key, e.value)).collect(),
            _ => Vec::new(),
        };
        for (key, value) in entries {
            let Some(text) = self.machine.heap.text(key).map(str::to_owned) else {
                self.machine.heap.release_all(values);
                let called = match self.machine.version.at_least(3, 9) {
                    true => String::new(),
                    false => self.callable_text(callable)? + " ",
                };
                self.heap().release_all([dict, callable]);
                let text = called + "keywords must be strings";
                return self.error(types::TYPE_ERROR, &text);
            };
            names.push(self.symbol(&text));
            values.push(self.machine.heap.retain(value));
        }
        self.heap().release(dict);
        self.call(callable, receiver, Arguments { values, names }, After::Push)
    }

    /// TypeError: what stands behind a call's stars is no such thing.
    pub(super) fn not_spread<T>(
        &mut self,
        callable: Value,
        problem: &str,
        value: Value,
    ) -> Outcome<T> {
        let function = self.callable_text(callable)?;
        self.type_error(&[&function, problem].concat(), value, "")
    }

    /// How messages name what is called: with its module unless that is `builtins`, or as `str` has it if it has no name. CPython 3.9,
    /// Objects/object.c, _PyObject_FunctionStr; before, Python/ceval.c, PyEval_GetFuncName and PyEval_GetFuncDesc.
    pub(super) fn callable_text(&mut self, callable: Value) -> Outcome<String> {
        let recent = self.machine.version.at_least(3, 9);
        if let View::Native(number) = callable.view() {
            let native = &self.machine.natives.all[number as usize];
            let (name, of) = (native.name, native.method_of);
            let owner = match of {
                _ if !recent => None,
                Some(of) => Some(types::name(of)),
                None => {
                    let mut modules = self.machine.modules.iter().filter(|m| !m.user);
                    let module = modules.find(|m| m.slots.iter().any(|v| v.is(callable)));
                    module
                        .map(|m| self.name(m.name))
                        .filter(|m| !m.starts_with('_'))
                }
            };
            let owner = owner.map_or(String::new(), |o| [o, "."].concat());
            return Ok([&owner, name, "()"].concat());
        }
        if self.machine.is_class(callable) {
            return Ok(if !recent {
                String::from("type object")
            } else {
                let module = self.attribute_text(callable, symbols::MODULE)?;
                let name = self.attribute_text(callable, symbols::QUALNAME)?;
                called(&module, &name)
            });
        }
        match self.machine.heap.object(callable) {
            Some(Object::Method(pair)) => {
                let function = pair[0];
                if !matches!(function.view(), View::Native(_)) {
                    return self.callable_text(function);
                }
                let name = if recent {
                    symbols::QUALNAME
                } else {
                    symbols::NAME
                };
                Ok([&self.attribute_text(callable, name)?, "()"].concat())
            }
            Some(Object::Function(f)) if recent => {
                let linked = self.machine.program.codes[f.code as usize].clone();
                let of = self.machine.counterpart(&linked);
                let name = self.attribute_text(callable, symbols::QUALNAME)?;
                let module = match of {
                    Some(_) if name.contains('.') => String::from("None"),
                    Some(of) if !of.is_empty() => of.to_owned(),
                    _ => self.attribute_text(callable, symbols::MODULE)?,
                };
                Ok(called(&module, &name))
            }
            Some(Object::Function(_)) => {
                Ok([&self.attribute_text(callable, symbols::NAME)?, "()"].concat())
            }
            _ if recent => self.str(callable),
            _ => Ok([&self.type_name(callable), " object"].concat()),
        }
    }

    /// An attribute of a function or class as text.
    fn attribute_text(&mut self, object: Value, name: Symbol) -> Outcome<String> {
        match self.find_attribute(object, name)? {
            Found::Plain(value) => self.str(value),
            Found::Made(value) => {
                let text = self.str(value);
                self.heap().release(value);
                text
            }
            _ => Ok(String::from("?")),
        }
    }
}

fn called(module: &str, name: &str) -> String {
    match module {
        "builtins" | "None" => [name, "()"].concat(),
        _ => [module, ".", name, "()"].concat(),
    }
}
