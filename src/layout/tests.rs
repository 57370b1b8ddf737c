//! Each file of `tests/golden/layout` is a case: a run in a small notation, how it is looked at, and below a line of
//! dashes what is then drawn. `UPDATE_GOLDEN=1 cargo test` writes the lower parts anew.

use super::*;
use crate::render::text::record;
use crate::trace::*;

/// A run in the notation:
///
/// ```text
/// task A thread deposit(2)      a task; kinds: main, thread, coroutine
/// thing lock Lock               something to wait for
/// var counter                   a variable
/// 5ms A Block core=0 a=lock b=Lock line=3
/// view width=720 step=41        how it is looked at
/// ```
fn parse(text: &str) -> (Trace, Viewport) {
    let mut recorder = Recorder::new();
    let mut tasks: Vec<&str> = Vec::new();
    let (mut things, mut variables) = (vec![""], Vec::new());
    let mut summary = Summary {
        cores: 2,
        ..Summary::default()
    };
    let mut views = Vec::new();
    for line in text
        .lines()
        .map(|line| line.split('#').next().unwrap().trim())
        .filter(|line| !line.is_empty())
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[0] {
            "task" => {
                tasks.push(words[1]);
                let kind = match words[2] {
                    "main" => TaskKind::Main,
                    "thread" => TaskKind::Thread,
                    _ => TaskKind::Coroutine,
                };
                let name = recorder.string(if words[1] == "main" {
                    "MainThread"
                } else {
                    words[1]
                });
                let label = recorder.string(words.get(3).unwrap_or(&""));
                let host = if kind == TaskKind::Coroutine {
                    0
                } else {
                    NO_TASK
                };
                recorder.task(TaskRecord {
                    kind,
                    name,
                    label,
                    parent: NO_TASK,
                    host,
                });
            }
            "thing" => {
                things.push(words[1]);
                let kind = ThingKind::ALL
                    .iter()
                    .find(|kind| format!("{kind:?}") == words[2]);
                recorder.thing(*kind.expect("a kind of thing"), words[1]);
            }
            "var" => {
                variables.push(words[1]);
                recorder.location(LocationKind::Global, words[1]);
            }
            "no-gil" => summary.gil = false,
            "deadlock" => summary.outcome = Outcome::Deadlock,
            "view" => views.extend(words[1..].iter().map(|word| word.to_string())),
            time => {
                let kind = Kind::ALL
                    .iter()
                    .find(|kind| format!("{kind:?}") == words[2]);
                let kind = *kind.unwrap_or_else(|| panic!("a kind in {line}"));
                let task = tasks
                    .iter()
                    .position(|&task| task == words[1])
                    .expect("a task") as u32;
                let mut event = Event {
                    time: nanoseconds(time),
                    task,
                    line: 0,
                    kind,
                    core: NO_CORE,
                    tag: Tag::Absent,
                    flags: 0,
                    a: if kind == Kind::Resume { 0 } else { NO_TASK },
                    b: 0,
                    value: 0,
                };
                for word in &words[3..] {
                    let (key, value) = word.split_once('=').expect("key=value");
                    let number = tasks
                        .iter()
                        .position(|&task| task == value)
                        .map(|task| task as u32);
                    let number = number.or(things
                        .iter()
                        .position(|&thing| thing == value)
                        .map(|thing| thing as u32));
                    let number = number.or(variables
                        .iter()
                        .position(|&variable| variable == value)
                        .map(|v| v as u32));
                    let number = number.or(value.parse().ok());
                    match key {
                        "line" => event.line = number.unwrap(),
                        "core" => event.core = number.unwrap() as u8,
                        "flags" => event.flags = number.unwrap() as u8,
                        "a" => event.a = number.unwrap_or_else(|| recorder.string(value)),
                        "b" => {
                            let wait = Wait::ALL.iter().find(|wait| format!("{wait:?}") == value);
                            event.b = wait.map(|wait| *wait as u32).or(number).unwrap();
                        }
                        "for" => (event.tag, event.value) = (Tag::Time, nanoseconds(value)),
                        "value" => (event.tag, event.value) = (Tag::Int, value.parse().unwrap()),
                        _ => panic!("{key}"),
                    }
                }
                summary.time = event.time;
                recorder.push(event);
            }
        }
    }
    let trace = recorder.finish(summary);
    let index = Index::new(&trace);
    let mut view = Viewport::fit(&index, 720.0);
    for word in views {
        let (key, value) = word.split_once('=').expect("key=value");
        let pixels = || value.parse::<f64>().unwrap();
        match key {
            "width" => view = Viewport::fit(&index, pixels()),
            "height" => view.height = pixels(),
            "scroll" => view.lane_scroll = pixels(),
            "step" => view.step = value.parse().unwrap(),
            "start" => view.start = nanoseconds(value) as f64,
            "end" => view.end = nanoseconds(value) as f64,
            "selected" => {
                view.selected = tasks
                    .iter()
                    .position(|&task| task == value)
                    .map(|task| task as u32)
            }
            _ => panic!("{key}"),
        }
    }
    (trace, view)
}

