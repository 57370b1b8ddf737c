//! The Yew page.

#[cfg(target_arch = "wasm32")]
fn main() {
    yew::Renderer::<page::Page>::new().render();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
mod page {
    use interleave::{message::Message, ui::worker_link::WorkerLink};
    use yew::prelude::*;

    /// Stands in for the page: what it sends comes back.
    #[component]
    pub fn Page() -> Html {
        let heard = use_state(|| "starting".to_owned());
        use_memo((), {
            let heard = heard.setter();
            move |()| {
                let say = heard.clone();
                let on_message = Callback::from(move |answer: Message| {
                    say.set(String::from_utf8_lossy(&answer.payload).into_owned());
                    let root = gloo::utils::document()
                        .document_element()
                        .expect("a page has a root element");
                    root.set_attribute("data-ready", "true")
                        .expect("the name is valid");
                });
                let link =
                    WorkerLink::spawn(on_message, Callback::from(move |reason| heard.set(reason)));
                link.send(1, "the engine answers".as_bytes());
                link
            }
        });
        html! { <main><h1>{ "Interleave" }</h1><p>{ &*heard }</p></main> }
    }
}
