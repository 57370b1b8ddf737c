//! The worker's end of the wire: requests in, answers out, nothing else.

use crate::answer::Answer;
use crate::message::{self, Message};
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Answers one request; may be used several times, or never.
struct Reply {
    scope: DedicatedWorkerGlobalScope,
    request: u32,
}

impl Reply {
    fn send(&self, kind: u8, payload: &[u8]) {
        let (bytes, transferred) = message::pack(kind, self.request, payload);
        self.scope
            .post_message_with_transfer(&bytes, &transferred)
            .expect("bytes can always be posted");
    }
}

/// Hands each request to `answerer`, one at a time and in order, for as long as the worker lives. Where it has more to do, it
/// goes on after the requests that came meanwhile.
pub fn serve(answerer: impl Answer + 'static) {
    let answerer = Rc::new(RefCell::new(answerer));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let tell = Reply {
        scope: scope.clone(),
        request: 0,
    };
    // Where panics have texts (build.sh leaves them out): the trap that follows does not say where it came from.
    std::panic::set_hook(Box::new(move |panic| {
        tell.send(message::FAILED, panic.to_string().as_bytes());
    }));

    let to = scope.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let request = message::unpack(event.data()).unwrap_or_else(|reason| panic!("{reason}"));
        let reply = Reply {
            scope: to.clone(),
            request: request.request,
        };
        work(Some(request), reply, answerer.clone());
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();

    Reply { scope, request: 0 }.send(message::READY, &[]);
}

fn work(request: Option<Message>, reply: Reply, answerer: Rc<RefCell<impl Answer + 'static>>) {
    let mut working = answerer.borrow_mut();
    let send = &mut |kind, bytes: &[u8]| reply.send(kind, bytes);
    match request {
        Some(request) => working.answer(request.kind, &request.payload, send),
        None => working.go_on(send),
    }
    let has_more = working.is_working();
    drop(working);
    if has_more {
        // A timer: requests that have come are heard first.
        Timeout::new(0, move || work(None, reply, answerer)).forget();
    }
}
