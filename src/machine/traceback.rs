//! Tracebacks, as CPython prints them; frames of the simulated library are left out.

use super::carets::{Part, Printer};
use super::frame::Frame;
use super::object::{Object, TraceEntry};
use super::value::Value;
use super::{Context, Control, Machine, Outcome};
use crate::bytecode::preemption::Version;

/// Lines that CPython prints before an exception that led to another.
const BECAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const DURING: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// A traceback in pieces: the module `traceback` gives them one by one.
type Pieces = Vec<String>;

/// How many exceptions are printed at most: nothing goes deeper than that.
const LONGEST: usize = 200;

/// An exception with what is printed before it and what it is a group of.
struct Tree {
    exception: Value,
    before: Option<(Box<Tree>, &'static str)>,
    members: Option<Vec<Tree>>,
    /// Whoever prints it takes the frame of a group around it for closed afterwards.
    closes: bool,
}

impl Machine {
    /// A line of the program, from 1.
    pub fn source_line(&self, line: u32) -> Option<&str> {
        self.source.lines().nth((line as usize).checked_sub(1)?)
    }
}

impl Context<'_> {
    /// The whole traceback of an exception with what led to it.
    pub fn traceback(&mut self, exception: Value) -> String {
        if self.machine.version >= Version::V3_13 {
            return self.traceback_by_library(exception);
        }
        let mut seen = Vec::new();
        let tree = self.chained(exception, &mut seen);
        let mut text = Pieces::new();
        self.write_traceback(&tree, &mut text, "", Printer::Interpreter);
        text.concat()
    }

    /// The same as the module `traceback` gives it.
    pub fn traceback_by_library(&mut self, exception: Value) -> String {
        self.traceback_pieces(exception).concat()
    }

    /// The same in the pieces that the module gives.
    pub fn traceback_pieces(&mut self, exception: Value) -> Vec<String> {
        let mut text = Pieces::new();
        let tree = self.chained_by_library(exception);
        self.write_traceback(&tree, &mut text, "", self.printer_of_library());
        text
    }

    /// The pieces of a traceback's entries as the module `traceback` gives them.
    pub fn entries_by_library(&self, entries: &[TraceEntry]) -> Vec<String> {
        let mut text = Pieces::new();
        self.write_entries(entries, &mut text, "", self.printer_of_library());
        text
    }

    /// How the module `traceback` prints.
    fn printer_of_library(&self) -> Printer {
        match self.machine.version >= Version::V3_13 {
            true => Printer::LibraryOfLines,
            false => Printer::Library,
        }
    }

    /// What led to an exception, the cause before the context, and how that is said.
    fn led_to(&self, exception: Value) -> Option<(Value, &'static str)> {
        let Some(Object::Exception(e)) = self.machine.heap.object(exception) else {
            return None;
        };
        let context = || e.context.given().filter(|_| !e.suppress_context);
        match e.cause.given() {
            Some(cause) => Some((cause, BECAUSE)),
            None => context().map(|context| (context, DURING)),
        }
    }

    /// What is printed of an exception: what led to it unless that was printed before, then its members one by one. CPython 3.12,
    /// Python/pythonrun.c, print_exception_recursive.
    fn chained(&mut self, exception: Value, seen: &mut Vec<Value>) -> Tree {
        seen.push(exception);
        let before = self
            .led_to(exception)
            .filter(|(other, _)| seen.len() < LONGEST && !seen.iter().any(|s| s.is(*other)))
            .map(|(other, said)| (Box::new(self.chained(other, seen)), said));
        let members = self.machine.group_members(exception);
        let members =
            members.map(|members| members.iter().map(|m| self.chained(*m, seen)).collect());
        Tree {
            exception,
            before,
            closes: members.is_some(),
            members,
        }
    }

    /// The same as the library decides it: all members count as printed before what led to any of them, and the last one is asked
    /// first. CPython 3.12, Lib/traceback.py, TracebackException.__init__.
    fn chained_by_library(&mut self, exception: Value) -> Tree {
        let mut seen = vec![exception];
        self.tree_by_library(exception, &mut seen)
    }

