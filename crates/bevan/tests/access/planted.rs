//! The control: the access matrix against faults planted one at a time. It must find every one of them, and nothing when
//! none is there. Built only with the feature `planted-access-bugs`.
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

use expect::Who;
use findings::Findings;
use pages::visitors::Visitor;
use std::io::Write as _;
use std::sync::Arc;
use store::access::planted::{Bug, plant};
use web::planted;
use world::World;

/// One test, because what is planted is planted for the whole process.
#[tokio::test(flavor = "multi_thread")]
async fn every_planted_bug_is_found() {
    let world = Arc::new(World::whole());
    let sound = walk(&world, None).await;
    assert!(sound.is_empty(), "nothing is planted: {sound:?}");
    for bug in Bug::ALL {
        report(&format!("{bug:?}"), &walk(&world, Some(bug)).await);
    }
    let world = Arc::new(World::with_family());
    let sound = visit(&world).await;
    assert!(sound.is_empty(), "nothing is planted: {sound:?}");
    for bug in planted::Bug::ALL {
        planted::plant(Some(bug));
        report(&format!("{bug:?} in the pages"), &visit(&world).await);
    }
    planted::plant(None);
    for bug in care::planted::Bug::ALL {
        care::planted::plant(Some(bug));
        report(&format!("{bug:?} in the slices"), &visit(&world).await);
    }
    care::planted::plant(None);
}

fn report(bug: &str, found: &[String]) {
    let first = found.first().unwrap_or_else(|| panic!("{bug} is not found"));
    let first: String = first.lines().next().unwrap_or_default().chars().take(240).collect();
    std::io::stderr().write_all(format!("planted {bug}, found: {first}\n").as_bytes()).ok();
}

/// The same for the people's door.
async fn visit(world: &Arc<World>) -> Vec<String> {
    let findings = Arc::new(Findings::until_found());
    let some = [
        Visitor::Ended,
        Visitor::Idle,
        Visitor::GlassOver,
        Visitor::Ward,
        Visitor::Reception,
        Visitor::CarerSuspended,
        Visitor::CarerHidden,
        Visitor::CarerOther,
        Visitor::PracticeUnasked,
        Visitor::PracticeForHal,
        Visitor::OtherPractice,
        Visitor::Privacy,
    ];
    files::walk(world, &[Visitor::Ann, Visitor::Ward], &findings).await;
    if !findings.enough() {
        pages::looks::walk(world, &some, &findings).await;
    }
    if !findings.enough() {
        pages::forms::attack(&findings).await;
    }
    if !findings.enough() {
        pages::live::compare(&findings).await;
    }
    if !findings.enough() {
        pages::journeys::walk(&findings).await;
    }
    findings.all()
}

/// A part of the matrix that is enough for the control: it ends with the first finding.
async fn walk(world: &Arc<World>, bug: Option<Bug>) -> Vec<String> {
    let findings = Arc::new(Findings::until_found());
    plant(bug);
    writes::walk(&[Who::WardGlass], &findings).await;
    reads::walk(world, &[Who::Patient, Who::Receptionist], &findings).await;
    interference::compare(world, &[Who::Ward], &findings).await;
    plant(None);
    findings.all()
}
