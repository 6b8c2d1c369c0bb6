//! Acknowledgements: which code to answer, and the bytes of the answer (HL7 v2.8 §2.9 and §2.13).
//!
//! Original mode (MSH-15 and MSH-16 empty) gets one AA, AE or AR. Enhanced mode gets a commit acknowledgement (CA, CE,
//! CR) as MSH-15 asks and an application acknowledgement (AA, AE, AR) as MSH-16 asks. This module does not know whether a
//! message is safe: the caller must not ask for a positive answer before it is.

use crate::message::Message;
use crate::separators::Separators;

/// When an acknowledgement of one kind is wanted (HL7 table 0155).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `AL`
    Always,
    /// `NE`, or left empty in enhanced mode.
    Never,
    /// `ER`
    OnError,
    /// `SU`
    OnSuccess,
}

/// The acknowledgement mode a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// MSH-15 and MSH-16 empty.
    Original,
    /// At least one of them valued.
    Enhanced {
        /// MSH-15: the commit acknowledgement.
        accept: Condition,
        /// MSH-16: the application acknowledgement.
        application: Condition,
    },
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Safe: nothing can lose it any more.
    Safe,
    /// It could not be kept.
    Failed,
    /// It is not taken: wrong processing id, no header, nonsense version. The sender must correct it.
    Rejected,
}

/// MSA-1 (HL7 table 0008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Application accept.
    AA,
    /// Application error.
    AE,
    /// Application reject.
    AR,
    /// Commit accept.
    CA,
    /// Commit error.
    CE,
    /// Commit reject.
    CR,
}

/// The answers to one message, in the order to send them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The commit acknowledgement, enhanced mode only.
    pub commit: Option<Code>,
    /// The application acknowledgement, the only one in original mode.
    pub application: Option<Code>,
}

impl Mode {
    /// The mode that MSH-15 and MSH-16 ask for. An unknown value asks for an answer, since silence would stop a feed.
    #[must_use]
    pub fn of(message: &Message<'_>) -> Self {
        let (accept, application) = (message.header(15), message.header(16));
        let valued = |part: &crate::Part<'_>| part.text().is_some_and(|text| !text.trim().is_empty());
        if !valued(&accept) && !valued(&application) {
            return Self::Original;
        }
        Self::Enhanced { accept: Condition::of(accept.raw()), application: Condition::of(application.raw()) }
    }

    /// What to answer.
    #[must_use]
    pub fn answers(self, outcome: Outcome) -> Answers {
        let application = match outcome {
            Outcome::Safe => Code::AA,
            Outcome::Failed => Code::AE,
            Outcome::Rejected => Code::AR,
        };
        let commit = match outcome {
            Outcome::Safe => Code::CA,
            Outcome::Failed => Code::CE,
            Outcome::Rejected => Code::CR,
        };
        match self {
            Self::Original => Answers { commit: None, application: Some(application) },
            Self::Enhanced { accept, application: wanted } => {
                let commit = accept.wants(outcome).then_some(commit);
                // After a refused commit no application acknowledgement follows.
                let refused = commit.is_some() && outcome != Outcome::Safe;
                let application = (wanted.wants(outcome) && !refused).then_some(application);
                Answers { commit, application }
            }
        }
    }
}

impl Condition {
    fn of(raw: &[u8]) -> Self {
        match raw.trim_ascii() {
            b"NE" | b"" | b"\"\"" => Self::Never,
            b"ER" => Self::OnError,
            b"SU" => Self::OnSuccess,
            _ => Self::Always,
        }
    }

    fn wants(self, outcome: Outcome) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::OnError => outcome != Outcome::Safe,
            Self::OnSuccess => outcome == Outcome::Safe,
        }
    }
}

impl Code {
    /// The code as MSA-1 writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AA => "AA",
            Self::AE => "AE",
            Self::AR => "AR",
            Self::CA => "CA",
            Self::CE => "CE",
            Self::CR => "CR",
        }
    }
}

/// Why a message is refused, for the ERR segment (HL7 table 0357). Holds no value of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Code of table 0357: 101 required field missing, 202 unsupported processing id, …
    pub code: u16,
    /// The code's meaning in words.
    pub text: &'static str,
    /// Segment name and field number, when the problem has a place.
    pub place: Option<(&'static str, u8)>,
}

