//! What lives in the heap.

use std::collections::VecDeque;
use std::rc::Rc;

use super::asyncio::object::{Callback, EventLoop, Future};
use super::dict::Dict;
use super::frame::Suspended;
use super::operate::Big;
use super::set::Set;
use super::value::{Symbol, Value};
use crate::trace::{ThingId, Wait};

/// An object. Small ones are inline, larger ones boxed, so that a slot of the heap stays small.
#[derive(Clone)]
pub enum Object {
    /// A free slot; the next free one.
    Free(u32),
    Str(Text),
    Bytes(Rc<[u8]>),
    ByteArray(Vec<u8>),
    /// An integer outside of 64 bits.
    BigInt(Rc<Big>),
    List(Vec<Value>),
    Tuple(Box<[Value]>),
    Dict(Box<Dict>),
    Set(Box<Set>, Frozen),
    Deque(Box<Deque>),
    /// start, stop, step
    Range(Box<[i64; 3]>),
    Slice(Box<[Value; 3]>),
    Iterator(Box<Iterator>),
    /// Of a range; most loops have one, so it lies in its slot.
    RangeIterator {
        next: i64,
        step: i64,
        left: u64,
    },
    DictView(Value, ViewKind),
    Function(Box<Function>),
    Class(Box<Class>),
    Instance(Box<Instance>),
    Exception(Box<Exception>),
    /// A function or native and the object it is called on.
    Method(Box<[Value; 2]>),
    /// getter, setter, deleter
    Property(Box<[Value; 3]>),
    ClassMethod(Value),
    StaticMethod(Value),
    /// `super(class, object)`
    Super(Box<[Value; 2]>),
    Cell(Value),
    Generator(Box<Generator>),
    /// A frame that a traceback refers to.
    Frame(Box<Held>),
    /// `__traceback__`: the raising frame first.
    Traceback(Box<[TraceEntry]>),
    /// What a frame or a function executes.
    Code(u32),
    /// One step of an async generator (`__anext__`, `asend`, `athrow`, `aclose`), an awaitable.
    AsyncStep(Box<AsyncStep>),
    Future(Box<Future>),
    Handle(Box<Callback>),
    Loop(Box<EventLoop>),
    Lock(Box<Lock>),
}

impl Object {
    /// Whether it never changes; what it is made of may.
    pub fn is_constant(&self) -> bool {
        matches!(
            self,
            Object::Str(_)
                | Object::Bytes(_)
                | Object::BigInt(_)
                | Object::Tuple(_)
                | Object::Method(_)
        )
    }

    /// Whether it hardly ever changes; what it is made of may.
    pub fn is_lasting(&self) -> bool {
        let is_made_once = matches!(
            self,
            Object::Free(_)
                | Object::Range(_)
                | Object::Slice(_)
                | Object::Code(_)
                | Object::Function(_)
                | Object::Class(_)
                | Object::Property(_)
                | Object::ClassMethod(_)
                | Object::StaticMethod(_)
        );
        is_made_once || self.is_constant()
    }
}

/// A set's mutability.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Frozen {
    No,
    Yes,
}

/// A string; shared, with its length in code points.
#[derive(Clone)]
pub struct Text {
    pub text: Rc<str>,
    /// In code points. Equal to the length in bytes when it is all ASCII, which makes indexing direct.
    pub length: u32,
}

impl Text {
    pub fn new(text: &str) -> Text {
        Text {
            length: text.chars().count() as u32,
            text: text.into(),
        }
    }
    pub fn is_ascii(&self) -> bool {
        self.length as usize == self.text.len()
    }
}

/// A double-ended queue with its `maxlen`.
#[derive(Clone, Default)]
pub struct Deque {
    pub items: VecDeque<Value>,
    pub limit: Option<usize>,
}

/// Which part of a dict a view or iterator shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ViewKind {
    Keys,
    Values,
    Items,
}

