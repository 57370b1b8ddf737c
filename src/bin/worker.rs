//! The engine's Web Worker: requests in, answers out, nothing else.

/// A quarter of the code of the default allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(target_arch = "wasm32")]
fn main() {
    let mut answerer = interleave::answer::Answerer::default();
    worker::serve(move |request, reply| {
        let send = &mut |kind, bytes: &[u8]| reply.send(kind, bytes);
        match request {
            Some(request) => answerer.answer(request.kind, &request.payload, send),
            None => answerer.go_on(send),
        }
        answerer.is_working()
    });
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
mod worker {
    use gloo::timers::callback::Timeout;
    use interleave::message::{self, Message};
    use std::cell::RefCell;
    use std::rc::Rc;
    use wasm_bindgen::{JsCast, prelude::Closure};
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    /// Answers one request; may be used several times, or never.
    pub struct Reply {
        scope: DedicatedWorkerGlobalScope,
        request: u32,
    }

    impl Reply {
        pub fn send(&self, kind: u8, payload: &[u8]) {
            let (bytes, transferred) = message::pack(kind, self.request, payload);
            self.scope
                .post_message_with_transfer(&bytes, &transferred)
                .expect("bytes can always be posted");
        }
    }

    /// Hands each request to `handle`, one at a time and in order, for as long as the worker lives. Where it says that it has more to do, it
    /// is called again without a request, after those that came meanwhile.
    pub fn serve(handle: impl FnMut(Option<Message>, &Reply) -> bool + 'static) {
        let handle = Rc::new(RefCell::new(handle));
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
            work(Some(request), reply, handle.clone());
        });
        scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();

        Reply { scope, request: 0 }.send(message::READY, &[]);
    }

    fn work<F>(request: Option<Message>, reply: Reply, handle: Rc<RefCell<F>>)
    where
        F: FnMut(Option<Message>, &Reply) -> bool + 'static,
    {
        let has_more = handle.borrow_mut()(request, &reply);
        if has_more {
            // A timer: requests that have come are heard first.
            Timeout::new(0, move || work(None, reply, handle)).forget();
        }
    }
}
