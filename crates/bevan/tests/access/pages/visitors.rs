//! Who comes to the people's door, and how they got there: everybody signs in as people do, by the form.

use super::browser::Browser;
use crate::door::Door;
use crate::expect::{Owner, Who};
use crate::family;
use crate::records::{id, patient};
use crate::world::{Counting, Hands, World, actor};
use care::{Care, Role};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use web::session::Person;
use web::{Sessions, Settings, State};

/// What somebody is to the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    /// Nobody signed in.
    Out,
    /// Signed in as a patient, without having proved it.
    Unproven,
    Patient,
    Ward,
    Desk,
    Surgery,
    Operator,
    Privacy,
}

/// Who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody.
    Nobody,
    /// With a session cookie that no server gave.
    Forged,
    /// Ward staff who signed out; the browser still has the cookie.
    Ended,
    /// Ward staff who went away for half an hour.
    Idle,
    /// The patient Ann, who signed out; the browser still has the cookie.
    AnnEnded,
    /// The patient Ann, who has not proved who she is.
    AnnUnproven,
    /// The same, who has shown some papers and not all (P5).
    AnnP5,
    /// The patient Ann.
    Ann,
    /// The patient Cas.
    Cas,
    /// Hal, on the pages of Eve, for whom he acts.
    Carer,
    /// Hal, on the pages of Fay, whom nobody has asked at thirteen.
    CarerSuspended,
    /// Hal, on the pages of Gus, who is sixteen.
    CarerOver,
    /// Hal, on the pages of Dee, who ended it.
    CarerEnded,
    /// Hal, on the pages of Ben, who hides them.
    CarerHidden,
    /// Hal, by the relationship of somebody else.
    CarerOther,
    /// Staff of Ann's practice on Ann's pages, whom she called.
    PracticeForAnn,
    /// Ward staff of the hospital where she is, on her pages.
    WardForAnn,
    /// A receptionist of that hospital, on her pages.
    DeskForAnn,
    /// Staff of the practice on Eve's pages, because Hal asked, who may act for her.
    PracticeForHal,
    /// Staff of the practice on Ann's pages, who have not said that she asked.
    PracticeUnasked,
    /// Staff of the practice whom Ann called, on the pages of Cas, who is registered elsewhere.
    PracticeForCas,
    /// Staff of the practice where Ann is registered.
    Practice,
    /// Staff of a practice where nobody of these is registered.
    OtherPractice,
    /// Ward staff of the hospital where Ann is and Ben was.
    Ward,
    /// Ward staff of the hospital where Cas and Dee are, and where Ann stayed under her earlier number.
    WardBefore,
    /// Ward staff of a hospital where nobody of these is or was.
    Elsewhere,
    /// The same, with emergency access to Cas.
    Glass,
    /// The same, four hours later.
    GlassOver,
    /// A receptionist of the hospital where Ann is and Ben was.
    Reception,
    /// Runs the platform.
    Operator,
    /// Privacy officer of the hospital from where Cas was opened in an emergency.
    Privacy,
}

impl Visitor {
    pub const ALL: [Self; 31] = [
        Self::Nobody,
        Self::Forged,
        Self::Ended,
        Self::Idle,
        Self::AnnEnded,
        Self::AnnUnproven,
        Self::AnnP5,
        Self::Ann,
        Self::Cas,
        Self::Carer,
        Self::CarerSuspended,
        Self::CarerOver,
        Self::CarerEnded,
        Self::CarerHidden,
        Self::CarerOther,
        Self::PracticeForAnn,
        Self::WardForAnn,
        Self::DeskForAnn,
        Self::PracticeForHal,
        Self::PracticeUnasked,
        Self::PracticeForCas,
        Self::Practice,
        Self::OtherPractice,
        Self::Ward,
        Self::WardBefore,
        Self::Elsewhere,
        Self::Glass,
        Self::GlassOver,
        Self::Reception,
        Self::Operator,
        Self::Privacy,
    ];

    /// Those whom a served demo can have.
    pub const SERVED: [Self; 8] = [
        Self::Nobody,
        Self::Forged,
        Self::Ended,
        Self::AnnUnproven,
        Self::Ann,
        Self::Ward,
        Self::Reception,
        Self::Operator,
    ];

    /// What they are to the record now.
    pub fn who(self) -> Who {
        match self {
            Self::Nobody | Self::Forged | Self::Ended | Self::Idle | Self::AnnEnded => Who::Anonymous,
            Self::AnnUnproven | Self::AnnP5 => Who::Anonymous,
            Self::Ann => Who::Patient,
            Self::Cas => Who::PatientCas,
            Self::Carer => Who::CarerEve,
            Self::PracticeForAnn | Self::WardForAnn | Self::DeskForAnn => Who::Helped,
            // Whoever asks for somebody gets no further through staff than by themselves.
            Self::PracticeForHal => Who::CarerEve,
            Self::PracticeUnasked | Self::PracticeForCas => Who::Anonymous,
            // What is closed shows them nothing of anybody, not even of Eve.
            Self::CarerSuspended
            | Self::CarerOver
            | Self::CarerEnded
            | Self::CarerHidden
            | Self::CarerOther => Who::Anonymous,
            Self::Practice => Who::Surgery,
            Self::OtherPractice => Who::SurgeryElsewhere,
            Self::Privacy => Who::Privacy,
            Self::Ward => Who::Ward,
            Self::WardBefore => Who::WardBefore,
            Self::Elsewhere | Self::GlassOver => Who::WardElsewhere,
            Self::Glass => Who::WardGlass,
            Self::Reception => Who::Receptionist,
            Self::Operator => Who::Operator,
        }
    }