/// The built-in iterators. Each owns what it goes over.
#[derive(Clone)]
pub enum Iterator {
    /// A list, tuple, str or bytes by index; NULL once it is over.
    Sequence {
        of: Value,
        next: usize,
    },
    /// A list, tuple or str from its end; `next` counts down to 0.
    Reversed {
        of: Value,
        next: usize,
    },
    /// A dict or set; `size` as it was and how many are left, to notice changes.
    Dict {
        of: Value,
        next: usize,
        size: usize,
        left: usize,
        kind: ViewKind,
    },
    Deque {
        of: Value,
        next: usize,
        size: usize,
    },
    Enumerate {
        of: Value,
        count: i64,
    },
    Zip {
        of: Vec<Value>,
        strict: bool,
    },
    /// `iter(function, sentinel)`
    Calls {
        function: Value,
        sentinel: Value,
    },
    Map {
        function: Value,
        of: Vec<Value>,
    },
    /// None as function keeps what is true.
    Filter {
        function: Value,
        of: Value,
    },
}

/// Attributes in order of their creation.
#[derive(Clone, Default)]
pub struct Attributes(pub Vec<(Symbol, Value)>);

impl Attributes {
    #[inline]
    pub fn get(&self, name: Symbol) -> Option<Value> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }
    /// Puts a value and gives back the one that was there. Counts are the caller's.
    pub fn set(&mut self, name: Symbol, value: Value) -> Option<Value> {
        match self.0.iter_mut().find(|(n, _)| *n == name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }
    pub fn remove(&mut self, name: Symbol) -> Option<Value> {
        let at = self.0.iter().position(|(n, _)| *n == name)?;
        Some(self.0.remove(at).1)
    }
}

/// A function of the program or of the library.
#[derive(Clone)]
pub struct Function {
    pub code: u32,
    pub module: u16,
    /// A tuple or NULL.
    pub defaults: Value,
    /// A dict or NULL.
    pub keyword_defaults: Value,
    /// The cells of the free variables.
    pub closure: Box<[Value]>,
    pub attributes: Attributes,
}

/// A class statement's result.
#[derive(Clone)]
pub struct Class {
    pub name: Symbol,
    pub qualified_name: Rc<str>,
    pub module: u16,
    /// Classes and built-in types, at least one.
    pub bases: Box<[Value]>,
    /// This class first (not counted), `object` last.
    pub order: Box<[Value]>,
    /// The built-in type that instances are of underneath: `object`, or an exception type.
    pub layout: u16,
    /// The class of the class, of the library (`enum`), or NULL for `type`.
    pub meta: Value,
    pub attributes: Attributes,
    /// Whether instances have `__getattr__`, `__setattr__`, `__del__`, `__getattribute__`: looked up once.
    pub has: Hooks,
}

/// What a class overrides that the machine must ask for at every attribute access or death.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Hooks {
    pub get_attribute: bool,
    pub get_missing: bool,
    pub set_attribute: bool,
    pub delete_attribute: bool,
    pub delete: bool,
    /// `__subclasshook__`, of an abstract class.
    pub subclass_hook: bool,
    /// Instances have the attributes in `__slots__` and no others.
    pub slotted: bool,
}

/// An instance of a class.
#[derive(Clone)]
pub struct Instance {
    pub class: Value,
    pub attributes: Attributes,
    /// The value of the built-in type that the class derives from, if it derives from one: NULL otherwise.
    pub base: Value,
    /// `__del__` has run.
    pub deleted: bool,
}

/// An exception.
#[derive(Clone)]
pub struct Exception {
    /// A built-in type or a class.
    pub class: Value,
    /// A tuple.
    pub args: Value,
    pub attributes: Attributes,
    /// An exception or NULL.
    pub cause: Value,
    /// An exception or NULL.
    pub context: Value,
    pub suppress_context: bool,
    /// Where it passed, the raising frame first.
    pub traceback: Vec<TraceEntry>,
    /// How much of that it had when it was last caught: until 3.11 the rest is not yet part of the exception.
    pub caught: u32,
}

