//! The native command line.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let code = interleave::command::main(std::env::args_os(), &mut stdout, &mut io::stderr());
    // Dropped by hand, so that everything is written before the process ends.
    drop(stdout);
    ExitCode::from(code)
}
