//! Bytecode: what the compiler hands over and the machine runs.
//!
//! It knows the syntax tree it is made from, and nothing of values, of running or of time.

pub mod compile;
mod disassemble;
mod effect;
pub mod instruction;
pub mod marks;
pub mod preemption;
mod verify;

use std::rc::Rc;

pub use compile::{Options, compile};
pub use disassemble::disassemble;
pub use effect::Effect;
pub use instruction::{Comparison, Conversion, Instruction, Operator};
pub use preemption::{PreemptionRules, Version};
pub use verify::verify;

/// The code of a module, a function, a class body or a comprehension.
#[derive(Debug, Default)]
pub struct Code {
    /// `deposit`, `<module>`, `<listcomp>`.
    pub name: String,
    /// `Account.deposit`, `main.<locals>.worker`.
    pub qualified_name: String,
    /// The line of the `def` or `class`, 1 for a module.
    pub first_line: u32,
    pub kind: CodeKind,
    /// What runs. The machine never looks outside of it.
    pub instructions: Vec<Instruction>,
    /// For each instruction the source it comes from, as byte offsets, for carets in tracebacks.
    pub spans: Vec<(u32, u32)>,
    /// For each instruction its line.
    pub lines: Vec<u32>,
    pub constants: Vec<Constant>,
    pub names: Vec<String>,
    /// Names of the slots: parameters (positional-only, others, keyword-only, `*args`, `**kwargs`), locals, cells that are no parameters, free variables.
    pub slots: Vec<String>,
    pub parameters: Parameters,
    /// Slots from this one on are free variables, filled from the function's closure in order.
    pub first_free: u32,
    /// The most values on the stack at once.
    pub stack_size: u32,
    /// Handlers, the innermost first for any instruction.
    pub handlers: Vec<Handler>,
    /// For a call whose result is bound to a plain name (`lock = Lock()`, `self.lock = Lock()`, `with pool() as p`): the call's instruction and
    /// the name, in order of instructions. It names locks and tasks in sentences.
    pub bindings: Vec<(u32, String)>,
    /// Instructions that CPython to 3.12 places at a whole statement, and that, in order of instructions.
    pub statements: Vec<(u32, (u32, u32))>,
    pub docstring: Option<String>,
}

/// What a piece of code is when called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeKind {
    #[default]
    Module,
    Class,
    Function,
    Generator,
    Coroutine,
    AsyncGenerator,
    /// A comprehension, called with its outermost iterator as only argument.
    Comprehension,
    GeneratorExpression,
    AsyncComprehension,
    AsyncGeneratorExpression,
}

/// How many parameters of each sort, in the order of the slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    pub positional_only: u16,
    /// Positional or keyword, without the positional-only.
    pub positional: u16,
    pub keyword_only: u16,
    pub star: bool,
    pub double_star: bool,
}

/// An exception raised by instructions `start..end` goes to `target`, with the stack cut to `depth` and the exception pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    pub depth: u32,
}

/// A constant.
#[derive(Clone, Debug)]
pub enum Constant {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// An integer beyond 64 bits, in decimal.
    BigInt(String),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    Tuple(Vec<Constant>),
    FrozenSet(Vec<Constant>),
    Code(Rc<Code>),
}
