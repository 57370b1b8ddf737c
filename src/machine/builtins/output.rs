//! `print`, and writing to stdout and stderr.

use crate::machine::frame::After;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::value::Value;
use crate::machine::{Context, Control, Outcome, Trap, types};
use crate::trace::{Event, FLAG_STDERR, Kind};

pub static GROUP: Group = Group {
    place: Place::Builtins,
    natives: FUNCTIONS,
};
pub static KERNEL: Group = Group {
    place: Place::Module("_kernel"),
    natives: KERNEL_FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[define("print", "| sep= end= file= flush= *values", print)];

const KERNEL_FUNCTIONS: &[Definition] = &[define("write", "text stderr", |cx, a| {
    let text = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
    let stderr = cx.truth(a[1])?;
    cx.write(&text, stderr)?;
    Err(Control::Trap(Box::new(Trap::Write)))
})];

/// One operation, as on a terminal: what is printed at once is never torn.
fn print(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let separator = word(cx, a[0], " ", "sep")?;
    let end = word(cx, a[1], "\n", "end")?;
    let mut stderr = false;
    let mut target = None;
    if let Some(file) = a[2]
        .given()
        .filter(|f| !f.is_none())
        .or_else(|| cx.standard("stdout"))
    {
        match cx.stream(file) {
            Some(to_stderr) => stderr = to_stderr,
            None => target = Some(file),
        }
    }
    let mut text = String::new();
    for (at, value) in a[4..].iter().enumerate() {
        if at > 0 {
            text.push_str(&separator);
        }
        text.push_str(&cx.str(*value)?);
    }
    text.push_str(&end);
    if let Some(target) = target {
        let name = cx.symbol("write");
        let write = cx.get_attribute(target, name, After::Push)?;
        let text = cx.heap().str(&text);
        let result = cx.call_now(write, &[text]);
        cx.heap().release_all([write, text]);
        let result = result?;
        cx.heap().release(result);
        if let Some(flush) = a[3].given()
            && cx.truth(flush)?
        {
            let name = cx.symbol("flush");
            let flush = cx.get_attribute(target, name, After::Push)?;
            let result = cx.call_now(flush, &[]);
            cx.heap().release(flush);
            let result = result?;
            cx.heap().release(result);
        }
        return Ok(Value::NONE);
    }
    cx.write(&text, stderr)?;
    Err(Control::Trap(Box::new(Trap::Write)))
}

fn word(cx: &mut Context<'_>, value: Value, default: &str, name: &str) -> Outcome<String> {
    match value.given().filter(|v| !v.is_none()) {
        None => Ok(default.to_owned()),
        Some(v) => match cx.machine.heap.text(v) {
            Some(text) => Ok(text.to_owned()),
            None => {
                let text = [name, " must be None or a string, not ", &cx.type_name(v)].concat();
                cx.error(types::TYPE_ERROR, &text)
            }
        },
    }
}

impl Context<'_> {
    /// `sys.stdout` or `sys.stderr`, borrowed, if the program has `sys`.
    fn standard(&mut self, name: &str) -> Option<Value> {
        let module = self.machine.find_module("sys")?;
        let name = self.symbol(name);
        self.module_attribute(module, name)
    }

    /// What the program put in the place of `sys.stderr`, borrowed.
    pub fn replaced_stderr(&mut self) -> Option<Value> {
        let target = self.standard("stderr")?;
        (!target.is_none() && self.stream(target).is_none()).then_some(target)
    }

    /// Whether an object stands for stdout (false) or stderr (true): it has the attribute `_stderr` of the library's `sys`.
    fn stream(&mut self, file: Value) -> Option<bool> {
        let name = self.symbol("_stderr");
        self.instance(file)?
            .attributes
            .get(name)
            .map(|v| v.is(Value::TRUE))
    }

    /// Writes text and records it.
    pub fn write(&mut self, text: &str, stderr: bool) -> Outcome<()> {
        if text.is_empty() {
            return Ok(());
        }
        if self.machine.written + text.len() > self.machine.limits.output {
            return Err(Control::Limit("output"));
        }
        self.machine.written += text.len();
        self.machine.watch.write(text, stderr);
        let (a, b) = if stderr {
            self.machine.recorder.write_stderr(text.as_bytes())
        } else {
            self.machine.recorder.write_stdout(text.as_bytes())
        };
        self.record(Event {
            a,
            b,
            flags: if stderr { FLAG_STDERR } else { 0 },
            ..self.event(Kind::Output)
        });
        Ok(())
    }
}
