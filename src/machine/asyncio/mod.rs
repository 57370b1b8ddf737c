//! asyncio's core, native as in CPython: futures, tasks and the event loop's iteration. The rest is Python in `library`.

mod callbacks;
mod choice;
pub mod contexts;
mod derived;
pub mod describe;
pub mod event_loop;
pub mod future;
pub mod handles;
mod iteration;
pub mod object;
mod step;
pub mod task;
pub mod timers;
mod turn;
mod waiting;
