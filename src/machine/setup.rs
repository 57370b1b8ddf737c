//! Making a machine: its natives, its builtins, the program's main module.

use std::rc::Rc;

use super::call::Arguments;
use super::frame::{After, FRAME_USER, Frame, Thread};
use super::heap::Heap;
use super::link::Origin;
use super::native::{Group, Natives};
use super::object::Object;
use super::process::Processes;
use super::program::{Import, Linked, Program};
use super::value::{Symbol, Value, View};
use super::{
    Clock, Context, Control, Limits, Machine, Stop, asyncio, builtins, kernel, library, symbols,
    types,
};
use crate::bytecode::preemption::{PreemptionRules, Version};
use crate::bytecode::{Code, CodeKind, Instruction};
use crate::trace::{NO_TASK, Recorder, TaskKind, TaskRecord};

/// The groups of natives; those of values stand in `library`.
const GROUPS: &[&Group] = &[
    &builtins::attributes::GROUP,
    &builtins::attributes::OBJECT,
    &builtins::classes::BUILTINS,
    &builtins::classes::TYPE,
    &builtins::classes::OBJECT,
    &builtins::classes::PROPERTY,
    &builtins::classes::CLASSMETHOD,
    &builtins::classes::STATICMETHOD,
    &builtins::classes::FUNCTION,
    &builtins::classes::METHOD,
    &builtins::classes::SUPER,
    &builtins::exceptions::GROUP,
    &builtins::exceptions::BASE_GROUP,
    &builtins::generators::BUILTINS,
    &builtins::generators::GENERATOR,
    &builtins::generators::ITERATION,
    &builtins::generators::COROUTINE,
    &builtins::generators::AWAITING,
    &builtins::generators::ASYNC_GENERATOR,
    &builtins::generators::ASYNC_STEP,
    &builtins::generators::ASYNC_THROW,
    &builtins::output::GROUP,
    &builtins::output::KERNEL,
    &asyncio::contexts::GROUP,
    &asyncio::future::GROUP,
    &asyncio::task::GROUP,
    &asyncio::event_loop::GROUP,
    &asyncio::handles::GROUP,
    &kernel::files::BUILTINS,
    &kernel::files::GROUP,
    &kernel::futures::GROUP,
    &kernel::gathering::GROUP,
    &kernel::language::GROUP,
    &kernel::random::GROUP,
    &kernel::signals::GROUP,
    &kernel::sockets::GROUP,
    &kernel::locks::LOCK,
    &kernel::locks::RLOCK,
    &kernel::locks::MAKERS,
    &kernel::processes::GROUP,
    &kernel::shared::GROUP,
    &kernel::threads::GROUP,
];

/// Types that are attributes of `_kernel`.
const KERNEL_TYPES: &[(&str, u16)] = &[
    ("Lock", types::LOCK),
    ("RLock", types::RLOCK),
    ("Future", types::FUTURE),
    ("Task", types::TASK),
    ("Loop", types::LOOP),
    ("Handle", types::HANDLE),
    ("TimerHandle", types::TIMER_HANDLE),
    ("CancelledError", types::CANCELLED_ERROR),
    ("InvalidStateError", types::INVALID_STATE_ERROR),
    ("deque", types::DEQUE),
    ("Traceback", types::TRACEBACK),
    ("Frame", types::FRAME),
];

/// Built-in types that are builtins under their own name.
const BUILTIN_TYPES: &[u16] = &[
    types::OBJECT,
    types::TYPE,
    types::INT,
    types::BOOL,
    types::FLOAT,
    types::STR,
    types::BYTES,
    types::BYTEARRAY,
    types::ENUMERATE,
    types::FILTER,
    types::MAP,
    types::REVERSED,
    types::ZIP,
    types::LIST,
    types::TUPLE,
    types::DICT,
    types::SET,
    types::FROZENSET,
    types::RANGE,
    types::SLICE,
    types::PROPERTY,
    types::CLASSMETHOD,
    types::STATICMETHOD,
    types::SUPER,
];

/// What a machine is made for.
pub struct Setup {
    /// The program's file name, as tracebacks show it.
    pub file: String,
    pub source: String,
    pub version: Version,
    pub rules: PreemptionRules,
    pub limits: Limits,
    /// Cores that `cpu_count` tells of.
    pub cores: u32,
    pub recorder: Recorder,
}

