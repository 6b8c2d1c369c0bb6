//! Whose a Binary is, as the documents that name it and the Binary itself say; and who may name one.

use crate::world::{World, backend, json, patient, prepared, program, staff};
use store::bundle::transaction_blocking;
use store::{Actor, Error, Found, IfMatch, Store};

const HERE: &str = "https://health.example/fhir";

/// Two patients on a ward; the second one also writes notes.
fn house() -> (World, Store) {
    let world = World::new();
    let store = world.open_at(HERE);
    for id in ["p1", "p2"] {
        put(&store, &format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#));
    }
    put(
        &store,
        r#"{"resourceType":"Encounter","id":"e1","status":"in-progress","class":{"code":"IMP"},
        "subject":{"reference":"Patient/p1"},"serviceProvider":{"identifier":
        {"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RXX"}}}"#,
    );
    (world, store)
}

fn put(store: &Store, text: &str) {
    write(store, backend(), text).unwrap();
}

fn write(store: &Store, actor: Actor, text: &str) -> Result<(), Error> {
    let resource = prepared(text);
    store.write_blocking(actor, move |t| t.update(&resource, IfMatch::Any)).map(drop)
}

fn binary(store: &Store, id: &str, context: &str) {
    let context = if context.is_empty() { String::new() } else { format!(r#""securityContext":{context},"#) };
    let text = format!(
        r#"{{"resourceType":"Binary","id":"{id}",{context}"contentType":"application/pdf","data":"JVBERi0xLjcK"}}"#
    );
    put(store, &text);
}

/// A document about somebody, by somebody, that names a file.
fn document(id: &str, (about, by): (&str, &str), url: &str) -> String {
    format!(
        r#"{{"resourceType":"DocumentReference","id":"{id}","status":"current","subject":{{"reference":"Patient/{about}"}},
        "author":[{{"reference":"{by}"}}],"content":[{{"attachment":{{"contentType":"application/pdf","url":"{url}"}}}}]}}"#
    )
}

fn opens(store: &Store, whose: &str, document: &'static str, id: &'static str) -> bool {
    let found = store.read_blocking(patient(whose), move |s| s.file(document, id)).unwrap();
    matches!(found, Found::Present(_))
}

