//! From answers to the place they lead to. Pure: the same answers always lead to the same place.
//!
//! Nothing gets past the first screen without an answer to it. Where several answers were chosen the most urgent wins.
//! An answer that a set does not know counts as not given, so an address that was altered leads to a question and
//! never to a lower outcome.

use super::answers::{Answers, NONE, UNSURE, Urgent};
use super::group::Age;
use super::pathways::{Answer, Kind, Outcome, Pathways, Step, Target, Topic};

/// Where answers lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// The first screen.
    Urgent,
    /// Who needs help.
    Who,
    /// What the problem is.
    Topic,
    /// A question.
    Step(&'a Topic, &'a Step),
    /// The end.
    Outcome(&'a Outcome),
}

/// A question that was answered on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given<'a> {
    /// The question.
    pub step: &'a Step,
    /// The answers chosen; empty for "none of these" and "I am not sure".
    pub answers: Vec<&'a Answer>,
    /// Whether "I am not sure" was chosen.
    pub unsure: bool,
}

/// A way through a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk<'a> {
    /// Where it leads.
    pub place: Place<'a>,
    /// The topic, once it is chosen.
    pub topic: Option<&'a Topic>,
    /// What was answered on the way, in order. Answers to questions off the way are not among them.
    pub given: Vec<Given<'a>>,
}

impl Walk<'_> {
    /// How urgent the end is; `None`, which is below everything, before the end.
    #[must_use]
    pub fn urgency(&self) -> Option<(u8, u8)> {
        match self.place {
            Place::Outcome(outcome) => Some(outcome.urgency()),
            _ => None,
        }
    }
}

