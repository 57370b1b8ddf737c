//! Processes for the library's `multiprocessing`: making and ending them, and what one knows of itself.

use crate::machine::call::Arguments;
use crate::machine::frame::{After, FRAME_USER, Frame, Thread};
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, Outcome, Signal, Trap};
use crate::trace::{Event, Kind, TaskKind};

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

/// The library's module in which a process with fresh memory begins.
const BEGINNING: &str = "multiprocessing.spawn";

const FUNCTIONS: &[Definition] = &[
    define("fork", "function name label", |cx, a| start(cx, a, false)),
    define("spawn", "parcel name label", |cx, a| start(cx, a, true)),
    define("run_program", "", run_program),
    define("exit_process", "code", |cx, a| {
        let code = integer(cx, a[0]) as i32;
        let end = cx.machine.processes.all[cx.thread.process as usize].end;
        cx.machine.note_end(cx.number, end, false);
        // The operating system keeps eight bits.
        Err(Control::Trap(Box::new(Trap::Exit(code & 0xff))))
    }),
    define("kill", "process signal", |cx, a| {
        let (process, signal) = (integer(cx, a[0]) as u32, integer(cx, a[1]) as i32);
        let code = -signal;
        let end = cx.machine.processes.all[process as usize].end;
        for thread in 0..cx.machine.threads.len() as u32 {
            if cx.machine.process_of(thread) == process {
                cx.machine.note_end(thread, end, false);
            }
        }
        cx.machine.signals.push(Signal::Killed { process, code });
        Ok(Value::NONE)
    }),
    define("process", "", |cx, _| {
        Ok(Value::int(cx.thread.process.into()))
    }),
    define("parent_process", "", |cx, _| {
        let own = &cx.machine.processes.all[cx.thread.process as usize];
        Ok(Value::int(own.parent.into()))
    }),
    define("process_end", "process", |cx, a| {
        let process = integer(cx, a[0]) as usize;
        Ok(Value::int(cx.machine.processes.all[process].end.into()))
    }),
    define("is_over", "process", |cx, a| {
        let process = integer(cx, a[0]) as usize;
        let of = &cx.machine.processes.all[process];
        let (over, end) = (of.code.is_some(), of.end);
        if over {
            cx.machine.note_end(cx.number, end, true);
        }
        Ok(Value::bool(over))
    }),
    define("exit_code", "process", |cx, a| {
        let process = integer(cx, a[0]) as usize;
        let code = cx.machine.processes.all[process].code;
        Ok(code.map_or(Value::NONE, |code| Value::int(code.into())))
    }),
    define("tell_end", "process file", |cx, a| {
        cx.check_no_turns("of a ProcessPoolExecutor")?;
        let to = cx.file(a[1]).and_then(|file| file.ends().next());
        let process = integer(cx, a[0]) as usize;
        cx.machine.processes.all[process].tells = to.map(|(stream, _)| stream);
        Ok(Value::NONE)
    }),
    define("module", "name load", module),
];

/// An int that the library passes.
pub fn integer(_: &Context<'_>, value: Value) -> i64 {
    value.as_index().unwrap_or(0)
}