impl Machine {
    /// A machine with the main thread about to run the program's module.
    pub fn new(setup: Setup, code: &Rc<Code>) -> Machine {
        let mut names = symbols::names();
        let groups: Vec<&Group> = GROUPS.iter().chain(library::GROUPS).copied().collect();
        let natives = Natives::new(&groups, &mut |text| names.intern(text));
        let mut machine = Machine {
            heap: Heap::default(),
            threads: Default::default(),
            modules: Default::default(),
            program: Rc::new(Program {
                names: names.clone(),
                codes: Vec::new(),
            }),
            natives: Rc::new(natives),
            recorder: setup.recorder,
            clock: Clock::default(),
            rules: setup.rules,
            version: setup.version,
            limits: setup.limits,
            signals: Vec::new(),
            executed: 0,
            cores: setup.cores,
            switch_interval: 5_000_000,
            seed: 0,
            file: setup.file.into(),
            source: setup.source.into(),
            tasks: 0,
            task_names: 0,
            labels: 0,
            searches: 0,
            parts: Rc::default(),
            thread_names: None,
            loop_methods: Vec::new(),
            loop_code: 0,
            main_code: 0,
            build_class: Value::NULL,
            nesting: 0,
            failed: None,
            shut_down: false,
            finalized: false,
            warned: Vec::new(),
            ending: 0,
            scratch: Vec::new(),
            stop_value: Value::NONE,
            thrown: None,
            until: 0,
            steps: 0,
            written: 0,
            watch: Default::default(),
            processes: Processes::new(code, &names),
            outside: Default::default(),
            turns: false,
            interrupts: Default::default(),
        };
        let record = TaskRecord {
            kind: TaskKind::Main,
            name: machine.recorder.string("MainThread"),
            label: machine.recorder.string("<module>"),
            parent: NO_TASK,
            host: NO_TASK,
        };
        let task = machine.recorder.task(record);
        machine.threads.push(Thread::new(task));
        let build_class = machine.symbol("__build_class__");
        machine.build_class = machine.builtin(build_class);
        machine.prepare();
        let module = machine.load_program(code, "__main__");
        let number = machine.main_code;
        machine.push_module(number, module, After::Thread, FRAME_USER);
        machine
    }

    /// What every memory begins with.
    pub(super) fn prepare(&mut self) {
        self.loop_code = self.internal_code("<loop>", vec![Instruction::LoopTurn]);
        self.add_native_modules();
    }

    /// What a name means if no module binds it, or NULL.
    pub fn builtin(&self, name: Symbol) -> Value {
        if let Some((_, number)) = self.natives.builtins.iter().find(|(n, _)| *n == name) {
            return Value::native(*number);
        }
        let text = self.text(name);
        // Every name of the library is looked up once in each run.
        let mut named = (0..types::COUNT).filter(|&t| types::qualified_name(t) == text);
        if let Some(number) = named.find(|&t| types::is_exception(t) || BUILTIN_TYPES.contains(&t))
        {
            return types::value(number);
        }
        match text {
            "NotImplemented" => Value::NOT_IMPLEMENTED,
            "Ellipsis" => Value::ELLIPSIS,
            "__debug__" => Value::TRUE,
            "IOError" | "EnvironmentError" => types::value(types::OS_ERROR),
            _ => Value::NULL,
        }
    }

    fn internal_code(&mut self, name: &str, instructions: Vec<Instruction>) -> u32 {
        let symbol = self.symbol(name);
        let count = instructions.len();
        let code = Code {
            name: name.to_owned(),
            qualified_name: name.to_owned(),
            kind: CodeKind::Function,
            spans: vec![(0, 0); count],
            lines: vec![0; count],
            instructions: instructions.clone(),
            ..Code::default()
        };
        let linked = Linked {
            plain: None,
            direct: false,
            awaitable: false,
            sleeps: false,
            zero_sleeps: Box::default(),
            instructions: instructions.into(),
            constants: Box::default(),
            keywords: Box::default(),
            slots: Box::default(),
            name: symbol,
            module: 0,
            user: false,
            atomic: false,
            code: Rc::new(code),
        };
        let program = Rc::make_mut(&mut self.program);
        program.codes.push(Rc::new(linked));
        program.codes.len() as u32 - 1
    }

