//! What the page asks of its worker, and what that answers: the payloads of their [messages](crate::message).
//!
//! A [`Request`] to run is answered by a [`Program`] and then the bytes of its trace; one to explore by how far it is, now
//! and then, and at last a [`Sheet`]; both by a list of [`Fault`]s if the program cannot run. What is pressed on a sheet is
//! told to the worker that sent it, which answers with the next one.

pub mod sheet;

pub use sheet::Sheet;

use crate::scenario::Opening;
use crate::settings::Runtime;
pub use crate::syntax::highlight::Class;

/// Page to worker: run this. The payload is a [`Request`].
pub const RUN: u8 = 1;
/// Worker to page: what is going to run. The payload is a [`Program`].
pub const PROGRAM: u8 = 2;
/// Worker to page: the run, as the bytes of a trace.
pub const TRACE: u8 = 3;
/// Worker to page: it cannot run. The payload is a list of [`Fault`]s.
pub const REJECTED: u8 = 4;
/// Page to worker: explore all orders of this. The payload is a [`Request`].
pub const EXPLORE: u8 = 5;
/// Worker to page: how many states it has seen. The payload is that number, in little endian.
pub const PROGRESS: u8 = 6;
/// Worker to page: what was found, as far as it was asked for. The payload is a [`Sheet`].
pub const SHEET: u8 = 7;
/// Page to worker: what was pressed on the sheet. The payload is its text.
pub const TELL: u8 = 8;
/// Page to worker: the orders of this may have to be explored later. The payload is a [`Request`]; there is no answer.
pub const PREPARE: u8 = 9;
/// A program to be run, or explored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The scenario whose program and settings it starts from.
    pub scenario: String,
    /// The program, if it is not the scenario's own.
    pub text: Option<String>,
    /// None lets the program decide.
    pub runtime: Option<Runtime>,
    /// Names and values that win over the scenario's.
    pub settings: Vec<(String, String)>,
}

/// All of them, in the order of their numbers.
const CLASSES: [Class; 7] = [
    Class::Keyword,
    Class::Text,
    Class::Number,
    Class::Comment,
    Class::Builtin,
    Class::Definition,
    Class::Suspension,
];

/// A coloured piece of the program, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub start: u32,
    pub end: u32,
    pub class: Class,
}

/// A program that is going to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// What a person should look for in the scenario, in one sentence.
    pub summary: String,
    /// The edited program, or the scenario's without its header.
    pub source: String,
    /// Whether it differs from the scenario's own.
    pub edited: bool,
    /// In the order of the text; they do not overlap.
    pub pieces: Vec<Piece>,
    /// What it can run under, the default first.
    pub offered: Vec<Runtime>,
    /// What it does run under.
    pub runtime: Option<Runtime>,
    /// The version whose rules hold: "3.12".
    pub python: String,
    pub opening: Opening,
    /// What a person should know, as a sentence: that it does not run under the chosen runtime. Mostly empty.
    pub notice: String,
}

/// Why a program does not run, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// Line and column, from 1, and the exclusive end; 0 for what has no place in the program.
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub message: String,
    pub hints: Vec<String>,
}

impl Request {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.text(&self.scenario);
        out.number(self.text.is_some().into());
        out.text(self.text.as_deref().unwrap_or(""));
        out.number(runtime_number(self.runtime));
        out.number(self.settings.len() as u32);
        for (name, value) in &self.settings {
            out.text(name);
            out.text(value);
        }
        out.0
    }

    /// The request in these bytes, if they are one.
    pub fn decode(bytes: &[u8]) -> Option<Request> {
        let mut bytes = Reader(bytes);
        Some(Request {
            scenario: bytes.text()?,
            text: {
                let is_there = bytes.number()? != 0;
                Some(bytes.text()?).filter(|_| is_there)
            },
            runtime: runtime_from(bytes.number()?)?,
            settings: bytes.list(|bytes| Some((bytes.text()?, bytes.text()?)))?,
        })
    }
}

