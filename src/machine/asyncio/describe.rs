//! The repr of futures and tasks. CPython 3.12, Lib/asyncio/base_futures.py and base_tasks.py.

use crate::bytecode::preemption::Version;
use crate::machine::asyncio::object::FutureState;
use crate::machine::object::{GeneratorState, Object};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Outcome};
use crate::trace::Wait;

/// How much of a result is shown: Lib/reprlib.py, Repr.
const LONGEST_TEXT: usize = 30;
const LONGEST_NUMBER: usize = 40;
const MOST_ITEMS: usize = 6;
const DEEPEST: usize = 6;

impl Context<'_> {
    /// `<Future pending>`, `<Task finished name='Task-1' coro=<f() done, defined at a.py:1> result=2>`.
    pub fn write_future(&mut self, future: Value, out: &mut String) -> Outcome<()> {
        let Some(handle) = future.as_object() else {
            return Ok(());
        };
        if self.showing(handle) {
            out.push_str("...");
            return Ok(());
        }
        let result = self.write_future_parts(future, out);
        self.shown();
        result
    }

    fn write_future_parts(&mut self, future: Value, out: &mut String) -> Outcome<()> {
        let Some(f) = self.future(future) else {
            return Ok(());
        };
        let (state, result, exception) = (f.state, f.result, f.exception);
        let gathering = f.children.given().is_some();
        let targets: Vec<Value> = f.callbacks.iter().map(|c| c.target).collect();
        let task = f
            .task
            .as_ref()
            .map(|t| (t.coroutine, t.waiter, t.cancel_requests));
        if f.derived().is_some() {
            out.push_str(&["<", &self.type_name(future), " "].concat());
        } else {
            out.push_str(match (&task, gathering) {
                (Some(_), _) => "<Task ",
                (None, true) => "<_GatheringFuture ",
                (None, false) => "<Future ",
            });
        }
        out.push_str(match (state, &task) {
            (FutureState::Pending, Some((_, _, 1..))) => "cancelling",
            (FutureState::Pending, _) => "pending",
            (FutureState::Finished, _) => "finished",
            (FutureState::Cancelled, _) => "cancelled",
        });
        if let Some((coroutine, waiter, _)) = task {
            let name = self.name_of_task(future);
            out.push_str(" name=");
            out.push_str(&self.repr(name)?);
            if let Some(text) = self.coroutine_text(coroutine) {
                out.push_str(&[" coro=<", &text, ">"].concat());
            }
            if self.future(waiter).is_some_and(|w| w.wait != Wait::Turn) {
                out.push_str(" wait_for=");
                let text = self.repr(waiter)?;
                out.push_str(&text);
            }
        }
        if state == FutureState::Finished {
            if exception.given().is_some() {
                out.push_str(" exception=");
                out.push_str(&self.repr(exception)?);
            } else {
                out.push_str(" result=");
                out.push_str(&self.short_result(result, 0)?);
            }
        }
        if let Some(first) = targets.first() {
            out.push_str(" cb=[");
            let shown = self.machine.version < Version::V3_13;
            out.push_str(&self.callback_text(*first, "()", shown)?);
            if targets.len() > 2 {
                out.push_str(&format!(", <{} more>", targets.len() - 2));
            }
            if targets.len() > 1 {
                out.push_str(", ");
                out.push_str(&self.callback_text(targets[targets.len() - 1], "()", shown)?);
            }
            out.push(']');
        }
        let created = self.future(future).and_then(|f| f.more.as_ref()?.created);
        out.push_str(&self.creation_text(created));
        out.push('>');
        Ok(())
    }

    /// `f() running at a.py:3`. Where something of the library is stays out.
    fn coroutine_text(&self, coroutine: Value) -> Option<String> {
        let g = match self.machine.heap.object(coroutine)? {
            Object::Generator(g) => g,
            // It has no name of its own.
            Object::AsyncStep(_) => {
                let class = self.machine.class_path(self.type_of(coroutine));
                return Some(["<", &class, " without __name__>()"].concat());
            }
            _ => return None,
        };
        let linked = &self.machine.program.codes[g.frame.code as usize];
        let first = linked.code.first_line;
        let mut text = [&linked.code.qualified_name, "()"].concat();
        let line = match g.state {
            GeneratorState::Finished => {
                text.push_str(" done, defined");
                first
            }
            GeneratorState::Running => {
                text.push_str(" running");
                let frame = self
                    .thread
                    .frames
                    .iter()
                    .find(|f| f.generator.is(coroutine));
                frame.map_or(first, |f| f.line)
            }
            GeneratorState::Created | GeneratorState::Suspended => {
                text.push_str(" running");
                g.frame.line
            }
        };
        if linked.user {
            let line = if line == 0 { first } else { line };
            text.push_str(&format!(" at {}:{line}", self.machine.file));
        }
        Some(text)
    }

    /// `main.<locals>.done() at a.py:3`: a callback as reprs show it, called with these arguments (in brackets);
    /// whether those of a partial function are `shown`. CPython 3.12, Lib/asyncio/format_helpers.py.
    pub fn callback_text(
        &mut self,
        target: Value,
        arguments: &str,
        shown: bool,
    ) -> Outcome<String> {
        match self.machine.heap.object(target) {
            Some(Object::Function(_)) => Ok(self.function_text(target, arguments, true)),
            Some(Object::Method(pair)) => {
                let [function, bound] = *pair.as_ref();
                // The library's own functions have methods of this kind instead of functools.partial.
                if self.is_partial_method(function) {
                    let args = self.tuple_of(&[bound]);
                    let inner = self.arguments_text(args, Value::NULL, shown);
                    self.heap().release(args);
                    return Ok(self.function_text(function, &[&inner?, arguments].concat(), true));
                }
                if let View::Native(number) = function.view() {
                    let owner = match self.machine.heap.object(bound) {
                        Some(Object::Loop(_)) => String::from("BaseEventLoop"),
                        _ => self.machine.class_path(self.type_of(bound)),
                    };
                    let name = self.machine.natives.all[number as usize].name;
                    let owner = owner.rsplit('.').next().unwrap_or_default();
                    return Ok([owner, ".", name, arguments].concat());
                }
                Ok(self.function_text(function, arguments, false))
            }
            Some(Object::Future(_)) => {
                Ok([&self.short_name(target), ".task_wakeup", arguments].concat())
            }
            Some(Object::Instance(instance)) => {
                let (class, [func, args, keywords]) = (instance.class, symbols_of_partial(self));
                let Some(Object::Instance(instance)) = self.machine.heap.object(target) else {
                    return Ok(String::new());
                };
                let found = [func, args, keywords].map(|name| instance.attributes.get(name));
                match found {
                    [Some(func), Some(args), Some(keywords)]
                        if self.machine.class_path(class) == "functools.partial" =>
                    {
                        let inner = self.arguments_text(args, keywords, shown)?;
                        self.callback_text(func, &[&inner, arguments].concat(), shown)
                    }
                    _ => Ok([&self.repr(target)?, arguments].concat()),
                }
            }
            Some(Object::Class(class)) => Ok([&class.qualified_name, arguments].concat()),
            _ => Ok(match target.view() {
                View::Native(number) => {
                    [self.machine.natives.all[number as usize].name, arguments].concat()
                }
                _ => [&self.repr(target)?, arguments].concat(),
            }),
        }
    }

    /// `f(1) at a.py:3`. Where something of the library is stays out; of methods CPython does not know it.
    fn function_text(&self, function: Value, arguments: &str, placed: bool) -> String {
        let Some(Object::Function(f)) = self.machine.heap.object(function) else {
            return [&self.plain_repr(function), arguments].concat();
        };
        let linked = &self.machine.program.codes[f.code as usize];
        let mut text = [&linked.code.qualified_name, arguments].concat();
        if linked.user && placed {
            text.push_str(&format!(
                " at {}:{}",
                self.machine.file, linked.code.first_line
            ));
        }
        text
    }

    fn is_partial_method(&self, function: Value) -> bool {
        matches!(self.machine.heap.object(function), Some(Object::Function(f)) if {
            let linked = &self.machine.program.codes[f.code as usize];
            !linked.user && !linked.code.qualified_name.contains('.')
        })
    }

    /// `(1, 'two', key=3)`, each cut short, or `()` if they are not to be `shown`.
    pub fn arguments_text(&mut self, args: Value, keywords: Value, shown: bool) -> Outcome<String> {
        if !shown {
            return Ok(String::from("()"));
        }
        let mut list = Vec::new();
        for value in self.items(args)? {
            let shown = self.short_result(value, 0);
            self.heap().release(value);
            list.push(shown?);
        }
        if let Some(Object::Dict(dict)) = self.machine.heap.object(keywords) {
            let pairs: Vec<(Value, Value)> = dict.iter().map(|e| (e.key, e.value)).collect();
            for (key, value) in pairs {
                let name = self.str(key)?;
                list.push([&name, "=", &self.short_result(value, 0)?].concat());
            }
        }
        Ok(["(", &list.join(", "), ")"].concat())
    }

    /// A repr cut short. CPython 3.12, Lib/reprlib.py, Repr.repr1.
    pub fn short_result(&mut self, value: Value, depth: usize) -> Outcome<String> {
        let (items, edges) = match self.machine.heap.object(value) {
            Some(Object::Str(text)) => {
                let text = text.text.to_string();
                return Ok(self.short_text(&text));
            }
            Some(Object::List(items)) => (items.clone(), ["[", "]"]),
            Some(Object::Tuple(items)) => (items.to_vec(), ["(", ")"]),
            Some(Object::BigInt(_)) => {
                let text = self.repr(value)?;
                return Ok(cut(&text, LONGEST_NUMBER));
            }
            Some(Object::Dict(_) | Object::Set(..)) | None => return self.repr(value),
            Some(_) => {
                let text = self.repr(value)?;
                return Ok(cut(&text, LONGEST_TEXT));
            }
        };
        if depth >= DEEPEST && !items.is_empty() {
            return Ok([edges[0], "...", edges[1]].concat());
        }
        let mut text = String::from(edges[0]);
        for (at, item) in items.iter().take(MOST_ITEMS).enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            text.push_str(&self.short_result(*item, depth + 1)?);
        }
        if items.len() > MOST_ITEMS {
            text.push_str(", ...");
        }
        if items.len() == 1 && edges[0] == "(" {
            text.push(',');
        }
        text.push_str(edges[1]);
        Ok(text)
    }

    fn short_text(&mut self, text: &str) -> String {
        let count = text.chars().count();
        let start: String = text.chars().take(LONGEST_TEXT).collect();
        let shown = self.quoted(&start);
        if shown.chars().count() <= LONGEST_TEXT {
            return shown;
        }
        let (head, tail) = ends(LONGEST_TEXT);
        let mut kept: String = text.chars().take(head).collect();
        kept.extend(text.chars().skip(count.saturating_sub(tail)));
        squeeze(&self.quoted(&kept), LONGEST_TEXT)
    }

    fn quoted(&mut self, text: &str) -> String {
        let value = self.heap().str(text);
        let shown = self.plain_repr(value);
        self.heap().release(value);
        shown
    }
}

fn symbols_of_partial(cx: &mut Context<'_>) -> [crate::machine::value::Symbol; 3] {
    ["func", "args", "keywords"].map(|name| cx.symbol(name))
}

/// How many characters stay at the beginning and at the end of what is cut to `most`.
fn ends(most: usize) -> (usize, usize) {
    let head = (most - 3) / 2;
    (head, most - 3 - head)
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        squeeze(text, most)
    }
}

/// Beginning and end with dots between.
fn squeeze(text: &str, most: usize) -> String {
    let (head, tail) = ends(most);
    let mut out: String = text.chars().take(head).collect();
    out.push_str("...");
    out.extend(text.chars().skip(text.chars().count().saturating_sub(tail)));
    out
}