    fn tree_by_library(&mut self, exception: Value, seen: &mut Vec<Value>) -> Tree {
        let before = self
            .led_to(exception)
            .filter(|(other, _)| seen.len() < LONGEST && !seen.iter().any(|s| s.is(*other)));
        seen.extend(before.map(|(other, _)| other));
        let members = self.machine.group_members(exception);
        seen.extend(members.iter().flatten());
        let members = members.map(|members| {
            let trees = members.iter().rev().map(|m| self.tree_by_library(*m, seen));
            let mut trees: Vec<Tree> = trees.collect();
            trees.reverse();
            trees
        });
        let before =
            before.map(|(other, said)| (Box::new(self.tree_by_library(other, seen)), said));
        // The library does not tell a group from one that led to the exception.
        let group_before = before.as_ref().is_some_and(|(before, _)| before.closes);
        Tree {
            exception,
            before,
            closes: members.is_some() || group_before,
            members,
        }
    }

    /// The line of an exception with what it may mean, which the library says only from 3.12 on; names only if its frames are known.
    pub fn last_line(&mut self, exception: Value, printer: Printer, framed: bool) -> String {
        let mut last = self.exception_line(exception);
        let by_library = printer != Printer::Interpreter;
        if !by_library || self.machine.version.at_least(3, 12) {
            let suggestion = self.suggestion(exception, by_library, framed);
            // The library adds it to the exception's text, be that empty.
            if by_library && !suggestion.is_empty() && !last.contains(':') {
                last += ": ";
            }
            last += &suggestion;
        }
        last
    }

    fn write_traceback(&mut self, tree: &Tree, text: &mut Pieces, indent: &str, printer: Printer) {
        let exception = tree.exception;
        let Some(Object::Exception(e)) = self.machine.heap.object(exception) else {
            return;
        };
        let entries = e.traceback.clone();
        if let Some((before, said)) = &tree.before {
            self.write_traceback(before, text, indent, printer);
            text.push(String::new());
            push(text, indent, said);
        }
        let members = &tree.members;
        let margin = match (&members, indent) {
            (Some(_), "") => "  | ",
            _ => indent,
        };
        let head = match (&members, indent) {
            (Some(_), "") => "+ Exception Group Traceback (most recent call last):\n",
            (Some(_), _) => "Exception Group Traceback (most recent call last):\n",
            _ => "Traceback (most recent call last):\n",
        };
        self.write_stack(entries, text, margin, head, printer);
        let mut last = self.last_line(exception, printer, true);
        if let Some(members) = members {
            let s = if members.len() == 1 { "" } else { "s" };
            if !last.contains("sub-exception") {
                last.push_str(&format!(" ({} sub-exception{s})", members.len()));
            }
        }
        last.push('\n');
        text.push(String::new());
        match printer {
            // The interpreter gives only the first line a margin.
            Printer::Interpreter => text.push([margin, &last].concat()),
            _ => push(text, margin, &last),
        }
        for line in self
            .notes(exception, printer)
            .concat()
            .split_inclusive('\n')
        {
            text.push(String::new());
            push(text, margin, line);
        }
        if let Some(members) = members {
            let inner = [margin.trim_end_matches("| "), "  | "].concat();
            let edge = margin.trim_end_matches("| ");
            let edge = if edge.is_empty() { "  " } else { edge };
            for (at, member) in members.iter().enumerate() {
                let corner = if at == 0 { "+-" } else { "  " };
                text.push(format!(
                    "{edge}{corner}+---------------- {} ----------------\n",
                    at + 1
                ));
                self.write_traceback(member, text, &inner, printer);
            }
            let closed = members.last().is_some_and(|m| m.closes);
            if !closed {
                text.push(format!("{edge}  +------------------------------------\n"));
            }
        }
    }

