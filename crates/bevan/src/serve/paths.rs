//! The addresses for whoever runs the platform. Open to everybody, so they say nothing of the record. The router and the
//! access matrix are made from this list.

/// Whether the process runs, whether it takes work, and how it does.
pub const ROUTES: [&str; 3] = ["/livez", "/readyz", "/metrics"];
