//! What the analysis found: a card for each finding that the run has come to, with links to the steps that prove it.

use super::page::Props;
use super::state::{Action, Command, Shown};
use super::text::message_html;
use crate::findings::Finding;
use crate::trace::FindingKind;
use yew::prelude::*;

/// The latest ones; the others are a few steps away.
const MOST: usize = 3;

#[component]
pub fn Findings(props: &Props) -> Html {
    let Some(run) = &props.state.run else {
        return Html::default();
    };
    let come = run
        .findings
        .iter()
        .take_while(|finding| finding.step() <= props.state.step);
    let come = come.count();
    let earlier = come.saturating_sub(MOST);
    let cards = run.findings[earlier..come].iter().rev();
    let ahead = run.findings.get(come).map(|finding| {
        let step = finding.step();
        let text = [title(finding.kind), " ahead, at step ", &step.to_string()].concat();
        html! { <p class="ahead">{ link(props, text, Action::Go(Command::To(step))) }</p> }
    });
    html! {
        <div class="findings">
            { for cards.map(|finding| card(props, run, finding)) }
            if earlier > 0 {
                <p class="quiet">{ [&earlier.to_string(), " more before"].concat() }</p>
            }
            { for ahead }
        </div>
    }
}

fn title(kind: FindingKind) -> &'static str {
    ["Lost update", "Deadlock", "Blocking call", "Never awaited"][kind as usize]
}

fn card(props: &Props, run: &Shown, finding: &Finding) -> Html {
    let first = finding.steps.first().copied().unwrap_or(0);
    let show = if finding.kind == FindingKind::LostUpdate {
        "Show the two accesses"
    } else {
        "Show it on the timeline"
    };
    let step = |&step: &u32| {
        let text = "step ".to_owned() + &step.to_string();
        link(props, text, Action::Go(Command::To(step)))
    };
    let html = message_html(&run.trace, &finding.message);
    html! {
        <div class="card">
            <h3>{ title(finding.kind) }</h3>
            <p>{ Html::from_html_unchecked(html.into()) }</p>
            <p class="links">
                { link(props, show.to_owned(), Action::Show(first, finding.step())) }
                { for finding.steps.iter().take(8).map(step) }
            </p>
        </div>
    }
}

/// A button that looks like a link.
fn link(props: &Props, text: String, action: Action) -> Html {
    let send = props.send.clone();
    let act = Callback::from(move |_: MouseEvent| {
        send.emit(match action {
            Action::Show(first, last) => Action::Show(first, last),
            Action::Go(command) => Action::Go(command),
            _ => return,
        });
    });
    html! { <button class="link" onclick={act}>{ text }</button> }
}