    fn add_native_modules(&mut self) {
        let natives = self.natives.clone();
        for (name, functions) in &natives.modules {
            let module = self.add_module(name, Origin::Library);
            for (symbol, number) in functions {
                self.bind_global(module, *symbol, Value::native(*number));
            }
        }
        let Some(kernel) = self.find_module("_kernel") else {
            return;
        };
        for (name, number) in KERNEL_TYPES {
            let symbol = self.symbol(name);
            self.bind_global(kernel, symbol, types::value(*number));
        }
        let (major, minor) = self.version.numbers();
        let version = self
            .heap
            .tuple(vec![Value::int(major as i64), Value::int(minor as i64)]);
        let symbol = self.symbol("VERSION");
        self.bind_global(kernel, symbol, version);
        if let Some(math) = self.find_module("math") {
            for (name, value) in [
                ("pi", std::f64::consts::PI),
                ("e", std::f64::consts::E),
                ("tau", std::f64::consts::TAU),
                ("inf", f64::INFINITY),
                ("nan", f64::NAN),
            ] {
                let symbol = self.symbol(name);
                self.bind_global(math, symbol, Value::float(value));
            }
        }
    }

    /// Binds a module's global to an owned value.
    pub fn bind_global(&mut self, module: u16, name: Symbol, value: Value) {
        let slot = Rc::make_mut(&mut self.modules[module as usize].globals).slot(name);
        self.fit_globals(module);
        self.modules[module as usize].slots[slot as usize] = value;
    }

    fn push_module(&mut self, code: u32, module: u16, after: After, flags: u8) {
        let slots = self.program.codes[code as usize].slots.len();
        let thread = &mut self.threads[0];
        let base = thread.stack.len() as u32;
        thread.stack.resize(base as usize + slots, Value::NULL);
        thread.frames.push(Frame {
            code,
            base,
            module,
            after,
            flags,
            ..Frame::default()
        });
    }

    /// Links the program as a module with that name, which is not begun. The module's number.
    pub(super) fn load_program(&mut self, code: &Rc<Code>, name: &str) -> u16 {
        let module = self.add_module("__main__", Origin::User);
        self.modules[module as usize].state = Import::Running;
        self.main_code = self.link(code, module, Origin::User);
        for (name, text) in [
            ("__name__", name.to_owned()),
            ("__file__", self.file.to_string()),
        ] {
            let symbol = self.symbol(name);
            let value = self.heap.str(&text);
            self.bind_global(module, symbol, value);
        }
        let doc = self.symbol("__doc__");
        let value = match &code.docstring {
            Some(text) => self.heap.str(text),
            None => Value::NONE,
        };
        self.bind_global(module, doc, value);
        module
    }

    /// A thread's frames are gone: what CPython does then. None: it goes on (the main thread joins the others).
    pub(super) fn thread_over(&mut self, number: u32, exception: Option<Value>) -> Option<Stop> {
        let mut thread = std::mem::replace(&mut self.threads[number as usize], Thread::new(0));
        let mut cx = Context {
            machine: self,
            thread: &mut thread,
            number,
        };
        let stop = if number == 0 {
            cx.main_over(exception)
        } else {
            cx.other_over(exception)
        };
        self.threads[number as usize] = thread;
        stop
    }
}