/// `5ms`, `50us`, `50ns`, `2s`, `0`.
fn nanoseconds(text: &str) -> u64 {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "s" => 1e9,
        "ms" => 1e6,
        "us" => 1e3,
        _ => 1.0,
    };
    (digits.parse::<f64>().expect("a time") * unit).round() as u64
}

const DASHES: &str = "\n----\n";

/// All cases: name, run, what was drawn.
fn cases() -> Vec<(std::path::PathBuf, String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/layout");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the cases")
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let (run, drawn) = text.split_once(DASHES).unwrap_or((text.trim_end(), ""));
        (path, run.to_string(), drawn.to_string())
    };
    paths.into_iter().map(read).collect()
}

fn lost_deposit() -> String {
    let named =
        |path: &std::path::Path| path.file_stem().is_some_and(|stem| stem == "lost_deposit");
    cases()
        .into_iter()
        .find(|(path, ..)| named(path))
        .expect("the case")
        .1
}

/// What is compared: the draw calls, the legend, the table.
fn check(run: &str) -> String {
    let (trace, view) = parse(run);
    let index = Index::new(&trace);
    let scene = layout(&index, &trace, &view);
    let mut text = record(&scene);
    for label in legend(&index, view.width).shapes {
        if let Shape::Text(label) = label {
            text += &format!("legend | {}\n", label.text);
        }
    }
    for row in index.table(&trace) {
        let name = trace.task_name(row.task);
        text += &format!(
            "table | {name} {} | {} | {}-{}\n",
            row.text,
            duration_text(row.end - row.start),
            row.first,
            row.last
        );
    }
    text
}

#[test]
fn scenes_are_golden() {
    for (path, run, expected) in cases() {
        let drawn = check(&run);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, run + DASHES + &drawn).unwrap();
        } else {
            assert_eq!(
                drawn,
                expected,
                "{}; UPDATE_GOLDEN=1 accepts it",
                path.display()
            );
        }
    }
}

/// Writes pictures of all cases for people to look at: `PICTURES=folder cargo test pictures`.
#[test]
fn pictures() {
    for (path, run, _) in cases() {
        let (trace, view) = parse(&run);
        let index = Index::new(&trace);
        let scene = layout(&index, &trace, &view);
        let legend = legend(&index, view.width);
        for theme in [&crate::render::LIGHT, &crate::render::DARK] {
            let svg = crate::render::svg::picture(&[&scene, &legend], theme, "A < B", "");
            assert!(
                svg.starts_with("<svg")
                    && svg.contains("<title>A &lt; B</title>")
                    && !svg.contains("NaN")
            );
            assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
            if let Some(folder) = std::env::var_os("PICTURES") {
                let name = format!("{}-{}.svg", path.file_stem().unwrap().display(), theme.name);
                std::fs::write(std::path::Path::new(&folder).join(name), svg).unwrap();
            }
        }
    }
}

