//! The instructions: a stack machine close to CPython's, so that a switch can happen where CPython's can.
//!
//! Each costs the same virtual time, except [`Instruction::Line`], which costs none. Stack effects are written
//! `before -> after`, the top at the right. `name` is an index into [`Code::names`](super::Code::names), `constant` into
//! `Code::constants`, `slot` into the frame's slots (parameters and locals, then cells, then free variables), a
//! target is the index of an instruction in the same code.

/// One instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// `->` The frame reached this source line. Only in the user's program, never in library code. No cost, no preemption.
    Line(u32),
    Nop,
    /// `x ->`
    Pop,
    /// `.. -> .. x` Pushes the n-th value from the top (1 is the top).
    Copy(u32),
    /// Swaps the top with the n-th value from the top (2 is the one below).
    Swap(u32),
    /// `-> NULL` The empty second slot of a call, see [`Instruction::Call`].
    PushNull,

    /// `-> value`
    LoadConstant(u32),
    /// `-> value`; UnboundLocalError if the slot is empty.
    LoadFast(u32),
    /// `value ->`
    StoreFast(u32),
    DeleteFast(u32),
    /// `-> value` From the cell in the slot; NameError or UnboundLocalError if empty.
    LoadDeref(u32),
    StoreDeref(u32),
    DeleteDeref(u32),
    /// `-> cell` The cell itself, for a closure.
    LoadClosure(u32),
    /// In a class body: name in the class namespace first, else from the cell. slot; the name is that of the slot.
    LoadClassDeref(u32),
    /// Puts a new cell into the slot, holding the argument that was there, if any. At the start of a function.
    MakeCell(u32),
    /// `-> value` A global or builtin.
    LoadGlobal(u32),
    StoreGlobal(u32),
    DeleteGlobal(u32),
    /// In a class body only: class namespace, then globals, then builtins.
    LoadName(u32),
    StoreName(u32),
    DeleteName(u32),

    /// `object -> value`
    LoadAttribute(u32),
    /// `object -> function object` when the name is a function of the object's class, else `-> value NULL`.
    LoadMethod(u32),
    /// `value object ->`
    StoreAttribute(u32),
    /// `object ->`
    DeleteAttribute(u32),
    /// `object key -> value`
    LoadItem,
    /// `value object key ->`
    StoreItem,
    /// `object key ->`
    DeleteItem,

    UnaryNegative,
    UnaryPositive,
    UnaryInvert,
    UnaryNot,
    /// `a b -> c`
    Binary(Operator),
    /// `a b -> c`, trying `__iadd__` and the like first.
    InPlace(Operator),
    /// `a b -> bool` (or what `__lt__` and the like return)
    Compare(Comparison),
    /// `a b -> bool`; true: `is not`
    Is(bool),
    /// `item container -> bool`; true: `not in`
    Contains(bool),

    /// `items.. -> list`
    BuildList(u32),
    BuildTuple(u32),
    BuildSet(u32),
    /// `key value .. -> dict`, n pairs
    BuildMap(u32),
    /// `strings.. -> str`
    BuildString(u32),
    /// `start stop [step] -> slice`, 2 or 3
    BuildSlice(u32),
    /// `.. x ->` Appends to the list that is n-th from the top after the pop (1 is the top).
    ListAppend(u32),
    SetAdd(u32),
    /// `.. key value ->`
    MapAdd(u32),
    /// `.. iterable ->` Extends the list n-th from the top after the pop.
    ListExtend(u32),
    SetUpdate(u32),
    /// `.. mapping ->` Updates the dict (a display `{**m}`).
    DictUpdate(u32),
    /// `.. mapping ->` Like DictUpdate but TypeError on a repeated key (call keywords).
    DictMerge(u32),
    /// `subject -> subject bool` for sequence patterns
    MatchSequence,
    /// `subject -> subject bool` for mapping patterns
    MatchMapping,
    /// `subject -> subject length`
    GetLength,
    /// `subject keys -> subject keys values|None`
    MatchKeys,
    /// `subject keys -> dict` without these keys
    MatchRest,
    /// `subject class names -> attributes|None`, n of them by position
    MatchClass(u32),
    /// `list -> tuple`
    ListToTuple,
    /// `callable NULL iterable ... -> callable NULL tuple ...` The n-th from the top, what stands behind a call's only star.
    SpreadToTuple(u32),
    /// `iterable -> x_n .. x_1` so that x_1 is on top
    UnpackSequence(u32),
    /// As CPython's UNPACK_EX: `before` targets, a list, `after` targets.
    UnpackStar {
        before: u16,
        after: u16,
    },
    /// `value [spec] -> str`
    Format {
        conversion: Conversion,
        spec: bool,
    },

    Jump(u32),
    /// A jump to a lower index, at the end of a loop's body.
    JumpBackward(u32),
    /// `x ->`
    JumpIfFalse(u32),
    /// `x ->`
    JumpIfTrue(u32),
    /// `x ->` Jumps if x is None.
    JumpIfNone(u32),
    /// `iterable -> iterator`
    GetIterator,
    /// `iterator -> iterator next`, or at its end `iterator ->` and jump.
    ForIterator(u32),

    /// `callable self|NULL args.. -> result`, n arguments without `self`. A method found by LoadMethod has its object as `self`.
    Call(u32),
    /// As Call; the last values of `args` are keywords, their names a tuple constant. `arguments` counts all of them.
    CallKeywords {
        arguments: u16,
        names: u16,
    },
    /// `callable NULL tuple [dict] -> result`; true: with the dict
    CallStar(bool),
    /// `[defaults tuple] [keyword defaults dict] [closure tuple] code -> function`, by [`function`] flags
    MakeFunction(u32),
    /// `-> callable` that builds a class from `body-function name bases..` and keywords
    LoadBuildClass,
    /// `value ->` (returns it)
    Return,

    /// `value -> sent` Suspends the generator or async generator.
    Yield,
    /// `iterator value -> iterator? result` Sends `value` to the iterator. If it yields, the frame yields that and this
    /// instruction runs again with what is sent. If it returns, both are popped and its result is pushed. The second half of `await` and `yield from`.
    YieldFrom,
    /// `object -> iterator`; TypeError if it cannot be awaited. 0: await, 1: of `async with` enter, 2: exit (for the message)
    GetAwaitable(u32),
    /// `iterable -> iterator` for `yield from`
    GetYieldFromIterator,
    /// `iterable -> async iterator`
    GetAsyncIterator,
    /// `iterator -> iterator awaitable` (`__anext__()`, made ready for YieldFrom)
    GetAsyncNext,
    /// `iterator exception ->` at the handler of `async for`: StopAsyncIteration ends the loop, anything else is raised again.
    EndAsyncFor,

    /// `manager -> exit entered` Calls `__enter__`.
    BeforeWith,
    /// `manager -> exit awaitable` Calls `__aenter__`.
    BeforeAsyncWith,
    /// `exit previous exception -> exit previous exception result` Calls exit(type, exception, traceback).
    WithExceptStart,
    /// `exception -> previous exception` Makes the exception the one being handled.
    PushExceptionInfo,
    /// `previous ->` Ends the handling.
    PopException,
    /// `exception type -> exception bool`
    CheckExceptionMatch,
    /// `exception type -> rest|None match|None` for `except*`
    CheckGroupMatch,
    /// `original list -> exception|None` At the end of `except*`: what must be raised again.
    PrepareReraiseStar,
    /// `[exception [cause]] ->` 0: raise again, 1, 2: from
    Raise(u32),
    /// `exception ->` Raises it again, keeping its traceback. n: as in CPython 3.12's RERAISE, values below it that stay (0 or 1); the handler's table takes them off.
    Reraise(u32),
    /// `-> AssertionError`
    LoadAssertionError,

    /// The event loop goes on: runs its next callback or begins its next iteration. Never compiled: the machine's own code for `run_forever`.
    LoopTurn,

    /// `-> module`
    ImportName(u32),
    /// `module -> module attribute`
    ImportFrom(u32),
    /// `module ->` Binds all public names of a module of the library in the frame's module.
    ImportStar,
}

/// Flags of [`Instruction::MakeFunction`]: what lies below the code.
pub mod function {
    /// A tuple of defaults of positional parameters.
    pub const DEFAULTS: u32 = 1;
    /// A dict of defaults of keyword-only parameters.
    pub const KEYWORD_DEFAULTS: u32 = 2;
    /// A tuple of cells.
    pub const CLOSURE: u32 = 4;
    /// A dict of annotations, between the defaults and the cells.
    pub const ANNOTATIONS: u32 = 8;
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    MatrixMultiply,
    TrueDivide,
    FloorDivide,
    Remainder,
    Power,
    LeftShift,
    RightShift,
    And,
    Or,
    Xor,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Comparison {
    Less,
    LessEqual,
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
}

/// What an f-string does to a value before formatting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}
