//! The page's end of the wire to the engine's worker.
//!
//! ```ignore
//! let link = WorkerLink::spawn("data-worker", on_message, on_failure);
//! let request = link.send(RUN, &bytes); // may be sent at once: it waits until the worker is ready
//! link.restart();                       // forgets all requests: how a run that takes too long ends
//! ```
//!
//! Both callbacks run from the browser's event loop, never inside `spawn`, `send` or `restart`, and may call the link.

use super::dom;
use crate::message::{self, Message};
use gloo::events::EventListener;
use js_sys::Array;
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// Clones share one worker. It ends when it is replaced, fails, or the last clone is dropped.
#[derive(Clone)]
pub struct WorkerLink(Rc<Shared>);

struct Shared {
    /// The attribute of the root element where the build has written the worker's hashed name.
    name: &'static str,
    on_message: Callback<Message>,
    on_failure: Callback<String>,
    /// Goes on through restarts, so that no two requests share a number.
    last_request: Cell<u32>,
    /// None after a failure, until something is sent.
    running: RefCell<Option<Running>>,
}

struct Running {
    worker: Worker,
    /// What was sent before the worker was ready; None once it is.
    waiting: Option<Vec<(Uint8Array, Array)>>,
    _listeners: [EventListener; 3],
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl PartialEq for WorkerLink {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl WorkerLink {
    /// Starts the worker whose address the root element has as `name`. `on_message` hears of its answers; `on_failure` of
    /// why it died (it could not be loaded, or the engine panicked), once for each death. All requests under way are then
    /// lost; the next one that is sent starts a fresh worker.
    pub fn spawn(
        name: &'static str,
        on_message: Callback<Message>,
        on_failure: Callback<String>,
    ) -> Self {
        let link = Self(Rc::new(Shared {
            name,
            on_message,
            on_failure,
            last_request: Cell::new(0),
            running: RefCell::new(None),
        }));
        link.restart();
        link
    }

    /// Sends a request and gives the number that its answers will carry.
    pub fn send(&self, kind: u8, payload: &[u8]) -> u32 {
        let request = self.0.last_request.get().wrapping_add(1);
        self.0.last_request.set(request);
        let (bytes, transferred) = message::pack(kind, request, payload);
        let mut running = self.0.running.borrow_mut();
        let running = running.get_or_insert_with(|| self.start());
        match &mut running.waiting {
            Some(waiting) => waiting.push((bytes, transferred)),
            None => running.post(&bytes, &transferred),
        }
        request
    }

    /// Ends the worker, whatever it is doing, and starts another. Requests under way are never answered.
    pub fn restart(&self) {
        let fresh = self.start();
        self.0.running.replace(Some(fresh));
    }

    fn start(&self) -> Running {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let address = dom::root().get_attribute(self.0.name);
        let address = address.expect("the build names the workers");
        let worker = Worker::new_with_options(&address, &options).expect("browsers have workers");
        let listen = |name: &'static str, heard: fn(&Shared, &Event)| {
            // Weak: the listener belongs to what it would keep alive.
            let shared = Rc::downgrade(&self.0);
            EventListener::new(&worker, name, move |event| {
                if let Some(shared) = shared.upgrade() {
                    heard(&shared, event);
                }
            })
        };
        let listeners = [
            listen("message", Shared::message),
            listen("error", Shared::error),
            listen("messageerror", |shared, _| {
                shared.fail("a message could not be read".to_owned())
            }),
        ];
        Running {
            worker,
            waiting: Some(Vec::new()),
            _listeners: listeners,
        }
    }
}

impl Running {
    fn post(&self, bytes: &Uint8Array, transferred: &Array) {
        self.worker
            .post_message_with_transfer(bytes, transferred)
            .expect("bytes can always be posted");
    }
}

impl Shared {
    fn message(&self, event: &Event) {
        match message::unpack(event.unchecked_ref::<MessageEvent>().data()) {
            Ok(Message {
                kind: message::READY,
                ..
            }) => self.ready(),
            Ok(Message {
                kind: message::FAILED,
                payload,
                ..
            }) => self.fail(String::from_utf8_lossy(&payload).into_owned()),
            Ok(answer) => self.on_message.emit(answer),
            Err(reason) => self.fail(reason),
        }
    }

    fn ready(&self) {
        if let Some(running) = &mut *self.running.borrow_mut() {
            for (bytes, transferred) in running.waiting.take().unwrap_or_default() {
                running.post(&bytes, &transferred);
            }
        }
    }

    fn error(&self, event: &Event) {
        // A script that cannot be loaded gives a plain event, without a message.
        let reason = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
        self.fail(reason.unwrap_or_else(|| "the engine could not be loaded".to_owned()));
    }

    fn fail(&self, reason: String) {
        // A panic is told twice, by its own message and by the trap that follows; dropping the listeners ends that.
        self.running.take();
        self.on_failure.emit(reason);
    }
}
