//! What programs see of tracebacks, frames and code: attributes of `__traceback__` and what it leads to.

use super::object::{Object, TraceEntry};
use super::value::{Symbol, Value};
use super::{Context, Outcome, types};
use crate::bytecode::Instruction;
use crate::bytecode::preemption::Version;
use crate::syntax::operation::last_comparison;

impl Context<'_> {
    /// `__traceback__` (owned): the frames of the program that the exception passed, None if there are none.
    pub fn traceback_object(&mut self, exception: Value) -> Value {
        let entries = match self.machine.heap.object(exception) {
            Some(Object::Exception(e)) => e.traceback.clone(),
            _ => Vec::new(),
        };
        self.traceback_of(entries)
    }

    fn traceback_of(&mut self, mut entries: Vec<TraceEntry>) -> Value {
        entries.retain(|e| self.machine.program.codes[e.code as usize].user);
        if entries.is_empty() {
            return Value::NONE;
        }
        for entry in &entries {
            self.machine.heap.retain(entry.frame);
        }
        self.heap().add(Object::Traceback(entries.into()))
    }

    /// Gives an exception another `__traceback__` (borrowed).
    pub fn give_traceback(&mut self, exception: Value, traceback: Value) -> Outcome<()> {
        let entries = match self.machine.heap.object(traceback) {
            Some(Object::Traceback(entries)) => entries.to_vec(),
            _ if traceback.is_none() => Vec::new(),
            _ => {
                return self.error(
                    types::TYPE_ERROR,
                    "__traceback__ must be a traceback or None",
                );
            }
        };
        for entry in &entries {
            self.machine.heap.retain(entry.frame);
        }
        self.set_traceback(exception, entries);
        self.catch(exception);
        Ok(())
    }

    /// An attribute of a traceback, a frame or a code (owned).
    pub(super) fn inspected(&mut self, object: Value, name: Symbol) -> Option<Value> {
        let name = self.name(name).to_owned();
        match self.machine.heap.object(object)? {
            Object::Traceback(entries) => {
                let (entry, inner) = entries.split_last()?;
                let (entry, inner) = (*entry, inner.to_vec());
                match name.as_str() {
                    "tb_frame" => Some(self.heap().retain(entry.frame)),
                    "tb_next" => Some(self.traceback_of(inner)),
                    "tb_lineno" => Some(Value::int(self.machine.entry_line(&entry).into())),
                    _ => None,
                }
            }
            Object::Frame(held) => {
                let (code, line, back) = (held.code, held.line, held.back);
                match name.as_str() {
                    "f_code" => Some(self.heap().add(Object::Code(code))),
                    "f_lineno" => {
                        let running = self.thread.frames.iter().find(|f| f.object.is(object));
                        Some(Value::int(running.map_or(line, |f| f.line).into()))
                    }
                    "f_back" => Some(self.heap().retain(back.given().unwrap_or(Value::NONE))),
                    _ => None,
                }
            }
            Object::Code(code) => {
                let linked = self.machine.program.codes[*code as usize].clone();
                match name.as_str() {
                    "co_name" => Some(self.heap().str(&linked.code.name)),
                    "co_qualname" => Some(self.heap().str(&linked.code.qualified_name)),
                    "co_filename" => {
                        let file = self.machine.file.clone();
                        Some(self.heap().str(&file))
                    }
                    "co_firstlineno" => Some(Value::int(linked.code.first_line.into())),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl super::Machine {
    /// The line of the program at which an exception passed a frame.
    pub(super) fn entry_line(&self, entry: &TraceEntry) -> u32 {
        let code = &self.program.codes[entry.code as usize].code;
        if let Some((start, _)) = self.statement_of(entry)
            && let Some(before) = self.source.get(..start as usize)
        {
            return before.matches('\n').count() as u32 + 1;
        }
        let line = code.lines.get(entry.instruction as usize);
        line.copied().unwrap_or(code.first_line)
    }

    /// The statement at which CPython places an instruction that here has a place of its own.
    fn statement_of(&self, entry: &TraceEntry) -> Option<(u32, u32)> {
        let code = &self.program.codes[entry.code as usize].code;
        let at = entry.instruction as usize;
        let found = code
            .statements
            .binary_search_by_key(&entry.instruction, |(at, _)| *at);
        let (_, statement) = code.statements[found.ok()?];
        let last = match code.instructions[at] {
            // An assertion has the place of a comparison that its test ends with.
            Instruction::Raise(_) if self.version == Version::V3_11 => {
                let (start, end) = code.spans[at];
                let test = self.source.get(start as usize..end as usize)?;
                return Some(match last_comparison(test) {
                    Some(part) => (start + part.start as u32, start + part.end as u32),
                    None => statement,
                });
            }
            // What `__exit__` gave is looked at by the whole statement.
            Instruction::JumpIfTrue(_)
                if code.instructions.get(at + 1) == Some(&Instruction::Reraise(1)) =>
            {
                Version::V3_12
            }
            Instruction::Format { .. }
            | Instruction::JumpIfFalse(_)
            | Instruction::JumpIfTrue(_) => Version::V3_11,
            // Of `super()`, which is one instruction with it since 3.12.
            Instruction::LoadAttribute(_) | Instruction::LoadMethod(_) => {
                return (self.version >= Version::V3_12).then_some(statement);
            }
            Instruction::GetAsyncNext => return Some(statement),
            _ if at > 1 && code.instructions[at - 2] == Instruction::GetAsyncNext => {
                return Some(statement);
            }
            _ => Version::V3_12,
        };
        (self.version <= last).then_some(statement)
    }

    /// The part of the source that an instruction has in CPython.
    pub(super) fn entry_span(&self, entry: &TraceEntry) -> Option<(u32, u32)> {
        let code = &self.program.codes[entry.code as usize].code;
        let own = code.spans.get(entry.instruction as usize);
        self.statement_of(entry).or(own.copied())
    }
}
