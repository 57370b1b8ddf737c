//! What is read on the sheets, and what follows when something on them is pressed.

use super::session::Session;
use super::{Answer, Explorer, preparation};
use crate::protocol::{self, Request, Sheet};
use crate::settings::Runtime;
use crate::trace::Trace;

/// A worker and its last answers.
struct Page {
    worker: Explorer,
    sheet: Sheet,
    fork: Option<Trace>,
}

impl Page {
    fn explore(request: Request) -> Page {
        let mut page = Page {
            worker: Explorer::default(),
            sheet: Sheet::default(),
            fork: None,
        };
        page.send(protocol::EXPLORE, &request.encode());
        page
    }

    fn send(&mut self, kind: u8, payload: &[u8]) {
        self.begin(kind, payload);
        while self.worker.is_working() {
            let (sheet, fork) = (&mut self.sheet, &mut self.fork);
            self.worker
                .go_on(&mut |kind, bytes| hear(kind, bytes, sheet, fork));
        }
    }

    fn begin(&mut self, kind: u8, payload: &[u8]) {
        let (sheet, fork) = (&mut self.sheet, &mut self.fork);
        self.worker.answer(kind, payload, &mut |kind, bytes| {
            hear(kind, bytes, sheet, fork)
        });
    }

    fn often(&mut self, finding: &str) -> String {
        self.tell(&["often ", finding].concat());
        let (it, often) = self.sheet.often.last().expect("an answer");
        assert_eq!(it, finding);
        often.clone()
    }

    fn tell(&mut self, text: &str) -> String {
        self.send(protocol::TELL, text.as_bytes());
        self.sheet.read()
    }
}

fn hear(kind: u8, bytes: &[u8], sheet: &mut Sheet, fork: &mut Option<Trace>) {
    match kind {
        protocol::SHEET => {
            *sheet = Sheet::decode(bytes).expect("a sheet");
            *fork = Trace::from_bytes(sheet.fork.clone()).ok();
        }
        protocol::PROGRESS => {}
        _ => panic!("{:?}", protocol::Fault::decode_all(bytes)),
    }
}

fn scenario(id: &str) -> Request {
    Request {
        scenario: id.to_owned(),
        ..Request::default()
    }
}

#[track_caller]
fn has(text: &str, lines: &[&str]) {
    let mut rest = text;
    for line in lines {
        let Some(at) = rest.find(line) else {
            panic!("no {line:?} after what came before it in\n{text}");
        };
        rest = &rest[at + line.len()..];
    }
}

#[test]
fn the_bad_outcomes_come_first() {
    let page = Page::explore(scenario("lost_deposit"));
    has(
        &page.sheet.read(),
        &[
            "70 orders",
            "(way 0) 2 32 of 70",
            "3 32 of 70",
            "4 6 of 70",
            "(beside) ",
            "(versions) ",
        ],
    );
    assert_eq!((page.sheet.schedule.as_str(), page.sheet.lit), ("", 0));
    let page = Page::explore(scenario("two_locks"));
    has(&page.sheet.read(), &["2 orders", "(way 0) deadlock 2 of 2"]);
    // What the scenario expects of every order counts as well.
    let page = Page::explore(scenario("barrier"));
    has(
        &page.sheet.read(),
        &["(way 1) 1 2 1 2 12 of 156", "(way 0) 1 1 2 2 144 of 156"],
    );
}

#[test]
fn a_person_is_the_scheduler() {
    let mut page = Page::explore(scenario("lost_deposit"));
    let first = page.tell("play");
    has(
        &first,
        &[
            "Choice 1: who goes on?",
            "1: A reads counter, line 11.",
            "(take 1) 1 A reads counter, line 11",
            "(take 2) 2 B reads counter, line 11",
            "(end) ",
            "70 of 70 orders from here",
        ],
    );
    assert!(!first.contains("(over)") && page.sheet.schedule.ends_with(">?"));
    assert_eq!((page.sheet.lit, page.sheet.step), (0b110, u32::MAX));
    let schedule = page.sheet.schedule.clone();
    page.tell("take 1");
    let third = page.tell("take 1");
    has(
        &third,
        &["Choice 3", "(undo)", "(over)", "15 of 70 orders from here"],
    );
    page.tell("take 1");
    page.tell("take 1");
    // A is done, and B has no choice any more: nothing can be lost.
    let last = page.sheet.read();
    has(&last, &["4 6 of 70", "Choice 4 of 4"]);
    assert!(!page.sheet.schedule.contains('?'));
    for _ in 0..4 {
        page.tell("undo");
    }
    assert_eq!(
        (page.sheet.read(), &page.sheet.schedule),
        (first, &schedule)
    );
    // Where one is stands in the schedule alone.
    page.tell("take 2");
    page.tell("take 1");
    let there = page.sheet.clone();
    let mut again = scenario("lost_deposit");
    let setting = ("schedule".to_owned(), there.schedule.clone());
    again.settings.push(setting);
    assert_eq!(Page::explore(again).sheet, there);
    page.tell("usual");
    assert_eq!(page.sheet.schedule, "");
}

#[test]
fn where_there_is_no_choice_the_run_stays() {
    let mut page = Page::explore(scenario("gather"));
    has(
        &page.tell("play"),
        &["There is nothing to choose", "1 order"],
    );
    assert_eq!(page.sheet.schedule, "");
}

#[test]
fn outcomes_that_cannot_be_reached_any_more_say_so() {
    let mut page = Page::explore(scenario("lost_deposit"));
    page.tell("play");
    page.tell("take 1");
    let sheet = page.tell("take 2");
    has(&sheet, &["2 ", " of ", "3 ", " of ", "4 no longer"]);
}

