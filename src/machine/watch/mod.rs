//! What the machine notes while every order of a program is explored: who touches which location, and the instructions at
//! which a thread must pause so that others can come before it.
//!
//! A thread pauses right before an instruction that touches a shared location, provided that it passed a preemption point since
//! its last such instruction: what lies between that point and the instruction concerns nobody else, so pausing here is
//! the same as pausing there. The program's own code only; a function of the library is one instruction of its caller, and where it is
//! Python in CPython as well and its beginning is a preemption point, a thread can pause before it in any case.

mod location;
mod look;
pub mod outside;
mod registry;
mod trail;

use std::cell::RefCell;
use std::rc::Rc;

pub use location::{Access, Location, Place, SITE_BITS};
use look::Look;
pub use registry::Registry;
pub use trail::{Lines, Lock, Note, Trail, What};

use super::frame::{FRAME_USER, Reach};
use super::program::Linked;
use super::value::{Handle, Value};
use super::{Context, Machine};
use crate::bytecode::Instruction;
use crate::bytecode::preemption::PreemptionRules;

/// Why a thread paused.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// The first access of the instruction it stands before.
    pub access: Access,
    /// The lock that it takes, if that is all it does; borrowed.
    pub wants: Value,
    pub line: u32,
    /// Instructions executed since the preemption point at which a schedule would stop it.
    pub ahead: u64,
    /// That point is where it went on: a schedule would not have let it run at all.
    pub idle: bool,
    /// The point is the beginning of the function of the library that it is about to call: a schedule stops it after this instruction.
    pub entering: bool,
}

/// Whether there is anybody who watches: the worker that only runs programs is built without what that takes.
const CAN_BE_ON: bool = cfg!(any(feature = "explorer", not(target_arch = "wasm32")));

/// The state of watching; part of the machine.
#[derive(Clone, Default)]
pub struct Watch {
    on: bool,
    /// The running thread passed a preemption point since its last shared access.
    passed: bool,
    /// The thread goes on from a pause: the instruction at which it stands is not looked at again.
    resumed: bool,
    /// How many instructions were executed at the last preemption point.
    point: u64,
    /// There was none since it went on.
    idle: bool,
    /// Where the running thread stopped.
    pub pause: Option<Pause>,
    /// What was done to something shared, if anybody wants to know.
    pub trail: Option<Trail>,
    pub registry: Rc<RefCell<Registry>>,
    /// A hash of what was written so far.
    pub output: [u64; 2],
}

impl Watch {
    /// Whether accesses are noted, and threads pause before shared ones.
    #[inline]
    pub fn on(&self) -> bool {
        CAN_BE_ON && self.on
    }

    /// The trail, if what orders the accesses belongs to it.
    fn ordered_trail(&mut self) -> Option<&mut Trail> {
        let trail = self.trail.as_mut();
        trail.filter(|trail| CAN_BE_ON && trail.order)
    }

    /// The running thread passed a preemption point.
    pub fn pass(&mut self, executed: u64) {
        self.passed = true;
        self.idle = false;
        self.point = executed;
    }

    /// Mixes written text into the hash.
    pub fn write(&mut self, text: &str, stderr: bool) {
        if !self.on() {
            return;
        }
        for byte in text.bytes().chain([0xFE + u8::from(stderr)]) {
            // FNV-1a, and the same with another prime.
            self.output[0] = (self.output[0] ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
            self.output[1] = (self.output[1].rotate_left(5) ^ u64::from(byte))
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }
}

impl Machine {
    /// From here on, accesses are noted and threads pause before shared ones.
    pub fn watch(&mut self, registry: &Rc<RefCell<Registry>>) {
        self.watch.on = true;
        self.watch.registry = registry.clone();
    }

    /// The thread is about to run, perhaps on from its pause. `apart`: it stands at a preemption point, and what comes next
    /// is not one step with what it did before.
    pub fn go_on(&mut self, thread: u32, paused: bool, apart: bool) {
        self.enter_process(self.process_of(thread));
        self.heap.stamp = (thread + 1) << SITE_BITS;
        self.watch.passed = apart;
        self.watch.idle = true;
        let within = self.threads[thread as usize].reach != Reach::Inside;
        self.watch.resumed = paused && !within;
        self.watch.point = self.executed;
        self.watch.pause = None;
    }

    /// The thread that this `threading.Thread` stands for.
    fn thread_of(&self, object: Handle) -> Option<u32> {
        let is = |thread: &super::frame::Thread| {
            thread.process == self.processes.current && thread.object.as_object() == Some(object)
        };
        self.threads.iter().position(is).map(|at| at as u32)
    }
}

impl Context<'_> {
    /// Before an instruction of the program's own code: notes what it touches. Whether the thread must pause here; it
    /// can only if it is `preemptible`.
    pub fn watch_instruction(
        &mut self,
        linked: &Linked,
        pc: usize,
        preemptible: bool,
        base: usize,
        module: usize,
    ) -> bool {
        let resumed = std::mem::take(&mut self.machine.watch.resumed);
        let rules = self.machine.rules;
        let executed = self.machine.executed;
        if !resumed
            && preemptible
            && rules.contains(PreemptionRules::EVERY)
            && (pc == 0 || rules.checks_after(&linked.code.instructions[pc - 1]))
        {
            self.machine.watch.pass(executed);
        }
        let frames = &self.thread.frames;
        let code = frames.last().map_or(0, |frame| frame.code);
        self.machine.heap.stamp =
            (self.number + 1) << SITE_BITS | (code << 12 ^ pc as u32) & ((1 << SITE_BITS) - 1);
        // These touch nothing but the frame, and there are many of them.
        if let Instruction::Line(_)
        | Instruction::LoadFast(_)
        | Instruction::StoreFast(_)
        | Instruction::LoadConstant(_)
        | Instruction::Jump(_)
        | Instruction::JumpBackward(_)
        | Instruction::Pop = linked.instructions[pc]
        {
            return false;
        }
        let trail = self
            .machine
            .watch
            .trail
            .as_ref()
            .map_or(0, |it| it.notes.len());
        let checks =
            self.machine.watch.trail.is_some() && trail::decides(&linked.instructions[pc..]);
        let mut look = Look {
            machine: self.machine,
            stack: &self.thread.stack,
            by: self.number,
            line: self.thread.line,
            checks,
            frames: &self.thread.frames,
            origin: 0,
            first: None,
            wants: Value::NULL,
            enters: false,
        };
        look.instruction(linked.instructions[pc], base, module);
        if let Instruction::Return = linked.instructions[pc]
            && frames.len() >= 2
            && (frames[..frames.len() - 1].iter()).all(|frame| frame.flags & FRAME_USER == 0)
        {
            look.touch(Place::End, look.by, 0, true);
        }
        let (first, wants) = (look.first, look.wants);
        let enters = look.enters && rules.contains(PreemptionRules::FUNCTION_ENTRY);
        let Some(access) = first else {
            return false;
        };
        let watch = &mut self.machine.watch;
        if !preemptible {
            watch.registry.borrow_mut().missed = true;
        }
        let entering = enters && !watch.passed && !resumed && preemptible;
        if entering {
            watch.pass(executed);
        }
        if watch.passed && !resumed && preemptible {
            if let Some(all) = &mut watch.trail {
                all.notes.truncate(trail);
            }
            watch.pause = Some(Pause {
                access,
                wants,
                line: self.thread.line,
                ahead: executed - watch.point,
                idle: watch.idle,
                entering,
            });
            return true;
        }
        watch.passed = false;
        false
    }
}