impl Pathways {
    /// Where answers lead.
    #[must_use]
    pub fn walk(&self, answers: &Answers) -> Walk<'_> {
        let early = |place| Walk { place, topic: None, given: Vec::new() };
        match &answers.urgent {
            None => return early(Place::Urgent),
            Some(Urgent::Unsure) => return early(self.end(&self.set().unsure)),
            Some(Urgent::Sign(code)) => {
                let flag = self.flags().iter().find(|flag| flag.sign.code() == code);
                return early(flag.map_or(Place::Urgent, |flag| self.end(&flag.outcome)));
            }
            Some(Urgent::None) => {}
        }
        let (Some(_), Some(age)) = (answers.whom, answers.age) else { return early(Place::Who) };
        let Some(topic) = answers.topic.as_deref().and_then(|id| self.topic(id)) else {
            return early(Place::Topic);
        };
        if age == Age::Unsure {
            return self.of_any_age(topic, answers);
        }
        let Some(start) = topic.start(age) else { return early(self.end(&self.set().unsure)) };
        self.along(topic, start, answers)
    }

    /// The way of somebody whose age nobody is sure of. Where age makes no difference, it is everybody's way. Else the questions are
    /// asked, since an answer to them may raise a red flag, and the end is no less than what the set says to those who are not
    /// sure on the first screen. Where ages are asked different questions, that is the end at once.
    fn of_any_age<'a>(&'a self, topic: &'a Topic, answers: &Answers) -> Walk<'a> {
        let unsure = || self.end(&self.set().unsure);
        let mut asked: Vec<&Target> = Vec::new();
        for start in topic.start.iter().filter(|start| matches!(start.then, Target::Step(_))) {
            if !asked.contains(&&start.then) {
                asked.push(&start.then);
            }
        }
        let [start] = asked.as_slice() else {
            return Walk { place: unsure(), topic: Some(topic), given: Vec::new() };
        };
        let mut walk = self.along(topic, start, answers);
        let differs = topic.start.iter().any(|one| one.then != **start);
        let least = Walk { place: unsure(), topic: None, given: Vec::new() };
        if differs && matches!(walk.place, Place::Outcome(_)) && walk.urgency() < least.urgency() {
            walk.place = least.place;
        }
        walk
    }

    fn along<'a>(&'a self, topic: &'a Topic, start: &'a Target, answers: &Answers) -> Walk<'a> {
        let mut walk = Walk { place: Place::Topic, topic: Some(topic), given: Vec::new() };
        let mut target = start;
        // A checked set has no circles; the bound holds whatever a set says.
        for _ in 0..=topic.steps.len() {
            let step = match target {
                Target::Outcome(id) => {
                    walk.place = self.end(id);
                    return walk;
                }
                Target::Step(id) => topic.step(id),
            };
            let Some(step) = step else { break };
            match self.answered(step, answers.of_step(&step.id)) {
                Some((given, then)) => {
                    walk.given.push(given);
                    target = then;
                }
                None => {
                    walk.place = Place::Step(topic, step);
                    return walk;
                }
            }
        }
        walk.place = self.end(&self.set().unsure);
        walk
    }

    /// What was answered to a step and where it leads; `None` when it was not answered.
    fn answered<'a>(&'a self, step: &'a Step, given: &[String]) -> Option<(Given<'a>, &'a Target)> {
        let chosen: Vec<&Answer> = step.answers.iter().filter(|one| given.contains(&one.id)).collect();
        let unsure = given.iter().any(|id| id == UNSURE);
        let several = step.kind == Kind::One && chosen.len() > 1;
        let targets = chosen.iter().map(|one| &one.then).chain(unsure.then_some(&step.unsure));
        let then = if several {
            None
        } else {
            targets
                .max_by_key(|target| self.urgency(target))
                .or_else(|| step.none.as_ref().filter(|_| given.iter().any(|id| id == NONE)))
        };
        then.map(|then| (Given { step, answers: chosen, unsure }, then))
    }

    /// How urgent a target is; a question is below every outcome.
    fn urgency(&self, target: &Target) -> Option<(u8, u8)> {
        match target {
            Target::Step(_) => None,
            Target::Outcome(id) => self.outcome(id).map(Outcome::urgency),
        }
    }

    fn end(&self, id: &str) -> Place<'_> {
        self.outcome(id).or_else(|| self.outcome(&self.set().unsure)).map_or(Place::Urgent, Place::Outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Whom;
    use crate::triage::group::Age;

    fn begun(topic: &str) -> Answers {
        Answers {
            urgent: Some(Urgent::None),
            whom: Some(Whom::Me),
            age: Some(Age::From16To64),
            topic: Some(topic.into()),
            steps: Vec::new(),
        }
    }

    fn end(set: &Pathways, answers: &Answers) -> String {
        match set.walk(answers).place {
            Place::Outcome(outcome) => outcome.id.clone(),
            Place::Step(_, step) => format!("step {}", step.id),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_first_screen_comes_before_everything() {
        let set = Pathways::demonstration().unwrap();
        let mut answers = begun("cough").with("signs", &["none"]).with("days", &["few"]);
        assert_eq!(end(&set, &answers), "self-care-cough");
        answers.urgent = None;
        assert_eq!(set.walk(&answers).place, Place::Urgent);
        answers.urgent = Some(Urgent::Sign("chest-pain".into()));
        assert_eq!(end(&set, &answers), "call-999-chest");
        answers.urgent = Some(Urgent::Unsure);
        assert_eq!(end(&set, &answers), "call-111-now");
        answers.urgent = Some(Urgent::Sign("not-a-sign".into()));
        assert_eq!(set.walk(&answers).place, Place::Urgent);
        answers.urgent = Some(Urgent::None);
        answers.age = None;
        assert_eq!(set.walk(&answers).place, Place::Who);
    }

    #[test]
    fn the_most_urgent_of_several_answers_wins() {
        let set = Pathways::demonstration().unwrap();
        let both = begun("fever").with("signs", &["none", "neck", "fit"]);
        assert_eq!(end(&set, &both), "call-999-serious");
        let none = begun("fever").with("signs", &["none"]);
        assert_eq!(end(&set, &none), "step ill");
        let unsure = begun("fever").with("signs", &["unsure", "none"]);
        assert_eq!(end(&set, &unsure), "call-111-now");
    }

    #[test]
    fn an_unknown_answer_is_no_answer() {
        let set = Pathways::demonstration().unwrap();
        assert_eq!(end(&set, &begun("fever").with("signs", &["nonsense"])), "step signs");
        assert_eq!(end(&set, &begun("tooth").with("signs", &["no", "yes"])), "step signs", "two of one");
        assert_eq!(end(&set, &begun("tooth").with("signs", &["none"])), "step signs", "no such choice");
        assert_eq!(set.walk(&begun("nonsense")).place, Place::Topic);
    }

    #[test]
    fn answers_off_the_way_are_not_counted() {
        let set = Pathways::demonstration().unwrap();
        let answers = begun("fever").with("days", &["short"]);
        let walk = set.walk(&answers);
        assert!(walk.given.is_empty());
        assert_eq!(end(&set, &answers), "step signs");
    }
}
