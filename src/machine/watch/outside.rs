//! Operations on what lies outside of all processes: files, pipes, semaphores, shared memory, the ends of processes.
//!
//! The operating system can stop a thread anywhere. In a run in turns it does so right before and right after each of these operations,
//! which are all that another process notices; each of the two places counts as an instruction, so that a schedule can name it. While
//! exploring, a thread pauses before an operation that concerns others, provided that nothing stopped it since its last one.

use super::Pause;
use super::location::{Access, Location, Place};
use super::trail::{self, Lines, Note, What};
use crate::bytecode::preemption::PreemptionRules;
use crate::machine::frame::{FRAME_USER, Reach};
use crate::machine::outside::{File, Outside, named};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, Machine, Outcome, Trap};
use crate::trace::ThingId;

/// What an operation touches, and what has to be ready for it: a lock of what lies outside.
#[derive(Default)]
struct Deed {
    touched: Vec<Access>,
    wants: Option<Value>,
}

/// Waiting without a limit is no operation of its own; all others count, whatever they touch this time, so that their places have the
/// same numbers in all orders.
fn is_operation(name: &str, a: &[Value]) -> bool {
    let waits = matches!(name, "shared_wait" | "pipe_wait");
    !(waits && (name == "shared_wait" || a[2].is(Value::NONE)))
}

impl Deed {
    fn touch(&mut self, kind: Place, of: u32, part: u32, write: bool) {
        let location = Location {
            kind,
            process: 0,
            of,
            part,
        };
        self.touched.push(Access {
            location,
            write,
            own: false,
        });
    }

    fn touch_directory(&mut self, write: bool) {
        self.touch(Place::Directory, 0, 0, write);
    }
}