/// What the answering side adds to an acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp<'s> {
    /// A new control id for MSH-10 of the acknowledgement.
    pub control_id: &'s str,
    /// The time of answering in HL7 form, for MSH-7.
    pub time: &'s str,
}

/// The bytes of an acknowledgement to `message`: sender and receiver swapped, its control id echoed, its own separators,
/// processing id, version and character set used.
#[must_use]
pub fn acknowledge(message: &Message<'_>, code: Code, stamp: Stamp<'_>, problem: Option<Problem>) -> Vec<u8> {
    let header = |number| message.header(number).raw();
    let trigger = message.header(9).component(2);
    let echo = Echo {
        separators: *message.separators(),
        addresses: [header(5), header(6), header(3), header(4)],
        trigger: trigger.raw(),
        control_id: header(10),
        processing: header(11),
        version: header(12),
        charset: header(18),
    };
    echo.write(code, stamp, problem)
}

/// The acknowledgement to bytes without a readable header: nothing can be echoed.
#[must_use]
pub fn reject_unreadable(stamp: Stamp<'_>) -> Vec<u8> {
    let echo = Echo {
        separators: Separators::default(),
        addresses: [b""; 4],
        trigger: b"",
        control_id: b"",
        processing: b"P",
        version: b"2.4",
        charset: b"",
    };
    echo.write(
        Code::AR,
        stamp,
        Some(Problem { code: 100, text: "Segment sequence error", place: Some(("MSH", 1)) }),
    )
}

struct Echo<'m> {
    separators: Separators,
    addresses: [&'m [u8]; 4],
    trigger: &'m [u8],
    control_id: &'m [u8],
    processing: &'m [u8],
    version: &'m [u8],
    charset: &'m [u8],
}

impl Echo<'_> {
    fn write(&self, code: Code, stamp: Stamp<'_>, problem: Option<Problem>) -> Vec<u8> {
        let kind = self.joined(&[b"ACK", self.trigger, if self.trigger.is_empty() { b"" } else { b"ACK" }]);
        let [application, facility, to_application, to_facility] = self.addresses;
        let encoding = self.separators.encoding_characters();
        let mut header = vec![
            b"MSH".as_slice(),
            &encoding,
            application,
            facility,
            to_application,
            to_facility,
            stamp.time.as_bytes(),
            b"",
            &kind,
            stamp.control_id.as_bytes(),
            self.processing,
            self.version,
        ];
        if !self.charset.is_empty() {
            header.extend([b"".as_slice(), b"", b"", b"", b"", self.charset]);
        }
        let mut out = Vec::with_capacity(256);
        self.segment(&header, &mut out);
        self.segment(&[b"MSA", code.as_str().as_bytes(), self.control_id], &mut out);
        if let Some(problem) = problem {
            self.error(problem, &mut out);
        }
        out
    }

    /// ERR in the form of the message's version: one location field before v2.5, separate fields since.
    fn error(&self, problem: Problem, out: &mut Vec<u8>) {
        let number = problem.code.to_string();
        let place = problem.place.map(|(segment, field)| (segment, field.to_string()));
        let location = match &place {
            Some((segment, field)) => vec![segment.as_bytes(), b"1", field.as_bytes()],
            None => Vec::new(),
        };
        if self.version < b"2.5".as_slice() {
            let code = match self.separators.subcomponent {
                Some(sub) => [number.as_bytes(), problem.text.as_bytes(), b"HL70357"].join(&sub),
                None => number.into_bytes(),
            };
            let mut parts = location;
            parts.resize(3, b"");
            parts.push(&code);
            self.segment(&[b"ERR", &self.joined(&parts)], out);
        } else {
            let code = self.joined(&[number.as_bytes(), problem.text.as_bytes(), b"HL70357"]);
            self.segment(&[b"ERR", b"", &self.joined(&location), &code, b"E"], out);
        }
    }

    /// Components joined; empty ones at the end left out.
    fn joined(&self, parts: &[&[u8]]) -> Vec<u8> {
        let length = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        let parts = parts.get(..length).unwrap_or_default();
        match self.separators.component {
            Some(component) => parts.join(&component),
            None => parts.first().map(|part| part.to_vec()).unwrap_or_default(),
        }
    }

    fn segment(&self, fields: &[&[u8]], out: &mut Vec<u8>) {
        out.extend_from_slice(&fields.join(&self.separators.field));
        out.push(b'\r');
    }
}
