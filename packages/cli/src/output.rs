//! Standard output of the commands. Who reads it may stop reading (`vedette assess ... | head`): then the rest is nobody's and the program
//! ends quietly, where `println!` would panic.

use std::{
    fmt,
    io::{self, Write as _},
};

/// Writes `text` as it is.
pub(crate) fn write(text: fmt::Arguments<'_>) {
    if io::stdout().lock().write_fmt(text).is_err() {
        std::process::exit(0);
    }
}

/// `println!` that survives a closed pipe.
macro_rules! say {
    ($($text:tt)*) => { $crate::output::write(format_args!("{}\n", format_args!($($text)*))) };
}
pub(crate) use say;
