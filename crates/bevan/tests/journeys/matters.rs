//! Matters that messages leave open: the operator sees what and where and from which message, and nobody's name; the ward
//! sees them on its patients' tiles; later messages settle them.

use crate::browser::Browser;
use crate::document::read;
use crate::house::running;
use crate::script::a_bed;
use crate::support::mllp::{Sender, code};

#[test]
fn what_messages_leave_open_is_shown_until_a_later_message_settles_it() {
    // Given a ward of the demo trust that only messages know.
    let house = running();
    let (facility, _) = a_bed(&house);
    let mut sender = Sender::connect(house.bevan.mllp).unwrap();
    let mut send = |trigger: &str, control: &str, number: &str, bed: &str| {
        let message = format!(
            "MSH|^~\\&|PAS|{facility}|BEVAN|BEVAN|20261101090000||ADT^{trigger}|{control}|P|2.4\r\
             EVN||2026110109000{last}\rPID|1||{number}^^^{facility}||MATTERFAMILY{number}^Ann||19700101|F\r\
             PV1|1|I|MAT^B1^{bed}||||||||||||||||V{number}|||||||||||||||||||||||||20261101080000\r",
            last = control.chars().last().unwrap()
        );
        let answer = sender.send(message.as_bytes()).unwrap();
        assert_eq!(code(&answer).as_deref(), Some("AA"));
        house.settled();
    };
    let open = || house.count("DetectedIssue?_tag=https://bevan.example/code-system/tag|open");
    assert_eq!(open(), 0);
    let mut operator = Browser::signed_in(&house.bevan, "operator");
    assert!(operator.get("/staff/operations").text().contains("agree with each other"));

    // When two patients are put into one bed, and a transfer is cancelled that was never reported.
    send("A01", "M1", "X1", "01");
    send("A01", "M2", "X2", "01");
    send("A12", "M3", "X1", "01");

    // Then the operator sees both matters, with places and messages, and no name.
    assert_eq!(open(), 2);
    let page = operator.get("/staff/operations").text();
    let said =
        ["More than one patient in a bed", "MAT B1 01", "admission message M1", "admission message M2"];
    for words in
        said.into_iter().chain(["Cancellation of something never reported", "cancelled transfer message M3"])
    {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert!(!page.contains("MATTERFAMILY"), "{page}");

    // And the ward sees the conflict, and the other matter on the patient's tile.
    let board = format!("/staff/wards/{}", fhir::identity::location(&facility, "MAT", "", ""));
    let mut manager = Browser::signed_in(&house.bevan, "ward-manager");
    let page = manager.get(&board).text();
    for words in ["MATTERFAMILYX1", "Conflict: 2 patients", "Cancellation of something never reported"] {
        assert!(page.contains(words), "no {words} in {page}");
    }

    // When the second patient turns out to be in another bed, only the other matter stays open.
    send("A02", "M4", "X2", "02");
    assert_eq!(open(), 1);
    let page = operator.get("/staff/operations").text();
    assert!(!page.contains("More than one patient in a bed"), "{page}");
    assert!(page.contains("Cancellation of something never reported"));
    assert!(!manager.get(&board).text().contains("Conflict: 2 patients"));
    let settled = house.bevan.system().get("/fhir/DetectedIssue?code=bed-held-twice").unwrap();
    let settled = read(&settled.body);
    assert_eq!(settled.text_at(&["entry", "resource", "status"]), Some("cancelled"));
}
