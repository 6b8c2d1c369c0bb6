//! Every way through the demonstration set, one by one: the safety rules hold on each.

use super::answers::{NONE, UNSURE};
use super::pathways::{Kind, Step};
use super::*;
use proptest::prelude::*;

/// Every way to answer a step: each answer alone; where any may be chosen also every set of them, with and without
/// "none of these" and "I am not sure" beside them.
fn ways(step: &Step) -> Vec<Vec<String>> {
    let mut ways = vec![vec![UNSURE.to_owned()]];
    if step.kind == Kind::One {
        ways.extend(step.answers.iter().map(|answer| vec![answer.id.clone()]));
        return ways;
    }
    for bits in 0_u32..1 << step.answers.len() {
        let chosen: Vec<String> = step
            .answers
            .iter()
            .enumerate()
            .filter(|(at, _)| bits & (1 << at) != 0)
            .map(|(_, answer)| answer.id.clone())
            .collect();
        for extra in [&[][..], &[NONE], &[UNSURE], &[NONE, UNSURE]] {
            let way: Vec<String> =
                chosen.iter().cloned().chain(extra.iter().map(|one| (*one).to_owned())).collect();
            if !way.is_empty() {
                ways.push(way);
            }
        }
    }
    ways
}

/// Calls `see` with every complete way.
fn every(set: &Pathways, see: &mut dyn FnMut(&Answers, &Walk<'_>)) {
    for flag in set.flags() {
        let urgent = Some(Urgent::Sign(flag.sign.code().to_owned()));
        let answers = Answers { urgent, ..Answers::default() };
        see(&answers, &set.walk(&answers));
    }
    for topic in set.topics() {
        for age in Age::ALL.into_iter().chain([Age::Unsure]) {
            let answers = Answers {
                urgent: Some(Urgent::None),
                whom: Some(Whom::Me),
                age: Some(age),
                topic: Some(topic.id.clone()),
                steps: Vec::new(),
            };
            on(set, answers, see);
        }
    }
}

fn on(set: &Pathways, answers: Answers, see: &mut dyn FnMut(&Answers, &Walk<'_>)) {
    let walk = set.walk(&answers);
    let Place::Step(_, step) = walk.place else {
        see(&answers, &walk);
        return;
    };
    for way in ways(step) {
        let given: Vec<&str> = way.iter().map(String::as_str).collect();
        on(set, answers.clone().with(&step.id, &given), see);
    }
}

#[test]
fn every_path_ends_in_an_outcome_that_says_everything() {
    let set = Pathways::demonstration().unwrap();
    let mut paths = 0;
    every(&set, &mut |answers, walk| {
        paths += 1;
        let Place::Outcome(outcome) = walk.place else { panic!("{answers:?} ends at {:?}", walk.place) };
        for text in [&outcome.what, &outcome.soon, &outcome.place] {
            assert!(!text.is_empty(), "{answers:?}");
        }
        assert!(!outcome.worse.is_empty() && !outcome.other_ways.is_empty(), "{answers:?}");
    });
    assert!(paths > 500, "{paths}");
    println!("{paths} paths");
}

#[test]
fn who_is_not_sure_of_the_age_is_told_no_less_than_those_who_are_asked_the_same() {
    let set = Pathways::demonstration().unwrap();
    let unsure = set.outcome(&set.set().unsure).unwrap().urgency();
    let (mut raised, mut alike) = (0, 0);
    every(&set, &mut |answers, walk| {
        let (Some(Age::Unsure), Some(topic)) = (answers.age, walk.topic) else { return };
        let end = walk.urgency().expect("an end");
        let differs = topic.start.iter().any(|start| start.then != topic.start[0].then);
        assert!(!differs || end >= unsure, "{answers:?} ends at {:?}", walk.place);
        for age in Age::ALL {
            let known = Answers { age: Some(age), ..answers.clone() };
            let of_age = set.walk(&known);
            if of_age.given.len() == walk.given.len() {
                assert!(walk.urgency() >= of_age.urgency() || of_age.given.is_empty(), "{known:?}");
                raised += usize::from(walk.urgency() > of_age.urgency());
                alike += usize::from(walk.urgency() == of_age.urgency());
            }
        }
    });
    assert!(raised > 50 && alike > 50, "{raised} raised, {alike} alike");
}

/// How urgent the findings of a path make its end at least, and the first path that ends lower.
fn lower(set: &Pathways) -> (usize, Option<String>) {
    let (mut red_paths, mut wrong) = (0, None);
    every(set, &mut |answers, walk| {
        let on_screen = set
            .flags()
            .iter()
            .filter(|flag| matches!(&answers.urgent, Some(Urgent::Sign(code)) if code == flag.sign.code()));
        let given = walk.given.iter().flat_map(|given| &given.answers).flat_map(|answer| &answer.findings);
        let findings = on_screen.map(|flag| &flag.finding).chain(given);
        let least = findings
            .filter_map(|id| set.findings().iter().find(|finding| finding.id == *id)?.red_flag)
            .map(Group::urgency)
            .max();
        let Some(least) = least else { return };
        red_paths += 1;
        let ends = match walk.place {
            Place::Outcome(outcome) => {
                outcome.group.urgency() >= least && outcome.group.card() == Card::Emergency
            }
            _ => false,
        };
        if !ends && wrong.is_none() {
            wrong = Some(format!("{answers:?} ends at {:?}", walk.place));
        }
    });
    (red_paths, wrong)
}

#[test]
fn no_path_with_a_red_flag_ends_in_a_lower_outcome() {
    let set = Pathways::demonstration().unwrap();
    let (red_paths, wrong) = lower(&set);
    assert_eq!(wrong, None);
    assert!(red_paths > 200, "{red_paths}");
    println!("{red_paths} paths with a red flag");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Whatever set passes the checks keeps the rule: the demonstration set with arrows bent at random.
    #[test]
    fn no_set_that_passes_the_checks_lowers_a_red_flag(edits in proptest::collection::vec((0..200_usize, 0..60_usize, any::<bool>()), 1..5)) {
        let mut file = Pathways::demonstration().unwrap().0;
        let outcomes: Vec<String> = file.outcomes.iter().map(|outcome| outcome.id.clone()).collect();
        let findings: Vec<String> = file.findings.iter().map(|finding| finding.id.clone()).collect();
        for (at, to, bend) in edits {
            let mut answers: Vec<&mut Answer> =
                file.topics.iter_mut().flat_map(|topic| &mut topic.steps).flat_map(|step| &mut step.answers).collect();
            let count = answers.len();
            let answer = &mut answers[at % count];
            if bend {
                answer.then = Target::Outcome(outcomes[to % outcomes.len()].clone());
            } else {
                answer.findings = vec![findings[to % findings.len()].clone()];
            }
        }
        // That something is left over does not make a set unsafe.
        let faults: Vec<String> = check::faults(&file)
            .into_iter()
            .filter(|fault| !fault.ends_with("by nothing"))
            .collect();
        let (_, wrong) = lower(&Pathways(file));
        prop_assert!(wrong.is_none() || !faults.is_empty(), "{wrong:?} passes the checks");
    }
}

#[test]
fn one_more_answer_never_lowers_the_end() {
    let set = Pathways::demonstration().unwrap();
    for topic in set.topics() {
        for step in topic.steps.iter().filter(|step| step.kind == Kind::Any) {
            for age in Age::ALL {
                let start = Answers {
                    urgent: Some(Urgent::None),
                    whom: Some(Whom::Me),
                    age: Some(age),
                    topic: Some(topic.id.clone()),
                    steps: topic.steps.iter().map(|one| (one.id.clone(), vec![NONE.to_owned()])).collect(),
                };
                for way in ways(step) {
                    let given: Vec<&str> = way.iter().map(String::as_str).collect();
                    let before = set.walk(&start.clone().with(&step.id, &given)).urgency();
                    for more in step.answers.iter().map(|answer| answer.id.as_str()) {
                        let both: Vec<&str> = given.iter().copied().chain([more]).collect();
                        let after = set.walk(&start.clone().with(&step.id, &both)).urgency();
                        assert!(after >= before, "{} {}: {both:?}", topic.id, step.id);
                    }
                }
            }
        }
    }
}

#[test]
fn every_group_and_category_has_an_outcome() {
    let set = Pathways::demonstration().unwrap();
    for group in Group::ALL {
        assert!(set.outcomes().iter().any(|outcome| outcome.group == group), "{group:?}");
    }
    for category in 1..=4 {
        assert!(
            set.outcomes().iter().any(|outcome| outcome.category == Some(category)),
            "category {category}"
        );
    }
}

/// Names of conditions that a page of triage must not show as what somebody has.
const CONDITIONS: &[&str] = &[
    "meningitis",
    "sepsis",
    "pneumonia",
    "heart attack",
    "angina",
    "appendicitis",
    "infection",
    "cellulitis",
    "migraine attack",
    "cauda equina",
    "concussion",
    "fracture",
    "cystitis",
    "glaucoma",
    "conjunctivitis",
    "pre-eclampsia",
    "psychosis",
    "depression",
    "anaphylaxis",
    "gastroenteritis",
    "influenza",
    "abscess",
    "cancer",
];

#[test]
fn no_page_shows_a_diagnosis() {
    let set = Pathways::demonstration().unwrap();
    let mut shown: Vec<String> = Vec::new();
    for outcome in set.outcomes() {
        shown.extend([&outcome.title, &outcome.what, &outcome.soon, &outcome.place].map(Clone::clone));
        for list in [&outcome.meanwhile, &outcome.worse, &outcome.other_ways] {
            shown.extend(list.iter().cloned());
        }
    }
    for step in set.topics().iter().flat_map(|topic| &topic.steps) {
        shown.push(step.question.clone());
        shown.extend(step.answers.iter().map(|answer| answer.text.clone()));
    }
    shown.extend(set.flags().iter().map(|flag| flag.text.clone()));
    for text in shown {
        let lower = text.to_lowercase();
        for condition in CONDITIONS {
            assert!(!lower.contains(condition), "{text:?} names {condition}");
        }
    }
}
