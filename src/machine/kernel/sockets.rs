//! Sockets for the library: each is a call of the operating system, which the simulation answers.

use super::locks::seconds;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::sockets::{Answer, Call};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, Machine, Outcome, Trap};
use crate::trace::NEVER;

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

/// How much one call takes at most, in bytes.
const MOST: usize = 1 << 20;

const FUNCTIONS: &[Definition] = &[
    define("socket_open", "", |_, _| call(Call::Open)),
    define("socket_pair", "", |_, _| call(Call::Pair)),
    define("socket_bind", "socket host port", |_, a| {
        call(Call::Bind(number(a[0]), address(a)))
    }),
    define("socket_listen", "socket backlog", |_, a| {
        call(Call::Listen(number(a[0]), number(a[1]) as usize))
    }),
    define("socket_connect", "socket host port", |_, a| {
        call(Call::Connect(number(a[0]), address(a)))
    }),
    define("socket_accept", "socket", |_, a| {
        call(Call::Accept(number(a[0])))
    }),
    define("socket_send", "socket data", |cx, a| {
        let data: Box<[u8]> = match cx.machine.heap.object(a[1]) {
            Some(Object::Bytes(bytes)) => bytes[..bytes.len().min(MOST)].into(),
            Some(Object::ByteArray(bytes)) => bytes[..bytes.len().min(MOST)].into(),
            _ => Box::default(),
        };
        call(Call::Send(number(a[0]), data))
    }),
    define("socket_receive", "socket most peek", |cx, a| {
        let (socket, most) = (number(a[0]), number(a[1]) as usize);
        let peek = cx.truth(a[2])?;
        call(Call::Receive { socket, most, peek })
    }),
    define("socket_shutdown", "socket read write", |cx, a| {
        let socket = number(a[0]);
        let (read, write) = (cx.truth(a[1])?, cx.truth(a[2])?);
        call(Call::Shutdown {
            socket,
            read,
            write,
        })
    }),
    define("socket_close", "socket", |_, a| {
        call(Call::Close(number(a[0])))
    }),
    define("socket_name", "socket remote", |cx, a| {
        let (socket, remote) = (number(a[0]), cx.truth(a[1])?);
        call(Call::Name { socket, remote })
    }),
    define("socket_error", "socket", |_, a| {
        call(Call::Error(number(a[0])))
    }),
    define("socket_watch", "loop socket mask", |_, a| {
        call(Call::Watch {
            event_loop: a[0],
            socket: number(a[1]),
            mask: number(a[2]) as u8,
        })
    }),
    define("socket_forget", "loop", |_, a| call(Call::Forget(a[0]))),
    define("socket_wait", "socket mask thing deadline", |_, a| {
        let thing = match a[2].view() {
            View::Thing(thing) => thing,
            _ => 0,
        };
        let deadline = a[3].as_number().map_or(NEVER, seconds);
        let (socket, mask) = (number(a[0]), number(a[1]) as u8);
        trap(Trap::Ready {
            socket,
            mask,
            thing,
            deadline,
        })
    }),
    define("rename_thing", "thing name", |cx, a| {
        if let View::Thing(thing) = a[0].view() {
            let name = cx.machine.heap.text(a[1]).unwrap_or("").to_owned();
            cx.machine.recorder.rename_thing(thing, &name);
        }
        Ok(Value::NONE)
    }),
];

fn trap(trap: Trap) -> Outcome {
    Err(Control::Trap(Box::new(trap)))
}

fn call(call: Call) -> Outcome {
    trap(Trap::Network(call))
}

/// The library checks what programs give; here it fits.
fn number(value: Value) -> u32 {
    value
        .as_int()
        .and_then(|n| u32::try_from(n).ok())
        .unwrap_or(u32::MAX)
}

fn address(a: &[Value]) -> (u32, u16) {
    (number(a[1]), number(a[2]) as u16)
}

impl Machine {
    /// Pushes what the network answered.
    pub fn answer(&mut self, thread: u32, answer: Answer) {
        let value = match answer {
            Answer::Number(number) => Value::int(number),
            Answer::Numbers(numbers) => self
                .heap
                .tuple(numbers.into_iter().map(Value::int).collect()),
            Answer::Bytes(bytes) => self.heap.add(Object::Bytes(bytes.into())),
        };
        self.deliver(thread, value);
    }
}

impl Context<'_> {
    /// What a poll of the event loop (borrowed) found, as the simulation delivered it (owned): the callbacks get ready.
    pub fn files_ready(&mut self, event_loop: Value, found: Value) -> Outcome<()> {
        for pair in self.items(found)? {
            let (file, events) = match pair.as_int() {
                Some(pair) => ((pair >> 2) as u32, pair & 3),
                None => continue,
            };
            let Some(l) = self.event_loop(event_loop) else {
                continue;
            };
            let Some(watched) = l.files.get(&file).copied() else {
                continue;
            };
            for (place, handle) in watched.into_iter().enumerate() {
                if events & (1 << place) == 0 || handle.is_null() {
                    continue;
                }
                let cancelled = matches!(self.machine.heap.object(handle), Some(Object::Handle(c)) if c.cancelled);
                if !cancelled {
                    self.make_ready(event_loop, handle)?;
                }
            }
        }
        self.heap().release(found);
        Ok(())
    }
}
