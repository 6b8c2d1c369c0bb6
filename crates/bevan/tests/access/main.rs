//! The access matrix: every route × everybody × whose record, made from the route tables themselves. The machines' door
//! (FHIR) in `reads` and `writes`, the people's door in `pages`, and a part of both over real HTTP, with everything else
//! that the binary serves, in `served`.
//!
//! Three oracles, none of which knows the rules in the program: a table written by hand (`expect`), canaries of every
//! record scanned for in every answer (`scan`), and the demand that hidden and absent answer alike, also when the rest of
//! the world had never existed (`interference`). The test target `access-planted` shows that it finds planted faults.
#![expect(dead_code, reason = "two test targets share these files")]
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at what they do not expect"
)]

mod audited;
mod calls;
mod door;
mod expect;
mod family;
mod files;
mod findings;
mod interference;
mod letters;
mod pages;
mod reads;
mod records;
mod scan;
mod served;
#[path = "../support/mod.rs"]
mod support;
mod world;
mod writes;

use findings::Findings;
use pages::visitors::Visitor;
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

#[tokio::test(flavor = "multi_thread")]
async fn no_page_shows_what_is_not_its_readers() {
    let (world, findings) = (Arc::new(World::with_family()), Arc::new(Findings::default()));
    pages::looks::walk(&world, &Visitor::ALL, &findings).await;
    files::walk(&world, &Visitor::ALL, &findings).await;
    findings.close(&format!("access matrix, pages: {} routes, {} visitors", routes(), Visitor::ALL.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_is_taken_from_elsewhere() {
    let findings = Arc::new(Findings::default());
    pages::forms::walk(&Visitor::ALL, &findings).await;
    pages::forms::attack(&findings).await;
    pages::forms::sessions(&findings).await;
    findings.close(&format!("access matrix, forms: {} routes, {} visitors", routes(), Visitor::ALL.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_several_steps_is_its_own_walkers_alone() {
    let findings = Arc::new(Findings::default());
    pages::journeys::walk(&findings).await;
    findings.close("access matrix, forms of several steps");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_view_tells_nothing_of_others() {
    let findings = Findings::default();
    pages::live::compare(&findings).await;
    findings.close("access matrix, live views: two houses each");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_served_process_gives_nothing_away() {
    let place = tokio::task::spawn_blocking(served::Place::open).await.expect("a demo");
    for (name, door) in [("pages", 0), ("FHIR reads", 1), ("operations and messages", 2)] {
        let findings = Arc::new(Findings::default());
        match door {
            0 => served::people(&place, &findings).await,
            1 => served::machines(&place, &findings).await,
            _ => served::operations(&place, &findings).await,
        }
        findings.close(&format!("access matrix over HTTP, {name}"));
    }
}

fn routes() -> usize {
    web::routes().count()
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
