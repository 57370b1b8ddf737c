//! The two themes: what each ink looks like. `styles/tokens.css` says the same to the page, and a test holds them together.

use crate::layout::{Ink, task_colour};

/// The colours of a theme, as CSS colours.
#[derive(Debug, PartialEq, Eq)]
pub struct Theme {
    /// As in `data-theme`.
    pub name: &'static str,
    pub paper: &'static str,
    pub text: &'static str,
    pub muted: &'static str,
    pub grid: &'static str,
    pub alarm: &'static str,
    pub alarm_soft: &'static str,
    pub amber: &'static str,
    pub lock: &'static str,
    /// Fills: grey for the main thread, then Okabe and Ito's six.
    pub task: [&'static str; 7],
    /// The same for text on paper and panels: darker on light, lighter on dark, until the contrast is 4.5:1.
    pub task_text: [&'static str; 7],
    /// Text on the fills.
    pub on_task: [&'static str; 7],
}

/// Okabe and Ito's colours serve both themes; blocks look the same on paper and screen.
const TASK: [&str; 7] = [
    "#5b6472", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
];
/// White where that reaches 4.5:1 on the fill, else nearly black.
const ON_TASK: [&str; 7] = [
    "#ffffff", "#ffffff", "#0b0d12", "#0b0d12", "#0b0d12", "#0b0d12", "#0b0d12",
];

/// Warm paper.
pub static LIGHT: Theme = Theme {
    name: "light",
    paper: "#fbfaf7",
    text: "#1b2130",
    muted: "#5d6678",
    grid: "#e4e2dc",
    alarm: "#c8102e",
    alarm_soft: "#f6e3e3",
    amber: "#b7670f",
    lock: "#8c3b1f",
    task: TASK,
    task_text: [
        "#5b6472", "#0072b2", "#b44f00", "#007c5a", "#975a7c", "#916400", "#377395",
    ],
    on_task: ON_TASK,
};

/// For dark rooms.
pub static DARK: Theme = Theme {
    name: "dark",
    paper: "#14171d",
    text: "#eceff4",
    muted: "#9aa3b2",
    grid: "#2a2f3a",
    alarm: "#ff6b6b",
    alarm_soft: "#352328",
    amber: "#e8a33d",
    lock: "#d9825f",
    task: TASK,
    task_text: [
        "#8e949e", "#4a9bc8", "#dc792a", "#17a780", "#cc79a7", "#e69f00", "#56b4e9",
    ],
    on_task: ON_TASK,
};

impl Theme {
    /// The colour of an ink.
    pub fn colour(&self, ink: Ink) -> &'static str {
        match ink {
            Ink::Paper => self.paper,
            Ink::Text => self.text,
            Ink::Muted => self.muted,
            Ink::Grid => self.grid,
            Ink::Alarm => self.alarm,
            Ink::AlarmSoft => self.alarm_soft,
            Ink::Amber => self.amber,
            Ink::Lock => self.lock,
            Ink::Task(task) => self.task[task_colour(task)],
            Ink::TaskText(task) => self.task_text[task_colour(task)],
            Ink::OnTask(task) => self.on_task[task_colour(task)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let c = u8::from_str_radix(&colour[at..at + 2], 16).unwrap() as f64 / 255.0;
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The value of `--name` in the block of the style sheet that begins with this selector.
    fn token<'a>(css: &'a str, selector: &str, name: &str) -> &'a str {
        let block = css
            .split_once(selector)
            .expect("the theme's block")
            .1
            .split_once('}')
            .expect("its end")
            .0;
        let value = block
            .split_once(&format!("--{name}:"))
            .unwrap_or_else(|| panic!("--{name} in {selector}"))
            .1;
        value.split_once(';').expect("a semicolon").0.trim()
    }

    #[test]
    fn text_has_contrast() {
        let css = include_str!("../../styles/tokens.css");
        for (theme, selector) in [
            (&LIGHT, "[data-theme=\"light\"]"),
            (&DARK, "[data-theme=\"dark\"]"),
        ] {
            for under in [
                theme.paper,
                token(css, selector, "panel"),
                token(css, selector, "raised"),
            ] {
                let texts = [theme.text, theme.muted, theme.alarm]
                    .into_iter()
                    .chain(theme.task_text);
                for text in texts.chain(
                    ["code-keyword", "code-string", "code-number", "code-comment"]
                        .map(|name| token(css, selector, name)),
                ) {
                    let ratio = contrast(text, under);
                    assert!(ratio >= 4.5, "{} {text} on {under}: {ratio:.2}", theme.name);
                }
            }
            assert!(contrast(theme.alarm, theme.alarm_soft) >= 4.5);
            assert!(contrast(theme.text, theme.alarm_soft) >= 4.5);
            for (n, (&on, &under)) in ON_TASK.iter().zip(&theme.task).enumerate() {
                assert!(contrast(on, under) >= 4.5, "{} on {}", on, under);
                assert!(
                    contrast(theme.text, token(css, selector, &format!("task-{n}-soft"))) >= 4.5
                );
            }
        }
    }

    #[test]
    fn the_style_sheet_agrees() {
        let css = include_str!("../../styles/tokens.css");
        for (theme, selector) in [
            (&LIGHT, "[data-theme=\"light\"]"),
            (&DARK, "[data-theme=\"dark\"]"),
        ] {
            let check = |name: &str, colour: &str| {
                assert_eq!(
                    token(css, selector, name),
                    colour,
                    "--{name} of {}",
                    theme.name
                )
            };
            check("paper", theme.paper);
            check("ink", theme.text);
            check("muted", theme.muted);
            check("grid", theme.grid);
            check("alarm", theme.alarm);
            check("alarm-soft", theme.alarm_soft);
            check("amber", theme.amber);
            check("lock", theme.lock);
            for (name, colours) in [
                ("", theme.task),
                ("-text", theme.task_text),
                ("-on", theme.on_task),
            ] {
                for (n, colour) in colours.into_iter().enumerate() {
                    check(&format!("task-{n}{name}"), colour);
                }
            }
        }
    }
}
