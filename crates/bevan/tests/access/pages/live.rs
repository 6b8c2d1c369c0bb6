//! What a live view tells of others: nothing. Two houses whose records differ in what another hospital wrote send the same
//! events, under the same ids.

use super::visitors::{House, Visitor};
use crate::door::{Call, Door};
use crate::expect::Owner;
use crate::findings::Findings;
use crate::records::{HOSPITAL_A, HOSPITAL_B, about, patient, ward_of};
use crate::world::{World, put};
use axum::body::{Body, HttpBody};
use axum::http::Request;
use serde_json::json;
use std::pin::Pin;
use std::time::Duration;
use tower::ServiceExt as _;

/// Long enough for an event that should not come, were it on its way.
const PATIENCE: Duration = Duration::from_millis(400);
/// Long enough for one that must come.
const AT_MOST: Duration = Duration::from_secs(20);

/// Compares the events of one reader in a house where nobody else writes with those where many do.
pub async fn compare(findings: &Findings) {
    for path in [format!("/staff/wards/{}/events", ward_of(HOSPITAL_A)), "/staff/wards/events".to_owned()] {
        findings.cell();
        let alone = events(&path, 0, findings).await;
        let among = events(&path, 3, findings).await;
        if alone != among {
            let what = format!("alone: {alone:?}\namong others: {among:?}");
            findings.add(format!("interference | {path} | {what}"));
        }
        if alone.len() != 2 || alone[0] == alone[1] {
            findings.add(format!("missing | {path} | own changes are not shown: {alone:?}"));
        }
    }
}

/// The ids of the events that a ward manager gets: the first, and those of one own change, while another hospital writes
/// so many times. Times pass in between.
async fn events(path: &str, others: u32, findings: &Findings) -> Vec<String> {
    let world = tokio::task::spawn_blocking(World::whole).await.expect("a world");
    let house = House::here(&world);
    let browser = house.visitor(Visitor::Ward).await;
    let mut stream = Stream::open(&browser, path).await;
    findings.request();
    let mut ids: Vec<String> = stream.next(AT_MOST).await.into_iter().collect();
    for number in 0..others {
        world.clock.pass(1);
        write(&world, 9700 + number, (&patient(Owner::Cas), HOSPITAL_B)).await;
        ids.extend(stream.next(PATIENCE).await);
    }
    world.clock.pass(u64::from(5 - others));
    write(&world, 9750, (&patient(Owner::Ann), HOSPITAL_A)).await;
    ids.extend(stream.next(AT_MOST).await);
    ids
}

/// Somebody comes: another stay in that hospital.
async fn write(world: &World, number: u32, (of, hospital): (&str, &str)) {
    let mut stay = about("Encounter", number, (of, hospital));
    stay["period"] = json!({"start": "2026-11-22T09:00:00Z"});
    let store = world.store.clone();
    tokio::task::spawn_blocking(move || put(&store, &stay)).await.expect("written");
}

struct Stream {
    body: Body,
}

impl Stream {
    async fn open(browser: &super::browser::Browser, path: &str) -> Self {
        let call: Call = browser.signed(&Call::get(path));
        let Door::Here(router) = &browser.door else { panic!("a house in this process") };
        let mut request = Request::builder().uri(&call.path).header("host", "bevan.test");
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let answer = router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
        let answer = answer.expect("routers do not fail");
        assert_eq!(answer.status(), 200, "a live view");
        Self { body: answer.into_body() }
    }

    /// The id of the next event, if one comes in time.
    async fn next(&mut self, within: Duration) -> Option<String> {
        let frame = std::future::poll_fn(|context| Pin::new(&mut self.body).poll_frame(context));
        let frame = tokio::time::timeout(within, frame).await.ok()??;
        let text = frame.ok()?.into_data().ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        text.lines().find_map(|line| line.strip_prefix("id: ")).map(str::to_owned)
    }
}