    pub fn post(self) -> Post {
        match self.who() {
            _ if matches!(self, Self::AnnUnproven | Self::AnnP5) => Post::Unproven,
            _ if self.acts_by().is_some() => Post::Patient,
            Who::Patient | Who::PatientCas => Post::Patient,
            Who::Surgery | Who::SurgeryElsewhere => Post::Surgery,
            Who::Privacy => Post::Privacy,
            Who::Ward | Who::WardBefore | Who::WardElsewhere | Who::WardGlass => Post::Ward,
            Who::Receptionist => Post::Desk,
            Who::Operator => Post::Operator,
            _ => Post::Out,
        }
    }

    /// By which relationship they are at work for somebody.
    pub fn acts_by(self) -> Option<String> {
        let number = match self {
            Self::Carer => family::OPEN,
            Self::CarerSuspended => family::SUSPENDED,
            Self::CarerOver => family::OVER,
            Self::CarerEnded => family::ENDED,
            Self::CarerHidden => family::HIDDEN,
            Self::CarerOther => family::ANOTHERS,
            _ => return self.in_place_of().map(|owner| format!("for-{}", patient(owner))),
        };
        Some(id(number))
    }

    /// Whose pages staff use in that person's place.
    pub fn in_place_of(self) -> Option<Owner> {
        match self {
            Self::PracticeForAnn | Self::WardForAnn | Self::DeskForAnn | Self::PracticeUnasked => {
                Some(Owner::Ann)
            }
            Self::PracticeForHal => Some(Owner::Eve),
            Self::PracticeForCas => Some(Owner::Cas),
            _ => None,
        }
    }

    /// What they are to the door on pages of their own, beside those of somebody in whose place they are.
    pub fn at_work(self) -> Post {
        match self.in_place_of().and(self.signs_in_as()) {
            Some(Who::Ward) => Post::Ward,
            Some(Who::Receptionist) => Post::Desk,
            Some(_) => Post::Surgery,
            None => self.post(),
        }
    }

    /// Whether it is the same person, signed in another time.
    pub fn is_as(self, other: Self) -> bool {
        self == other || (self.signs_in_as().is_some() && self.signs_in_as() == other.signs_in_as())
    }

    /// Whether somebody may be helped by whoever may see them: not by emergency access, and not when they have gone home.
    pub fn may_help(self, owner: Owner) -> bool {
        self != Self::Glass && !(self == Self::Reception && owner == Owner::Ben)
    }

    /// Whose record opens to them.
    pub fn own(self) -> Option<Owner> {
        match self.who() {
            Who::Patient | Who::Helped => Some(Owner::Ann),
            Who::PatientCas => Some(Owner::Cas),
            Who::CarerEve => Some(Owner::Eve),
            _ => None,
        }
    }

    /// Whether that record opens to them: by their own number, or by the one that gave way to it.
    pub fn owns(self, owner: Owner) -> bool {
        self.own().is_some_and(|own| own == owner || own.earlier() == Some(owner))
    }

    /// As whom they sign in, or signed in once.
    fn signs_in_as(self) -> Option<Who> {
        match self {
            Self::Nobody => None,
            Self::PracticeForAnn | Self::PracticeForHal | Self::PracticeUnasked | Self::PracticeForCas => {
                Some(Who::Surgery)
            }
            Self::WardForAnn => Some(Who::Ward),
            Self::DeskForAnn => Some(Who::Receptionist),
            _ if self.acts_by().is_some() => Some(Who::CarerEve),
            Self::AnnP5 => Some(Who::Patient),
            Self::Forged | Self::Ended | Self::Idle => Some(Who::Ward),
            Self::AnnEnded | Self::AnnUnproven => Some(Who::Patient),
            Self::Glass | Self::GlassOver => Some(Who::WardElsewhere),
            other => Some(other.who()),
        }
    }
}

/// A door with sessions of its own.
pub struct House {
    pub door: Door,
    /// The clock of its sessions; a served process has its own.
    clock: Option<Arc<Hands>>,
    /// By what the form names people.
    keys: Vec<(Who, String)>,
}

/// Those who can sign in.
const PEOPLE: [Who; 11] = [
    Who::Patient,
    Who::PatientCas,
    Who::CarerEve,
    Who::Surgery,
    Who::SurgeryElsewhere,
    Who::Ward,
    Who::WardBefore,
    Who::WardElsewhere,
    Who::Receptionist,
    Who::Operator,
    Who::Privacy,
];

