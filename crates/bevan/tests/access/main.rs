//! The access matrix of the FHIR door: every route × everybody × whose record, made from the route table itself.
//!
//! Three oracles, none of which knows the rules in the program: a table written by hand (`expect`), canaries of every
//! record scanned for in every answer (`scan`), and the demand that hidden and absent answer alike, also when the rest of
//! the world had never existed (`interference`). The test target `access-planted` shows that it finds planted faults.
#![expect(dead_code, reason = "two test targets share these files")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at what they do not expect"
)]

mod calls;
mod door;
mod expect;
mod findings;
mod interference;
mod reads;
mod records;
mod scan;
mod world;
mod writes;

use findings::Findings;
use std::sync::Arc;
use world::World;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_what_is_not_theirs() {
    let (world, findings) = (Arc::new(World::whole()), Arc::new(Findings::default()));
    reads::walk(&world, &expect::Who::ALL, &findings).await;
    let (types, resources) = reads::breadth(&world);
    let (routes, actors) = (interop::fhir::ROUTES.len(), expect::Who::ALL.len());
    findings.close(&format!(
        "access matrix, FHIR reads: {routes} routes, {actors} actors, {types} types, {resources} resources"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_what_is_not_theirs() {
    let findings = Arc::new(Findings::default());
    writes::walk(&expect::Who::ALL, &findings).await;
    let (routes, actors) = (interop::fhir::ROUTES.len(), expect::Who::ALL.len());
    findings.close(&format!("access matrix, FHIR writes: {routes} routes, {actors} actors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_what_else_there_is() {
    let (world, findings) = (Arc::new(World::whole()), Arc::new(Findings::default()));
    interference::compare(&world, &interference::PARTIAL, &findings).await;
    findings.close(&format!(
        "access matrix, non-interference: {} actors, two worlds each",
        interference::PARTIAL.len()
    ));
}

/// What only a build with planted faults says of itself (`store::access::planted::MARK`).
const MARK: &[u8] = b"this build can hold planted access bugs";

#[test]
fn the_binary_that_serves_cannot_hold_planted_bugs() {
    let binary = std::fs::read(env!("CARGO_BIN_EXE_bevan")).expect("the binary");
    let holds = |mark: &[u8]| binary.windows(mark.len()).any(|window| window == mark);
    assert!(holds(b"the audit log cannot be written"), "its texts can be found at all");
    assert!(!holds(MARK), "the ordinary build has the feature");
}