#[test]
fn any_viewport_can_be_drawn() {
    let odd = [
        0.0,
        -1.0,
        1.0,
        719.5,
        1e-9,
        1e300,
        -1e300,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    for (_, run, _) in cases() {
        let (trace, view) = parse(&run);
        let index = Index::new(&trace);
        for a in odd {
            for b in odd {
                let views = [
                    Viewport {
                        start: a,
                        end: b,
                        step: u32::MAX,
                        ..view
                    },
                    Viewport {
                        width: a,
                        height: b,
                        ..view
                    },
                    Viewport {
                        width: a,
                        start: b,
                        density: Density::Compact,
                        ..view
                    },
                    Viewport {
                        height: a,
                        lane_scroll: b,
                        selected: Some(u32::MAX),
                        ..view
                    },
                ];
                for mut view in views {
                    let scene = layout(&index, &trace, &view);
                    assert!(
                        scene.shapes.len() < 2_000
                            && scene.width >= 1.0
                            && scene.height.is_finite()
                    );
                    scene.hit(&index, &trace, a, b);
                    view.zoom_at(a, b, &index);
                    view.pan(a, &index);
                    view.reveal(7, &index);
                    layout(&index, &trace, &view);
                    legend(&index, a);
                }
            }
        }
    }
}

/// The longest runs that the numbers can express.
#[test]
fn endless_runs_can_be_drawn() {
    for end in [0, 1, u64::MAX / 2, u64::MAX] {
        let run = format!("task main main\n0 main Line line=1\n{end}ns main Line line=2\n");
        let (trace, mut view) = parse(&run);
        let index = Index::new(&trace);
        for factor in [1.0, 1e3, 1e9, 1e30] {
            view.zoom_at(500.0, factor, &index);
            assert!(layout(&index, &trace, &view).shapes.len() < 2_000);
        }
    }
}

#[test]
fn zoom_stays_at_the_pointer_and_inside_the_run() {
    let (trace, mut view) = parse(&lost_deposit());
    let index = Index::new(&trace);
    assert!(view.is_fitted(&index));
    let before = view.scale(&index).time(400.0);
    view.zoom_at(400.0, 8.0, &index);
    assert!((view.scale(&index).time(400.0) - before).abs() < 1.0);
    assert!(!view.is_fitted(&index));
    view.pan(1e9, &index);
    assert_eq!(view.end, index.end as f64);
    assert!(view.reveal(0, &index));
    assert_eq!(view.start, 0.0);
    view.zoom_at(400.0, 1e-9, &index);
    assert!(view.is_fitted(&index));
}

/// However little room there is, whoever acts is in sight.
#[test]
fn lanes_scroll_to_whoever_acts() {
    let (trace, mut view) = parse(&lost_deposit());
    let index = Index::new(&trace);
    let mut scrolled = 0;
    for height in [160.0, 180.0, 230.0, 600.0] {
        view.height = height;
        view.lane_scroll = 0.0;
        for step in 1..=trace.len() {
            view.step = step;
            let showing = layout(&index, &trace, &view).showing;
            scrolled += u32::from(view.lane_scroll != showing);
            view.lane_scroll = showing;
            let scene = layout(&index, &trace, &view);
            assert_eq!(scene.showing, showing, "it rests there");
            let lane = index.lane_of(trace.event(step).task).expect("a lane");
            let name = hits::Subject::Name(lane as u32);
            let area = scene.areas.iter().find(|area| area.subject == name);
            let rect = area.expect("its name shows").rect;
            assert!(rect.y >= 0.0 && rect.bottom() <= scene.height, "{step}");
        }
    }
    assert!(scrolled > 2);
}

/// Pointers and focus hear what a block is.
#[test]
fn blocks_say_what_they_are() {
    let run = lost_deposit();
    let (trace, view) = parse(&run);
    let index = Index::new(&trace);
    let scene = layout(&index, &trace, &view);
    let mut heard = Vec::new();
    for y in 0..(scene.height as i32 / 4) {
        for x in 0..180 {
            if let Some(hit) = scene.hit(&index, &trace, x as f64 * 4.0, y as f64 * 4.0)
                && !heard.contains(&hit.text)
            {
                heard.push(hit.text);
            }
        }
    }
    for text in [
        "A waits for the GIL, 10 ms, steps 25–40",
        "B holds the GIL, 10 ms, steps 23–38",
        "A writes counter: 1, step 42",
        "Race window on counter, 14.3 ms, steps 19–42",
        "A, deposit(2), ended at step 47",
    ] {
        assert!(
            heard.iter().any(|other| other == text),
            "{text} in {heard:#?}"
        );
    }
}

/// A long run: as many blocks as pixels at most, and never all spans one by one.
#[test]
fn long_runs_are_merged() {
    let mut run = String::from("task main main\ntask A thread f()\ntask B thread f()\n");
    for i in 0..30_000 {
        let (task, other) = if i % 2 == 0 { ("A", "B") } else { ("B", "A") };
        let time = i * 700;
        run += &format!(
            "{time} {task} GilAcquire core=0\n{time} {task} Line line=3\n{} {task} GilRelease\n",
            time + 600
        );
        run += &format!("{} {task} GilWait a={other}\n", time + 600);
    }
    let (trace, mut view) = parse(&run);
    let index = Index::new(&trace);
    let scene = layout(&index, &trace, &view);
    assert!(scene.shapes.len() < 4_000, "{} shapes", scene.shapes.len());
    view.zoom_at(300.0, 1000.0, &index);
    assert!(layout(&index, &trace, &view).shapes.len() < 400);
}
