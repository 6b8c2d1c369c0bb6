//! Samples of the slice's views.

use super::cascade::{State, Step};
use super::rules::Standing;
use super::view::{Addressee, Attachment, Desk, Inbox, Kind, Letter, Line, Message, News, Party, Thread};
use crate::profile::{Channel, Format, Preferences};
use crate::view::{SAMPLE_NOW, Section, minutes_ago};

fn surgery() -> Party {
    let name = String::from("Example Street Surgery");
    Party::Organisation { id: String::from("sample-surgery"), ods: String::from("Z00001"), name }
}

fn hospital() -> Party {
    let name = String::from("Example Hospital Trust");
    Party::Organisation { id: String::from("sample-hospital"), ods: String::from("ZZ1"), name }
}

fn line(thread: &str, subject: Option<&str>, with: &[&str], minutes: i64) -> Line {
    Line {
        thread: thread.into(),
        kind: Kind::Message,
        subject: subject.map(Into::into),
        with: with.iter().map(ToString::to_string).collect(),
        last_from: Some(surgery()),
        last_at: minutes_ago(minutes),
        unread: 0,
        referral: false,
        patient: None,
        waits_since: None,
        answer_by: None,
        urgent: false,
    }
}

impl Line {
    /// A thread with the surgery.
    pub fn sample() -> Self {
        line("sample-1", Some("Your knee referral"), &["Example Street Surgery"], 42)
    }
}

impl Inbox {
    /// A referral thread with news, a question of the person's own, a notice, and a hostile subject.
    pub fn sample() -> Self {
        let both = ["Example Street Surgery", "Example Hospital Trust"];
        let threads = vec![
            Line { unread: 2, referral: true, ..line("sample-1", Some("Your knee referral"), &both, 42) },
            Line {
                last_from: Some(Party::Patient),
                ..line("sample-2", Some("<script>alert(1)</script>"), &["Example Street Surgery"], 3000)
            },
            Line { kind: Kind::Family, last_from: None, ..line("sample-3", None, &[], 9000) },
        ];
        Self { read_at: SAMPLE_NOW, threads: Section::whole(threads) }
    }

    /// Nothing.
    pub fn sample_empty() -> Self {
        Self { read_at: SAMPLE_NOW, threads: Section::whole(Vec::new()) }
    }

    /// As staff see it.
    pub fn sample_work() -> Self {
        let mut inbox = Self::sample();
        if let Section::Shown(listed) = &mut inbox.threads {
            for line in &mut listed.items {
                line.patient = Some(String::from("EXAMPLE, Alex"));
            }
            if let Some(first) = listed.items.first_mut() {
                first.waits_since = Some(minutes_ago(5000));
                first.answer_by = Some(jiff::civil::date(2026, 11, 19));
                first.urgent = true;
            }
        }
        inbox
    }
}

fn message(id: &str, from: Option<Party>, text: &str, minutes: i64) -> Message {
    Message {
        id: id.into(),
        thread: String::from("sample-1"),
        patient: String::from("sample-patient-1"),
        from,
        to: vec![Party::Patient, hospital()],
        kind: Kind::Message,
        subject: Some(String::from("Your knee referral")),
        text: text.into(),
        sent: minutes_ago(minutes),
        opened: None,
        referral: Some(String::from("sample-referral")),
        written_by: None,
        attachments: Vec::new(),
        waits: false,
        done_by: Vec::new(),
        read_by: Vec::new(),
        steps: Vec::new(),
        due: false,
        lost: false,
    }
}

impl News {
    /// Two new messages.
    pub fn sample() -> Self {
        Self { count: 2, from: Some(String::from("Example Street Surgery")), newest: Some(minutes_ago(42)) }
    }
}

impl Message {
    /// A message of nobody.
    pub fn blank() -> Self {
        Self { to: Vec::new(), subject: None, referral: None, ..message("sample-1", None, "", 0) }
    }
}