/// A frame an exception passed through.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TraceEntry {
    pub code: u32,
    pub instruction: u32,
    /// An [`Object::Frame`], owned; NULL for one that CPython has in C.
    pub frame: Value,
}

/// A frame as tracebacks refer to it, and what it held once it is over.
#[derive(Clone)]
pub struct Held {
    pub code: u32,
    /// The line at which it ended or an exception reached it.
    pub line: u32,
    /// The class namespace or NULL.
    pub namespace: Value,
    /// NULL while the frame runs or is suspended.
    pub function: Value,
    /// Its slots; none while it runs or is suspended.
    pub variables: Vec<Value>,
    /// The frame below, once this one is over, or NULL.
    pub back: Value,
}

impl Default for Held {
    fn default() -> Held {
        Held {
            code: 0,
            line: 0,
            namespace: Value::NULL,
            function: Value::NULL,
            variables: Vec::new(),
            back: Value::NULL,
        }
    }
}

/// The instruction of a frame that had not begun when an exception was thrown into it: its definition.
pub const DEFINITION: u32 = u32::MAX;

/// What sort of suspended function it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GeneratorKind {
    Generator,
    Coroutine,
    AsyncGenerator,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GeneratorState {
    Created,
    Suspended,
    Running,
    Finished,
}

/// A generator, coroutine or async generator, with its frame while it is suspended. What a task's turn needs comes first, close together.
#[derive(Clone)]
#[repr(C)]
pub struct Generator {
    pub kind: GeneratorKind,
    pub state: GeneratorState,
    /// An async generator's `__anext__` is under way.
    pub busy: bool,
    /// Its `aclose` has begun.
    pub closing: bool,
    /// The user's line that created it.
    pub line: u32,
    pub frame: Suspended,
    /// Its slots and operand stack while suspended.
    pub stack: Vec<Value>,
    /// The exception it was handling when it suspended, or NULL.
    pub handled: Value,
    /// While it runs: the exception its resumer was handling, or NULL.
    pub outer: Value,
    /// While it runs: what counts as being handled around it (not owned). That is `outer`, but not when an exception was thrown in through
    /// other generators: then it is what is handled around all of them.
    pub around: Value,
    /// The loop under which an async generator was first iterated, owned, and its number there. NULL: none.
    pub event_loop: Value,
    pub number: u64,
    /// The object of its frame while it is suspended, if that has one; NULL otherwise.
    pub held: Value,
}

/// `__anext__`, `asend`, `athrow` or `aclose` of an async generator.
#[derive(Clone)]
pub struct AsyncStep {
    pub generator: Value,
    /// What to send or, for throw, the exception; consumed at the first step.
    pub value: Value,
    pub kind: AsyncStepKind,
    pub started: bool,
    pub finished: bool,
    /// What came last was `throw`: until 3.12 `athrow` and `aclose` may be driven on after its end.
    pub thrown: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AsyncStepKind {
    Send,
    Throw,
    Close,
}

impl AsyncStepKind {
    /// The method that makes it.
    pub fn method(self) -> &'static str {
        match self {
            AsyncStepKind::Send => "asend",
            AsyncStepKind::Throw => "athrow",
            AsyncStepKind::Close => "aclose",
        }
    }
}

/// A lock of threads.
#[derive(Clone)]
pub struct Lock {
    pub reentrant: bool,
    /// How often it is held; a plain lock 0 or 1.
    pub count: u32,
    /// The thread that holds it (meaningful for reentrant ones, for the trace otherwise).
    pub owner: u32,
    /// What blocking on it is called, and on which thing; `waiter` locks stand for a wait of the library and do not report themselves.
    pub wait: Wait,
    pub thing: ThingId,
    pub is_waiter: bool,
    /// Threads that wait for it, first come first.
    pub waiters: VecDeque<u32>,
    /// Threads that take it back as often as they held it before (`Condition.wait` with a reentrant lock): thread, count.
    pub restores: Vec<(u32, u32)>,
}