impl Program {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.text(&self.summary);
        out.text(&self.source);
        out.number(self.edited.into());
        out.number(self.pieces.len() as u32);
        for piece in &self.pieces {
            out.number(piece.start);
            out.number(piece.end);
            out.number(piece.class as u32);
        }
        out.number(self.offered.len() as u32);
        for &runtime in &self.offered {
            out.number(runtime_number(Some(runtime)));
        }
        out.number(runtime_number(self.runtime));
        out.text(&self.python);
        let (kind, step) = match self.opening {
            Opening::Start => (0, 0),
            Opening::Finding => (1, 0),
            Opening::End => (2, 0),
            Opening::Step(step) => (3, step),
        };
        out.number(kind);
        out.number(step);
        out.text(&self.notice);
        out.0
    }

    /// The program in these bytes, if they are one.
    pub fn decode(bytes: &[u8]) -> Option<Program> {
        let mut bytes = Reader(bytes);
        Some(Program {
            summary: bytes.text()?,
            source: bytes.text()?,
            edited: bytes.number()? != 0,
            pieces: bytes.list(|bytes| {
                Some(Piece {
                    start: bytes.number()?,
                    end: bytes.number()?,
                    class: *CLASSES.get(bytes.number()? as usize)?,
                })
            })?,
            offered: bytes.list(|bytes| runtime_from(bytes.number()?)?)?,
            runtime: runtime_from(bytes.number()?)?,
            python: bytes.text()?,
            opening: match (bytes.number()?, bytes.number()?) {
                (0, _) => Opening::Start,
                (1, _) => Opening::Finding,
                (2, _) => Opening::End,
                (_, step) => Opening::Step(step),
            },
            notice: bytes.text()?,
        })
    }
}

impl Fault {
    /// A fault without a place.
    pub fn new(message: impl Into<String>) -> Fault {
        Fault {
            message: message.into(),
            ..Fault::default()
        }
    }

    pub fn encode_all(faults: &[Fault]) -> Vec<u8> {
        let mut out = Writer::default();
        out.number(faults.len() as u32);
        for fault in faults {
            for number in [fault.line, fault.column, fault.end_line, fault.end_column] {
                out.number(number);
            }
            out.text(&fault.message);
            out.number(fault.hints.len() as u32);
            for hint in &fault.hints {
                out.text(hint);
            }
        }
        out.0
    }

    /// The faults in these bytes, if they are some.
    pub fn decode_all(bytes: &[u8]) -> Option<Vec<Fault>> {
        Reader(bytes).list(|bytes| {
            Some(Fault {
                line: bytes.number()?,
                column: bytes.number()?,
                end_line: bytes.number()?,
                end_column: bytes.number()?,
                message: bytes.text()?,
                hints: bytes.list(Reader::text)?,
            })
        })
    }
}

/// 0 is none, else a runtime's place in the list of all.
fn runtime_number(runtime: Option<Runtime>) -> u32 {
    runtime.map_or(0, |runtime| runtime as u32 + 1)
}

fn runtime_from(number: u32) -> Option<Option<Runtime>> {
    match number.checked_sub(1) {
        None => Some(None),
        Some(index) => Runtime::ALL.get(index as usize).copied().map(Some),
    }
}

/// Numbers are 32 bits in little endian; texts are their length and UTF-8; lists are their length and items.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend_from_slice(text.as_bytes());
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.number()?;
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(item(self)?);
        }
        Some(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_back() {
        for request in [
            Request::default(),
            Request {
                scenario: "lost_deposit".to_owned(),
                text: Some("print('é')\n".to_owned()),
                runtime: Some(Runtime::FreeThreaded),
                settings: vec![("cores".to_owned(), "4".to_owned())],
            },
        ] {
            assert_eq!(Request::decode(&request.encode()), Some(request));
        }
    }

    #[test]
    fn classes_are_in_order() {
        for (i, class) in CLASSES.iter().enumerate() {
            assert_eq!(*class as usize, i);
        }
    }

    #[test]
    fn a_program_comes_back() {
        let program = Program {
            summary: "Look.".to_owned(),
            source: "x = 1\n".to_owned(),
            edited: true,
            pieces: vec![Piece {
                start: 4,
                end: 5,
                class: Class::Number,
            }],
            offered: vec![Runtime::Threads, Runtime::FreeThreaded],
            runtime: Some(Runtime::Threads),
            python: "3.12".to_owned(),
            opening: Opening::Step(41),
            notice: "It runs.".to_owned(),
        };
        let bytes = program.encode();
        assert_eq!(Program::decode(&bytes), Some(program));
        for end in 0..bytes.len() {
            assert_eq!(Program::decode(&bytes[..end]), None);
        }
    }

    #[test]
    fn faults_come_back() {
        let fault = Fault {
            line: 3,
            column: 1,
            end_line: 3,
            end_column: 4,
            message: "no foo".to_owned(),
            hints: vec!["write bar".to_owned()],
        };
        let faults = vec![fault, Fault::new("the settings are odd")];
        assert_eq!(Fault::decode_all(&Fault::encode_all(&faults)), Some(faults));
    }
}