impl Thread {
    /// A thread on a referral that three take part in.
    pub fn sample() -> Self {
        let step = |channel, state, minutes| Step { channel, state, at: minutes_ago(minutes), reason: None };
        let mut first =
            message("sample-1", Some(surgery()), "We have referred you.\nYou can write here.", 4000);
        first.written_by = Some(String::from("Dr Sam Sample"));
        first.steps = vec![
            step(Channel::Email, State::Failed, 3990),
            step(Channel::Email, State::Sent, 3980),
            step(Channel::Letter, State::Sent, 100),
        ];
        first.opened = Some(minutes_ago(90));
        let own = message("sample-m2", Some(Party::Patient), "How long is the wait?", 80);
        first.attachments = vec![Attachment {
            title: String::from("Referral letter"),
            document: Some(String::from("sample-1")),
        }];
        let last = message("sample-m3", Some(hospital()), "<b>About</b> ten weeks.", 42);
        Self {
            id: String::from("sample-1"),
            patient: String::from("sample-patient-1"),
            name: String::from("EXAMPLE, Alex"),
            subject: Some(String::from("Your knee referral")),
            kind: Kind::Message,
            messages: vec![first, own, last],
            with: vec![String::from("Example Street Surgery"), String::from("Example Hospital Trust")],
            standing: Standing::Open,
            readers: vec![String::from("Example Hospital Trust")],
            waits_since: Some(minutes_ago(80)),
            referral: Some(String::from("Trauma and orthopaedics")),
            preferences: Preferences {
                channel: Some(Channel::Letter),
                format: Format::LargePrint,
                language: Some(String::from("Polish")),
                interpreter: true,
            },
            read_at: SAMPLE_NOW,
        }
    }

    /// A notice that nobody reads answers to.
    pub fn sample_notice() -> Self {
        let mut notice = message("sample-1", None, "Somebody can now act for you.", 10);
        notice.kind = Kind::Family;
        notice.subject = None;
        notice.referral = None;
        Self {
            subject: None,
            kind: Kind::Family,
            messages: vec![notice],
            with: Vec::new(),
            standing: Standing::NoReply,
            readers: Vec::new(),
            waits_since: None,
            referral: None,
            preferences: Preferences::default(),
            ..Self::sample()
        }
    }
}

impl Desk {
    /// A surgery and a referral.
    pub fn sample() -> Self {
        let phone = Some(String::from("01632 960001"));
        let surgery = Addressee {
            key: String::from("surgery"),
            name: String::from("Example Street Surgery"),
            referral: None,
            phone,
        };
        let hospital = Addressee {
            key: String::from("sample-referral"),
            name: String::from("Example Hospital Trust"),
            referral: Some(String::from("Trauma and orthopaedics")),
            phone: None,
        };
        Self { addressees: vec![surgery, hospital], ..Self::sample_empty() }
    }

    /// Nobody to write to.
    pub fn sample_empty() -> Self {
        let name = String::from("EXAMPLE, Alex");
        Self { addressees: Vec::new(), name, preferences: Thread::sample().preferences }
    }
}

impl Letter {
    /// A letter in large print.
    pub fn sample() -> Self {
        Self {
            id: String::from("sample-1"),
            name: String::from("Alex Example"),
            address: vec![
                String::from("1 Example Street"),
                String::from("Exampleton"),
                String::from("EX1 1AA"),
            ],
            from: String::from("Example Street Surgery"),
            phone: Some(String::from("01632 960001")),
            subject: Some(String::from("Your knee referral")),
            kind: Kind::Message,
            text: String::from("We have referred you.\n\nYou can write to us about it."),
            signed: Some(String::from("Dr Sam Sample")),
            sent: minutes_ago(4000),
            format: Format::LargePrint,
            attachments: vec![String::from("Referral letter")],
            language: Some(String::from("Polish")),
            interpreter: true,
        }
    }
}
