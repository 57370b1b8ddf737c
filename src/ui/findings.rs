//! What the analysis found: a card for each finding that the run has come to, with links to the steps that prove it.

use super::markup::{Markup, is};
use super::state::{Action, Command, Shown, State};
use super::text::{message_html, number};
use crate::findings::Finding;
use crate::trace::FindingKind;

/// The latest ones; the others are a few steps away.
const MOST: usize = 3;

const TITLES: [&str; 4] = ["Lost update", "Deadlock", "Blocking call", "Never awaited"];

pub fn write(state: &State, run: &Shown, out: &mut Markup) {
    let come = run
        .findings
        .iter()
        .take_while(|finding| finding.step() <= state.step)
        .count();
    let earlier = come.saturating_sub(MOST);
    out.open("div", is!("class" = "findings")).key("findings");
    for (place, finding) in run
        .findings
        .iter()
        .enumerate()
        .take(come)
        .skip(earlier)
        .rev()
    {
        card(state, run, place as u32, finding, out);
    }
    if earlier > 0 {
        let words = [&number(earlier as u32), " more before"].concat();
        out.leaf("p", is!("class" = "quiet"), &words);
    }
    if let Some(finding) = run.findings.get(come) {
        let step = number(finding.step());
        let words = [TITLES[finding.kind as usize], " ahead, at step ", &step].concat();
        out.open("p", is!("class" = "ahead"));
        step_link(&words, finding.step(), out);
        out.close();
    }
    out.close();
}

fn card(state: &State, run: &Shown, place: u32, finding: &Finding, out: &mut Markup) {
    let show = if finding.kind == FindingKind::LostUpdate {
        "Show the two accesses"
    } else {
        "Show it on the timeline"
    };
    out.open("div", is!("class" = "card"))
        .leaf("h3", &[], TITLES[finding.kind as usize])
        .open("p", &[])
        .raw(&message_html(&run.trace, &finding.message))
        .close()
        .open("p", is!("class" = "links"))
        .open("button", is!("class" = "link"))
        .click(Action::Show, place)
        .text(show)
        .close()
        .open("button", is!("class" = "link"))
        .click(Action::HowOften, place)
        .text("How often does this happen?")
        .close()
        .leaf(
            "span",
            is!("role" = "status"),
            state.how_often(&run.name(finding)).unwrap_or_default(),
        );
    for &step in finding.steps.iter().take(8) {
        step_link(&["step ", &number(step)].concat(), step, out);
    }
    out.close().close();
}

/// A button that looks like a link, and goes to a step.
pub fn step_link(words: &str, step: u32, out: &mut Markup) {
    out.open("button", is!("class" = "link"))
        .click(|step| Action::Go(Command::To(step)), step)
        .text(words)
        .close();
}