impl Context<'_> {
    /// The main module ended: its traceback is printed, then other threads are waited for.
    fn main_over(&mut self, exception: Option<Value>) -> Option<Stop> {
        if let Some(e) = exception {
            let exit = self.is_a(e, types::SYSTEM_EXIT);
            let silent = exit && self.exits_well(e);
            if !self.machine.shut_down && !silent {
                let text = match exit {
                    true => self.exit_message(e),
                    false => match self.told_by_hook(e) {
                        Some(told) => told,
                        None => self.traceback(e),
                    },
                };
                self.write_error(&text);
            }
            if silent {
                self.heap().release(e);
            } else {
                self.machine.failed.get_or_insert(e);
            }
        }
        if !self.machine.shut_down {
            self.machine.shut_down = true;
            let name = self.symbol("_shutdown");
            let function = self
                .machine
                .find_module("threading")
                .and_then(|m| self.module_attribute(m, name));
            if let Some(function) = function {
                let arguments = Arguments {
                    values: Vec::new(),
                    names: Vec::new(),
                };
                if let Err(Control::Called) = self.call_borrowed(function, arguments, After::Thread)
                {
                    return None;
                }
            }
        }
        if !self.machine.finalized {
            self.machine.finalized = true;
            if self.begin_finalization() {
                return None;
            }
        }
        Some(Stop::Ended(self.machine.failed.take()))
    }

    /// Calls `sys.excepthook` if the program has set one: what is left to be printed.
    fn told_by_hook(&mut self, exception: Value) -> Option<String> {
        let module = self.machine.find_module("sys")?;
        let [own, first] = ["excepthook", "__excepthook__"].map(|name| {
            let name = self.symbol(name);
            self.module_attribute(module, name).unwrap_or(Value::NULL)
        });
        if own.is(first) {
            return None;
        }
        let text = self.call_library("sys", "_call_hook", &[exception]).ok()?;
        let told = self.machine.heap.text(text).map(str::to_owned);
        self.heap().release(text);
        told
    }

    /// Calls what finalizes objects when the interpreter ends; false if there is none to finalize.
    fn begin_finalization(&mut self) -> bool {
        if !self.machine.has_finalizers() {
            return false;
        }
        // Handles of what dies meanwhile must stay free.
        self.heap().keep_order(usize::MAX);
        let name = self.symbol("_finalization");
        let Ok(View::Module(module)) = self.import(name).map(Value::view) else {
            return false;
        };
        let name = self.symbol("finalize");
        let Some(function) = self.module_attribute(module, name) else {
            return false;
        };
        let traceback = self.take_tracebacks();
        let arguments = Arguments {
            values: vec![traceback],
            names: Vec::new(),
        };
        let called = self.call_borrowed(function, arguments, After::Thread);
        matches!(called, Err(Control::Called))
    }

    /// The frames that the exception which ended the program keeps, and those of what led to it (owned): they are let go of with `sys.last_exc`.
    fn take_tracebacks(&mut self) -> Value {
        let mut entries = Vec::new();
        let mut next = self.machine.failed;
        // Contexts may go in a circle: then nothing is left to take.
        while let Some(Object::Exception(e)) = next.and_then(|e| self.machine.heap.object_mut(e)) {
            let taken = std::mem::take(&mut e.traceback);
            next = e.cause.given().or(e.context.given());
            if taken.is_empty() {
                break;
            }
            entries.extend(taken);
        }
        self.heap().add(Object::Traceback(entries.into()))
    }

    /// What `sys.exit` prints: nothing for a number.
    fn exit_message(&mut self, exception: Value) -> String {
        match self.exception_attribute(exception, symbols::CODE) {
            Some(code) if !matches!(code.view(), View::Int(_) | View::Bool(_)) => {
                let text = self.str(code).unwrap_or_default();
                self.heap().release(code);
                text + "\n"
            }
            _ => String::new(),
        }
    }

    /// `sys.exit()` without a message or with 0.
    fn exits_well(&mut self, exception: Value) -> bool {
        match self.exception_attribute(exception, symbols::CODE) {
            Some(code) => matches!(code.view(), View::None | View::Int(0) | View::Bool(false)),
            None => true,
        }
    }

    fn other_over(&mut self, exception: Option<Value>) -> Option<Stop> {
        if let Some(e) = exception {
            if !self.is_a(e, types::SYSTEM_EXIT) {
                let text = ["Exception in thread:\n", &self.traceback(e)].concat();
                self.write_error(&text);
            }
            self.heap().release(e);
        }
        self.thread.ended = true;
        let lock = std::mem::replace(&mut self.thread.end_lock, Value::NULL);
        self.machine.note_lock(self.number, lock, false);
        if let Some(l) = self.lock(lock) {
            l.count = 0;
            let waited = !l.waiters.is_empty();
            if waited {
                self.machine.signals.push(super::Signal::LockFreed(lock));
            } else {
                self.heap().release(lock);
            }
        }
        let object = std::mem::replace(&mut self.thread.object, Value::NULL);
        self.heap().release(object);
        let failed = std::mem::replace(&mut self.thread.failed, Value::NULL);
        Some(Stop::Ended(failed.given()))
    }

    /// The text of a program's value by `__main__` name: for tests and the state panel.
    pub fn global(&mut self, name: &str) -> Option<Value> {
        let symbol = self.symbol(name);
        let main = self.machine.modules.iter().position(|m| m.user)? as u16;
        self.module_attribute(main, symbol)
    }
}
