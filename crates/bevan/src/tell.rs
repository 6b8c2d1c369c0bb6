//! Words on stdout. Whoever reads them may stop (`bevan … | head`): the work goes on all the same, and nobody needs to be told.

/// As `println!`, without its panic when nobody reads any more.
macro_rules! tell {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        // There is nowhere to say that it failed, and it is no reason to stop.
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}