    /// The head and the lines of a traceback's entries but for the library's; nothing if there are none.
    fn write_stack(
        &self,
        mut entries: Vec<TraceEntry>,
        text: &mut Pieces,
        margin: &str,
        head: &str,
        printer: Printer,
    ) {
        entries.retain(|e| self.machine.program.codes[e.code as usize].user);
        if !entries.is_empty() {
            // The head of the outermost group has its plus in the margin.
            let before = if head.starts_with('+') { "  " } else { margin };
            text.push(String::new());
            push(text, before, head);
        }
        self.write_entries(&entries, text, margin, printer);
    }

    /// The lines of a traceback's entries, the raising frame first, as CPython prints them.
    fn write_entries(
        &self,
        entries: &[TraceEntry],
        text: &mut Pieces,
        margin: &str,
        printer: Printer,
    ) {
        let mut outer = None;
        let mut repeated = Repeated::default();
        for (place, entry) in entries.iter().enumerate().rev() {
            // From 3.12 on comprehensions are part of the function they are in. PEP 709.
            if let Some(inner) = place.checked_sub(1).map(|inner| &entries[inner])
                && self.machine.version >= Version::V3_12
                && self.is_comprehension(inner)
            {
                outer.get_or_insert(entry.code);
                continue;
            }
            let function = outer.take().unwrap_or(entry.code);
            let function = self.machine.program.codes[function as usize].clone();
            let line = self.machine.entry_line(entry);
            if self.machine.version.at_least(3, 6) && !repeated.shows(line, &function.code.name) {
                continue;
            }
            if let Some(text_of) = repeated.told.take() {
                text.push(String::new());
                push(text, margin, &text_of);
            }
            text.push(String::new());
            let place = format!(
                "  File \"{}\", line {line}, in {}\n",
                self.machine.file, function.code.name
            );
            push(text, margin, &place);
            // When modules come to an end the interpreter cannot read the file any more.
            let readable = printer != Printer::Interpreter || self.machine.ending < 2;
            let shown = readable.then(|| self.source_of(entry, line, printer));
            for shown in shown.into_iter().flatten() {
                push(text, margin, &["    ", &shown, "\n"].concat());
            }
        }
        repeated.end();
        if let Some(text_of) = repeated.told.take() {
            text.push(String::new());
            push(text, margin, &text_of);
        }
    }

    fn is_comprehension(&self, entry: &TraceEntry) -> bool {
        let name = &self.machine.program.codes[entry.code as usize].code.name;
        matches!(name.as_str(), "<listcomp>" | "<setcomp>" | "<dictcomp>")
    }

    /// What an entry shows of the program, and the marks below it, which there are from CPython 3.11 on.
    fn source_of(&self, entry: &TraceEntry, line: u32, printer: Printer) -> Vec<String> {
        let Some(first) = self.machine.source_line(line) else {
            return Vec::new();
        };
        // The line's own place in the source, which the spans count from.
        let offset = first.as_ptr() as usize - self.machine.source.as_ptr() as usize;
        let place = |span: u32| (span as usize).checked_sub(offset);
        let span = self.machine.entry_span(entry);
        let Some((Some(start), Some(end))) = span.map(|(start, end)| (place(start), place(end)))
        else {
            return vec![first.trim().to_owned()];
        };
        let text = &self.machine.source[offset..];
        let last = text[..end].rfind('\n').map_or(0, |line| line + 1);
        let count = text[..end].matches('\n').count() + 1;
        let part = Part {
            lines: text.lines().take(count).collect(),
            start,
            end: end - last,
            parses: self.machine.ending < 2,
            marked: match printer {
                Printer::Interpreter => {
                    let version = self.machine.version;
                    version >= Version::V3_11 && version < Version::V3_13
                }
                _ => self.machine.version >= Version::V3_11,
            },
        };
        super::carets::shown(&part, printer)
    }