fn start(cx: &mut Context<'_>, a: &[Value], fresh: bool) -> Outcome {
    let has_loop = |thread: &Thread| !thread.event_loop.is_null();
    if has_loop(cx.thread) || cx.machine.threads.iter().any(has_loop) {
        cx.check_no_turns("of processes beside an event loop")?;
    }
    cx.machine.tasks += 1;
    if cx.machine.tasks as usize > cx.machine.limits.tasks {
        return Err(Control::Limit("tasks"));
    }
    if cx.machine.is_too_big_to_fork() {
        return Err(Control::Limit("heap"));
    }
    let name = cx.machine.heap.text(a[1]).unwrap_or("").to_owned();
    let label = cx.machine.heap.text(a[2]).unwrap_or("").to_owned();
    let string = cx.machine.recorder.string(&name);
    let task = cx.new_task(TaskKind::Process, string, &label);
    let parcel = if fresh { Some(cx.pack(a[0])?) } else { None };
    let parent = cx.thread.process;
    let process = if fresh {
        cx.machine.spawn()
    } else {
        cx.machine.fork(cx.number)
    };
    let of = &mut cx.machine.processes.all[process as usize];
    of.name = name;
    let end = of.end;
    cx.machine.outside.objects[end as usize].thing = task;
    let mut thread = cx.thread.forked(task, process);
    let number = cx.machine.threads.len() as u32;
    // The new thread's first frame is made as if it ran already.
    cx.machine.enter_process(process);
    let mut inner = Context {
        machine: cx.machine,
        thread: &mut thread,
        number,
    };
    let result = match parcel {
        None => {
            inner.thread.object = cx.thread.object;
            inner.call_first(a[0], Vec::new())
        }
        Some(parcel) => inner.begin(&parcel),
    };
    cx.machine.enter_process(parent);
    match result {
        Err(Control::Called) => {}
        Ok(_) => {}
        Err(other) => return Err(other),
    }
    cx.machine.threads.push(thread);
    cx.note_start(number);
    cx.record(Event {
        a: task,
        ..cx.event(Kind::Spawn)
    });
    Err(Control::Trap(Box::new(Trap::Fork {
        thread: number,
        process,
        fresh,
    })))
}

impl Context<'_> {
    /// Rejects what is not done right where orders are explored: those "where ...", "of ...".
    pub fn check_no_turns(&mut self, which: &str) -> Outcome<()> {
        if self.machine.turns {
            return self.reject(
                &["orders ", which, " are not explored"].concat(),
                "run it without exploring, and without a schedule of an exploration",
            );
        }
        Ok(())
    }

    fn call_first(&mut self, function: Value, values: Vec<Value>) -> Outcome {
        let arguments = Arguments {
            values,
            names: Vec::new(),
        };
        self.machine.heap.retain(function);
        self.call(function, Value::NULL, arguments, After::Thread)
    }

    /// A process with fresh memory begins with the library's function for that.
    fn begin(&mut self, parcel: &crate::machine::outside::Plain) -> Outcome {
        let name = self.symbol(BEGINNING);
        let module = self.import(name)?;
        let View::Module(number) = module.view() else {
            return Ok(Value::NONE);
        };
        let name = self.symbol("_main");
        let Some(function) = self.module_attribute(number, name) else {
            return Ok(Value::NONE);
        };
        let parcel = self.unpack_plain(parcel);
        self.call_first(function, vec![parcel])
    }
}

/// Runs the program's module in a process with fresh memory.
fn run_program(cx: &mut Context<'_>, _: &[Value]) -> Outcome {
    let code = cx.machine.main_code;
    let module = cx.machine.program.codes[code as usize].module;
    let slots = cx.machine.program.codes[code as usize].slots.len();
    let base = cx.thread.stack.len();
    cx.thread.stack.resize(base + slots, Value::NULL);
    cx.push_frame(Frame {
        code,
        base: base as u32,
        module,
        flags: FRAME_USER,
        after: After::Import { module },
        ..Frame::default()
    })
}

/// The module with a name, imported if `load` says so; the program's own under either of its names. None if there is none.
fn module(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let name = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
    if name == "__main__" || name == "__mp_main__" {
        let at = cx.machine.modules.iter().position(|it| it.user);
        return Ok(at.map_or(Value::NONE, |at| Value::module(at as u16)));
    }
    if let Some(module) = cx.machine.find_module(&name) {
        return Ok(Value::module(module));
    }
    if !cx.truth(a[1])? || crate::library::source(&name).is_none() {
        return Ok(Value::NONE);
    }
    let name = cx.symbol(&name);
    cx.import(name)
}