#[test]
fn a_file_that_states_whose_it_is_in_another_way_than_by_a_reference_is_nobodys_here() {
    let (_world, store) = house();
    for (id, context) in [
        ("plain", ""),
        ("mine", r#"{"reference":"Patient/p1"}"#),
        (
            "by-number",
            r#"{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}}"#,
        ),
        ("by-type", r#"{"type":"Patient","display":"Somebody"}"#),
        ("version", r#"{"reference":"Patient/p1/_history/1"}"#),
        ("elsewhere", r#"{"reference":"https://elsewhere.example/fhir/Patient/p1"}"#),
    ] {
        binary(&store, id, context);
        put(&store, &document("d", ("p1", "Practitioner/x"), &format!("Binary/{id}")));
        assert_eq!(opens(&store, "p1", "d", id), ["plain", "mine"].contains(&id), "{id}");
    }
}

#[test]
fn whoever_wrote_a_document_shares_no_file_with_whom_it_is_about() {
    let (_world, store) = house();
    for (id, context) in [("of-p1", ""), ("of-p2", ""), ("says-p2", r#"{"reference":"Patient/p2"}"#)] {
        binary(&store, id, context);
    }
    put(&store, &document("own-1", ("p1", "Practitioner/x"), "Binary/of-p1"));
    put(&store, &document("own-2", ("p2", "Practitioner/x"), "Binary/of-p2"));
    assert!(opens(&store, "p1", "own-1", "of-p1") && opens(&store, "p2", "own-2", "of-p2"));
    // About the first, by the second: in the compartments of both.
    for (id, url) in [("of-p1", "Binary/of-p1"), ("of-p2", "Binary/of-p2"), ("says-p2", "Binary/says-p2")] {
        put(&store, &document("between", ("p1", "Patient/p2"), url));
        assert_eq!(opens(&store, "p1", "between", id), id == "of-p1", "to whom it is about: {id}");
        assert_eq!(opens(&store, "p2", "between", id), id == "of-p2", "to who wrote it: {id}");
    }
    assert!(opens(&store, "p2", "own-2", "of-p2"), "what is theirs stays theirs");
}

#[test]
fn whoever_may_not_read_a_binary_may_not_newly_name_it() {
    let (_world, store) = house();
    for id in ["b1", "b2"] {
        binary(&store, id, "");
    }
    put(&store, &document("d", ("p1", "Practitioner/x"), "Binary/b1"));
    let name = |actor: Actor, url: &str| write(&store, actor, &document("d", ("p1", "Practitioner/y"), url));
    let refused = |outcome: Result<(), Error>| {
        let Err(Error::Unprocessable(issues)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(issues[0].expression.as_deref(), Some("DocumentReference.content.attachment.url"));
        assert!(issues[0].diagnostics.contains("Binary"));
    };
    let documents = "system/DocumentReference.cruds";
    for actor in
        [staff("RXX"), program(documents), program("system/DocumentReference.cruds system/Binary.cu")]
    {
        // There, not there, and by our own address: all answer alike.
        for url in ["Binary/b2", "Binary/none", "http://health.example/fhir/Binary/b2"] {
            refused(name(actor.clone(), url));
        }
        let new = prepared(&document("new", ("p1", "Practitioner/y"), "Binary/b2"));
        refused(store.write_blocking(actor.clone(), move |t| t.create(&new)).map(drop));
        for url in ["Binary/b1", "https://health.example/fhir/Binary/b1"] {
            name(actor.clone(), url).unwrap();
        }
        for url in ["https://elsewhere.example/fhir/Binary/b2", "Patient/p1", "Binary/b2/_history/1"] {
            name(actor.clone(), url).unwrap();
            name(actor.clone(), "urn:x:none").unwrap();
            refused(name(actor.clone(), "Binary/b1"));
            name(backend(), "Binary/b1").unwrap();
        }
    }
    name(program("system/DocumentReference.cruds system/Binary.r"), "Binary/b2").unwrap();
    // Who was deleted names nothing any more.
    store.write_blocking(backend(), |t| t.delete("DocumentReference", "d", IfMatch::Any)).unwrap();
    refused(name(program(documents), "Binary/b2"));
}

#[test]
fn a_transaction_may_name_the_files_that_it_makes_and_no_others() {
    let (_world, store) = house();
    binary(&store, "theirs", "");
    let writer = "system/DocumentReference.cu system/Binary.cu";
    let run = |scopes: &str, id: &str| {
        let post = r#"{"fullUrl":"urn:uuid:b","request":{"method":"POST","url":"Binary"},
            "resource":{"resourceType":"Binary","contentType":"application/pdf","data":"JVBERi0xLjcK"}}"#;
        let put = format!(
            r#"{{"request":{{"method":"PUT","url":"Binary/{id}"}},"resource":{{"resourceType":"Binary","id":"{id}",
            "contentType":"application/pdf","data":"JVBERi0xLjcK"}}}}"#
        );
        let naming = |at: &str, url: &str| {
            let document = document(at, ("p1", "Practitioner/x"), url);
            format!(
                r#"{{"request":{{"method":"PUT","url":"DocumentReference/{at}"}},"resource":{document}}}"#
            )
        };
        // The documents stand first.
        let entries =
            [naming("d1", "urn:uuid:b"), naming("d2", &format!("Binary/{id}")), post.to_owned(), put];
        let bundle =
            format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#, entries.join(","));
        transaction_blocking(&store, program(scopes), json(&bundle)).map(drop)
    };
    assert!(matches!(run(writer, "theirs"), Err(Error::Unprocessable(_))), "written over, and not made");
    let absent = store.read_blocking(backend(), |s| s.read("DocumentReference", "d1")).unwrap();
    assert_eq!(absent, Found::Absent);
    run(writer, "new").unwrap();
    assert!(opens(&store, "p1", "d2", "new"));
    assert!(matches!(run(writer, "theirs"), Err(Error::Unprocessable(_))));
    run(&format!("{writer} system/Binary.r"), "theirs").unwrap();
}