    /// The notes of an exception; what is no list of them is shown as such. CPython 3.12, Lib/traceback.py, TracebackException.format_exception_only.
    pub fn notes(&mut self, exception: Value, printer: Printer) -> Vec<String> {
        let Some(Object::Exception(e)) = self.machine.heap.object(exception) else {
            return Vec::new();
        };
        let Some(notes) = e.attributes.get(super::symbols::NOTES) else {
            return Vec::new();
        };
        let early = self.machine.version == Version::V3_11;
        let items = match self.machine.heap.object(notes) {
            Some(Object::List(_) | Object::Tuple(_) | Object::Range(_)) => self.items(notes),
            // In 3.11 a text is a sequence of notes, and others end without a line feed.
            Some(Object::Str(_) | Object::Bytes(_)) if early => self.items(notes),
            _ if notes.is_none() && printer != Printer::Interpreter => return Vec::new(),
            _ => {
                let text = self.repr(notes);
                let text = self.text_or(text, "<__notes__ repr() failed>");
                return vec![text + if early { "" } else { "\n" }];
            }
        };
        let mut texts = Vec::new();
        for note in items.unwrap_or_default() {
            let text = self.str(note);
            self.heap().release(note);
            texts.push(self.text_or(text, "<note str() failed>") + "\n");
        }
        texts
    }

    /// What `str` or `repr` gave, or what stands for it where that failed.
    pub fn text_or(&mut self, text: Outcome<String>, failed: &str) -> String {
        match text {
            Ok(text) => text,
            Err(Control::Raise(e)) => {
                self.heap().release(e);
                failed.to_owned()
            }
            Err(_) => String::new(),
        }
    }

    /// An exception that nobody can catch any more (a finalizer's): reported on stderr and dropped (owned). What led to it is not told. CPython 3.12,
    /// Python/errors.c, write_unraisable_exc_file.
    pub fn report_ignored(&mut self, exception: Value, owner: Value) {
        let function = match self.machine.heap.object(owner) {
            Some(Object::Instance(_)) => self.special(owner, super::symbols::DELETE),
            _ => None,
        };
        let owner = self.repr(function.unwrap_or(owner));
        let owner = self.text_or(owner, "<object repr() failed>");
        let mut entries = match self.machine.heap.object(exception) {
            Some(Object::Exception(e)) => e.traceback.clone(),
            _ => Vec::new(),
        };
        if entries.is_empty() {
            let here = |frame: &Frame| TraceEntry {
                code: frame.code,
                instruction: frame.pc.saturating_sub(1),
                frame: Value::NULL,
            };
            entries.extend(self.thread.frames.last().map(here));
        }
        let mut text = vec![["Exception ignored in: ", &owner, "\n"].concat()];
        self.write_stack(
            entries,
            &mut text,
            "",
            "Traceback (most recent call last):\n",
            Printer::Interpreter,
        );
        let line = self.exception_line(exception);
        // Here the interpreter shows an empty text as well.
        let empty = if line.contains(": ") { "" } else { ": " };
        text.extend([&line, empty, "\n"].map(str::to_owned));
        self.write_error(&text.concat());
        self.heap().release(exception);
    }
}

/// Frames that follow each other and are at the same line of the same function: only the first three are shown. CPython 3.12,
/// Python/traceback.c, tb_printinternal.
#[derive(Default)]
struct Repeated {
    line: u32,
    name: String,
    count: usize,
    /// How often the frames before were repeated, to be printed.
    told: Option<String>,
}

impl Repeated {
    const SHOWN: usize = 3;

    fn shows(&mut self, line: u32, name: &str) -> bool {
        if self.count == 0 || self.line != line || self.name != name {
            self.end();
            self.line = line;
            self.name = name.to_owned();
        }
        self.count += 1;
        self.count <= Repeated::SHOWN
    }

    fn end(&mut self) {
        let more = std::mem::take(&mut self.count).saturating_sub(Repeated::SHOWN);
        if more > 0 {
            let s = if more == 1 { "" } else { "s" };
            self.told = Some(format!("  [Previous line repeated {more} more time{s}]\n"));
        }
    }
}

/// Adds lines to the piece begun last.
fn push(pieces: &mut Pieces, indent: &str, lines: &str) {
    let Some(text) = pieces.last_mut() else {
        return;
    };
    for line in lines.split_inclusive('\n') {
        text.push_str(indent);
        text.push_str(line);
    }
}