#[test]
fn one_choice_of_a_run_is_changed() {
    let mut page = Page::explore(scenario("lost_deposit"));
    let way = page.tell("way 0");
    assert!(page.sheet.step == 0 && page.sheet.fork.is_empty());
    has(
        &way,
        &[
            "Choice 1 of ",
            "1 A ",
            "(fork 0>2) 2 B instead: reads counter",
        ],
    );
    // A data race is told by its own steps.
    page.tell("way 4");
    assert!(page.sheet.step > 1 && page.sheet.step < u32::MAX);
    page.tell("way 0");
    let kept = page.sheet.schedule.clone();
    let sheet = page.tell("fork 0>2");
    has(
        &sheet,
        &["It ends with ", " instead of 2.", "(open)", "(close)"],
    );
    assert_eq!(page.sheet.schedule, kept.clone() + "/0>2?");
    let forked = page.fork.take().expect("a run");
    // Where one is stands in the schedule alone.
    let there = page.sheet.clone();
    let mut again = scenario("lost_deposit");
    let setting = ("schedule".to_owned(), there.schedule.clone());
    again.settings.push(setting);
    assert_eq!(Page::explore(again).sheet, there);
    page.tell("close");
    assert!(page.fork.is_none() && page.sheet.schedule == kept);
    page.tell("fork 0>2");
    page.tell("open");
    assert_eq!(page.sheet.schedule, forked.string(forked.run().schedule));
}

#[test]
fn one_choice_of_the_usual_run_is_changed() {
    for (id, runtime) in [
        ("lost_deposit", Runtime::Threads),
        ("lost_deposit", Runtime::FreeThreaded),
        ("two_locks", Runtime::Threads),
    ] {
        let mut page = Page::explore(Request {
            runtime: Some(runtime),
            ..scenario(id)
        });
        assert_eq!(page.sheet.schedule, "");
        let read = page.sheet.read();
        has(&read, &["Choice 1 of ", "(fork ", " instead: "]);
        let (_, fork) = read.split_once("(fork ").expect("a choice");
        let (fork, _) = fork.split_once(')').expect("a choice");
        let usual = page.tell("way 99");
        page.tell(&["fork ", fork].concat());
        assert!(page.fork.is_some(), "{usual}");
        let own = [fork, "?"].concat();
        assert!(
            page.sheet.schedule.ends_with(&own),
            "{}",
            page.sheet.schedule
        );
        // The run in turns does what the usual one did.
        page.tell("close");
        assert!(page.sheet.schedule.starts_with("2"));
    }
}

#[test]
fn what_takes_long_is_stopped() {
    let mut page = Page::explore(Request {
        text: Some(crate::explorer::tests::counter(3, 2)),
        runtime: Some(Runtime::FreeThreaded),
        ..scenario("lost_deposit")
    });
    let before = page.sheet.read();
    for long in ["often lost-update counter", "versions"] {
        page.begin(protocol::TELL, long.as_bytes());
        assert!(page.worker.is_working());
        page.worker
            .go_on(&mut |kind, _| assert_eq!(kind, protocol::PROGRESS));
        page.begin(protocol::TELL, b"stop");
        assert!(!page.worker.is_working());
        assert_eq!(page.sheet.read(), before);
        assert!(page.sheet.often.is_empty());
    }
    assert_eq!(page.tell("way 0").lines().next(), before.lines().next());
}

#[test]
fn how_often_it_happens_is_exact_or_says_how_sure_it_is() {
    let mut page = Page::explore(scenario("lost_deposit"));
    let often = page.often("lost-update counter");
    assert_eq!(often, "In 64 of 70 orders.");
    let mut page = Page::explore(scenario("two_locks"));
    assert_eq!(page.often("deadlock alice"), "In 2 of 2 orders.");
    let mut page = Page::explore(Request {
        text: Some(crate::explorer::tests::counter(3, 2)),
        runtime: Some(Runtime::FreeThreaded),
        ..scenario("lost_deposit")
    });
    let often = page.often("lost-update counter");
    has(&often, &["In about 9", " %", "(300 were tried"]);
}

#[test]
fn getting_ready_says_nothing_and_changes_nothing() {
    for id in ["two_locks", "two_locks_asyncio"] {
        let request = scenario(id);
        let mut page = Page::explore(request.clone());
        let before = page.sheet.encode();
        let mut quiet = Explorer::default();
        let say = &mut |kind, _: &[u8]| panic!("it says {kind}");
        quiet.answer(protocol::PREPARE, &request.encode(), say);
        for _ in 0..3 {
            assert!(quiet.is_working());
            quiet.go_on(say);
        }
        page.worker = quiet;
        page.begin(protocol::EXPLORE, &request.encode());
        assert_eq!(page.sheet.encode(), before);
        assert!(!page.worker.is_working());
    }
    for runtime in [None, Some(Runtime::Threads), Some(Runtime::Asyncio)] {
        for id in preparation::scenarios(runtime) {
            let session = Session::explore(scenario(id), &mut |_, _| {}).ok().unwrap();
            assert!(session.explored.report.states < 200);
        }
    }
}

#[test]
fn a_run_whose_order_is_not_found_says_so() {
    for (id, says) in [
        ("barrier", true),
        ("lost_deposit", false),
        ("graceful_shutdown", false),
    ] {
        let text = Page::explore(scenario(id)).sheet.read();
        assert_eq!(text.contains("was not found"), says, "{id}: {text}");
    }
}

#[test]
fn maps_stand_beside_each_other() {
    let mut page = Page::explore(scenario("lost_deposit"));
    has(
        &page.tell("beside"),
        &[
            "70 orders",
            "The lost deposit, with a lock",
            "6 orders",
            "4 6 of 6",
        ],
    );
    has(
        &page.tell("versions"),
        &["CPython 2.7", "orders", "CPython 3.13"],
    );
}