impl Context<'_> {
    /// In a run in turns, a call of a native that looks at or changes what lies outside; callable, receiver or NULL and arguments lie on
    /// the stack. None for all others.
    #[inline(never)]
    pub(in crate::machine) fn call_outside(&mut self, count: usize) -> Option<Outcome> {
        let base = self.thread.stack.len() - count - 2;
        let View::Native(number) = self.thread.stack[base].view() else {
            return None;
        };
        let native = &self.machine.natives.all[number as usize];
        let (name, function) = (native.name, native.function);
        let start = base + 1 + usize::from(self.thread.stack[base + 1].is_null());
        let arguments = self.thread.stack[start..].to_vec();
        if !native.outside || !self.machine.turns || arguments.len() != native.parameters.len() {
            return None;
        }
        let deed = self.deed(name, &arguments);
        let counts = is_operation(name, &arguments);
        if self.thread.reach == Reach::Inside && counts {
            self.machine.executed += 1;
            self.thread.reach = Reach::Before;
            let pauses = self.machine.watch.on() && self.pause_before(&deed);
            if pauses || !self.machine.watch.on() {
                return Some(self.call_again(Trap::Before { pauses }));
            }
        }
        if self.machine.watch.on() {
            self.note_deed(name, &arguments, &deed);
        }
        let result = function(self, &arguments);
        if let Err(Control::Trap(trap)) = &result
            && let Trap::Acquire { lock, deadline } = **trap
        {
            return Some(self.call_again(Trap::Acquire { lock, deadline }));
        }
        self.thread.reach = Reach::Inside;
        for value in self.thread.stack.split_off(base) {
            self.machine.heap.release(value);
        }
        let ends = matches!(&result, Err(Control::Trap(_)));
        if (ends || result.is_ok()) && counts {
            self.machine.executed += 1;
        }
        match result {
            Ok(value) if counts => {
                self.thread.push(value);
                Some(Err(Control::Trap(Box::new(Trap::Done))))
            }
            result => Some(result),
        }
    }

    /// Stops before the call, which is made when the thread goes on.
    fn call_again(&mut self, trap: Trap) -> Outcome {
        if let Some(frame) = self.thread.frames.last_mut() {
            frame.pc -= 1;
        }
        Err(Control::Trap(Box::new(trap)))
    }

    /// Whether the thread is to pause before what it is about to do, as others are concerned.
    fn pause_before(&mut self, deed: &Deed) -> bool {
        let watch = &mut self.machine.watch;
        let mut first = None;
        for &access in &deed.touched {
            if watch
                .registry
                .borrow_mut()
                .touch_outside(access, self.number)
            {
                first.get_or_insert(access);
            }
        }
        let Some(access) = first else {
            return false;
        };
        if !watch.passed {
            watch.pass(self.machine.executed);
        }
        watch.pause = Some(Pause {
            access,
            wants: deed.wants.unwrap_or(Value::NULL),
            line: self.thread.line,
            ahead: self.machine.executed - watch.point,
            idle: watch.idle,
            entering: false,
        });
        true
    }

    /// Notes what it does.
    fn note_deed(&mut self, name: &str, a: &[Value], deed: &Deed) {
        let (by, line) = (self.number, self.thread.line);
        let user = self.user_frame();
        let linked = user.map(|user| self.machine.program.codes[user.code as usize].clone());
        let next = linked.iter().zip(&user).next();
        let checks =
            next.is_some_and(|(it, user)| trail::decides(&it.instructions[user.pc as usize..]));
        let from = match name {
            "cell_set" => a[3].origin(),
            "file_write" => self.last_read(a[0]),
            _ => 0,
        };
        let mut under = Lines::default();
        for frame in self
            .thread
            .frames
            .iter()
            .filter(|it| it.flags & FRAME_USER != 0)
        {
            let linked = &self.machine.program.codes[frame.code as usize];
            trail::decisions(&linked.instructions, frame.pc as usize, &mut under);
        }
        for &access in &deed.touched {
            let watch = &mut self.machine.watch;
            let shared = watch.registry.borrow_mut().touch_outside(access, by);
            let Some(trail) = watch.trail.as_mut().filter(|_| shared) else {
                continue;
            };
            let what = What::Access {
                access,
                object: 0,
                from: if access.write { from } else { 0 },
                checks: checks && !access.write,
                under: if access.write {
                    under
                } else {
                    Lines::default()
                },
            };
            trail.notes.push(Note { by, line, what });
        }
    }

    /// The line at which the acting task read an open file last; 0 if it did not.
    fn last_read(&mut self, file: Value) -> u32 {
        let task = self.thread.actor();
        let Some((_, file)) = self.description(file) else {
            return 0;
        };
        let reads = &self.machine.outside.files[file as usize].reads;
        reads.get(&task).copied().unwrap_or(0)
    }

    /// What a native is about to do.
    fn deed(&mut self, name: &str, a: &[Value]) -> Deed {
        let mut deed = Deed::default();
        let number = |at: usize| a[at].as_index().unwrap_or(0) as u32;
        let path = |cx: &Context<'_>, at: usize| named(cx.machine.heap.text(a[at]).unwrap_or(""));
        let is_true = |at: usize| a[at].is(Value::TRUE);
        let untimed = |at: usize| a[at].is(Value::NONE);
        match name {
            "file_open" => {
                let of = path(self, 0);
                let text = self.machine.heap.text(a[0]).unwrap_or("");
                let known = self.machine.outside.paths.get(text).copied();
                let makes = known.is_none() && is_true(1);
                deed.touch(Place::Path, of, 0, makes);
                if makes {
                    deed.touch_directory(true);
                }
                if let Some(file) = known.filter(|_| is_true(3)) {
                    let of = self.machine.outside.files[file as usize].name;
                    deed.touch(Place::File, of, 0, true);
                }
            }
            "file_read" | "file_write" | "file_seek" | "file_truncate" => {
                let Some((description, file)) = self.description(a[0]) else {
                    return deed;
                };
                let outside = &self.machine.outside;
                let of = outside.descriptions[description as usize].name;
                if name != "file_truncate" {
                    deed.touch(Place::Position, of, 0, true);
                }
                if name != "file_seek" || a[2].as_index() == Some(2) {
                    let writes = matches!(name, "file_write" | "file_truncate");
                    deed.touch(Place::File, outside.files[file as usize].name, 0, writes);
                }
            }
            "file_unlock" => self.unlocks(a[0], &mut deed),
            "file_close" => {
                self.unlocks(a[0], &mut deed);
                let file = self.file(a[0]);
                self.machine.outside.closes(file, &mut deed);
            }
            "path_size" => {
                deed.touch(Place::Path, path(self, 0), 0, false);
                let text = self.machine.heap.text(a[0]).unwrap_or("");
                if let Some(&file) = self.machine.outside.paths.get(text) {
                    let of = self.machine.outside.files[file as usize].name;
                    deed.touch(Place::File, of, 0, false);
                }
            }
            "path_remove" | "path_rename" => {
                deed.touch(Place::Path, path(self, 0), 0, true);
                if name == "path_rename" {
                    deed.touch(Place::Path, path(self, 1), 0, true);
                }
                deed.touch_directory(true);
            }
            "paths" => deed.touch_directory(false),
            "semaphore_acquire" => {
                let of = self.machine.outside.objects[number(0) as usize].name;
                deed.touch(Place::Outside, of, 0, true);
                if is_true(1) && untimed(2) {
                    deed.wants = Some(Outside::lock(number(0), 0));
                }
            }
            "semaphore_release" | "semaphore_value" => {
                let of = self.machine.outside.objects[number(0) as usize].name;
                deed.touch(Place::Outside, of, 0, name == "semaphore_release");
            }
            "pipe_send" | "pipe_receive" => {
                let side = u8::from(name == "pipe_send");
                self.pipe_end(a[0], side, true, &mut deed);
            }
            "pipe_wait" if !untimed(2) => {
                self.pipe_end(a[0], number(1) as u8, false, &mut deed);
                deed.wants = None;
            }
            "cell_get" | "cell_set" => {
                let of = self.machine.outside.objects[number(0) as usize].name;
                deed.touch(Place::Memory, of, number(1), name == "cell_set");
            }
            "kill" => {
                deed.touch(Place::Kill, number(0), 0, true);
                deed.touch(Place::Exit, number(0), 0, true);
            }
            "exit_code" => deed.touch(Place::Exit, number(0), 0, false),
            "exit_process" => {
                let process = self.thread.process;
                deed.touch(Place::Exit, process, 0, true);
                if self.has_other_threads() {
                    // It ends them as well.
                    deed.touch(Place::Kill, process, 0, true);
                }
                let outside = &self.machine.outside;
                let files = &self.machine.processes.all[process as usize].files;
                for &file in files {
                    if let Some(File::Open(of)) = file
                        && let of = &outside.descriptions[of as usize]
                        && of.locked
                        && let Some(lock) = outside.files[of.file as usize].lock
                    {
                        let of = outside.objects[lock as usize].name;
                        deed.touch(Place::Outside, of, 0, true);
                    }
                    outside.closes(file, &mut deed);
                }
            }
            // Waiting until something is ready, see `is_operation`.
            "shared_wait" | "pipe_wait" => {}
            _ => debug_assert!(false, "what {name} touches is not said"),
        }
        deed
    }

    /// Giving back the lock of a file, if this open file holds it.
    fn unlocks(&mut self, file: Value, deed: &mut Deed) {
        let Some((description, file)) = self.description(file) else {
            return;
        };
        let outside = &self.machine.outside;
        if let Some(lock) = outside.files[file as usize].lock
            && outside.descriptions[description as usize].locked
        {
            let of = outside.objects[lock as usize].name;
            deed.touch(Place::Outside, of, 0, true);
        }
    }

    /// One reads from a pipe or writes into it. Whether its other end is open anywhere is seen then, unless the process has that itself.
    fn pipe_end(&mut self, file: Value, side: u8, write: bool, deed: &mut Deed) {
        let end = self.file(file);
        let end = end.and_then(|file| file.ends().find(|(_, of)| *of == side));
        let Some((stream, side)) = end else {
            return;
        };
        let of = self.machine.outside.objects[stream as usize].name;
        deed.touch(Place::Outside, of, 0, write);
        let files = &self.machine.processes.all[self.thread.process as usize].files;
        let mut own = files.iter().flatten().flat_map(|file| file.ends());
        if !own.any(|it| it == (stream, 1 - side)) {
            deed.touch(Place::Ends, of, u32::from(1 - side), false);
        }
        deed.wants = Some(Outside::lock(stream, side));
    }

    /// The next name for something outside that the thread makes: it does not depend on what others made meanwhile.
    pub fn outside_name(&mut self) -> u32 {
        self.thread.made += 1;
        (self.number + 1) << 16 | self.thread.made & 0xFFFF
    }

    /// Whether another thread of the process has not ended.
    fn has_other_threads(&self) -> bool {
        let (me, threads) = (self.number as usize, &self.machine.threads);
        let counts = |at: usize| threads[at].process == self.thread.process && !threads[at].ended;
        (0..threads.len()).any(|at| at != me && counts(at))
    }

    /// Threads that share a GIL are not stopped between accesses to shared memory that no function of the library comes around: such
    /// programs are not explored.
    pub fn check_raw_memory(&mut self) -> Outcome<()> {
        let frames = self.thread.frames.iter().rev();
        let raw = frames
            .take_while(|frame| frame.flags & FRAME_USER == 0)
            .all(|frame| {
                let code = &self.machine.program.codes[frame.code as usize].code;
                let locks = ["Synchronized", "Barrier"];
                !locks.iter().any(|it| code.qualified_name.starts_with(it))
            });
        let gil = !self.machine.rules.contains(PreemptionRules::EVERY);
        if self.machine.turns && raw && gil && self.has_other_threads() {
            return self.reject(
                "orders are not explored where a process with several threads uses shared memory without its lock",
                "use Value and Array as they are, with their lock",
            );
        }
        Ok(())
    }

    /// What goes on inside an open file when several threads of a process use it is not explored.
    pub fn check_one_user(&mut self, description: u32) -> Outcome<()> {
        if !self.machine.turns {
            return Ok(());
        }
        let (me, process) = (self.number, self.thread.process);
        let threads = &self.machine.threads;
        let of = &mut self.machine.outside.descriptions[description as usize];
        let is_other = |&&it: &&u32| it != me && threads[it as usize].process == process;
        if of.users.iter().find(is_other).is_some() {
            return self.reject(
                "orders are not explored where several threads of a process use one open file",
                "open the file in each thread",
            );
        }
        if !of.users.contains(&me) {
            of.users.push(me);
        }
        Ok(())
    }
}

