//! Shows every page from samples, to look at while changing them: `cargo run -p web --example gallery`.
//!
//! Loopback only. One address a state of the record: full 8501, nothing recorded 8502, parts refused 8503, nothing
//! found 8504, unavailable 8505.
#![expect(clippy::unwrap_used, reason = "a tool for people who change pages")]

#[path = "../tests/support/mod.rs"]
mod support;

use care::view::{Plant, Unseen};
use support::House;

#[tokio::main]
async fn main() {
    let plants = [
        (8501, Plant::Full),
        (8502, Plant::Empty),
        (8503, Plant::PartsRefused),
        (8504, Plant::Refused(Unseen::NotFound)),
        (8505, Plant::Refused(Unseen::Unavailable)),
    ];
    let mut servers = Vec::new();
    for (port, plant) in plants {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        println!("http://127.0.0.1:{port}/sign-in  {plant:?}");
        let router = House::of(plant).router;
        servers.push(tokio::spawn(async move { axum::serve(listener, router).await }));
    }
    for server in servers {
        server.await.unwrap().unwrap();
    }
}
