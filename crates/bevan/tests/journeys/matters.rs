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

#[test]
fn whoever_turns_out_to_be_the_same_person_is_no_other_patient() {
    // Given a stay of somebody unknown, and a message that names somebody else for it.
    let house = running();
    let (facility, _) = a_bed(&house);
    let mut sender = Sender::connect(house.bevan.mllp).unwrap();
    let mut send = |trigger: &str, control: &str, number: &str, rest: &str| {
        let message = format!(
            "MSH|^~\\&|PAS|{facility}|BEVAN|BEVAN|20261101090000||ADT^{trigger}|{control}|P|2.4\r\
             EVN||2026110109000{last}\rPID|1||{number}^^^{facility}||JOINFAMILY^Ann||19700101|F\r{rest}\r",
            last = control.chars().last().unwrap()
        );
        assert_eq!(code(&sender.send(message.as_bytes()).unwrap()).as_deref(), Some("AA"));
        house.settled();
    };
    let stay = "PV1|1|I|JOI^B1^01||||||||||||||||VJ1|||||||||||||||||||||||||20261101080000";
    let open = || house.count("DetectedIssue?_tag=https://bevan.example/code-system/tag|open");
    send("A01", "J1", "UNKNOWN1", stay);
    send("A08", "J3", "KNOWN1", stay);
    assert_eq!(open(), 1);
    let mut operator = Browser::signed_in(&house.bevan, "operator");
    assert!(operator.get("/staff/operations").text().contains("Message names another patient for the stay"));

    // When the merge arrives that joins the two, then nothing is left to look at, now and later.
    send("A40", "J2", "KNOWN1", &format!("MRG|UNKNOWN1^^^{facility}"));
    assert_eq!(open(), 0);
    send("A08", "J4", "KNOWN1", stay);
    assert_eq!(open(), 0);

    // When the merge is taken back, then it stands again.
    send("A37", "J5", "KNOWN1", &format!("PID|2||UNKNOWN1^^^{facility}"));
    assert_eq!(open(), 1);
}

#[test]
fn an_operator_closes_a_matter_once_and_what_others_write_into_one_is_not_printed() {
    // Given two patients in one bed, and a matter that another program put into the record.
    let house = running();
    let (facility, _) = a_bed(&house);
    let mut sender = Sender::connect(house.bevan.mllp).unwrap();
    let mut send = |trigger: &str, control: &str, number: &str| {
        let message = format!(
            "MSH|^~\\&|PAS|{facility}|BEVAN|BEVAN|20261101090000||ADT^{trigger}|{control}|P|2.4\r\
             EVN||20261101090000\rPID|1||{number}^^^{facility}||CLOSEFAMILY^Ann||19700101|F\r\
             PV1|1|I|CLO^B1^01||||||||||||||||V{number}|||||||||||||||||||||||||20261101080000\r"
        );
        assert_eq!(code(&sender.send(message.as_bytes()).unwrap()).as_deref(), Some("AA"));
        house.settled();
    };
    send("A01", "C1", "Y1");
    send("A01", "C2", "Y2");
    let foreign = br#"{"resourceType":"DetectedIssue","status":"final","meta":{"tag":[{"system":"https://bevan.example/code-system/tag","code":"open"}]},
        "code":{"coding":[{"display":"FOREIGNKIND"}]},"detail":"FOREIGNDETAIL"}"#;
    assert_eq!(house.bevan.system().post_fhir("/fhir/DetectedIssue", foreign).unwrap().status, 201);

    // Then the operator sees the one in our words, and nothing of the other.
    let mut operator = Browser::signed_in(&house.bevan, "operator");
    let page = operator.get("/staff/operations").text();
    assert!(page.contains("The messages put more than one patient into the bed."), "{page}");
    assert!(!page.contains("FOREIGN"), "{page}");

    // When the operator closes it, also by pressing twice.
    let action = page.split("action=\"").find(|rest| rest.starts_with("/staff/operations/matters/")).unwrap();
    let action = action.split('"').next().unwrap().to_owned();
    let once = page.split("/close\"").nth(1).unwrap().split("name=\"once\" value=\"").nth(1).unwrap();
    let once = once.split('"').next().unwrap().to_owned();
    for _ in 0..2 {
        let answer = operator.post("/staff/operations", &action, &[("once", &once)]);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/staff/operations")));
    }
    let page = operator.get("/staff/operations").text();
    assert!(page.contains("The matter is closed") && page.contains("agree with each other"), "{page}");

    // Then the record and the log say who closed it and when, once.
    let issue = read(&house.bevan.system().get("/fhir/DetectedIssue?code=bed-held-twice").unwrap().body);
    let issue = issue.items("entry")[0].get("resource").unwrap().clone();
    assert_eq!(issue.text_at(&["meta", "versionId"]), Some("2"));
    let closed = &issue.items("mitigation")[0];
    assert!(closed.text_at(&["author", "reference"]).unwrap().starts_with("Practitioner/"), "{closed:?}");
    assert!(closed.text_at(&["date"]).is_some());
    let row: (String, Option<String>) = house
        .database()
        .query_row(
            "SELECT agent, capability FROM audit WHERE type = 'DetectedIssue' AND action = 'U' ORDER BY seq DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(Some(row.0.as_str()), closed.text_at(&["author", "reference"]));
    assert_eq!(row.1.as_deref(), Some("matters"));

    // And it stays closed until messages say something new: a third patient in the bed.
    send("A08", "C3", "Y2");
    assert!(operator.get("/staff/operations").text().contains("agree with each other"));
    send("A01", "C4", "Y3");
    assert!(operator.get("/staff/operations").text().contains("More than one patient in a bed"));
}
