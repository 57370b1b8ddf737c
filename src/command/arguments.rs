//! The command line's words. The flags of settings come from the table of settings, with its help.

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, Command};

use crate::settings::SETTINGS;

/// The whole command line.
pub fn command() -> Command {
    Command::new("interleave")
        .version(env!("CARGO_PKG_VERSION"))
        .about("See scheduling: run a Python program step by step under asyncio, threads with the GIL, or threads without it.")
        .after_help(
            "Exit codes: 0 finished, 1 uncaught exception, 2 program or command line rejected, 3 deadlock, 4 limit reached, 5 exploring found something wrong.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            program("run", "Run a program; its output goes to stdout, ours to stderr")
                .arg(json("Write one JSON object to stdout instead: output, figures, findings, schedule")),
        )
        .subcommand(
            program("explore", "Go through all orders: how many there are, how they end, what is wrong in some")
                .arg(
                    Arg::new("mode")
                        .long("mode")
                        .value_name("MODE")
                        .default_value("counts")
                        .help("counts: all orders, counted; reduced: all outcomes, uncounted; preemptions=N: orders with at most N preemptions; random=N: so many orders, drawn with --seed"),
                )
                .arg(
                    Arg::new("sleeps")
                        .long("sleeps")
                        .value_name("WHEN")
                        .value_parser(["ordered", "any"])
                        .default_value("ordered")
                        .help("When a sleep ends: when nothing else can run, in the order of the deadlines, or at any moment"),
                )
                .arg(
                    Arg::new("limit-states")
                        .long("limit-states")
                        .value_name("N")
                        .value_parser(clap::value_parser!(u64).range(1..))
                        .default_value("5000000")
                        .help("Stops after so many states"),
                )
                .arg(
                    Arg::new("jobs")
                        .long("jobs")
                        .value_name("N")
                        .value_parser(clap::value_parser!(u64).range(1..=64))
                        .help("How many cores explore, with the same results; all, if not given"),
                )
                .arg(json("Write one JSON object to stdout instead")),
        )
        .subcommand(program("narrate", "Print what happens, one sentence for each step"))
        .subcommand(
            program("render", "Draw the timeline as an SVG picture")
                .arg(
                    Arg::new("output")
                        .short('o')
                        .long("output")
                        .value_name("FILE")
                        .value_parser(ValueParser::path_buf())
                        .help("Where to write the picture; without it, to stdout"),
                )
                .arg(
                    Arg::new("theme")
                        .long("theme")
                        .value_name("THEME")
                        .value_parser(["light", "dark"])
                        .default_value("light")
                        .help("Its colours"),
                ),
        )
        .subcommand(
            Command::new("list")
                .about("List the scenarios")
                .arg(json("As JSON")),
        )
}

/// A command that takes a program and the settings.
fn program(name: &'static str, about: &'static str) -> Command {
    let settings = SETTINGS.iter().map(|setting| {
        Arg::new(setting.name)
            .long(setting.name)
            .value_name(setting.value)
            .help(setting.help.trim_end_matches('.'))
            // So that it is the setting that says what is wrong with -1.
            .allow_negative_numbers(true)
    });
    Command::new(name)
        .about(about)
        .arg(
            Arg::new("program")
                .value_name("FILE|SCENARIO")
                .required(true)
                .value_parser(ValueParser::os_string())
                .help("A Python file, or the name of a scenario (see interleave list)"),
        )
        .args(settings)
        .after_help("Settings can also stand in the program's header; flags win.")
}

fn json(help: &'static str) -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }
}
