//! The acknowledgement table, row by row, and the bytes that go back.

use hl7v2::Message;
use hl7v2::ack::{Answers, Code, Mode, Outcome, Problem, Stamp, acknowledge, reject_unreadable};
use hl7v2::admission::Admission;

const STAMP: Stamp<'_> = Stamp { control_id: "B1", time: "20240501101501" };

fn header(tail: &str) -> Vec<u8> {
    format!("MSH|^~\\&|PAS|RX1^x|BEVAN|HUB|20240501||{tail}").into_bytes()
}

#[test]
fn the_table() {
    use Code::{AA, AE, AR, CA, CE, CR};
    use Outcome::{Failed, Rejected, Safe};
    let rows: &[(&str, Outcome, Option<Code>, Option<Code>)] = &[
        ("|", Safe, None, Some(AA)),
        ("|", Failed, None, Some(AE)),
        ("|", Rejected, None, Some(AR)),
        ("AL|NE", Safe, Some(CA), None),
        ("AL|NE", Failed, Some(CE), None),
        ("AL|NE", Rejected, Some(CR), None),
        ("AL|", Safe, Some(CA), None),
        ("NE|NE", Safe, None, None),
        ("NE|NE", Failed, None, None),
        ("NE|NE", Rejected, None, None),
        ("NE|AL", Safe, None, Some(AA)),
        ("NE|AL", Rejected, None, Some(AR)),
        ("|AL", Safe, None, Some(AA)),
        ("AL|AL", Safe, Some(CA), Some(AA)),
        ("AL|AL", Failed, Some(CE), None),
        ("ER|AL", Safe, None, Some(AA)),
        ("ER|AL", Rejected, Some(CR), None),
        ("SU|NE", Safe, Some(CA), None),
        ("SU|NE", Failed, None, None),
        ("SU|ER", Failed, None, Some(AE)),
        ("SU|ER", Safe, Some(CA), None),
        ("??|NE", Safe, Some(CA), None),
    ];
    for (ask, outcome, commit, application) in rows {
        let bytes = header(&format!("ADT^A01|7|P|2.5|||{ask}"));
        let mode = Mode::of(&Message::parse(&bytes).unwrap().message);
        let wanted = Answers { commit: *commit, application: *application };
        assert_eq!(mode.answers(*outcome), wanted, "{ask} {outcome:?}");
    }
}

#[test]
fn addresses_are_swapped_and_the_control_id_echoed() {
    let bytes = header("ADT^A01^ADT_A01|M\\T\\7|T|2.5.1||||||UNICODE UTF-8");
    let message = Message::parse(&bytes).unwrap().message;
    let answer = acknowledge(&message, Code::AA, STAMP, None);
    assert_eq!(
        String::from_utf8(answer).unwrap(),
        "MSH|^~\\&|BEVAN|HUB|PAS|RX1^x|20240501101501||ACK^A01^ACK|B1|T|2.5.1||||||UNICODE UTF-8\rMSA|AA|M\\T\\7\r"
    );
}

#[test]
fn errors_follow_the_version() {
    let problem = Some(Problem { code: 202, text: "Unsupported processing id", place: Some(("MSH", 11)) });
    let of = |version: &str| {
        let bytes = header(&format!("ADT^A01|7|T|{version}"));
        let message = Message::parse(&bytes).unwrap().message;
        let answer = String::from_utf8(acknowledge(&message, Code::AR, STAMP, problem)).unwrap();
        answer.lines().next().map(str::to_owned).unwrap();
        answer.split('\r').nth(2).unwrap().to_owned()
    };
    assert_eq!(of("2.5"), "ERR||MSH^1^11|202^Unsupported processing id^HL70357|E");
    assert_eq!(of("2.4"), "ERR|MSH^1^11^202&Unsupported processing id&HL70357");
}

#[test]
fn other_separators_are_kept() {
    let bytes = b"MSH#*~\\&#PAS#RX1#B#H###ADT*A01#7#P#2.5";
    let message = Message::parse(bytes).unwrap().message;
    let answer = acknowledge(&message, Code::CA, STAMP, None);
    assert_eq!(
        String::from_utf8(answer).unwrap(),
        "MSH#*~\\&#B#H#PAS#RX1#20240501101501##ACK*A01*ACK#B1#P#2.5\rMSA#CA#7\r"
    );
}

#[test]
fn answers_parse_again() {
    let answer = reject_unreadable(STAMP);
    let message = Message::parse(&answer).unwrap().message;
    assert_eq!(message.text("MSA-1").as_deref(), Some("AR"));
    assert_eq!(message.text("ERR-1.4").as_deref(), Some("100"));
}

#[test]
fn admission() {
    let production = Admission::default();
    let check = |admission: &Admission, tail: &str| {
        let bytes = header(tail);
        let message = Message::parse(&bytes).unwrap().message;
        admission.check(&message).map_err(|problem| problem.code)
    };
    let any = Admission::any();
    assert_eq!(check(&any, "ADT^A01|7|T|2.4"), Ok(()));
    assert_eq!(check(&any, "ADT^A01|7||"), Ok(()));
    assert_eq!(check(&any, "ADT^A01|7|P^T|2.5.1^GBR"), Ok(()));
    assert_eq!(check(&production, "ADT^A01|7|P|2.4"), Ok(()));
    assert_eq!(check(&production, "ADT^A01|7||2.4"), Ok(()));
    assert_eq!(check(&production, "ADT^A01|7|T|2.4"), Err(202));
    assert_eq!(check(&production, "ADT^A01|7|D|2.4"), Err(202));
    assert_eq!(check(&any, "ADT^A01|7|X|2.4"), Err(202));
    assert_eq!(check(&any, "ADT^A01|7|P|banana"), Err(203));
    assert_eq!(check(&any, "ADT^A01|7|P|3.0"), Err(203));
    assert_eq!(check(&any, "ADT^A01||P|2.4"), Err(101));
    assert_eq!(check(&any, "|7|P|2.4"), Err(101));
}