impl House {
    /// A house in this process over a store.
    pub fn here(world: &World) -> Self {
        Self::built(world, false)
    }

    /// The same as browsers see it behind https.
    pub fn behind_https(world: &World) -> Self {
        Self::built(world, true)
    }

    fn built(world: &World, secure: bool) -> Self {
        let clock = Arc::new(Hands::default());
        let care = Care::new(world.store.clone());
        // Houses over one record draw different numbers.
        static HOUSES: AtomicU64 = AtomicU64::new(1);
        let seed = HOUSES.fetch_add(1, Ordering::Relaxed) << 40;
        let state = State {
            care: care.clone(),
            clock: clock.clone(),
            entropy: Arc::new(Counting(AtomicU64::new(seed))),
            sessions: Arc::new(Sessions::new(care)),
            openid: None,
            settings: Arc::new(Settings {
                secure,
                demo: Some(PEOPLE.map(person).to_vec()),
                help_phone: Some("0300 000 0000".into()),
            }),
            pathways: Arc::new(care::triage::Pathways::demonstration().expect("a set")),
            advice: Arc::new(care::advice::Library::demonstration().expect("a library")),
        };
        let keys = PEOPLE.map(|who| (who, format!("{who:?}"))).to_vec();
        Self { door: Door::Here(web::router(state)), clock: Some(clock), keys }
    }

    /// A house behind sockets, with the keys of its demo people.
    pub fn there(door: Door, keys: Vec<(Who, String)>) -> Self {
        Self { door, clock: None, keys }
    }

    /// The form's name of somebody.
    pub fn key(&self, who: Who) -> &str {
        let found = self.keys.iter().find(|(one, _)| *one == who);
        found.map_or_else(|| panic!("{who:?} cannot sign in here"), |(_, key)| key)
    }

    fn pass(&self, minutes: u64) {
        self.clock.as_ref().expect("a clock that can be moved").pass(minutes * 60);
    }

    /// Signs somebody in who can.
    pub async fn sign_in(&self, browser: &mut Browser, visitor: Visitor) {
        let Some(who) = visitor.signs_in_as() else { return };
        let level = match visitor {
            Visitor::AnnUnproven => "P0",
            Visitor::AnnP5 => "P5",
            _ => "P9",
        };
        browser.sign_in(self.key(who), level).await;
    }

    /// Lets somebody come.
    pub async fn visitor(&self, visitor: Visitor) -> Browser {
        let mut browser = Browser::new(self.door.clone());
        browser.get("/help").await;
        self.sign_in(&mut browser, visitor).await;
        match visitor {
            Visitor::Forged => browser.keep_session("0123456789abcdef".repeat(4)),
            Visitor::Ended | Visitor::AnnEnded => {
                let session = browser.session().expect("signed in");
                let gone = browser.send_form("/sign-out", "").await;
                assert_eq!(gone.status, 303, "{visitor:?} signs out");
                browser.keep_session(session);
            }
            Visitor::Idle => self.pass(31),
            Visitor::PracticeForHal => {
                let asked = format!("carer-{}", id(family::OPEN));
                begin(&mut browser, (visitor, Owner::Eve), &asked).await;
            }
            Visitor::PracticeForAnn | Visitor::WardForAnn | Visitor::DeskForAnn | Visitor::PracticeForCas => {
                begin(&mut browser, (visitor, Owner::Ann), "phone").await
            }
            Visitor::Glass | Visitor::GlassOver => {
                let place = format!("/staff/patients/{}/break-glass", patient(Owner::Cas));
                let given = browser.send_form(&place, "reason=found+unconscious+in+the+street").await;
                assert_eq!(given.status, 303, "{visitor:?} asks for emergency access");
            }
            _ => {}
        }
        if visitor == Visitor::GlassOver {
            for _ in 0..12 {
                self.pass(20);
                browser.get("/staff/home").await;
            }
        }
        browser
    }
}

/// Staff say that somebody asks, who said two things rightly.
async fn begin(browser: &mut Browser, (visitor, owner): (Visitor, Owner), asked: &str) {
    let place = format!("/staff/patients/{}/on-behalf", patient(owner));
    let form = format!("given=born&given=nhs-number&asked={asked}&post=no");
    let begun = browser.send_form(&place, &form).await;
    assert_eq!(begun.status, 303, "{visitor:?} begins: {}", begun.text());
}

/// Somebody who can sign in.
fn person(who: Who) -> Person {
    let actor = actor(who).expect("somebody");
    let staff = !matches!(actor.role, Role::Patient { .. });
    Person {
        key: format!("{who:?}"),
        name: actor.name,
        title: String::from("of the matrix"),
        organisation: if staff { String::from("Example Trust") } else { String::new() },
        ods_code: actor.organisation,
        id: actor.id,
        role: actor.role,
    }
}
