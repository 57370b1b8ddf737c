//! Any text as a program: it must be rejected or run to an end, without a panic and within its limits. README.md says how to run it.

#![no_main]

use interleave::run::run;
use interleave::settings::Settings;
use interleave::source::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut settings = Settings::default();
    settings.limits.instructions = 200_000;
    settings.limits.heap_bytes = 64 << 20;
    let source = Source::new("program.py", text);
    let _ = run(&source, "program.py", &settings);
});
