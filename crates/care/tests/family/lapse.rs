//! Access that ends on a day which somebody else's documents name.

use super::*;

/// What another system knows of the mother and her son: agreed until then.
async fn import_until(world: &World, end: &str) {
    let (family, carer) = ("https://bevan.example/CodeSystem/family", "https://bevan.example/id/carer");
    let consent = format!(
        r#"{{"resourceType":"Consent","id":"agreed","status":"active","dateTime":"2020-01-01T00:00:00Z",
        "scope":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}}]}},
        "category":[{{"coding":[{{"system":"{family}","code":"family-access"}}]}}],
        "patient":{{"reference":"Patient/son"}},"performer":[{{"reference":"RelatedPerson/agreed"}}],
        "policyRule":{{"coding":[{{"system":"{family}-basis","code":"parental-responsibility"}}]}},
        "provision":{{"type":"permit","period":{{"end":"{end}"}},
        "class":[{{"system":"{family}-category","code":"record"}}]}}}}"#
    );
    let person = format!(
        r#"{{"resourceType":"RelatedPerson","id":"agreed","patient":{{"reference":"Patient/son"}},
        "identifier":[{{"system":"{carer}","value":"mother"}}],"name":[{{"text":"Mo Example"}}],
        "relationship":[{{"coding":[{{"system":"{family}-kin","code":"parent"}}]}}]}}"#
    );
    let write = world.store.write(Actor::system("test"), move |transaction| {
        for text in [person, consent] {
            let value = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
            transaction.update(&Prepared::new(value).unwrap(), IfMatch::Any)?;
        }
        Ok(())
    });
    write.await.unwrap();
}

#[tokio::test]
async fn a_last_day_outlives_whatever_is_written_of_the_relationship() {
    let world = world();
    import_until(&world, "2026-12-31").await;
    let (mother, son) = (patient("mother"), patient("son"));
    assert!(world.care.standing(&mother, "agreed").await.is_ok());
    for (key, order) in [("h", Order::Hide), ("s", Order::Show)] {
        world.care.family_order(&son, ("agreed", key), order).await.unwrap();
    }
    assert!(world.care.standing(&mother, "agreed").await.is_ok(), "shown again");
    world.pass(39);
    assert!(world.care.standing(&mother, "agreed").await.is_ok(), "New Year's Eve");
    world.pass(1);
    assert_eq!(world.care.standing(&mother, "agreed").await, Err(ABSENT));
}

#[tokio::test]
async fn what_lapsed_is_told_and_can_be_applied_for_again() {
    let world = world();
    let mother = patient("mother");
    let queued = async || world.care.family_queue(&doctor("Y10001")).await.unwrap().len();
    import_until(&world, "2026-11-22").await;
    world.apply("k1", NUMBERS[1], SON).await;
    assert_eq!(queued().await, 0, "one relationship at a time");
    world.pass(1);
    assert!(!world.told("son", "no longer act").await);
    tell(&world.store).await.unwrap();
    assert!(world.told("son", "no longer act").await && world.told("mother", "no longer act").await);
    let id = world.apply("k2", NUMBERS[1], SON).await;
    let again = world.apply("k3", NUMBERS[1], SON).await;
    assert_eq!(id, again, "still one application");
    assert_eq!(queued().await, 1, "and the surgery has it");
    world.approve(&id).await;
    assert!(world.care.standing(&mother, &id).await.is_ok());
    assert_eq!(world.care.standing(&mother, "agreed").await, Err(ABSENT));
}
