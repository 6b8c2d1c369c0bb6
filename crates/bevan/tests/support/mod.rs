//! What the whole-house tests and benchmarks share: a running `bevan`, an HTTP client and an MLLP client. Plain
//! blocking sockets, so that nothing of the product stands between a test and the wire.

pub mod http;
pub mod mllp;
pub mod process;
