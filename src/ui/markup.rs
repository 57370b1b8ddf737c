//! What the components write themselves with: element by element, opened and closed. Yew's `html!` spells each element out
//! where it stands, which costs the page three times as much.
//!
//! ```ignore
//! out.open("p", is!("class" = "quiet")).text("nothing printed yet").close();
//! ```

use super::state::Action;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::virtual_dom::{
    AttributeOrProperty, Attributes, Key, Listener, ListenerKind, Listeners, VList, VTag, VText,
};
use yew::{AttrValue, Callback, Html, NodeRef};

/// Where components send their actions to.
pub type Sender = Callback<Action>;

/// Attributes that never change.
pub type Is = &'static [(&'static str, AttributeOrProperty)];

/// `is!("class" = "quiet" "id" = "x")`
macro_rules! is {
    ($($name:literal = $value:literal)*) => {
        &[$(($name, yew::virtual_dom::AttributeOrProperty::Static($value))),*]
    };
}
pub(super) use is;

/// The names of all attributes of elements that have some that change, the most frequent ones first.
const NAMES: &[&str] = &[
    "class",
    "id",
    "title",
    "aria-label",
    "aria-pressed",
    "role",
    "d",
    "value",
    "type",
    "name",
    "disabled",
    "label",
    "aria-selected",
    "aria-controls",
    "aria-busy",
    "aria-live",
    "href",
    "target",
];

/// A piece of the page in the making.
pub struct Markup {
    send: Sender,
    /// What is open, from the outermost.
    open: Vec<Open>,
}

/// An element that is open, with what it holds so far.
#[derive(Default)]
struct Open {
    tag: &'static str,
    is: Is,
    /// The values of the first names of [`NAMES`], if some of them change.
    values: Vec<Option<AttributeOrProperty>>,
    key: Option<Key>,
    listener: Option<Rc<dyn Listener>>,
    children: Vec<Html>,
}

impl Open {
    fn put(&mut self, name: &str, value: AttributeOrProperty) {
        let place = NAMES.iter().position(|it| *it == name);
        let place = place.expect("the name is in the list");
        if self.values.len() <= place {
            self.values.resize(place + 1, None);
        }
        self.values[place] = Some(value);
    }
}

impl Markup {
    /// The element that a component writes, all of it.
    pub fn of(send: &Sender, write: impl FnOnce(&mut Markup)) -> Html {
        let mut out = Markup {
            send: send.clone(),
            open: vec![Open::default()],
        };
        write(&mut out);
        let whole = out
            .open
            .pop()
            .expect("nothing is closed that was not opened");
        whole.children.into_iter().next().unwrap_or_default()
    }

    /// Opens an element.
    pub fn open(&mut self, tag: &'static str, is: Is) -> &mut Markup {
        self.open.push(Open {
            tag,
            is,
            ..Open::default()
        });
        self
    }

    /// Closes what was opened last. Yew's own ways to add to an element one by one cost more than all of this file.
    pub fn close(&mut self) -> &mut Markup {
        let open = self.open.pop().expect("what is closed was opened");
        let attributes = if open.values.is_empty() {
            Attributes::Static(open.is)
        } else {
            Attributes::Dynamic {
                keys: &NAMES[..open.values.len()],
                values: open.values.into(),
            }
        };
        let listeners = match open.listener {
            Some(listener) => Listeners::Pending([Some(listener)].into()),
            None => Listeners::None,
        };
        let tag = VTag::__new_other(
            open.tag.into(),
            NodeRef::default(),
            open.key,
            attributes,
            listeners,
            VList::with_children(open.children, None).into(),
        );
        self.put(tag.into())
    }

    /// Opens an element, writes text, closes it.
    pub fn leaf(&mut self, tag: &'static str, is: Is, text: &str) -> &mut Markup {
        self.open(tag, is).text(text).close()
    }

    /// Gives what was opened last an attribute.
    pub fn set(&mut self, name: &'static str, value: &str) -> &mut Markup {
        let open = self.last();
        if open.values.is_empty() {
            for (name, value) in open.is {
                open.put(name, value.clone());
            }
        }
        open.put(
            name,
            AttributeOrProperty::Attribute(AttrValue::from(value.to_owned())),
        );
        self
    }

    /// The same with "true" or "false".
    pub fn set_whether(&mut self, name: &'static str, value: bool) -> &mut Markup {
        self.set(name, if value { "true" } else { "false" })
    }

    /// Its neighbours may come and go: by this key it stays the same.
    pub fn key(&mut self, key: &str) -> &mut Markup {
        self.last().key = Some(key.to_owned().into());
        self
    }

    pub fn text(&mut self, text: &str) -> &mut Markup {
        self.put(VText::new(text.to_owned()).into())
    }

    /// Text that is markup already.
    pub fn raw(&mut self, html: &str) -> &mut Markup {
        self.put(Html::from_html_unchecked(AttrValue::from(html.to_owned())))
    }

    /// Holds the place of something, so that its neighbours stay what they are.
    pub fn nothing(&mut self) -> &mut Markup {
        self.put(Html::default())
    }

    /// A click on it sends what the function makes of the number.
    pub fn click(&mut self, action: fn(u32) -> Action, number: u32) -> &mut Markup {
        self.hear(Act::Click(action, number))
    }

    /// A click on it tells the explorer a text.
    pub fn tell(&mut self, text: &str) -> &mut Markup {
        self.hear(Act::Tell(Rc::from(text)))
    }

    /// Whenever a value is chosen, it sends what the function makes of it.
    pub fn choose(&mut self, action: fn(String) -> Action) -> &mut Markup {
        self.hear(Act::Choose(action))
    }

    /// The same with each letter or movement.
    pub fn input(&mut self, action: fn(String) -> Action) -> &mut Markup {
        self.hear(Act::Input(action))
    }

    fn hear(&mut self, act: Act) -> &mut Markup {
        let send = self.send.clone();
        self.last().listener = Some(Rc::new(Heard { send, act }));
        self
    }

    fn put(&mut self, html: Html) -> &mut Markup {
        self.last().children.push(html);
        self
    }

    fn last(&mut self) -> &mut Open {
        self.open.last_mut().expect("something is open")
    }
}

enum Act {
    Click(fn(u32) -> Action, u32),
    Tell(Rc<str>),
    Choose(fn(String) -> Action),
    Input(fn(String) -> Action),
}

struct Heard {
    send: Sender,
    act: Act,
}

impl Listener for Heard {
    fn kind(&self) -> ListenerKind {
        match self.act {
            Act::Click(..) | Act::Tell(_) => ListenerKind::onclick,
            Act::Choose(_) => ListenerKind::onchange,
            Act::Input(_) => ListenerKind::oninput,
        }
    }

    fn handle(&self, event: web_sys::Event) {
        self.send.emit(match &self.act {
            Act::Click(action, number) => action(*number),
            Act::Tell(text) => Action::Tell(text.clone()),
            Act::Choose(action) | Act::Input(action) => {
                let Some(target) = event.target() else { return };
                // Whatever has a value has it under the same name.
                action(target.unchecked_into::<HtmlInputElement>().value())
            }
        });
    }

    fn passive(&self) -> bool {
        false
    }
}