impl Outside {
    /// Closing an open file closes ends of pipes.
    fn closes(&self, file: Option<File>, deed: &mut Deed) {
        for (stream, side) in file.iter().flat_map(|file| file.ends()) {
            let of = self.objects[stream as usize].name;
            deed.touch(Place::Ends, of, u32::from(side), true);
        }
    }
}

impl Machine {
    /// What a location outside of all processes is called, if it is one.
    pub(super) fn outside_name(&self, location: Location) -> Option<String> {
        let stored = || {
            let mut paths = self.outside.paths.keys();
            paths.find(|path| named(path) == location.of).cloned()
        };
        let path = || {
            let mut files = self.outside.files.iter();
            let file = files.find(|file| file.name == location.of);
            let file = file.map(|file| file.path.to_string());
            file.or_else(stored)
                .unwrap_or_else(|| String::from("a file"))
        };
        Some(match location.kind {
            Place::File | Place::Path => path(),
            Place::Directory => String::from("the directory"),
            Place::Position => String::from("the position in a file"),
            Place::Memory => String::from("shared memory"),
            Place::Outside | Place::Ends => String::from("a lock or a pipe"),
            Place::Exit | Place::Kill => String::from("the end of a process"),
            _ => return None,
        })
    }

    /// The thing in the trace that stands for it; 0 if there is none.
    pub fn outside_thing(&self, location: Location) -> ThingId {
        let mut objects = self.outside.objects.iter();
        let object = objects.find(|it| it.name == location.of);
        object.map_or(0, |it| it.thing)
    }
}
