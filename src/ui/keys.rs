//! What each key does. It knows nothing of the browser.

use super::state::{Action, Command};

/// What a key asks for.
pub enum Wish {
    Act(Action),
    /// To choose another scenario.
    FindScenario,
    FullScreen,
    /// To leave what is open.
    Leave,
    /// To let the task of this number go on.
    Take(u32),
    /// To undo the last choice.
    Undo,
}

/// What has the focus, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Nothing that takes keys itself.
    Page,
    /// A button or a link: Space and Enter belong to it.
    Button,
    /// A choice: letters and arrows belong to it.
    Choice,
    /// The editor: all keys belong to it, but for Escape.
    Typing,
}

/// The sheet of keys: keys, separated by spaces, and what they do.
pub const SHEET: [(&str, &str); 14] = [
    ("Space", "play or pause"),
    ("← →", "one step back, forward, by the chosen grain"),
    (", .", "one instruction back, forward"),
    (
        "[ ]",
        "previous, next finding, or switch where there is none",
    ),
    ("Home End", "first, last step"),
    ("W S + -", "zoom the timeline in, out; also Ctrl and wheel"),
    ("A D", "pan the timeline; also Shift and wheel, or drag"),
    ("0", "fit the whole run"),
    ("1 2 3", "let this task go on, where there is a choice"),
    ("U", "undo the last choice"),
    ("/", "find a scenario"),
    ("Ctrl+Enter", "run the edited program"),
    ("F", "full screen"),
    ("? Esc", "this sheet; leave what is open"),
];

/// What a key asks for, by its `key` and physical `code`.
pub fn wish(key: &str, code: &str, focus: Focus) -> Option<Wish> {
    use Command::*;
    if key == "Escape" {
        return Some(Wish::Leave);
    }
    let own = match focus {
        Focus::Page => false,
        Focus::Button => key == " " || key == "Enter",
        Focus::Choice | Focus::Typing => true,
    };
    if own {
        return None;
    }
    let go = |command| Some(Wish::Act(Action::Go(command)));
    match key {
        " " => return go(Play),
        "ArrowLeft" => return go(Back),
        "ArrowRight" => return go(Forward),
        "," => return go(BackOne),
        "." => return go(ForwardOne),
        "[" => return go(PreviousMark),
        "]" => return go(NextMark),
        "Home" => return go(First),
        "End" => return go(Last),
        "0" => return Some(Wish::Act(Action::Fit)),
        "+" | "=" => return Some(Wish::Act(Action::Zoom(None, 1.5))),
        "-" => return Some(Wish::Act(Action::Zoom(None, 1.0 / 1.5))),
        "/" => return Some(Wish::FindScenario),
        "?" => return Some(Wish::Act(Action::Keys(true))),
        _ => {}
    }
    if let [digit @ b'1'..=b'9'] = key.as_bytes() {
        return Some(Wish::Take(u32::from(digit - b'0')));
    }
    Some(match code {
        "KeyW" => Wish::Act(Action::Zoom(None, 1.5)),
        "KeyS" => Wish::Act(Action::Zoom(None, 1.0 / 1.5)),
        "KeyA" => Wish::Act(Action::Pan(-80.0)),
        "KeyD" => Wish::Act(Action::Pan(80.0)),
        "KeyF" => Wish::FullScreen,
        "KeyU" => Wish::Undo,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_belong_to_what_has_the_focus() {
        let does = |key, focus| wish(key, "", focus).is_some();
        for key in [" ", "ArrowLeft", "]", "0", "?"] {
            assert!(does(key, Focus::Page));
            assert!(!does(key, Focus::Typing));
            assert!(!does(key, Focus::Choice));
        }
        assert!(!does(" ", Focus::Button));
        assert!(does("ArrowLeft", Focus::Button));
        assert!(does("Escape", Focus::Typing));
        assert!(!does("x", Focus::Page));
        assert!(does("3", Focus::Button) && !does("3", Focus::Typing));
        assert!(wish("ц", "KeyW", Focus::Page).is_some());
    }
}
